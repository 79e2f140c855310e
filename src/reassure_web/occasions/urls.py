"""Addresses of when people gather."""

from datetime import date, datetime

from django.urls import path, register_converter

from reassure_web.occasions import views, views_timetables
from reassure_web.places.refs import PlaceRef


class DayConverter:
    """A civil date such as 2026-11-27."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The date; `ValueError`, so no such page, for one that does not exist."""
        return date.fromisoformat(value)

    def to_url(self, value: date | datetime | str) -> str:
        """The date as it stands in an address."""
        return value if isinstance(value, str) else value.strftime("%Y-%m-%d")


register_converter(DayConverter, "occasions_day")

app_name = "occasions"
CONVERTERS = (DayConverter, PlaceRef)
"""What the addresses below need beside Django's own."""
urlpatterns = [
    path("unread/", views.unread, name="unread"),
    path("timetables/", views_timetables.hand_in, name="timetables"),
    path("timetables/<slug:run>/", views_timetables.preview, name="timetable"),
    path("timetables/<slug:run>/accept/", views_timetables.accept, name="timetable_accept"),
    path("timetables/<slug:run>/drop/", views_timetables.drop, name="timetable_drop"),
    path("places/<place:ref>/", views.place, name="place"),
    path("places/<place:ref>/rule/", views.add_rule, name="rule"),
    path("places/<place:ref>/rules/<int:number>/end/", views.end_rule, name="rule_end"),
    path("places/<place:ref>/discard/", views.discard, name="discard"),
    path("places/<place:ref>/<occasions_day:on>/<slug:key>/", views.word, name="word"),
    path("<slug:area>/", views.today, name="today"),
    path("<slug:area>/<occasions_day:on>/", views.day, name="day"),
]
