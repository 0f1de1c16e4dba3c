"""Invoices and credit notes: numbered per supplier without holes, and never changed (the database refuses to)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money
from academy.payments.kinds import InvoiceKind, VatCategory


class BillingDetails(Base):
    """What the law asks on an invoice of an organisation that buys or supplies, as it is now (Wet OB 1968, art. 35a)."""

    __tablename__ = "billing_details"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    legal_name: Mapped[str] = mapped_column(String(200))
    street: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(20))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1
    kvk_number: Mapped[str] = mapped_column(String(20), default="")
    vat_id: Mapped[str] = mapped_column(String(20), default="")
    iban: Mapped[str] = mapped_column(String(34), default="")  # of who supplies
    email: Mapped[str] = mapped_column(String(254), default="")  # where invoices go
    purchase_order: Mapped[str] = mapped_column(String(60), default="")  # what the buyer wants to read on each
    changed_at: Mapped[datetime] = mapped_column(Moment)


class InvoiceSeries(Base):
    """The last number a supplier gave; raised in the transaction that makes the invoice, so that none is lost."""

    __tablename__ = "invoice_series"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    last: Mapped[int] = mapped_column(default=0)


class Invoice(Base):
    """An invoice or a credit note as it was sent; `supplier` and `buyer` hold the particulars of that day."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("supplier_id", "number", name="uq_invoice_number"),
        Index("ix_invoice_supplier_id_issued_on", "supplier_id", "issued_on"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("gross = net + vat", name="adds_up"),
        CheckConstraint("(kind = 'credit-note') = (credits_id IS NOT NULL)", name="credits_an_invoice"),
        CheckConstraint("(buyer_person_id IS NULL) <> (buyer_organisation_id IS NULL)", name="one_buyer"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)  # the number as it is printed
    request_key: Mapped[str] = mapped_column(String(120), unique=True)  # asked again, it is the same invoice
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"))
    number: Mapped[int]
    kind: Mapped[InvoiceKind] = mapped_column(text_enum(InvoiceKind, "kind"))
    credits_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    buyer_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    buyer_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    supplier: Mapped[dict[str, Any]] = mapped_column(JSON)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSON)
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(2))
    issued_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    net: Mapped[Money] = mapped_column(Cents)
    vat: Mapped[Money] = mapped_column(Cents)
    gross: Mapped[Money] = mapped_column(Cents)  # of a credit note as well: what goes back, above zero


class InvoiceLine(Base):
    """One thing on an invoice, with its VAT and the reason of that."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position", name="uq_invoice_line_position"),
        Index("ix_invoice_line_about_id", "about_id"),
        CheckConstraint("gross = net + vat", name="adds_up"),
        CheckConstraint("quantity >= 1", name="quantity_from_one"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    about_id: Mapped[UUID] = mapped_column(Uuid)  # what is invoiced: a share of a seat
    description: Mapped[str] = mapped_column(String(500))
    quantity: Mapped[int] = mapped_column(default=1)
    delivered_from: Mapped[date] = mapped_column(Date)
    delivered_until: Mapped[date] = mapped_column(Date)
    net: Mapped[Money] = mapped_column(Cents)
    vat: Mapped[Money] = mapped_column(Cents)
    gross: Mapped[Money] = mapped_column(Cents)
    vat_category: Mapped[VatCategory] = mapped_column(text_enum(VatCategory, "vat_category"))
    vat_rate: Mapped[int]  # in hundredths of a per cent: 2100
    vat_reason: Mapped[str] = mapped_column(String(300), default="")  # why there is none, in the language of the invoice


class InvoicePayment(Base):
    """Money that came for an invoice: by a payment here, or into the supplier's own account as somebody writes down."""

    __tablename__ = "invoice_payment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"), index=True)
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    amount: Mapped[Money] = mapped_column(Cents)
    received_on: Mapped[date] = mapped_column(Date)
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
