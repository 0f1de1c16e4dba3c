"""Pages of company courses on their way to a level of NLQF: of a firm or a provider, one course, and all of them for the programme office."""

from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.employers.forms import courses as forms
from academy.employers.kinds import CourseStage
from academy.employers.pages import courses as pages
from academy.employers.queries import courses as queries
from academy.employers.service import accrediting
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("courses", __name__)

_MOST_IN_FILE: Final = 5_000


@blueprint.route("/organisations/<organisation>/courses", methods=["GET", "POST"])
def overview(organisation: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    form = forms.BeginForm(formdata=None, request_key=new_id()) if request.method == "GET" else forms.BeginForm()
    with database().reading() as session:
        found = queries.courses_at(session, actor, organisation)
    if request.method == "GET" or not form.validate():
        page = render("employers/courses.html", about=pages.list_values(found, now=now), form=form)
        return page, 422 if form.errors else 200
    with database().writing() as session:
        code = accrediting.begin_course(
            session, actor=actor, organisation_id=found.organisation.id, title=form.title.data or "", nlqf=form.nlqf.data, request_key=form.key, now=now,
        )
    flash(_("De cursus staat erbij. Hieronder zie je de weg naar een niveau."), "success")
    return redirect(url_for("courses.show", code=code), 303)


@blueprint.route("/courses/<code>", methods=["GET", "POST"])
def show(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.course_at(session, actor, code)
    form = forms.step_form(found.course, is_new=request.method == "GET")
    if request.method == "GET" or not form.is_in_order(found.course, today=amsterdam_day(now)):
        return render("employers/course.html", course=pages.course_values(found, now=now), form=form), 422 if form.errors else 200
    nlqf, register_code = form.level
    with database().writing() as session:
        accrediting.note_stage(
            session, actor=actor, code=code, stage=form.becomes or CourseStage.PREPARING, on_day=form.day, link=form.link.data or "", nlqf=nlqf,
            register_code=register_code, now=now,
        )
    flash(_("De stap is genoteerd."), "success")
    return redirect(url_for("courses.show", code=code), 303)


@blueprint.post("/courses/<code>/take-back")
def take_back(code: str) -> ResponseReturnValue:
    form = forms.TakeBackForm()
    with database().writing() as session:
        accrediting.take_back_step(session, actor=require_actor(), code=code, step_id=form.step_id, now=utc_now())
    flash(_("De stap is teruggenomen. Hij blijft onderaan staan."), "success")
    return redirect(url_for("courses.show", code=code), 303)


@blueprint.get("/office/courses")
def office() -> ResponseReturnValue:
    stage, page = pages.chosen(request.args.get("stage", "")), min(max(request.args.get("page", 1, type=int), 1), 1_000)
    with database().reading() as session:
        found = queries.all_courses(session, require_actor(), stage=stage, page=page)
    return render("employers/office_courses.html", found=pages.office_values(found, stage=stage, page=page, now=utc_now()))


@blueprint.get("/office/courses.csv")
@throttled(a_minute=60)
def office_file() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.all_courses(session, require_actor(), stage=pages.chosen(request.args.get("stage", "")), most=_MOST_IN_FILE)
    answer = Response(pages.office_file(found, now=utc_now()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="eigen-cursussen.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
