"""How the ref of a place stands in an address: `<place:ref>`."""

from django.urls import register_converter


class PlaceRef:
    """Letters, digits, dots, hyphens and underscores, as registers have them; anything else is no place."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,129}"

    def to_python(self, value: str) -> str:
        """The ref."""
        return value

    def to_url(self, value: str) -> str:
        """The ref as it stands in an address."""
        return value


register_converter(PlaceRef, "place")
