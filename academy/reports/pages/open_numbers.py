"""The open numbers as everybody reads them, and their file; remembered for a minute, because everybody may ask."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Final

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.formats import day as day_text
from academy.kernel.formats import in_current_language, number_text, shown
from academy.kernel.translation import _, ngettext
from academy.reports.facts import ColumnKind
from academy.reports.pages.tables import table_file
from academy.reports.queries import open_numbers as queries
from academy.reports.queries.as_text import value_text
from academy.reports.queries.open_numbers import OpenNumber
from academy.reports.sources.open_numbers import Span

_YEAR: Final = timedelta(days=365)
_KEPT: Final = timedelta(minutes=1)
_lock: Final = Lock()
_remembered: list[tuple[Database, datetime, date, tuple[OpenNumber, ...]]] = []


def numbers_of_a_year(database: Database, *, now: datetime) -> tuple[date, tuple[OpenNumber, ...]]:
    """Return the open numbers of the year before today, and that day; at most a minute old. One at a time counts: who comes meanwhile waits for the same answer."""
    today = amsterdam_day(now)
    with _lock:
        kept = next((each for each in _remembered if each[0] is database and each[2] == today and timedelta(0) <= now - each[1] < _KEPT), None)
        if kept is not None:
            return kept[2], kept[3]
        with database.reading() as session:
            found = queries.open_numbers(session, span=Span(today - _YEAR, today))
        _remembered[:] = [(database, now, today, found)]
        return today, found


def page_values(today: date, found: tuple[OpenNumber, ...]) -> dict[str, Any]:
    """Return the numbers for the page, those about the same together."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        groups.setdefault(in_current_language(each.about), []).append(_number(each))
    return {
        "sentences": [say() for say in queries.sentences(found)], "groups": [{"title": title, "numbers": numbers} for title, numbers in groups.items()],
        "counted": _("Geteld van %(first)s tot %(today)s. Elke dag komt er een dag bij.", first=day_text(today - _YEAR), today=day_text(today)),
        "note": in_current_language(queries.table_of(()).note),
    }


def _number(each: OpenNumber) -> dict[str, Any]:
    return {
        "name": shown(each.name), "value": _value(each), "is_told": each.number is not None and not _is_nothing(each), "more": " · ".join(_more(each)), "goal": _goal(each), "is_met": each.is_met,
    }


def _goal(each: OpenNumber) -> str:
    """Return the goal of a number and whether it was met; nothing where there is none."""
    if not each.goal:
        return ""
    said = in_current_language(each.goal)
    if each.is_met is None:
        return _("Doel: %(goal)s", goal=said)
    return _("Doel: %(goal)s – gehaald", goal=said) if each.is_met else _("Doel: %(goal)s – niet gehaald", goal=said)


def _value(each: OpenNumber) -> str:
    """Return what stands out: a part, else a time, else a number; in words where there is none."""
    if each.number is None:
        return _("te weinig mensen om te tonen") if each.is_met is None else _("minder dan 10")
    if _is_nothing(each):
        return _("nog geen")
    if each.share is not None:
        return value_text(ColumnKind.PERCENT, each.share)
    if each.most is not None:
        return _days(each.most)
    return value_text(ColumnKind.PEOPLE, each.number)


def _is_nothing(each: OpenNumber) -> bool:
    """Tell whether nothing happened yet: a nought that says neither good nor bad."""
    return not each.number and each.share is None and each.is_met is None


def _more(each: OpenNumber) -> Iterable[str]:
    if each.number is None:
        return
    if each.share is not None:
        yield _("%(number)s keer", number=number_text(each.number))
    if each.most is not None and each.half is not None:
        yield _("9 van de 10 binnen deze tijd, de helft binnen %(days)s", days=_days(each.half))
        yield _("%(number)s keer", number=number_text(each.number))


def _days(days: int) -> str:
    return ngettext("%(num)s dag", "%(num)s dagen", days)


def file(found: tuple[OpenNumber, ...]) -> bytes:
    """Return the numbers as a file."""
    return table_file(queries.table_of(found))
