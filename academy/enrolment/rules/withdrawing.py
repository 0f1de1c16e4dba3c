"""Withdrawing from a contract: until when, who can, and what is owed for what was taught already (docs/withdrawal.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.rules.meetings import Meeting
from academy.kernel.clock import AMSTERDAM, amsterdam_day, end_of_day
from academy.kernel.money import FREE, Money
from academy.kernel.working_days import is_working_day

_DAY: Final = timedelta(days=1)
_PERIOD: Final = timedelta(days=14)  # BW 6:230o


class Right(StrEnum):
    """Whether a contract can be withdrawn from, or why not."""

    OPEN = "open"
    NO_CONTRACT = "no-contract"  # nothing was agreed, or it has ended otherwise
    WITHDRAWN = "withdrawn"
    BUSINESS = "business"  # an organisation bought the seat
    PERFORMED = "performed"  # all of it was given, at the express request of the learner (BW 6:230p)
    OVER = "over"


def withdraw_until(contracted_at: datetime) -> datetime:
    """Return the moment at which the right has ended: midnight in Amsterdam after the fourteenth day that follows the day of the contract.

    A last day that is no working day moves to the next one (Regulation (EEC, Euratom) 1182/71, art. 3(1) and 3(4)).
    """
    last = amsterdam_day(contracted_at) + _PERIOD
    while not is_working_day(last):
        last += _DAY
    return end_of_day(last)


def held_by(meetings: Iterable[Meeting], now: datetime) -> int:
    """Return how many meetings are over; one whose hour is not known ends with its day."""
    return sum(_end(meeting) <= now for meeting in meetings)


def _end(meeting: Meeting) -> datetime:
    hour = meeting.ends_at or meeting.starts_at
    return end_of_day(meeting.day) if hour is None else datetime.combine(meeting.day, hour, AMSTERDAM)


def owed(price: Money, *, held: int, meetings: int, asked_early_start: bool) -> Money:
    """Return what is due for what was taught: price times meetings held by meetings in total, rounded down to the cent.

    Nothing without the express request to begin within the fourteen days (BW 6:230s; Directive 2011/83/EU, art. 14(4)(a)), nor where
    there are no meetings to count.
    """
    if not asked_early_start or meetings == 0:
        return FREE
    return Money(price.cents * min(held, meetings) // meetings)


def right_to_withdraw(
    *, state: EnrolmentState, waits_for: WaitsFor | None, is_business: bool, until: datetime, is_performed: bool, asked_early_start: bool,
    now: datetime,
) -> Right:
    """Return whether the learner can withdraw now; a contract exists once a seat is sure, or once its payment was promised."""
    if state is EnrolmentState.WITHDRAWN:
        return Right.WITHDRAWN
    if state not in {EnrolmentState.CONFIRMED, EnrolmentState.FINISHED} and waits_for is not WaitsFor.PAYMENT:
        return Right.NO_CONTRACT
    if is_business:
        return Right.BUSINESS
    if is_performed and asked_early_start:
        return Right.PERFORMED
    return Right.OPEN if now < until else Right.OVER
