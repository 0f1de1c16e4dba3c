"""Refusals and faults as answers: a page for people, problem+json (RFC 9457) for machines."""

import json

import structlog
from flask import Flask, Response, g, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _
from academy.kernel.web import logs

_log = structlog.get_logger("academy.web")


def wants_json() -> bool:
    """Tell whether the asker is a machine: an API address, or JSON preferred over HTML."""
    if request.path.startswith(("/api/", "/ooapi/")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/problem+json", "application/json"], "text/html")
    return best != "text/html"


def install(app: Flask) -> None:
    """Let one place answer for everything that is refused or broken."""

    @app.errorhandler(Refusal)
    def _refused(refusal: Refusal) -> Response:
        return _answer(app, refusal.status, refusal.code, refusal.sentence(), refusal.next_step(),
                       links=refusal.links(), retry_after=refusal.retry_after_seconds)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if isinstance(error, SecurityError):  # a host name that is not ours: no page can be made, not even its links
            return Response("Unknown host name.\n", 400, mimetype="text/plain")
        if isinstance(error, InternalServerError):
            _log_fault(error.original_exception)
        status = error.code or 500
        sentence, next_step = _words_for(status, csrf=isinstance(error, CSRFError))
        answer = _answer(app, status, f"http-{status}", sentence, next_step)
        if "Location" in error.get_response().headers:
            answer.headers["Location"] = error.get_response().headers["Location"]
        if status == 405:  # noqa: PLR2004 - RFC 9110 asks for Allow
            answer.headers["Allow"] = error.get_response().headers.get("Allow", "GET")
        return answer


def _log_fault(error: BaseException | None) -> None:
    _log.error("fault", error=type(error).__name__, trace=logs.where(error))


def _words_for(status: int, *, csrf: bool) -> tuple[str, str]:
    if csrf:
        return (_("Deze pagina is verlopen. Er is niets veranderd."),
                _("Ga terug, ververs de pagina en probeer het opnieuw."))
    if status == 404:  # noqa: PLR2004
        missing = NotFound()
        return missing.sentence(), missing.next_step()
    if status == 413:  # noqa: PLR2004
        return _("Wat je stuurt is te groot."), _("Maak het kleiner en probeer het opnieuw.")
    if status == 429:  # noqa: PLR2004
        return _("Je probeert dit te vaak achter elkaar."), _("Wacht een paar minuten en probeer het opnieuw.")
    if status >= 500:  # noqa: PLR2004
        return (_("Er ging iets mis bij ons. Dat ligt niet aan jou."),
                _("Probeer het opnieuw. Blijft het misgaan? Geef dan het nummer hieronder door."))
    return _("Dit verzoek begrijpen we niet."), _("Ga terug en probeer het opnieuw.")


def _answer(
    app: Flask, status: int, code: str, sentence: str, next_step: str, *,
    links: list[Link] | None = None, retry_after: int | None = None,
) -> Response:
    if wants_json():
        problem = {"type": f"about:blank#{code}", "title": sentence, "status": status, "detail": next_step,
                   "code": code, "request": g.get("request_id", "")}
        response = Response(json.dumps(problem, ensure_ascii=False), status, mimetype="application/problem+json")
    else:
        response = Response(_page(app, status, sentence, next_step, links or []), status, mimetype="text/html")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(app: Flask, status: int, sentence: str, next_step: str, links: list[Link]) -> str:
    template = app.jinja_env.get_template("errors/error.html")
    values: dict[str, object] = {
        "status": status, "title": sentence, "sentence": sentence, "next_step": next_step,
        "request_id": g.get("request_id", ""), "links": [(link.label, url_for(link.endpoint, **link.values)) for link in links],
    }
    app.update_template_context(values)
    return template.render(values)
