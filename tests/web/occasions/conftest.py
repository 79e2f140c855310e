"""The generated demo area for the tests of this room."""

from web.places.conftest import areas, bring_in, register

__all__ = ["areas", "bring_in", "register"]
