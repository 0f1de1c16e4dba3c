"""Invoicing what others promised of seats that are sure: one invoice a month per supplier and payer."""

from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.funding import queries
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.service import budgets, shares
from academy.funding.service.lines import line_of
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.text import Language
from academy.payments import api as payments
from academy.payments.api import InvoiceFacts

_DUTCH: Final = {"NL", "BE", "SR"}
_MOST_LINES: Final = 500
Pair = tuple[UUID, UUID]  # supplier and payer


def month_of(moment: datetime) -> date:
    """Return the first day of the month in which a moment falls in Amsterdam."""
    return amsterdam_day(moment).replace(day=1)


def pairs_to_invoice(session: Session, *, month: date) -> list[Pair]:
    """Return who has to be invoiced for seats that were sure before a month, and were not invoiced yet."""
    rows = session.execute(
        select(FundedSeat.supplier_id, FundingShare.organisation_id)
        .join(FundingShare, FundingShare.seat_id == FundedSeat.id)
        .where(*_due(month)).distinct().order_by(FundedSeat.supplier_id, FundingShare.organisation_id),
    )
    return [(supplier_id, payer_id) for supplier_id, payer_id in rows if payer_id is not None]


def _due(month: date) -> tuple[ColumnElement[bool], ...]:
    begins = datetime.combine(month, time(), AMSTERDAM)
    return FundingShare.state == ShareState.APPROVED, FundingShare.organisation_id.is_not(None), FundedSeat.confirmed_at < begins


def invoice_pair(session: Session, pair: Pair, *, month: date, now: datetime) -> InvoiceFacts | None:
    """Make one supplier's invoice to one payer for the seats that were sure before `month`; None when there is nothing to invoice any more.

    What is promised of a budget becomes spent. Repeatable: a share is on one invoice. Raises what `issue_invoice` raises, of who has not
    filled in what the law wants on an invoice.
    """
    supplier_id, payer_id = pair
    seat_ids = session.scalars(
        select(FundedSeat.id).join(FundingShare, FundingShare.seat_id == FundedSeat.id)
        .where(FundedSeat.supplier_id == supplier_id, FundingShare.organisation_id == payer_id, *_due(month))
        .distinct().order_by(FundedSeat.id).limit(_MOST_LINES),
    ).all()
    due = [found for seat_id in seat_ids for found in _shares_of(session, seat_id, payer_id)]
    if not due:
        return None
    language: Language = "nl" if accounts.organisation(session, payer_id).country in _DUTCH else "en"
    references = queries.references_of(session, {seat.block_id for seat, _share in due if seat.block_id is not None})
    invoice = payments.issue_invoice(
        session, supplier_id=supplier_id, buyer=payments.Payer(organisation_id=payer_id), request_key=f"shares-{due[0][1].id}", language=language,
        now=now,
        lines=[
            line_of(
                seat, share, already=share.refunded, amount=share.amount - share.refunded, language=language, reference=references.get(seat.block_id, ""),
            )
            for seat, share in due
        ],
    )
    for _seat, share in sorted(due, key=lambda one: str(one[1].budget_id)):
        if share.budget_id is not None:
            budgets.spend(session, share.budget_id, share.amount - share.refunded)
        shares.move(session, share, ShareState.INVOICED, now=now, invoice_id=invoice.id)
    return invoice


def _shares_of(session: Session, seat_id: UUID, payer_id: UUID) -> list[tuple[FundedSeat, FundingShare]]:
    """Return what a payer promised of a seat, as it is now, with the seat kept to this transaction."""
    seat = queries.locked_seat(session, seat_id)
    assert seat is not None
    there = queries.locked_shares(session, seat_id)
    return [(seat, share) for share in there if share.state is ShareState.APPROVED and share.organisation_id == payer_id]
