"""Statements of people at work: asking for one, and the page behind the link in the letter, opened without signing in and answered once."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import current_actor, require_actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.formats import shown
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.recognition import links
from academy.recognition.errors.evidence import StatementNotFound
from academy.recognition.forms.statements import AnswerForm, AskForm, answer_form
from academy.recognition.pages import statements as pages
from academy.recognition.queries import library as queries
from academy.recognition.queries.files import file_of_learner
from academy.recognition.queries.portfolio import outcomes_of
from academy.recognition.service import statements as service

blueprint = localized_blueprint("recognition_statements", __name__)


@blueprint.route("/my/recognition/<code>/statements", methods=["GET", "POST"])
def asked(code: str) -> ResponseReturnValue:
    actor, form, now = require_actor(), AskForm(), utc_now()
    with database().reading() as session:
        file = file_of_learner(session, actor, code)
        card, found = catalogue.module_cards(session, [file.module_id])[file.module_id], queries.statements_of(session, file.id)
    if request.method == "GET" or not form.validate():
        page = render("recognition/statements.html", form=form, file=pages.asked_values(file, card, found, now=now))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.ask_statement(session, actor=actor, code=code, ask=form.ask, language=reading_language(), now=now)
    flash(_("Gevraagd. Deze persoon krijgt een e-mail met een link."), "success")
    return redirect(url_for(".asked", code=code), 303)


@blueprint.route("/recognition/statements/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=60)
def answer(token: str) -> ResponseReturnValue:
    statement_id, now = _question(token), utc_now()
    form, values = _form(statement_id)
    if request.method == "GET" or not form.validate():
        return _private(render("recognition/statement.html", form=form, token=token, **values), 200 if request.method == "GET" else 422)
    with database().writing() as session:
        service.answer_statement(
            session, statement_id=statement_id, answers=form.answers, words=str(form.words.data), reader_id=_reader_id(), now=now,
        )
    return redirect(url_for(".thanks", token=token), 303)


@blueprint.post("/recognition/statements/<token>/decline")
@open_to_all
@throttled(a_minute=60)
def decline(token: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.decline_statement(session, statement_id=_question(token), reader_id=_reader_id(), now=utc_now())
    return redirect(url_for(".thanks", token=token), 303)


@blueprint.get("/recognition/statements/<token>/thanks")
@open_to_all
@throttled(a_minute=60)
def thanks(token: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.statement_by_id(session, _question(token))
    if found is None or (found.answered_at is None and found.declined_at is None):
        raise StatementNotFound
    return _private(render("recognition/statement_done.html", is_answered=found.answered_at is not None), 200)


def _question(token: str) -> UUID:
    found = links.statement_id_of(token)
    if found is None:
        raise StatementNotFound
    return found


def _reader_id() -> UUID | None:
    actor = current_actor()
    return None if actor is None else actor.person_id


def _form(statement_id: UUID) -> tuple[AnswerForm, dict[str, object]]:
    """Return the form for the outcomes of the file, and what its page says besides."""
    with database().reading() as session:
        found, file = service.open_statement(session, statement_id, now=utc_now())
        outcomes, learner = outcomes_of(session, file.id), accounts.person(session, file.person_id)
        card = catalogue.module_cards(session, [file.module_id])[file.module_id]
    form = answer_form([(each.id, shown(each.wording).text) for each in outcomes])()
    fields = [(shown(each.wording), form.of(each.id)) for each in outcomes]
    is_own = _reader_id() == file.person_id
    return form, {"question": pages.question_values(found, card, learner.name), "outcomes": fields, "is_own": is_own}


def _private(page: str, status: int) -> Response:
    """Answer with a page whose address is a secret: into no search engine; that it goes to no other site, every page says."""
    return Response(page, status, {"X-Robots-Tag": "noindex"})
