"""Pages on which a provider reads requests for a tailored module, asks about them, and proposes; alone or with others."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.employers.forms import proposals as forms
from academy.employers.kinds import ProposalState
from academy.employers.pages import proposals as pages
from academy.employers.pages.provider_pools import workspace_values
from academy.employers.queries import proposals as queries
from academy.employers.queries.requests import RequestFacts
from academy.employers.service import proposing, requesting
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, render

blueprint = localized_blueprint("proposals", __name__)

_WRITTEN = (ProposalState.DRAFT, ProposalState.SENT, ProposalState.CHOSEN)


@blueprint.get("/provider/<provider>/tailored")
def requests(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.requests_at(session, require_actor(), provider)
    return render("employers/provider_requests.html", workspace=workspace_values(found.there), requests=pages.list_values(found, now=utc_now()))


def _request_page(provider: str, code: str, form: forms.QuestionForm) -> str:
    with database().reading() as session:
        found = queries.request_at(session, require_actor(), provider, code)
    return render("employers/provider_request.html", workspace=workspace_values(found.there), form=form, **pages.page_values(found, now=utc_now()))


@blueprint.get("/provider/<provider>/tailored/<code>", endpoint="request")
def request_page(provider: str, code: str) -> ResponseReturnValue:
    return _request_page(provider, code, forms.QuestionForm(formdata=None))


@blueprint.post("/provider/<provider>/tailored/<code>/questions")
def ask(provider: str, code: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.QuestionForm()
    with database().reading() as session:
        known = {one.text for one in queries.request_at(session, actor, provider, code).questions}
    if not form.validate():
        return _request_page(provider, code, form), 422
    if form.text.data not in known:  # who presses twice asks once
        with database().writing() as session:
            requesting.ask_question(session, actor=actor, provider_slug=provider, request_code=code, text=form.text.data or "", now=utc_now())
    flash(_("Je vraag is gesteld. Bij het antwoord krijg je een e-mail."), "success")
    return redirect(url_for("proposals.request", provider=provider, code=code, _anchor="questions"), 303)


@blueprint.post("/provider/<provider>/tailored/<code>/decline")
def decline(provider: str, code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        requesting.decline_invite(session, actor=require_actor(), provider_slug=provider, request_code=code, now=utc_now())
    flash(_("Genoteerd: jullie doen geen voorstel."), "success")
    return redirect(url_for("proposals.request", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/tailored/<code>/proposal", methods=["GET", "POST"])
def new(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        there = catalogue.workspace_for_planning(session, actor, provider)
        asked, choices = queries.request_at(session, actor, provider, code).asked, queries.choices_for(session, there)
    if asked.proposal is not None and asked.proposal.state in _WRITTEN:  # who presses twice comes to what was kept
        return _shown(provider, asked.proposal.code)
    if not asked.is_open(now):
        return redirect(url_for("proposals.request", provider=provider, code=code), 303)
    form = _form(asked.request, choices, forms.proposed(asked.request))
    if request.method == "GET" or not form.is_in_order(asked.request, now=now):
        return _form_page(there, asked.request, form)
    with database().writing() as session:
        made = proposing.begin_proposal(session, actor=actor, provider_slug=provider, request_code=code, draft=form.draft(), now=now)
    flash(_("Bewaard. Lees je voorstel nog eens, en verstuur het."), "success")
    return _shown(provider, made)


def _form(about: RequestFacts, choices: queries.Choices, shown: dict[str, Any]) -> forms.ProposalForm:
    """Return the form with what was typed, or as it is shown first."""
    form = forms.ProposalForm(formdata=None, data=shown) if request.method == "GET" else forms.ProposalForm()
    form.offer(about, choices)
    return form


def _form_page(there: catalogue.Workspace, about: RequestFacts, form: forms.ProposalForm, *, code: str = "") -> ResponseReturnValue:
    values = pages.form_values(about, form, slug=there.provider.slug, now=utc_now())
    back = url_for("proposals.show", provider=there.provider.slug, code=code) if code else values["url"]
    page = render("employers/proposal_form.html", workspace=workspace_values(there), form=form, back_url=back, is_new=not code, **values)
    return page, 422 if form.errors else 200


@blueprint.get("/provider/<provider>/proposals/<code>")
def show(provider: str, code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.proposal_at(session, require_actor(), provider, code)
    return render("employers/proposal.html", workspace=workspace_values(found.there), **pages.show_values(found, now=utc_now()))


@blueprint.route("/provider/<provider>/proposals/<code>/change", methods=["GET", "POST"])
def change(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        there, about, proposal = queries.proposal_to_change(session, actor, provider, code, now=now)
        choices = queries.choices_for(session, there)
    form = _form(about, choices, forms.written(proposal, choices))
    if request.method == "GET" or not form.is_in_order(about, now=now):
        return _form_page(there, about, form, code=code)
    with database().writing() as session:
        proposing.change_proposal(session, actor=actor, provider_slug=provider, proposal_code=code, draft=form.draft(), now=now)
    flash(_("Bewaard. Partners gaan opnieuw akkoord.") if form.partners.data else _("Bewaard."), "success")
    return _shown(provider, code)


def _act(provider: str, code: str, act: Callable[..., None], sentence: str) -> ResponseReturnValue:
    """Do something with a proposal that needs no more than a button."""
    ActForm().validate()
    with database().writing() as session:
        act(session, actor=require_actor(), provider_slug=provider, proposal_code=code, now=utc_now())
    flash(sentence, "success")
    return _shown(provider, code)


def _shown(provider: str, code: str) -> ResponseReturnValue:
    return redirect(url_for("proposals.show", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/proposals/<code>/send")
def send(provider: str, code: str) -> ResponseReturnValue:
    return _act(provider, code, proposing.send_proposal, _("Verstuurd. Je leest hier wat ervan komt."))


@blueprint.post("/provider/<provider>/proposals/<code>/withdraw")
def withdraw(provider: str, code: str) -> ResponseReturnValue:
    return _act(provider, code, proposing.withdraw_proposal, _("Je voorstel is ingetrokken."))


@blueprint.post("/provider/<provider>/proposals/<code>/agree")
def agree(provider: str, code: str) -> ResponseReturnValue:
    return _act(provider, code, proposing.agree_to_proposal, _("Jullie zijn akkoord met dit voorstel."))
