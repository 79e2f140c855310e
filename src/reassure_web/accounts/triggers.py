"""What the databases themselves refuse: two duties in one person at one time."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "accounts_rolegrant"
WORDS = "one person has one duty at a time"
_OTHER = f"""EXISTS (SELECT 1 FROM {TABLE} held WHERE held.user_id = NEW.user_id AND held.duty <> NEW.duty
    AND held.id <> NEW.id AND NEW.ended_at IS NULL
    AND held.starts_at < NEW.ends_at AND NEW.starts_at < COALESCE(held.ended_at, held.ends_at))"""  # noqa: S608
SQLITE = [
    f"""CREATE TRIGGER accounts_one_duty_{what} {when} ON {TABLE} WHEN {_OTHER}
    BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""
    for what, when in (("new", "BEFORE INSERT"), ("changed", "BEFORE UPDATE"))
]
SQLITE_OFF = ["DROP TRIGGER IF EXISTS accounts_one_duty_new", "DROP TRIGGER IF EXISTS accounts_one_duty_changed"]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION accounts_one_duty() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN IF {_OTHER} THEN RAISE EXCEPTION '{WORDS}'; END IF; RETURN NEW; END $$""",
    f"""CREATE TRIGGER accounts_one_duty BEFORE INSERT OR UPDATE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION accounts_one_duty()""",
]
POSTGRESQL_OFF = [f"DROP TRIGGER IF EXISTS accounts_one_duty ON {TABLE}"]


def _run(editor: BaseDatabaseSchemaEditor, by_vendor: dict[str, list[str]]) -> None:
    for statement in by_vendor[editor.connection.vendor]:
        editor.execute(statement)


def install(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers; a step of a migration."""
    _run(editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def remove(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    _run(editor, {"sqlite": SQLITE_OFF, "postgresql": POSTGRESQL_OFF})
