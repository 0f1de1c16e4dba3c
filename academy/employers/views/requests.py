"""Pages of who has a module made to measure, a firm or the programme office: asking, answering, comparing, choosing, withdrawing, and the list of all."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.employers.errors.requests import ProposalClosed, QuestionAnsweredAlready, RequestClosed, RequestThere
from academy.employers.forms.requests import AnswerForm, ChooseForm, RequestForm, WithdrawForm
from academy.employers.kinds import RequestState
from academy.employers.pages import request_lists as lists
from academy.employers.pages import requests as pages
from academy.employers.queries import request_pages as reads
from academy.employers.queries import requests as queries
from academy.employers.queries.request_pages import Choice, Source
from academy.employers.service import choosing, requesting
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.errors import Refusal
from academy.kernel.ids import id_in
from academy.kernel.translation import _, ngettext
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments import api as payments

blueprint = localized_blueprint("requests", __name__)

_MOST_IN_FILE = 1_000


def _to(code: str, *, at: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("requests.show", code=code, _anchor=at), 303)


# Asking


@blueprint.route("/requests/new/<kind>/<code>", methods=["GET", "POST"])
def new(kind: str, code: str) -> ResponseReturnValue:
    today = amsterdam_day(utc_now())
    with database().reading() as session:
        source = reads.source_of(session, require_actor(), kind, code)
        providers = queries.suggested_providers(session, source.skills)
    if source.request:
        return _there(source)
    is_asked = request.method == "POST"
    form = RequestForm() if is_asked else RequestForm(formdata=None, data=pages.first_values(source, today))
    form.offer([one.slug for one, _fits in providers], [one.slug for one, fits in providers if fits])
    if is_asked and form.is_in_order(today=today):
        return _ask(source, form)
    return render("employers/request_new.html", form=form, new=pages.new_values(source, providers, form)), 422 if is_asked else 200


def _ask(source: Source, form: RequestForm) -> ResponseReturnValue:
    of = requesting.request_for_pool if source.kind == "pool" else requesting.request_for_demand
    told = {"pool_code" if source.kind == "pool" else "demand_code": source.code}
    try:
        with database().writing() as session:
            code = of(session, actor=require_actor(), draft=form.draft(), providers=form.chosen_providers, now=utc_now(), **told)
    except RequestThere:  # the same form, sent twice
        with database().reading() as session:
            return _there(reads.source_of(session, require_actor(), source.kind, source.code))
    number = len(form.chosen_providers)
    flash(ngettext("Verstuurd. %(num)s aanbieder krijgt een e-mail.", "Verstuurd. %(num)s aanbieders krijgen een e-mail.", number), "success")
    return _to(code)


def _there(source: Source) -> ResponseReturnValue:
    if not source.is_theirs:
        flash(_("Iemand anders in deze groep vroeg al om voorstellen. Komt er een les? Dan krijg je een e-mail."), "info")
        return redirect(url_for("gathering.pool", code=source.code), 303)
    flash(_("Hiervoor is al een aanvraag op maat. Dit is hem."), "info")
    return _to(source.request)


# One request


def _page(code: str, *, wrong: AnswerForm | None = None, question: str = "") -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = reads.request_in_full(session, require_actor(), code, now=now)
    shown = pages.show_values(found, now=now)
    for number, one in enumerate(shown["open_questions"], 1):
        one["form"] = wrong if wrong is not None and one["key"] == question else AnswerForm(formdata=None)
        one["form"].text.label.text = _("Antwoord op vraag %(number)s", number=number)
    return render("employers/request.html", shown=shown, wrong=wrong, question=question), 200 if wrong is None else 422


@blueprint.get("/requests/<code>")
def show(code: str) -> ResponseReturnValue:
    return _page(code)


@blueprint.post("/requests/<code>/questions/<question>")
def answer(code: str, question: str) -> ResponseReturnValue:
    form, question_id = AnswerForm(), id_in(question)
    if not form.validate():
        return _page(code, wrong=form, question=question_id.hex)
    try:
        with database().writing() as session:
            requesting.answer_question(
                session, actor=require_actor(), request_code=code, question_id=question_id, text=form.text.data or "", now=utc_now(),
            )
    except QuestionAnsweredAlready as refusal:
        flash(refusal.sentence(), "info")
    except RequestClosed:
        flash(_("De aanvraag is gestopt. Antwoorden kan niet meer."), "info")
    else:
        flash(_("Je antwoord is verstuurd aan alle aanbieders die je vroeg."), "success")
    return _to(code, at="questions")


@blueprint.route("/requests/<code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> ResponseReturnValue:
    form, now = WithdrawForm(), utc_now()
    with database().reading() as session:
        found = reads.request_in_full(session, require_actor(), code, now=now)
    if found.seen.request.state is not RequestState.OPEN:
        return _to(code)
    if request.method == "GET" or not form.validate():
        page = render("employers/request_withdraw.html", form=form, shown=pages.show_values(found, now=now))
        return page, 422 if form.errors else 200
    with database().writing() as session:
        requesting.withdraw_request(session, actor=require_actor(), request_code=code, reason=form.reason.data or "", now=now)
    flash(_("De aanvraag is ingetrokken. De aanbieders krijgen een e-mail."), "success")
    return _to(code)


# Choosing


@blueprint.route("/requests/<code>/choose/<proposal>", methods=["GET", "POST"])
def choose(code: str, proposal: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = reads.choice_of(session, require_actor(), code, proposal, now=utc_now())
    if found is None:
        return _closed(code)
    form = _form_for(found)
    if request.method == "GET" or not form.validate():
        return _choice_page(found, form)
    try:
        _choose(found, form)
    except (RequestClosed, ProposalClosed):
        return _closed(code)
    except pages.REFUSED as refusal:
        return _choice_page(found, form, refusal)
    flash(_("Gekozen. De aanbieder krijgt een e-mail."), "success")
    return _to(code)


def _form_for(found: Choice) -> ChooseForm:
    """Return the form as it was sent, or as it stands first, with what this choice has to ask."""
    form = ChooseForm() if request.method == "POST" else ChooseForm(formdata=None, data={"legal_name": found.full.firm.name})
    form.prepare(pages.ways_to_pay(found), is_paid=pages.is_paid(found), lacks_billing=found.asks_billing)
    return form


def _choice_page(found: Choice, form: ChooseForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    page = render("employers/request_choose.html", form=form, choice=pages.choice_values(found), refused=pages.refused_words(refusal))
    return page, refusal.status if refusal is not None else 422 if form.errors else 200


def _choose(found: Choice, form: ChooseForm) -> None:
    actor, now = require_actor(), utc_now()
    billing = form.billing(found.full.firm, actor.email)
    with database().writing() as session:
        if billing is not None:
            payments.note_billing_details(session, organisation_id=found.full.firm.id, details=billing, now=now)
        choosing.choose_proposal(
            session, actor=actor, request_code=found.full.seen.request.code, proposal_code=found.compared.proposal.code, budget=form.agreed.budget,
            reference=form.agreed.reference, reason=form.reason.data or "", now=now,
        )


def _closed(code: str) -> ResponseReturnValue:
    flash(_("Dit voorstel kun je niet (meer) kiezen. Zo staat de aanvraag er nu voor."), "info")
    return _to(code)


# At the programme office


@blueprint.get("/office/requests")
def office() -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found, times = reads.requests_at_office(session, require_actor(), now=now), queries.request_times(session, now=now)
    return render("employers/office_requests.html", requests=lists.office_values(found, times, now=now))


@blueprint.get("/office/requests.csv")
@throttled(a_minute=60)
def office_file() -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = reads.requests_at_office(session, require_actor(), now=now, most=_MOST_IN_FILE)
    answer = Response(lists.requests_file(found, now=now), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="aanvragen-op-maat.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
