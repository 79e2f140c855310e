"""Roles, actions, and the one table of which role may do which action.

Source: docs/permissions.md.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum


class Role(StrEnum):
    """What somebody does for the protection of places of worship."""

    COORDINATOR = "coordinator"
    PLANNER = "planner"
    COMMANDER = "commander"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    ADVISER = "adviser"
    TRUSTEE = "trustee"
    FUND_OFFICER = "fund_officer"
    ASSESSOR = "assessor"
    FINANCE = "finance"
    CHAIR = "chair"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Action(Enum):
    """What may be done; the value is its code in the audit, `words` what a person reads after "You may not"."""

    PLACE_READ = ("place.read", "see places")
    PLACE_CHANGE = ("place.change", "change places")
    PLACE_IMPORT = ("place.import", "import places")
    OCCASION_READ = ("occasion.read", "see when people gather")
    OCCASION_CHANGE = ("occasion.change", "change when people gather")
    NEED_READ = ("need.read", "see need points")
    NEED_CHANGE = ("need.change", "change a need")
    NEED_SIGN = ("need.sign", "sign an override of a need")
    UNIT_READ = ("unit.read", "see units")
    UNIT_CHANGE = ("unit.change", "change units")
    PLAN_READ = ("plan.read", "see plans")
    PLAN_WRITE = ("plan.write", "write plans")
    PLAN_REPLAN = ("plan.replan", "re-plan a running day")
    PLAN_APPROVE = ("plan.approve", "approve plans")
    ORDER_ISSUE = ("order.issue", "issue an operation order")
    BOARD_READ = ("board.read", "see the live board")
    BOARD_CHANGE = ("board.change", "change the running day")
    CARD_READ = ("card.read", "see a card")
    CHECK_IN = ("visit.check_in", "record a visit on the card")
    PAPER_RECORD = ("visit.paper", "key in a paper card")
    DEBRIEF_WRITE = ("debrief.write", "close the day")
    AUDIT_READ = ("audit.read", "read the audit")
    AUDIT_VERIFY = ("audit.verify", "check the chain of the audit")
    SEED_READ = ("seed.read", "read the seed of a draw")
    PEOPLE_READ = ("people.read", "see people and grants")
    PEOPLE_CHANGE = ("people.change", "change people and grants")
    TOKEN_CHANGE = ("token.change", "make and revoke tokens")
    PAGE_OPEN = ("page.open", "open this page")
    SIGN_IN = ("account.sign_in", "sign in")
    SIGN_OUT = ("account.sign_out", "sign out")
    ACCOUNT_CHANGE = ("account.change", "change your own account")
    LIMIT_PASS = ("limit.pass", "read on after a pause")
    SYSTEM_READ = ("system.read", "see the system's health")
    SYSTEM_CHANGE = ("system.change", "run backups and erasures")

    def __init__(self, code: str, words: str):
        self.code = code
        self.words = words

    @classmethod
    def of_code(cls, code: str) -> "Action":
        """The action with that code in the audit; an unknown one counts as opening the page."""
        return next((action for action in cls if action.code == code), cls.PAGE_OPEN)


_R = Role
ANYONE = frozenset(Role)
ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.PLACE_READ: frozenset(
        {_R.COORDINATOR, _R.PLANNER, _R.COMMANDER, _R.SUPERVISOR, _R.OFFICER, _R.ADVISER, _R.TRUSTEE}
    ),
    Action.PLACE_CHANGE: frozenset({_R.PLANNER, _R.ADVISER}),
    Action.PLACE_IMPORT: frozenset({_R.PLANNER}),
    Action.OCCASION_READ: frozenset(
        {_R.COORDINATOR, _R.PLANNER, _R.COMMANDER, _R.SUPERVISOR, _R.OFFICER, _R.ADVISER, _R.TRUSTEE}
    ),
    Action.OCCASION_CHANGE: frozenset({_R.PLANNER, _R.ADVISER}),
    Action.NEED_READ: frozenset({_R.PLANNER, _R.COMMANDER, _R.SUPERVISOR}),
    Action.NEED_CHANGE: frozenset({_R.PLANNER}),
    Action.NEED_SIGN: frozenset({_R.COMMANDER}),
    Action.UNIT_READ: frozenset({_R.PLANNER, _R.COMMANDER, _R.SUPERVISOR}),
    Action.UNIT_CHANGE: frozenset({_R.PLANNER, _R.SUPERVISOR}),
    Action.PLAN_READ: frozenset({_R.PLANNER, _R.COMMANDER, _R.SUPERVISOR}),
    Action.PLAN_WRITE: frozenset({_R.PLANNER}),
    Action.PLAN_REPLAN: frozenset({_R.PLANNER, _R.SUPERVISOR}),
    Action.PLAN_APPROVE: frozenset({_R.COMMANDER}),
    Action.ORDER_ISSUE: frozenset({_R.COMMANDER}),
    Action.BOARD_READ: frozenset({_R.PLANNER, _R.COMMANDER, _R.SUPERVISOR}),
    Action.BOARD_CHANGE: frozenset({_R.SUPERVISOR}),
    Action.CARD_READ: frozenset({_R.OFFICER, _R.SUPERVISOR, _R.PLANNER, _R.COMMANDER}),
    Action.CHECK_IN: frozenset({_R.OFFICER}),
    Action.PAPER_RECORD: frozenset({_R.SUPERVISOR}),
    Action.DEBRIEF_WRITE: frozenset({_R.PLANNER, _R.SUPERVISOR}),
    Action.AUDIT_READ: frozenset({_R.AUDITOR}),
    Action.AUDIT_VERIFY: frozenset({_R.AUDITOR}),
    Action.SEED_READ: frozenset({_R.AUDITOR}),
    Action.PEOPLE_READ: frozenset({_R.ADMIN, _R.AUDITOR}),
    Action.PEOPLE_CHANGE: frozenset({_R.ADMIN}),
    Action.TOKEN_CHANGE: frozenset({_R.ADMIN}),
    Action.PAGE_OPEN: ANYONE,
    Action.SIGN_IN: ANYONE,
    Action.SIGN_OUT: ANYONE,
    Action.ACCOUNT_CHANGE: ANYONE,
    Action.LIMIT_PASS: ANYONE,
    Action.SYSTEM_READ: frozenset({_R.ADMIN, _R.AUDITOR}),
    Action.SYSTEM_CHANGE: frozenset({_R.ADMIN}),
}
