"""Whether a class goes ahead: the clock looks on its day of deciding, and where too few people came its provider decides."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, is_recorded, record
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import NoClassToMerge, PeopleChanged
from academy.enrolment.events import ClassExtended, ClassGoesAhead, ClassUndecided, SeatMoved, SeatsChanged
from academy.enrolment.kinds import KEPT_STATES, LIVE_STATES, SEATED_STATES, EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.queries.blocks import sold_unnamed
from academy.enrolment.queries.deciding import live_of, movable, plan_of, undecided
from academy.enrolment.rules.deciding import Verdict, decided_from, verdict
from academy.enrolment.service import block_seats, seats
from academy.enrolment.service.changes import change, let_leave_free, transfer
from academy.enrolment.service.leaving import give_back
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import short_day
from academy.kernel.money import FREE
from academy.kernel.outbox import Event, announce
from academy.kernel.translation import _

_SURE: Final = (EnrolmentState.CONFIRMED, EnrolmentState.FINISHED)


def decide(session: Session, *, offering_id: UUID, now: datetime) -> Verdict | None:
    """Look whether a class has the people it needs: then it goes ahead and all hear it, else its planners hear it. Repeatable; None for nothing to decide."""
    catalogue.keep_offering(session, offering_id)
    seats.lock_offering(session, offering_id)
    of = catalogue.offerings_by_id(session, [offering_id])[offering_id]
    found = queries.seats(session, [offering_id]).get(offering_id)
    taken, decides_on = (found.taken if found else 0) + sold_unnamed(session, offering_id), of.offering.decides_on
    verdict_now = verdict(plan_of(of.offering, taken), today=amsterdam_day(now))
    if verdict_now is None or decides_on is None or of.offering.state is not catalogue.OfferingState.ACTIVE:
        return None
    if verdict_now is Verdict.GOES_AHEAD:
        catalogue.promise_offering(session, offering_id=offering_id)
        _tell_all(session, offering_id, ClassGoesAhead)
        _record(session, "class-goes-ahead", of.offering, of.provider_id, of.module_slug, by=None, now=now)
    elif not is_recorded(session, "class-undecided", about_id=offering_id, since=decided_from(decides_on)):  # else its planners know
        announce(session, ClassUndecided(offering_id))
        _record(session, "class-undecided", of.offering, of.provider_id, of.module_slug, by=None, now=now)
    return verdict_now


def promise(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Let a class go ahead however few came; who is in it hears that. Raises OfferingNotFound, OfferingFaulty."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    catalogue.guarantee_offering(session, actor=actor, provider_slug=provider_slug, code=code, now=now)
    if not work.offering.guaranteed:
        _tell_all(session, work.offering.id, ClassGoesAhead)
        _record(session, "class-goes-ahead", work.offering, work.workspace.provider.id, work.module_slug, by=actor.person_id, now=now)


def extend(
    session: Session, *, actor: Actor, provider_slug: str, code: str, decides_on: date, weeks_later: int, now: datetime,
) -> None:
    """Decide later about a class that has too few people, and begin later if asked; who is in it hears both days.

    Raises OfferingNotFound, NothingToDecide, and OfferingFaulty for a day of deciding that is not before the first meeting.
    """
    work = undecided(session, actor, provider_slug, code, today=amsterdam_day(now)).work
    catalogue.extend_offering(
        session, actor=actor, provider_slug=provider_slug, code=code, decides_on=decides_on, weeks_later=weeks_later, now=now,
    )
    let_leave_free(session, work.offering.id)
    _tell_all(session, work.offering.id, ClassExtended)
    _record(session, "class-extended", work.offering, work.workspace.provider.id, work.module_slug, by=actor.person_id, now=now)


def merge(session: Session, *, actor: Actor, provider_slug: str, code: str, into: str, people: int, now: datetime) -> int:
    """Move the `people` of a class that has too few to another class of the same module, and call the first off; returns how many moved.

    All or nobody. Who has a sure seat in the other class already keeps that one, and hears that the first is called off, as does who waits.
    Raises OfferingNotFound, NothingToDecide, PeopleChanged, NoClassToMerge.
    """
    today = amsterdam_day(now)
    source = catalogue.offering_for_planning(session, actor, provider_slug, code)
    catalogue.keep_offering(session, source.offering.id)
    found = undecided(session, actor, provider_slug, code, today=today)
    target = next((one.work for one in found.choices if one.work.offering.code == into), None)
    if target is None:
        raise NoClassToMerge(provider_slug, source.offering.code)
    pool_id = seats.public_pool(session, target.offering)
    _lock_all(session, source.offering.id, target.offering.id)
    leaving = movable(session, source.offering.id)
    if len(leaving) != people:
        raise PeopleChanged
    moving = _free_of_the_other(session, leaving, target.offering.id, by=actor.person_id, now=now)
    if not seats.take(session, pool_id, len(moving)):
        raise NoClassToMerge(provider_slug, source.offering.code)
    for row in moving:
        _move(session, row, target.offering, pool_id, by=actor.person_id, now=now)
    block_seats.close_blocks(session, source.offering.id, owes_unnamed=False, now=now)  # its seats have moved, or are not given
    announce(session, SeatsChanged(target.offering.id))
    reason = _("Deze groep is samengevoegd met de groep die begint op %(day)s.", day=short_day(target.offering.starts_on))
    catalogue.call_off_offering(session, actor=actor, provider_slug=provider_slug, code=code, reason=reason, now=now)
    return len(moving)


def _lock_all(session: Session, *offering_ids: UUID) -> None:
    """Keep the pools of both classes to this transaction, in one order for everybody."""
    seats.lock(session, session.scalars(select(SeatPool.id).where(SeatPool.offering_id.in_(offering_ids))))


def _free_of_the_other(
    session: Session, leaving: Collection[Enrolment], target_id: UUID, *, by: UUID, now: datetime,
) -> list[Enrolment]:
    """Return who moves: not who has a sure seat there. Whatever else people have there goes, for the seat they bring along is better."""
    there = {row.person_id: row for row in live_of(session, target_id, [row.person_id for row in leaving], LIVE_STATES)}
    for row in there.values():
        if row.state in _SURE:
            continue
        was = row.state
        change(session, row.id, was, EnrolmentState.CANCELLED, why=Why.MOVED, by=by, now=now)
        facts = queries.enrolment(session, row.id) if was in SEATED_STATES else None
        if facts is not None:
            block_seats.give_on(session, facts, now=now)
        if was is EnrolmentState.HELD:
            give_back(session, enrolment_id=row.id, owed=FREE, now=now)
    return [row for row in leaving if row.person_id not in there or there[row.person_id].state not in _SURE]


def _move(session: Session, row: Enrolment, offering: catalogue.OfferingFacts, pool_id: UUID, *, by: UUID, now: datetime) -> None:
    latest = rules.kept_until(WaitsFor.PAYMENT, now=now, starts_on=offering.starts_on)
    until = min(row.until, latest) if row.until and row.state in KEPT_STATES else None
    from_pool = row.pool_id
    if not transfer(session, row, offering_id=offering.id, pool_id=pool_id, until=until, by=by, now=now):
        raise PeopleChanged  # somebody confirmed or was answered in this moment
    seats.return_to_pool(session, from_pool)
    announce(session, SeatMoved(row.id))


def _tell_all(session: Session, offering_id: UUID, event: type[ClassGoesAhead | ClassExtended]) -> None:
    """Tell who has a seat in a class, or waits for others to have it; not who is still choosing."""
    concerned = or_(Enrolment.state == EnrolmentState.CONFIRMED, Enrolment.waits_for != WaitsFor.LEARNER)
    for enrolment_id in session.scalars(
        select(Enrolment.id).where(Enrolment.offering_id == offering_id, concerned).order_by(Enrolment.id),
    ).all():
        news: Event = event(enrolment_id)
        announce(session, news)


def _record(
    session: Session, act: str, offering: catalogue.OfferingFacts, provider_id: UUID, module_slug: str, *, by: UUID | None, now: datetime,
) -> None:
    record(
        session, act, actor_id=by, now=now, organisation_id=provider_id, about="offering", about_id=offering.id,
        details={"offering": offering.code, "module": module_slug},
    )
