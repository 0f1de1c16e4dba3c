"""A roster as a file: CSV or a workbook; what people call themselves never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from xlsxwriter import Workbook

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV with semicolons, as a Dutch spreadsheet expects; UTF-8 with a mark, so that names keep their accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def as_workbook(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as an Excel workbook; every cell is text."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, name in enumerate(heading):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()
