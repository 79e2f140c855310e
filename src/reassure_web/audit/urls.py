"""Addresses of the audit."""

from django.urls import path

from reassure_web.audit import views

app_name = "audit"
urlpatterns = [
    path("pause/", views.pause, name="pause"),
]
