"""Every address of the product, room by room; a test asks each of them as every role."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reassure_web.pages.urls")),
]
