"""Quarters and years as reports name them: `2026-4` is the fourth quarter of 2026, `2026` the year; both sort as text."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

QUARTERS_KEPT: Final = 12  # so far the roll-up looks back
_PERIOD: Final = re.compile("[1-9][0-9]{3}(-[1-4])?")
_MONTHS: Final = 3
_QUARTERS: Final = 4


def quarter_of(day: date) -> str:
    """Return the quarter that a day falls in, such as `2026-4`."""
    return f"{day.year}-{(day.month - 1) // _MONTHS + 1}"


def year_of(period: str) -> str:
    """Return the year of a quarter, or a year itself."""
    return period[:4]


def is_year(period: str) -> bool:
    """Tell whether a period is a year."""
    return len(period) == len("2026")


def first_day(period: str) -> date:
    """Return the first day of a quarter or a year. Raises ValueError for what is neither."""
    if _PERIOD.fullmatch(period) is None:
        raise ValueError(f'"{period}" is no quarter and no year')
    year, _sep, number = period.partition("-")
    return date(int(year), (int(number or 1) - 1) * _MONTHS + 1, 1)


def last_day(period: str) -> date:
    """Return the last day of a quarter or a year. Raises ValueError for what is neither."""
    begin = first_day(period)
    if is_year(period):
        return date(begin.year, 12, 31)
    after = date(begin.year + 1, 1, 1) if begin.month > 12 - _MONTHS else date(begin.year, begin.month + _MONTHS, 1)
    return after - timedelta(days=1)


def before(period: str) -> str:
    """Return the period of the same length before this one. Raises ValueError for what is neither a quarter nor a year."""
    begin = first_day(period)
    return str(begin.year - 1) if is_year(period) else quarter_of(begin - timedelta(days=1))


def with_years(shown: Iterable[str]) -> list[str]:
    """Return quarters with their years, the newest first: each year before its quarters."""
    there = sorted(shown, reverse=True)
    return [each for year in dict.fromkeys(map(year_of, there)) for each in (year, *(quarter for quarter in there if year_of(quarter) == year))]


def quarters_until(last: str, *, number: int) -> Iterator[str]:
    """Yield `number` quarters up to and with `last`, the oldest first."""
    begin = first_day(last)
    index = begin.year * _QUARTERS + (begin.month - 1) // _MONTHS
    for each in range(index - number + 1, index + 1):
        yield f"{each // _QUARTERS}-{each % _QUARTERS + 1}"
