"""A seat that ends: who promised is released, who paid gets it back, in reverse order of paying and never more than they paid."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.funding import queries, rules
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.service import shares
from academy.funding.service.lines import line_of
from academy.funding.service.paying import note_settled
from academy.funding.service.reserving import SEAT_ENDED
from academy.kernel.money import FREE, Money
from academy.payments import api as payments

_GONE = (ShareState.RELEASED, ShareState.RECLAIMED)


def end_seat(session: Session, seat_id: UUID, *, owed: Money, now: datetime) -> None:
    """End a seat of whose price `owed` stays owed: the first to pay keep paying that, the rest goes back or is no longer asked.

    The learner gets money by a refund, who was invoiced a credit note, what was only promised is released, and budgets and yearly caps get
    it all back. Repeatable: what went back does not go back again; ended once more with less owed, the difference does.
    """
    seat = queries.locked_seat(session, seat_id)
    if seat is not None:
        end_locked(session, seat, owed=owed, now=now)


def end_locked(session: Session, seat: FundedSeat, *, owed: Money, now: datetime) -> None:
    """As `end_seat`, for a seat that is kept to this transaction."""
    if seat.block_id is not None:
        queries.lock_block(session, seat.block_id)  # before its budget, as whoever grows or shrinks it does
    note_settled(session, seat, now=now)
    there = queries.locked_shares(session, seat.id)
    for share in there:
        if share.state is ShareState.RESERVED:  # nobody approved or paid it, so nothing of it can stay owed
            _let_go(session, seat, share, now=now)
    paying = [share for share in there if share.state not in _GONE]
    back = rules.refunds([share.amount for share in paying], kept=owed)
    for share, amount in reversed(list(zip(paying, back, strict=True))):
        _give_back(session, seat, share, amount - share.refunded, now=now)
    seat.ended_at, seat.kept = seat.ended_at or now, min(owed, seat.price)


def _let_go(session: Session, seat: FundedSeat, share: FundingShare, *, now: datetime) -> None:
    shares.free(session, seat, share, share.amount - share.refunded)
    shares.move(session, share, ShareState.RELEASED, now=now, note=SEAT_ENDED, approve_until=None)


def _give_back(session: Session, seat: FundedSeat, share: FundingShare, amount: Money, *, now: datetime) -> None:
    """Give one payer so much back, of what they paid, were invoiced, or promised."""
    if amount <= FREE:
        return
    if share.state is ShareState.APPROVED and share.refunded + amount == share.amount:
        _let_go(session, seat, share, now=now)
        return
    _return_money(session, seat, share, amount, now=now)
    shares.free(session, seat, share, amount)
    refunded = share.refunded + amount
    to = ShareState.RECLAIMED if refunded == share.amount else share.state
    shares.move(session, share, to, now=now, note=SEAT_ENDED, refunded=refunded)


def _return_money(session: Session, seat: FundedSeat, share: FundingShare, amount: Money, *, now: datetime) -> None:
    """Ask for the refund or the credit note; nothing for what was promised only, or given as a discount."""
    key = f"share-{share.id}-{(share.refunded + amount).cents}"  # the same return of money, asked again, is the same
    if share.payment_id is not None:
        payments.ask_refund(session, payment_id=share.payment_id, amount=amount, request_key=key, now=now)
    elif share.invoice_id is not None:
        references = queries.references_of(session, {seat.block_id} if seat.block_id is not None else ())
        line = line_of(seat, share, already=share.refunded, amount=amount, reference=references.get(seat.block_id, ""))
        payments.credit_invoice(session, invoice_id=share.invoice_id, lines=[line], request_key=key, now=now)


