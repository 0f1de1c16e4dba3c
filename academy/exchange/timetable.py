"""Days, hours and meetings out of cells; pure. What can not be read raises BadValue."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Final

from academy.catalogue.api import WEEKDAYS, PartOfDay, SessionDraft
from academy.exchange.values import LIST_SEPARATOR, BadValue
from academy.kernel.cleaning import clean_line

_DATE: Final = re.compile(
    r"(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<dag>\d{1,2})[-/.](?P<maand>\d{1,2})[-/.](?P<jaar>\d{4}))"
    r"(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?)?$",
)
_DAY_NAMES: Final[Mapping[str, str]] = {
    **{day: day for day in WEEKDAYS},
    **dict(zip(("ma", "di", "wo", "do", "vr", "za", "zo"), WEEKDAYS, strict=True)),
    **dict(zip(("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"), WEEKDAYS, strict=True)),
    **dict(zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), WEEKDAYS, strict=True)),
}
_MEETING: Final = re.compile(
    r"(?P<day>\S+)(?:\s+(?P<from>\d{1,2}[:.]\d{2})\s*[-–]\s*(?P<until>\d{1,2}[:.]\d{2}))?(?:\s+@\s*(?P<place>\S+))?$",
)
_NOON, _EVENING = time(12), time(17, 30)
_WHOLE_DAY: Final = timedelta(hours=5)


def parse_date(text: str) -> date:
    """Read a day as 2026-09-01 or 01-09-2026; day before month, as in Europe. Raises BadValue."""
    found = _DATE.match(clean_line(text))
    if found is None:
        raise BadValue("not-a-date", "a date is expected, such as 2026-09-01 or 01-09-2026")
    year, month, day = (found[name] or found[other] for name, other in (("year", "jaar"), ("month", "maand"), ("day", "dag")))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadValue("not-a-date", "there is no such day in the calendar") from error


def parse_weekdays(text: str) -> tuple[str, ...]:
    """Read weekdays in Dutch or English (`di|do`, `tuesday, thursday`), in the order of the week. Raises BadValue."""
    names = [name for name in re.split(r"[,;|\s]+", clean_line(text).casefold()) if name]
    unknown = [name for name in names if name not in _DAY_NAMES]
    if unknown:
        raise BadValue("not-a-weekday", f"weekdays are expected, such as {' or '.join(WEEKDAYS[:2])} or di, not {unknown[0]}")
    return tuple(day for day in WEEKDAYS if day in {_DAY_NAMES[name] for name in names})


def parse_meetings(text: str) -> tuple[SessionDraft, ...]:
    """Read meetings with a vertical bar between: a weekday or date, hours and a place (`di 19:00-21:30 @flevo`). Raises BadValue."""
    return tuple(_meeting(part) for part in map(clean_line, text.split(LIST_SEPARATOR)) if part)


def _meeting(words: str) -> SessionDraft:
    found = _MEETING.match(words)
    if found is None:
        raise BadValue("not-a-meeting", "a meeting is expected, such as di 19:00-21:30 @place or 2026-09-01 09:00-17:00")
    weekday = _DAY_NAMES.get(found["day"].casefold())
    begins, ends = (None, None) if found["from"] is None else (_hour(found["from"]), _hour(found["until"]))
    return SessionDraft(
        part_of_day=part_of_day(begins, ends), weekday=weekday, on_date=None if weekday else parse_date(found["day"]),
        starts_at=begins, ends_at=ends, place_key=found["place"],
    )


def _hour(text: str) -> time:
    hours, minutes = map(int, re.split("[:.]", text))
    try:
        return time(hours, minutes)
    except ValueError as error:
        raise BadValue("not-a-meeting", f"{text} is no time of the day") from error


def part_of_day(begins: time | None, ends: time | None) -> PartOfDay:
    """Return the part of the day between two hours; five hours or more from the morning on is the whole day."""
    if begins is None or ends is None:
        return PartOfDay.ANY
    lasts = timedelta(hours=ends.hour - begins.hour, minutes=ends.minute - begins.minute)
    if begins < _NOON:
        return PartOfDay.DAY if lasts >= _WHOLE_DAY else PartOfDay.MORNING
    return PartOfDay.AFTERNOON if begins < _EVENING else PartOfDay.EVENING
