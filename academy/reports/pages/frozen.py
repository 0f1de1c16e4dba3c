"""Frozen reports as pages show them, and their files."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, in_current_language, moment_text, shown
from academy.kernel.text import LANGUAGES, Language
from academy.kernel.translation import _, ngettext
from academy.reports.facts import Section, SnapshotFacts, Table
from academy.reports.kinds import SnapshotKind
from academy.reports.pages.charts import Chart
from academy.reports.pages.drawings import charts_of, drawings_of
from academy.reports.queries.as_data import Report, as_json
from academy.reports.queries.as_text import columns_to_read, is_number, texts_of
from academy.reports.queries.headings import about_of, title_of
from academy.reports.queries.snapshots import Frozen
from academy.reports.report_pdf import report_pdf
from academy.reports.service.freezing import marks_of
from academy.reports.workbook import as_lines, as_workbook

_DATA: Final = "json"  # all that a report says; its SHA-256 is the hash of the data
_MADE: Final = {
    "pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}
MEDIA: Final = {**_MADE, _DATA: "application/json"}
_MOST_ROWS: Final = 20  # of a table on a page; the files have all
_MOST_OPEN: Final = 8  # a longer table is folded, so that the page can be overseen


def file_of(report: Report, language: Language, kind: str) -> bytes:
    """Return a file of a report: `pdf`, `xlsx`, `csv` or `json`. The same report gives the same bytes."""
    if kind == _DATA:
        return as_json(report)
    if kind == "pdf":
        return report_pdf(report, language, code=marks_of(report)[0], drawings=drawings_of(report, language))
    return as_workbook(report, language) if kind == "xlsx" else as_lines(report, language)


def hashes_of(report: Report) -> dict[str, str]:
    """Make every file of a report that is in a language, and return the SHA-256 of each by its name, such as `nl.pdf`."""
    return {f"{language}.{kind}": hashlib.sha256(file_of(report, language, kind)).hexdigest() for language in LANGUAGES for kind in _MADE}


def hash_of(found: Frozen, language: Language, kind: str) -> str:
    """Return the SHA-256 that a file of a report has; "" where none was kept."""
    return found.facts.data_hash if kind == _DATA else found.files.get(f"{language}.{kind}", "")


def filename(facts: SnapshotFacts, kind: str) -> str:
    """Return how a file is called where it is kept."""
    return "-".join((_("rapport"), facts.view.period, f"{facts.code.lower()}.{kind}"))


def overview_values(found: Iterable[SnapshotFacts]) -> list[dict[str, Any]]:
    """Return the lines of the list of the programme office."""
    return [_line(each) | {"url": url_for("frozen_reports.show", code=each.code), "published": _published(each)} for each in found]


def public_values(found: Iterable[SnapshotFacts]) -> list[dict[str, Any]]:
    """Return the lines of the list for everybody."""
    return [_line(each) | {"url": url_for("frozen_reports.public_show", code=each.code), "published": _published(each)} for each in found]


def _line(facts: SnapshotFacts) -> dict[str, Any]:
    return {
        "code": facts.code, "title": in_current_language(title_of(facts.kind, facts.view)), "about": in_current_language(about_of(facts.kind, facts.view)),
        "counted": _counted(facts), "made": _("gemaakt op %(day)s", day=day(amsterdam_day(facts.made_at))),
    }


def _counted(facts: SnapshotFacts) -> str:
    return _("Geteld is wat er gebeurde voor %(day)s.", day=day(facts.as_of))


def _published(facts: SnapshotFacts) -> str:
    return "" if facts.published_at is None else _("openbaar sinds %(moment)s", moment=moment_text(facts.published_at))


def show_values(found: Frozen, *, is_public: bool) -> dict[str, Any]:
    """Return what the page of a report shows."""
    facts, report = found.facts, found.report
    endpoint = "frozen_reports.public_file" if is_public else "frozen_reports.file"
    return {
        "code": facts.code, "title": shown(report.title), "about": shown(report.about), "counted": _counted(facts), "published": _published(facts),
        "is_whole": found.is_whole, "is_open_year": facts.kind is not SnapshotKind.CHOSEN and facts.until_on >= facts.as_of,
        "files": [(label, url_for(endpoint, code=facts.code, kind=kind)) for kind, label in (
            ("pdf", _("Download als PDF")), ("xlsx", _("Spreadsheet (XLSX)")), ("csv", _("Alles in één lijst (CSV)")), (_DATA, _("Alle gegevens (JSON)")),
        )],
        "sections": [_section_values(each) for each in report.sections],
        "hashes": [
            (_("Controlegetal van de vraag"), facts.query_hash), (_("Controlegetal van de gegevens"), facts.data_hash),
            *((_("Bestand %(name)s", name=name), value) for name, value in sorted(found.files.items())),
        ],
    }


def _section_values(section: Section) -> dict[str, Any]:
    charts = charts_of(section)
    return {
        "name": section.name, "title": shown(section.title), "sentences": [shown(each) for each in section.sentences],
        "tables": [_table_values(section, each, charts.get(each.name)) for each in section.tables],
    }


def _table_values(section: Section, table: Table, chart: Chart | None) -> dict[str, Any]:
    read = columns_to_read(table)
    columns = [(in_current_language(table.columns[at].title), is_number(table.columns[at])) for at in read]
    return {
        "id": f"{section.name}-{table.name}", "title": shown(table.title), "note": shown(table.note), "columns": columns, "chart": chart,
        "rows": [_cells(texts_of(table, row), read) for row in table.rows[:_MOST_ROWS]],
        "is_long": len(table.rows) > _MOST_OPEN, "open_words": ngettext("Toon %(num)s rij", "Toon %(num)s rijen", min(len(table.rows), _MOST_ROWS)),
        "more": _("Hier staan de eerste %(most)s van %(all)s rijen.", most=_MOST_ROWS, all=len(table.rows)) if len(table.rows) > _MOST_ROWS else "",
    }


def _cells(texts: Sequence[str], read: Sequence[int]) -> list[str]:
    return [texts[at] for at in read]
