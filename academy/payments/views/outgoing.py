"""Pages of a provider: the invoices in its name, and what was paid of them into its own account."""

from functools import partial

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.money import FREE
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments.errors import InvoiceNotFound, InvoiceSettled
from academy.payments.forms.invoices import ReceivedForm
from academy.payments.invoice_pdf import invoice_pdf
from academy.payments.pages import invoices as pages
from academy.payments.queries import invoices as queries
from academy.payments.queries.billing import billing_details_of
from academy.payments.queries.visits import earning_provider
from academy.payments.service.invoicing_payments import note_payment
from academy.payments.ubl import as_ubl
from academy.payments.views.files import CSV, PDF, UBL, as_attachment

blueprint = localized_blueprint("outgoing", __name__)


@blueprint.get("/providers/<slug>/invoices")
def sold(slug: str) -> ResponseReturnValue:
    asked, today = request.args.get("year", type=int), amsterdam_day(utc_now())
    with database().reading() as session:
        there = earning_provider(session, require_actor(), slug)
        years = queries.years_sold(session, there.organisation_id)
        year = asked if asked in years else None
        found = queries.sold(session, there.organisation_id, year=year)
        details = billing_details_of(session, there.organisation_id)
    return render(
        "payments/outgoing.html", organisation=there, invoices=[pages.sold_row(one, slug, today=today) for one in found],
        years=pages.year_links(years, year, partial(url_for, "outgoing.sold", slug=slug)), open_total=pages.open_total(found),
        csv_url=url_for("outgoing.sold_csv", slug=slug, year=year), can_sell=details is not None and details.can_sell,
    )


@blueprint.get("/providers/<slug>/invoices.csv")
@throttled(a_minute=60)
def sold_csv(slug: str) -> Response:
    asked = request.args.get("year", type=int)
    with database().reading() as session:
        there = earning_provider(session, require_actor(), slug)
        year = asked if asked in queries.years_sold(session, there.organisation_id) else None
        found = queries.sold(session, there.organisation_id, year=year)
    rows = pages.as_table(found, lambda one: one.buyer_name)
    return as_attachment(as_csv(pages.table_heading(_("Aan")), rows), filename=f"{_('facturen')}.csv", media_type=CSV)


def _document(slug: str, code: str) -> queries.InvoiceDocument:
    with database().reading() as session:
        there = earning_provider(session, require_actor(), slug)
        return queries.document_sold(session, there.organisation_id, code)


@blueprint.get("/providers/<slug>/invoices/<code>.pdf")
@throttled(a_minute=60)
def sold_pdf(slug: str, code: str) -> Response:
    found = _document(slug, code)
    return as_attachment(invoice_pdf(found), filename=f"{found.facts.code}.pdf", media_type=PDF)


@blueprint.get("/providers/<slug>/invoices/<code>.xml")
@throttled(a_minute=60)
def sold_ubl(slug: str, code: str) -> Response:
    found = _document(slug, code)
    if found.facts.buyer.organisation_id is None:  # a person has no address here, which the norm asks for
        raise InvoiceNotFound
    return as_attachment(as_ubl(found), filename=f"{found.facts.code}.xml", media_type=UBL)


@blueprint.route("/providers/<slug>/invoices/<code>/received", methods=["GET", "POST"])
def received(slug: str, code: str) -> ResponseReturnValue:
    found, today = _document(slug, code).facts, amsterdam_day(utc_now())
    if found.open <= FREE:
        raise InvoiceSettled
    form = ReceivedForm(formdata=None, data={"amount": found.open, "received_on": today}) if request.method == "GET" else ReceivedForm()
    if request.method == "GET" or not form.is_in_order(most=found.open, issued_on=found.issued_on, today=today):
        page = render("payments/received.html", form=form, invoice=pages.sold_row(found, slug, today=today), slug=slug)
        return page, 200 if request.method == "GET" else 422
    amount, day = form.received
    with database().writing() as session:
        note_payment(session, actor=require_actor(), slug=slug, code=code, amount=amount, received_on=day, now=utc_now())
    flash(_("De betaling staat bij de factuur."), "success")
    return redirect(url_for("outgoing.sold", slug=slug), 303)
