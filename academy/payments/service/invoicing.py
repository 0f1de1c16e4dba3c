"""Making invoices and credit notes: numbered per supplier without holes, and never edited."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import announce
from academy.payments import rules
from academy.payments.errors import BillingDetailsMissing, CreditTooHigh, InvoiceNotFound
from academy.payments.events import InvoiceIssued
from academy.payments.facts import InvoiceFacts, LineDraft, Payer
from academy.payments.kinds import Booked, InvoiceKind, VatCategory
from academy.payments.models import Invoice, InvoiceLine, InvoiceSeries
from academy.payments.queries import invoices as reads
from academy.payments.queries.billing import Party, billing_details_of
from academy.payments.service.booking import book
from academy.payments.service.invoicing_payments import give_back_excess

PAYMENT_TERM: Final = timedelta(days=30)  # the legal one where nothing else was agreed (BW 6:119a)
_LONGEST_PREFIX: Final = 20
_SLUG_IN_PREFIX: Final = 14

_LineKey = tuple[UUID, VatCategory, int]


@dataclass(frozen=True)
class _Paper:
    """What an invoice and a credit note have in common before they get their number."""

    kind: InvoiceKind
    supplier_id: UUID
    supplier: Party
    buyer_is: Payer
    buyer: Party
    purchase_order: str
    language: str
    due_on: date
    credits_id: UUID | None = None


def issue_invoice(
    session: Session, *, supplier_id: UUID, buyer: Payer, lines: Sequence[LineDraft], request_key: str, language: str, now: datetime,
) -> InvoiceFacts:
    """Make an invoice in the name of a supplier; asked again with the same key, it is the same one.

    Descriptions and reasons are in `language` already. Raises BillingDetailsMissing, and ValueError for lines that no invoice may have.
    """
    _check_lines(lines)
    _hold_series(session, supplier_id)
    known = _known(session, request_key)
    if known is not None:
        return known
    party, purchase_order = _buyer(session, buyer)
    supplier = _supplier(session, supplier_id)
    if any(line.category is VatCategory.REVERSE_CHARGE for line in lines) and not party.vat_id:
        raise BillingDetailsMissing(party.name)  # shifted VAT needs the id of who pays it instead (Wet OB 1968, art. 35a lid 1 sub d)
    due_on = amsterdam_day(now) + PAYMENT_TERM
    paper = _Paper(InvoiceKind.INVOICE, supplier_id, supplier, buyer, party, purchase_order, language, due_on)
    return _made(session, paper, lines, request_key=request_key, now=now)


def credit_invoice(session: Session, *, invoice_id: UUID, lines: Sequence[LineDraft], request_key: str, now: datetime) -> InvoiceFacts:
    """Take lines, or part of them, off an invoice with a credit note; asked again with the same key, it is the same one.

    Amounts are above zero: what goes back. What was paid here by then and is no longer owed goes back to who paid. Raises InvoiceNotFound
    and CreditTooHigh, and ValueError for lines that no invoice may have.
    """
    _check_lines(lines)
    supplier_id = session.scalar(select(Invoice.supplier_id).where(Invoice.id == invoice_id, Invoice.kind == InvoiceKind.INVOICE))
    if supplier_id is None:
        raise InvoiceNotFound
    _hold_series(session, supplier_id)  # and with it every credit note of this invoice
    known = _known(session, request_key)
    if known is not None:
        return known
    credited = reads.document(session, invoice_id)
    _check_credit(session, credited, lines)
    paper = _Paper(
        InvoiceKind.CREDIT_NOTE, supplier_id, credited.supplier, credited.facts.buyer, credited.buyer, credited.purchase_order,
        credited.language, amsterdam_day(now), credits_id=invoice_id,
    )
    made = _made(session, paper, lines, request_key=request_key, now=now)
    give_back_excess(session, invoice_id, now=now)
    return made


def _check_lines(lines: Sequence[LineDraft]) -> None:
    if not lines:
        message = "an invoice has at least one line"
        raise ValueError(message)
    for line in lines:
        if line.net < FREE or line.vat < FREE or line.quantity < 1 or line.delivered_until < line.delivered_from:
            message = "a line has amounts from zero, at least one piece, and ends no earlier than it begins"
            raise ValueError(message)
        is_taxed = line.category is VatCategory.STANDARD
        if is_taxed != bool(line.rate) or (not is_taxed and not (line.vat.is_zero and line.reason)):
            message = "a line with VAT has a rate; one without has no VAT, and says why (Wet OB 1968, art. 35a)"
            raise ValueError(message)


def _known(session: Session, request_key: str) -> InvoiceFacts | None:
    found = session.scalar(select(Invoice.id).where(Invoice.request_key == request_key))
    return None if found is None else reads.invoices(session, [found])[found]


def _supplier(session: Session, supplier_id: UUID) -> Party:
    found = billing_details_of(session, supplier_id)
    if found is None or not found.can_sell:
        raise BillingDetailsMissing(accounts.organisation(session, supplier_id).name)
    return found.party


def _buyer(session: Session, buyer: Payer) -> tuple[Party, str]:
    """Return who buys, and the number they want to read on it."""
    if buyer.organisation_id is None:
        found = None if buyer.person_id is None else accounts.person(session, buyer.person_id)
        if found is None:
            raise InvoiceNotFound
        return Party(found.name), ""
    organisation, details = accounts.organisation(session, buyer.organisation_id), billing_details_of(session, buyer.organisation_id)
    if details is None:
        raise BillingDetailsMissing(organisation.name)
    return replace(details.party, reference=organisation.slug), details.purchase_order


def _hold_series(session: Session, supplier_id: UUID) -> None:
    """Wait for one's turn to number for a supplier, until the transaction ends: PostgreSQL holds the row, SQLite has one writer."""
    held = select(InvoiceSeries.last).where(InvoiceSeries.supplier_id == supplier_id).with_for_update()
    if session.scalar(held) is not None:
        return
    prefix = _free_prefix(session, accounts.organisation(session, supplier_id).slug)
    new = insert_for(session, InvoiceSeries).values(supplier_id=supplier_id, prefix=prefix, last=0)
    session.execute(new.on_conflict_do_nothing(index_elements=["supplier_id"]))
    session.execute(held)


def _free_prefix(session: Session, slug: str) -> str:
    """Return what every number of a supplier begins with: its slug, and a code where that is too long or taken."""
    prefix = slug.upper()
    is_taken = session.scalar(select(InvoiceSeries.supplier_id).where(InvoiceSeries.prefix == prefix)) is not None
    if len(prefix) <= _LONGEST_PREFIX and not is_taken:
        return prefix
    return f"{prefix[:_SLUG_IN_PREFIX].rstrip('-')}-{short_code(4)}"


def _next_number(session: Session, supplier_id: UUID) -> tuple[str, int]:
    """Raise the last number of a supplier; undone with the transaction, so that no number is lost. Returns it as printed, and bare."""
    prefix, number = session.execute(
        update(InvoiceSeries).where(InvoiceSeries.supplier_id == supplier_id).values(last=InvoiceSeries.last + 1)
        .returning(InvoiceSeries.prefix, InvoiceSeries.last).execution_options(synchronize_session=False),
    ).one()
    return f"{prefix}-{number:05}", number


def _made(session: Session, paper: _Paper, lines: Sequence[LineDraft], *, request_key: str, now: datetime) -> InvoiceFacts:
    """Write a paper under the next number, book it and tell of it."""
    code, number = _next_number(session, paper.supplier_id)
    net, vat = (sum((amount for amount in amounts), FREE) for amounts in ([line.net for line in lines], [line.vat for line in lines]))
    invoice = Invoice(
        id=new_id(), code=code, request_key=request_key, supplier_id=paper.supplier_id, number=number, kind=paper.kind, credits_id=paper.credits_id,
        buyer_person_id=paper.buyer_is.person_id, buyer_organisation_id=paper.buyer_is.organisation_id, supplier=asdict(paper.supplier),
        buyer=asdict(paper.buyer), purchase_order=paper.purchase_order, language=paper.language, issued_on=amsterdam_day(now),
        due_on=paper.due_on, issued_at=now, net=net, vat=vat, gross=net + vat,
    )
    session.add(invoice)
    session.flush()
    session.add_all(
        InvoiceLine(
            id=new_id(), invoice_id=invoice.id, position=position, about_id=line.about_id, description=line.description, quantity=line.quantity,
            delivered_from=line.delivered_from, delivered_until=line.delivered_until, net=line.net, vat=line.vat, gross=line.gross,
            vat_category=line.category, vat_rate=line.rate, vat_reason=line.reason,
        )
        for position, line in enumerate(lines, start=1)
    )
    session.flush()
    _book(session, invoice, paper.buyer_is)
    announce(session, InvoiceIssued(invoice.id))
    return reads.invoices(session, [invoice.id])[invoice.id]


def _book(session: Session, invoice: Invoice, buyer: Payer) -> None:
    """Book what the buyer owes by it, or no longer owes."""
    owes, gets, is_credit = rules.payer_account(buyer.id), rules.provider_account(invoice.supplier_id), invoice.kind is InvoiceKind.CREDIT_NOTE
    book(
        session, key=f"invoice:{invoice.id}", kind=Booked.SALE_REVERSED if is_credit else Booked.SALE, about_id=invoice.id,
        legs=[(gets, owes, invoice.gross) if is_credit else (owes, gets, invoice.gross)], at=invoice.issued_at, note=invoice.code,
    )


def _check_credit(session: Session, credited: reads.InvoiceDocument, lines: Sequence[LineDraft]) -> None:
    """Refuse to take more off any line, net or VAT, than stands on it after the credit notes that came before. Raises CreditTooHigh."""
    before = session.execute(
        select(InvoiceLine.about_id, InvoiceLine.vat_category, InvoiceLine.vat_rate, InvoiceLine.net, InvoiceLine.vat)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id).where(Invoice.credits_id == credited.facts.id),
    )
    left = _by_line(((line.about_id, line.category, line.rate), line.net, line.vat) for line in credited.lines)
    off = _by_line([
        *(((about_id, category, rate), net, vat) for about_id, category, rate, net, vat in before),
        *(((line.about_id, line.category, line.rate), line.net, line.vat) for line in lines),
    ])
    if any(net > left[key][0] or vat > left[key][1] for key, (net, vat) in off.items()):
        raise CreditTooHigh


def _by_line(amounts: Iterable[tuple[_LineKey, Money, Money]]) -> defaultdict[_LineKey, tuple[Money, Money]]:
    """Return net and VAT per thing, category and rate; of what is not there nothing."""
    found: defaultdict[_LineKey, tuple[Money, Money]] = defaultdict(lambda: (FREE, FREE))
    for key, net, vat in amounts:
        found[key] = (found[key][0] + net, found[key][1] + vat)
    return found
