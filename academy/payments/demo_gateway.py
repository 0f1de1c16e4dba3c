"""The demo bank: takes no money, and for the rest does as a real one. It keeps what it knows in a table of its own, in transactions of its own.

Only where no key of a payment service is set, on one's own machine.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from academy.kernel.clock import utc_now
from academy.kernel.db import database, insert_for, rows_changed
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments.errors import DemoVisitOver
from academy.payments.gateway import (
    AccountTold,
    BankRefused,
    CheckoutOrder,
    CheckoutOutcome,
    CheckoutTold,
    KnownPayment,
    Notice,
    NoticeForged,
    StartedCheckout,
    told_as_json,
    told_from_json,
)
from academy.payments.kinds import CheckoutState
from academy.payments.models import DemoCheckout, DemoRefund

_VISIT, _PAYMENT, _REFUND, _TRANSFER, _REVERSAL, _ACCOUNT = "demo_visit_", "demo_payment_", "demo_refund_", "demo_transfer_", "demo_reversal_", "demo_account_"
_METHOD: Final = "demo"

SignedNotice = tuple[bytes, str]
"""What the demo bank tells us, and its signature."""


@dataclass(frozen=True)
class DemoVisit:
    """A visit as the page of the demo bank shows it."""

    id: UUID
    reference: str
    description: str
    amount: Money
    is_open: bool
    is_paid: bool
    success_url: str
    cancel_url: str


class DemoGateway:
    """The demo bank: `page_of` gives the whole address of the page of a visit in a language, `account_page_of` of an account and the way back."""

    name = "demo"
    page_origins: tuple[str, ...] = ()
    notice_header = "Demo-Signature"

    def __init__(self, secret_key: str, *, page_of: Callable[[UUID, str], str], account_page_of: Callable[[str, str], str]) -> None:
        self._key = hashlib.sha256(f"demo bank {secret_key}".encode()).digest()
        self._page_of, self._account_page_of = page_of, account_page_of

    # What we ask of it

    def start_checkout(self, order: CheckoutOrder) -> StartedCheckout:
        with database().writing() as session:
            session.execute(insert_for(session, DemoCheckout).values(
                id=order.key, payment_id=order.payment_id, reference=order.reference, description=order.description, amount=order.amount,
                refunded=Money(0), state=CheckoutState.OPEN, success_url=order.success_url, cancel_url=order.cancel_url, expires_at=order.expires_at,
            ).on_conflict_do_nothing(index_elements=["id"]))
        return StartedCheckout(_VISIT + order.key.hex, self._page_of(order.key, order.language), order.expires_at)

    def checkout(self, vendor_session: str) -> CheckoutOutcome:
        found = _found(_id_in(vendor_session, _VISIT))
        if found.state is CheckoutState.COMPLETE:
            payment = _PAYMENT + found.id.hex
            return CheckoutOutcome(vendor_session, is_open=False, vendor_payment=payment, vendor_charge=payment, amount=found.amount, method=_METHOD)
        return CheckoutOutcome(vendor_session, is_open=_is_open(found, utc_now()))

    def expire_checkout(self, vendor_session: str) -> CheckoutOutcome:
        _move(_id_in(vendor_session, _VISIT), CheckoutState.EXPIRED)
        return self.checkout(vendor_session)

    def refund(self, *, key: UUID, vendor_payment: str, amount: Money) -> tuple[str, bool]:
        checkout_id = _id_in(vendor_payment, _PAYMENT)
        with database().writing() as session:
            is_new = session.execute(
                insert_for(session, DemoRefund).values(id=key, checkout_id=checkout_id, amount=amount)
                .on_conflict_do_nothing(index_elements=["id"]).returning(DemoRefund.id),
            ).first()
            if is_new and not rows_changed(
                session,
                update(DemoCheckout)
                .where(DemoCheckout.id == checkout_id, DemoCheckout.paid_at.is_not(None), DemoCheckout.refunded + amount <= DemoCheckout.amount)
                .values(refunded=DemoCheckout.refunded + amount),
            ):
                raise BankRefused("more than was paid")
        return _REFUND + key.hex, True

    def transfer(self, *, key: UUID, vendor_account: str, vendor_charge: str, amount: Money, group: str) -> str:  # noqa: ARG002 - it moves nothing
        return _TRANSFER + key.hex

    def reverse_transfer(self, *, key: UUID, vendor_transfer: str, amount: Money) -> str:  # noqa: ARG002 - it moves nothing
        return _REVERSAL + key.hex

    def open_account(self, *, key: UUID, name: str, email: str, country: str) -> str:  # noqa: ARG002 - it asks nobody who they are
        return _ACCOUNT + key.hex

    def account_url(self, vendor_account: str, *, return_url: str) -> str:
        return self._account_page_of(vendor_account, return_url)

    def read_notice(self, body: bytes, signature: str) -> Notice:
        if not hmac.compare_digest(self._signature(body).encode(), signature.encode()):
            raise NoticeForged("signature")
        content = json.loads(body)
        return Notice(content["id"], content["kind"], told_from_json(content["about"]))

    def payments_since(self, since: datetime, *, after: str = "") -> Iterator[KnownPayment]:
        asked = select(DemoCheckout).where(DemoCheckout.paid_at >= since).order_by(DemoCheckout.paid_at, DemoCheckout.id)
        if after:
            last = _found(_id_in(after, _PAYMENT))
            asked = asked.where(or_(DemoCheckout.paid_at > last.paid_at, (DemoCheckout.paid_at == last.paid_at) & (DemoCheckout.id > last.id)))
        with database().reading() as session:
            found = session.scalars(asked).all()
        for each in found:
            assert each.paid_at is not None
            yield KnownPayment(_PAYMENT + each.id.hex, each.payment_id, each.amount, each.refunded, each.paid_at)

    # What its page does

    def visit(self, visit_id: UUID) -> DemoVisit:
        """Return a visit. Raises NotFound."""
        found = _found(visit_id)
        return DemoVisit(
            found.id, found.reference, found.description, found.amount, _is_open(found, utc_now()), found.paid_at is not None,
            found.success_url, found.cancel_url,
        )

    def pay(self, visit_id: UUID) -> SignedNotice:
        """Pay; done again, it is the same payment, told once more. Raises NotFound, and DemoVisitOver when it can not be paid any more."""
        if self.visit(visit_id).is_open:
            _move(visit_id, CheckoutState.COMPLETE)
        found = _found(visit_id)
        if found.paid_at is None:
            raise DemoVisitOver(found.reference)
        payment = _PAYMENT + found.id.hex
        return self._tell(f"demo_paid_{found.id.hex}", "demo.paid", CheckoutTold(
            _VISIT + found.id.hex, found.payment_id, "paid", vendor_payment=payment, vendor_charge=payment, cents=found.amount.cents, method=_METHOD,
        ))

    def refuse(self, visit_id: UUID) -> SignedNotice:
        """Say no; the visit goes on. Raises NotFound and DemoVisitOver."""
        found = _found(visit_id)
        if not _is_open(found, utc_now()):
            raise DemoVisitOver(found.reference)
        return self._tell(f"demo_refused_{new_id().hex}", "demo.refused", CheckoutTold(_VISIT + found.id.hex, found.payment_id, "refused"))

    def approve_account(self, vendor_account: str) -> SignedNotice:
        """Know who a provider is, whoever it is. Raises NotFound when it is no account of ours."""
        if not vendor_account.startswith(_ACCOUNT):
            raise NotFound
        return self._tell(f"demo_approved_{new_id().hex}", "demo.account", AccountTold(vendor_account, is_ready=True))

    def _tell(self, notice_id: str, kind: str, about: CheckoutTold | AccountTold) -> SignedNotice:
        body = json.dumps({"id": notice_id, "kind": kind, "about": told_as_json(about)}).encode()
        return body, self._signature(body)

    def _signature(self, body: bytes) -> str:
        return hmac.new(self._key, body, hashlib.sha256).hexdigest()


def paid_before(session: Session, *, payment_id: UUID, reference: str, description: str, amount: Money, at: datetime) -> CheckoutOutcome:
    """Let the demo bank know of a visit at which somebody paid at `at`, and return what it would have told; in the caller's transaction."""
    visit = DemoCheckout(
        id=new_id(), payment_id=payment_id, reference=reference, description=description, amount=amount, refunded=Money(0),
        state=CheckoutState.COMPLETE, success_url="", cancel_url="", expires_at=at, paid_at=at,
    )
    session.add(visit)
    payment = _PAYMENT + visit.id.hex
    return CheckoutOutcome(_VISIT + visit.id.hex, is_open=False, vendor_payment=payment, vendor_charge=payment, amount=amount, method=_METHOD)


def _found(visit_id: UUID) -> DemoCheckout:
    with database().reading() as session:
        found = session.get(DemoCheckout, visit_id)
    if found is None:
        raise NotFound
    return found


def _is_open(found: DemoCheckout, now: datetime) -> bool:
    return found.state is CheckoutState.OPEN and now < found.expires_at


def _move(visit_id: UUID, state: CheckoutState) -> None:
    """Let an open visit end, once: paid or expired, whichever comes first."""
    paid_at = utc_now() if state is CheckoutState.COMPLETE else None
    with database().writing() as session:
        session.execute(
            update(DemoCheckout).where(DemoCheckout.id == visit_id, DemoCheckout.state == CheckoutState.OPEN).values(state=state, paid_at=paid_at),
        )


def _id_in(vendor_id: str, prefix: str) -> UUID:
    try:
        return UUID(hex=vendor_id.removeprefix(prefix))
    except ValueError:
        raise BankRefused("unknown") from None
