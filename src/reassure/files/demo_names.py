"""Invented words for the demo area: streets, settlements and places of worship that say they are made up.

Rules: every name of a place ends in "(demo)"; streets and settlements use words that mean "not real";
postcodes begin with Q, which no postcode of the United Kingdom does. No name is taken from anywhere.
Elsewhere: where things stand (`demo_ground`), what happens on the day (`demo_day`).
"""

from random import Random

MARK = "(demo)"
"""Ends the name of every generated place."""

TOWN = "Exampleton"
SUBURBS = ("Specimen Park", "North Sampling", "Modelbury", "Fictham Green", "Placeholder Heath")
VILLAGES = (
    "Great Pretending",
    "Little Pretending",
    "Notional Parva",
    "Imaginary Magna",
    "Upper Madeup",
    "Invention-by-Sea",
    "Hypothet",
)
STREET_WORDS = (
    "Example",
    "Sample",
    "Specimen",
    "Placeholder",
    "Fictitious",
    "Madeup",
    "Pretend",
    "Notional",
    "Imaginary",
    "Invented",
    "Hypothetical",
    "Model",
    "Outline",
    "Trial",
    "Template",
    "Sketch",
)
STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Close", "Parade", "Row", "Terrace")
SAINTS = ("St Example", "St Specimen", "St Placeholder", "St Sample and St Template")
VENUES: dict[str, tuple[str, ...]] = {
    "buddhist": ("{} Buddhist Centre", "{} Vihara"),
    "christian": ("{} Church", "{} Chapel", "Church of {saint}, {}", "{} Christian Fellowship"),
    "hindu": ("{} Mandir", "{} Hindu Temple"),
    "jewish": ("{} Synagogue", "{} Hebrew Congregation"),
    "muslim": ("{} Mosque", "{} Masjid", "{} Islamic Centre"),
    "sikh": ("{} Gurdwara", "{} Sikh Gurdwara"),
    "other": ("{} Jain Centre", "{} Baha'i Centre", "{} Meeting of Another Faith"),
    "unknown": ("{} Prayer Hall", "{} House of Worship"),
    "multifaith": ("{} Multifaith Centre", "{} Quiet House for All Faiths"),
}
"""Patterns by faith: `{}` is the street or settlement, `{saint}` an invented saint."""


class PlaceNames:
    """Names that do not repeat, drawn from a generator of the caller's."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def name(self, faith: str, street: str, settlement: str) -> str:
        """A new name for a place of a faith (or `multifaith`) in a street of a settlement."""
        patterns = list(VENUES[faith])
        self._rng.shuffle(patterns)
        for stem in (street, settlement, f"{street}, {settlement}"):
            for pattern in patterns:
                saint = self._rng.choice(SAINTS)
                made = f"{pattern.format(stem, saint=saint)} {MARK}"
                if made not in self._taken:
                    self._taken.add(made)
                    return made
        made = f"{patterns[0].format(f'{street} {len(self._taken)}', saint=SAINTS[0])} {MARK}"
        self._taken.add(made)
        return made


def streets(rng: Random, n_streets: int) -> tuple[str, ...]:
    """Different street names, at most one for each pair of word and kind (128)."""
    pairs = [f"{word} {kind}" for word in STREET_WORDS for kind in STREET_KINDS]
    rng.shuffle(pairs)
    return tuple(pairs[:n_streets])


def postcode(settlement_number: int, rng: Random) -> str:
    """A postcode that cannot exist: area QQ, the district by settlement."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"QQ{settlement_number} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"
