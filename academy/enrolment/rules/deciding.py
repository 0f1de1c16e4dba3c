"""Whether a class goes ahead, on the day that its provider set for it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from academy.kernel.clock import begin_of_day


class Verdict(StrEnum):
    """What the number of people says about a class."""

    GOES_AHEAD = "goes-ahead"
    UNDECIDED = "undecided"  # fewer than it needs: people decide


@dataclass(frozen=True)
class Plan:
    """What counts for the decision: how many seats are taken and needed, and the days."""

    taken: int
    min_seats: int
    guaranteed: bool
    decides_on: date | None
    starts_on: date


def verdict(plan: Plan, *, today: date) -> Verdict | None:
    """Return what follows for a class from the first minute of its day of deciding in Amsterdam; None when there is nothing to decide."""
    if plan.guaranteed or plan.min_seats == 0 or plan.decides_on is None or not plan.decides_on <= today <= plan.starts_on:
        return None
    return Verdict.GOES_AHEAD if plan.taken >= plan.min_seats else Verdict.UNDECIDED


def decided_from(decides_on: date) -> datetime:
    """Return the moment at which the day of deciding begins."""
    return begin_of_day(decides_on)
