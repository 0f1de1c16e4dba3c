"""What invoices keep of people, and for how long."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from academy.accounts.api import Leaving, PersonalData, RecordClass, Stays, plain_rows
from academy.kernel.clock import amsterdam_day
from academy.kernel.translation import _
from academy.payments import rules
from academy.payments.models import Invoice, InvoiceLine, InvoicePayment


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    mine = Invoice.buyer_person_id == person_id
    return {
        "invoices": plain_rows(session, select(
            Invoice.code, Invoice.kind, Invoice.issued_on, Invoice.buyer, Invoice.net, Invoice.vat, Invoice.gross,
        ).where(mine).order_by(Invoice.issued_at)),
        "invoice_lines": plain_rows(session, select(
            Invoice.code, InvoiceLine.description, InvoiceLine.gross,
        ).join(Invoice, Invoice.id == InvoiceLine.invoice_id).where(mine).order_by(Invoice.issued_at, InvoiceLine.position)),
        "payments_noted": plain_rows(session, select(
            Invoice.code, InvoicePayment.amount, InvoicePayment.received_on,
        ).join(Invoice, Invoice.id == InvoicePayment.invoice_id).where(InvoicePayment.noted_by == person_id)),
    }


def _leaving(session: Session, person_id: UUID, _now: datetime) -> Leaving:
    years = [day.year for day in session.scalars(select(Invoice.issued_on).where(Invoice.buyer_person_id == person_id))]
    return Leaving(stays=tuple(
        Stays(
            _("je facturen van %(year)s", year=str(year)),
            _("De belastingwet vraagt facturen zeven jaar te bewaren zoals ze zijn, ook met je naam (AWR, artikel 52)."), rules.booked_until(year),
            years.count(year),
        )
        for year in sorted(set(years))
    ))


def _forget(session: Session, now: datetime, limit: int) -> int:
    """Erase invoices that the books need no more; one that a later credit note points to waits for that."""
    later, before = aliased(Invoice), amsterdam_day(rules.booked_before(now))
    ids = session.scalars(
        select(Invoice.id)
        .where(Invoice.issued_on < before, ~exists().where(later.credits_id == Invoice.id, later.issued_on >= before))
        .order_by(Invoice.credits_id.is_(None), Invoice.id).limit(limit),  # credit notes before what they point to
    ).all()
    for kind in (InvoicePayment, InvoiceLine):
        session.execute(delete(kind).where(kind.invoice_id.in_(ids)).execution_options(synchronize_session=False))
    for is_credit in (True, False):
        chosen = Invoice.credits_id.is_not(None) if is_credit else Invoice.credits_id.is_(None)
        session.execute(delete(Invoice).where(Invoice.id.in_(ids), chosen).execution_options(synchronize_session=False))
    return len(ids)


HELD: Final = PersonalData("invoices", frozenset({"billing_details", "invoice", "invoice_line", "invoice_payment"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    RecordClass(
        "Invoices and credit notes", "invoice", "until the end of the seventh year after they were issued",
        "the books of seven years (AWR art. 52); kept as they were sent, with the buyer's name", "erased", apply=_forget,
    ),
    RecordClass(
        "Lines of invoices, and what was paid of them", "invoice_line", "as long as the invoice", "the books (AWR art. 52)", "erased",
    ),
    RecordClass(
        "Who wrote down that an invoice was paid", "invoice_payment", "as long as the invoice", "questions about money that came", "erased",
    ),
    RecordClass(
        "Billing details", "billing_details", "as long as the organisation", "what the law wants on its next invoice (Wet OB 1968, art. 35a)",
        "stays with the organisation",
    ),
)
