"""Money at the bank that pays nothing here goes back whole: asked once per payment there, sent by the worker."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.kernel.db import database, insert_for
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments import rules
from academy.payments.errors import NothingToRefund
from academy.payments.gateway import BankRefused, BankUnavailable, RefundTold
from academy.payments.kinds import SendState
from academy.payments.models import MoneyReturn, Payment
from academy.payments.service import bank, sending


def ask_return(session: Session, *, vendor_payment: str, amount: Money, now: datetime) -> None:
    """Send money back that is booked nowhere; asked again, it is the same return. Raises NothingToRefund when it does pay something here."""
    if amount <= FREE or session.scalar(select(Payment.id).where(Payment.vendor_payment == vendor_payment)) is not None:
        raise NothingToRefund
    asked = insert_for(session, MoneyReturn).values(
        id=new_id(), vendor_payment=vendor_payment, amount=amount, state=SendState.ASKED, asked_at=now, due_at=now, tries=0, problem="",
    )
    session.execute(asked.on_conflict_do_nothing(index_elements=["vendor_payment"]))


def send(return_id: UUID, *, now: datetime) -> bool:
    """Send a return that is due; opens its own transactions. False when the bank is away."""
    with database().writing() as session:
        taken = sending.take(session, MoneyReturn, return_id, MoneyReturn.amount, MoneyReturn.vendor_payment, MoneyReturn.vendor_refund, now=now)
    if taken is None:
        return True
    key = rules.refund_key(return_id, taken.vendor_refund)
    try:
        vendor_refund, is_done = bank.gateway().refund(key=key, vendor_payment=taken.vendor_payment, amount=taken.amount)
    except BankUnavailable:
        if sending.is_last(taken):
            with database().writing() as session:
                _fail(session, return_id, "the payment service did not answer", now=now)
        return False
    except BankRefused as refused:
        with database().writing() as session:
            _fail(session, return_id, str(refused), now=now)
        return True
    with database().writing() as session:
        sending.change(session, MoneyReturn, return_id, SendState.SENT, of=(SendState.ASKED,), vendor_refund=vendor_refund)
        if is_done:
            _finish(session, return_id, now=now)
    return True


def note_told(session: Session, told: RefundTold, *, now: datetime) -> bool:
    """Act on what the bank tells of a return; False when it is about none of ours."""
    known = select(MoneyReturn.id, MoneyReturn.state, MoneyReturn.vendor_refund).where(
        (MoneyReturn.id == told.refund_id) | (MoneyReturn.vendor_refund == told.vendor_refund),
    )
    found = session.execute(known.with_for_update()).one_or_none()
    if found is None:
        return False
    if found.vendor_refund not in {None, told.vendor_refund} or (found.vendor_refund and found.state is SendState.ASKED):
        return True  # of a try that failed before, and was made again
    unheard = (SendState.ASKED, SendState.FAILED) if found.vendor_refund is None else ()
    sending.change(session, MoneyReturn, found.id, SendState.SENT, of=unheard, vendor_refund=told.vendor_refund, ended_at=None)
    if told.what == "done":
        _finish(session, found.id, now=now)
    if told.what == "failed":
        _fail(session, found.id, "the bank could not deliver it", now=now)
    return True


def _finish(session: Session, return_id: UUID, *, now: datetime) -> None:
    sending.change(session, MoneyReturn, return_id, SendState.DONE, of=(SendState.SENT,), ended_at=now, problem="")


def _fail(session: Session, return_id: UUID, problem: str, *, now: datetime) -> None:
    states = (SendState.ASKED, SendState.SENT, SendState.DONE)
    sending.change(session, MoneyReturn, return_id, SendState.FAILED, of=states, ended_at=now, problem=problem[:500])
