"""Blocks: seats that an organisation promises to pay before it knew who comes, and what becomes of that promise seat by seat.

Order of locks: a seat of it, the block, then its budget. The guarded statements on `FundedBlock.named` and `seats` stand here and nowhere else.
A class may be moved after its seats were bought: when it begins is asked of the catalogue, never of the block.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.funding import queries, rules
from academy.funding.errors import BlockUsedUp, BudgetUsedUp
from academy.funding.facts import VatDecision
from academy.funding.kinds import BlockState, PayerCategory, ShareState, SourceKind, VatReason
from academy.funding.models import Budget, FundedBlock, FundedSeat, FundingShare, FundingSource
from academy.funding.service import budgets, quoting, shares
from academy.funding.service.by_invoice import source_by_invoice
from academy.funding.service.ending import end_seat
from academy.funding.service.reserving import confirm_seat
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.text import Language
from academy.kernel.translation import ngettext, reading_in

_DUTCH: Final = {"NL", "BE", "SR"}
_LONGEST: Final = 250


def promise_block(
    session: Session, *, organisation_id: UUID, found: catalogue.OfferingOfModule, seats: int, budget_id: UUID | None, reference: str, by: UUID | None,
    now: datetime,
) -> UUID:
    """Promise to pay so many seats of a class at its present price, out of a budget of the organisation or by invoice; returns the block.

    Nothing is owed until it is ordered. Raises VatUndecided, and BudgetUsedUp also for a budget that is not the organisation's, or not for today.
    """
    price, vat = _price(session, found, organisation_id)
    source_id = _source_of(session, organisation_id, budget_id, now=now) if budget_id else source_by_invoice(session, organisation_id, now=now)
    language: Language = "nl" if accounts.organisation(session, organisation_id).country in _DUTCH else "en"
    row = FundedBlock(
        id=new_id(), organisation_id=organisation_id, source_id=source_id, budget_id=budget_id, supplier_id=found.provider_id, offering_id=found.offering.id,
        state=BlockState.PROMISED, seats=seats, price=price, vat=vat.amount, vat_category=vat.category, vat_rate=vat.rate, vat_reason=vat.reason,
        description=found.module_title.in_language(language)[:_LONGEST], language=language, delivered_from=found.offering.starts_on,
        delivered_until=found.offering.ends_on, reference=reference, made_at=now, made_by=by,
    )
    session.add(row)
    session.flush()
    _earmark(session, budget_id, price, seats)
    return row.id


def _price(session: Session, found: catalogue.OfferingOfModule, organisation_id: UUID) -> tuple[Money, VatDecision]:
    """Return what a seat costs the organisation and the VAT in it: a firm in another country of the EU declares its VAT there. Raises VatUndecided."""
    price = found.offering.price or FREE
    if price.is_zero:
        return FREE, VatDecision(VatReason.REGULATED, rules.NO_VAT, FREE)
    vat, buyer = quoting.vat_of(session, found), accounts.organisation(session, organisation_id)
    if rules.reverse_charge_applies(vat.reason, buyer_country=buyer.country, buyer_vat_id=buyer.vat_id):
        return price - vat.amount, VatDecision(VatReason.REVERSE_CHARGE, rules.NO_VAT, FREE)
    return price, vat


def _source_of(session: Session, organisation_id: UUID, budget_id: UUID, *, now: datetime) -> UUID:
    """Return whose money a budget is, if it is this organisation's and for today. Raises BudgetUsedUp."""
    today = amsterdam_day(now)
    source_id = session.scalar(
        select(Budget.source_id).join(FundingSource, FundingSource.id == Budget.source_id)
        .where(Budget.id == budget_id, FundingSource.owner_id == organisation_id, Budget.from_on <= today, Budget.until_on >= today),
    )
    if source_id is None:
        raise BudgetUsedUp
    return source_id


def _earmark(session: Session, budget_id: UUID | None, price: Money, seats: int) -> None:
    amount = _times(price, seats)
    if budget_id is not None and not amount.is_zero and not budgets.earmark(session, budget_id, amount):
        raise BudgetUsedUp


def _release(session: Session, block: FundedBlock, seats: int) -> None:
    amount = _times(block.price, seats)
    if block.budget_id is not None and not amount.is_zero:
        budgets.release(session, block.budget_id, amount)


def _times(price: Money, seats: int) -> Money:
    return Money(price.cents * seats)


def order_block(session: Session, block_id: UUID, *, now: datetime) -> None:
    """Order a block that was promised: from here its seats are given out, and owed. Repeatable."""
    session.execute(
        update(FundedBlock).where(FundedBlock.id == block_id, FundedBlock.state == BlockState.PROMISED)
        .values(state=BlockState.ORDERED, ordered_at=now).execution_options(synchronize_session=False),
    )


def grow_block(session: Session, block_id: UUID, *, seats: int, now: datetime) -> None:
    """Promise, or owe, so many more seats of a block at its price. Raises BlockUsedUp for one that is closed, BudgetUsedUp."""
    grown = update(FundedBlock).where(FundedBlock.id == block_id, FundedBlock.state != BlockState.CLOSED)
    grown = grown.values(seats=FundedBlock.seats + seats).execution_options(synchronize_session=False)
    if _has_begun(session, block_id, now) or rows_changed(session, grown) != 1:
        raise BlockUsedUp
    block = _row(session, block_id)
    _earmark(session, block.budget_id, block.price, seats)


def shrink_block(session: Session, block_id: UUID, *, seats: int, now: datetime) -> bool:
    """Give so many seats back that have no name, before the class begins; False, and nothing changed, when not so many are without."""
    smaller = update(FundedBlock).where(
        FundedBlock.id == block_id, FundedBlock.state != BlockState.CLOSED, FundedBlock.seats - FundedBlock.named >= seats, FundedBlock.seats > seats,
    )
    smaller = smaller.values(seats=FundedBlock.seats - seats).execution_options(synchronize_session=False)
    if _has_begun(session, block_id, now) or rows_changed(session, smaller) != 1:
        return False
    _release(session, _row(session, block_id), seats)
    return True


def name_seat(
    session: Session, *, block_id: UUID, seat_id: UUID, person_id: UUID, found: catalogue.OfferingOfModule, language: Language, now: datetime,
) -> None:
    """Let a seat of a block be somebody's: what the block promised for it becomes a share of that seat, in the same budget. Raises BlockUsedUp."""
    named = update(FundedBlock).where(
        FundedBlock.id == block_id, FundedBlock.state == BlockState.ORDERED, FundedBlock.named < FundedBlock.seats,
        FundedBlock.offering_id == found.offering.id,
    )
    if rows_changed(session, named.values(named=FundedBlock.named + 1).execution_options(synchronize_session=False)) != 1:
        raise BlockUsedUp
    block, description = _row(session, block_id), found.module_title.in_language(language)
    _add_seat(session, block, found.offering, seat_id=seat_id, person_id=person_id, number=1, description=description, now=now)


def _add_seat(
    session: Session, block: FundedBlock, offering: catalogue.OfferingFacts, *, seat_id: UUID, person_id: UUID | None, number: int, description: str,
    now: datetime,
) -> None:
    price, vat = _times(block.price, number), _times(block.vat, number)
    seat = FundedSeat(
        id=seat_id, person_id=person_id, block_id=block.id, supplier_id=block.supplier_id, offering_id=block.offering_id, description=description[:300],
        language=block.language, delivered_from=offering.starts_on, delivered_until=offering.ends_on, price=price, vat=vat,
        vat_category=block.vat_category, vat_rate=block.vat_rate, vat_reason=block.vat_reason, made_at=now,
    )
    session.add(seat)
    session.flush()
    if price.is_zero:
        return
    share = FundingShare(
        id=new_id(), seat_id=seat.id, position=1, kind=SourceKind.EMPLOYER, category=PayerCategory.EMPLOYERS, source_id=block.source_id,
        budget_id=block.budget_id, organisation_id=block.organisation_id, amount=price, vat=vat, refunded=FREE, state=ShareState.APPROVED,
    )
    shares.add(session, share, now=now, note="seat of a block")


def unname_seat(session: Session, *, seat_id: UUID, now: datetime) -> bool:
    """Give a seat back to its block after it ended with nothing owed: it can have another name, and the block promises its price again.

    False for a seat of no block, of one that is closed, or of which money stays owed: then nothing changes.
    """
    seat = queries.locked_seat(session, seat_id)
    if seat is None or seat.block_id is None:
        return False
    if seat.price.is_zero and seat.ended_at is None:  # nothing of it was to be ended before
        seat.ended_at, seat.kept = now, FREE
    if seat.ended_at is None or not (seat.kept or FREE).is_zero:
        return False
    if not _unname(session, seat.block_id, now=now):
        return False
    seat.block_id = None  # so that it comes back once
    session.flush()
    return True


def _unname(session: Session, block_id: UUID, *, now: datetime) -> bool:
    back = update(FundedBlock).where(FundedBlock.id == block_id, FundedBlock.state == BlockState.ORDERED, FundedBlock.named > 0)
    back = back.values(named=FundedBlock.named - 1).execution_options(synchronize_session=False)
    if _has_begun(session, block_id, now) or rows_changed(session, back) != 1:
        return False
    block = _row(session, block_id)
    amount = _times(block.price, 1)
    if block.budget_id is not None and not amount.is_zero and not budgets.earmark(session, block.budget_id, amount):
        raise DatabaseBusy  # ending it put as much back in this transaction, so this can not be; rather start over than lose a promise
    return True


def close_block(session: Session, block_id: UUID, *, owes_unnamed: bool, now: datetime) -> None:
    """Close a block: it gives out no more seats. Repeatable.

    `owes_unnamed`: its class begins, so what was ordered and has no name yet is owed too, in one line. Else what was promised for it is released,
    and of a class that had begun and is called off after all, that line goes back: nothing without a name is owed any more.
    """
    closed = update(FundedBlock).where(FundedBlock.id == block_id, FundedBlock.state != BlockState.CLOSED)
    if rows_changed(session, closed.values(state=BlockState.CLOSED, closed_at=now).execution_options(synchronize_session=False)) == 1:
        block = _row(session, block_id)
        if owes_unnamed and block.ordered_at is not None:
            _owe_unnamed(session, block, now=now)
        else:
            _release(session, block, block.seats - block.named)
    elif not owes_unnamed:
        nameless = select(FundedSeat.id).where(FundedSeat.block_id == block_id, FundedSeat.person_id.is_(None))
        for seat_id in session.scalars(nameless).all():  # at most one
            end_seat(session, seat_id, owed=FREE, now=now)


def _owe_unnamed(session: Session, block: FundedBlock, *, now: datetime) -> None:
    unnamed = block.seats - block.named
    if unnamed and not block.price.is_zero:
        seat_id, offering = new_id(), _class_of(session, block.id)
        _add_seat(session, block, offering, seat_id=seat_id, person_id=None, number=unnamed, description=_without_name(block, unnamed), now=now)
        confirm_seat(session, seat_id, now)


def _without_name(block: FundedBlock, number: int) -> str:
    with reading_in("en" if block.language == "en" else "nl"):
        return ngettext("%(num)s plek zonder naam: %(what)s", "%(num)s plekken zonder naam: %(what)s", number, what=block.description)


def _has_begun(session: Session, block_id: UUID, now: datetime) -> bool:
    """Tell whether the class of a block has begun, on the day that it has now: its provider may have put that off."""
    return _class_of(session, block_id).starts_on <= amsterdam_day(now)


def _class_of(session: Session, block_id: UUID) -> catalogue.OfferingFacts:
    """Return the class of a block as it is planned now."""
    offering_id = session.scalars(select(FundedBlock.offering_id).where(FundedBlock.id == block_id)).one()
    return catalogue.offerings_by_id(session, [offering_id])[offering_id].offering


def _row(session: Session, block_id: UUID) -> FundedBlock:
    """Return a block as it is now that this transaction has changed it: nobody else can."""
    return session.get_one(FundedBlock, block_id, populate_existing=True)
