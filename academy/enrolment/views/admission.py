"""Pages of a provider that decides about admission and payments."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.enrolment.forms.admission import RefuseForm
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.pages import inbox as pages
from academy.enrolment.pages.workspace import workspace_values
from academy.enrolment.queries import inbox as queries
from academy.enrolment.service import admitting
from academy.enrolment.service.admitting import Settlement
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("admission", __name__)


def _page(provider: str, form: RefuseForm, answering: str = "") -> str:
    now = utc_now()
    with database().reading() as session:
        found = queries.inbox(session, require_actor(), provider, now=now)
    return render(
        "enrolment/workspace/inbox.html", workspace=workspace_values(found.there), form=form,
        inbox=pages.inbox_values(found, answering=answering, form=form, now=now),
    )


@blueprint.get("/provider/<provider>/requests")
def inbox(provider: str) -> ResponseReturnValue:
    return _page(provider, RefuseForm(formdata=None))


@blueprint.post("/provider/<provider>/requests/<code>/admit")
def admit(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        state = admitting.admit(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    if state is EnrolmentState.CONFIRMED:
        flash(_("Toegelaten. De cursist is ingeschreven en krijgt een e-mail."), "success")
    else:
        flash(_("Toegelaten. De plek is zeker als hij is betaald. De cursist krijgt een e-mail."), "success")
    return redirect(url_for("admission.inbox", provider=provider), 303)


@blueprint.route("/provider/<provider>/requests/<code>/refuse", methods=["GET", "POST"])
def refuse(provider: str, code: str) -> ResponseReturnValue:
    actor, form = require_actor(), RefuseForm()
    with database().reading() as session:
        facts = queries.request_of(session, actor, provider, code)
    if request.method == "GET" or not form.validate():
        return _page(provider, form, facts.code), 200 if request.method == "GET" else 422
    with database().writing() as session:
        admitting.refuse(session, actor=actor, provider_slug=provider, code=code, reason=form.reason.data or "", now=utc_now())
    flash(_("Niet toegelaten. De cursist krijgt een e-mail met jullie reden. De plek is weer vrij."), "success")
    return redirect(url_for("admission.inbox", provider=provider), 303)


@blueprint.post("/provider/<provider>/requests/<code>/paid")
def paid(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        settled = admitting.confirm_payment(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    if settled is Settlement.SEATED:
        flash(_("Betaald. De cursist is ingeschreven en krijgt een e-mail."), "success")
    else:
        flash(_("De plek is al weg. Betaal het geld terug en laat het de cursist weten."), "error")
    return redirect(url_for("admission.inbox", provider=provider), 303)
