"""Comparing what the bank has with what is booked here, both ways."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.kernel.money import Money
from academy.payments.gateway import KnownPayment
from academy.payments.kinds import PaymentState, SendState
from academy.payments.models import Checkout, Payment, Refund
from academy.payments.queries.attention import Difference, waiting
from academy.payments.service import bank
from academy.payments.service.settling import Settled
from academy.payments.service.visits import note_outcome

_AT_ONCE: Final = 500
_LATE_NOTICES = timedelta(days=7)  # a bank repeats a notice for some days: what it had then may be settled here after `since`
_ON_ITS_WAY = timedelta(minutes=15)


@dataclass(frozen=True)
class _Ours:
    code: str
    state: PaymentState
    vendor_payment: str | None
    amount: Money
    sent_back: int  # cents that the bank took for refunds
    on_its_way: int  # cents of refunds that it may have taken


def reconcile(*, since: datetime, now: datetime) -> list[Difference]:
    """Return the differences from `since` on; money that the bank has for a payment of ours is booked, and told as well.

    Opens its own transactions, some hundred payments each, and asks the bank between them; repeatable: what was booked is no difference any
    more. Raises BankUnavailable, BankRefused.
    """
    found: list[Difference] = []
    at_the_bank: set[str] = set()
    known = bank.gateway().payments_since(since - _LATE_NOTICES)
    while some := list(islice(known, _AT_ONCE)):
        at_the_bank.update(each.vendor_payment for each in some)
        with database().reading() as session:
            ours = _ours(session, some)
        found += [difference for each in some for difference in _compare(each, _of(ours, each), now=now)]
    with database().reading() as session:
        found += _not_at_the_bank(session, at_the_bank, since=since, until=now - _ON_ITS_WAY)
        found += waiting(session)
    return found


def _ours(session: Session, known: Sequence[KnownPayment]) -> dict[UUID, _Ours]:
    cents = type_coerce(Refund.amount, Integer)
    is_sent = Refund.state.in_((SendState.SENT, SendState.DONE))
    rows = session.execute(
        select(
            Payment.id, Payment.code, Payment.state, Payment.vendor_payment, Payment.amount, func.sum(case((is_sent, cents), else_=0)).label("sent"),
            func.sum(case((Refund.state == SendState.ASKED, cents), else_=0)).label("asked"),
        )
        .outerjoin(Refund, Refund.payment_id == Payment.id)
        .where(or_(
            Payment.id.in_([each.payment_id for each in known if each.payment_id]), Payment.vendor_payment.in_([each.vendor_payment for each in known]),
        ))
        .group_by(Payment.id),
    )
    return {row.id: _Ours(row.code, row.state, row.vendor_payment, row.amount, int(row.sent), int(row.asked)) for row in rows}


def _of(ours: dict[UUID, _Ours], known: KnownPayment) -> tuple[UUID, _Ours] | None:
    if known.payment_id in ours:
        return known.payment_id, ours[known.payment_id]
    return next(((payment_id, each) for payment_id, each in ours.items() if each.vendor_payment == known.vendor_payment), None)


def _compare(known: KnownPayment, found: tuple[UUID, _Ours] | None, *, now: datetime) -> Iterator[Difference]:
    if found is None:
        yield Difference(known.vendor_payment, "the bank has this payment, and nothing here is paid by it")
        return
    payment_id, ours = found
    if ours.state is not PaymentState.SETTLED:
        yield Difference(ours.code, _book(payment_id, now=now))
        return
    if ours.vendor_payment != known.vendor_payment:
        yield Difference(ours.code, f"was paid at the bank once more, as {known.vendor_payment}")
        return
    if ours.amount != known.amount:
        yield Difference(ours.code, f"the bank has {known.amount.cents} cents, here are {ours.amount.cents}")
    if not ours.sent_back <= known.refunded.cents <= ours.sent_back + ours.on_its_way:
        yield Difference(ours.code, f"{known.refunded.cents} cents went back at the bank, {ours.sent_back} here")


def _book(payment_id: UUID, *, now: datetime) -> str:
    """Ask the bank for the visits of a payment and book what was paid; returns what came of it."""
    with database().reading() as session:
        visits = session.scalars(select(Checkout.vendor_session).where(Checkout.payment_id == payment_id, Checkout.vendor_session.is_not(None))).all()
    for vendor_session in filter(None, visits):
        outcome = bank.gateway().checkout(vendor_session)
        if outcome.is_paid:
            with database().writing() as session:
                settled = note_outcome(session, payment_id, outcome, now=now)
            return "was paid at the bank, and is booked now" if settled in {Settled.NOW, Settled.BEFORE} else f"was paid at the bank: {settled}"
    return "was paid at the bank, at a visit that is not known here"


def _not_at_the_bank(session: Session, at_the_bank: set[str], *, since: datetime, until: datetime) -> Iterator[Difference]:
    rows = session.execute(
        select(Payment.code, Payment.vendor_payment)
        .where(Payment.state == PaymentState.SETTLED, Payment.settled_at >= since, Payment.settled_at <= until)
        .order_by(Payment.settled_at).execution_options(yield_per=_AT_ONCE),
    )
    for code, vendor_payment in rows:
        if vendor_payment not in at_the_bank:
            yield Difference(code, "is paid here, and the bank does not know it")
