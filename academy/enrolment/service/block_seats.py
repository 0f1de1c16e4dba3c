"""A seat of a block as it is taken and given up: who bought the block pays, so the seat goes back to it, and money never to its learner.

Order of locks: the pool before the block and its budget, here as everywhere.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.enrolment.errors import EnrolmentClosed
from academy.enrolment.events import SeatsChanged
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.queries.blocks import block_of_pool
from academy.enrolment.service import paying, seats
from academy.enrolment.service.passing_on import fill_from_line, free_seat
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce
from academy.kernel.text import Language


def check_claimable(session: Session, found: catalogue.OfferingOfModule, block_id: UUID, *, now: datetime) -> funding.BlockFacts:
    """Refuse a seat of a block that is not ordered, or of a class that is not open or has begun; returns the block. Raises EnrolmentClosed.

    The periods of enrolment are for who comes by themselves: these seats were bought in time.
    """
    block, offering = funding.block(session, block_id), found.offering
    is_ahead = offering.state is catalogue.OfferingState.ACTIVE and amsterdam_day(now) < offering.starts_on
    if not is_ahead or block.state is not funding.BlockState.ORDERED:
        raise EnrolmentClosed(found.module_slug)
    return block


def name(session: Session, *, block_id: UUID, code: str, found: catalogue.OfferingOfModule, now: datetime) -> UUID:
    """Let the block pay the seat of the enrolment with this code, which has just taken it from the block's pool; returns the enrolment's id."""
    enrolment_id, person_id = session.execute(select(Enrolment.id, Enrolment.person_id).where(Enrolment.code == code)).one()
    language: Language = "en" if accounts.person(session, person_id).language == "en" else "nl"
    funding.name_seat(session, block_id=block_id, seat_id=enrolment_id, person_id=person_id, found=found, language=language, now=now)
    return enrolment_id


def lock_for_giving_on(session: Session, ending: Iterable[tuple[UUID, UUID | None]]) -> None:
    """Keep the pools to this transaction that may change when seats of these pools, each of this block, are given up; of a block also that for everyone."""
    pairs = list(ending)
    own = {pool_id for pool_id, _block_id in pairs}
    of_blocks = {pool_id for pool_id, block_id in pairs if block_id is not None}
    if of_blocks:
        classes = select(SeatPool.offering_id).where(SeatPool.id.in_(of_blocks))
        own |= set(session.scalars(select(SeatPool.id).where(SeatPool.offering_id.in_(classes), SeatPool.kind == PoolKind.PUBLIC)))
    seats.lock(session, own)


def give_on(session: Session, facts: EnrolmentFacts, *, owed: Money = FREE, now: datetime) -> None:
    """Let the seat of an enrolment that has just ended go on: to the first in line, to its pool, or to the block that paid it.

    `owed` is what stays owed of a seat of a block: then that one is used up, and who comes next is anybody, as of a block that was closed. The
    caller has called `lock_for_giving_on`.
    """
    offering_id = facts.of.offering.id
    if facts.block_id is None:
        seats.give_code_back(session, facts.id)
        free_seat(session, pool_id=facts.pool_id, offering_id=offering_id, now=now)
        return
    paying.let_go(session, facts, owed=owed, now=now)
    if funding.unname_seat(session, seat_id=facts.seat_id, now=now):
        seats.give_code_back(session, facts.id)
        seats.return_to_pool(session, facts.pool_id)
    elif block_of_pool(session, facts.pool_id) is None:  # it was moved to another class
        free_seat(session, pool_id=facts.pool_id, offering_id=offering_id, now=now)
    else:
        public = seats.public_pool(session, facts.of.offering)
        seats.leave_pool(session, from_pool=facts.pool_id, to_pool=public)
        fill_from_line(session, pool_id=public, offering_id=offering_id, now=now)
    announce(session, SeatsChanged(offering_id))


def close_blocks(session: Session, offering_id: UUID, *, owes_unnamed: bool, now: datetime) -> None:
    """Close the blocks of a class: nobody takes or owes more of their seats than was ordered. Repeatable.

    `owes_unnamed`: the class begins, so that ordered seats without a name are owed as well; of what was only promised nothing ever is. Else what
    a class owes that had begun goes back too.
    """
    seats.lock(session, session.scalars(select(SeatPool.id).where(SeatPool.offering_id == offering_id, SeatPool.block_id.is_not(None))))
    there = [block for block in funding.blocks_at(session, offering_id) if not owes_unnamed or block.state is not funding.BlockState.CLOSED]
    for block in sorted(there, key=lambda one: (one.budget_id is not None, one.budget_id or one.id)):  # budgets are locked in one order everywhere
        funding.close_block(session, block.id, owes_unnamed=owes_unnamed and block.state is funding.BlockState.ORDERED, now=now)
