"""Use cases of enrolment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, check_may_enrol, record
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import (
    AlreadyEnrolled,
    EnrolmentClosed,
    EnrolmentElsewhere,
    NotCancellable,
    OfferingFull,
    PaymentNotPossible,
    PeopleChanged,
    SeatsTaken,
    TooLateToCancel,
)
from academy.enrolment.events import EnrolmentCancelled, EnrolmentConfirmed, SeatsChanged, SeatWithdrawn
from academy.enrolment.models import LIVE_STATES, Enrolment, EnrolmentState, PoolKind, SeatPool
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce


def enrol(session: Session, *, actor: Actor, offering_code: str, now: datetime) -> str:
    """Give the actor a confirmed seat in a free offering; returns the enrolment's code.

    Raises OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere, PaymentNotPossible, ApprovalNeeded, AlreadyEnrolled, OfferingFull. The
    guarded UPDATE comes last: the row is fought over briefly.
    """
    found = catalogue.offering_for_enrolment(session, offering_code)
    check_enrolable(found, now=now)
    check_may_enrol(session, actor.person_id)
    pool_id = _public_pool(session, found.offering)
    enrolment = Enrolment(
        id=new_id(), code=short_code(), offering_id=found.offering.id, pool_id=pool_id, person_id=actor.person_id,
        module_version=found.version, state=EnrolmentState.CONFIRMED, confirmed_at=now,
    )
    session.add(enrolment)
    try:
        session.flush()
    except IntegrityError as error:  # the index of live enrolments says it, also when two requests meet
        raise AlreadyEnrolled from error
    announce(session, EnrolmentConfirmed(enrolment.id))
    announce(session, SeatsChanged(found.offering.id))
    if not _take_from(session, pool_id):
        raise OfferingFull(found.module_slug)
    return enrolment.code


def check_enrolable(found: catalogue.OfferingOfModule, *, now: datetime) -> None:
    """Refuse what can not be enrolled in, seats apart. Raises EnrolmentClosed, EnrolmentElsewhere, PaymentNotPossible."""
    if not found.offering.is_open(now):
        raise EnrolmentClosed(found.module_slug)
    if found.offering.enrolment_website:
        raise EnrolmentElsewhere(found.module_slug)
    if found.offering.price is None or not found.offering.price.is_zero:
        raise PaymentNotPossible(found.module_slug)


def cancel(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Give the actor's seat back. Raises EnrolmentNotFound, TooLateToCancel, NotCancellable."""
    facts = queries.my_enrolment(session, actor, code)
    if not rules.may_cancel(starts_on=facts.of.offering.starts_on, today=amsterdam_day(now)):
        raise TooLateToCancel
    pool_id = session.scalars(select(Enrolment.pool_id).where(Enrolment.id == facts.id)).one()
    # Pool before enrolment, always: one order of locks. On SQLite the single writer is the lock.
    session.execute(select(SeatPool.id).where(SeatPool.id == pool_id).with_for_update())
    ended = rows_changed(
        session,
        update(Enrolment)
        .where(Enrolment.id == facts.id, Enrolment.state.in_(LIVE_STATES))
        .values(state=EnrolmentState.CANCELLED, cancelled_at=now),
    )
    if ended != 1:
        raise NotCancellable
    _give_back_to(session, pool_id)
    announce(session, EnrolmentCancelled(facts.id))
    announce(session, SeatsChanged(facts.of.offering.id))


def replan(
    session: Session, *, actor: Actor, provider_slug: str, code: str, draft: catalogue.OfferingDraft, now: datetime,
) -> None:
    """Change a class together with the seats that people can take.

    Raises OfferingNotFound, PlaceNotFound, OfferingFaulty, and SeatsTaken when more are enrolled than there would be seats.
    """
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    catalogue.replan_offering(session, actor=actor, provider_slug=provider_slug, code=code, draft=draft, now=now)
    pool_id = _public_pool(session, work.offering)  # made first, so that nobody makes it with the seats of before
    fits = rows_changed(
        session, update(SeatPool).where(SeatPool.id == pool_id, SeatPool.taken <= draft.seats).values(capacity=draft.seats),
    )
    if fits != 1:
        raise SeatsTaken
    announce(session, SeatsChanged(work.offering.id))


def call_off(session: Session, *, actor: Actor, provider_slug: str, code: str, reason: str, people: int, now: datetime) -> None:
    """Call a class off that `people` are known to be enrolled in; each hears of it. Raises OfferingNotFound, PeopleChanged."""
    found = queries.class_of(session, actor, provider_slug, code)
    catalogue.call_off_offering(session, actor=actor, provider_slug=provider_slug, code=code, reason=reason, now=now)
    if len(found.roster) != people:
        raise PeopleChanged


def withdraw_seats(session: Session, *, offering_id: UUID, now: datetime) -> None:
    """End the live enrolments of a class that was called off; a second time there are none."""
    pools = session.scalars(select(SeatPool.id).where(SeatPool.offering_id == offering_id).order_by(SeatPool.id).with_for_update()).all()
    rows = session.scalars(
        select(Enrolment).where(Enrolment.pool_id.in_(pools), Enrolment.state.in_(LIVE_STATES)).order_by(Enrolment.id),
    ).all()
    for row in rows:
        row.state, row.cancelled_at = EnrolmentState.CANCELLED, now
        _give_back_to(session, row.pool_id)
        announce(session, SeatWithdrawn(row.id))
    session.flush()
    if rows:
        record(session, "seats-withdrawn", actor_id=None, now=now, about="offering", about_id=offering_id, details={"people": len(rows)})


def note_look(session: Session, *, actor: Actor, found: queries.ClassFacts, act: str, now: datetime) -> None:
    """Put in the audit trail that someone saw or took away (`act`) who is in a class; all of them can read it."""
    work = found.work
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=work.workspace.provider.id, about="offering",
        about_id=work.offering.id, details={"offering": work.offering.code, "module": work.module_slug, "people": len(found.roster)},
    )


def follow_seats(session: Session, *, provider_id: UUID) -> None:
    """Bring the public pools to the number of seats that the provider's source now offers; nobody who has a seat loses it."""
    pools = dict(session.execute(
        select(SeatPool.offering_id, SeatPool.capacity).where(SeatPool.kind == PoolKind.PUBLIC),
    ).all())
    offered = catalogue.seats_offered(session, provider_id=provider_id, offering_ids=pools)
    for offering_id, seats in sorted(offered.items()):
        changed = pools[offering_id] != seats and rows_changed(
            session,
            update(SeatPool)
            .where(SeatPool.offering_id == offering_id, SeatPool.kind == PoolKind.PUBLIC)
            .values(capacity=case((SeatPool.taken > seats, SeatPool.taken), else_=seats)),
        )
        if changed:
            announce(session, SeatsChanged(offering_id))


def _public_pool(session: Session, offering: catalogue.OfferingFacts) -> UUID:
    """Return the offering's public pool, made when first needed; two makers end up with the same one."""
    there = select(SeatPool.id).where(SeatPool.offering_id == offering.id, SeatPool.kind == PoolKind.PUBLIC)
    pool_id = session.scalars(there).one_or_none()
    if pool_id is None:
        session.execute(
            insert_for(session, SeatPool)
            .values(id=new_id(), offering_id=offering.id, kind=PoolKind.PUBLIC, capacity=offering.seats, taken=0)
            .on_conflict_do_nothing(),
        )
        pool_id = session.scalars(there).one()
    return pool_id


def _take_from(session: Session, pool_id: UUID) -> bool:
    """Take one seat: the only statement that does. False when none is left."""
    taken = rows_changed(
        session,
        update(SeatPool)
        .where(SeatPool.id == pool_id, SeatPool.taken < SeatPool.capacity)
        .values(taken=SeatPool.taken + 1),
    )
    return taken == 1


def _give_back_to(session: Session, pool_id: UUID) -> None:
    """Return one seat; never clamped, so that a double return fails on the CHECK."""
    session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(taken=SeatPool.taken - 1))
