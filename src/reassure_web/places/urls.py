"""Addresses of the register."""

from django.urls import path

from reassure_web.places import views, views_imports, views_pairs

app_name = "places"
urlpatterns = [
    path("", views.place_list, name="list"),
    path("map.geojson", views.place_map, name="map"),
    path("export/", views.export, name="export"),
    path("reports/", views.reports, name="reports"),
    path("import/", views_imports.hand_in, name="import"),
    path("import/<str:run>/", views_imports.preview, name="import_run"),
    path("import/<str:run>/accept/", views_imports.accept, name="import_accept"),
    path("import/<str:run>/drop/", views_imports.drop, name="import_drop"),
    path("duplicates/", views_pairs.pairs, name="duplicates"),
    path("duplicates/look/", views_pairs.look, name="duplicates_look"),
    path("duplicates/<int:pair>/", views_pairs.pair, name="duplicate"),
    path("duplicates/<int:pair>/undo/", views_pairs.undo, name="duplicate_undo"),
    path("<str:ref>/", views.place, name="place"),
    path("<str:ref>/edit/", views.edit, name="edit"),
    path("<str:ref>/close/", views.close, name="close"),
    path("<str:ref>/report/", views.report, name="report"),
    path("<str:ref>/reports/<int:number>/settle/", views.settle, name="settle"),
]
