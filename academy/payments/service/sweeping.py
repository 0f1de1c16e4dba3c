"""Finding what waits for a person here, without asking the bank: orders that failed, notices that could not be acted on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, literal, select, update
from sqlalchemy.orm import Session, aliased

from academy.kernel.db import database
from academy.kernel.money import Money
from academy.payments.kinds import FindingKind, FindingState, NoticeState, SendState
from academy.payments.models import Finding, MoneyReturn, Payment, ReceivedNotice, Refund, Transfer, TransferReversal
from academy.payments.service.findings import Seen, keep, money_key
from academy.payments.service.sending import Order
from academy.payments.service.settling import Settled

_AT_ONCE: Final = 500
_MAY_BE_EARLY: Final = timedelta(minutes=15)  # a notice may be told before what it is about is written down here
_ORDERS: Final[dict[FindingKind, type[Order]]] = {
    FindingKind.REFUND_FAILED: Refund, FindingKind.RETURN_FAILED: MoneyReturn, FindingKind.TRANSFER_FAILED: Transfer,
    FindingKind.REVERSAL_FAILED: TransferReversal,
}
_MONEY: Final = {
    Settled.UNKNOWN.value: FindingKind.UNKNOWN_MONEY, Settled.WRONG_AMOUNT.value: FindingKind.WRONG_AMOUNT, Settled.PAID_TWICE.value: FindingKind.PAID_TWICE,
}


def order_of(kind: FindingKind) -> type[Order] | None:
    """Return what kind of order failed; None where the finding is about none."""
    return _ORDERS.get(kind)


def sweep(now: datetime) -> None:
    """Open what fails or waits, and close what does so no more; opens its own transactions, and only reads when nothing changed."""
    with database().reading() as session:
        found = [each for kind, order in _ORDERS.items() for each in _failed(session, kind, order)]
        found += _new(session, list(_waiting(session, before=now - _MAY_BE_EARLY)))
        gone = [finding_id for kind in (*_ORDERS, FindingKind.NOTICE_WAITS) for finding_id in _gone(session, kind)]
    if not found and not gone:
        return
    with database().writing() as session:
        keep(session, found, now=now)
        session.execute(
            update(Finding).where(Finding.id.in_(gone), Finding.state == FindingState.OPEN).values(state=FindingState.GONE, closed_at=now),
        )


def _failed(session: Session, kind: FindingKind, order: type[Order]) -> Iterator[Seen]:
    is_known = exists().where(Finding.order_id == order.id, Finding.state.in_((FindingState.OPEN, FindingState.CLOSED)))
    asked = _with_payment(order).where(order.state == SendState.FAILED, ~is_known).order_by(order.asked_at, order.id).limit(_AT_ONCE)
    for row in session.execute(asked):
        yield Seen(
            f"{kind}:{row.id.hex}", kind, row.code or row.vendor_payment, row.asked_at, payment_id=row.payment_id, order_id=row.id,
            vendor_payment=row.vendor_payment or "", asked=row.amount, problem=row.problem,
        )


def _with_payment(order: type[Order]) -> Select[*tuple[Any, ...]]:
    """Ask for orders with the payment that they are about; a return has one at the bank only."""
    if order is MoneyReturn:
        money = aliased(Finding)
        return (
            select(
                MoneyReturn.id, MoneyReturn.amount, MoneyReturn.problem, MoneyReturn.asked_at, Payment.code, Payment.id.label("payment_id"),
                MoneyReturn.vendor_payment,
            )
            .outerjoin(money, money.key == literal(money_key("")) + MoneyReturn.vendor_payment).outerjoin(Payment, Payment.id == money.payment_id)
        )
    columns = select(order.id, order.amount, order.problem, order.asked_at, Payment.code, Payment.id.label("payment_id"), Payment.vendor_payment)
    if order is TransferReversal:
        return columns.join(Transfer, Transfer.id == TransferReversal.transfer_id).join(Payment, Payment.id == Transfer.payment_id)
    return columns.join(Payment, Payment.id == (Refund if order is Refund else Transfer).payment_id)


def _waiting(session: Session, *, before: datetime) -> Iterator[Seen]:
    asked = (
        select(ReceivedNotice.id, ReceivedNotice.content, ReceivedNotice.problem, ReceivedNotice.received_at)
        .where(ReceivedNotice.state == NoticeState.WAITING, ReceivedNotice.received_at <= before)
        .order_by(ReceivedNotice.received_at, ReceivedNotice.id).limit(_AT_ONCE)
    )
    rows = session.execute(asked).all()
    known = _payments(session, rows)
    for row in rows:
        vendor_payment, kind = row.content.get("vendor_payment"), _MONEY.get(row.problem)
        if row.content.get("what") != "paid" or not vendor_payment or kind is None:
            yield Seen(f"{FindingKind.NOTICE_WAITS}:{row.id}", FindingKind.NOTICE_WAITS, row.id, row.received_at, problem=row.problem)
            continue
        payment = known.get(row.content.get("payment_id") or "")
        yield Seen(
            money_key(vendor_payment), kind, payment.code if payment else vendor_payment, row.received_at, payment_id=payment and payment.id,
            vendor_payment=vendor_payment, asked=payment and payment.amount, came=Money(row.content["cents"]),
        )


def _payments(session: Session, notices: Any) -> dict[str, Any]:  # noqa: ANN401 - rows
    ids = {UUID(row.content["payment_id"]) for row in notices if row.content.get("payment_id")}
    if not ids:
        return {}
    return {str(row.id): row for row in session.execute(select(Payment.id, Payment.code, Payment.amount).where(Payment.id.in_(ids)))}


def _new(session: Session, seen: list[Seen]) -> list[Seen]:
    """Leave out what stands here already: comparing with the bank keeps that as it is now."""
    if not seen:
        return []
    stands = Finding.state.in_((FindingState.OPEN, FindingState.CLOSED))
    known = set(session.scalars(select(Finding.key).where(Finding.key.in_([each.key for each in seen]), stands)))
    return [each for each in seen if each.key not in known]


def _gone(session: Session, kind: FindingKind) -> list[UUID]:
    asked = select(Finding.id).where(Finding.kind == kind, Finding.state == FindingState.OPEN, ~_lasts(kind)).limit(_AT_ONCE)
    return list(session.scalars(asked))


def _lasts(kind: FindingKind) -> ColumnElement[bool]:
    order = _ORDERS.get(kind)
    if order is None:
        return exists().where(ReceivedNotice.id == Finding.about, ReceivedNotice.state == NoticeState.WAITING)
    return exists().where(order.id == Finding.order_id, order.state == SendState.FAILED)
