"""Text from outside as it may be shown: no control characters, and nothing that turns its surroundings round.

Rules: which characters are taken out before a text goes into a page, a PDF, a calendar or a table. Names in any
script stay as they are; what is left out has no shape of its own.
"""

import re
import unicodedata
from functools import lru_cache

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    r"""
    A text in composed form (NFC), without control characters, marks of direction or lone surrogates.

    Examples
    --------
    >>> plain("Chapel\x07 \u202ellaH\u202c\tA\nB")
    'Chapel llaH A B'
    """
    shown = _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", shown.replace("\t", " ").replace("\n", " "))
