"""Finished values for pages and files about invoices."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from academy.kernel.formats import short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _
from academy.payments.facts import InvoiceFacts
from academy.payments.kinds import InvoiceKind
from academy.payments.words import exact_money, invoice_state


def bought_row(found: InvoiceFacts, slug: str, *, today: date) -> dict[str, Any]:
    """Return an invoice as its buyer sees it in the list."""
    return {
        **_row(found, today=today), "who": found.supplier_name, "pdf_url": url_for("invoices.bought_pdf", slug=slug, code=found.code),
        "ubl_url": url_for("invoices.bought_ubl", slug=slug, code=found.code), "pay_url": url_for("invoices.pay", slug=slug, code=found.code) if found.open > FREE else "",
    }


def sold_row(found: InvoiceFacts, slug: str, *, today: date) -> dict[str, Any]:
    """Return an invoice as its supplier sees it in the list; who bought as a person gets no electronic invoice."""
    is_firm = found.buyer.organisation_id is not None
    return {
        **_row(found, today=today), "who": found.buyer_name, "pdf_url": url_for("outgoing.sold_pdf", slug=slug, code=found.code),
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
