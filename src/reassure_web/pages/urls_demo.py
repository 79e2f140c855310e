"""Addresses of the demonstration; included only where the command `demo` runs."""

from django.urls import path

from reassure_web.pages import views_demo

app_name = "demo"
urlpatterns = [
    path("demo/", views_demo.personas, name="personas"),
    path("demo/<int:person_id>/", views_demo.sign_in, name="sign-in"),
]
