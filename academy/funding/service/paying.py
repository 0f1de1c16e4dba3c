"""Money that came: for the learner's share by a payment, for those of others by an invoice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding import queries
from academy.funding.kinds import ShareState, SourceKind
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.service import shares
from academy.payments import api as payments
from academy.payments.api import PaymentState

PURPOSE: Final = "enrolment"  # of a payment for a seat
_MOST_AT_ONCE: Final = 200


def note_payment(session: Session, payment_id: UUID, *, now: datetime) -> None:
    """Note that the learner paid their share, also when the seat has ended meanwhile. Repeatable; nothing for what is no seat's."""
    found = payments.payment(session, payment_id)
    seat = queries.locked_seat(session, found.subject_id) if found is not None and found.purpose == PURPOSE else None
    if seat is not None:
        note_settled(session, seat, now=now)


def note_settled(session: Session, seat: FundedSeat, *, now: datetime) -> None:
    """Note the learner's payment of a seat that is kept to this transaction, if its money is there."""
    own = next((one for one in queries.locked_shares(session, seat.id) if _may_be_paid(one)), None)
    found = None if own is None else payments.payments_for(session, PURPOSE, [seat.id]).get(seat.id)
    if own is not None and found is not None and found.state is PaymentState.SETTLED:
        shares.move(session, own, ShareState.PAID, now=now, payment_id=found.id)


def _may_be_paid(share: FundingShare) -> bool:
    """Tell whether money may have come for a share; one that ended unpaid may be paid a moment later."""
    return share.kind is SourceKind.LEARNER and share.payment_id is None and share.state in {ShareState.RESERVED, ShareState.RELEASED}


def invoiced(session: Session) -> Sequence[UUID]:
    """Return the invoices on which shares wait for money."""
    wanted = select(FundingShare.invoice_id).where(FundingShare.state == ShareState.INVOICED, FundingShare.invoice_id.is_not(None)).distinct()
    return [invoice_id for invoice_id in session.scalars(wanted) if invoice_id is not None]


def follow_invoices(session: Session, invoice_ids: Sequence[UUID], *, now: datetime) -> int:
    """Note the shares as paid whose invoices are paid whole; returns how many. Repeatable."""
    paid = [invoice.id for invoice in payments.invoices(session, invoice_ids).values() if invoice.open.cents <= 0]
    rows = session.execute(
        select(FundingShare.id, FundingShare.seat_id)
        .where(FundingShare.invoice_id.in_(paid), FundingShare.state == ShareState.INVOICED)
        .order_by(FundingShare.seat_id).limit(_MOST_AT_ONCE),
    ).all()
    for share_id, seat_id in rows:
        queries.locked_seat(session, seat_id)
        share = session.get_one(FundingShare, share_id, populate_existing=True)
        if share.state is ShareState.INVOICED:
            shares.move(session, share, ShareState.PAID, now=now)
    return len(rows)
