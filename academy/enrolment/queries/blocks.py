"""Reads of blocks: seats that an organisation bought before it knew who comes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import organisation_names
from academy.catalogue import api as catalogue
from academy.enrolment.errors import EnrolmentNotFound, PoolNotFound
from academy.enrolment.kinds import SEATED_STATES, EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, SeatCode, SeatPool
from academy.enrolment.queries.mine import EnrolmentFacts, enrolment
from academy.funding import api as funding


@dataclass(frozen=True)
class BlockPool:
    """The pool that holds the seats of a block."""

    id: UUID
    offering_id: UUID
    name: str


@dataclass(frozen=True)
class BlockSeat:
    """Somebody who has a seat of a block, sure or kept; `seat_code` is the code that led to it."""

    enrolment_id: UUID
    code: str
    person_id: UUID
    state: EnrolmentState
    waits_for: WaitsFor | None
    until: datetime | None
    since: datetime
    seat_code: str | None


@dataclass(frozen=True)
class BlockCode:
    """A code for the seats of a block, and how often it was and can be used."""

    code: str
    uses: int
    used: int
    made_at: datetime
    until: datetime | None


@dataclass(frozen=True)
class BlockDifference:
    """A block that has another number of free seats in its pool than it has unnamed ones: a fault."""

    block_id: UUID
    free: int
    unnamed: int


def pool_of_block(session: Session, block_id: UUID) -> BlockPool:
    """Return the pool with the seats of a block. Raises PoolNotFound."""
    row = session.execute(select(SeatPool.id, SeatPool.offering_id, SeatPool.name).where(SeatPool.block_id == block_id)).one_or_none()
    if row is None:
        raise PoolNotFound
    return BlockPool(*row)


def block_of_pool(session: Session, pool_id: UUID) -> UUID | None:
    """Return the block whose seats a pool holds; None for a pool of another kind."""
    return session.scalar(select(SeatPool.block_id).where(SeatPool.id == pool_id))


def block_of_code(session: Session, seat_code: str) -> UUID | None:
    """Return the block whose seats a code gives out; None for a code of another pool, and for none."""
    return session.scalar(
        select(SeatPool.block_id).join(SeatCode, SeatCode.pool_id == SeatPool.id).where(SeatCode.code == seat_code.upper()),
    )


def payers_of(session: Session, found: Iterable[EnrolmentFacts]) -> dict[UUID, str]:
    """Return who pays for each of these enrolments that is a seat of a block, by name and by enrolment; no statement where none is."""
    blocks = {facts.id: facts.block_id for facts in found if facts.block_id is not None}
    if not blocks:
        return {}
    buyers = {
        block_id: sponsor_id
        for block_id, sponsor_id in session.execute(select(SeatPool.block_id, SeatPool.sponsor_id).where(SeatPool.block_id.in_(blocks.values())))
        if sponsor_id is not None
    }
    names = organisation_names(session, buyers.values())
    return {enrolment_id: names[buyers[block_id]] for enrolment_id, block_id in blocks.items()}


def seats_of_block(session: Session, block_id: UUID) -> list[BlockSeat]:
    """Return who has a seat of a block now, in the order in which they came."""
    return seats_of_blocks(session, [block_id]).get(block_id, [])


def seats_of_blocks(session: Session, block_ids: Iterable[UUID]) -> dict[UUID, list[BlockSeat]]:
    """Return who has a seat of these blocks now, by block, in the order in which they came: one question for a whole list."""
    rows = session.execute(
        select(
            Enrolment.block_id, Enrolment.id, Enrolment.code, Enrolment.person_id, Enrolment.state, Enrolment.waits_for, Enrolment.until,
            Enrolment.asked_at, Enrolment.seat_code,
        ).where(Enrolment.block_id.in_(list(block_ids)), Enrolment.state.in_(SEATED_STATES)).order_by(Enrolment.asked_at, Enrolment.id),
    )
    found: defaultdict[UUID, list[BlockSeat]] = defaultdict(list)
    for row in rows:
        found[row.block_id].append(BlockSeat(row.id, row.code, row.person_id, row.state, row.waits_for, row.until, row.asked_at, row.seat_code))
    return dict(found)


def codes_of_block(session: Session, block_id: UUID) -> list[BlockCode]:
    """Return the codes that were made for the seats of a block, the first made first."""
    rows = session.execute(
        select(SeatCode.code, SeatCode.uses, SeatCode.used, SeatCode.made_at, SeatCode.until).join(SeatPool, SeatPool.id == SeatCode.pool_id)
        .where(SeatPool.block_id == block_id).order_by(SeatCode.made_at, SeatCode.id),
    )
    return [BlockCode(*row) for row in rows]


def seat_in_block(session: Session, block_id: UUID, code: str) -> EnrolmentFacts:
    """Return the enrolment with this code, of somebody with a seat of this block. Raises EnrolmentNotFound."""
    enrolment_id = session.scalar(select(Enrolment.id).where(Enrolment.code == code.upper(), Enrolment.block_id == block_id))
    facts = None if enrolment_id is None else enrolment(session, enrolment_id)
    if facts is None:
        raise EnrolmentNotFound
    return facts


def offerings_with_begun_blocks(session: Session, *, today: date) -> list[UUID]:
    """Return the classes that have begun and of which a block is not closed yet."""
    found = catalogue.offerings_by_id(session, funding.offerings_with_open_blocks(session))
    return sorted(offering_id for offering_id, of in found.items() if of.offering.starts_on <= today)


def sold_unnamed(session: Session, offering_id: UUID) -> int:
    """Return how many seats of a class are paid for and have nobody in them yet."""
    return sum(block.unnamed for block in funding.blocks_at(session, offering_id) if block.state is funding.BlockState.ORDERED)


def audit_blocks(session: Session) -> list[BlockDifference]:
    """Return the blocks whose free seats are not their unnamed ones; none, when all is well. What has been closed owes nobody a seat any more.

    A seat whose late leaver stays owed is used up: it left the pool, and stays named.
    """
    free_at: defaultdict[UUID, dict[UUID | None, int]] = defaultdict(dict)
    for pool in session.scalars(select(SeatPool).where(SeatPool.block_id.is_not(None)).execution_options(populate_existing=True)):
        free_at[pool.offering_id][pool.block_id] = pool.capacity - pool.taken
    return [
        BlockDifference(block.id, free.get(block.id, 0), block.unnamed)
        for offering_id, free in free_at.items() for block in funding.blocks_at(session, offering_id)
        if block.state is not funding.BlockState.CLOSED and free.get(block.id, 0) != block.unnamed
    ]
