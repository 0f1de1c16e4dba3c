"""Seats of a pool: taking, giving back, moving. The only statements that change `SeatPool.taken` and `capacity` stand here.

Order of locks everywhere: pools first, by ascending id, then enrolments. On SQLite the one writer is the lock. Taking a seat needs no lock:
the guarded UPDATE decides, as the last statement of its transaction, so that the row is fought over briefly.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from academy.catalogue.api import OfferingFacts
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import Enrolment, SeatCode, SeatPool
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id

# What every enrolment runs is put together once, because that costs more than running it.
_PUBLIC: Final = select(SeatPool.id).where(SeatPool.offering_id == bindparam("offering"), SeatPool.kind == PoolKind.PUBLIC)
_TAKE: Final = (
    update(SeatPool)
    .where(SeatPool.id == bindparam("pool"), SeatPool.taken + bindparam("seats") <= SeatPool.capacity, SeatPool.awaits_draw.is_(False))
    .values(taken=SeatPool.taken + bindparam("seats"))
    .execution_options(synchronize_session=False)
)


def public_pool(session: Session, offering: OfferingFacts) -> UUID:
    """Return the offering's public pool, made when first needed; two makers end up with the same one."""
    pool_id = session.scalars(_PUBLIC, {"offering": offering.id}).one_or_none()
    if pool_id is None:
        session.execute(
            insert_for(session, SeatPool)
            .values(id=new_id(), offering_id=offering.id, kind=PoolKind.PUBLIC, name="", capacity=offering.seats, taken=0, awaits_draw=False)
            .on_conflict_do_nothing(),
        )
        pool_id = session.scalars(_PUBLIC, {"offering": offering.id}).one()
    return pool_id


def lock(session: Session, pool_ids: Iterable[UUID]) -> None:
    """Keep these pools to this transaction, before it looks at enrolments in them.

    FOR NO KEY UPDATE on PostgreSQL: it waits for who changes the pool, and not for who has only put an enrolment in it (its foreign key).
    """
    ids = sorted(pool_ids)
    if ids:
        session.execute(select(SeatPool.id).where(SeatPool.id.in_(ids)).order_by(SeatPool.id).with_for_update(key_share=True))


def take(session: Session, pool_id: UUID, seats: int = 1) -> bool:
    """Take so many seats, all or none: the only statement that does. False when there are not enough, or they are yet to be drawn by lot."""
    return rows_changed(session, _TAKE, {"pool": pool_id, "seats": seats}) == 1


def keep_for_draw(session: Session, pool_id: UUID) -> bool:
    """Let nobody take a seat of a pool from here until its draw; False when somebody has one, or it waits for a draw already."""
    return rows_changed(
        session,
        update(SeatPool).where(SeatPool.id == pool_id, SeatPool.taken == 0, SeatPool.awaits_draw.is_(False)).values(awaits_draw=True)
        .execution_options(synchronize_session=False),
    ) == 1


def end_keeping(session: Session, pool_id: UUID) -> None:
    """Let the seats of a pool be taken again: they are drawn, or no draw is held."""
    session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(awaits_draw=False).execution_options(synchronize_session=False))


def return_to_pool(session: Session, pool_id: UUID) -> None:
    """Return one seat; never clamped, so that a double return fails on the CHECK."""
    session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(taken=SeatPool.taken - 1))


def move(session: Session, *, from_pool: UUID, to_pool: UUID, seats: int) -> bool:
    """Move so many free seats to another pool of the same offering; False when that many are not free, or are yet to be drawn.

    Both pools are locked on return.
    """
    lock(session, (from_pool, to_pool))
    left = rows_changed(
        session,
        update(SeatPool)
        .where(SeatPool.id == from_pool, SeatPool.capacity - SeatPool.taken >= seats, SeatPool.awaits_draw.is_(False))
        .values(capacity=SeatPool.capacity - seats),
    )
    if left != 1:
        return False
    session.execute(update(SeatPool).where(SeatPool.id == to_pool).values(capacity=SeatPool.capacity + seats))
    return True


def leave_pool(session: Session, *, from_pool: UUID, to_pool: UUID) -> None:
    """Return one seat, not to the pool that it was taken from but to another of the offering. The caller has locked both."""
    session.execute(update(SeatPool).where(SeatPool.id == from_pool).values(capacity=SeatPool.capacity - 1, taken=SeatPool.taken - 1))
    session.execute(update(SeatPool).where(SeatPool.id == to_pool).values(capacity=SeatPool.capacity + 1))


def lock_offering(session: Session, offering_id: UUID) -> None:
    """Keep all pools of an offering to this transaction."""
    session.execute(select(SeatPool.id).where(SeatPool.offering_id == offering_id).order_by(SeatPool.id).with_for_update(key_share=True))


def resize_public(session: Session, offering_id: UUID, seats: int, *, at_least_taken: bool = False) -> UUID | None:
    """Give an offering so many seats, those of the other pools included, by making its public pool larger or smaller; returns that pool.

    None when more public seats are taken than would remain; with `at_least_taken` the pool then keeps as many as are taken.
    """
    lock_offering(session, offering_id)
    pools = session.execute(
        select(SeatPool.id, SeatPool.kind, SeatPool.capacity, SeatPool.taken).where(SeatPool.offering_id == offering_id),
    ).all()
    public = next(pool for pool in pools if pool.kind is PoolKind.PUBLIC)
    rest = seats - sum(pool.capacity for pool in pools if pool.kind is not PoolKind.PUBLIC)
    if rest < public.taken and not at_least_taken:
        return None
    session.execute(update(SeatPool).where(SeatPool.id == public.id).values(capacity=max(rest, public.taken)))
    found: UUID = public.id
    return found


def close(session: Session, offering_id: UUID) -> None:
    """Take the free seats out of all pools of an offering. The caller has locked them."""
    session.execute(update(SeatPool).where(SeatPool.offering_id == offering_id).values(capacity=SeatPool.taken))


def add_pool(
    session: Session, *, offering_id: UUID, kind: PoolKind, name: str, sponsor_id: UUID | None, opens_up_at: datetime | None, block_id: UUID | None = None,
) -> UUID:
    """Make an empty pool beside the public one; `name` is unique within the offering. Seats come by `move`."""
    pool = SeatPool(
        id=new_id(), offering_id=offering_id, kind=kind, name=name, sponsor_id=sponsor_id, capacity=0, taken=0, opens_up_at=opens_up_at,
        block_id=block_id,
    )
    session.add(pool)
    session.flush()
    return pool.id


def use_code(session: Session, code: str, *, now: datetime) -> UUID | None:
    """Use a seat code once, and return the pool that it opens; None for a code that does not exist, is over or is used up."""
    return session.scalar(
        update(SeatCode)
        .where(SeatCode.code == code.upper(), SeatCode.used < SeatCode.uses, SeatCode.until.is_(None) | (SeatCode.until > now))
        .values(used=SeatCode.used + 1).returning(SeatCode.pool_id),
    )


def give_code_back(session: Session, enrolment_id: UUID) -> None:
    """Let the code work again by which an enrolment that has just ended got its seat; one without a code changes nothing."""
    its_code = select(Enrolment.seat_code).where(Enrolment.id == enrolment_id, Enrolment.seat_code.is_not(None)).scalar_subquery()
    session.execute(update(SeatCode).where(SeatCode.code == its_code).values(used=SeatCode.used - 1).execution_options(synchronize_session=False))
