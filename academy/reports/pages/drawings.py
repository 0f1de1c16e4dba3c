"""Which tables of a report are drawn, and how."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from academy.kernel.text import Language
from academy.kernel.translation import reading_language
from academy.reports.facts import Section, Table
from academy.reports.pages import charts
from academy.reports.pages.charts import Chart
from academy.reports.queries.as_data import Report
from academy.reports.queries.sections import base_name
from academy.reports.report_pdf import Drawing

_DRAWN: Final[Mapping[tuple[str, str], Callable[[Table, Language], Chart]]] = {
    ("demand", "gaps"): charts.gap_chart, ("demand", "growth"): charts.growth_chart, ("demand", "timeline"): charts.time_chart, ("demand", "slots"): charts.heat_chart,
    ("money", "paid"): charts.share_chart, ("experience", "sides"): charts.side_chart,
}


def charts_of(section: Section, language: Language | None = None) -> dict[str, Chart]:
    """Return the drawings of a part by the name of their table, in a language, else the reader's; where there is nothing to draw there is none."""
    kind = base_name(section)
    found = {
        each.name: _DRAWN[kind, each.name](replace(each, name=f"{section.name}-{each.name}"), language or reading_language())  # a page with two years has two of each
        for each in section.tables if each.rows and (kind, each.name) in _DRAWN
    }
    return {name: chart for name, chart in found.items() if chart.svg}


def drawings_of(report: Report, language: Language) -> dict[tuple[str, str], Drawing]:
    """Return the drawings of a report for on paper, by the names of section and table."""
    return {
        (section.name, name): Drawing(charts.for_paper(chart), chart.title, chart.description)
        for section in report.sections for name, chart in charts_of(section, language).items()
    }
