"""Addresses of planning; those of the running day (board, cards, debrief) stand in `urls_day`."""

from django.urls import path

from reassure_web.patrols import views_orders, views_planning, views_plans, views_runs

app_name = "patrols"
DAY = "<slug:area>/<day:on>"
PLAN = f"{DAY}/plans/<int:number>"
urlpatterns = [
    path("", views_planning.areas, name="areas"),
    path("<slug:area>/", views_planning.days, name="days"),
    path(f"{DAY}/", views_planning.day, name="day"),
    path(f"{DAY}/declaration/", views_planning.declaration, name="declaration"),
    path(f"{DAY}/terms/", views_planning.terms, name="terms"),
    path(f"{DAY}/need/", views_planning.need, name="need"),
    path(f"{DAY}/need/file/", views_planning.day_file, name="day-file"),
    path(f"{DAY}/need/ask/", views_planning.ask, name="ask"),
    path(f"{DAY}/need/<int:override>/decide/", views_planning.decide, name="decide"),
    path(f"{DAY}/need/<int:override>/take-back/", views_planning.take_back, name="take-back"),
    path(f"{DAY}/units/", views_planning.units, name="units"),
    path(f"{DAY}/units/add/", views_planning.add_unit, name="add-unit"),
    path(f"{DAY}/units/import/", views_planning.import_units, name="import-units"),
    path(f"{DAY}/units/copy/", views_planning.copy_units, name="copy-units"),
    path(f"{DAY}/units/<str:unit>/off/", views_planning.take_off, name="take-off"),
    path(f"{DAY}/units/<str:unit>/back/", views_planning.put_back, name="put-back"),
    path(f"{DAY}/runs/", views_runs.runs, name="runs"),
    path(f"{DAY}/runs/<slug:run>/", views_runs.run, name="run"),
    path(f"{DAY}/runs/<slug:run>/state/", views_runs.run_state, name="run-state"),
    path(f"{DAY}/runs/<slug:run>/stop/", views_runs.stop, name="stop"),
    path(f"{DAY}/draw/", views_orders.draw, name="draw"),
    path(f"{PLAN}/", views_plans.plan, name="plan"),
    path(f"{PLAN}/visits/", views_plans.visits, name="visits"),
    path(f"{PLAN}/visits/<str:place>/move/", views_plans.move, name="move"),
    path(f"{PLAN}/visits/<str:place>/change/", views_plans.change, name="change"),
    path(f"{PLAN}/unmet/", views_plans.unmet, name="unmet"),
    path(f"{PLAN}/map/", views_plans.plan_map, name="map"),
    path(f"{PLAN}/map.geojson", views_plans.plan_features, name="features"),
    path(f"{PLAN}/fairness/", views_plans.fairness, name="fairness"),
    path(f"{PLAN}/restore/", views_plans.restore, name="restore"),
    path(f"{PLAN}/send/", views_plans.send, name="send"),
    path(f"{PLAN}/withdraw/", views_plans.withdraw, name="withdraw"),
    path(f"{PLAN}/approve/", views_plans.approve, name="approve"),
    path(f"{PLAN}/back/", views_plans.back, name="back"),
    path(f"{PLAN}/replan/", views_plans.replan, name="replan"),
    path(f"{PLAN}/compare/<int:other>/", views_plans.compare, name="compare"),
    path(f"{PLAN}/order/", views_orders.order, name="order"),
    path(f"{PLAN}/order/issue/", views_orders.issue, name="issue"),
    path(f"{PLAN}/<print:kind>.pdf", views_orders.printed, name="print"),
]
