"""A round as one frozen value, from draft to its last penny; events lead from one value to the next.

Rules: an event is taken only if the table allows it in that state, the right people act, and every guard holds; else
nothing changes and every reason is said. Elsewhere: tables (`states`), guards (`guards`), what an event changes
(`effects`), the ledger (`awards`). Source: docs/rooms/fund.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from reassure.fund.awards import Ledger
from reassure.fund.bids import Line, ScoredBid
from reassure.fund.schemes import Scheme
from reassure.fund.scoring import Assessment, BidScore

PARTS = ("author", "assessor", "confirmer", "certifier", "approver", "payer")
"""Parts in a bid's chain: one person has at most one of them."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """
    One assessor of a bid; `assessment` is None until it is in.

    `is_void` marks an assessment that a conflict found later took out.
    """

    assessor: str
    is_declared: bool = False
    ties: tuple[str, ...] = ()
    assessment: Assessment | None = None
    is_void: bool = False

    @property
    def counts(self) -> bool:
        """Whether this is a submitted, unconflicted assessment."""
        return self.assessment is not None and self.is_declared and not self.ties and not self.is_void


@dataclass(frozen=True, slots=True)
class BidLife:
    """
    A bid as far as its events tell.

    Parameters
    ----------
    version_sha256
        Digest of the version that is assessed; `versions` holds all, none is ever changed.
    former
        State before a suspension; `suspended_by` are the people who suspended.
    chain
        Person and part.
    people
        Everybody who acted on this bid in any way but for the applicant's own.
    """

    ref: str
    place_ref: str
    region: str
    faith: str
    state: str
    locale: str = "en"
    authors: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    asked: tuple[str, ...] = ()
    due_on: date | None = None
    gaps: tuple[tuple[str, int], ...] = ()
    lines: tuple[Line, ...] = ()
    cap_used_pence: int = 0
    assigned: tuple[Assigned, ...] = ()
    score: BidScore | None = None
    codes: tuple[str, ...] = ()
    letter_at: datetime | None = None
    expires_at: datetime | None = None
    payee: str = ""
    payee_at: datetime | None = None
    payee_by: str = ""
    called_back_by: str = ""
    flags: tuple[str, ...] = ()
    open_flags: tuple[str, ...] = ()
    former: str = ""
    suspended_by: tuple[str, ...] = ()
    suspended_on: date | None = None
    n_batches: int = 0
    is_appeal_upheld: bool = False
    chain: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()

    @property
    def valid(self) -> tuple[Assigned, ...]:
        """Assessments that count, in the order in which they were assigned."""
        return tuple(a for a in self.assigned if a.counts)

    def scored(self) -> ScoredBid:
        """The bid as it competes; only once it has a score."""
        score = self.score
        return ScoredBid(
            ref=self.ref,
            place_ref=self.place_ref,
            region=self.region,
            faith=self.faith,
            tenths=score.tenths if score else 0,
            evidence_x2=score.evidence_x2 if score else 0,
            cap_used_pence=self.cap_used_pence,
            gaps=self.gaps,
            lines=self.lines,
        )


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of a run that was made; `funded` is lines by bid."""

    run_sha256: str
    funded: Mapping[str, tuple[str, ...]]
    is_proven: bool
    is_checked: bool
    spent_pence: int
    override_costs: Mapping[str, int]
    made_by: str
    is_fairness_open: bool = False


@dataclass(frozen=True, slots=True)
class BatchLife:
    """A batch of a rolling round."""

    ref: str
    state: str
    tranche_pence: int = 0
    seed: str = ""
    run: RunFacts | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One entry of the history: what led from which state to which, and who did it."""

    at: datetime
    subject: str
    event: str
    before: str
    after: str
    acting: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RoundLife:
    """
    A round as far as its events tell.

    Parameters
    ----------
    ends_at
        First instant that is too late, as extended; None for rolling intake.
    runs
        Confirmed or standing runs by subject, the newest last.
    """

    scheme: Scheme
    state: str = "draft"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    seed_sha256: str = ""
    seed: str = ""
    ledger: Ledger = field(default_factory=Ledger)
    bids: Mapping[str, BidLife] = field(default_factory=dict)
    batches: Mapping[str, BatchLife] = field(default_factory=dict)
    run: RunFacts | None = None
    reserve_run: RunFacts | None = None
    transitions: tuple[Transition, ...] = ()
    last_at: datetime | None = None

    def state_of(self, machine: str, ref: str) -> str:
        """The state of a subject; "none" before its first event."""
        if machine == "round":
            return self.state
        if machine == "batch":
            return self.batches[ref].state if ref in self.batches else "none"
        return self.bids[ref].state if ref in self.bids else "none"

    def run_of(self, bid: BidLife) -> RunFacts | None:
        """The newest decided run that says something of a bid: of the reserve, of the round, or of its batch."""
        if self.reserve_run is not None and bid.ref in self.reserve_run.funded:
            return self.reserve_run
        if self.scheme.intake == "rolling":
            decided = [b.run for b in self.batches.values() if b.state == "decided" and b.run is not None]
            return next((run for run in reversed(decided) if bid.ref in run.funded), decided[-1] if decided else None)
        return self.run


def new_round(scheme: Scheme) -> RoundLife:
    """A round in draft with the window of its scheme."""
    return RoundLife(scheme=scheme, starts_at=scheme.starts_at, ends_at=scheme.ends_at)
