"""Addresses of the running day: the officer's card, the board, paper cards, the debrief."""

from django.urls import path

from reassure_web.patrols import views_board, views_card, views_debrief

app_name = "day"
DAY = "patrols/<slug:area>/<day:on>"
urlpatterns = [
    path("card/", views_card.card, name="card"),
    path("card/outbox/", views_card.outbox, name="outbox"),
    path("card/sw.js", views_card.worker, name="worker"),
    path("card/<str:visit>/", views_card.stop, name="stop"),
    path("card/<str:visit>/start/", views_card.start, name="start"),
    path("card/<str:visit>/end/", views_card.end, name="end"),
    path("card/<str:visit>/skip/", views_card.skip, name="skip"),
    path(f"{DAY}/board/", views_board.board, name="board"),
    path(f"{DAY}/board/rows/", views_board.rows, name="board-rows"),
    path(f"{DAY}/board/units/<str:unit>/", views_board.unit, name="unit"),
    path(f"{DAY}/board/skips/<uuid:client_id>/", views_board.accept_skip, name="accept-skip"),
    path(f"{DAY}/visits/<str:visit>/", views_board.visit, name="visit"),
    path(f"{DAY}/visits/<str:visit>/paper/", views_board.paper, name="paper"),
    path(f"{DAY}/debrief/", views_debrief.debrief, name="debrief"),
    path(f"{DAY}/debrief/sign/", views_debrief.sign, name="sign"),
    path("patrols/<slug:area>/cards/", views_card.setting, name="card-setting"),
]
