"""A bank in memory that does as told: away, refusing, or answering; it knows what it did under each key, and does it once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from academy.kernel.money import FREE, Money
from academy.payments.gateway import (
    BankRefused,
    BankUnavailable,
    CheckoutOrder,
    CheckoutOutcome,
    KnownPayment,
    Notice,
    NoticeForged,
    StartedCheckout,
)


@dataclass
class FakeBank:
    """What it did stands in `done` by key; `away` and `refuses` name calls that fail, `forgets_to_answer` those that are done all the same."""

    name: str = "fake"
    page_origins: tuple[str, ...] = ()
    notice_header: str = "Fake-Signature"
    away: set[str] = field(default_factory=set)
    refuses: set[str] = field(default_factory=set)
    forgets_to_answer: set[str] = field(default_factory=set)
    is_slow_with_refunds: bool = False
    asked: list[str] = field(default_factory=list)
    orders: dict[UUID, CheckoutOrder] = field(default_factory=dict)
    visits: dict[str, CheckoutOutcome] = field(default_factory=dict)
    paid: dict[str, KnownPayment] = field(default_factory=dict)
    done: dict[UUID, tuple[str, Money]] = field(default_factory=dict)

    # What we ask

    def start_checkout(self, order: CheckoutOrder) -> StartedCheckout:
        self._hear("start_checkout")
        assert self.orders.setdefault(order.key, order) == order, "one key, one order"
        vendor_session = f"visit_{order.key.hex}"
        self.visits.setdefault(vendor_session, CheckoutOutcome(vendor_session, is_open=True))
        self._lose("start_checkout")
        return StartedCheckout(vendor_session, f"https://bank.test/{order.key.hex}", order.expires_at)

    def checkout(self, vendor_session: str) -> CheckoutOutcome:
        self._hear("checkout")
        return self.visits[vendor_session]

    def expire_checkout(self, vendor_session: str) -> CheckoutOutcome:
        self._hear("expire_checkout")
        self.visits[vendor_session] = replace(self.visits[vendor_session], is_open=False)
        self._lose("expire_checkout")
        return self.visits[vendor_session]

    def refund(self, *, key: UUID, vendor_payment: str, amount: Money) -> tuple[str, bool]:
        self._hear("refund")
        if key not in self.done:
            known = self.paid[vendor_payment]
            assert known.refunded + amount <= known.amount, "more goes back than came"
            self.paid[vendor_payment] = replace(known, refunded=known.refunded + amount)
        answer = self._once(key, f"refund_{key.hex}", amount)
        self._lose("refund")
        return answer, not self.is_slow_with_refunds

    def transfer(self, *, key: UUID, vendor_account: str, vendor_charge: str, amount: Money, group: str) -> str:
        self._hear("transfer")
        answer = self._once(key, f"transfer_{key.hex}", amount)
        self._lose("transfer")
        return answer

    def reverse_transfer(self, *, key: UUID, vendor_transfer: str, amount: Money) -> str:
        self._hear("reverse_transfer")
        answer = self._once(key, f"reversal_{key.hex}", amount)
        self._lose("reverse_transfer")
        return answer

    def open_account(self, *, key: UUID, name: str, email: str, country: str) -> str:
        self._hear("open_account")
        return f"account_{key.hex}"

    def account_url(self, vendor_account: str, *, return_url: str) -> str:
        return f"https://bank.test/{vendor_account}?back={return_url}"

    def read_notice(self, body: bytes, signature: str) -> Notice:
        raise NoticeForged

    def payments_since(self, since: datetime, *, after: str = "") -> Iterator[KnownPayment]:
        self._hear("payments_since")
        found = [each for each in self.paid.values() if each.at >= since]
        names = [each.vendor_payment for each in found]
        return iter(found[names.index(after) + 1 if after else 0 :])

    # What a payer does there

    def pay(self, vendor_session: str, *, now: datetime) -> CheckoutOutcome:
        """Pay at a visit; as real banks, it takes the money also just after somebody asked it not to."""
        order = self.orders[UUID(hex=vendor_session.removeprefix("visit_"))]
        vendor_payment = f"payment_{order.key.hex}"
        self.paid[vendor_payment] = KnownPayment(vendor_payment, order.payment_id, order.amount, FREE, now)
        self.visits[vendor_session] = CheckoutOutcome(
            vendor_session, is_open=False, vendor_payment=vendor_payment, vendor_charge=f"charge_{order.key.hex}", amount=order.amount, method="ideal",
        )
        return self.visits[vendor_session]

    def moved(self, what: str) -> Money:
        """Return how much it moved of one kind: "refund", "transfer", "reversal"."""
        return sum((amount for vendor_id, amount in self.done.values() if vendor_id.startswith(f"{what}_")), FREE)

    def _once(self, key: UUID, vendor_id: str, amount: Money) -> str:
        known = self.done.setdefault(key, (vendor_id, amount))
        assert known == (vendor_id, amount), "one key, one order"
        return vendor_id

    def _hear(self, what: str) -> None:
        self.asked.append(what)
        if what in self.away:
            raise BankUnavailable
        if what in self.refuses:
            raise BankRefused("will not do it")

    def _lose(self, what: str) -> None:
        if what in self.forgets_to_answer:
            raise BankUnavailable
