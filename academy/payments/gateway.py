"""The payment service, in our words. Every call has a time limit, and may be repeated with the same key: it happens once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from academy.kernel.money import Money


class BankUnavailable(Exception):
    """The payment service did not answer, in time or at all, or is in trouble itself: nobody knows what it did; ask again with the same key."""


class BankRefused(Exception):
    """The payment service will not do this, now or later; the text says why, without anything of a person."""


class NoticeForged(Exception):
    """What arrived as a notice was not signed by the payment service, or is too old."""


@dataclass(frozen=True)
class CheckoutOrder:
    """What the payer pays, and where they come back; `key` is the checkout's id."""

    key: UUID
    reference: str  # the payment's code, which the bank shows to us
    payment_id: UUID
    amount: Money
    description: str
    language: str
    email: str  # of the payer, "" where unknown
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class StartedCheckout:
    """A visit that the payer can make at `url`."""

    vendor_session: str
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class CheckoutOutcome:
    """How a visit stands at the bank: it can still be paid (`is_open`), was paid (`vendor_payment`), or neither."""

    vendor_session: str
    is_open: bool
    vendor_payment: str = ""
    vendor_charge: str = ""
    amount: Money | None = None  # that was paid
    method: str = ""

    @property
    def is_paid(self) -> bool:
        return bool(self.vendor_payment)


@dataclass(frozen=True)
class Notice:
    """A notice of the bank. `about` is what it tells, in our words; None where it changes nothing here."""

    id: str
    kind: str
    about: "CheckoutTold | RefundTold | AccountTold | None"


@dataclass(frozen=True)
class CheckoutTold:
    """A visit was paid, refused or is over. `payment_id` is ours, as the bank gave it back; None where it did not know."""

    vendor_session: str
    payment_id: UUID | None
    what: str  # "paid", "refused", "expired"
    vendor_payment: str = ""
    vendor_charge: str = ""
    cents: int = 0
    method: str = ""


@dataclass(frozen=True)
class RefundTold:
    """Money went back, or could not. `refund_id` is ours; None for a refund that somebody made at the bank itself."""

    vendor_refund: str
    refund_id: UUID | None
    vendor_payment: str
    cents: int
    what: str  # "sent", "done", "failed"


@dataclass(frozen=True)
class AccountTold:
    """The account of a provider can receive money now, or no longer."""

    vendor_account: str
    is_ready: bool


@dataclass(frozen=True)
class KnownPayment:
    """A payment as the bank has it, to compare with ours."""

    vendor_payment: str
    payment_id: UUID | None
    amount: Money
    refunded: Money
    at: datetime


class PaymentGateway(Protocol):
    """What we ask of a payment service. Raises BankUnavailable and BankRefused; `read_notice` raises NoticeForged."""

    name: str
    page_origins: tuple[str, ...]  # scheme and host of pages of its own, to which our buttons lead on
    notice_header: str  # of a request with a notice: who signed it

    def start_checkout(self, order: CheckoutOrder) -> StartedCheckout: ...

    def checkout(self, vendor_session: str) -> CheckoutOutcome: ...

    def expire_checkout(self, vendor_session: str) -> CheckoutOutcome:
        """Take no more money for a visit; returns how it ended, which may be paid. Repeatable."""

    def refund(self, *, key: UUID, vendor_payment: str, amount: Money) -> tuple[str, bool]:
        """Send money back; returns the bank's id of that, and whether it is done already."""

    def transfer(self, *, key: UUID, vendor_account: str, vendor_charge: str, amount: Money, group: str) -> str: ...

    def reverse_transfer(self, *, key: UUID, vendor_transfer: str, amount: Money) -> str: ...

    def open_account(self, *, key: UUID, name: str, email: str, country: str) -> str: ...

    def account_url(self, vendor_account: str, *, return_url: str) -> str:
        """Return where a provider says who they are; good for some minutes."""

    def read_notice(self, body: bytes, signature: str) -> Notice: ...

    def payments_since(self, since: datetime, *, after: str = "") -> Iterator[KnownPayment]:
        """Yield what was paid since a moment, always in the same order; `after` is the bank's name of the payment behind which to go on."""


def told_as_json(about: CheckoutTold | RefundTold | AccountTold) -> dict[str, Any]:
    """Return what a notice tells as it is stored; `told_from_json` reads it."""
    values = {name: str(value) if isinstance(value, UUID) else value for name, value in vars(about).items()}
    return {"type": type(about).__name__, **values}


def told_from_json(content: dict[str, Any]) -> CheckoutTold | RefundTold | AccountTold:
    """Return what a stored notice tells."""
    kinds: dict[str, type[CheckoutTold | RefundTold | AccountTold]] = {kind.__name__: kind for kind in (CheckoutTold, RefundTold, AccountTold)}
    values: dict[str, Any] = {name: UUID(value) if name in {"payment_id", "refund_id"} and value else value for name, value in content.items() if name != "type"}
    return kinds[content["type"]](**values)
