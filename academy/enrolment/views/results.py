"""Pages about what came of it: results, and the exam board."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.enrolment.forms import results as forms
from academy.enrolment.kinds import ResultScale
from academy.enrolment.pages import attending as class_pages
from academy.enrolment.pages import results as pages
from academy.enrolment.queries import attending as classes
from academy.enrolment.queries import results as queries
from academy.enrolment.rules.results import ReopenReason
from academy.enrolment.service import attending, grading
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("results", __name__)


@blueprint.get("/provider/<provider>/results")
def board(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        name, found = queries.classes_to_decide(session, require_actor(), provider)
    return render("enrolment/workspace/results_board.html", provider_name=name, rows=[pages.board_row(each) for each in found])


def _seen(provider: str, code: str) -> tuple[classes.RunningClass, dict[UUID, queries.ResultFacts]]:
    """Return a class with its results, once it is on record that its people are seen."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = classes.class_at(session, actor, provider, code)
        there = queries.results_in(session, found.of.offering.id)
        is_seen = classes.is_seen(session, actor, found, now=now)
    if not is_seen:
        with database().writing() as session:
            attending.note_look(session, actor=actor, found=found, act="roster-seen", now=now)
    return found, there


def _form(found: classes.RunningClass, there: dict[UUID, queries.ResultFacts], scale: ResultScale | None) -> forms.GradesForm:
    return forms.grades_form(scale, found.learners, pages.drafts(found, there)) if scale else forms.GradesForm()


def _page(
    found: classes.RunningClass, there: dict[UUID, queries.ResultFacts], scale: ResultScale | None, form: forms.GradesForm,
) -> str:
    return render(
        "enrolment/workspace/results.html", group=class_pages.running_class(found), results=pages.results_values(found, there, scale), form=form,
        may_teach=found.rights.teach, may_decide=found.rights.decide, scales=pages.scales(),
        has_begun=found.of.offering.starts_on <= amsterdam_day(utc_now()),
    )


@blueprint.get("/provider/<provider>/offerings/<code>/results")
def results(provider: str, code: str) -> ResponseReturnValue:
    found, there = _seen(provider, code)
    scale = pages.scale_of(there, request.args.get("scale", ""))
    return _page(found, there, scale, _form(found, there, scale))


@blueprint.post("/provider/<provider>/offerings/<code>/results")
def enter(provider: str, code: str) -> ResponseReturnValue:
    found, there = _seen(provider, code)
    scale = pages.scale_of(there, request.args.get("scale", ""))
    form = _form(found, there, scale)
    if not form.validate() or scale is None:
        return _page(found, there, scale, form), 422
    with database().writing() as session:
        grading.enter_results(
            session, actor=require_actor(), provider_slug=provider, code=code, scale=scale, entries=form.entries(found.learners), now=utc_now(),
        )
    flash(_("De resultaten zijn bewaard als concept. De examencommissie maakt ze definitief."), "success")
    return redirect(url_for("results.results", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/offerings/<code>/results/decide")
def decide(provider: str, code: str) -> ResponseReturnValue:
    form = forms.DecisionForm()
    with database().writing() as session:
        grading.make_final(session, actor=require_actor(), provider_slug=provider, code=code, seen=form.decided(), now=utc_now())
    flash(_("De resultaten zijn definitief. De cursisten krijgen bericht."), "success")
    return redirect(url_for("results.results", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/offerings/<code>/results/<enrolment>/reopen", methods=["GET", "POST"])
def reopen(provider: str, code: str, enrolment: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.ReopenForm()
    with database().reading() as session:
        found = queries.class_to_decide(session, actor, provider, code)
        learner = queries.final_in(session, found, enrolment)
    if request.method == "GET" or not form.validate():
        page = render("enrolment/workspace/results_reopen.html", form=form, group=class_pages.running_class(found), name=learner.name)
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        grading.reopen_result(
            session, actor=actor, provider_slug=provider, code=code, enrolment_code=enrolment, reason=ReopenReason(form.reason.data),
            now=utc_now(),
        )
    flash(_("Het resultaat is weer een concept. De docent kan het veranderen; daarna beslissen jullie opnieuw."), "success")
    return redirect(url_for("results.results", provider=provider, code=code), 303)
