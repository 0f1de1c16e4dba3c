"""Tables of reports as pages and files show them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from academy.kernel.csv_file import as_csv
from academy.kernel.errors import NotFound
from academy.kernel.formats import in_current_language, shown
from academy.kernel.text import Localized
from academy.reports.facts import Column, ColumnKind, Section, Table, Value
from academy.reports.queries.as_text import columns_to_read, is_number, kinds_in, missing_text, number_in, texts_of

_DECIMALS: Final = {ColumnKind.EURO: 2, ColumnKind.PERCENT: 1, ColumnKind.SCORE: 1}


def table_values(table: Table, *, links: Mapping[str, str] | None = None, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return a table for a page. `links` leads from the code in the first column to where its row leads; columns of `without` stay out."""
    left_out = set(without)
    read = [at for at in columns_to_read(table) if table.columns[at].name not in left_out]
    return {
        "name": table.name, "title": in_current_language(table.title), "note": in_current_language(table.note),
        "columns": [(in_current_language(table.columns[at].title), is_number(table.columns[at])) for at in read],
        "rows": [
            {"head": _head(row[read[0]]), "url": (links or {}).get(str(row[0]), ""), "cells": [texts[at] for at in read[1:]]}
            for row, texts in ((row, texts_of(table, row)) for row in table.rows)
        ],
    }


def _head(value: Value) -> Any:  # noqa: ANN401 - a text with its language
    return shown(value) if isinstance(value, Localized) else shown(Localized("" if value is None else str(value)))


def table_file(table: Table) -> bytes:
    """Return a table as a file: every column, numbers as a Dutch spreadsheet reads them, amounts in euros; what is hidden says so."""
    return as_csv(
        [in_current_language(each.title) for each in table.columns],
        [list(map(_plain, table.columns, kinds_in(table, row), row)) for row in table.rows],
    )


def section_file(section: Section, name: str) -> bytes:
    """Return a table of a part of a report as a file. Raises NotFound for one that is not there."""
    found = next((each for each in section.tables if each.name == name), None)
    if found is None:
        raise NotFound
    return table_file(found)


def _plain(column: Column, kind: ColumnKind, value: Value) -> str:
    if isinstance(value, Localized):
        return in_current_language(value)
    if value is None:
        return missing_text(kind)
    if isinstance(value, str):
        return value
    number = number_in(column, kind, value)
    return (f"{number:.{_DECIMALS[kind]}f}" if kind in _DECIMALS else str(number)).replace(".", ",")
