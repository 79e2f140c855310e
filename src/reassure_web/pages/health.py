"""What an installation has been given: each setting by name, set or not, never its value."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the environment: name, what for, whether it is a secret, whether production needs it."""

    name: str
    words: str
    is_secret: bool = False
    is_needed: bool = False


SETTINGS = (
    Setting("REASSURE_MODE", "production, demo or test"),
    Setting("REASSURE_PERSONAS", "somebody of each role with one click; the command demo sets it"),
    Setting("REASSURE_HOME", "folder of the small database, uploads and static files"),
    Setting("REASSURE_SECRET_KEY", "signs sessions and the digests of the audit", is_secret=True, is_needed=True),
    Setting("REASSURE_SECRET_KEY_OLD", "keys that were used before", is_secret=True),
    Setting("REASSURE_SEAL_KEYS", "opens sealed values", is_secret=True, is_needed=True),
    Setting("REASSURE_HOSTS", "names by which people reach this", is_needed=True),
    Setting("DATABASE_URL", "PostgreSQL; without it SQLite in the home folder", is_secret=True),
    Setting("REASSURE_BEHIND_PROXY", "a proxy ends TLS and says so"),
    Setting("REASSURE_OIDC_URL", "a force's own sign-in: address"),
    Setting("REASSURE_OIDC_NAME", "a force's own sign-in: its name on the button"),
    Setting("REASSURE_OIDC_CLIENT", "a force's own sign-in: who we are there"),
    Setting("REASSURE_OIDC_SECRET", "a force's own sign-in: our password there", is_secret=True),
    Setting("EMAIL_URL", "where e-mail goes out; without it to the log", is_secret=True),
    Setting("REASSURE_MAIL_FROM", "sender of e-mail"),
    Setting("REASSURE_CONTACT", "who helps, as a sentence"),
    Setting("REASSURE_MARKING", "marking of ordinary pages"),
    Setting("REASSURE_MARKING_SENSITIVE", "marking of plans and cards"),
    Setting("DEBUG", "has to be absent in production"),
    Setting("REASSURE_DEBUG", "has to be absent in production"),
)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One setting: `set`, `file` (from the file that NAME_FILE names), `default`, or `missing` where it is needed."""

    name: str
    words: str
    state: str


def settings_report(environ: Mapping[str, str]) -> list[ReportLine]:
    """A line for each setting, in the order of docs/settings.md; asks the environment and nothing else."""
    is_production = environ.get("REASSURE_MODE") == "production"
    return [ReportLine(s.name, s.words, _state(s, environ, is_production=is_production)) for s in SETTINGS]


def report_text(environ: Mapping[str, str]) -> tuple[str, bool]:
    """The report as text, and whether everything that is needed is there."""
    report = settings_report(environ)
    lines = [f"{line.state:8} {line.name}: {line.words}\n" for line in report]
    return "".join(lines), all(line.state != "missing" for line in report)


def _state(setting: Setting, environ: Mapping[str, str], *, is_production: bool) -> str:
    if setting.name in environ:
        return "set"
    if f"{setting.name}_FILE" in environ:
        return "file"
    return "missing" if setting.is_needed and is_production else "default"
