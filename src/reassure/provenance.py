"""Where a value comes from: the title, licence and date that are shown beside it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """
    A file, list or person that facts were taken from.

    Parameters
    ----------
    attribution
        The words that the licence asks for; printed wherever the facts are.
    is_share_alike
        Whether a register that holds these facts must be passed on under the same licence.
    """

    ref: str
    title: str
    licence: str
    attribution: str
    retrieved_on: date | None = None
    url: str = ""
    is_share_alike: bool = False


OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org/copyright)"
POSTCODE_ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2025. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2025"
)
AREA_ATTRIBUTION = "Source: Office for National Statistics licensed under the Open Government Licence v3.0"
