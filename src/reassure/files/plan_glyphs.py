"""Which characters the fonts inside Typst can draw, and what is printed for the others.

Rules: PDF/UA-1 allows no character without a shape, and fonts of the machine are not used, so that the same plan
gives the same bytes everywhere. Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and Devanagari are
drawn; a run of any other script is printed as its name in brackets, such as `[Gurmukhi text]`. The page
plan.html shows every script. The table was made by trying each character (docs/decisions/0062).
"""

import re
import unicodedata

from reassure.files.plain_text import plain

DRAWN = (
    "0020-007e 00a0-00ac 00ae-0377 037a-037f 0384-038a 038c 038e-03a1 03a3-04ff 0531-0556 0559-058a 05be 05c0 "
    "05c3 05c6 05d0-05ea 05f0-05f4 060c 061b 061f 0621-063a 0640-064a 0660-066d 0679-067b 067e-0680 0683-0684 "
    "0686-0687 0691 0698 06a4 06a9 06af 06be 06cc 06f0-06f9 0900-097f 10d0-10ff 1e00-1eff 1f00-1f15 1f18-1f1d "
    "1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef "
    "1ff2-1ff4 1ff6-1ffe 2010-2027 2030-2040 2042 2044-2052 2054-205e 20a0-20bf 2116 2122 2190-21ff 2200-22ff "
    "25a0-25ff"
)
"""Ranges of code points, hexadecimal, both ends in."""

SURE = "0020-007e 00a0-00ac 00ae-017f 2010-2027"
"""What is kept when even the drawn characters do not go together: Latin without combining marks."""


def _pattern(ranges: str) -> re.Pattern[str]:
    ends = [part.split("-") for part in ranges.split()]
    return re.compile("[^" + "".join(f"\\u{e[0]}-\\u{e[-1]}" for e in ends) + "]+")


_OTHERS = {ranges: _pattern(ranges) for ranges in (DRAWN, SURE)}


def drawable(text: str, ranges: str = DRAWN) -> str:
    r"""
    A text whose every character can be drawn; other runs become the name of their script in brackets.

    Examples
    --------
    >>> drawable("\u0a17\u0a41\u0a30 Sahib"), drawable("\u05e9\u05dc\u05d5\u05dd")
    ('[Gurmukhi text] Sahib', 'שלום')
    """
    shown = _OTHERS[ranges].sub(_named, plain(text))
    return re.sub(r"(\[[^\[\]]+ text\])(?: ?\1)+", r"\1", shown)


def _named(found: re.Match[str]) -> str:
    letters = [c for c in found[0] if unicodedata.category(c)[0] in "LN"]
    if letters:
        script = unicodedata.name(letters[0], "UNKNOWN").split()[0].split("-")[0]
        return f"[{'Chinese' if script == 'CJK' else script.capitalize()} text]"
    return "" if all(unicodedata.category(c)[0] in "MC" for c in found[0]) else "[symbol]"
