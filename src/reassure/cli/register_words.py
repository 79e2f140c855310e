"""What the commands about places say: duplicates, sources and refused rows, in words and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reassure.cli.output import note, say
from reassure.errors import Problem
from reassure.places.matching import KINDS, Pair
from reassure.places.place import Place
from reassure.provenance import Source

MAX_PAIRS = 20
"""Pairs of each kind that are printed; `--json` has all."""
MAX_REFUSED = 200
KIND_WORDS = {
    "same_id": "share an id under different faiths; ask which stands, do not merge",
    "likely": "are likely the same place",
    "possible": "may be the same place",
}


def tell_pairs(pairs: Sequence[Pair], places: Mapping[str, Place]) -> None:
    """Pairs of places that may be one, surest first, and how many there are of each kind."""
    for kind in KINDS:
        own = [pair for pair in pairs if pair.kind == kind]
        if not own:
            continue
        say(f"{len(own):,} pairs {KIND_WORDS[kind]}:")
        for pair in own[:MAX_PAIRS]:
            a, b = (places[ref] for ref in pair.refs)
            say(f"  {a.title} ({a.ref}) / {b.title} ({b.ref}), {pair.distance_m:.0f} m")
        if len(own) > MAX_PAIRS:
            say(f"  ... and {len(own) - MAX_PAIRS:,} more (all with --json)")


def pairs_json(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """Pairs of places as JSON."""
    return [
        {
            "kind": pair.kind,
            "refs": list(pair.refs),
            "distance_m": round(pair.distance_m, 1),
            "likeness": round(pair.likeness, 1),
        }
        for pair in pairs
    ]


def tell_sources(sources: Iterable[Source]) -> None:
    """Each source with its date and licence, then the words that the licences ask for, each once."""
    listed = list(sources)
    for source in listed:
        day = source.retrieved_on.isoformat() if source.retrieved_on else "no date"
        say(f"Source: {source.ref} ({source.title}, {source.licence}, {day})")
    for words in dict.fromkeys(source.attribution for source in listed if source.attribution):
        say(words)
    if any(source.is_share_alike for source in listed):
        say("Passed on, this register is under the ODbL 1.0 as a whole.")


def sources_json(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """Sources as JSON."""
    return [
        {
            "ref": source.ref,
            "title": source.title,
            "licence": source.licence,
            "attribution": source.attribution,
            "retrieved_on": source.retrieved_on.isoformat() if source.retrieved_on else None,
        }
        for source in sources
    ]


def tell_refused(problems: Sequence[Problem]) -> None:
    """Every refused row, one line a fault, beside the result."""
    for problem in problems[:MAX_REFUSED]:
        note(problem.text)
    if len(problems) > MAX_REFUSED:
        note(f"... and {len(problems) - MAX_REFUSED:,} more.")
