"""Log lines as JSON, one a line, each with the id of its request; and one line for each answer.

Rules: no query string, no body, no name of a person; an answer is told by the pattern of its address, which holds
no reference and no token.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from reassure_web.audit.context import REQUEST_ID

log = logging.getLogger("reassure_web.answers")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, how grave, where from, what, of which request, and what was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
            "request_id": REQUEST_ID.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["raised"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Answers:
    """Middleware that writes a line for each answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say how long it took."""
        started = time.monotonic()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "no address"
        facts = {"status": response.status_code, "ms": round((time.monotonic() - started) * 1000)}
        log.info("%s /%s", request.method, route, extra={"facts": facts})
        return response
