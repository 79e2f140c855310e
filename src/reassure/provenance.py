"""Where a value comes from, and which bytes it stands for.

Rules: the title, licence and date that are shown beside a value; the one form of JSON that digests are made of.
"""

import hashlib
import json
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


def canonical_json(value: object) -> bytes:
    """
    The one way a JSON value is written: UTF-8, names in order, no spaces, no NaN.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()


def digest_of(value: object) -> str:
    """SHA-256 of the canonical JSON of a value, in hexadecimal."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
