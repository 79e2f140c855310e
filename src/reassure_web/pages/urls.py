"""Addresses of the first page and the fixed texts."""

from django.urls import path

from reassure_web.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
]
