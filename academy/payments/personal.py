"""What payments keep of people, and for how long."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, delete, exists, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import UpdateBase

from academy.accounts.api import Goes, Leaving, PersonalData, RecordClass, Stays, kept_for, people_who_left, plain_rows
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.kernel.translation import _
from academy.payments import rules
from academy.payments.kinds import NoticeState, PaymentState, SendState
from academy.payments.models import (
    Checkout,
    Finding,
    InvoicePayment,
    MoneyReturn,
    Payment,
    ReceivedNotice,
    Refund,
    Transfer,
    TransferReversal,
)

_UNPAID_KEPT: Final = timedelta(days=730)


def _cents(amount: InstrumentedAttribute[Money]) -> ColumnElement[int]:
    """Return an amount as a number that any machine reads."""
    return type_coerce(amount, Integer).label("cents")


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    return {
        "payments": plain_rows(session, select(
            Payment.code, Payment.description, _cents(Payment.amount), Payment.state, Payment.opened_at, Payment.settled_at, Payment.ended_at, Payment.method,
        ).where(Payment.person_id == person_id).order_by(Payment.opened_at)),
        "refunds": plain_rows(session, select(
            Payment.code, _cents(Refund.amount), Refund.state, Refund.asked_at, Refund.ended_at,
        ).join(Payment, Payment.id == Refund.payment_id).where(Payment.person_id == person_id).order_by(Refund.asked_at)),
    }


def _leaving(session: Session, person_id: UUID, _now: datetime) -> Leaving:
    rows = session.execute(select(Payment.id, Payment.state, Payment.settled_at).where(Payment.person_id == person_id)).all()
    unpaid = [row.id for row in rows if row.state is PaymentState.ENDED]
    years = sorted({amsterdam_day(row.settled_at).year for row in rows if row.settled_at})
    return Leaving(
        goes=(Goes(_("je betalingen die niet doorgingen"), len(unpaid), _erasing(select(Payment.id).where(Payment.id.in_(unpaid)))),),
        stays=tuple(
            Stays(
                _("je betalingen van %(year)s", year=str(year)),
                _("De belastingwet vraagt een boekhouding van zeven jaar (AWR, artikel 52). Je naam en adres staan er niet meer bij."),
                rules.booked_until(year), sum(1 for row in rows if row.settled_at and amsterdam_day(row.settled_at).year == year),
            )
            for year in years
        ),
    )


def _erasing(payment_ids: Select[UUID]) -> tuple[UpdateBase, ...]:
    """Return what erases payments, with their visits, what went back and on of them and what was wrong; the ledger keeps its amounts."""
    transfers = select(Transfer.id).where(Transfer.payment_id.in_(payment_ids))
    return (
        delete(TransferReversal).where(TransferReversal.transfer_id.in_(transfers)),
        *(delete(kind).where(kind.payment_id.in_(payment_ids)) for kind in (Transfer, Refund, Checkout, Finding)),
        delete(Payment).where(Payment.id.in_(payment_ids)),
    )


def _forget(session: Session, payment_ids: list[UUID]) -> int:
    for statement in _erasing(select(Payment.id).where(Payment.id.in_(payment_ids))):
        session.execute(statement.execution_options(synchronize_session=False))
    return len(payment_ids)


def _forget_unpaid(session: Session, now: datetime, limit: int) -> int:
    over = select(Payment.id).where(Payment.state == PaymentState.ENDED, Payment.ended_at <= now - _UNPAID_KEPT).limit(limit)
    return _forget(session, list(session.scalars(over)))


def _forget_booked(session: Session, now: datetime, limit: int) -> int:
    """Erase what tax law wanted of people who left; what paid an invoice goes with that."""
    paid_an_invoice = exists().where(InvoicePayment.payment_id == Payment.id)
    over = select(Payment.id).where(Payment.person_id.in_(people_who_left()), Payment.settled_at < rules.booked_before(now), ~paid_an_invoice)
    return _forget(session, list(session.scalars(over.limit(limit))))


HELD: Final = PersonalData("payments", frozenset({"finding", "payment"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    RecordClass(
        "Payments that were not paid", "payment", "they end", "questions about a payment that did not go through", "erased", _UNPAID_KEPT, _forget_unpaid,
    ),
    RecordClass(
        "Payments of who left", "payment", "until the end of the seventh year after paying",
        "the books of seven years (AWR art. 52); no name, no address", "erased", apply=_forget_booked,
    ),
    RecordClass(
        "Visits to the bank, refunds and transfers", "checkout", "as long as the payment", "how a payment came and went", "erased",
    ),
    kept_for(
        timedelta(days=730), ReceivedNotice, name="Notices of the bank", since="they arrive", why="disputes about a payment; ids and amounts only",
        over=lambda before: (ReceivedNotice.received_at <= before) & (ReceivedNotice.state != NoticeState.WAITING),
    ),
    kept_for(
        timedelta(days=730), Finding, name="Money that a person looked at", since="it is closed",
        why="questions about a payment that went wrong; ids, amounts, who closed it and why", over=lambda before: Finding.closed_at <= before,
    ),
    kept_for(
        timedelta(days=2922), MoneyReturn, name="Money that was for nothing here and went back", since="it went",
        why="eight years, with the books of the payment service beside it; ids and amounts only",
        over=lambda before: (MoneyReturn.state == SendState.DONE) & (MoneyReturn.ended_at <= before),
    ),
    RecordClass(
        "The ledger", "ledger_entry", "at least seven years; nothing in it can be changed", "the books (AWR art. 52); ids and amounts only", "stays, numbers only",
    ),
)
