"""Reads of what is paid for a seat, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.kinds import WaitsFor
from academy.enrolment.queries.mine import EnrolmentFacts
from academy.funding import api as funding
from academy.kernel.money import FREE
from academy.payments import api as payments

PURPOSE: Final = "enrolment"  # of a payment for a seat


@dataclass(frozen=True)
class PaidSeat:
    """Who pays what of a seat, and the learner's own payment; None for what there is not, or not yet."""

    split: funding.SplitFacts | None = None
    payment: payments.PaymentFacts | None = None
    ask: funding.AskFacts | None = None  # of the employer whom the learner asked


def payment_of(session: Session, seat_id: UUID) -> payments.PaymentFacts | None:
    """Return the learner's payment of a seat, the newest; None where there is none."""
    return payments.payments_for(session, PURPOSE, [seat_id]).get(seat_id)


def paid_seat(session: Session, facts: EnrolmentFacts) -> PaidSeat:
    """Return who pays an enrolment, and whom its learner asked to; of one that costs nothing here, nothing, for no statement."""
    if not facts.is_paid_here:
        return PaidSeat()
    return PaidSeat(
        funding.split_of(session, [facts.seat_id]).get(facts.seat_id), payment_of(session, facts.seat_id), funding.ask_of_seat(session, facts.seat_id),
    )


def seats_of_my_turn(session: Session, found: Iterable[EnrolmentFacts]) -> frozenset[UUID]:
    """Return of which seats the learner has to say whether they pay what an employer left; one statement where some wait for that, else none."""
    return funding.seats_left_to_learner(session, [facts.seat_id for facts in found if facts.waits_for is WaitsFor.EMPLOYER])


def payment_to_make(session: Session, facts: EnrolmentFacts) -> payments.PaymentFacts | None:
    """Return the payment that the learner can make now; None where there is none."""
    found = payment_of(session, facts.seat_id) if facts.is_paid_here and facts.waits_for is WaitsFor.PAYMENT else None
    return found if found is not None and found.state is payments.PaymentState.OPEN else None


def quote_for(session: Session, facts: EnrolmentFacts, *, now: datetime) -> funding.Quote | None:
    """Return who would pay what of a kept seat; None where that is not decided here. Raises VatUndecided."""
    return None if not facts.is_quoted else funding.quote_of_person(session, person_id=facts.person_id, found=facts.of, is_business=False, now=now)


def quotes_on(session: Session, actor: Actor | None, module: catalogue.ModuleFacts, *, now: datetime) -> dict[UUID, funding.Quote]:
    """Return by offering who would pay what, where somebody else pays along for this visitor; of who told us nothing, nothing."""
    priced = [offering for offering in module.offerings if offering.price is not None and not offering.price.is_zero]
    situation = funding.situation_of(session, actor.person_id, email=actor.email) if actor and priced else funding.Situation()
    if situation == funding.Situation():
        return {}
    sold = [
        funding.Sold(module.id, module.kind.value, module.provider.id, offering.price or FREE, offering.starts_on) for offering in priced
    ]
    found = funding.quotes(session, sold, situation=situation, is_business=False, now=now)
    return {offering.id: quote for offering, quote in zip(priced, found, strict=True) if quote.parts}
