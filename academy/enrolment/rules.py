"""Decisions of enrolment: plain values in, plain answers out."""

from datetime import date, datetime, timedelta

from academy.kernel.clock import AMSTERDAM, amsterdam_day

FEW_SEATS = 3
# How long a look at who is in a class covers the next ones by the same person; every file that leaves us counts.
LOOKS = {"roster-seen": timedelta(hours=1), "roster-exported": timedelta(0)}


def may_cancel(*, starts_on: date, today: date) -> bool:
    """Tell whether a seat can be given back: until the day before the start."""
    return today < starts_on


def seats_state(left: int) -> str:
    """Return `full`, `few` or `open` for the number of free seats."""
    if left <= 0:
        return "full"
    return "few" if left <= FEW_SEATS else "open"


def goes_ahead(*, taken: int, min_seats: int, guaranteed: bool) -> bool:
    """Tell whether an offering is sure to go ahead: its provider says so, or as many as it needs have enrolled."""
    return guaranteed or (0 < min_seats <= taken)


_EMPTY_IS_EARLY = timedelta(days=14)


def is_thin(*, taken: int, min_seats: int, guaranteed: bool, starts_on: date, today: date) -> bool:
    """Tell whether a class needs people: fewer than it asks for; where it asks for none, nobody two weeks before the start."""
    if guaranteed:
        return False
    return taken < min_seats if min_seats else taken == 0 and starts_on - today <= _EMPTY_IS_EARLY


_TAXED_YEARS = 7  # AWR art. 52: books are kept for seven years


def taxed_until(enrolled_on: date) -> date:
    """Return the last day on which tax law wants a paid enrolment kept: that of the seventh year after the year of enrolling."""
    return date(enrolled_on.year + _TAXED_YEARS, 12, 31)


def taxed_before(now: datetime) -> datetime:
    """Return the moment such that tax law wants no paid enrolment any more that was made before it."""
    return datetime(amsterdam_day(now).year - _TAXED_YEARS, 1, 1, tzinfo=AMSTERDAM)
