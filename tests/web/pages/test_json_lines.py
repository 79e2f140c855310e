"""Log lines: JSON with the id of the request, and nothing of what was asked for or sent."""

import json
import logging

from reassure_web.audit.context import REQUEST_ID
from reassure_web.pages.json_lines import JsonLines


def line_of(record: logging.LogRecord) -> dict:
    text = JsonLines().format(record)
    assert "\n" not in text
    return json.loads(text)


def record(says: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("a.room", logging.WARNING, __file__, 1, says, args, more.pop("exc_info", None))
    made.__dict__.update(more)
    return made


def test_a_line_says_when_how_grave_where_what_and_of_which_request():
    """One line of JSON, in one go, whatever is in the words."""
    token = REQUEST_ID.set("5a3ed377-69ca-4038-818a-be2c11f0ad0d")
    try:
        line = line_of(record('said "%s"\nand more', "x", facts={"status": 200}))
    finally:
        REQUEST_ID.reset(token)

    assert line["level"] == "warning"
    assert line["from"] == "a.room"
    assert line["says"] == 'said "x"\nand more'
    assert line["request_id"] == "5a3ed377-69ca-4038-818a-be2c11f0ad0d"
    assert line["status"] == 200
    assert line["at"].endswith("+00:00")


def test_what_was_raised_is_in_the_line():
    """With its way through the program, so that a fault can be found by the id on its page."""
    try:
        raise ValueError("12 is no weekday")
    except ValueError as error:
        line = line_of(record("failed", exc_info=(type(error), error, error.__traceback__)))

    assert "ValueError: 12 is no weekday" in line["raised"]


def test_an_answer_is_told_by_its_pattern_and_never_by_what_was_asked(signed_in, caplog):
    """No reference, no query, no body and no name reaches the log."""
    client = signed_in("planner")
    caplog.set_level(logging.INFO, logger="reassure_web.answers")

    answer = client.get("/places/secret-reference/?text=secret-words", headers={"Cookie": "x=secret-cookie"})
    client.post("/help/", {"name": "secret-body"})

    lines = [line_of(r) for r in caplog.records if r.name == "reassure_web.answers"]
    assert lines[0]["says"].startswith("GET /places/<")
    assert lines[0]["status"] == answer.status_code
    assert lines[1]["says"] == "POST /help/"
    assert "secret" not in json.dumps(lines)
    assert client.user.name not in json.dumps(lines)
