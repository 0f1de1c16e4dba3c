"""What a provider that was asked for a class is offered to say yes to: the first day that suits, and how many meetings."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from academy.kernel.working_days import is_working_day

AHEAD: Final = timedelta(weeks=4)  # at least, between the answer and the first meeting: firms have five days of it to confirm
USUAL_MEETINGS: Final = 10  # where the module was never given before
MOST_MEETINGS: Final = 60

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SATURDAY: Final = 5
_WEEK: Final = timedelta(weeks=1)


def first_day(slot: str, today: date) -> date:
    """Return the first day at least four weeks ahead that falls on the weekday of a slot; from Monday to Friday none on which nobody works."""
    earliest = today + AHEAD
    found = earliest + timedelta(days=(_DAYS.index(weekday_of(slot)) - earliest.weekday()) % len(_DAYS))
    while found.weekday() < _SATURDAY and not is_working_day(found):
        found += _WEEK
    return found


def last_day(first: date, meetings: int) -> date:
    """Return the day of the last of so many weekly meetings."""
    return first + (meetings - 1) * _WEEK


def weekday_of(slot: str) -> str:
    """Return the weekday of a slot: `tue` of `tue-evening`."""
    return slot.partition("-")[0]


def meetings_of(first: date, last: date, weekdays: Iterable[str], single_days: int) -> int:
    """Return how many meetings a class had between two days: one a week on each weekday, and those on days of their own."""
    weekly = len(set(weekdays))
    number = single_days or weekly * (((last - first).days // 7) + 1)
    return min(max(number, 1), MOST_MEETINGS) if number else USUAL_MEETINGS
