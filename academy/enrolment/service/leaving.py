"""Leaving a class, by oneself or because it does not go ahead."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import NotCancellable, PeopleChanged, TooLateToCancel
from academy.enrolment.events import EnrolmentCancelled, SeatWithdrawn
from academy.enrolment.kinds import LIVE_STATES, SEATED_STATES, EnrolmentState, Why
from academy.enrolment.models import Enrolment
from academy.enrolment.service import seats
from academy.enrolment.service.changes import change
from academy.enrolment.service.passing_on import free_seat
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce

_CALLED_OFF: Final = tuple(state for state in LIVE_STATES if state is not EnrolmentState.FINISHED)


def cancel(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Give the actor's place back, whether it is a seat, one that is kept or one in line. Raises EnrolmentNotFound, TooLateToCancel, NotCancellable."""
    facts = queries.my_enrolment(session, actor, code)
    if facts.state is EnrolmentState.CONFIRMED and not rules.may_cancel(starts_on=facts.of.offering.starts_on, today=amsterdam_day(now)):
        raise TooLateToCancel
    if not end(session, facts, EnrolmentState.CANCELLED, why=Why.GIVEN_BACK, by=actor.person_id, now=now):
        raise NotCancellable
    announce(session, EnrolmentCancelled(facts.id))


def end(
    session: Session, facts: queries.EnrolmentFacts, to: EnrolmentState, *, why: Why, by: UUID | None, now: datetime, note: str = "",
) -> bool:
    """End an enrolment and pass its seat on, if it had one; False when it has ended already or can not end so."""
    seats.lock(session, [facts.pool_id])
    state = queries.state_of(session, facts.id)  # as it is now that nobody else can pass seats on
    if to not in rules.FOLLOWS[state] or not change(session, facts.id, state, to, why=why, by=by, now=now, note=note):
        return False
    if state in SEATED_STATES:
        free_seat(session, pool_id=facts.pool_id, offering_id=facts.of.offering.id, now=now)
    return True


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
        select(Enrolment.id, Enrolment.state, Enrolment.pool_id)
        .where(Enrolment.offering_id == offering_id, Enrolment.state.in_(_CALLED_OFF)).order_by(Enrolment.id),
    ).all()
    for row in rows:
        change(session, row.id, row.state, EnrolmentState.CANCELLED, why=Why.CALLED_OFF, by=None, now=now)
        if row.state in SEATED_STATES:
            seats.return_to_pool(session, row.pool_id)  # to nobody in line: there is no class any more
        announce(session, SeatWithdrawn(row.id))
    session.flush()
    if rows:
        record(session, "seats-withdrawn", actor_id=None, now=now, about="offering", about_id=offering_id, details={"people": len(rows)})
