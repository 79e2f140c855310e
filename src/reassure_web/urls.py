"""Every address of the product, room by room; a test asks each of them as every role."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reassure_web.pages.urls")),
    path("", include("reassure_web.audit.urls")),
    path("", include("reassure_web.accounts.urls")),
    path("", include("reassure_web.patrols.urls_day")),
]

handler500 = "reassure_web.pages.views.fault"
