"""The four periods of a year in which modules are given; pure. Days are those of Amsterdam, a last day is in it."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from academy.pathways.problem import MOST_PERIODS, PERIODS

STARTS: Final = ((2, 1), (4, 20), (9, 1), (11, 15))  # (month, day) on which a period begins
A_YEAR: Final = len(STARTS)
LEAST_DAYS: Final = 14  # of a period that a class takes, for the class to be of it
_HOURS_PER_EC: Final = 28  # OOAPI v6, studyLoad
_WEEKS: Final = 13  # of a period
_DAY: Final = timedelta(days=1)
_REMEMBERED: Final = 10_000  # days: thousands of classes begin on hundreds of them


@lru_cache(_REMEMBERED)
def first_days(day: date, number: int = PERIODS) -> tuple[date, ...]:
    """Return the first days of so many periods, from the first that begins on or after this day."""
    every = (date(year, *start) for year in range(day.year, day.year + number // A_YEAR + 2) for start in STARTS)
    return tuple(each for each in every if each >= day)[:number]


def periods_ahead(hours: int, ec: int) -> int:
    """Return how many periods to look ahead for so many credits (tenths) at so many hours a week: four years, six where four would leave little to choose."""
    needed, room = ec * _HOURS_PER_EC // 10, hours * _WEEKS * PERIODS
    return PERIODS if 3 * needed <= 2 * room else MOST_PERIODS


def least_hours(ec: int) -> int:
    """Return the hours a week with which so many credits (tenths) fit in six years, when a fifth of the time stays unused because classes do not fit like bricks."""
    return -(-max(ec, 0) * _HOURS_PER_EC * 5 // (10 * 4 * _WEEKS * MOST_PERIODS))


@lru_cache(_REMEMBERED)
def next_start(first: date) -> date:
    """Return the first day of the period after the one that begins on this day."""
    return first_days(first + _DAY, 1)[0]


def last_day(first: date) -> date:
    """Return the last day of the period that begins on this day."""
    return next_start(first) - _DAY


@lru_cache(_REMEMBERED)
def beginning_of(day: date) -> date:
    """Return the first day of the period to which a class that begins on this day belongs: the next one, when less than two weeks are left of this one."""
    before = max(date(year, *start) for year in (day.year - 1, day.year) for start in STARTS if date(year, *start) <= day)
    after = next_start(before)
    return after if (after - day).days < LEAST_DAYS else before


def periods_of(starts_on: date, ends_on: date, first_on: Sequence[date]) -> tuple[int, int] | None:
    """Return the first and last period of a class; None for one that begins before the first of them, or after the last.

    A class is of the periods of which it takes two weeks or more, and in any case of the one in which it begins.
    """
    begins = beginning_of(starts_on)
    if begins not in first_on:
        return None
    first = last = first_on.index(begins)
    while last + 1 < len(first_on) and (ends_on - first_on[last + 1]).days + 1 >= LEAST_DAYS:
        last += 1
    return first, last


def periods_taken(starts_on: date, ends_on: date, first_on: Sequence[date]) -> range:
    """Return the periods, of those ahead, that a class takes time of, also when it has begun before them."""
    return range(
        next((number for number, first in enumerate(first_on) if (last_day(first) - starts_on).days + 1 >= LEAST_DAYS), len(first_on)),
        sum((ends_on - first).days + 1 >= LEAST_DAYS for first in first_on),
    )
