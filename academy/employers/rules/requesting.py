"""Requests for a tailored module: which state follows which, until when one can do what, and what a seat of a proposal costs; pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.money import Money

CHOOSE_DAYS: Final = 14  # after the last day to propose
REMIND_DAYS: Final = 3  # before the end of the time to choose
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """From one state to the next; `was` is None where a request or a proposal begins."""

    was: RequestState | ProposalState | None
    becomes: RequestState | ProposalState
    who: str
    when: str


REQUEST_STEPS: Final = (
    Step(None, RequestState.OPEN, "employer, office", "asks providers for a module that has yet to be made"),
    Step(RequestState.OPEN, RequestState.CHOSEN, "employer, office", "chooses a proposal: module, class and seats are drafted in the same commit"),
    Step(RequestState.OPEN, RequestState.WITHDRAWN, "employer, office", "takes the request back"),
    Step(RequestState.OPEN, RequestState.LAPSED, "worker", "nobody proposed, or nobody chose, in time"),
)
PROPOSAL_STEPS: Final = (
    Step(None, ProposalState.DRAFT, "provider", "begins a proposal, alone or with partners"),
    Step(ProposalState.DRAFT, ProposalState.SENT, "provider", "sends it before the last day to propose is over; all partners agreed to these words"),
    Step(ProposalState.DRAFT, ProposalState.WITHDRAWN, "provider, worker", "takes it back, or its request ended"),
    Step(ProposalState.SENT, ProposalState.WITHDRAWN, "provider", "takes it back before somebody chose"),
    Step(ProposalState.SENT, ProposalState.CHOSEN, "employer, office", "chooses it"),
    Step(ProposalState.SENT, ProposalState.NOT_CHOSEN, "employer, office, worker", "another was chosen, or the request ended"),
)


def may_step(steps: Collection[Step], was: RequestState | ProposalState | None, becomes: RequestState | ProposalState) -> bool:
    """Tell whether one state may follow the other; `was` is None for a new one."""
    return any(one.was is was and one.becomes is becomes for one in steps)


@dataclass(frozen=True)
class Clocks:
    """Until when one can ask, propose and choose: each a moment at the end of a day in Amsterdam."""

    questions_until: datetime
    proposals_until: datetime
    choose_until: datetime


def clocks_of(questions_on: date, proposals_on: date, *, now: datetime) -> Clocks | None:
    """Return the moments of a request whose last days to ask and to propose these are; None where they are past or not in this order."""
    if not amsterdam_day(now) <= questions_on <= proposals_on:
        return None
    return Clocks(end_of_day(questions_on), end_of_day(proposals_on), end_of_day(proposals_on + CHOOSE_DAYS * _DAY))


def is_choosing_open(proposals_until: datetime, choose_until: datetime, invites: Iterable[InviteState], now: datetime) -> bool:
    """Tell whether proposals can be read, compared and chosen: once the last day to propose is over, or every invited provider answered.

    Until then they are closed to who asked as well: nobody can be told what another one wrote.
    """
    return now < choose_until and (now >= proposals_until or all(one is not InviteState.INVITED for one in invites))


def seat_price(class_price: Money | None, price_of_seat: Money | None, seats: int) -> Money:
    """Return what each of so many seats costs, to the cent: the price of a seat, or an equal part of that of the class where that is less.

    Seats of one class cost the same, so what can not be divided is left out: together they never cost more than the class. Raises ValueError
    where there is neither price.
    """
    prices = [price_of_seat] if price_of_seat is not None else []
    if class_price is not None:
        prices.append(class_price.split(seats)[-1])
    if not prices:
        raise ValueError("a proposal has a price of the class, of a seat, or both")
    return min(prices)


def seats_bought(people: int, min_seats: int) -> int:
    """Return how many seats an employer buys that asked for so many people: at least what the class needs."""
    return max(people, min_seats)
