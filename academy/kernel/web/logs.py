"""Logs: one line per event with the request's id; no names, addresses, bodies or query strings."""

import logging
import re
import sys
import time
import traceback

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict

from academy.kernel.ids import short_code

_log = structlog.get_logger("academy.web")
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def configure(level: str, *, as_json: bool) -> None:
    """Send structured lines to standard error; `level` is debug, info, warning or error."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_where,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def where(error: BaseException | None) -> str:
    """Return where it went wrong, and what led to it, as lines of code; never the words of an error: they may hold names, addresses and links."""
    if error is None:
        return ""
    behind = [each for each in (error.__cause__, *getattr(error, "exceptions", ())) if each is not None]
    return "".join([*traceback.format_tb(error.__traceback__), *(f"from {type(each).__name__}:\n{where(each)}" for each in behind)])


def _only_where(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Put where it went wrong in the place of an error in a line."""
    if line.pop("exc_info", None):
        line["trace"] = where(sys.exc_info()[1])
    return line


def install(app: Flask) -> None:
    """Give every request an id, in each of its lines and in the answer."""

    @app.before_request
    def _begin() -> None:
        offered = request.headers.get("X-Request-Id", "")
        g.request_id = offered if _ACCEPTED_ID.fullmatch(offered) else short_code(12)
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        # The endpoint, not the path: a path may hold a sign-in link.
        _log.info("request", method=request.method, page=request.endpoint or "-", status=response.status_code,
                  ms=round(took, 1))
        return response
