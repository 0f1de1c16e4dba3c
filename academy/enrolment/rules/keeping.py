"""How long what enrolment knows of people counts."""

from datetime import date, datetime, timedelta
from typing import Final

from academy.kernel.clock import AMSTERDAM, amsterdam_day

# How long a look at who is in a class covers the next ones by the same person; every file that leaves us counts.
LOOKS: Final = {"roster-seen": timedelta(hours=1), "roster-exported": timedelta(0)}
_TAXED_YEARS = 7  # AWR art. 52: books are kept for seven years


def taxed_until(enrolled_on: date) -> date:
    """Return the last day on which tax law wants a paid enrolment kept: that of the seventh year after the year of enrolling."""
    return date(enrolled_on.year + _TAXED_YEARS, 12, 31)


def taxed_before(now: datetime) -> datetime:
    """Return the moment such that tax law wants no paid enrolment any more that was made before it."""
    return datetime(amsterdam_day(now).year - _TAXED_YEARS, 1, 1, tzinfo=AMSTERDAM)
