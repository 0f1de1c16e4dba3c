"""How long and how hard, in words, to hours of study; pure."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_RANGE: Final = r"(?P<low>\d{1,3}(?:\.\d)?)(?:\s*[-\N{EN DASH}]\s*(?P<high>\d{1,3}(?:\.\d)?))?\s*"
_LENGTH: Final = re.compile(rf"{_RANGE}(?P<unit>day|week|month)s?$", re.IGNORECASE)
_EFFORT: Final = re.compile(rf"{_RANGE}(?:hours?|hrs?)(?:\s*(?:/|per)\s*(?P<per>day|week|wk)s?)?$", re.IGNORECASE)
_WEEKS_A_MONTH: Final = Decimal(52) / 12
_MOST: Final = 10_000  # hours; more is a mistake


def hours_of(length: str, effort: str) -> int | None:
    """Return the hours of study of a length (`6 weeks`, `3 days`) at an effort (`6-8 hrs/week`, `8 hours/day`, `6 hours` in all).

    A range counts as its middle. None when the two do not make a number of hours: a remark in the words, days at hours a week.
    """
    work, time = _EFFORT.match(effort.strip()), _LENGTH.match(length.strip())
    if work is None:
        return None
    hours = _middle(work)
    if work["per"] is None:
        return _whole(hours)
    if time is None:
        return None
    unit, per = time["unit"].lower(), work["per"].lower().replace("wk", "week")
    units = _middle(time)
    if per == unit:
        return _whole(units * hours)
    if per == "week" and unit == "month":
        return _whole(units * _WEEKS_A_MONTH * hours)
    return None


def hours_in_weeks(weeks: Decimal | None, *hours_a_week: Decimal | None) -> int | None:
    """Return weeks times the middle of the hours a week that are known; None when either is not."""
    known = [hours for hours in hours_a_week if hours is not None]
    if weeks is None or not known:
        return None
    return _whole(weeks * sum(known, Decimal(0)) / len(known))


def days_in(length: str) -> int | None:
    """Return the days that a length lasts at least, None when it names none."""
    time = _LENGTH.match(length.strip())
    if time is None:
        return None
    return int(Decimal(time["low"]) * {"day": 1, "week": 7, "month": 30}[time["unit"].lower()])


def _middle(found: re.Match[str]) -> Decimal:
    low = Decimal(found["low"])
    return low if found["high"] is None else (low + Decimal(found["high"])) / 2


def _whole(hours: Decimal) -> int | None:
    rounded = int(hours.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return rounded if 0 < rounded <= _MOST else None
