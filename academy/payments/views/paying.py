"""Pages of paying: deciding to pay, coming back from the bank, and a provider that tells the payment service who it is."""

from typing import Final

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import ActForm, localized_blueprint, public_address, render, writing_for
from academy.kernel.web.security import content_policy
from academy.payments import queries, service
from academy.payments.kinds import PaymentState
from academy.payments.pages.paying import pay_values, returned_values
from academy.payments.queries import visits
from academy.payments.service import connecting

blueprint = localized_blueprint("payments", __name__)

_OWN_FORMS: Final = "form-action 'self'"


def return_pages(code: str, language: str) -> tuple[str, str]:
    """Return the whole addresses where a payer comes back: after paying, and without; also outside a request."""
    with writing_for("en" if language == "en" else "nl"):
        return public_address(url_for("payments.returned", code=code)), public_address(url_for("payments.pay", code=code))


@blueprint.get("/payments/<code>")
def pay(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.my_payment(session, actor, code)
        supplier, payer = accounts.organisation(session, found.supplier_id), visits.paying_organisation(session, found)
        was_refused = visits.was_refused(session, found.id)
    if found.state is not PaymentState.OPEN:
        return redirect(url_for("payments.returned", code=code))
    is_demo = service.gateway().name == "demo"
    values = pay_values(found, supplier=supplier.name, payer=payer, was_refused=was_refused, is_demo=is_demo, now=now)
    return _leading_to_bank(render("payments/pay.html", payment=values, form=ActForm()))


@blueprint.post("/payments/<code>")
def start(code: str) -> ResponseReturnValue:
    return redirect(service.start_checkout(code, actor=require_actor(), now=utc_now()), 303)


@blueprint.get("/payments/<code>/back")
def returned(code: str) -> ResponseReturnValue:
    # Coming back proves nothing: what is shown is what the bank told us, and the page looks again until it did.
    with database().reading() as session:
        found = queries.my_payment(session, require_actor(), code)
        payer = visits.paying_organisation(session, found)
    return render("payments/returned.html", payment=returned_values(found, payer=payer))


@blueprint.route("/providers/<slug>/payouts/connect", methods=["GET", "POST"])
def connect(slug: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        provider = visits.earning_provider(session, actor, slug)
        is_ready = visits.payout_readiness(session, provider.organisation_id)
    if request.method == "POST":
        back = public_address(url_for("payments.connect", slug=slug))
        return redirect(connecting.connect(provider, actor=actor, return_url=back, now=utc_now()), 303)
    return _leading_to_bank(render("payments/connect.html", name=provider.organisation_name, is_ready=is_ready, form=ActForm()))


def _leading_to_bank(page: str) -> Response:
    """Let the form of a page lead on to the bank: browsers hold the policy against where it is sent on to as well (CSP 3, form-action)."""
    response = make_response(page)
    leads_to = " ".join((_OWN_FORMS, *service.gateway().page_origins))
    response.headers["Content-Security-Policy"] = content_policy().replace(_OWN_FORMS, leads_to)
    return response
