"""What the databases themselves refuse: to change, delete or empty the entries of the audit."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "audit_auditentry"
WORDS = "entries of the audit are never changed"

SQLITE = [
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
]
SQLITE_OFF = ["DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$""",
    f"""CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    f"""CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
]
POSTGRESQL_OFF = [
    f"DROP TRIGGER IF EXISTS audit_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}",
]


def _run(editor: BaseDatabaseSchemaEditor, by_vendor: dict[str, list[str]]) -> None:
    for statement in by_vendor[editor.connection.vendor]:
        editor.execute(statement)


def install(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers; a step of a migration."""
    _run(editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def remove(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: when the table itself goes, or when tests empty the database."""
    _run(editor, {"sqlite": SQLITE_OFF, "postgresql": POSTGRESQL_OFF})
