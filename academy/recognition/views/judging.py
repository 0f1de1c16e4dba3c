"""Pages about assessors: judging with each instrument, and the report."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, render
from academy.recognition.forms import judging as forms
from academy.recognition.pages import judging as pages
from academy.recognition.queries import guiding
from academy.recognition.queries import judging as queries
from academy.recognition.queries.judging import Judging
from academy.recognition.rules.deciding import report_faults
from academy.recognition.service import judging as service
from academy.recognition.service import slots
from academy.recognition.service.guiding import note_look

blueprint = localized_blueprint("recognition_judging", __name__)


def _seen(provider: str, code: str) -> Judging:
    """Return a file, once it is on record that its learner is seen."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.judging_at(session, actor, provider, code)
        is_noted = not found.names or guiding.is_seen(session, actor, found.file.id, now=now)
    if not is_noted:
        with database().writing() as session:
            note_look(session, actor=actor, desk=found.desk, file=found.file, now=now)
    return found


def _page(found: Judging, template: str, form: forms.AnswersForm | forms.MoreForm | forms.PlanForm | None) -> ResponseReturnValue:
    fields = None if isinstance(form, forms.PlanForm) else form
    shown = pages.judging_values(found, fields, now=utc_now())
    return render(f"recognition/{template}.html", found=shown, menu=shown["menu"], form=form or ActForm(formdata=None)), 422 if form is not None and form.errors else 200


def _done(provider: str, code: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".judge", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/recognition/<code>/judge", methods=["GET", "POST"])
def judge(provider: str, code: str) -> ResponseReturnValue:
    found, now, is_shown = _seen(provider, code), utc_now(), request.method == "GET"
    task = pages.task_of(found, now=now)
    if task not in {"portfolio", "look"}:
        return _page(found, "judge", None)
    is_look = task == "look"
    form = forms.answers_form(found.outcomes, {}, is_shown=is_shown, with_criteria=not is_look, may_skip=is_look)
    if is_shown or not forms.says_all(form, found.outcomes, service.look_faults if is_look else service.portfolio_faults):
        return _page(found, "judge", form)
    act = service.finish_instrument if is_look else service.judge_portfolio
    with database().writing() as session:
        act(session, actor=require_actor(), provider_slug=provider, code=code, answers=form.answers(found.outcomes), notes=form.notes_said, now=now)
    return _done(provider, code, _("Je oordeel is bewaard."))


@blueprint.route("/provider/<provider>/recognition/<code>/judge/more", methods=["GET", "POST"])
def more(provider: str, code: str) -> ResponseReturnValue:
    found = _seen(provider, code)
    if not found.judges_portfolio:
        return redirect(url_for(".judge", provider=provider, code=code), 303)
    form = forms.more_form(found.outcomes)
    if request.method == "GET" or not form.is_in_order(found.outcomes):
        return _page(found, "judge_more", form)
    with database().writing() as session:
        service.ask_for_more(
            session, actor=require_actor(), provider_slug=provider, code=code, missing=form.missing(found.outcomes), now=utc_now(),
        )
    return _done(provider, code, _("De cursist krijgt een e-mail, vult aan en verstuurt opnieuw."))


@blueprint.route("/provider/<provider>/recognition/<code>/judge/plan", methods=["GET", "POST"])
def plan(provider: str, code: str) -> ResponseReturnValue:
    found, now = _seen(provider, code), utc_now()
    if not found.may_plan:
        return redirect(url_for(".judge", provider=provider, code=code), 303)
    form = forms.PlanForm(formdata=None) if request.method == "GET" else forms.PlanForm()
    form.offer(found.places)
    if request.method == "GET" or not form.is_in_order(now=now):
        return _page(found, "judge_plan", form)
    with database().writing() as session:
        service.plan_instrument(session, actor=require_actor(), provider_slug=provider, code=code, draft=form.draft(), now=now)
    return _done(provider, code, _("Het staat gepland. De cursist krijgt een e-mail."))


@blueprint.route("/provider/<provider>/recognition/<code>/report", methods=["GET", "POST"])
def report(provider: str, code: str) -> ResponseReturnValue:
    """Show the report; as long as there is none, the form on which it is written."""
    page = _issued(provider, code)
    if page is not None:
        return page
    found, is_shown = _seen(provider, code), request.method == "GET"
    if not found.may_report:
        return redirect(url_for(".judge", provider=provider, code=code), 303)
    form = forms.answers_form(found.outcomes, pages.prefilled(found), is_shown=is_shown, evidence=found.evidence, with_criteria=True, with_notes=False)
    known = {each.id for each in found.evidence}
    if is_shown or not forms.says_all(form, found.outcomes, lambda asked, answers: report_faults(asked, answers, known)):
        return _page(found, "judge_report", form)
    with database().writing() as session:
        service.issue_report(session, actor=require_actor(), provider_slug=provider, code=code, answers=form.answers(found.outcomes), now=utc_now())
    flash(_("Het rapport is klaar. De cursist krijgt een e-mail."), "success")
    return redirect(url_for(".report", provider=provider, code=code), 303)


def _issued(provider: str, code: str) -> ResponseReturnValue | None:
    """Answer with the report, once it is on record that somebody reads it; None as long as there is none."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.report_at(session, actor, provider, code)
        is_noted = found is None or guiding.is_seen(session, actor, found.file.id, now=now)
    if found is None:
        return None
    if found.desk is not None and not is_noted:
        with database().writing() as session:
            note_look(session, actor=actor, desk=found.desk, file=found.file, now=now)
    back = url_for("recognition_guiding.desk", provider=provider)
    return render("recognition/report.html", report=pages.report_values(found), trail=[(_("Erkenning bij %(name)s", name=found.provider_name), back)])


@blueprint.get("/my/recognition/<code>/report")
def mine(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.report_of_learner(session, require_actor(), code)
    back = url_for("recognition_claiming.show", code=code)
    return render("recognition/report.html", report=pages.report_values(found), trail=[(_("Mijn aanvraag"), back)])


def _act(provider: str, code: str, act: Callable[..., None], words: str) -> ResponseReturnValue:
    """Do something that needs no more than a button."""
    ActForm().validate()
    with database().writing() as session:
        act(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    return _done(provider, code, words)


@blueprint.post("/provider/<provider>/recognition/<code>/judge/take")
def take(provider: str, code: str) -> ResponseReturnValue:
    return _act(provider, code, service.take_assessment, _("Je beoordeelt dit portfolio. Je ziet nu het bewijs."))


@blueprint.post("/provider/<provider>/recognition/<code>/judge/back")
def back(provider: str, code: str) -> ResponseReturnValue:
    return _act(provider, code, service.stand_back, _("Je hebt de aanvraag teruggegeven. Je ziet het bewijs niet meer."))


@blueprint.post("/provider/<provider>/recognition/<code>/judge/call-off")
def call_off(provider: str, code: str) -> ResponseReturnValue:
    return _act(provider, code, slots.call_off_as_assessor, _("De afspraak is afgezegd. De cursist krijgt een e-mail en kiest een nieuw moment."))
