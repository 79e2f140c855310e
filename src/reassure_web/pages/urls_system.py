"""Addresses of the administrators' pages."""

from django.urls import path

from reassure_web.pages import views_system

app_name = "system"
urlpatterns = [
    path("system/", views_system.system, name="system"),
    path("retention/", views_system.retention, name="retention"),
    path("retention/ask/", views_system.ask, name="ask"),
    path("retention/<int:asked_id>/erase/", views_system.erase, name="erase"),
    path("retention/<int:asked_id>/withdraw/", views_system.withdraw, name="withdraw"),
    path("retention/holds/", views_system.hold, name="hold"),
    path("retention/holds/<int:hold_id>/lift/", views_system.lift, name="lift"),
]
