"""Invoices, credit notes and receipts as PDF (PDF/UA-1); the only file that knows Typst.

What people typed travels as data and is never read as markup. The same paper gives the same bytes, on any machine: the fonts come with Typst.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from babel.numbers import format_decimal

from academy.accounts.words import country_word
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, short_day
from academy.kernel.text import SITE_NAME, Language
from academy.kernel.translation import _, reading_in, reading_language
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import InvoiceKind, VatCategory
from academy.payments.queries.billing import Party
from academy.payments.queries.invoices import InvoiceDocument, InvoiceLineFacts
from academy.payments.words import exact_money, method_word, rate_text

_TEMPLATE: Final = Path(__file__).with_name("paper.typ")
# Controls and the code points that PDF/UA forbids (ISO 14289-1 §7.21.8: no NUL, BOM or non-character).
_FORBIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# What the font surely has: Latin, Greek and Cyrillic, and the signs between words.
_BEYOND_THE_FONT: Final = re.compile("[^ -\u024f\u0370-\u03ff\u0400-\u045f\u1e00-\u1eff\u2010-\u201f\u2026\u20ac\u2212]")


@dataclass(frozen=True)
class _Total:
    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True)
class _Side:
    label: str
    lines: list[str]


@dataclass(frozen=True)
class _Paper:
    """What the template fills in; every text is finished."""

    title: str
    author: str
    language: str
    footer: str
    seller: _Side
    buyer: _Side
    facts: list[tuple[str, str]]
    columns: list[str]
    rows: list[list[str]]
    totals: list[_Total]
    notes: list[str]


def invoice_pdf(document: InvoiceDocument) -> bytes:
    """Return an invoice or credit note as PDF, in its own language."""
    with reading_in(_language(document.language)):
        return _pdf(_invoice(document), on=document.facts.issued_on)


def receipt_pdf(paid: PaymentFacts, *, supplier_name: str, payer_name: str) -> bytes:
    """Return what was paid and went back as PDF, in the reader's language. `paid` is settled."""
    return _pdf(_receipt(paid, supplier_name, payer_name), on=_paid_on(paid))


def _language(code: str) -> Language:
    return "en" if code == "en" else "nl"


def _invoice(document: InvoiceDocument) -> _Paper:
    facts, is_credit = document.facts, document.facts.kind is InvoiceKind.CREDIT_NOTE
    title = _("Creditfactuur %(code)s", code=facts.code) if is_credit else _("Factuur %(code)s", code=facts.code)
    parts = [
        _Total(_("Btw %(rate)s over %(net)s", rate=rate_text(part.rate), net=exact_money(part.net)), exact_money(part.vat))
        for part in document.vat_parts if part.category is VatCategory.STANDARD
    ]
    due = _("Terug te ontvangen") if is_credit else _("Te betalen")
    return _Paper(
        title=title, author=document.supplier.name, language=reading_language(), footer=title,
        seller=_Side(_("Van"), _party_lines(document.supplier)), buyer=_Side(_("Aan"), _party_lines(document.buyer)), facts=_invoice_facts(document),
        columns=[_("Omschrijving"), _("Aantal"), _("Stukprijs zonder btw"), _("Btw"), _("Bedrag zonder btw")],
        rows=[_row(line) for line in document.lines],
        totals=[_Total(_("Totaal zonder btw"), exact_money(facts.net)), *parts, _Total(due, exact_money(facts.gross), strong=True)],
        notes=[*(part.reason for part in document.vat_parts if part.reason), _how_to_pay(document)],
    )


def _invoice_facts(document: InvoiceDocument) -> list[tuple[str, str]]:
    facts, (first, last) = document.facts, document.period
    found = [
        (_("Factuurnummer"), facts.code), (_("Factuurdatum"), day(facts.issued_on)),
        (_("Hoort bij factuur"), facts.credits_code), (_("Inkoopnummer"), document.purchase_order),
        (_("Geleverd"), _("%(first)s tot en met %(last)s", first=short_day(first), last=short_day(last))),
        (_("Betalen voor"), "" if facts.kind is InvoiceKind.CREDIT_NOTE else day(facts.due_on)),
    ]
    return [(label, value) for label, value in found if value]


def _party_lines(party: Party) -> list[str]:
    """Return who somebody is, with the numbers that the law asks for (Wet OB 1968, art. 35a; Handelsregisterwet 2007, art. 27)."""
    numbers = ((_("KvK-nummer"), party.kvk_number), (_("Btw-id"), party.vat_id), ("IBAN", party.iban))
    lines = [party.name, party.street, f"{party.postcode} {party.city}".strip(), country_word(party.country) if party.country else ""]
    return [line for line in (*lines, *(f"{label}: {number}" for label, number in numbers if number)) if line]


def _row(line: InvoiceLineFacts) -> list[str]:
    when = _("%(first)s tot en met %(last)s", first=short_day(line.delivered_from), last=short_day(line.delivered_until))
    each = exact_money(line.net) if line.quantity == 1 else _divided(line)
    return [f"{line.description} ({when})", str(line.quantity), each, _vat_word(line), exact_money(line.net)]


def _divided(line: InvoiceLineFacts) -> str:
    """Return the price of a piece; where the cents do not divide, with the decimals that say so."""
    price = Decimal(line.net.cents) / 100 / line.quantity
    return "€\N{NO-BREAK SPACE}" + format_decimal(price, "#,##0.00##", locale=reading_language())


def _vat_word(line: InvoiceLineFacts) -> str:
    return {VatCategory.EXEMPT: _("vrijgesteld"), VatCategory.REVERSE_CHARGE: _("verlegd")}.get(line.category, rate_text(line.rate))


def _how_to_pay(document: InvoiceDocument) -> str:
    facts = document.facts
    if facts.kind is InvoiceKind.CREDIT_NOTE:
        return _("Dit bedrag gaat af van factuur %(code)s.", code=facts.credits_code)
    return _(
        "Betaal voor %(day)s op %(iban)s en noem nummer %(code)s. Online betalen kan ook, bij “Facturen”.",
        day=day(facts.due_on), iban=document.supplier.iban, code=facts.code,
    )


def _receipt(paid: PaymentFacts, supplier_name: str, payer_name: str) -> _Paper:
    back = [] if paid.refunded.is_zero else [_Total(_("Terugbetaald"), exact_money(-paid.refunded))]
    title = _("Betaalbewijs %(code)s", code=paid.code)
    return _Paper(
        title=title, author=SITE_NAME, language=reading_language(), footer=title,
        seller=_Side(_("Betaald aan"), [supplier_name, _("via %(site)s", site=SITE_NAME)]), buyer=_Side(_("Betaald door"), [payer_name]),
        facts=[(_("Betaald op"), day(_paid_on(paid))), (_("Betaald met"), method_word(paid.method) or _("onbekend"))],
        columns=[_("Omschrijving"), _("Bedrag met btw")], rows=[[paid.description, exact_money(paid.amount)]],
        totals=[*back, _Total(_("Betaald"), exact_money(paid.amount - paid.refunded), strong=True)],
        notes=[_("Dit is geen factuur: met dit bewijs kun je geen btw terugvragen.")],
    )


def _paid_on(paid: PaymentFacts) -> date:
    return amsterdam_day(paid.settled_at or paid.opened_at)


def _pdf(paper: _Paper, *, on: date) -> bytes:
    """Return the paper as PDF. A text in a script that the font does not have is shown as question marks; the UBL has it whole."""
    plain = _each_text(asdict(paper), lambda text: _FORBIDDEN.sub("", text))
    at = datetime.combine(on, time(), UTC)
    try:
        return _compiled(plain, at)
    except typst.TypstError:
        return _compiled(_each_text(plain, lambda text: _BEYOND_THE_FONT.sub("?", text)), at)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - what JSON holds
    """Return the value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(part, change) for key, part in value.items()}
    return [_each_text(part, change) for part in value] if isinstance(value, (list, tuple)) else value


def _compiled(paper: dict[str, Any], at: datetime) -> bytes:
    return typst.compile(
        _template(), font_paths=_fonts(), sys_inputs={"paper": json.dumps(paper)}, pdf_standards="ua-1", timestamp=at, format="pdf",
    )


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
