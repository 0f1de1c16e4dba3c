"""Money that comes for an invoice: paid online here, or into the supplier's own account as the supplier writes down."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments import queries, rules
from academy.payments.errors import InvoiceSettled
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import Booked, InvoiceKind
from academy.payments.models import Invoice, InvoicePayment
from academy.payments.queries import invoices as reads
from academy.payments.queries.billing import buying_organisation
from academy.payments.queries.visits import earning_provider
from academy.payments.service.booking import book
from academy.payments.service.opening import open_payment
from academy.payments.service.refunds import ask_refund

_TIME_TO_PAY: Final = timedelta(hours=1)


def ask_payment(session: Session, *, actor: Actor, slug: str, code: str, language: str, now: datetime) -> PaymentFacts:
    """Open a payment for what is still to be paid of an invoice that the organisation was sent.

    Raises NotFound, InvoiceNotFound, InvoiceSettled, PaymentRunning.
    """
    there = buying_organisation(session, actor, slug)
    found = reads.document_bought(session, there.organisation_id, code).facts
    if found.open <= FREE:
        raise InvoiceSettled
    return open_payment(
        session, purpose=rules.FOR_INVOICE, subject_id=found.id, payer=found.buyer, supplier_id=found.supplier_id, amount=found.open,
        description=found.code, language=language, pay_until=now + _TIME_TO_PAY, now=now,
    )


def take_payment(session: Session, payment_id: UUID, *, now: datetime) -> None:
    """Write down that a payment made here was for an invoice, once; what is too much goes back. Other payments are none of its business."""
    paid = queries.payment(session, payment_id)
    if paid is None or paid.purpose != rules.FOR_INVOICE:
        return
    _hold(session, paid.subject_id)
    written = insert_for(session, InvoicePayment).values(
        id=new_id(), invoice_id=paid.subject_id, payment_id=payment_id, amount=paid.amount, received_on=amsterdam_day(paid.settled_at or now),
    )
    session.execute(written.on_conflict_do_nothing(index_elements=["payment_id"]))
    give_back_excess(session, paid.subject_id, now=now)


def note_payment(session: Session, *, actor: Actor, slug: str, code: str, amount: Money, received_on: date, now: datetime) -> None:
    """Write down what came for an invoice into the supplier's own account. Raises NotFound, InvoiceNotFound, InvoiceSettled."""
    there = earning_provider(session, actor, slug)
    found = reads.document_sold(session, there.organisation_id, code).facts
    _hold(session, found.id)
    found = reads.invoices(session, [found.id])[found.id]
    if not FREE < amount <= found.open:
        raise InvoiceSettled
    noted = InvoicePayment(id=new_id(), invoice_id=found.id, amount=amount, received_on=received_on, noted_by=actor.person_id)
    session.add(noted)
    session.flush()
    # The supplier has it already: the buyer no longer owes it, and nobody owes it to the supplier.
    legs = [(rules.provider_account(found.supplier_id), rules.payer_account(found.buyer.id), amount)]
    book(session, key=f"invoice-payment:{noted.id}", kind=Booked.PAID, about_id=found.id, legs=legs, at=now, note=found.code)
    accounts.record(
        session, "invoice-payment-noted", actor_id=actor.person_id, organisation_id=there.organisation_id, about="invoice", about_id=found.id,
        details={"cents": amount.cents}, now=now,
    )


def give_back_excess(session: Session, invoice_id: UUID, *, now: datetime) -> None:
    """Ask back what was paid here of an invoice above what is owed by it; what a supplier got itself, it gives back itself."""
    found = reads.invoices(session, [invoice_id])[invoice_id]
    excess = FREE - found.open if found.kind is InvoiceKind.INVOICE else FREE
    ids = session.scalars(select(InvoicePayment.payment_id).where(InvoicePayment.invoice_id == invoice_id, InvoicePayment.payment_id.is_not(None)))
    for paid in sorted(queries.payments(session, [one for one in ids if one is not None]).values(), key=lambda one: one.opened_at, reverse=True):
        amount = min(excess, paid.amount - paid.refunded)
        if amount > FREE:
            ask_refund(session, payment_id=paid.id, amount=amount, request_key=f"invoice-excess:{paid.id}:{paid.refunded.cents}", now=now)
            excess -= amount


def _hold(session: Session, invoice_id: UUID) -> None:
    """Wait for one's turn to write what was paid of an invoice, until the transaction ends: PostgreSQL holds the row, SQLite has one writer."""
    session.execute(select(Invoice.id).where(Invoice.id == invoice_id).with_for_update())
