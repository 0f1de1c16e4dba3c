"""A roster as a workbook; what people call themselves never becomes a formula."""

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook


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
