"""Who paid, what funds were used, and which paid seats stayed empty."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render, throttled
from academy.reports.facts import Section, View
from academy.reports.pages import money as pages
from academy.reports.pages.tables import section_file
from academy.reports.queries.money import money_of_office
from academy.reports.views.files import csv_answer

blueprint = localized_blueprint("report_money", __name__)


def _found() -> tuple[Section, View, date]:
    """Return the period that was asked for, and the day before which everything counts: today does not, as in a report that is kept."""
    as_of = amsterdam_day(utc_now())
    view = pages.view_of(request.args.get("period", ""), as_of=as_of)
    with database().reading() as session:
        return money_of_office(session, require_actor(), view=view, as_of=as_of), view, as_of


@blueprint.get("/office/reports/money")
def overview() -> ResponseReturnValue:
    section, view, as_of = _found()
    with database().reading() as session:
        dearer = funding.dearer_with_money(session, require_actor(), now=utc_now())
    return render("reports/money.html", money=pages.money_values(section, view=view, as_of=as_of), dearer=pages.dearer_values(dearer))


@blueprint.get("/office/reports/money/<table>.csv")
@throttled(a_minute=60)
def file(table: str) -> ResponseReturnValue:
    section, view, _as_of = _found()
    return csv_answer(section_file(section, table), f"{table}-{view.period}")
