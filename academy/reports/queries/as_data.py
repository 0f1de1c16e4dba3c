"""A report as plain data and back: what is frozen, and what its hashes are of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from academy.kernel.text import Localized, json_text
from academy.reports.facts import Column, ColumnKind, Section, Table, Value, View
from academy.reports.kinds import SnapshotKind


@dataclass(frozen=True)
class Report:
    """All that a report says, in both languages. It holds nothing of when, where or by whom it was made: the same question to the same rows is the same report."""

    kind: SnapshotKind
    view: View
    from_on: date
    until_on: date
    as_of: date  # of what happened before this day
    method: str
    title: Localized
    about: Localized  # period, area and sector, in words
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """Return a part, or None where the report has none of that name."""
        return next((each for each in self.sections if each.name == name), None)


def digest_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return the SHA-256 of a value as JSON with its keys in order, without spaces, in UTF-8: the same value is the same text everywhere."""
    return hashlib.sha256(json_text(value).encode()).hexdigest()


def query_of(report: Report) -> dict[str, Any]:
    """Return what was asked: kind, dates, view, the day up to which is counted, and the method."""
    return {
        "kind": report.kind.value, "period": report.view.period, "area": report.view.area, "sector": report.view.sector,
        "from": report.from_on.isoformat(), "until": report.until_on.isoformat(), "as_of": report.as_of.isoformat(), "method": report.method,
    }


def as_data(report: Report) -> dict[str, Any]:
    """Return the whole report as JSON holds it."""
    return {
        "query": query_of(report), "title": _both(report.title), "about": _both(report.about),
        "sections": [_section_as_data(each) for each in report.sections],
    }


def as_json(report: Report) -> bytes:
    """Return the whole report as canonical JSON: its SHA-256 is the hash of the data."""
    return json_text(as_data(report)).encode()


def report_in(data: Mapping[str, Any]) -> Report:
    """Return the report that `as_data` made into data."""
    query = data["query"]
    return Report(
        SnapshotKind(query["kind"]), View(query["period"], query["area"], query["sector"]),
        date.fromisoformat(query["from"]), date.fromisoformat(query["until"]), date.fromisoformat(query["as_of"]), query["method"],
        _localized(data["title"]), _localized(data["about"]), tuple(_section_in(each) for each in data["sections"]),
    )


def _both(text: Localized) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}


def _localized(data: Mapping[str, str]) -> Localized:
    return Localized(data["nl"], data["en"])


def _section_as_data(section: Section) -> dict[str, Any]:
    return {
        "name": section.name, "title": _both(section.title), "sentences": [_both(each) for each in section.sentences],
        "tables": [_table_as_data(each) for each in section.tables],
    }


def _table_as_data(table: Table) -> dict[str, Any]:
    return {
        "name": table.name, "title": _both(table.title), "note": _both(table.note),
        "columns": [{"name": each.name, "title": _both(each.title), "kind": each.kind.value} for each in table.columns],
        "rows": [[_both(value) if isinstance(value, Localized) else value for value in row] for row in table.rows],
    }


def _section_in(data: Mapping[str, Any]) -> Section:
    return Section(data["name"], _localized(data["title"]), tuple(_localized(each) for each in data["sentences"]), tuple(_table_in(each) for each in data["tables"]))


def _table_in(data: Mapping[str, Any]) -> Table:
    columns = tuple(Column(each["name"], _localized(each["title"]), ColumnKind(each["kind"])) for each in data["columns"])
    rows = tuple(tuple(_value_in(value) for value in row) for row in data["rows"])
    return Table(data["name"], _localized(data["title"]), columns, rows, _localized(data["note"]))


def _value_in(value: Any) -> Value:  # noqa: ANN401 - a value of JSON
    return _localized(value) if isinstance(value, dict) else value
