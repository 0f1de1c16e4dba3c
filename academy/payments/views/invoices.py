"""Pages of an organisation that buys: who it is on an invoice, the invoices it was sent, and paying them."""

from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments.forms.invoices import BillingForm, billing_values
from academy.payments.pages import invoices as pages
from academy.payments.queries import invoices as queries
from academy.payments.queries.billing import BillingFacts, Party, billing_details_of, buying_organisation
from academy.payments.service.invoicing_details import save_billing_details
from academy.payments.service.invoicing_payments import ask_payment
from academy.payments.views.invoice_lists import InvoiceList, as_pdf_file, as_ubl_file

blueprint = localized_blueprint("invoices", __name__)


_BOUGHT: Final = InvoiceList(
    "invoices.bought", buying_organisation, queries.years_bought, queries.bought, queries.document_bought, pages.bought_row, lambda one: one.supplier_name,
)


@blueprint.get("/my/organisations/<slug>/invoices")
def bought(slug: str) -> ResponseReturnValue:
    values, details = _BOUGHT.values(slug)
    return render("payments/invoices.html", **values, has_details=details is not None, people_url=pages.people_url(values["organisation"]))


@blueprint.get("/my/organisations/<slug>/invoices.csv")
@throttled(a_minute=60)
def bought_csv(slug: str) -> Response:
    return _BOUGHT.spreadsheet(slug, other=_("Van"))


@blueprint.get("/my/organisations/<slug>/invoices/<code>")
def invoice(slug: str, code: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = buying_organisation(session, require_actor(), slug)
        found = queries.document_bought(session, there.organisation_id, code)
        notes = queries.credit_notes(session, found.facts.id)
    return render("payments/invoice.html", organisation=there, invoice=pages.bought_values(found, notes, there, amsterdam_day(utc_now())))


@blueprint.get("/my/organisations/<slug>/invoices/<code>.pdf")
@throttled(a_minute=60)
def bought_pdf(slug: str, code: str) -> Response:
    return as_pdf_file(_BOUGHT.whole(slug, code))


@blueprint.get("/my/organisations/<slug>/invoices/<code>.xml")
@throttled(a_minute=60)
def bought_ubl(slug: str, code: str) -> Response:
    return as_ubl_file(_BOUGHT.whole(slug, code))


@blueprint.post("/my/organisations/<slug>/invoices/<code>/pay")
def pay(slug: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        opened = ask_payment(session, actor=require_actor(), slug=slug, code=code, language=reading_language(), now=utc_now())
    return redirect(url_for("payments.pay", code=opened.code), 303)


def _known(slug: str) -> tuple[accounts.MembershipFacts, BillingFacts]:
    """Return an organisation and who it is on an invoice; before anybody filled that in, what it told of itself elsewhere."""
    with database().reading() as session:
        there = buying_organisation(session, require_actor(), slug)
        details = billing_details_of(session, there.organisation_id)
        of = accounts.organisation(session, there.organisation_id)
    return there, details or BillingFacts(Party(of.name, country=of.country, kvk_number=of.kvk_number, vat_id=of.vat_id))


@blueprint.route("/my/organisations/<slug>/billing", methods=["GET", "POST"])
def billing(slug: str) -> ResponseReturnValue:
    there, details = _known(slug)
    is_supplier = there.kind is accounts.OrganisationKind.PROVIDER
    form = BillingForm(formdata=None, data=billing_values(details)) if request.method == "GET" else BillingForm()
    form.offer(is_supplier=is_supplier)
    if request.method == "GET" or not form.is_in_order():
        return render("payments/billing.html", form=form, organisation=there), 200 if request.method == "GET" else 422
    with database().writing() as session:
        save_billing_details(session, actor=require_actor(), slug=slug, details=form.details, now=utc_now())
    flash(_("De factuurgegevens zijn bewaard. Facturen die er al zijn, blijven zoals ze waren."), "success")
    return redirect(url_for("invoices.bought", slug=slug), 303)
