"""Demand against supply, and the rows behind each figure."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled
from academy.reports import freezing
from academy.reports.forms.choosing import ViewForm
from academy.reports.kinds import SnapshotKind
from academy.reports.pages import dashboard as pages
from academy.reports.pages import gap as gap_pages
from academy.reports.pages.tables import table_file as file_of
from academy.reports.queries.cells import at_one_moment, last_run
from academy.reports.queries.dashboard import counted
from academy.reports.queries.dashboard import dashboard as read_dashboard
from academy.reports.queries.drilling import behind_gap
from academy.reports.queries.reach import require_office
from academy.reports.service.counting import count_now
from academy.reports.views.files import csv_answer

blueprint = localized_blueprint("reports", __name__)

@blueprint.get("/office/reports")
def dashboard() -> ResponseReturnValue:
    with database().reading() as session:
        at_one_moment(session)
        require_office(session, require_actor())
        run = last_run(session)
        if run is None:
            return render("reports/not_counted.html")
        form = ViewForm(request.args, as_of=run.as_of)
        found = read_dashboard(session, run=run, view=form.view, beside=form.beside_area)
    form.offer_areas(found.areas)
    return render("reports/dashboard.html", form=form, report=pages.dashboard_values(found, form))


@blueprint.get("/office/reports/<table>.csv")
@throttled(a_minute=60)
def table_file(table: str) -> ResponseReturnValue:
    with database().reading() as session:
        at_one_moment(session)
        run = counted(session, require_actor())
        form = ViewForm(request.args, as_of=run.as_of)
        chosen = read_dashboard(session, run=run, view=form.view, beside=form.beside_area).table(table)
    if chosen is None:
        raise NotFound
    return csv_answer(file_of(chosen), f"{table}-{form.view.period}")


@blueprint.get("/office/reports/gap")
def gap() -> ResponseReturnValue:
    skill = request.args.get("skill", "")
    with database().reading() as session:
        at_one_moment(session)
        run = counted(session, require_actor())
        view = ViewForm(request.args, as_of=run.as_of).view
        found = behind_gap(session, view, skill, as_of=run.as_of)
    return render("reports/gap.html", gap=gap_pages.gap_values(found, view, run))


@blueprint.post("/office/reports/count")
@throttled(a_minute=6)
def count() -> ResponseReturnValue:
    with database().reading() as session:
        require_office(session, require_actor())
    run = count_now(utc_now())
    flash(_("Opnieuw geteld."), "success")
    return redirect(url_for("reports.dashboard", **ViewForm(request.args, as_of=run.as_of).address()), 303)


@blueprint.post("/office/reports/make")
@throttled(a_minute=20)
def make() -> ResponseReturnValue:
    with database().reading() as session:
        view = ViewForm(request.args, as_of=counted(session, require_actor()).as_of).view
    facts = freezing.freeze(actor=require_actor(), kind=SnapshotKind.CHOSEN, view=view, now=utc_now())
    flash(_("Het rapport is vastgelegd."), "success")
    return redirect(url_for("frozen_reports.show", code=facts.code), 303)
