"""Leaving a class, by oneself or because it does not go ahead. Who paid hears of the money by `RefundDue`."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import NotCancellable, PeopleChanged, TooLateToCancel
from academy.enrolment.events import EnrolmentCancelled, RefundDue, SeatWithdrawn
from academy.enrolment.kinds import LIVE_STATES, SEATED_STATES, EnrolmentState, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.queries.leaving import contract_of, was_paid_by_learner
from academy.enrolment.rules.withdrawing import Right
from academy.enrolment.service import block_seats, paying, seats
from academy.enrolment.service.changes import change
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce

_SURE: Final = frozenset({EnrolmentState.CONFIRMED, EnrolmentState.FINISHED})
_CALLED_OFF: Final = tuple(state for state in LIVE_STATES if state is not EnrolmentState.FINISHED)


def cancel(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Give the actor's place back, whether it is a seat, one that is kept or one in line. Raises EnrolmentNotFound, TooLateToCancel, NotCancellable."""
    cancel_for(session, queries.my_enrolment(session, actor, code), by=actor.person_id, now=now)


def cancel_for(session: Session, facts: queries.EnrolmentFacts, *, by: UUID | None, now: datetime) -> None:
    """Give a place back, for its learner or whoever bought it; of a seat of a block that one owes what leaving late costs. Raises as `cancel`."""
    today = amsterdam_day(now)
    owed = facts.cancel_terms(today).cost
    if facts.state in _SURE and not rules.may_cancel(starts_on=facts.of.offering.starts_on, today=today):
        raise TooLateToCancel(facts.code if contract_of(session, facts, now=now).right is Right.OPEN else None)
    if not end(session, facts, EnrolmentState.CANCELLED, why=Why.GIVEN_BACK, by=by, now=now, block_owes=owed if facts.block_id is not None else FREE):
        raise NotCancellable
    announce(session, EnrolmentCancelled(facts.id))
    announce_refund(session, facts.id, facts.of.offering.price, owed=owed)


def announce_refund(session: Session, enrolment_id: UUID, price: Money | None, *, owed: Money) -> None:
    """Tell that the money of an enrolment that ended goes back, all but what is `owed`; nothing is told of a seat that the learner did not pay."""
    if price and not price.is_zero and was_paid_by_learner(session, enrolment_id):
        announce(session, RefundDue(enrolment_id, owed.cents))


def end(
    session: Session, facts: queries.EnrolmentFacts, to: EnrolmentState, *, why: Why, by: UUID | None, now: datetime, note: str = "",
    block_owes: Money = FREE,
) -> bool:
    """End an enrolment and pass its seat on, if it had one; False when it has ended already or can not end so.

    `block_owes`: what stays owed of a seat of a block by who bought it.
    """
    block_seats.lock_for_giving_on(session, [(facts.pool_id, facts.block_id)])
    state = queries.state_of(session, facts.id)  # as it is now that nobody else can pass seats on
    if to not in rules.FOLLOWS[state] or not change(session, facts.id, state, to, why=why, by=by, now=now, note=note):
        return False
    if state in SEATED_STATES:
        block_seats.give_on(session, facts, owed=block_owes, now=now)
    if facts.block_id is None and (state is EnrolmentState.HELD or (facts.is_business and state in _SURE)):  # an organisation's seat is the next one's, by the same code
        paying.let_go(session, facts, now=now)
    return True


def give_back(session: Session, *, enrolment_id: UUID, owed: Money, now: datetime) -> None:
    """Give back what was paid for a seat, all but what is `owed`, each payer their own; repeatable."""
    facts = queries.enrolment(session, enrolment_id)
    if facts is None:  # erased; its money is known by its id
        funding.end_seat(session, enrolment_id, owed=owed, now=now)
    else:
        paying.let_go(session, facts, owed=owed, now=now)


def call_off(session: Session, *, actor: Actor, provider_slug: str, code: str, reason: str, people: int, now: datetime) -> None:
    """Call a class off that `people` are known to be enrolled in; each hears of it. Raises OfferingNotFound, PeopleChanged."""
    found = queries.class_of(session, actor, provider_slug, code)
    catalogue.call_off_offering(session, actor=actor, provider_slug=provider_slug, code=code, reason=reason, now=now)
    if len(found.roster) != people:
        raise PeopleChanged


def withdraw_seats(session: Session, *, offering_id: UUID, now: datetime) -> None:
    """End what lives in a class that was called off; a second time there is nothing."""
    seats.lock_offering(session, offering_id)
    rows = session.execute(
        select(Enrolment.id, Enrolment.state, Enrolment.pool_id, Enrolment.agreed_price, Enrolment.is_business, Enrolment.block_id)
        .where(Enrolment.offering_id == offering_id, Enrolment.state.in_(_CALLED_OFF)).order_by(Enrolment.id).with_for_update(),
    ).all()  # locked: who confirms in this moment has no need of the pool
    price = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering.price if rows else None
    for row in rows:
        change(session, row.id, row.state, EnrolmentState.CANCELLED, why=Why.CALLED_OFF, by=None, now=now)
        if row.state in SEATED_STATES:
            seats.return_to_pool(session, row.pool_id)  # to nobody in line: there is no class any more
        announce(session, SeatWithdrawn(row.id))
        if row.state is EnrolmentState.HELD or row.block_id is not None or (row.is_business and row.state is EnrolmentState.CONFIRMED):
            give_back(session, enrolment_id=row.id, owed=FREE, now=now)
        announce_refund(session, row.id, price if row.agreed_price is None else row.agreed_price, owed=FREE)
    session.flush()
    block_seats.close_blocks(session, offering_id, owes_unnamed=False, now=now)
    seats.close(session, offering_id)  # who read the class before it was called off finds no seat in it any more
    if rows:
        record(session, "seats-withdrawn", actor_id=None, now=now, about="offering", about_id=offering_id, details={"people": len(rows)})
