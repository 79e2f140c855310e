"""What is known and who is on duty in the demo area on its day: generated, and saying so.

Rules: 14 units of three kinds, timetables that overrule each other, a few asks and refusals, incidents of
every origin (three of which never count), and a declaration "mosques named, all faiths engaged" as on 15 March
2019 in its shape, with words of its own. Elsewhere: the ground (`demo_ground`), the files (`demo_inputs`).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from reassure.files.demo_ground import AREA_CODE, SOURCE, DemoGround, shifted
from reassure.geo import Point
from reassure.occasions.values import OneOff, Rule, TableRow, Weekly
from reassure.patrols.need import PlaceFacts
from reassure.patrols.units import Break, Unit
from reassure.periods import london_instant
from reassure.places.place import Place
from reassure.threats.declarations import Declaration
from reassure.threats.incidents import Incident

BAND_MIX: tuple[tuple[str, int], ...] = (
    ("1-19", 2),
    ("20-49", 4),
    ("50-99", 6),
    ("100-199", 6),
    ("200-399", 5),
    ("400-799", 3),
    ("800-999", 1),
    ("1000-1499", 1),
)
"""Bands that generated trustees gave, with their weights; two in five places gave none."""


FRIDAY, SUNDAY = 4, 6
OTHER_GATHERINGS: tuple[tuple[str, str, tuple[int, ...], time, int], ...] = (
    ("buddhist", "evening_service", (FRIDAY,), time(19), 2),
    ("christian", "weekday_service", (2, FRIDAY), time(12, 10), 3),
    ("christian", "youth_group", (FRIDAY,), time(18), 2),
    ("christian", "prayer_meeting", (FRIDAY,), time(5), 1),
    ("christian", "sunday_main", (SUNDAY,), time(9), 2),
    ("hindu", "evening_service", (FRIDAY,), time(18, 30), 3),
    ("sikh", "community_meal", (FRIDAY, SUNDAY), time(12), 3),
    ("sikh", "evening_service", (FRIDAY,), time(18, 30), 1),
    ("other", "study", (FRIDAY,), time(18), 1),
    ("", "prayer_meeting", (FRIDAY,), time(19, 30), 1),
)
"""(faith, kind of occasion, days, local time, number of places); an empty faith is an unknown one. Invented."""


def demo_units(rng: Random, ground: DemoGround, on: date) -> tuple[Unit, ...]:
    """
    Fourteen units from three bases: five cars, five on foot, four by cycle; one shift passes midnight. A Friday's
    ordinary roster, made before anybody knew: most are on in the evening, few at noon.

    Shifts are wall clock of London on the day; a break of 30 minutes starts 2.5 to 5 hours into each.
    """
    town, east, west = (_base(rng, ground, i) for i in (0, 1, 3))
    early, day, late, night = (time(7), time(15)), (time(9), time(17)), (time(15), time(23)), (time(18), time(3))
    rows: tuple[tuple[str, int, Point, tuple[time, time], tuple[str, ...], Point | None], ...] = (
        ("car", 2, town, early, ("adviser",), None),
        ("car", 2, east, day, ("urdu",), town),
        ("car", 2, west, late, ("adviser", "arabic"), None),
        ("car", 2, town, late, ("punjabi",), None),
        ("car", 2, town, night, ("hebrew",), None),
        ("foot", 2, town, early, (), None),
        ("foot", 2, town, day, ("bengali",), None),
        ("foot", 2, east, day, (), None),
        ("foot", 2, town, late, (), None),
        ("foot", 1, west, late, (), None),
        ("cycle", 1, town, early, (), None),
        ("cycle", 1, west, day, ("gujarati",), None),
        ("cycle", 1, town, late, (), None),
        ("cycle", 1, east, late, ("somali",), None),
    )
    seen: dict[str, int] = {}
    units = []
    for kind, n_officers, base, (starts, ends), skills, end_base in rows:
        seen[kind] = seen.get(kind, 0) + 1
        starts_at = london_instant(on, starts)
        ends_at = london_instant(on + timedelta(days=ends < starts), ends)
        units.append(
            Unit(
                ref=f"{kind}-{seen[kind]}",
                callsign=f"Demo {kind.capitalize()} {seen[kind]}",
                kind=kind,
                n_officers=n_officers,
                base=base,
                starts_at=starts_at,
                ends_at=ends_at,
                end_base=end_base,
                breaks=(_break(starts_at),),
                skills=frozenset(skills),
            )
        )
    return tuple(units)


def _base(rng: Random, ground: DemoGround, settlement: int) -> Point:
    return shifted(ground.settlements[settlement].centre, rng.uniform(-250, 250), rng.uniform(-250, 250))


def _break(starts_at: datetime) -> Break:
    return Break(starts_at + timedelta(hours=2, minutes=30), starts_at + timedelta(hours=5), 30)


def demo_rules(rng: Random, ground: DemoGround, on: date) -> tuple[Rule, ...]:
    """
    Timetables of some places: two congregations, a season, published rows, a cancelled one, other faiths' Fridays.

    A place's published row for the day (rank 2) beats its weekly rule (rank 3); one mosque's word cancels (rank 1).
    """
    friday = (FRIDAY,)
    mosques = _open_places(ground, "muslim")
    rng.shuffle(mosques)
    rules = []
    for place in mosques[:6]:
        rules += [_rule(place, "jumuah", Weekly(friday, at), 3, 30) for at in (time(12, 45), time(13, 40))]
    for place in mosques[6:9]:
        rules += [
            _rule(place, "jumuah", Weekly(friday, time(12, 30), season="gmt"), 3, 25),
            _rule(place, "jumuah", Weekly(friday, time(13, 30), season="bst"), 3, 25),
        ]
    for place, at in zip(
        mosques[7:12], (time(12, 40), time(13), time(13, 10), time(13, 15), time(12, 35)), strict=True
    ):
        rules.append(_rule(place, "jumuah", TableRow(on, at), 2, 30))
    cancelled = OneOff(datetime.combine(on, time(12, 45)), datetime.combine(on, time(13, 15)), is_cancelled=True)
    rules.append(_rule(mosques[12], "jumuah", cancelled, 1, 30))
    rules.append(_rule(mosques[13], "fajr", Weekly(tuple(range(7)), time(5, 50)), 3, 15))
    rules.append(_rule(_open_places(ground, "jewish")[0], "shabbat_eve", TableRow(on, time(16)), 2, 50))
    for faith, key, days, at, n_places in OTHER_GATHERINGS:
        homes = [p for p in ground.places if p.is_open and p.faiths == (frozenset({faith}) if faith else frozenset())]
        rules += [_rule(place, key, Weekly(days, at), 3, None) for place in rng.sample(homes, n_places)]
    return tuple(rules)


def _open_places(ground: DemoGround, faith: str) -> list[Place]:
    return [p for p in ground.places if p.faiths == frozenset({faith}) and p.is_open and p.setting != "hospital"]


def _rule(place: Place, key: str, when: Weekly | TableRow | OneOff, rank: int, length_min: int | None) -> Rule:
    return Rule(place.ref, key, when, rank, f"{SOURCE.ref}-timetable", length_min=length_min)


def demo_facts(rng: Random, ground: DemoGround, rules: Sequence[Rule], on: date) -> tuple[PlaceFacts, ...]:
    """
    What generated trustees and visits said: bands, last visits, requests, gaps, one refusal, three musts.

    A place that nobody has said anything of has no row. The refusal and the musts are mosques; a must has a band and
    its day is not cancelled.
    """
    cancelled = {rule.place_ref for rule in rules if isinstance(rule.when, OneOff) and rule.when.is_cancelled}
    mosques = [p.ref for p in _open_places(ground, "muslim") if p.ref not in cancelled]
    rng.shuffle(mosques)
    opted_out, outside, musts = mosques[0], set(mosques[1:3]), set(mosques[3:6])
    churches = [p.ref for p in _open_places(ground, "christian")]
    asks = {*rng.sample(churches, 3), *mosques[6:8], _open_places(ground, "sikh")[0].ref}
    facts = []
    for place in ground.places:
        has_band, was_visited, knows_gap = (rng.random() < share for share in (0.6, 0.55, 0.5))
        chosen = place.ref == opted_out or place.ref in outside | musts | asks
        if not (has_band or was_visited or knows_gap or chosen):
            continue
        names, weights = zip(*BAND_MIX, strict=True)
        band = rng.choices(names, weights)[0]
        gap_share = rng.randint(0, 20) / 20
        last_visit_on = on - timedelta(days=rng.randint(2, 60))
        facts.append(
            PlaceFacts(
                place_ref=place.ref,
                last_visit_on=last_visit_on if was_visited else None,
                request_until=on + timedelta(days=rng.randint(1, 20)) if place.ref in asks else None,
                gap_share=gap_share if knows_gap else None,
                presence="none" if place.ref == opted_out else "outside_only" if place.ref in outside else "",
                band=band if has_band or place.ref in musts else "",
                must=place.ref in musts,
            )
        )
    return tuple(facts)


def demo_incidents(rng: Random, ground: DemoGround, on: date) -> tuple[Incident, ...]:
    """
    Eleven generated incidents by date: seven that count, one too long ago, three of origins that never count.
    """
    mosques, churches = _open_places(ground, "muslim"), _open_places(ground, "christian")
    others = [p for faith in ("hindu", "jewish", "sikh") for p in _open_places(ground, faith)]
    for places in (mosques, churches, others):
        rng.shuffle(places)
    near = shifted(others[1].point, rng.uniform(80, 300), rng.uniform(80, 300))
    rows: Sequence[tuple[Place | None, Point | None, str, int, str]] = (
        (mosques[0], None, "damage", 3, "victim"),
        (mosques[1], None, "abuse", 12, "third_party"),
        (mosques[2], None, "threat", 25, "place"),
        (churches[0], None, "arson", 2, "public"),
        (others[0], None, "graffiti", 5, "place"),
        (None, near, "graffiti", 10, "third_party"),
        (others[2], None, "violence", 41, "victim"),
        (mosques[3], None, "damage", 120, "victim"),
        (mosques[4], None, "damage", 1, "officer_on_visit"),
        (churches[1], None, "graffiti", 1, "police_discovered"),
        (others[3], None, "other", 2, "unknown"),
    )
    rows = sorted(rows, key=lambda row: (-row[3], row[0].ref if row[0] else ""))
    return tuple(
        Incident(f"demo-incident-{n:02d}", family, origin, on - timedelta(days=days), place.ref if place else "", point)
        for n, (place, point, family, days, origin) in enumerate(rows, start=1)
    )


def demo_declaration(on: date) -> Declaration:
    """
    A declaration for the demo area from 05:00 that day: mosques named, all faiths engaged, 72 hours at most.

    It is `actual` so that the demo plan is made the way a real one is; every wording says that it is generated.
    """
    starts_at = datetime.combine(on, time(5), tzinfo=UTC)
    return Declaration(
        ref="DEMO-D-1",
        revision=1,
        status="actual",
        msg_type="alert",
        title="Generated demonstration: mosques named, all faiths engaged",
        threat_wording="Generated for a demonstration. No event and no threat stands behind it.",
        faiths_named=frozenset({"muslim"}),
        is_all_faiths=True,
        areas=frozenset({AREA_CODE}),
        activities=frozenset({"presence", "advice"}),
        issued_by="Demo coordinator (generated)",
        approved_by="Demo approver (generated)",
        issued_at=starts_at,
        starts_at=starts_at,
        review_at=starts_at + timedelta(hours=24),
        expires_at=starts_at + timedelta(hours=72),
        wordings=(
            ("officer", "Demonstration: mosques are named; be seen, listen, and offer advice to every faith."),
            ("trustee", "Demonstration: officers may call at your place of worship today."),
            ("public", "Demonstration: generated words about a generated area."),
        ),
    )
