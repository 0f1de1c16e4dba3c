"""Finished values for demand against supply: three sentences, six figures, four charts, the gaps, and what else was counted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import url_for

from academy.kernel.formats import day, in_current_language, moment_text, money, number_text, shown
from academy.kernel.money import Money
from academy.kernel.translation import _, reading_language
from academy.reports.facts import Gap, RunFacts, Table, View
from academy.reports.forms.choosing import ViewForm, view_address
from academy.reports.kinds import EVERY
from academy.reports.pages.charts import Chart, gap_chart, growth_chart, heat_chart, time_chart
from academy.reports.pages.commissioning import state_values
from academy.reports.pages.tables import table_values
from academy.reports.queries.as_text import hidden_words, texts_of
from academy.reports.queries.commissions import UnderWay, area_asked
from academy.reports.queries.dashboard import Dashboard
from academy.reports.queries.picture import told
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE
from academy.reports.rules.scoring import CENTS_A_PERSON, METHOD, MOST_MONEY
from academy.reports.words import beyond_words, period_words, view_words

_EMPTY: Final = "–"


def dashboard_values(found: Dashboard, form: ViewForm) -> dict[str, Any]:
    """Return what the page shows."""
    view, tables = found.found.view, {each.name: each for each in found.tables}
    links = gap_links(found)
    charts = (
        (gap_chart(tables["gaps"], reading_language(), links=links), "gaps"), (growth_chart(tables["growth"], reading_language(), links=links), "growth"),
        (time_chart(tables["timeline"], reading_language(), links=_period_links(found, form), beyond=beyond_words(view)), "timeline"),
        (heat_chart(tables["slots"], reading_language(), links=links, beyond=beyond_words(view)), "slots"),
    )
    return {
        "counted": counted_words(found.run), "made": moment_text(found.run.made_at), "view": view_words(view), "address": view_address(view),
        "sentences": [in_current_language(each) for each in found.section.sentences], "figures": _figures(tables["figures"], has_before=found.found.has_before),
        "before": period_words(found.found.before) if found.found.has_before else "",
        "charts": [_chart(chart, name, form) for chart, name in charts], "gaps": [_gap(number, each, view, found.asked.get(each.skill)) for number, each in enumerate(found.found.gaps, start=1)],
        "is_empty": not found.found.gaps, "gaps_file": file_url("gaps", form),
        "tables": [_table(tables[name], form) for name in ("clusters", "lines", "sources")],
        "comparison": _comparison(found, form, links), "few": FEW_PEOPLE, "few_firms": FEW_FIRMS, "method": METHOD, "euros": CENTS_A_PERSON // 100, "most": MOST_MONEY,
    }


def counted_words(run: RunFacts) -> str:
    """Return up to which day was counted."""
    return _("Geteld tot en met %(day)s", day=day(run.as_of - timedelta(days=1)))


def gap_links(found: Dashboard) -> dict[str, str]:
    """Return the page behind every gap, by its skill."""
    return {each.skill: gap_url(each.skill, found.found.view) for each in found.found.gaps}


def _period_links(found: Dashboard, form: ViewForm) -> dict[str, str]:
    """Return the page of every period of the line over time but this one, with all else that is chosen."""
    return {each: url_for("reports.dashboard", **form.address() | {"period": each}) for each in found.found.quarters if each != found.found.view.period}


def gap_url(skill: str, view: View) -> str:
    """Return the page of the rows behind a gap."""
    return url_for("reports.gap", skill=skill, **view_address(view))


def commission_url(skill: str, view: View) -> str:
    """Return where providers are asked to fill a gap; where nobody told where they live, they are asked for everywhere."""
    return url_for("commissions.new", skill=skill, period=view.period, area=area_asked(view), sector=view.sector or EVERY)


def commission_values(there: UnderWay | None) -> dict[str, str] | None:
    """Return where the request to providers stands that is under way for a gap; None without one."""
    return None if there is None else {"url": url_for("commissions.show", code=there.code), **state_values(there.state)}


def file_url(table: str, form: ViewForm) -> str:
    """Return where a table is to be had as a file."""
    return url_for("reports.table_file", table=table, **form.address())


def _figures(table: Table, *, has_before: bool) -> list[dict[str, str]]:
    label, now, then = (table.column(name) for name in ("name", "value", "before"))
    texts = [texts_of(table, row) for row in table.rows]
    return [{"label": each[label], "value": each[now], "before": _("was %(number)s", number=each[then]) if has_before else ""} for each in texts]


def _chart(chart: Chart, name: str, form: ViewForm) -> dict[str, Any]:
    return {"chart": chart, "csv_url": file_url(name, form)}


def _gap(number: int, gap: Gap, view: View, there: UnderWay | None) -> dict[str, Any]:
    cell = gap.cell
    return {
        "number": number, "label": shown(gap.label), "url": gap_url(gap.skill, view), "people": people_words(told(cell)), "firms": number_text(cell.firms),
        "free": number_text(cell.free), "pledged": euros_words(cell.cents), "searches": number_text(cell.searches), "score": number_text(cell.score) if cell.score else _EMPTY,
        "new_url": commission_url(gap.skill, view), "commission": commission_values(there),
    }


def people_words(people: int | None) -> str:
    """Return a number of people; that it is hidden."""
    return hidden_words() if people is None else number_text(people)


def euros_words(cents: int | None) -> str:
    """Return an amount; that it is hidden, or nothing."""
    if cents is None:
        return hidden_words()
    return money(Money(cents)) if cents else _EMPTY


def _table(table: Table, form: ViewForm) -> dict[str, Any]:
    return table_values(table) | {"csv_url": file_url(table.name, form)}


def _comparison(found: Dashboard, form: ViewForm, links: Mapping[str, str]) -> dict[str, Any] | None:
    if found.comparison is None:
        return None
    return _table(found.comparison, form) | table_values(found.comparison, links=links)
