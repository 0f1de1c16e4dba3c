"""Logs: one line per event with the request's id; no names, addresses, bodies or query strings."""

import logging
import re
import sys
import time

import structlog
from flask import Flask, Response, g, request

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
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


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
