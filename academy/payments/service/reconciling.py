"""Comparing what the bank has with what is booked here, both ways, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, case, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.kernel.money import FREE, Money
from academy.payments.gateway import KnownPayment
from academy.payments.kinds import FindingKind, PaymentState, SendState
from academy.payments.models import Payment, Refund
from academy.payments.queries.attention import Difference, returned, waiting
from academy.payments.queries.visits import visits_of
from academy.payments.service import bank, sweeping
from academy.payments.service.findings import Seen, close_gone, keep, money_key
from academy.payments.service.settling import Settled
from academy.payments.service.visits import note_outcome

_AT_ONCE: Final = 100
_LATE_NOTICES = timedelta(days=7)  # a bank repeats a notice for some days: what it had then may be settled here after `since`
_ON_ITS_WAY = timedelta(minutes=15)

Met = tuple[Difference, Seen | None]
"""A difference in words, and what a person has to look at because of it; None when it is mended already."""


@dataclass(frozen=True)
class _Ours:
    code: str
    state: PaymentState
    vendor_payment: str | None
    amount: Money
    sent_back: int  # cents that the bank took for refunds
    on_its_way: int  # cents of refunds that it may have taken


@dataclass(frozen=True)
class Page:
    """Some payments of the bank, compared: what was different, and the last of them as the bank calls it; "" when no more follow."""

    found: tuple[Difference, ...]
    last: str


def reconcile(*, since: datetime, now: datetime) -> list[Difference]:
    """Return the differences from `since` on, and keep them; money that the bank has for a payment of ours is booked, and told as well.

    Opens its own transactions, a page each, and asks the bank between them; repeatable: what was booked is no difference any more. Raises
    BankUnavailable, BankRefused.
    """
    found: list[Difference] = []
    after = ""
    while True:
        page = compare_page(since=since, after=after, started_at=now, now=now)
        found += page.found
        after = page.last
        if not after:
            break
    found += compare_ours(since=since, started_at=now, now=now)
    sweeping.sweep(now)
    with database().reading() as session:
        return [*found, *waiting(session)]


def compare_page(*, since: datetime, after: str, started_at: datetime, now: datetime) -> Page:
    """Compare a page of what the bank has, from the payment `after` on, and keep what is not right.

    `started_at` is when this comparison began. Opens its own transactions, asks the bank outside of them. Raises BankUnavailable, BankRefused.
    """
    known = list(islice(bank.gateway().payments_since(since - _LATE_NOTICES, after=after), _AT_ONCE))
    if not known:
        return Page((), "")
    names = [each.vendor_payment for each in known]
    with database().reading() as session:
        ours, given_back = _ours(session, known), returned(session, names)
    met = [each for one in known for each in _compare(one, _of(ours, one), is_returned=one.vendor_payment in given_back, now=now)]
    with database().writing() as session:
        keep(session, [seen for _told, seen in met if seen], now=now)  # findings before payments, as who gives money back
        session.execute(
            update(Payment).where(Payment.vendor_payment.in_(names), or_(Payment.compared_at.is_(None), Payment.compared_at < started_at))
            .values(compared_at=started_at).execution_options(synchronize_session=False),
        )
    return Page(tuple(told for told, _seen in met), names[-1] if len(known) == _AT_ONCE else "")


def compare_ours(*, since: datetime, started_at: datetime, now: datetime) -> list[Difference]:
    """Return, and keep, what is paid here and was not met at the bank since `started_at`; then close what was not met any more.

    To be called when all that the bank has was compared; opens its own transactions, a page each.
    """
    found: list[Difference] = []
    until, last = started_at - _ON_ITS_WAY, UUID(int=0)
    while True:
        with database().reading() as session:
            rows = session.execute(
                select(Payment.id, Payment.code, Payment.vendor_payment, Payment.amount, Payment.settled_at)
                .where(
                    Payment.state == PaymentState.SETTLED, Payment.settled_at >= since, Payment.settled_at <= until, Payment.id > last,
                    or_(Payment.compared_at.is_(None), Payment.compared_at < started_at),
                )
                .order_by(Payment.id).limit(_AT_ONCE),
            ).all()
        with database().writing() as session:
            keep(session, [
                Seen(f"missing:{row.id.hex}", FindingKind.NOT_AT_BANK, row.code, row.settled_at, row.id, None, row.vendor_payment, row.amount, FREE)
                for row in rows
            ], now=now)
            if len(rows) < _AT_ONCE:
                close_gone(session, since=since, started_at=started_at, now=now)
        found += [Difference(row.code, "is paid here, and the bank does not know it") for row in rows]
        if len(rows) < _AT_ONCE:
            return found
        last = rows[-1].id


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


def _compare(known: KnownPayment, found: tuple[UUID, _Ours] | None, *, is_returned: bool, now: datetime) -> Iterator[Met]:
    is_over = is_returned or known.refunded == known.amount  # of money that is booked nowhere: a person sent it back, here or there
    if found is None:
        if not is_over:
            about = known.vendor_payment
            yield Difference(about, "the bank has this payment, and nothing here is paid by it"), _money(known, FindingKind.UNKNOWN_MONEY, about)
        return
    payment_id, ours = found
    if ours.state is not PaymentState.SETTLED:
        words, kind = ("", None) if is_returned else _book(payment_id, is_all=known.amount == ours.amount, now=now)
        if words and not (kind and is_over):
            yield Difference(ours.code, words), _money(known, kind, ours.code, payment_id, ours.amount) if kind else None
        return
    if ours.vendor_payment != known.vendor_payment:
        if not is_over:
            words = f"was paid at the bank once more, as {known.vendor_payment}"
            yield Difference(ours.code, words), _money(known, FindingKind.PAID_TWICE, ours.code, payment_id, ours.amount)
        return
    yield from _compare_amounts(known, payment_id, ours)


def _compare_amounts(known: KnownPayment, payment_id: UUID, ours: _Ours) -> Iterator[Met]:
    if ours.amount != known.amount:
        yield (
            Difference(ours.code, f"the bank has {known.amount.cents} cents, here are {ours.amount.cents}"),
            Seen(
                f"amounts:{payment_id.hex}", FindingKind.AMOUNTS_DIFFER, ours.code, known.at, payment_id, None, known.vendor_payment, ours.amount,
                known.amount,
            ),
        )
    if not ours.sent_back <= known.refunded.cents <= ours.sent_back + ours.on_its_way:
        yield (
            Difference(ours.code, f"{known.refunded.cents} cents went back at the bank, {ours.sent_back} here"),
            Seen(
                f"refunds:{payment_id.hex}", FindingKind.REFUNDS_DIFFER, ours.code, known.at, payment_id, None, known.vendor_payment,
                Money(ours.sent_back), known.refunded,
            ),
        )


def _money(known: KnownPayment, kind: FindingKind, about: str, payment_id: UUID | None = None, asked: Money | None = None) -> Seen:
    """Return that money is booked nowhere; what came is what the bank still has of it."""
    left = known.amount - known.refunded
    return Seen(money_key(known.vendor_payment), kind, about, known.at, payment_id, None, known.vendor_payment, asked, left)


def _book(payment_id: UUID, *, is_all: bool, now: datetime) -> tuple[str, FindingKind | None]:
    """Ask the bank for the visits of a payment and book what was paid; returns what came of it, and what a person must look at."""
    with database().reading() as session:
        visits = visits_of(session, payment_id)
    for vendor_session in visits:
        outcome = bank.gateway().checkout(vendor_session)
        if outcome.is_paid:
            with database().writing() as session:
                settled = note_outcome(session, payment_id, outcome, now=now)
            if settled in {Settled.NOW, Settled.BEFORE}:
                return "was paid at the bank, and is booked now", None
            return f"was paid at the bank: {settled}", FindingKind.PAID_TWICE if settled is Settled.PAID_TWICE else FindingKind.WRONG_AMOUNT
    kind = FindingKind.UNKNOWN_VISIT if is_all else FindingKind.WRONG_AMOUNT
    return "was paid at the bank, at a visit that is not known here", kind
