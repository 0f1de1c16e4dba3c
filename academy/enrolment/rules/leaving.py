"""Leaving a class: until when, and by which right."""

from datetime import date


def may_cancel(*, starts_on: date, today: date) -> bool:
    """Tell whether a seat can be given back: until the day before the start."""
    return today < starts_on
