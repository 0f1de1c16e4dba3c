"""What stands in a table of a report, as the reader gets it."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal

from academy.kernel.formats import in_current_language, number_text, short_day
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.kernel.translation import _, reading_language
from academy.reports.facts import Column, ColumnKind, Table, Value
from academy.reports.words import period_words

# Codes that machines know a row by; people read the column `label` beside them.
_KEYS: Final = frozenset({"skill", "cluster", "line"})
_URGENCY: Final = "urgency"  # a column in hundredths, from 100 to 200
_PERIOD: Final = re.compile("[0-9]{4}(-[1-4])?")
_HIDDEN: Final = frozenset({ColumnKind.PEOPLE, ColumnKind.EURO, ColumnKind.SCORE})  # kinds of which None is hidden; of the others it is not known


def value_text(kind: ColumnKind, value: Value) -> str:
    """Return a value in the reader's language; what is hidden or not known in words or signs."""
    if isinstance(value, Localized):
        return in_current_language(value)
    if value is None:
        return missing_text(kind) or ("" if kind is ColumnKind.TEXT else "–")
    if isinstance(value, str):
        return short_day(date.fromisoformat(value)) if kind is ColumnKind.DAY and value else value
    if kind is ColumnKind.EURO:
        return _euros(value)
    if kind is ColumnKind.SCORE:
        return format_decimal(Decimal(value) / 10, "0.0", locale=reading_language())
    return f"{format_decimal(Decimal(value) / 10, '0.#', locale=reading_language())}%" if kind is ColumnKind.PERCENT else number_text(value)


def missing_text(kind: ColumnKind) -> str:
    """Return what stands where there is no value: that it is hidden; "" where it is not known."""
    return hidden_words() if kind in _HIDDEN else ""


def hidden_words() -> str:
    """Return what stands where a number is hidden: of fewer than ten people, or one from which such a number would follow. Which of the two is not told."""
    return _("niet te tonen")


def _euros(cents: int) -> str:
    euros = Money(cents)
    return "€\N{NO-BREAK SPACE}0" if euros.is_zero else _money(cents)


def _money(cents: int) -> str:
    pattern = "#,##0" if cents % 100 == 0 else "#,##0.00"
    return "€\N{NO-BREAK SPACE}" + format_decimal(Decimal(cents) / 100, pattern, locale=reading_language())


def kinds_in(table: Table, row: Sequence[Value]) -> list[ColumnKind]:
    """Return what the values of a row are. Where a table has a column `unit`, it says of each row whether its numbers are cents or people."""
    units = [row[at] for at, column in enumerate(table.columns) if column.name == "unit"]
    told = {"euro": ColumnKind.EURO, "people": ColumnKind.PEOPLE}.get(str(units[0])) if units else None
    return [told if told and column.kind is ColumnKind.COUNT else column.kind for column in table.columns]


def texts_of(table: Table, row: Sequence[Value]) -> list[str]:
    """Return a row as the reader gets it."""
    return [_text(column, kind, value) for column, kind, value in zip(table.columns, kinds_in(table, row), row, strict=True)]


def _text(column: Column, kind: ColumnKind, value: Value) -> str:
    if column.name == "period" and isinstance(value, str) and _PERIOD.fullmatch(value):
        return period_words(value)
    if column.name == _URGENCY and isinstance(value, int):
        return format_decimal(number_in(column, kind, value), "0.0#", locale=reading_language())
    return value_text(kind, value)


def columns_to_read(table: Table) -> list[int]:
    """Return the positions of the columns that people read: not the codes of what has a name beside it, and not the unit, which the number shows."""
    names = {column.name for column in table.columns}
    left_out = (_KEYS if "label" in names else frozenset()) | {"unit"}
    return [at for at, column in enumerate(table.columns) if column.name not in left_out]


def number_in(column: Column, kind: ColumnKind, value: int) -> Decimal:
    """Return a number in the unit that people know: euros, per cents, and urgency from 1 to 2."""
    return Decimal(value) / (100 if column.name == _URGENCY else {ColumnKind.EURO: 100, ColumnKind.PERCENT: 10, ColumnKind.SCORE: 10}.get(kind, 1))


def is_number(column: Column) -> bool:
    """Tell whether the values of a column stand right."""
    return column.kind not in {ColumnKind.TEXT, ColumnKind.DAY}
