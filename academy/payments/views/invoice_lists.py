"""What the lists of invoices share, of who buys and of who sells: the page, the spreadsheet and the papers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Response, request, url_for

from academy.accounts.api import MembershipFacts
from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.payments.facts import InvoiceFacts
from academy.payments.invoice_pdf import invoice_pdf
from academy.payments.pages import invoices as pages
from academy.payments.queries.billing import BillingFacts, billing_details_of
from academy.payments.queries.invoices import InvoiceDocument
from academy.payments.ubl import as_ubl
from academy.payments.views.files import CSV, PDF, UBL, as_attachment


@dataclass(frozen=True)
class _Found:
    """What is there of one year, or of all; `year` is the one that was asked for, if it is one of the `years`."""

    there: MembershipFacts
    years: list[int]
    year: int | None
    invoices: list[InvoiceFacts]
    details: BillingFacts | None


@dataclass(frozen=True)
class InvoiceList:
    """One side of the invoices. The spreadsheet is at the endpoint of the page with `_csv`.

    `visible` (session, actor, slug) raises NotFound; `years` and `found` (session, organisation, year) read the list, `document` (session,
    organisation, code) one of it, which raises InvoiceNotFound.
    """

    endpoint: str
    visible: Callable[..., MembershipFacts]
    years: Callable[..., list[int]]
    found: Callable[..., list[InvoiceFacts]]
    document: Callable[..., InvoiceDocument]
    row: Callable[[InvoiceFacts, str, date], dict[str, Any]]
    other: Callable[[InvoiceFacts], str]

    def values(self, slug: str) -> tuple[dict[str, Any], BillingFacts | None]:
        """Return the values of the page, and who the organisation is on an invoice."""
        read, today = self._read(slug), amsterdam_day(utc_now())
        years = pages.year_links(read.years, read.year, partial(url_for, self.endpoint, slug=slug))
        values = {
            "organisation": read.there, "invoices": [self.row(one, slug, today) for one in read.invoices], "years": years,
            "open_total": pages.open_total(read.invoices), "csv_url": url_for(f"{self.endpoint}_csv", slug=slug, year=read.year),
        }
        return values, read.details

    def spreadsheet(self, slug: str, *, other: str) -> Response:
        """Answer with the list as a file; `other` is the heading of who is on the other side."""
        rows = pages.as_table(self._read(slug).invoices, self.other)
        return as_attachment(as_csv(pages.table_heading(other), rows), filename=_("facturen") + ".csv", media_type=CSV)

    def _read(self, slug: str) -> _Found:
        asked = request.args.get("year", type=int)
        with database().reading() as session:
            there = self.visible(session, require_actor(), slug)
            years = self.years(session, there.organisation_id)
            year = asked if asked in years else None
            found = self.found(session, there.organisation_id, year)
            return _Found(there, years, year, found, billing_details_of(session, there.organisation_id))

    def whole(self, slug: str, code: str) -> InvoiceDocument:
        """Return one invoice as it was sent."""
        with database().reading() as session:
            there = self.visible(session, require_actor(), slug)
            return self.document(session, there.organisation_id, code)


def as_pdf_file(found: InvoiceDocument) -> Response:
    return as_attachment(invoice_pdf(found), filename=f"{found.facts.code}.pdf", media_type=PDF)


def as_ubl_file(found: InvoiceDocument) -> Response:
    return as_attachment(as_ubl(found), filename=f"{found.facts.code}.xml", media_type=UBL)
