"""Two classes at the same hour: on which day first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

# The hours that a part of the day stands for where no hour is known, local time.
PARTS: Final = {
    "morning": (time(8), time(12, 30)), "afternoon": (time(12, 30), time(17, 30)), "day": (time(8), time(17, 30)), "evening": (time(18), time(23)),
}
_WEEK: Final = 7


@dataclass(frozen=True)
class Appointment:
    """Every week on this weekday (0 is Monday) from `first_on` to `last_on`, both included; None: on `first_on` only. Hours are local."""

    first_on: date
    last_on: date
    weekday: int | None
    begins: time
    ends: time


def first_clash(ones: Iterable[Appointment], others: Iterable[Appointment]) -> date | None:
    """Return the first day on which an appointment of the one overlaps one of the other; None when none ever does. One after the other is no clash."""
    listed = tuple(others)
    days = (_first_shared(one, other) for one in ones for other in listed if one.begins < other.ends and other.begins < one.ends)
    return min((day for day in days if day is not None), default=None)


def _first_shared(one: Appointment, other: Appointment) -> date | None:
    first, last = max(one.first_on, other.first_on), min(one.last_on, other.last_on)
    weekdays = {meeting.weekday for meeting in (one, other) if meeting.weekday is not None}
    if len(weekdays) > 1:
        return None
    for weekday in weekdays:
        first += timedelta(days=(weekday - first.weekday()) % _WEEK)
    return first if first <= last else None
