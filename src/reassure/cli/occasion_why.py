"""Why occasions stand as they do, as people read it: a line a word, what stands first."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from reassure.cli.output import say
from reassure.occasions.keys import KEYS
from reassure.occasions.why import RANK_WORDS, Said
from reassure.periods import london_wall
from reassure.places.place import Place


def print_why(words: Sequence[Said], place: Place, on: date) -> None:
    """Print every word about a place on a day, by kind of occasion."""
    say(f"{place.title}, {on:%A} {on.day} {on:%B %Y}")
    if not words:
        say("  Nothing is said about this day, and its tradition has no usual time on it.")
    for key, held in groupby(words, key=lambda said: said.key):
        say(f"  {KEYS[key].words}")
        for said in sorted(held, key=lambda said: not said.stands):
            times = ", ".join(f"{london_wall(at):%H:%M}" for at in said.starts) or "no times"
            rank = f"{said.rank}, {RANK_WORDS[said.rank]}"
            say(f"    {times:<14} {rank:<40} {said.source_ref or 'unnamed source'}: {said.verdict}")
