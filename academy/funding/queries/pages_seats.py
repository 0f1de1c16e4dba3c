"""Seats that an organisation pays: what is on its invoices, and what will be on the next."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from academy.accounts.api import organisation_names, people
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.queries.pages_sources import Keeper
from academy.kernel.money import Money
from academy.payments.api import billing_details_of, invoices

MOST = 500  # on one page; the newest first


@dataclass(frozen=True)
class SeatOnInvoice:
    """What an organisation pays of a seat that is sure; `who` is empty once that person has no account any more, `invoice` while there is none."""

    who: str
    has_name: bool  # else nobody was named before the class began
    what: str
    supplier: str
    delivered_from: date
    confirmed_at: datetime
    amount: Money
    refunded: Money
    state: ShareState
    invoice: str


@dataclass(frozen=True)
class SeatsOnInvoices:
    """Both kinds, newest first; without billing details no invoice can be made."""

    coming: tuple[SeatOnInvoice, ...]
    invoiced: tuple[SeatOnInvoice, ...]
    has_details: bool


def seats_on_invoices(session: Session, there: Keeper) -> SeatsOnInvoices:
    """Return what an organisation pays of seats that are sure, for who keeps its money; the newest `MOST` of them."""
    coming = and_(FundingShare.state == ShareState.APPROVED, FundedSeat.confirmed_at.is_not(None))
    rows = session.execute(
        select(FundingShare, FundedSeat).join(FundedSeat, FundedSeat.id == FundingShare.seat_id)
        .where(FundingShare.organisation_id == there.organisation_id, or_(coming, FundingShare.invoice_id.is_not(None)))
        .order_by(FundedSeat.confirmed_at.desc(), FundingShare.id).limit(MOST),
    ).all()
    known = people(session, {seat.person_id for _share, seat in rows if seat.person_id is not None})
    names = organisation_names(session, {seat.supplier_id for _share, seat in rows})
    codes = invoices(session, {share.invoice_id for share, _seat in rows if share.invoice_id is not None})

    def seat_of(share: FundingShare, seat: FundedSeat) -> SeatOnInvoice:
        person = None if seat.person_id is None else known.get(seat.person_id)
        invoice = None if share.invoice_id is None else codes.get(share.invoice_id)
        return SeatOnInvoice(
            person.name if person else "", seat.person_id is not None, seat.description, names[seat.supplier_id],
            seat.delivered_from, seat.confirmed_at or seat.made_at,
            share.amount, share.refunded, share.state, invoice.code if invoice else "",
        )

    found = [(share.invoice_id, seat_of(share, seat)) for share, seat in rows]
    return SeatsOnInvoices(
        tuple(seat for invoice_id, seat in found if invoice_id is None), tuple(seat for invoice_id, seat in found if invoice_id is not None),
        has_details=_has_details(session, there.organisation_id),
    )


def _has_details(session: Session, organisation_id: UUID) -> bool:
    return billing_details_of(session, organisation_id) is not None
