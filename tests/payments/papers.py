"""Invoices as they are read back, for tests that need no database."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from academy.kernel.money import FREE, Money
from academy.payments.facts import InvoiceFacts, LineDraft, Payer
from academy.payments.kinds import InvoiceKind, VatCategory
from academy.payments.queries.billing import Party
from academy.payments.queries.invoices import InvoiceDocument, InvoiceLineFacts

SUPPLIER = Party(
    "Stichting Hogeschool Windesheim", "Campus 2", "8017 CA", "Zwolle", "NL", "41023387", "NL805879121B01", "NL91ABNA0417164300",
    "facturen@windesheim.voorbeeld.nl",
)
BUYER = Party(
    "Bakkerij De Vries B.V.", "Stationsplein 1", "1315 KT", "Almere", "NL", "12345678", "NL001234567B01", email="inkoop@devries.voorbeeld.nl",
    reference="bakkerij-de-vries-k7qx",
)
ABROAD = replace(BUYER, name="Bäckerei Müller GmbH", street="Hauptstraße 3", postcode="10115", city="Berlin", country="DE", kvk_number="", vat_id="DE136695976")

_EXEMPT = "Vrijgesteld van btw: wettelijk geregeld onderwijs (Wet OB 1968, art. 11 lid 1 onder o)"


def line(net: int, *, vat: int = 0, category: VatCategory | None = None, **about: Any) -> LineDraft:
    """Return a line of so many cents; without VAT it is exempt."""
    taxed = category or (VatCategory.STANDARD if vat else VatCategory.EXEMPT)
    values: dict[str, Any] = {
        "about_id": UUID(int=1), "description": "Netwerkbeheer, deel werkgever", "delivered_from": date(2026, 9, 29), "delivered_until": date(2026, 12, 8),
        "rate": 2100 if taxed is VatCategory.STANDARD else 0, "reason": "" if taxed is VatCategory.STANDARD else _EXEMPT,
    }
    return LineDraft(net=Money(net), vat=Money(vat), category=taxed, **(values | about))


def document(
    *drafts: LineDraft, kind: InvoiceKind = InvoiceKind.INVOICE, supplier: Party = SUPPLIER, buyer: Party = BUYER, purchase_order: str = "",
    language: str = "nl",
) -> InvoiceDocument:
    """Return an invoice of these lines, or of one of € 400."""
    drafts = drafts or (line(40_000),)
    net, vat = sum((each.net for each in drafts), FREE), sum((each.vat for each in drafts), FREE)
    is_credit = kind is InvoiceKind.CREDIT_NOTE
    facts = InvoiceFacts(
        UUID(int=7), "WINDESHEIM-00007", kind, "WINDESHEIM-00006" if is_credit else "", UUID(int=2), supplier.name, Payer(organisation_id=UUID(int=3)),
        buyer.name, date(2026, 11, 1), date(2026, 11, 1) if is_credit else date(2026, 12, 1), net, vat, net + vat,
    )
    lines = tuple(
        InvoiceLineFacts(
            each.about_id, each.description, each.quantity, each.delivered_from, each.delivered_until, each.net, each.vat, each.gross, each.category,
            each.rate, each.reason,
        )
        for each in drafts
    )
    return InvoiceDocument(facts, supplier, buyer, purchase_order, language, lines)
