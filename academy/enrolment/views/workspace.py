"""Pages of a provider's workspace that show people: the way in, and everything about classes."""

from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries, roster, service
from academy.enrolment.forms import classes as forms
from academy.enrolment.pages import deciding as deciding_pages
from academy.enrolment.pages import workspace as pages
from academy.enrolment.pages.attending import ways_from
from academy.enrolment.queries import deciding as deciding_queries
from academy.enrolment.queries import inbox
from academy.enrolment.queries.attending import rights_at
from academy.enrolment.queries.drawing import draw_at
from academy.enrolment.service import deciding
from academy.kernel.cleaning import clean_line
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, render, throttled

blueprint = localized_blueprint("workspace", __name__)

_ROSTERS: Final = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (roster.as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@blueprint.get("/provider/<provider>")
def home(provider: str) -> ResponseReturnValue:
    today, q = amsterdam_day(utc_now()), clean_line(request.args.get("q", "")[:200])
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    with database().reading() as session:
        there = catalogue.workspace_for_reading(session, require_actor(), provider)
        table = catalogue.module_table(session, there.provider.id, words=q.split()[:5], page=page, today=today)
        tasks = catalogue.tasks(session, there.provider.id)
        classes = catalogue.offerings_soon(session, there, today=today)
        seats = queries.seats(session, [work.offering.id for work in classes])
        waiting = inbox.waiting_at(session, there)
    return render(
        "enrolment/workspace/home.html", workspace=pages.workspace_values(there),
        tasks=[*pages.requests_tasks(there, *waiting), *pages.tasks(there, tasks, classes, seats, today=today)],
        rows=[pages.module_row(there, row) for row in table.rows], count=table.count, q=q,
        paging=pages.paging(there, q=q, page=page, count=table.count, size=catalogue.MODULES_PER_PAGE),
    )


def _form(there: catalogue.Workspace, base: catalogue.OfferingDraft | None, usual: dict[str, str]) -> forms.OfferingForm:
    shown = usual if base is None else forms.offering_values(base)
    form = forms.OfferingForm(formdata=None, data=shown) if request.method == "GET" else forms.OfferingForm()
    with database().reading() as session:
        form.offer(catalogue.places(session, there.provider.id), base)
    return form


def _form_page(form: forms.OfferingForm, there: catalogue.Workspace, **about: object) -> ResponseReturnValue:
    page = render(
        "enrolment/workspace/offering_form.html", form=form, workspace=pages.workspace_values(there), more_is_open=form.more_is_wrong(), **about,
    )
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/provider/<provider>/modules/<module>/offerings/new", methods=["GET", "POST"])
def plan(provider: str, module: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        work = catalogue.module_for_planning(session, actor, provider, module)
    form = _form(work.workspace, None, {"part_of_day": "evening", "language": (work.content.languages or ("nl",))[0]})
    after = url_for("catalogue.module_in_work", provider=provider, module=module)
    if request.method == "GET" or not form.is_in_order(None, today=amsterdam_day(now)):
        return _form_page(form, work.workspace, title=work.content.title, back_url=after, is_new=True)
    with database().writing() as session:
        code = catalogue.plan_offering(session, actor=actor, provider_slug=provider, module_slug=module, draft=form.draft(None), now=now)
    if work.state is catalogue.PublicationState.PUBLISHED:
        after = url_for("workspace.offering", provider=provider, code=code)
    elif form.act.data == "later":
        after = url_for("workspace.home", provider=provider)
    flash(_("Het startmoment is bewaard als concept."), "success")
    return redirect(after, 303)


def _seen(provider: str, code: str, act: str) -> queries.ClassFacts:
    """Return a class with its people, once it is on record that they are seen."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.class_of(session, actor, provider, code)
        is_noted = queries.is_look_noted(session, actor, found, act, now=now)
    if not is_noted:
        with database().writing() as session:
            service.note_look(session, actor=actor, found=found, act=act, now=now)
    return found


@blueprint.get("/provider/<provider>/offerings/<code>")
def offering(provider: str, code: str) -> ResponseReturnValue:
    found = _seen(provider, code, "roster-seen")
    work, today = found.work, amsterdam_day(utc_now())
    with database().reading() as session:
        rights = rights_at(session, require_actor(), work.workspace.provider.id)
        draw = draw_at(session, work.offering.id)
    choices = None
    if work.workspace.rights.plan and deciding_queries.is_undecided(work, found.taken, today=today):
        with database().reading() as session:
            others = deciding_queries.choices_for(session, work, found.taken, today=today)
        choices = deciding_pages.choices(found, others)
    return render(
        "enrolment/workspace/offering.html", workspace=pages.workspace_values(work.workspace), offering=pages.class_values(found, draw=draw),
        choices=choices, ways=ways_from(work, rights), form=ActForm(),
    )


@blueprint.route("/provider/<provider>/offerings/<code>/edit", methods=["GET", "POST"])
def edit_offering(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        work = catalogue.offering_for_planning(session, actor, provider, code)
    form = _form(work.workspace, work.draft, {})
    if request.method == "GET" or not form.is_in_order(work.draft, today=amsterdam_day(now)):
        return _form_page(form, work.workspace, title=work.module_title, back_url=pages.class_url(work), is_new=False)
    with database().writing() as session:
        service.replan(session, actor=actor, provider_slug=provider, code=code, draft=form.draft(work.draft), now=now)
    flash(_("Het startmoment is gewijzigd."), "success")
    return redirect(pages.class_url(work), 303)


@blueprint.post("/provider/<provider>/offerings/<code>/open")
def open_offering(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        catalogue.open_for_enrolment(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Mensen kunnen zich nu inschrijven."), "success")
    return redirect(url_for("workspace.offering", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/offerings/<code>/guarantee")
def guarantee(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        deciding.promise(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Bij de module staat nu: gaat zeker door. Wie is ingeschreven krijgt een e-mail."), "success")
    return redirect(url_for("workspace.offering", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/offerings/<code>/copy")
def copy(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        new = catalogue.copy_offering(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Dit is de kopie voor het volgende halfjaar. Controleer de datums, denk aan vakanties."), "success")
    return redirect(url_for("workspace.edit_offering", provider=provider, code=new), 303)


@blueprint.route("/provider/<provider>/offerings/<code>/call-off", methods=["GET", "POST"])
def call_off(provider: str, code: str) -> ResponseReturnValue:
    actor, form, now = require_actor(), forms.CallOffForm(), utc_now()
    with database().reading() as session:
        work = catalogue.offering_for_planning(session, actor, provider, code)
        found = queries.class_of(session, actor, provider, code)
    if request.method == "GET" or not form.validate():
        form.people.data = str(len(found.roster))
        page = render("enrolment/workspace/call_off.html", form=form, workspace=pages.workspace_values(work.workspace),
                      offering=pages.class_values(found))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.call_off(
            session, actor=actor, provider_slug=provider, code=code, reason=form.reason.data or "", people=form.number, now=now,
        )
    flash(_("De groep is afgezegd. Wie was ingeschreven krijgt een e-mail."), "success")
    return redirect(pages.class_url(work), 303)


def _roster(provider: str, code: str, ending: str) -> Response:
    found = _seen(provider, code, "roster-exported")
    write, kind = _ROSTERS[ending]
    answer = Response(write(pages.roster_heading(), [pages.roster_row(line) for line in found.roster]), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.work.offering.code.lower()}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/provider/<provider>/offerings/<code>/roster.csv")
@throttled(a_minute=60)
def roster_csv(provider: str, code: str) -> ResponseReturnValue:
    return _roster(provider, code, "csv")


@blueprint.get("/provider/<provider>/offerings/<code>/roster.xlsx")
@throttled(a_minute=60)
def roster_workbook(provider: str, code: str) -> ResponseReturnValue:
    return _roster(provider, code, "xlsx")
