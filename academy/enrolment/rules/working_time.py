"""Days and hours at which people work; how long a provider takes to answer, and how quickly nine out of ten are answered."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from academy.kernel.clock import AMSTERDAM, amsterdam_day

_OPENS: Final = time(9)
_CLOSES: Final = time(17)
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)

WORKING_DAY: Final = timedelta(hours=8)
ANSWERS_COUNTED: Final = timedelta(days=90)
FEWEST_ANSWERS: Final = 10  # of fewer one can not say what is usual


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (the anonymous Gregorian computus, Nature, 20 April 1876)."""
    golden, century, short = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (short // 4) - moon - short % 4) % 7
    month, day = divmod(moon + weekday - 7 * ((golden + 11 * moon + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the days that count as holidays for periods in the Netherlands (Algemene termijnenwet, art. 3).

    With the Friday after Ascension Day, which a decree under its third paragraph adds as a rule: a day more harms no consumer.
    """
    sunday, king = easter(year), date(year, 4, 27)
    moving = (-2, 1, 39, 40, 50)  # Good Friday, Easter Monday, Ascension Day and the day after, Whit Monday
    fixed = (date(year, 1, 1), king if king.isoweekday() <= 6 else king - _DAY, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26))  # noqa: PLR2004 - Saturday
    return frozenset((*fixed, *(sunday + timedelta(days=days) for days in moving)))


def is_working_day(day: date) -> bool:
    """Tell whether people work on this day; only on such a day a period of the law can end."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def working_time(since: datetime, until: datetime) -> timedelta:
    """Return how much of the time from `since` to `until` falls on Monday to Friday from 9:00 to 17:00 in Amsterdam, public holidays apart."""
    first, last = amsterdam_day(since), amsterdam_day(until)
    days = (first + number * _DAY for number in range((last - first).days + 1))
    return sum((_worked_on(day, since, until) for day in days if is_working_day(day)), timedelta())


def _worked_on(day: date, since: datetime, until: datetime) -> timedelta:
    opens, closes = (datetime.combine(day, hour, AMSTERDAM) for hour in (_OPENS, _CLOSES))
    return max(min(until, closes) - max(since, opens), timedelta())


def nine_in_ten(answers: Sequence[timedelta]) -> timedelta | None:
    """Return within which time nine out of ten were answered (nearest rank); None when there are too few to say."""
    if len(answers) < FEWEST_ANSWERS:
        return None
    return sorted(answers)[math.ceil(len(answers) * 9 / 10) - 1]


def working_days(time_taken: timedelta) -> int:
    """Return a time of work in days, rounded up; one at least."""
    return max(1, math.ceil(time_taken / WORKING_DAY))
