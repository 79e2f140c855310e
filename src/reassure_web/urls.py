"""Every address of the product, room by room; a test asks each of them as every role."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from reassure_web.api import open_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reassure_web.pages.urls")),
    path("", include("reassure_web.pages.urls_system")),
    path("", include("reassure_web.accounts.urls")),
    path("places/", include("reassure_web.places.urls")),
    path("occasions/", include("reassure_web.occasions.urls")),
    path("", include("reassure_web.patrols.urls_day")),
    path("patrols/", include("reassure_web.patrols.urls")),
    path("", include("reassure_web.tokens.urls")),
    path("api/v1/", open_urls()),
]
if settings.PERSONAS:
    urlpatterns.append(path("", include("reassure_web.pages.urls_demo")))

handler500 = "reassure_web.pages.views.fault"
