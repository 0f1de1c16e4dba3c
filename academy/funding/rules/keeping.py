"""How long the law wants to know who paid what."""

from datetime import date, datetime
from typing import Final

from academy.kernel.clock import AMSTERDAM, amsterdam_day

_BOOKED_YEARS: Final = 7  # AWR art. 52 lid 4


def booked_until(year: int) -> date:
    """Return the last day on which tax law wants the books of a year."""
    return date(year + _BOOKED_YEARS, 12, 31)


def booked_before(now: datetime) -> datetime:
    """Return the moment such that tax law wants nothing any more that was agreed before it."""
    return datetime(amsterdam_day(now).year - _BOOKED_YEARS, 1, 1, tzinfo=AMSTERDAM)
