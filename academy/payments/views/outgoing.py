"""Pages of a provider: the invoices in its name, and what was paid of them into its own account."""

from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.money import FREE
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments.errors import InvoiceNotFound, InvoiceSettled
from academy.payments.forms.invoices import ReceivedForm
from academy.payments.pages import invoices as pages
from academy.payments.queries import invoices as queries
from academy.payments.queries.visits import earning_provider
from academy.payments.service.invoicing_payments import note_payment
from academy.payments.views.invoice_lists import InvoiceList, as_pdf_file, as_ubl_file

blueprint = localized_blueprint("outgoing", __name__)


_SOLD: Final = InvoiceList(
    "outgoing.sold", earning_provider, queries.years_sold, queries.sold, queries.document_sold, pages.sold_row, lambda one: one.buyer_name,
)


@blueprint.get("/providers/<slug>/invoices")
def sold(slug: str) -> ResponseReturnValue:
    values, details = _SOLD.values(slug)
    return render("payments/outgoing.html", **values, can_sell=details is not None and details.can_sell)


@blueprint.get("/providers/<slug>/invoices.csv")
@throttled(a_minute=60)
def sold_csv(slug: str) -> Response:
    return _SOLD.spreadsheet(slug, other=_("Aan"))


@blueprint.get("/providers/<slug>/invoices/<code>.pdf")
@throttled(a_minute=60)
def sold_pdf(slug: str, code: str) -> Response:
    return as_pdf_file(_SOLD.whole(slug, code))


@blueprint.get("/providers/<slug>/invoices/<code>.xml")
@throttled(a_minute=60)
def sold_ubl(slug: str, code: str) -> Response:
    found = _SOLD.whole(slug, code)
    if found.facts.buyer.organisation_id is None:  # a person has no address here, which the norm asks for
        raise InvoiceNotFound
    return as_ubl_file(found)


@blueprint.route("/providers/<slug>/invoices/<code>/received", methods=["GET", "POST"])
def received(slug: str, code: str) -> ResponseReturnValue:
    found, today = _SOLD.whole(slug, code).facts, amsterdam_day(utc_now())
    if found.open <= FREE:
        raise InvoiceSettled
    form = ReceivedForm(formdata=None, data={"amount": found.open, "received_on": today}) if request.method == "GET" else ReceivedForm()
    if request.method == "GET" or not form.is_in_order(most=found.open, issued_on=found.issued_on, today=today):
        page = render("payments/received.html", form=form, invoice=pages.sold_row(found, slug, today), slug=slug)
        return page, 200 if request.method == "GET" else 422
    amount, day = form.received
    with database().writing() as session:
        note_payment(session, actor=require_actor(), slug=slug, code=code, amount=amount, received_on=day, now=utc_now())
    flash(_("De betaling staat bij de factuur."), "success")
    return redirect(url_for("outgoing.sold", slug=slug), 303)
