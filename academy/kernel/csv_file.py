"""Tables as CSV, for a Dutch spreadsheet; what people call themselves never becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection
_BELOW_ZERO: Final = re.compile(r"-\d+(?:,\d+)?")  # an amount, which no spreadsheet takes for a formula


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV with semicolons, as a Dutch spreadsheet expects; UTF-8 with a mark, so that names keep their accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) and not _BELOW_ZERO.fullmatch(cell) else cell
