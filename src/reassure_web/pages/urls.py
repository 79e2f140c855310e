"""Addresses of the first page and the fixed texts."""

from django.urls import path

from reassure_web.pages import views

FIXED = ("help", "accessibility", "privacy", "cookies")

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    *(path(f"{page}/", views.fixed, {"page": page}, name=page) for page in FIXED),
]
