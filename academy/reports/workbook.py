"""A frozen report for a spreadsheet: a workbook with a sheet per table, and everything as one long list (CSV).

Made of the data of the report alone, without a clock: the same report gives the same bytes, on any machine. What stands in it never becomes a formula.
"""

import io
import re
from datetime import date, datetime, time
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from academy.kernel.csv_file import as_csv
from academy.kernel.formats import in_current_language
from academy.kernel.text import SITE_NAME, Language, Localized
from academy.kernel.translation import _, reading_in
from academy.reports.facts import Column, ColumnKind, Section, Table, Value
from academy.reports.queries.as_data import Report, as_data, digest_of, query_of
from academy.reports.queries.as_text import kinds_in, number_in, value_text

_MOST_IN_NAME: Final = 31  # of a sheet
_NOT_IN_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_WIDEST: Final = 60
_FORMATS: Final = {ColumnKind.EURO: "#,##0.00", ColumnKind.PERCENT: "0.0", ColumnKind.SCORE: "0.0", ColumnKind.DAY: "yyyy-mm-dd"}


def as_workbook(report: Report, language: Language) -> bytes:
    """Return a report as an Excel workbook: first what it is, then a sheet per table; amounts in euros, shares in per cents, what is hidden as text."""
    out = io.BytesIO()
    with reading_in(language), Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({
            "title": in_current_language(report.title), "author": SITE_NAME, "created": datetime.combine(report.as_of, time()),
        })
        looks = _Looks(book)
        _front(book.add_worksheet(_sheet_name(_("Over dit rapport"), set())), report, looks)
        names: set[str] = {_("Over dit rapport").lower()}
        for section in report.sections:
            for table in section.tables:
                _sheet(book.add_worksheet(_sheet_name(in_current_language(table.title), names)), table, looks)
    return out.getvalue()


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 16})
        self.heading: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.of: dict[ColumnKind, Format] = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
        self.right: Format = book.add_format({"align": "right"})


def _sheet_name(title: str, taken: set[str]) -> str:
    """Return a name that Excel takes: at most 31 characters, none that it forbids, and no second time (it sees no capitals)."""
    plain = _NOT_IN_NAME.sub(" ", title).strip() or "-"
    name, number = plain[:_MOST_IN_NAME], 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[:_MOST_IN_NAME - 4]} {number}"
    taken.add(name.lower())
    return name


def _front(sheet: Worksheet, report: Report, looks: _Looks) -> None:
    sheet.set_column(0, 0, 100)
    lines = [in_current_language(report.about), *_marks(report)]
    sheet.write_string(0, 0, in_current_language(report.title), looks.title)
    for section in report.sections:
        lines += ["", in_current_language(section.title), *(in_current_language(each) for each in section.sentences)]
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, line, looks.wrapped)


def _marks(report: Report) -> list[str]:
    """Return what tells this report from every other one."""
    return [
        _("Geteld is wat er gebeurde voor %(day)s.", day=value_text(ColumnKind.DAY, report.as_of.isoformat())),
        *(": ".join(pair) for pair in (
            (_("Methode"), report.method), (_("Controlegetal van de vraag"), digest_of(query_of(report))), (_("Controlegetal van de gegevens"), digest_of(as_data(report))),
        )),
    ]


def _sheet(sheet: Worksheet, table: Table, looks: _Looks) -> None:
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, in_current_language(column.title), looks.heading)
        sheet.set_column(at, at, _width(table, at))
    for number, row in enumerate(table.rows, start=1):
        for at, (kind, value) in enumerate(zip(kinds_in(table, row), row, strict=True)):
            if isinstance(value, int):
                sheet.write_number(number, at, float(number_in(table.columns[at], kind, value)), looks.of.get(kind))
            else:
                _words(sheet, (number, at), kind, value, looks)
    sheet.freeze_panes(1, 0)
    if table.note:
        sheet.write_string(len(table.rows) + 2, 0, in_current_language(table.note))


def _width(table: Table, at: int) -> int:
    longest = max((len(value_text(table.columns[at].kind, row[at])) for row in table.rows), default=0)
    return min(_WIDEST, max(10, longest + 1, len(in_current_language(table.columns[at].title)) // 2))


def _words(sheet: Worksheet, place: tuple[int, int], kind: ColumnKind, value: str | Localized | None, looks: _Looks) -> None:
    if kind is ColumnKind.DAY and isinstance(value, str) and value:
        sheet.write_datetime(*place, date.fromisoformat(value), looks.of[kind])
    else:
        sheet.write_string(*place, value if isinstance(value, str) else value_text(kind, value), looks.right if value is None else None)


def as_lines(report: Report, language: Language) -> bytes:
    """Return everything that a report says as one CSV, a line per sentence and per value."""
    with reading_in(language):
        heading = [_("Deel"), _("Tabel"), _("Rij"), _("Over"), _("Kolom"), _("Naam van de kolom"), _("Soort"), _("Waarde")]
        lines: list[list[str]] = [["", "", "", "", "", line, "text", ""] for line in (in_current_language(report.title), in_current_language(report.about), *_marks(report))]
        for section in report.sections:
            lines += [[section.name, "", str(number), "", "", "", "text", in_current_language(each)] for number, each in enumerate(section.sentences, start=1)]
            for table in section.tables:
                lines += _table_lines(section, table)
        return as_csv(heading, lines)


def _table_lines(section: Section, table: Table) -> list[list[str]]:
    found: list[list[str]] = []
    for number, row in enumerate(table.rows, start=1):
        about = _about(table, row)
        for column, kind, value in zip(table.columns, kinds_in(table, row), row, strict=True):
            found.append([section.name, table.name, str(number), about, column.name, in_current_language(column.title), kind.value, _plain(column, kind, value)])
    return found


def _about(table: Table, row: tuple[Value, ...]) -> str:
    """Return what a row is about: its name, else its first value."""
    names: list[str] = [column.name for column in table.columns]
    at = names.index("label") if "label" in names else 0
    return value_text(table.columns[at].kind, row[at])


def _plain(column: Column, kind: ColumnKind, value: Value) -> str:
    """Return a value for who calculates with it: no signs between thousands, a decimal comma (as a Dutch spreadsheet reads it), days as ISO 8601; what is hidden in words."""
    if isinstance(value, int):
        return str(number_in(column, kind, value)).replace(".", ",")
    return value if isinstance(value, str) else value_text(kind, value)
