"""Money: whole pence inside, pounds for people.

Rules: amounts are `int` pence in rules, files and JSON; a part of an amount is rounded up to the next penny
in favour of the place of worship, by integer arithmetic only.
"""

import re

from reassure.errors import InputError, Problem

WHOLE_BP = 10_000
"""Basis points of the whole: 8,000 is 80 %."""

MAX_PENCE = 10**13
"""A hundred thousand million pounds; nothing in this product is larger, so more is a slip of the keyboard."""

_POUNDS = re.compile(r"(-?)£?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{2}))?")


def part_pence(amount_pence: int, rate_bp: int) -> int:
    """
    A rate of an amount, rounded up to a whole penny.

    Examples
    --------
    >>> part_pence(7_000_001, 8_000), part_pence(899_999, 8_000), part_pence(0, 8_000)
    (5600001, 720000, 0)
    """
    return -(-amount_pence * rate_bp // WHOLE_BP)


def pounds(amount_pence: int) -> str:
    """
    An amount in pounds as people read it, without a sign for the currency.

    Examples
    --------
    >>> pounds(987_654), pounds(-5), pounds(0)
    ('9,876.54', '-0.05', '0.00')
    """
    sign = "-" if amount_pence < 0 else ""
    whole, rest = divmod(abs(amount_pence), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def with_sign(amount_pence: int) -> str:
    """
    An amount as it stands in a sentence; whole pounds lose their pence.

    Examples
    --------
    >>> with_sign(3_000_000), with_sign(987_654), with_sign(-100)
    ('£30,000', '£9,876.54', '-£1')
    """
    text = pounds(abs(amount_pence)).removesuffix(".00")
    return ("-" if amount_pence < 0 else "") + "£" + text


def parse_pounds(text: str, column: str) -> int:
    """
    Pence of an amount that a person wrote; `InputError` for anything but pounds and whole pence.

    Examples
    --------
    >>> parse_pounds("£9,876.54", "cost"), parse_pounds("12", "cost")
    (987654, 1200)
    >>> parse_pounds("1.5", "cost")
    Traceback (most recent call last):
    reassure.errors.InputError: cost is 1.5; expected an amount such as 9,876.54.
    """
    found = _POUNDS.fullmatch(text.strip())
    if not found:
        raise InputError([Problem(column, text, "an amount such as 9,876.54")])
    pence = int(found[2].replace(",", "")) * 100 + int(found[3] or 0)
    if pence > MAX_PENCE:
        raise InputError([Problem(column, text, f"at most {pounds(MAX_PENCE)}")])
    return -pence if found[1] else pence
