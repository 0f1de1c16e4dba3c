"""Classes of later years: mostly not planned yet, and expected to come again as they were; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from academy.catalogue.api import OfferingFacts, OfferingState
from academy.pathways.rules.periods import beginning_of

GIVEN_BEFORE: Final = timedelta(days=2 * 366)  # a class of longer ago says nothing of next year
LEAD: Final = timedelta(days=90)  # what begins sooner and is not in a timetable now, does not come
_WEEK: Final = 7
_MOST_YEARS: Final = 7  # between a class and one that is expected like it


@dataclass(frozen=True, slots=True)
class Expected:
    """A class like `of`, in the period that begins on `first`; `number` tells several of one module in one period apart, from 0."""

    of: OfferingFacts
    first: date
    number: int

    @property
    def later(self) -> timedelta:
        """How much later than the one that it is like: whole weeks, so that the days of the week stay."""
        return timedelta(days=_WEEK * round((self.first - beginning_of(self.of.starts_on)).days / _WEEK))


def expected(classes: Iterable[OfferingFacts], first_on: Sequence[date], *, today: date) -> Iterator[Expected]:
    """Yield what is expected of one module in these periods: where nothing is planned, what was given in the same period of the last year that had something.

    Classes that differ in price or in days of the year only are one; the last one counts. One that is called off was planned: nothing else is expected in its
    period, and none like it.
    """
    filled: set[date] = set()
    by_period: dict[date, list[OfferingFacts]] = {}
    alike: dict[date, list[OfferingFacts]] = {}
    for each in classes:
        filled.add(beginning_of(each.starts_on))
        if each.state is not OfferingState.CANCELLED:
            by_period.setdefault(beginning_of(each.starts_on), []).append(each)
    for first in first_on:
        if first in filled or first < today + LEAD:
            continue
        before = next((found for years in range(1, _MOST_YEARS) if (found := by_period.get(first.replace(year=first.year - years)))), [])
        if not before:
            continue
        like = beginning_of(before[0].starts_on)
        if like not in alike:
            alike[like] = list({_shape(each): each for each in before}.values())
        yield from (Expected(each, first, number) for number, each in enumerate(alike[like]))


def _shape(each: OfferingFacts) -> tuple[object, ...]:
    """Return what one must be free for, and where one must be."""
    weekly = frozenset((meeting.weekday or str(meeting.on_date.weekday() if meeting.on_date else ""), meeting.part_of_day) for meeting in each.sessions)
    place = None if each.place is None else each.place.id
    return (weekly or (each.weekdays, each.part_of_day)), place, each.mode, (each.ends_on - each.starts_on).days // _WEEK
