"""Addresses of planning; those of the running day (board, cards, debrief) stand in `urls_day`."""

from django.urls import URLPattern, URLResolver

app_name = "patrols"
urlpatterns: list[URLPattern | URLResolver] = []
