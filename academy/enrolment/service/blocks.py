"""Use cases of blocks: an organisation buys seats before it knew who comes, and gives them out one by one.

The money is funding's (`promise_block` and what follows it); the seats stand in a pool of their own, of which only the buyer gives any out. Order of
locks: pools before blocks and budgets.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import check_may_enrol
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules
from academy.enrolment.errors import (
    BlockTooLarge,
    EnrolmentClosed,
    EnrolmentElsewhere,
    NotAdmitted,
    PriceUnknown,
    SeatCodeUsed,
)
from academy.enrolment.events import AdmissionAsked, EnrolmentConfirmed, SeatsChanged
from academy.enrolment.kinds import EnrolmentState, PoolKind, WaitsFor, Why
from academy.enrolment.models import SeatPool
from academy.enrolment.queries.blocks import pool_of_block, seat_in_block
from academy.enrolment.service import block_seats, leaving, pools, seats, together
from academy.enrolment.service.changes import change
from academy.enrolment.service.holding import expire_due, pool_opened_by, take_seat
from academy.enrolment.service.opening import open_enrolment
from academy.enrolment.service.passing_on import fill_from_line
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.outbox import announce

_LONGEST_NAME: Final = 110  # of a pool, a number not counted
_NEVER: Final = frozenset({catalogue.OfferingState.CANCELLED, catalogue.OfferingState.CONCEPT})  # classes that were called off, or not founded


@dataclass(frozen=True)
class SoldBlock:
    """A block, and the pool with its seats."""

    block_id: UUID
    pool_id: UUID


def sell_block(
    session: Session, *, organisation_id: UUID, name: str, offering_code: str, seats: int, budget_id: UUID | None, reference: str, by: UUID | None,
    is_ordered: bool, now: datetime,
) -> SoldBlock:
    """Sell an organisation so many of the free seats of a class, whoever comes to sit there; `name` is what the provider reads in its pools.

    The class may be a concept: then the block is a promise, as long as it is not ordered. With a budget of the organisation the price is earmarked,
    else it is invoiced. Raises OfferingNotFound, EnrolmentClosed, EnrolmentElsewhere, PriceUnknown, VatUndecided, BudgetUsedUp, BlockTooLarge.
    """
    found = catalogue.offering_with_code(session, offering_code)
    _check_for_sale(found, now=now)
    public = _kept_public(session, found)
    block_id = funding.promise_block(
        session, organisation_id=organisation_id, found=found, seats=seats, budget_id=budget_id, reference=reference, by=by, now=now,
    )
    if is_ordered:
        funding.order_block(session, block_id, now=now)
    pool_id = _add_pool(session, found, organisation_id=organisation_id, name=name, block_id=block_id)
    if not _move(session, public, pool_id, seats, now=now):
        raise BlockTooLarge(found.module_slug, found.offering.code)
    announce(session, SeatsChanged(found.offering.id))
    return SoldBlock(block_id, pool_id)


def _check_for_sale(found: catalogue.OfferingOfModule, *, now: datetime) -> None:
    offering, today = found.offering, amsterdam_day(now)
    is_coming = offering.state in {catalogue.OfferingState.CONCEPT, catalogue.OfferingState.ACTIVE} and today < offering.starts_on
    if not is_coming or (offering.enrol_until is not None and today > offering.enrol_until):
        raise EnrolmentClosed(found.module_slug)
    if offering.enrolment_website:
        raise EnrolmentElsewhere(found.module_slug)
    if offering.price is None:
        raise PriceUnknown(found.module_slug)


def _kept_public(session: Session, found: catalogue.OfferingOfModule) -> UUID:
    """Return the pool for everyone, kept to this transaction before any money is."""
    public = seats.public_pool(session, found.offering)
    seats.lock(session, [public])
    return public


def _add_pool(session: Session, found: catalogue.OfferingOfModule, *, organisation_id: UUID, name: str, block_id: UUID) -> UUID:
    """Make the empty pool of a block, under a name that no other pool of the class has. Its class's pool for everyone is locked: nobody else names one."""
    there = set(session.scalars(select(SeatPool.name).where(SeatPool.offering_id == found.offering.id)))
    short = name[:_LONGEST_NAME]
    free = next(each for number in range(1, len(there) + 2) if (each := short if number == 1 else f"{short} {number}") not in there)
    return seats.add_pool(
        session, offering_id=found.offering.id, kind=PoolKind.SPONSOR, name=free, sponsor_id=organisation_id, opens_up_at=None, block_id=block_id,
    )


def _move(session: Session, public: UUID, pool_id: UUID, number: int, *, now: datetime) -> bool:
    """Move free seats to a block, also those whose time ran out and that nobody took back yet, unless somebody waits for them."""
    return seats.move(session, from_pool=public, to_pool=pool_id, seats=number) or (
        expire_due(session, now=now, pool_id=public) > 0 and seats.move(session, from_pool=public, to_pool=pool_id, seats=number)
    )


def order_blocks(session: Session, *, offering_id: UUID, now: datetime) -> None:
    """Order all blocks of a class that were promised: it is founded, and from here their seats are given out and owed. Repeatable."""
    for block in _open_blocks(session, offering_id):
        if block.state is funding.BlockState.PROMISED:
            funding.order_block(session, block.id, now=now)


def _open_blocks(session: Session, offering_id: UUID) -> list[funding.BlockFacts]:
    there = [block for block in funding.blocks_at(session, offering_id) if block.state is not funding.BlockState.CLOSED]
    return sorted(there, key=lambda block: block.id)


def claim_seat(session: Session, *, block_id: UUID, person_id: UUID, by: UUID | None, now: datetime, seat_code: str | None = None) -> str:
    """Give a person a seat of a block that `by` names them for, or that they have a code for; returns the code of their enrolment.

    It is sure at once, or as soon as the provider admits them: who bought the block pays. Raises PoolNotFound, EnrolmentClosed, ApprovalNeeded,
    NotAdmitted, SeatCodeUsed, AlreadyEnrolled, OfferingFull when no seat of the block is left, and BlockUsedUp when it was closed in this moment.
    """
    pool = pool_of_block(session, block_id)
    found = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id]
    block = block_seats.check_claimable(session, found, block_id, now=now)
    check_may_enrol(session, person_id)
    admission = queries.admission_of(session, person_id, found)
    if admission.outcome is rules.Admission.REFUSED:
        raise NotAdmitted(found.module_slug)
    if seat_code is not None and pool_opened_by(session, found, seat_code, now=now) != pool.id:
        raise SeatCodeUsed(found.module_slug)
    waits_for = WaitsFor.PROVIDER if admission.needs_decision else None
    until = rules.kept_until(waits_for, now=now, starts_on=found.offering.starts_on) if waits_for else None
    code = open_enrolment(
        session, found=found, pool_id=pool.id, person_id=person_id, state=EnrolmentState.HELD if waits_for else EnrolmentState.CONFIRMED,
        why=Why.ASKED, by=by, request_key=None, now=now, is_business=True, block_id=block_id, agreed_price=block.price,
        seat_code=seat_code and seat_code.upper(), waits_for=waits_for, until=until, confirmed_at=None if waits_for else now,
    )
    take_seat(session, found, pool.id, now=now)
    enrolment_id = block_seats.name(session, block_id=block_id, code=code, found=found, now=now)
    if waits_for is None:
        funding.confirm_seat(session, enrolment_id, now=now)
        announce(session, EnrolmentConfirmed(enrolment_id))
        return code
    change(
        session, enrolment_id, EnrolmentState.HELD, EnrolmentState.REQUESTED, why=Why.ADMISSION_ASKED, by=by, now=now, until=until, waits_for=waits_for,
    )
    announce(session, AdmissionAsked(enrolment_id))
    return code


def release_seat(session: Session, *, block_id: UUID, code: str, by: UUID | None, now: datetime) -> None:
    """Take the seat of a block back from who has it, for its buyer; they owe what leaving late costs, and of such a seat nothing else is left.

    Raises EnrolmentNotFound, TooLateToCancel, NotCancellable.
    """
    leaving.cancel_for(session, seat_in_block(session, block_id, code), by=by, now=now)


def replace_person(session: Session, *, block_id: UUID, code: str, person_id: UUID, by: UUID, now: datetime) -> str:
    """Let another person have a sure seat of a block, for nothing, until the class begins; returns the code of their enrolment.

    Raises EnrolmentNotFound, NoSeatToPass, ApprovalNeeded, NotAdmitted, AlreadyEnrolled.
    """
    return together.pass_seat(session, seat_in_block(session, block_id, code), person_id=person_id, by=by, now=now)


def make_block_codes(session: Session, *, block_id: UUID, number: int, uses: int, now: datetime, until: datetime | None = None) -> list[str]:
    """Return so many new codes for the seats of a block, each good for `uses` seats, up to a moment or to its class. Raises PoolNotFound."""
    return pools.add_codes(session, pool_of_block(session, block_id).id, number=number, uses=uses, now=now, until=until)


def grow_block(session: Session, *, block_id: UUID, seats_more: int, now: datetime) -> None:
    """Sell so many more seats to who bought a block, at its price. Raises PoolNotFound, BlockUsedUp for one that is closed, BudgetUsedUp, BlockTooLarge."""
    pool = pool_of_block(session, block_id)
    found = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id]
    public = seats.public_pool(session, found.offering)
    seats.lock(session, (public, pool.id))
    funding.grow_block(session, block_id, seats=seats_more, now=now)
    if not _move(session, public, pool.id, seats_more, now=now):
        raise BlockTooLarge(found.module_slug, found.offering.code)
    announce(session, SeatsChanged(found.offering.id))


def shrink_block(session: Session, *, block_id: UUID, seats_back: int, now: datetime) -> bool:
    """Give so many of a block's seats that nobody has back to everyone; nothing of them is owed. False, and nothing changed, when it has not that many,
    or these are all its seats: then it is taken back. Raises PoolNotFound.
    """
    pool = pool_of_block(session, block_id)
    found = catalogue.offerings_by_id(session, [pool.offering_id])[pool.offering_id]
    public = seats.public_pool(session, found.offering)
    seats.lock(session, (public, pool.id))
    if not funding.shrink_block(session, block_id, seats=seats_back, now=now):
        return False
    _to_everyone(session, pool.id, public, seats_back, found.offering.id, now=now)
    return True


def take_blocks_back(session: Session, *, now: datetime, offering_id: UUID | None = None, block_id: UUID | None = None) -> None:
    """Close one block, or all of a class, and let everyone have the seats that nobody has; nothing of those is owed. Repeatable.

    Who has a seat keeps it, paid by who bought the block. Raises PoolNotFound.
    """
    offering_id = pool_of_block(session, block_id).offering_id if offering_id is None and block_id is not None else offering_id
    assert offering_id is not None
    seats.lock_offering(session, offering_id)
    found = catalogue.offerings_by_id(session, [offering_id])[offering_id]
    for block in _open_blocks(session, offering_id):
        if block_id in {None, block.id}:
            pool = pool_of_block(session, block.id)
            funding.close_block(session, block.id, owes_unnamed=False, now=now)
            _to_everyone(session, pool.id, seats.public_pool(session, found.offering), block.unnamed, offering_id, now=now)


def _to_everyone(session: Session, pool_id: UUID, public: UUID, number: int, offering_id: UUID, *, now: datetime) -> None:
    """Move free seats of a block to the pool for everyone, first of all for who waits. The caller has locked both pools."""
    if number and seats.move(session, from_pool=pool_id, to_pool=public, seats=number):
        fill_from_line(session, pool_id=public, offering_id=offering_id, now=now)
        announce(session, SeatsChanged(offering_id))


def close_begun(session: Session, *, offering_id: UUID, now: datetime) -> None:
    """Close the blocks of a class on the day on which it begins: then ordered seats that nobody has are owed as well. Repeatable.

    Nothing is owed of a class that was called off, or that was never founded; nothing happens to one that begins later by now.
    """
    offering = catalogue.offerings_by_id(session, [offering_id])[offering_id].offering
    if offering.starts_on <= amsterdam_day(now):
        block_seats.close_blocks(session, offering_id, owes_unnamed=offering.state not in _NEVER, now=now)
