"""The money is there: the one place where a payment becomes settled."""

from datetime import datetime
from enum import StrEnum
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.payments import rules
from academy.payments.events import PaymentSettled
from academy.payments.facts import Payer
from academy.payments.gateway import CheckoutOutcome
from academy.payments.kinds import Booked, CheckoutState, PaymentState
from academy.payments.models import Checkout, MoneyReturn, Payment, Transfer
from academy.payments.service.booking import Booking, book_all

# What every payment runs is put together once, and speaks of rows, not of objects to keep track of: this costs half.
_PAYMENT: Final = cast("Table", Payment.__table__)
_RETURN: Final = cast("Table", MoneyReturn.__table__)
# Who asks for a return keeps payments from being written meanwhile (`returning.ask_return`): what this does not see can not come between.
_GOES_BACK: Final = exists().where(_RETURN.c.vendor_payment == bindparam("bank_payment"))
_SETTLE: Final = (
    update(_PAYMENT)
    .where(_PAYMENT.c.id == bindparam("paid_id"), _PAYMENT.c.state != PaymentState.SETTLED, _PAYMENT.c.amount == bindparam("paid_amount"), ~_GOES_BACK)
    .values(
        state=PaymentState.SETTLED, settled_at=bindparam("now"), ended_at=None, vendor_payment=bindparam("bank_payment"),
        vendor_charge=bindparam("bank_charge"), method=bindparam("by"),
    )
    .returning(*(_PAYMENT.c[name] for name in ("purpose", "person_id", "organisation_id", "supplier_id", "amount", "fee")))
)
_CHECKOUT: Final = cast("Table", Checkout.__table__)
_VISIT_PAID: Final = (  # a visit of which the bank's answer was never stored is the one that is starting
    update(_CHECKOUT)
    .where(
        _CHECKOUT.c.payment_id == bindparam("paid_id"),
        or_(_CHECKOUT.c.vendor_session == bindparam("visit"), _CHECKOUT.c.state == CheckoutState.STARTING),
    )
    .values(state=CheckoutState.COMPLETE)
)
_TRANSFER: Final = insert(cast("Table", Transfer.__table__))


class Settled(StrEnum):
    """What money that the bank tells of did here; the last three are for a person to look at."""

    NOW = "settled"
    BEFORE = "settled before"
    GOES_BACK = "goes back whole"  # a person looked at it
    UNKNOWN = "no such payment here"
    WRONG_AMOUNT = "another amount than was asked"
    PAID_TWICE = "paid at another visit too"


def settle(session: Session, payment_id: UUID, outcome: CheckoutOutcome, *, now: datetime) -> Settled:
    """Settle a payment with what was paid at a visit, whatever state it was in: exactly once, with its bookings, its transfer and the news.

    Nothing is booked unless the amount is the one that was asked. Money for an ended payment settles it all the same: who asked for it gives
    what was paid for, or the money back.
    """
    paid = session.execute(_SETTLE, {
        "paid_id": payment_id, "paid_amount": outcome.amount, "now": now, "bank_payment": outcome.vendor_payment, "bank_charge": outcome.vendor_charge,
        "by": outcome.method,
    }).one_or_none()
    if paid is None:
        return _why_not(session, payment_id, outcome)
    session.execute(_VISIT_PAID, {"paid_id": payment_id, "visit": outcome.vendor_session})
    payer, provider = rules.payer_account(Payer(paid.person_id, paid.organisation_id).id), rules.provider_account(paid.supplier_id)
    sale = [] if paid.purpose == rules.FOR_INVOICE else [Booking(f"sale:{payment_id}", Booked.SALE, payment_id, [(payer, provider, paid.amount)])]
    book_all(session, [
        *sale,
        Booking(f"paid:{payment_id}", Booked.PAID, payment_id, [(rules.CLEARING, payer, paid.amount)]),
        Booking(f"fee:{payment_id}", Booked.FEE, payment_id, rules.fee_legs(provider, paid.fee)),
    ], at=now)
    if paid.fee < paid.amount:
        session.execute(_TRANSFER, {
            "id": new_id(), "payment_id": payment_id, "organisation_id": paid.supplier_id, "amount": paid.amount - paid.fee, "asked_at": now, "due_at": now,
        })
    announce(session, PaymentSettled(payment_id))
    return Settled.NOW


def _why_not(session: Session, payment_id: UUID, outcome: CheckoutOutcome) -> Settled:
    asked = select(Payment.state, Payment.vendor_payment, _GOES_BACK.label("goes_back")).where(Payment.id == payment_id)
    found = session.execute(asked, {"bank_payment": outcome.vendor_payment}).one_or_none()
    if found is None:
        return Settled.UNKNOWN
    if found.goes_back:
        return Settled.GOES_BACK
    if found.state is not PaymentState.SETTLED:
        return Settled.WRONG_AMOUNT
    return Settled.BEFORE if found.vendor_payment == outcome.vendor_payment else Settled.PAID_TWICE
