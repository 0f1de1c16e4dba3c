"""Decisions of enrolment: plain values in, plain answers out."""

from datetime import date

FEW_SEATS = 3


def may_cancel(*, starts_on: date, today: date) -> bool:
    """Tell whether a seat can be given back: until the day before the start."""
    return today < starts_on


def seats_state(left: int) -> str:
    """Return `full`, `few` or `open` for the number of free seats."""
    if left <= 0:
        return "full"
    return "few" if left <= FEW_SEATS else "open"
