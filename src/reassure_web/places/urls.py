"""Addresses of the register."""

from django.urls import path

from reassure_web.places import refs, views, views_imports, views_pairs

app_name = "places"
CONVERTERS = (refs.PlaceRef,)
"""What the addresses below need beside Django's own."""
urlpatterns = [
    path("", views.place_list, name="list"),
    path("map.geojson", views.place_map, name="map"),
    path("export/", views.export, name="export"),
    path("reports/", views.reports, name="reports"),
    path("import/", views_imports.hand_in, name="import"),
    path("import/<slug:run>/", views_imports.preview, name="import_run"),
    path("import/<slug:run>/accept/", views_imports.accept, name="import_accept"),
    path("import/<slug:run>/drop/", views_imports.drop, name="import_drop"),
    path("duplicates/", views_pairs.pairs, name="duplicates"),
    path("duplicates/look/", views_pairs.look, name="duplicates_look"),
    path("duplicates/<int:pair>/", views_pairs.pair, name="duplicate"),
    path("duplicates/<int:pair>/undo/", views_pairs.undo, name="duplicate_undo"),
    path("<place:ref>/", views.place, name="place"),
    path("<place:ref>/edit/", views.edit, name="edit"),
    path("<place:ref>/close/", views.close, name="close"),
    path("<place:ref>/report/", views.report, name="report"),
    path("<place:ref>/reports/<int:number>/settle/", views.settle, name="settle"),
]
