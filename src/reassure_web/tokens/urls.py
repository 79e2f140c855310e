"""Addresses of tokens."""

from django.urls import path

from reassure_web.tokens import views

app_name = "tokens"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/confirm/", views.confirm, name="confirm"),
    path("tokens/<int:token_id>/revoke/", views.revoke, name="revoke"),
]
