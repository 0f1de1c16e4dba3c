"""Until when somebody has to answer: moments at the end of a day in Amsterdam, as people count days.

The day of the question does not count.
"""

from datetime import date, datetime, timedelta
from typing import Final

from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.working_days import working_day_after

PROVIDER_DAYS: Final = 2  # working days, for a provider to accept a class (journey J9)
FIRM_DAYS: Final = 5  # days, for a firm to confirm (journey J9)
DEMAND_DAYS: Final = 2  # working days, for the first answer to a demand
SHORT_DAYS: Final = 7  # days, for who takes part in a pool that was short to choose
NAMES_DAYS: Final = 14  # days before the start, when the people of prepaid seats must be known (after the Danish AMU)

_DAY: Final = timedelta(days=1)


def provider_answers_until(asked_at: datetime) -> datetime:
    """Return until when a provider can accept what it was asked at this moment."""
    return end_of_day(working_day_after(amsterdam_day(asked_at), PROVIDER_DAYS))


def demand_answered_until(posted_at: datetime) -> datetime:
    """Return when a demand must have had its first answer."""
    return end_of_day(working_day_after(amsterdam_day(posted_at), DEMAND_DAYS))


def firm_confirms_until(asked_at: datetime) -> datetime:
    """Return until when a firm can confirm what it was asked at this moment; every day counts."""
    return end_of_day(amsterdam_day(asked_at) + FIRM_DAYS * _DAY)


def short_decided_until(told_at: datetime) -> datetime:
    """Return until when people can choose who were told at this moment that too few came."""
    return told_at + SHORT_DAYS * _DAY


def names_until(starts_on: date) -> datetime:
    """Return until when seats of a class can be without a name; the last day is two weeks before the first."""
    return end_of_day(starts_on - NAMES_DAYS * _DAY)


def is_over(until: datetime, now: datetime) -> bool:
    """Tell whether the time is up: a day that ends at midnight is over at midnight."""
    return now >= until
