"""A provider that sells and a firm that buys, each with an owner and the particulars of an invoice; what tests of invoices do with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.queries import Actor
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.payments.facts import InvoiceFacts, LineDraft, Payer, PaymentFacts
from academy.payments.gateway import CheckoutOutcome
from academy.payments.models import InvoiceSeries, LedgerEntry
from academy.payments.queries import invoices as reads
from academy.payments.queries.billing import BillingFacts, Party
from academy.payments.service.invoicing import credit_invoice, issue_invoice
from academy.payments.service.invoicing_details import save_billing_details
from academy.payments.service.invoicing_payments import ask_payment, note_payment, take_payment
from academy.payments.service.settling import settle
from tests import builders
from tests.accounts import firm as firms
from tests.payments.papers import BUYER, SUPPLIER, line

PROVIDER = "windesheim"


@dataclass
class Bills:
    """Who sells, who buys, and what they do."""

    database: Database
    now: datetime
    supplier_id: UUID
    seller: Actor
    buyer_id: UUID
    buyer: Actor
    slug: str  # of the firm that buys

    def issue(self, *lines: LineDraft, key: str = "share-1", now: datetime | None = None, buyer: Payer | None = None) -> InvoiceFacts:
        with self.database.writing() as session:
            return issue_invoice(
                session, supplier_id=self.supplier_id, buyer=buyer or Payer(organisation_id=self.buyer_id), lines=lines or [line(40_000)],
                request_key=key, language="nl", now=now or self.now,
            )

    def credit(self, invoice: InvoiceFacts, *lines: LineDraft, key: str = "credit-1") -> InvoiceFacts:
        with self.database.writing() as session:
            return credit_invoice(session, invoice_id=invoice.id, lines=lines or [line(40_000)], request_key=key, now=self.now)

    def read(self, invoice: InvoiceFacts) -> InvoiceFacts:
        with self.database.reading() as session:
            return reads.invoices(session, [invoice.id])[invoice.id]

    def document(self, invoice: InvoiceFacts) -> reads.InvoiceDocument:
        with self.database.reading() as session:
            return reads.document(session, invoice.id)

    def last_number(self) -> int:
        with self.database.reading() as session:
            return session.scalars(select(InvoiceSeries.last).where(InvoiceSeries.supplier_id == self.supplier_id)).one_or_none() or 0

    def codes(self) -> list[str]:
        with self.database.reading() as session:
            return sorted(found.code for found in reads.sold(session, self.supplier_id))

    def booked(self) -> Money:
        """Return what was booked from one account to another, all together."""
        with self.database.reading() as session:
            return sum(session.scalars(select(LedgerEntry.amount)), Money(0))

    def ask(self, invoice: InvoiceFacts) -> PaymentFacts:
        """Let the buyer choose to pay online what is open."""
        with self.database.writing() as session:
            return ask_payment(session, actor=self.buyer, slug=self.slug, code=invoice.code, language="nl", now=self.now)

    def settle(self, opened: PaymentFacts) -> None:
        """Let the money come, and the worker tell of it."""
        paid = CheckoutOutcome(
            "visit", is_open=False, vendor_payment=f"paid-{opened.code}", vendor_charge="charge", amount=opened.amount, method="ideal",
        )
        with self.database.writing() as session:
            settle(session, opened.id, paid, now=self.now)
            take_payment(session, opened.id, now=self.now)

    def pay_online(self, invoice: InvoiceFacts) -> PaymentFacts:
        """Let the buyer pay what is open."""
        opened = self.ask(invoice)
        self.settle(opened)
        return opened

    def note(self, invoice: InvoiceFacts, amount: int) -> None:
        """Let the supplier write down what came into its own account, in cents."""
        with self.database.writing() as session:
            note_payment(
                session, actor=self.seller, slug=PROVIDER, code=invoice.code, amount=Money(amount), received_on=invoice.issued_on, now=self.now,
            )


def details_saved(database: Database, actor: Actor, slug: str, party: Party, now: datetime, **more: Any) -> None:
    with database.writing() as session:
        save_billing_details(session, actor=actor, slug=slug, details=BillingFacts(party, **more), now=now)


def open_bills(database: Database, now: datetime, *, with_details: bool = True) -> Bills:
    """Return a provider and a firm that have told who they are on an invoice."""
    firm = firms.started(database, now)
    with database.writing() as session:
        supplier_id = builders.provider(session, PROVIDER)
        seller = builders.actor(session, now, name="Pia Penning")
        accounts.add_membership(session, person_id=seller.person_id, organisation_id=supplier_id, role=Role.OWNER)
        buyer_id = next(one.organisation_id for one in accounts.memberships_of(session, firm.owner.person_id))
    if with_details:
        details_saved(database, seller, PROVIDER, SUPPLIER, now)
        details_saved(database, firm.owner, firm.slug, BUYER, now, purchase_order="PO-2026-17")
    return Bills(database, now, supplier_id, seller, buyer_id, firm.owner, firm.slug)
