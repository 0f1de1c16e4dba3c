"""How far the search for somebody who fills a gap is: plain values in, plain answers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from academy.reports.kinds import CommissionState

ENDED: Final = (CommissionState.STARTED, CommissionState.CLOSED)
_RANKS: Final = (CommissionState.OPEN, CommissionState.MAKING, CommissionState.PLANNED, CommissionState.STARTED)


@dataclass(frozen=True, slots=True)
class Class:
    """A class of a module with which a gap is filled; `is_open` while one can still take part, it is False once over or switched off."""

    starts_on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Milestones:
    """When a commission came where it stands: a provider said yes, the first class was public, the first class began. None: not, or not any more."""

    promised_at: datetime | None = None
    planned_at: datetime | None = None
    started_at: datetime | None = None


def first_class(classes: Iterable[Class], *, today: date) -> date | None:
    """Return the day on which the first class begins or began. One that is to come counts while one can take part in it, one that began counts always."""
    return min((each.starts_on for each in classes if each.is_open or each.starts_on <= today), default=None)


def state_of(*, is_promised: bool, first_on: date | None, today: date) -> CommissionState:
    """Return where a commission stands that was not closed; without a promise no class counts."""
    if not is_promised:
        return CommissionState.OPEN
    if first_on is None:
        return CommissionState.MAKING
    return CommissionState.PLANNED if first_on > today else CommissionState.STARTED


def milestones(steps: Iterable[tuple[CommissionState, datetime]]) -> Milestones:
    """Return when each was reached, of (state, moment) in their order. What fell back, since a class was called off, was not reached; closing takes nothing back."""
    reached: dict[int, datetime] = {}
    for state, at in steps:
        if state is CommissionState.CLOSED:
            continue
        rank = _RANKS.index(state)
        reached = {each: when for each, when in reached.items() if each <= rank}
        for each in range(rank + 1):
            reached.setdefault(each, at)
    return Milestones(reached.get(1), reached.get(2), reached.get(3))


def state_at(steps: Iterable[tuple[CommissionState, datetime]], moment: datetime) -> CommissionState | None:
    """Return where a commission stood just before a moment; None when it was not there yet."""
    return next((state for state, at in reversed(list(steps)) if at < moment), None)
