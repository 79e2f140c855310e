"""The points of one visit at one occasion: what goes in, the formula, and what it came to.

Rules: `need = gate x (A + I + T + G + R + Q)`, each term a whole number rounded half up before they are added, so
that a person can add them up by hand. Nothing is learned from data. There is no field for a faith, a name, a
nationality, a camera, a phone or a plate. Elsewhere: how a place comes to its inputs (`need`), words (`need_words`),
two models side by side (`need_models`). Weights are our choice; sources in docs/rooms/patrols-need.md.
"""

from dataclasses import astuple, dataclass, field
from datetime import date
from math import exp, floor, fsum, isfinite, log

from reassure.errors import InputError, Problem, RuleError
from reassure.threats.declarations import MATCHES
from reassure.threats.incidents import SEVERITY
from reassure.threats.near_repeat import DECAY, Decay, NearIncident, weight

TERMS = ("attendance", "incidents", "declared", "gap", "recency", "request")
"""The terms, in the order in which they are added up."""

GATES = ("open", "closed", "opted_out")
_SEVERITIES = frozenset(SEVERITY.values())


@dataclass(frozen=True, slots=True)
class NeedInputs:
    """
    All that a need may rest on, and nothing else (guard G1).

    Parameters
    ----------
    place_ref, occasion_ref
        Keys; they never enter the formula. `occasion_ref` is empty for a place without an occasion.
    has_occasion
        The occasion overlaps the planning window.
    n_expected, is_estimated
        People to plan with, and whether that is an estimate because no band was given.
    incidents
        One a group, of counted origins only.
    declaration_match
        named, all_faiths or none.
    gap_share
        0 to 1 from the self-assessment; None where there is none, which counts as one half.
    days_since_visit
        Whole days since the last completed visit; None for never.
    has_request
        The place asked for a visit and the request is open.
    has_opted_out
        The place asked for no presence.
    """

    place_ref: str
    occasion_ref: str
    has_occasion: bool
    n_expected: int
    is_estimated: bool = False
    incidents: tuple[NearIncident, ...] = ()
    declaration_match: str = "none"
    gap_share: float | None = None
    days_since_visit: int | None = None
    has_request: bool = False
    has_opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Constants:
    """
    The numbers of the formula beside the weights.

    Parameters
    ----------
    n_full
        People from which attendance gives all its points.
    all_faiths_share
        What "all faiths engaged" counts of "named".
    gap_unknown
        The gap share where there is no self-assessment.
    recency_days
        Days without a visit from which recency gives all its points.
    decay
        How incidents fade with distance and age.
    """

    n_full: int = 1_500
    all_faiths_share: float = 0.3
    gap_unknown: float = 0.5
    recency_days: int = 28
    decay: Decay = DECAY


def _model_problems(weights: tuple[tuple[str, int], ...], c: Constants) -> list[Problem]:
    names = tuple(name for name, _ in weights)
    if names != TERMS:
        return [Problem("weights", ", ".join(names), "the terms " + ", ".join(TERMS) + " in this order")]
    found = [Problem(f"weights.{n}", f"{w}", "a whole number, 0 or more") for n, w in weights if not _is_count(w)]
    if not found and (total := sum(w for _, w in weights)) != 100:
        found.append(Problem("weights", f"{total}", "100", says=f"weights sum to {total}"))
    for column, value, is_sound, expected in (
        ("n_full", c.n_full, c.n_full >= 1, "1 or more"),
        ("all_faiths_share", c.all_faiths_share, 0 <= c.all_faiths_share <= 1, "0 to 1"),
        ("gap_unknown", c.gap_unknown, 0 <= c.gap_unknown <= 1, "0 to 1"),
        ("recency_days", c.recency_days, c.recency_days >= 1, "1 or more"),
        ("decay", astuple(c.decay), all(isfinite(v) and v > 0 for v in astuple(c.decay)), "numbers over 0"),
    ):
        if not is_sound:
            found.append(Problem(column, f"{value}", expected))
    return found


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@dataclass(frozen=True, slots=True)
class NeedModel:
    """
    A version of the formula's numbers; past scores keep the version they were made with.

    Parameters
    ----------
    weights
        (term, most points) for each term in the order of `TERMS`; whole numbers that sum to 100.
    approved_by
        Somebody other than the author; empty while nobody has.

    Raises
    ------
    InputError, RuleError
        When it is made with weights that do not sum to 100, or approved by its author.
    """

    version: str
    weights: tuple[tuple[str, int], ...]
    constants: Constants = field(default=Constants())
    sources: tuple[str, ...] = ()
    author: str = ""
    approved_by: str = ""
    valid_from: date | None = None

    def __post_init__(self) -> None:
        """Refuse a model that cannot score."""
        if found := _model_problems(self.weights, self.constants):
            raise InputError(found)
        if self.approved_by and self.approved_by == self.author:
            raise RuleError(f"The need model {self.version} is approved by its author; expected somebody else.")

    def weight(self, term: str) -> int:
        """The most points that a term gives."""
        return dict(self.weights)[term]


@dataclass(frozen=True, slots=True)
class NeedParts:
    """Points of each term, in the order of `TERMS`; all 0 where the gate is not open."""

    attendance: int = 0
    incidents: int = 0
    declared: int = 0
    gap: int = 0
    recency: int = 0
    request: int = 0

    @property
    def total(self) -> int:
        """The points of the visit."""
        return self.attendance + self.incidents + self.declared + self.gap + self.recency + self.request


@dataclass(frozen=True, slots=True)
class NeedScore:
    """
    What a visit is worth, 0 to 100, with what it was worked out from; it never changes afterwards.

    Parameters
    ----------
    gate
        open, closed (nothing speaks for a visit in the window) or opted_out.
    """

    gate: str
    points: int
    parts: NeedParts
    inputs: NeedInputs
    model_version: str


def half_up(value: float) -> int:
    """
    The nearest whole number, a half upwards; nine decimals are taken as exact.

    Examples
    --------
    >>> half_up(2.5), half_up(0.5), half_up(2.4999999999)
    (3, 1, 3)
    """
    return floor(round(value, 9) + 0.5)


MODEL = NeedModel(
    version="1",
    weights=tuple(zip(TERMS, (30, 20, 20, 10, 10, 10), strict=True)),
    sources=("docs/rooms/patrols-need.md",),
    author="Reassure",
)
"""The numbers of the house; our choice, to be confirmed by an advisory group and published."""


def score(inputs: NeedInputs, model: NeedModel = MODEL) -> NeedScore:
    """
    The points of a visit.

    Raises
    ------
    InputError
        With every input that is out of its range.

    Examples
    --------
    >>> asked = NeedInputs("P1", "P1:jumuah:2026-11-27:1", True, 900, declaration_match="named", gap_share=0.4,
    ...                    days_since_visit=21)
    >>> score(asked).points
    60
    """
    if found := inputs_problems(inputs):
        raise InputError(found)
    gate = _gate(inputs)
    parts = _parts(inputs, model) if gate == "open" else NeedParts()
    return NeedScore(gate, parts.total, parts, inputs, model.version)


def incident_sum(incidents: tuple[NearIncident, ...], decay: Decay = DECAY) -> float:
    """The sum S of the weights of incidents, the same in whatever order they stand."""
    return fsum(weight(i.severity, i.distance_m, i.days, decay=decay) for i in incidents)


def inputs_problems(inputs: NeedInputs) -> list[Problem]:
    """Every input that is out of its range, in the order of the fields; empty when all are sound."""
    found = []
    if not inputs.place_ref:
        found.append(Problem("place_ref", "", "an identifier"))
    if inputs.n_expected < 0 or inputs.n_expected != inputs.n_expected:
        found.append(Problem("n_expected", f"{inputs.n_expected}", "0 or more"))
    for incident in inputs.incidents:
        if incident.severity not in _SEVERITIES:
            severities = ", ".join(f"{s:g}" for s in sorted(_SEVERITIES))
            found.append(Problem("severity", f"{incident.severity:g}", f"one of {severities}"))
        if not (isfinite(incident.distance_m) and incident.distance_m >= 0):
            found.append(Problem("distance_m", f"{incident.distance_m:g}", "0 or more"))
        if incident.days != incident.days:
            found.append(Problem("days", f"{incident.days}", "a whole number of days"))
    if inputs.declaration_match not in MATCHES:
        found.append(Problem("declaration_match", inputs.declaration_match, "one of " + ", ".join(MATCHES)))
    if inputs.gap_share is not None and not 0 <= inputs.gap_share <= 1:
        found.append(Problem("gap_share", f"{inputs.gap_share:g}", "0 to 1"))
    if inputs.days_since_visit is not None and not inputs.days_since_visit >= 0:
        found.append(Problem("days_since_visit", f"{inputs.days_since_visit}", "0 or more"))
    return found


def _gate(inputs: NeedInputs) -> str:
    if inputs.has_opted_out:
        return "opted_out"
    is_open = inputs.has_occasion or inputs.has_request or any(i.is_recent_here for i in inputs.incidents)
    return "open" if is_open else "closed"


def _parts(inputs: NeedInputs, model: NeedModel) -> NeedParts:
    attendance, incidents, declared, gap, recency, request = (most for _, most in model.weights)
    c = model.constants
    n_expected = inputs.n_expected if inputs.has_occasion else 0
    declared_share = {"named": 1.0, "all_faiths": c.all_faiths_share, "none": 0.0}[inputs.declaration_match]
    days = c.recency_days if inputs.days_since_visit is None else inputs.days_since_visit
    felt = 1 - exp(-incident_sum(inputs.incidents, c.decay)) if inputs.incidents else 0.0
    return NeedParts(
        attendance=half_up(attendance * min(1.0, log(1 + n_expected) / log(1 + c.n_full))),
        incidents=half_up(incidents * felt),
        declared=half_up(declared * declared_share),
        gap=half_up(gap * (c.gap_unknown if inputs.gap_share is None else inputs.gap_share)),
        recency=half_up(recency * min(1.0, days / c.recency_days)),
        request=request if inputs.has_request else 0,
    )
