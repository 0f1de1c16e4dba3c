"""Leaving a class: until when, and what it costs."""

from dataclasses import dataclass
from datetime import date, timedelta

from academy.kernel.money import FREE, Money


@dataclass(frozen=True)
class CancelTerms:
    """What giving a seat back costs, and the last day on which one can."""

    last_day: date
    cost: Money


def cancel_terms(*, starts_on: date) -> CancelTerms:
    """Return the terms of every class: free, until the day before it starts."""
    return CancelTerms(starts_on - timedelta(days=1), FREE)


def may_cancel(*, starts_on: date, today: date) -> bool:
    """Tell whether a seat can be given back today."""
    return today <= cancel_terms(starts_on=starts_on).last_day
