"""Use cases of pools: keeping seats apart for a group, codes that lead to them, and opening them up when the day has come.

Seats only move between the pools of a class, in guarded statements: what they hold together stays what the class has.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.enrolment.errors import PoolNameTaken, PoolNotFound, SeatsNotFree
from academy.enrolment.events import SeatsChanged
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import SeatCode, SeatPool
from academy.enrolment.service import seats
from academy.enrolment.service.passing_on import fill_from_line
from academy.kernel.clock import end_of_day
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

MOST_CODES: Final = 200
_CODE_LENGTH: Final = 10  # longer than what people read out of a letter to each other: nobody guesses one


def keep_apart(
    session: Session, *, actor: Actor, provider_slug: str, code: str, name: str, number: int, until: date, now: datetime,
    sponsor_id: UUID | None = None,
) -> UUID:
    """Keep so many free seats of a class for a group called `name`, up to and including the day `until`; returns the new pool.

    With a sponsor they are that organisation's: an employer, a fund, a municipality.

    Raises OfferingNotFound, PoolNameTaken, and SeatsNotFree when fewer are free.
    """
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    public = seats.public_pool(session, work.offering)
    try:
        pool_id = seats.add_pool(
            session, offering_id=work.offering.id, kind=PoolKind.SPONSOR if sponsor_id else PoolKind.TARGET_GROUP, name=name,
            sponsor_id=sponsor_id, opens_up_at=end_of_day(until),
        )
    except IntegrityError as error:  # the index says it, also when two planners meet
        raise PoolNameTaken from error
    _move(session, work, from_pool=public, to_pool=pool_id, number=number)
    _record(session, actor, work, "seats-kept-apart", pool_id=pool_id, number=number, now=now)
    return pool_id


def give_more(session: Session, *, actor: Actor, provider_slug: str, code: str, pool_id: UUID, number: int, now: datetime) -> None:
    """Give a pool so many more of the free seats for everyone. Raises OfferingNotFound, PoolNotFound, SeatsNotFree."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    _move(session, work, from_pool=seats.public_pool(session, work.offering), to_pool=_kept_apart(session, work, pool_id), number=number)
    _record(session, actor, work, "seats-kept-apart", pool_id=pool_id, number=number, now=now)


def give_back(session: Session, *, actor: Actor, provider_slug: str, code: str, pool_id: UUID, number: int, now: datetime) -> None:
    """Let everyone have so many free seats of a pool; who waits is offered them first. Raises OfferingNotFound, PoolNotFound, SeatsNotFree."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    public = seats.public_pool(session, work.offering)
    _move(session, work, from_pool=_kept_apart(session, work, pool_id), to_pool=public, number=number)
    fill_from_line(session, pool_id=public, offering_id=work.offering.id, now=now)
    _record(session, actor, work, "seats-given-back", pool_id=pool_id, number=number, now=now)


def make_codes(
    session: Session, *, actor: Actor, provider_slug: str, code: str, pool_id: UUID, number: int, uses: int, now: datetime,
) -> list[str]:
    """Return so many new codes for the seats of a pool, each good for `uses` seats. Raises OfferingNotFound, PoolNotFound."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    of_pool = _kept_apart(session, work, pool_id)
    made = add_codes(session, of_pool, number=number, uses=uses, now=now)
    _record(session, actor, work, "seat-codes-made", pool_id=pool_id, number=number, now=now)
    return made


def add_codes(session: Session, pool_id: UUID, *, number: int, uses: int, now: datetime, until: datetime | None = None) -> list[str]:
    """Add so many codes for a pool, each good for `uses` seats, and return them."""
    made = [short_code(_CODE_LENGTH) for _ in range(number)]
    session.add_all(SeatCode(id=new_id(), code=each, pool_id=pool_id, uses=uses, made_at=now, until=until) for each in made)
    session.flush()
    return made


def _kept_apart(session: Session, work: catalogue.OfferingInWork, pool_id: UUID) -> UUID:
    found = session.scalar(
        select(SeatPool.id).where(
            SeatPool.id == pool_id, SeatPool.offering_id == work.offering.id, SeatPool.kind != PoolKind.PUBLIC,
            SeatPool.block_id.is_(None),  # the seats of a block are its buyer's
        ),
    )
    if found is None:
        raise PoolNotFound
    return found


def _move(session: Session, work: catalogue.OfferingInWork, *, from_pool: UUID, to_pool: UUID, number: int) -> None:
    if not seats.move(session, from_pool=from_pool, to_pool=to_pool, seats=number):
        raise SeatsNotFree
    announce(session, SeatsChanged(work.offering.id))


def _record(session: Session, actor: Actor, work: catalogue.OfferingInWork, act: str, *, pool_id: UUID, number: int, now: datetime) -> None:
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=work.workspace.provider.id, about="seat-pool",
        about_id=pool_id, details={"offering": work.offering.code, "number": number},
    )


def open_up(session: Session, *, pool_id: UUID, now: datetime) -> int:
    """Move what is still free of a pool that was kept apart to everyone, when its day has come; returns how many seats. Repeatable."""
    pool = session.scalars(
        select(SeatPool).where(SeatPool.id == pool_id, SeatPool.opens_up_at.is_not(None), SeatPool.opens_up_at <= now),
    ).one_or_none()
    if pool is None:
        return 0
    found = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id]
    public = seats.public_pool(session, found.offering)
    seats.lock(session, (pool_id, public))
    session.refresh(pool)
    free = pool.capacity - pool.taken
    if free and seats.move(session, from_pool=pool_id, to_pool=public, seats=free):
        fill_from_line(session, pool_id=public, offering_id=pool.offering_id, now=now)
        announce(session, SeatsChanged(pool.offering_id))
    return free
