"""Use cases of waiting: the line of a full class, and news of a module without room."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, check_may_enrol
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.errors import NotInLine, OfferingNotFull, RoomNow
from academy.enrolment.events import NewsWanted, PutInLine
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import NewsWish
from academy.enrolment.queries import waiting as reads
from academy.enrolment.service import paying, seats
from academy.enrolment.service.changes import change
from academy.enrolment.service.opening import check_enrolable, open_enrolment
from academy.enrolment.service.passing_on import free_seat
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.outbox import announce

_IN_LINE: Final = (EnrolmentState.WAITING, EnrolmentState.OFFERED)


def join_waiting_list(
    session: Session, *, actor: Actor, offering_code: str, when_can_you: Collection[str], most_price: Money | None, request_key: UUID | None,
    now: datetime,
) -> str:
    """Put the actor at the end of the line of a full class; returns the enrolment's code. The same form sent again is the same request.

    `when_can_you` holds moments of the week such as `tue-evening`. Raises OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere,
    PriceUnknown, VatUndecided, ApprovalNeeded, AlreadyEnrolled, and OfferingNotFull when there is a seat.
    """
    again = queries.code_of_request(session, actor.person_id, request_key)
    if again is not None:
        return again
    found = catalogue.offering_for_enrolment(session, offering_code)
    check_enrolable(found, now=now)
    paying.check_sellable(session, found, now=now)
    check_may_enrol(session, actor.person_id)
    pool_id = seats.public_pool(session, found.offering)
    seats.lock(session, [pool_id])  # whoever frees a seat meanwhile waits, and then finds the actor in line
    check_enrolable(catalogue.offering_for_enrolment(session, offering_code), now=now)  # it may have been called off while this waited
    if not queries.is_full(session, pool_id):
        raise OfferingNotFull(found.module_slug)
    code = open_enrolment(
        session, found=found, pool_id=pool_id, person_id=actor.person_id, state=EnrolmentState.WAITING, why=Why.PUT_IN_LINE, by=actor.person_id,
        request_key=request_key, now=now, queued_at=queries.joins_at(session, found.offering.id, now=now), when_can_you=sorted(when_can_you), most_price=most_price,
    )
    announce(session, PutInLine(queries.my_enrolment(session, actor, code).id))
    return code


def leave_line(session: Session, *, facts: queries.EnrolmentFacts, by: UUID | None, now: datetime) -> None:
    """Take a person out of the line, or pass the seat that is offered to them on to the next at once.

    `by` is None when the link of a letter asked for it. Raises NotInLine, also for who has a seat by now: one click does not end that.
    """
    seats.lock(session, [facts.pool_id])
    state = queries.state_of(session, facts.id)  # as it is now that nobody else can pass seats on
    if state not in _IN_LINE or not change(session, facts.id, state, EnrolmentState.CANCELLED, why=Why.GIVEN_BACK, by=by, now=now):
        raise NotInLine
    if state is EnrolmentState.OFFERED:
        free_seat(session, pool_id=facts.pool_id, offering_id=facts.of.offering.id, now=now)


def ask_for_news(session: Session, *, actor: Actor, module_slug: str, now: datetime) -> None:
    """Keep that the actor wants to hear when a module has room, once. Raises ModuleNotFound, and RoomNow when there is nothing to wait for."""
    found = reads.news_of(session, actor, module_slug, now=now)
    if found.has_room:
        raise RoomNow(module_slug)
    session.execute(
        insert_for(session, NewsWish)
        .values(id=new_id(), person_id=actor.person_id, module_id=found.module.id, made_at=now)
        .on_conflict_do_nothing(),
    )


def forget_news(session: Session, *, actor: Actor, module_slug: str, now: datetime) -> None:
    """Let go of what the actor wanted to hear of a module, also when they never asked. Raises ModuleNotFound."""
    found = reads.news_of(session, actor, module_slug, now=now)
    session.execute(delete(NewsWish).where(NewsWish.person_id == actor.person_id, NewsWish.module_id == found.module.id))


def tell_news(session: Session, *, module_ids: Collection[UUID], now: datetime) -> int:
    """Tell who asked for news of these modules where there is room now: a seat that is free, and nobody in line for it.

    Returns how many were told. Each wish ends in the transaction that tells it, so that it is told once. Repeatable.
    """
    told = 0
    for wish in reads.news_to_tell(session, module_ids, now=now):
        if rows_changed(session, delete(NewsWish).where(NewsWish.id == wish.id)):
            announce(session, NewsWanted(wish.person_id, wish.offering_id))
            told += 1
    return told
