"""`reassure fund schemes`: the presets of every round, one of them in full, and what is not known."""

from typing import Annotated

import typer

from reassure.cli.output import say, say_json
from reassure.files.schemes import find_scheme, preset, preset_codes
from reassure.fund.schemes import Scheme, publish_problems, scheme_digest, scheme_document
from reassure.money import with_sign
from reassure.periods import LONDON


def command(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A scheme to show in full, or a TOML file of your own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The rounds there were, their terms, and what is not known of them.

    Without CODE: one line a scheme. With CODE: every term with the letter of its source (docs/rooms/fund.md), what
    sources do not agree on, and what is missing before a live round could be published on these terms.
    """
    if code is None:
        schemes = [preset(name) for name in preset_codes()]
        if as_json:
            say_json([{**scheme_document(s), "sha256": scheme_digest(s)} for s in schemes])
            return
        say(f"{'code':20} {'opens':17} {'closes':17} {'pays':>5} {'cap':>9} {'money':>13}  not known")
        for s in schemes:
            say(_row(s))
        return
    scheme = find_scheme(code)
    if as_json:
        say_json({**scheme_document(scheme), "sha256": scheme_digest(scheme)})
        return
    _in_full(scheme)


def _row(s: Scheme) -> str:
    opens = s.starts_at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if s.starts_at else "?"
    closes = (
        s.ends_at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if s.ends_at else ("none" if s.knows("closes") else "?")
    )
    pays = f"{s.rate_bp / 100:g} %" if s.rate_bp else "?"
    cap = with_sign(s.cap_pence) if s.cap_pence else ("none" if s.knows("cap_pence") else "?")
    money = with_sign(sum(s.money_pence.values())) if s.money_pence else "?"
    return f"{s.code:20} {opens:17} {closes:17} {pays:>5} {cap:>9} {money:>13}  {len(s.unknown)} terms"


def _in_full(scheme: Scheme) -> None:
    say(f"{scheme.title} ({scheme.code}, version {scheme.version})")
    say(f"digest {scheme_digest(scheme)}")
    for name, value in scheme_document(scheme).items():
        if name in ("code", "version", "title", "sources", "unknown", "conflicts") or value in ("", {}, []):
            continue
        shown = _words(value)
        if value is None:
            shown = "not known for this round" if name in scheme.unknown else "none"
        elif name.endswith("_pence"):
            shown = with_sign(value) if isinstance(value, int) else _words({k: with_sign(v) for k, v in value.items()})
        source = scheme.sources.get(name, "ours" if name not in scheme.unknown else "")
        say(f"  {name:24} {shown}" + (f"  [{source}]" if source else ""))
    for text in scheme.conflicts:
        say(f"  sources disagree: {text}")
    missing = publish_problems(scheme)
    say("A live round could be published on these terms." if not missing else "Before a live round could be published:")
    for problem in missing:
        say(f"  {problem.text}")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, v)) if isinstance(v, list) else str(v) for v in value)
    return str(value)
