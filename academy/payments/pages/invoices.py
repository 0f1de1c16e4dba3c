"""Finished values for pages and files about invoices."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from academy.accounts.api import MembershipFacts, OrganisationKind, Role
from academy.kernel.formats import short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _
from academy.payments.facts import InvoiceFacts
from academy.payments.kinds import InvoiceKind, VatCategory
from academy.payments.queries.invoices import InvoiceDocument, InvoiceLineFacts
from academy.payments.words import exact_money, invoice_state, rate_text


def bought_row(found: InvoiceFacts, slug: str, today: date) -> dict[str, Any]:
    """Return an invoice as its buyer sees it in the list."""
    return {
        **_row(found, today=today), "who": found.supplier_name, "url": url_for("invoices.invoice", slug=slug, code=found.code),
        "pdf_url": url_for("invoices.bought_pdf", slug=slug, code=found.code),
        "ubl_url": url_for("invoices.bought_ubl", slug=slug, code=found.code), "pay_url": url_for("invoices.pay", slug=slug, code=found.code) if found.open > FREE else "",
    }


def bought_values(found: InvoiceDocument, notes: Iterable[InvoiceFacts], there: MembershipFacts, today: date) -> dict[str, Any]:
    """Return one invoice as its buyer reads it on a page: what the PDF says, what was paid of it, and what corrects it."""
    facts, slug = found.facts, there.organisation_slug
    return {
        **bought_row(facts, slug, today), "is_credit": facts.kind is InvoiceKind.CREDIT_NOTE, "facts": _whole_facts(found),
        "credits_url": url_for("invoices.invoice", slug=slug, code=facts.credits_code) if facts.credits_code else "",
        "lines": [_line_values(line) for line in found.lines], "bill": [*_totals(found), *_what_came(facts)],
        "reasons": list(dict.fromkeys(line.reason for line in found.lines if line.reason)),
        "notes": [bought_row(note, slug, today) for note in notes],
        "people_url": people_url(there),
    }


def people_url(there: MembershipFacts) -> str:
    """Return where stands whose seats an organisation pays: a page of a higher room, for who keeps money for learning there."""
    keeps = {OrganisationKind.EMPLOYER: {Role.OWNER, Role.BUYER}, OrganisationKind.FUND: {Role.OWNER, Role.FUND_MANAGER}, OrganisationKind.OFFICE: {Role.OWNER, Role.OFFICE}}
    return url_for("funded_seats.overview", organisation=there.organisation_slug) if there.role in keeps.get(there.kind, set()) else ""


def _whole_facts(found: InvoiceDocument) -> list[tuple[str, str]]:
    facts, (first, last) = found.facts, found.period
    return [
        (_("Van"), facts.supplier_name), (_("Aan"), facts.buyer_name), (_("Datum"), short_day(facts.issued_on)),
        (_("Betalen voor"), "" if facts.kind is InvoiceKind.CREDIT_NOTE else short_day(facts.due_on)), (_("Inkoopnummer"), found.purchase_order),
        (_("Geleverd"), _when(first, last)), (_("Betalen op"), "" if facts.kind is InvoiceKind.CREDIT_NOTE else found.supplier.iban),
    ]


def _when(first: date, last: date) -> str:
    return short_day(first) if first == last else _("%(first)s tot en met %(last)s", first=short_day(first), last=short_day(last))


def _line_values(line: InvoiceLineFacts) -> dict[str, str]:
    return {
        "what": line.description, "when": _when(line.delivered_from, line.delivered_until), "net": exact_money(line.net), "vat": exact_money(line.vat),
        "gross": exact_money(line.gross),
    }


def _totals(found: InvoiceDocument) -> list[tuple[str, str, str]]:
    """Return the totals as the PDF has them, for a bill."""
    facts = found.facts
    parts = [
        (_("Btw %(rate)s over %(net)s", rate=rate_text(part.rate), net=exact_money(part.net)), exact_money(part.vat), "")
        for part in found.vat_parts if part.category is VatCategory.STANDARD
    ]
    total = _("Terug te ontvangen") if facts.kind is InvoiceKind.CREDIT_NOTE else _("Te betalen")
    return [(_("Totaal zonder btw"), exact_money(facts.net), ""), *parts, (total, exact_money(facts.gross), "")]


def _what_came(facts: InvoiceFacts) -> list[tuple[str, str, str]]:
    """Return what came of the total, and what is left; nothing while nothing came."""
    came = [(label, exact_money(-amount), "") for label, amount in ((_("Betaald"), facts.paid), (_("Eraf met creditfactuur"), facts.credited)) if not amount.is_zero]
    return [*came, (_("Nog open"), exact_money(facts.open), "")] if came else []


def sold_row(found: InvoiceFacts, slug: str, today: date) -> dict[str, Any]:
    """Return an invoice as its supplier sees it in the list; who bought as a person gets no electronic invoice."""
    is_firm = found.buyer.organisation_id is not None
    return {
        **_row(found, today=today), "who": found.buyer_name, "url": "", "pdf_url": url_for("outgoing.sold_pdf", slug=slug, code=found.code),
        "ubl_url": url_for("outgoing.sold_ubl", slug=slug, code=found.code) if is_firm else "",
        "received_url": url_for("outgoing.received", slug=slug, code=found.code) if found.open > FREE else "",
    }


def _row(found: InvoiceFacts, *, today: date) -> dict[str, Any]:
    label, state = invoice_state(found, today=today)
    is_credit = found.kind is InvoiceKind.CREDIT_NOTE
    return {
        "code": found.code, "credits": found.credits_code, "issued_on": short_day(found.issued_on),
        "due_on": "" if is_credit else short_day(found.due_on), "amount": exact_money(-found.gross if is_credit else found.gross),
        "open": "" if found.open == FREE else exact_money(found.open), "state_label": label, "state": state,
    }


def open_total(rows: Iterable[InvoiceFacts]) -> str:
    """Return what is open of all of them together."""
    return exact_money(sum((found.open for found in rows), FREE))


def year_links(years: Sequence[int], chosen: int | None, url: Callable[..., str]) -> list[dict[str, Any]]:
    """Return the years to choose from, all of them first; `url` takes the year."""
    links = [{"label": _("Alle jaren"), "url": url(), "is_current": chosen is None}]
    return [*links, *({"label": str(year), "url": url(year=year), "is_current": year == chosen} for year in years)]


def as_table(rows: Iterable[InvoiceFacts], other: Callable[[InvoiceFacts], str]) -> list[tuple[str, ...]]:
    """Return the lines of the spreadsheet; `other` names who is on the other side. Credit notes are below zero."""
    return [_table_line(found, other(found)) for found in rows]


def _table_line(found: InvoiceFacts, other: str) -> tuple[str, ...]:
    sign = -1 if found.kind is InvoiceKind.CREDIT_NOTE else 1
    amounts = (sign * amount.cents for amount in (found.net, found.vat, found.gross))
    return (
        found.code, found.credits_code, found.issued_on.isoformat(), found.due_on.isoformat(), other,
        *(plain_amount(Money(cents)) for cents in (*amounts, found.paid.cents, found.credited.cents, found.open.cents)),
    )


def table_heading(other: str) -> tuple[str, ...]:
    """Return the first line of the spreadsheet."""
    return (
        _("Nummer"), _("Hoort bij"), _("Datum"), _("Betalen voor"), other, _("Zonder btw"), _("Btw"), _("Bedrag met btw"), _("Betaald"),
        _("Eraf met creditfactuur"), _("Nog open"),
    )


def plain_amount(amount: Money) -> str:
    """Return an amount as a Dutch spreadsheet reads it as a number: `-1250,50`."""
    return f"{Decimal(amount.cents) / 100:.2f}".replace(".", ",")
