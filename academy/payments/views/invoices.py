"""Pages of an organisation that buys: who it is on an invoice, the invoices it was sent, and paying them."""

from functools import partial

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments.forms.invoices import BillingForm, billing_values
from academy.payments.invoice_pdf import invoice_pdf
from academy.payments.pages import invoices as pages
from academy.payments.queries import invoices as queries
from academy.payments.queries.billing import BillingFacts, Party, billing_details_of, buying_organisation
from academy.payments.service.invoicing_details import save_billing_details
from academy.payments.service.invoicing_payments import ask_payment
from academy.payments.ubl import as_ubl
from academy.payments.views.files import CSV, PDF, UBL, as_attachment

blueprint = localized_blueprint("invoices", __name__)


@blueprint.get("/my/organisations/<slug>/invoices")
def bought(slug: str) -> ResponseReturnValue:
    asked, today = request.args.get("year", type=int), amsterdam_day(utc_now())
    with database().reading() as session:
        there = buying_organisation(session, require_actor(), slug)
        years = queries.years_bought(session, there.organisation_id)
        year = asked if asked in years else None
        found = queries.bought(session, there.organisation_id, year=year)
        has_details = billing_details_of(session, there.organisation_id) is not None
    return render(
        "payments/invoices.html", organisation=there, invoices=[pages.bought_row(one, slug, today=today) for one in found],
        years=pages.year_links(years, year, partial(url_for, "invoices.bought", slug=slug)), open_total=pages.open_total(found),
        csv_url=url_for("invoices.bought_csv", slug=slug, year=year), has_details=has_details,
    )


@blueprint.get("/my/organisations/<slug>/invoices.csv")
@throttled(a_minute=60)
def bought_csv(slug: str) -> Response:
    asked = request.args.get("year", type=int)
    with database().reading() as session:
        there = buying_organisation(session, require_actor(), slug)
        year = asked if asked in queries.years_bought(session, there.organisation_id) else None
        found = queries.bought(session, there.organisation_id, year=year)
    rows = pages.as_table(found, lambda one: one.supplier_name)
    return as_attachment(as_csv(pages.table_heading(_("Van")), rows), filename=f"{_('facturen')}.csv", media_type=CSV)


def _document(slug: str, code: str) -> queries.InvoiceDocument:
    with database().reading() as session:
        there = buying_organisation(session, require_actor(), slug)
        return queries.document_bought(session, there.organisation_id, code)


@blueprint.get("/my/organisations/<slug>/invoices/<code>.pdf")
@throttled(a_minute=60)
def bought_pdf(slug: str, code: str) -> Response:
    found = _document(slug, code)
    return as_attachment(invoice_pdf(found), filename=f"{found.facts.code}.pdf", media_type=PDF)


@blueprint.get("/my/organisations/<slug>/invoices/<code>.xml")
@throttled(a_minute=60)
def bought_ubl(slug: str, code: str) -> Response:
    found = _document(slug, code)
    return as_attachment(as_ubl(found), filename=f"{found.facts.code}.xml", media_type=UBL)


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
