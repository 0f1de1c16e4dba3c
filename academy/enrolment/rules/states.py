"""The states of an enrolment: which follows which, what each means to others, and how long a seat is kept."""

from datetime import date, datetime, timedelta
from typing import Final

from academy.enrolment.kinds import EnrolmentState as State
from academy.enrolment.kinds import WaitsFor
from academy.kernel.clock import end_of_day

HOLD: Final = timedelta(minutes=15)
_LONG_HOLD: Final = timedelta(days=7)
_PAY_AT_PAGE: Final = timedelta(hours=1)
_PAY_LATER: Final = timedelta(days=3)
OFFER: Final = timedelta(hours=48)
MOST_EXTENSIONS: Final = 10  # a reader who needs more time gets it, at least ten times (WCAG 2.2, 2.2.1)
EARLY_WARNING: Final = timedelta(minutes=2)  # before the end, the page asks whether more time is needed

_ENDED: Final[frozenset[State]] = frozenset()
_GOES: Final = frozenset({State.CANCELLED, State.EXPIRED})

FOLLOWS: Final[dict[State | None, frozenset[State]]] = {
    None: frozenset({State.HELD, State.WAITING, State.CONFIRMED}),
    State.REQUESTED: frozenset({State.HELD, State.CONFIRMED, State.REFUSED}) | _GOES,
    State.HELD: frozenset({State.HELD, State.REQUESTED, State.CONFIRMED, State.REFUSED, State.WITHDRAWN}) | _GOES,  # withdrawn: payment was promised
    State.WAITING: frozenset({State.OFFERED, State.CANCELLED}),
    State.OFFERED: frozenset({State.HELD, State.REQUESTED, State.CONFIRMED}) | _GOES,
    State.CONFIRMED: frozenset({State.FINISHED, State.CANCELLED, State.WITHDRAWN}),
    State.FINISHED: frozenset({State.WITHDRAWN}),  # given within fourteen days, and nobody asked for that (BW 6:230p)
    State.REFUSED: _ENDED,
    State.CANCELLED: _ENDED,
    State.WITHDRAWN: _ENDED,
    State.EXPIRED: _ENDED,
}

# OOAPI v6, state of an association; v5 writes `canceled` and has no `finished`.
_ASSOCIATIONS: Final = {
    State.REQUESTED: "pending", State.HELD: "pending", State.OFFERED: "pending", State.WAITING: "queued", State.CONFIRMED: "associated",
    State.FINISHED: "finished", State.REFUSED: "denied", State.CANCELLED: "cancelled", State.WITHDRAWN: "cancelled", State.EXPIRED: "cancelled",
}
_ASSOCIATIONS_V5: Final = {"cancelled": "canceled", "finished": "associated"}


def association_state(state: State, *, version: int) -> str:
    """Return how OOAPI of this major version (5 or 6) names the state; what the home institution says of it is kept apart."""
    named = _ASSOCIATIONS[state]
    return named if version >= 6 else _ASSOCIATIONS_V5.get(named, named)  # noqa: PLR2004 - a version of OOAPI


def kept_until(waits_for: WaitsFor, *, now: datetime, starts_on: date) -> datetime:
    """Return how long a seat is kept: a quarter of an hour for its reader, a week for anybody else, never past the first day."""
    if waits_for is WaitsFor.LEARNER:
        return now + HOLD
    return max(min(now + _LONG_HOLD, end_of_day(starts_on)), now + HOLD)


def paid_until(*, is_at_page: bool, now: datetime, starts_on: date) -> datetime:
    """Return how long a seat is kept for an online payment, never past the first day.

    An hour for a learner who is at the page; three days for one who first has to read in a letter that somebody else decided.
    """
    return max(min(now + (_PAY_AT_PAGE if is_at_page else _PAY_LATER), end_of_day(starts_on)), now + HOLD)


def offered_until(*, now: datetime, starts_on: date) -> datetime:
    """Return how long a seat that came free is kept for who waited: 48 hours, and never past the first day."""
    return max(min(now + OFFER, end_of_day(starts_on)), now + HOLD)


def may_extend(extended: int) -> bool:
    """Tell whether who fills in a form may have another quarter of an hour."""
    return extended < MOST_EXTENSIONS
