"""On which days a class meets; the days are those of its calendar file."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from academy.kernel.clock import AMSTERDAM

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK: Final = timedelta(days=7)


class Slot(Protocol):
    """One line of a timetable: every week on a weekday, or once on a date."""

    @property
    def weekday(self) -> str | None: ...
    @property
    def on_date(self) -> date | None: ...
    @property
    def starts_at(self) -> time | None: ...
    @property
    def ends_at(self) -> time | None: ...


@dataclass(frozen=True, order=True)
class Meeting:
    """A day on which a class meets, from its first hour to its last; None where the hour is not known."""

    day: date
    starts_at: time | None
    ends_at: time | None

    def has_begun(self, now: datetime) -> bool:
        """Tell whether it is, or was, going on: from its first hour in Amsterdam, or from midnight when that is not known."""
        return datetime.combine(self.day, self.starts_at or time(), AMSTERDAM) <= now


def meetings(
    *, starts_on: date, ends_on: date, slots: Iterable[Slot], weekdays: Collection[str], has_hours: bool,
) -> tuple[Meeting, ...]:
    """Return the days on which a class meets, in order; several lines on one day are one meeting.

    A weekday repeats from the first day to the last, both included; a date counts wherever it lies. Without lines the weekdays themselves
    count, unless the part of the day is free (`has_hours` False): then everyone chooses the own time. Holidays are not guessed.
    """
    lines = list(slots)
    hours: dict[date, list[Slot]] = {}
    for line in lines:
        for day in [line.on_date] if line.on_date else _every(line.weekday, starts_on, ends_on):
            hours.setdefault(day, []).append(line)
    if not lines and has_hours:
        for weekday in weekdays:
            for day in _every(weekday, starts_on, ends_on):
                hours.setdefault(day, [])
    return tuple(_meeting(day, hours[day]) for day in sorted(hours))


def _every(weekday: str | None, first: date, last: date) -> Iterator[date]:
    if weekday not in _WEEKDAYS:
        return
    day = first + timedelta(days=(_WEEKDAYS.index(weekday) - first.weekday()) % 7)
    while day <= last:
        yield day
        day += _WEEK


def _meeting(day: date, lines: list[Slot]) -> Meeting:
    starts = [line.starts_at for line in lines if line.starts_at]
    ends = [line.ends_at for line in lines if line.ends_at]
    return Meeting(day, min(starts, default=None), max(ends, default=None))
