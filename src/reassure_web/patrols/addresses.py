"""Words of addresses: dates such as `2026-11-27`, and what is printed; anything else is not found."""

from datetime import date


class IsoDate:
    """A path converter for a date."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The date; ValueError, which means "not found", for one that does not exist."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The date as it stands in an address."""
        return value.isoformat()


class PrintKind:
    """A path converter for what is printed of a plan."""

    regex = "order|cards"

    def to_python(self, value: str) -> str:
        """The kind as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The kind as it stands."""
        return value
