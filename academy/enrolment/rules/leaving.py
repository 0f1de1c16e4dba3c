"""Leaving a class: until when, and what it costs."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from academy.kernel.money import FREE, Money

_DAY: Final = timedelta(days=1)
_WHOLE: Final = 100


@dataclass(frozen=True)
class CancelRule:
    """What was agreed about giving a seat back: for nothing until `free_days` before the start, then for `late_percent` of the price."""

    free_days: int = 1
    late_percent: int = 0


@dataclass(frozen=True)
class CancelTerms:
    """What giving a seat back costs (`cost` now, `late_cost` after `free_until`), and the last day on which one can."""

    last_day: date
    free_until: date
    cost: Money
    late_cost: Money


def cancel_terms(*, starts_on: date, price: Money | None, rule: CancelRule, today: date) -> CancelTerms:
    """Return what a class asks of who leaves; always possible until the day before it starts. Parts of a cent are the learner's."""
    last_day = starts_on - _DAY
    late_cost = Money(price.cents * rule.late_percent // _WHOLE) if price else FREE
    free_until = last_day if late_cost.is_zero else starts_on - rule.free_days * _DAY
    return CancelTerms(last_day, free_until, FREE if today <= free_until else late_cost, late_cost)


def may_cancel(*, starts_on: date, today: date) -> bool:
    """Tell whether a seat can be given back today."""
    return today < starts_on
