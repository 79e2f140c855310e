"""What every entry of a request shares and no service should have to pass on: the id of the request."""

from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Set by the middleware for the time of one request; empty in commands and in the background."""
