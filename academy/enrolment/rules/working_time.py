"""Hours at which people work; how long a provider takes to answer, and how quickly nine out of ten are answered."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.working_days import is_working_day

_OPENS: Final = time(9)
_CLOSES: Final = time(17)
_DAY: Final = timedelta(days=1)

WORKING_DAY: Final = timedelta(hours=8)
ANSWERS_COUNTED: Final = timedelta(days=90)
FEWEST_ANSWERS: Final = 10  # of fewer one can not say what is usual


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
