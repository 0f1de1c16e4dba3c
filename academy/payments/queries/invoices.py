"""Reads of invoices and credit notes: in lists, and whole as they were sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from academy.kernel.db import Cents
from academy.kernel.money import FREE, Money
from academy.payments.errors import InvoiceNotFound
from academy.payments.facts import InvoiceFacts, Payer
from academy.payments.kinds import SendState, VatCategory
from academy.payments.models import Invoice, InvoiceLine, InvoicePayment, Refund
from academy.payments.queries.billing import Party


@dataclass(frozen=True)
class InvoiceLineFacts:
    """A line as it was sent; `rate` in hundredths of a per cent."""

    about_id: UUID
    description: str
    quantity: int
    delivered_from: date
    delivered_until: date
    net: Money
    vat: Money
    gross: Money
    category: VatCategory
    rate: int
    reason: str


@dataclass(frozen=True)
class VatPart:
    """What an invoice has of one category at one rate, with why there is none where there is none."""

    category: VatCategory
    rate: int
    net: Money
    vat: Money
    reason: str


@dataclass(frozen=True)
class InvoiceDocument:
    """An invoice or credit note whole, as it was sent."""

    facts: InvoiceFacts
    supplier: Party
    buyer: Party
    purchase_order: str
    language: str
    lines: tuple[InvoiceLineFacts, ...]

    @property
    def period(self) -> tuple[date, date]:
        """From the first to the last day of what was delivered."""
        return min(line.delivered_from for line in self.lines), max(line.delivered_until for line in self.lines)

    @property
    def vat_parts(self) -> list[VatPart]:
        """The amounts per category and rate (EN 16931, BG-23); they add up to those of the invoice."""
        found: dict[tuple[VatCategory, int], list[InvoiceLineFacts]] = {}
        for line in self.lines:
            found.setdefault((line.category, line.rate), []).append(line)
        return [
            VatPart(
                category, rate, sum((line.net for line in lines), FREE), sum((line.vat for line in lines), FREE),
                "; ".join(dict.fromkeys(line.reason for line in lines if line.reason)),
            )
            for (category, rate), lines in sorted(found.items())
        ]


def _total(amounts: InstrumentedAttribute[Money]) -> Any:  # noqa: ANN401 - an expression of SQLAlchemy
    return func.coalesce(func.sum(amounts), literal(FREE, Cents), type_=Cents)


_Credit: Final = aliased(Invoice)
_Credited: Final = aliased(Invoice)
_PAID: Final = (
    select(_total(InvoicePayment.amount)).where(InvoicePayment.invoice_id == Invoice.id).correlate(Invoice).scalar_subquery()
)
_GONE_BACK: Final = (
    select(_total(Refund.amount))
    .join(InvoicePayment, InvoicePayment.payment_id == Refund.payment_id)
    .where(InvoicePayment.invoice_id == Invoice.id, Refund.state != SendState.FAILED)
    .correlate(Invoice).scalar_subquery()
)
_CREDITED: Final = select(_total(_Credit.gross)).where(_Credit.credits_id == Invoice.id).correlate(Invoice).scalar_subquery()


def _asked(*more: Any) -> Select[Any]:  # noqa: ANN401 - columns
    return select(
        Invoice.id, Invoice.code, Invoice.kind, func.coalesce(_Credited.code, "").label("credits_code"), Invoice.supplier_id, Invoice.supplier,
        Invoice.buyer_person_id, Invoice.buyer_organisation_id, Invoice.buyer, Invoice.issued_on, Invoice.due_on, Invoice.net, Invoice.vat,
        Invoice.gross, _PAID.label("paid"), _GONE_BACK.label("gone_back"), _CREDITED.label("credited"), *more,
    ).outerjoin(_Credited, _Credited.id == Invoice.credits_id)


def _facts(row: Row[Any]) -> InvoiceFacts:
    return InvoiceFacts(
        row.id, row.code, row.kind, row.credits_code, row.supplier_id, row.supplier["name"], Payer(row.buyer_person_id, row.buyer_organisation_id),
        row.buyer["name"], row.issued_on, row.due_on, row.net, row.vat, row.gross, row.paid - row.gone_back, row.credited,
    )


def invoices(session: Session, ids: Iterable[UUID]) -> dict[UUID, InvoiceFacts]:
    """Return the invoices and credit notes with these ids."""
    return {row.id: _facts(row) for row in session.execute(_asked().where(Invoice.id.in_(list(ids))))}


def bought(session: Session, organisation_id: UUID, year: int | None = None) -> list[InvoiceFacts]:
    """Return what an organisation was sent, of one year when asked, newest first."""
    return _listed(session, Invoice.buyer_organisation_id, organisation_id, year)


def sold(session: Session, organisation_id: UUID, year: int | None = None) -> list[InvoiceFacts]:
    """Return what was sent in the name of an organisation, of one year when asked, newest first."""
    return _listed(session, Invoice.supplier_id, organisation_id, year)


def _listed(session: Session, column: InstrumentedAttribute[Any], organisation_id: UUID, year: int | None) -> list[InvoiceFacts]:
    asked = _asked().where(column == organisation_id)
    if year is not None:
        asked = asked.where(Invoice.issued_on.between(date(year, 1, 1), date(year, 12, 31)))
    return [_facts(row) for row in session.execute(asked.order_by(Invoice.issued_on.desc(), Invoice.issued_at.desc(), Invoice.code.desc()))]


def years_bought(session: Session, organisation_id: UUID) -> list[int]:
    """Return the years from the first to the last invoice that an organisation was sent, newest first."""
    return _years(session, Invoice.buyer_organisation_id, organisation_id)


def years_sold(session: Session, organisation_id: UUID) -> list[int]:
    """Return the years from the first to the last invoice in the name of an organisation, newest first."""
    return _years(session, Invoice.supplier_id, organisation_id)


def _years(session: Session, column: InstrumentedAttribute[Any], organisation_id: UUID) -> list[int]:
    ends: Sequence[date | None] = session.execute(select(func.min(Invoice.issued_on), func.max(Invoice.issued_on)).where(column == organisation_id)).one()
    first, last = ends
    return [] if first is None or last is None else list(range(last.year, first.year - 1, -1))


def document(session: Session, invoice_id: UUID) -> InvoiceDocument:
    """Return an invoice whole, for who checked that it may be seen. Raises InvoiceNotFound."""
    return _document(session, Invoice.id == invoice_id)


def document_bought(session: Session, organisation_id: UUID, code: str) -> InvoiceDocument:
    """Return an invoice that an organisation was sent. Raises InvoiceNotFound."""
    return _document(session, Invoice.code == code, Invoice.buyer_organisation_id == organisation_id)


def document_sold(session: Session, organisation_id: UUID, code: str) -> InvoiceDocument:
    """Return an invoice that was sent in the name of an organisation. Raises InvoiceNotFound."""
    return _document(session, Invoice.code == code, Invoice.supplier_id == organisation_id)


def credit_notes(session: Session, invoice_id: UUID) -> list[InvoiceFacts]:
    """Return what corrects an invoice, oldest first."""
    asked = _asked().where(Invoice.credits_id == invoice_id).order_by(Invoice.issued_at, Invoice.code)
    return [_facts(row) for row in session.execute(asked)]


def _document(session: Session, *where: Any) -> InvoiceDocument:  # noqa: ANN401 - conditions
    row = session.execute(_asked(Invoice.purchase_order, Invoice.language).where(*where)).one_or_none()
    if row is None:
        raise InvoiceNotFound
    lines = session.scalars(select(InvoiceLine).where(InvoiceLine.invoice_id == row.id).order_by(InvoiceLine.position))
    return InvoiceDocument(
        _facts(row), Party(**row.supplier), Party(**row.buyer), row.purchase_order, row.language,
        tuple(
            InvoiceLineFacts(
                line.about_id, line.description, line.quantity, line.delivered_from, line.delivered_until, line.net, line.vat, line.gross,
                line.vat_category, line.vat_rate, line.vat_reason,
            )
            for line in lines
        ),
    )
