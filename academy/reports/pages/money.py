"""Finished values for the money page: one period in words, drawings and tables, and each table as a file."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from flask import url_for

from academy.funding import api as funding
from academy.kernel.formats import day, in_current_language, money
from academy.kernel.translation import _, reading_language
from academy.reports.facts import Section, View
from academy.reports.pages.charts import share_chart
from academy.reports.pages.tables import table_values
from academy.reports.rules import quarters
from academy.reports.words import begun_with_capital, period_words

_CHOICES: Final = 12  # quarters that can be looked at


def periods_at(as_of: date) -> list[str]:
    """Return the periods that can be looked at, the newest first: each year before its quarters."""
    return quarters.with_years(quarters.quarters_until(quarters.quarter_of(as_of - timedelta(days=1)), number=_CHOICES))


def view_of(asked: str, *, as_of: date) -> View:
    """Return what is looked at: the period that was asked for, else this year."""
    there = periods_at(as_of)
    return View(asked if asked in there else there[0])


def money_values(section: Section, *, view: View, as_of: date) -> dict[str, Any]:
    """Return the page of one period."""
    tables = {each.name: each for each in section.tables}
    return {
        "sentences": [in_current_language(each) for each in section.sentences], "period": view.period, "counted": day(as_of - timedelta(days=1)),
        "periods": [(each, begun_with_capital(period_words(each))) for each in periods_at(as_of)],
        "chart": share_chart(tables["paid"], reading_language()), "chart_url": _file_url("paid", view),
        "tables": [(in_current_language(tables[name].title), table_values(tables[name]), _file_url(name, view)) for name in ("shares", "paid-years", "funds", "empty")],
    }


def dearer_values(found: Sequence[funding.Dearer]) -> list[dict[str, str]]:
    """Return each module that costs more where a fund pays along, in words."""
    return [
        {
            "title": in_current_language(one.title), "url": url_for("enrolment.module_page", slug=one.slug),
            "words": _("%(provider)s vraagt %(with_money)s waar een regeling meebetaalt, en %(without)s waar dat niet zo is.", provider=one.provider,
                       with_money=money(one.with_money), without=money(one.without)),
        }
        for one in found
    ]


def _file_url(name: str, view: View) -> str:
    return url_for("report_money.file", table=name, period=view.period)
