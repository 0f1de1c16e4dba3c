"""Orders to the bank to send money back, the same steps for what a payment brought (`refunds`) and for what is booked nowhere (`returning`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.payments import rules
from academy.payments.gateway import BankRefused, BankUnavailable, RefundTold
from academy.payments.kinds import SendState
from academy.payments.models import MoneyReturn, Refund
from academy.payments.service import bank, sending


def _nothing(*_: object, **__: object) -> None:
    """Do nothing more."""


@dataclass(frozen=True)
class Way:
    """One kind of these orders: how the bank calls the payment that it goes back of, and what else happens here, once, when an order ends."""

    kind: type[Refund] | type[MoneyReturn]
    vendor_payment: Any  # a column, or a question, of this name
    when_done: Callable[..., None] = _nothing  # (session, order_id, *, now)
    when_failed: Callable[..., None] = _nothing  # (session, order_id, *, was_done, now)


def send(way: Way, order_id: UUID, *, now: datetime) -> bool:
    """Send an order that is due to the bank, and write down what it said; opens its own transactions.

    False when the bank is away, so that others had better wait.
    """
    with database().writing() as session:
        taken = sending.take(session, way.kind, order_id, way.kind.amount, way.kind.vendor_refund, way.vendor_payment, now=now)
    if taken is None:
        return True
    key = rules.refund_key(order_id, taken.vendor_refund)
    try:
        vendor_refund, is_done = bank.gateway().refund(key=key, vendor_payment=taken.vendor_payment, amount=taken.amount)
    except BankUnavailable:
        if sending.is_last(taken):
            with database().writing() as session:
                _fail(session, way, order_id, "the payment service did not answer", now=now)
        return False
    except BankRefused as refused:
        with database().writing() as session:
            _fail(session, way, order_id, str(refused), now=now)
        return True
    with database().writing() as session:
        sending.change(session, way.kind, order_id, SendState.SENT, of=(SendState.ASKED,), vendor_refund=vendor_refund)
        if is_done:
            _finish(session, way, order_id, now=now)
    return True


def note_told(session: Session, way: Way, told: RefundTold, *, now: datetime) -> bool:
    """Act on what the bank tells of an order, told late, twice or before its answer; False when it is about none of this kind."""
    known = select(way.kind.id, way.kind.state, way.kind.vendor_refund).where(
        (way.kind.id == told.refund_id) | (way.kind.vendor_refund == told.vendor_refund),
    )
    found = session.execute(known.with_for_update()).one_or_none()
    if found is None:
        return False
    if found.vendor_refund not in {None, told.vendor_refund} or (found.vendor_refund and found.state is SendState.ASKED):
        return True  # of a try that failed before, and was made again
    unheard = (SendState.ASKED, SendState.FAILED) if found.vendor_refund is None else ()
    sending.change(session, way.kind, found.id, SendState.SENT, of=unheard, vendor_refund=told.vendor_refund, ended_at=None)
    end_as_told(session, way, found.id, told.what, now=now)
    return True


def end_as_told(session: Session, way: Way, order_id: UUID, what: str, *, now: datetime) -> None:
    """End an order as the bank tells that it ended; nothing when it goes on."""
    if what == "done":
        _finish(session, way, order_id, now=now)
    if what == "failed":
        _fail(session, way, order_id, "the bank could not deliver it", now=now)


def _finish(session: Session, way: Way, order_id: UUID, *, now: datetime) -> None:
    if sending.change(session, way.kind, order_id, SendState.DONE, of=(SendState.SENT,), ended_at=now, problem=""):
        way.when_done(session, order_id, now=now)


def _fail(session: Session, way: Way, order_id: UUID, problem: str, *, now: datetime) -> None:
    """Leave an order to a person; of one that seemed done, the money came back to us."""
    was_done = session.scalar(select(way.kind.state).where(way.kind.id == order_id).with_for_update()) is SendState.DONE
    states = (SendState.ASKED, SendState.SENT, SendState.DONE)
    if sending.change(session, way.kind, order_id, SendState.FAILED, of=states, ended_at=now, problem=problem[:500]):
        way.when_failed(session, order_id, was_done=was_done, now=now)
