"""Pages about the exam board's desk: what waits, one file on one screen, and decisions as they are read and printed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render
from academy.recognition.forms import deciding as forms
from academy.recognition.forms.patterns import TakeBackForm
from academy.recognition.kinds import FileState
from academy.recognition.pages import board as pages
from academy.recognition.pages import decision as decision_pages
from academy.recognition.pages.desk import menu as desk_menu
from academy.recognition.queries import board as queries
from academy.recognition.queries import board_file, decisions
from academy.recognition.queries.board_file import BoardFile
from academy.recognition.service import deciding, revoking

blueprint = localized_blueprint("recognition_board", __name__)

_A_LOOK: Final = timedelta(hours=1)  # one entry in the trail of a learner for who goes on looking


@blueprint.get("/provider/<provider>/exam-board")
def inbox(provider: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.inbox(session, require_actor(), provider, page=request.args.get("page", 1, type=int), now=now)
    return render("recognition/board.html", menu=desk_menu(found.desk), inbox=pages.inbox_values(found, now=now))


def _seen(provider: str, code: str, actor: Actor, now: datetime) -> BoardFile:
    """Return a file, once it is on record that a member of the board sees it."""
    with database().reading() as session:
        found = board_file.board_file(session, actor, provider, code, now=now)
        is_seen = accounts.is_recorded(session, "evidence-seen", about_id=found.file.id, actor_id=actor.person_id, since=now - _A_LOOK)
    if not is_seen:
        with database().writing() as session:
            deciding.note_look(session, actor=actor, desk=found.desk, file=found.file, now=now)
    return found


def _page(found: BoardFile, actor: Actor, form: forms.AnswersForm, confirming: forms.ConfirmForm | None = None, *, revises: bool, now: datetime) -> ResponseReturnValue:
    mode, confirm = pages.mode_of(found, actor, revises=revises), confirming or forms.ConfirmForm(formdata=None, data={"seen": found.seen})
    page = render("recognition/board_file.html", file=pages.file_values(found, form, mode, now=now), form=form, confirm=confirm)
    return page, 422 if form.errors or confirm.errors else 200


def _revises(found: BoardFile) -> bool:
    """Tell whether an answer to this file takes the place of a decision."""
    return found.file.state is not FileState.EXEMPTION_REQUESTED


def _first_form(found: BoardFile) -> forms.AnswersForm:
    revises = _revises(found)
    return forms.answers_form(found.questions, forms.proposed(found.questions, found.seen, revises=revises), revises=revises)


@blueprint.get("/provider/<provider>/exam-board/<code>", endpoint="file")
def file_page(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    found = _seen(provider, code, actor, now)
    return _page(found, actor, _first_form(found), revises="revise" in request.args, now=now)


@blueprint.post("/provider/<provider>/exam-board/<code>/worth")
def worth(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    found = _seen(provider, code, actor, now)
    form = forms.answers_form(found.questions, revises=_revises(found))
    return _page(found, actor, form, revises=True, now=now)


def _decide(provider: str, code: str, act: Callable[..., UUID | None], **what: Any) -> ResponseReturnValue:  # noqa: ANN401 - as the act has them
    actor, now = require_actor(), utc_now()
    found = _seen(provider, code, actor, now)
    form = forms.answers_form(found.questions, revises=act is deciding.revise)
    if not form.is_in_order():
        return _page(found, actor, form, revises=True, now=now)
    why = {"why": form["why"].data} if act is deciding.revise else {}
    with database().writing() as session:
        made = act(session, actor=actor, provider_slug=provider, code=code, answers=form.answers(), seen_digest=form.seen.data or "", now=now, **why, **what)
    return _next(provider, _decided_words(is_done=made is not None))


def _decided_words(*, is_done: bool) -> str:
    return _("Besloten en getekend. De cursist krijgt bericht.") if is_done else _("Jij hebt getekend. Het besluit wacht op een tweede handtekening.")


def _next(provider: str, sentence: str) -> ResponseReturnValue:
    """Go on with the file that waits for this member next, or back to the desk when none does."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        code = queries.next_for(session, queries.board_at(session, actor, provider), actor, now=now)
    flash(" ".join((sentence, _("Dit is de volgende aanvraag.") if code else _("Er wacht nu niets meer op jou."))), "success")
    return redirect(url_for("recognition_board.file", provider=provider, code=code) if code else url_for("recognition_board.inbox", provider=provider), 303)


@blueprint.post("/provider/<provider>/exam-board/<code>/decide")
def decide(provider: str, code: str) -> ResponseReturnValue:
    return _decide(provider, code, deciding.decide)


@blueprint.post("/provider/<provider>/exam-board/<code>/revise")
def revise(provider: str, code: str) -> ResponseReturnValue:
    return _decide(provider, code, deciding.revise)


@blueprint.post("/provider/<provider>/exam-board/<code>/confirm")
def confirm(provider: str, code: str) -> ResponseReturnValue:
    actor, now, form = require_actor(), utc_now(), forms.ConfirmForm()
    found = _seen(provider, code, actor, now)
    if not form.validate():
        return _page(found, actor, _first_form(found), form, revises=True, now=now)
    with database().writing() as session:
        is_done = deciding.confirm_after_appeal(
            session, actor=actor, provider_slug=provider, code=code, why=form.why.data or "", seen_digest=form.seen.data or "", now=now,
        )
    return _next(provider, _decided_words(is_done=is_done))


@blueprint.post("/provider/<provider>/exam-board/<code>/sign")
def sign(provider: str, code: str) -> ResponseReturnValue:
    form = forms.SeenForm()
    with database().writing() as session:
        deciding.sign_decision(
            session, actor=require_actor(), provider_slug=provider, code=code, digest=form.digest.data or "", seen_digest=form.seen.data or "", now=utc_now(),
        )
    return _next(provider, _decided_words(is_done=True))


@blueprint.post("/provider/<provider>/exam-board/<code>/drop")
def drop(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        deciding.drop_draft(session, actor=require_actor(), provider_slug=provider, code=code, digest=forms.SeenForm().digest.data or "", now=utc_now())
    flash(_("Het concept is weg. De aanvraag wacht weer op een besluit."), "success")
    return redirect(url_for("recognition_board.file", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/exam-board/decisions/<number>", methods=["GET", "POST"])
def decision(provider: str, number: str) -> ResponseReturnValue:
    actor, form = require_actor(), TakeBackForm()
    if request.method == "POST" and form.validate():
        with database().writing() as session:
            newer = revoking.revoke_decision(session, actor=actor, provider_slug=provider, number=number, reason=form.reason.data or "", now=utc_now())
        flash(_("Het besluit is ingetrokken. De cursist krijgt bericht."), "success")
        return redirect(url_for(".decision", provider=provider, number=newer), 303)
    with database().reading() as session:
        desk, found = decisions.decision_at(session, actor, provider, number)
    values = decision_pages.decision_values(found, is_own=False, provider=provider, now=utc_now())
    page = render("recognition/decision.html", decision=values, board=pages.board_values(desk.slug, desk.name), form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/my/recognition/<code>/decision")
def my_file_decision(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = decisions.decision_of_file(session, require_actor(), code)
    return render("recognition/decision.html", decision=decision_pages.decision_values(found, is_own=True, now=utc_now()), board=None, form=None)


@blueprint.get("/my/recognition/decisions/<number>")
def my_decision(number: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = decisions.decision_of_learner(session, require_actor(), number)
    return render("recognition/decision.html", decision=decision_pages.decision_values(found, is_own=True, now=utc_now()), board=None, form=None)
