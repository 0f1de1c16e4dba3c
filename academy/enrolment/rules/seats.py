"""How full a class is, and whether it goes ahead."""

from datetime import date, timedelta

FEW_SEATS = 3


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
