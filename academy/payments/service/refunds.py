"""Money that goes back to who paid: asked once, sent by the worker, done when the bank says so."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, func, select, type_coerce
from sqlalchemy.orm import Session

from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce
from academy.payments import rules
from academy.payments.errors import NothingToRefund, RefundTooHigh
from academy.payments.events import RefundDone, RefundFailed
from academy.payments.facts import Payer
from academy.payments.gateway import RefundTold
from academy.payments.kinds import Booked, PaymentState, SendState
from academy.payments.models import Payment, Refund
from academy.payments.service import going_back, returning
from academy.payments.service.booking import Booking, book, book_all
from academy.payments.service.findings import is_found
from academy.payments.service.opening import locked
from academy.payments.service.transfers import take_back


def ask_refund(session: Session, *, payment_id: UUID, amount: Money, request_key: str, now: datetime) -> None:
    """Send an amount above zero back to who paid; the same `request_key` is the same refund.

    What the provider received of it is asked back, and the platform gives back its part of the fee. One that fails at the bank still counts:
    that money is owed, and a person sees to it. Raises NothingToRefund, RefundTooHigh.
    """
    if session.scalar(select(Refund.id).where(Refund.request_key == request_key)) is None:
        _add(session, payment_id, amount, request_key, vendor_refund=None, now=now)


def _add(session: Session, payment_id: UUID, amount: Money, request_key: str, *, vendor_refund: str | None, now: datetime) -> UUID | None:
    """Add a refund; None when the same was asked in this very moment. The lock on the payment keeps refunds of it from passing each other."""
    paid = locked(
        session, payment_id, Payment.amount, Payment.fee, Payment.purpose, Payment.person_id, Payment.organisation_id, Payment.supplier_id,
    )
    if paid.state is not PaymentState.SETTLED:
        raise NothingToRefund
    if session.scalar(select(Refund.id).where(Refund.request_key == request_key)) is not None:  # while this waited for the lock
        return None
    before = Money(session.scalar(select(func.sum(type_coerce(Refund.amount, Integer))).where(Refund.payment_id == payment_id)) or 0)
    if amount <= FREE or before + amount > paid.amount:
        raise RefundTooHigh
    refund_id = new_id()
    state = SendState.ASKED if vendor_refund is None else SendState.SENT
    session.add(Refund(
        id=refund_id, request_key=request_key, payment_id=payment_id, amount=amount, asked_at=now, due_at=now, vendor_refund=vendor_refund, state=state,
    ))
    session.flush()
    fee, left = (rules.fee_left(paid.fee, paid.amount, back=back) for back in (before, before + amount))
    payer, provider = rules.payer_account(Payer(paid.person_id, paid.organisation_id).id), rules.provider_account(paid.supplier_id)
    sale = Booking(f"sale-reversed:{refund_id}", Booked.SALE_REVERSED, refund_id, [(provider, payer, amount)])
    book_all(session, [
        *([] if paid.purpose == rules.FOR_INVOICE else [sale]),  # of an invoice, the credit note reverses it
        Booking(f"fee-reversed:{refund_id}", Booked.FEE_REVERSED, refund_id, rules.fee_back_legs(provider, fee, left)),
    ], at=now)
    take_back(session, payment_id, refund_id, amount - (fee - left), now=now)
    return refund_id


def send(refund_id: UUID, *, now: datetime) -> bool:
    """Send a refund that is due to the bank; opens its own transactions. False when the bank is away, so that others had better wait."""
    return going_back.send(_WAY, refund_id, now=now)


def note_told(session: Session, told: RefundTold, *, now: datetime) -> str:
    """Act on what the bank tells of a refund, also one that somebody made at the bank itself; returns what keeps it waiting, "" for nothing."""
    if going_back.note_told(session, _WAY, told, now=now) or returning.note_told(session, told, now=now):
        return ""
    return _note_foreign(session, told, now=now) if told.refund_id is None else "no such refund here"


def _note_foreign(session: Session, told: RefundTold, *, now: datetime) -> str:
    """Take over a refund that somebody made at the bank itself."""
    payment_id = session.scalar(select(Payment.id).where(Payment.vendor_payment == told.vendor_payment))
    if payment_id is None:  # of money that is booked nowhere, comparing with the bank sees that it went
        return "" if is_found(session, told.vendor_payment) else "no such payment here"
    if told.what == "failed":
        return ""
    try:
        refund_id = _add(session, payment_id, Money(told.cents), f"bank:{told.vendor_refund}", vendor_refund=told.vendor_refund, now=now)
    except RefundTooHigh:
        return "more went back at the bank than is left of the payment"
    if refund_id:
        going_back.end_as_told(session, _WAY, refund_id, told.what, now=now)
    return ""


def _book_done(session: Session, refund_id: UUID, *, now: datetime) -> None:
    amount, payer = _owed(session, refund_id)
    book(session, key=f"refunded:{refund_id}", kind=Booked.REFUNDED, about_id=refund_id, legs=[(payer, rules.CLEARING, amount)], at=now)
    announce(session, RefundDone(refund_id))


def _book_failed(session: Session, refund_id: UUID, *, was_done: bool, now: datetime) -> None:
    if was_done:
        amount, payer = _owed(session, refund_id)
        book(session, key=f"came-back:{refund_id}", kind=Booked.PAID, about_id=refund_id, legs=[(rules.CLEARING, payer, amount)], at=now)
    announce(session, RefundFailed(refund_id))


def _owed(session: Session, refund_id: UUID) -> tuple[Money, rules.AccountCode]:
    row = session.execute(
        select(Refund.amount, Payment.person_id, Payment.organisation_id).join(Payment, Payment.id == Refund.payment_id).where(Refund.id == refund_id),
    ).one()
    return row.amount, rules.payer_account(Payer(row.person_id, row.organisation_id).id)


_PAID: Final = select(Payment.vendor_payment).where(Payment.id == Refund.payment_id).scalar_subquery().label("vendor_payment")
_WAY: Final = going_back.Way(Refund, _PAID, when_done=_book_done, when_failed=_book_failed)
