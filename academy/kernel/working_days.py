"""Days on which people work in the Netherlands: Monday to Friday, apart from the holidays of the Algemene termijnenwet."""

from datetime import date, timedelta
from functools import cache
from typing import Final

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


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


def working_day_after(day: date, number: int) -> date:
    """Return the `number`th working day after `day`, which does not count itself. Raises ValueError for none."""
    if number < 1:
        raise ValueError(f"the first working day after {day} is number 1, not {number}")
    while number:
        day += _DAY
        number -= is_working_day(day)
    return day
