"""Pages about modules elsewhere that will count: asking in two screens, signing with one click, and the page behind the link for a school elsewhere."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import current_actor, require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.recognition import links
from academy.recognition.errors.agreeing import AgreementThere
from academy.recognition.forms.agreeing import AgreementForm, RefuseForm, ResultForm
from academy.recognition.pages import agreements as pages
from academy.recognition.pages.desk import menu
from academy.recognition.queries import agreements as queries
from academy.recognition.service import agreed_results, agreeing

blueprint = localized_blueprint("recognition_agreements", __name__)


@blueprint.get("/my/agreements", endpoint="all_mine")
def all_mine() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.agreements_of_learner(session, require_actor())
    return render("recognition/agreements.html", agreements=pages.mine_values(found))


# Asking


@blueprint.route("/my/agreements/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    require_actor()
    with database().reading() as session:
        found = queries.modules_to_agree_on(session, queries.Asked.from_address(request.args), now=utc_now())
    if not found.homes or not found.is_asked_whole:
        return render("recognition/agreement_find.html", find=pages.find_values(found))
    form = AgreementForm() if request.method == "POST" else AgreementForm(formdata=None)
    form.offer([(each.slug, [one.id for one in each.outcomes]) for each in found.homes], [each.slug for each in found.hosts])
    if request.method == "GET" or not form.validate():
        page = render("recognition/agreement_new.html", form=form, new=pages.ask_values(found.homes, found.hosts, form))
        return page, 422 if form.errors else 200
    return _ask(form, {each.slug: [one.id for one in each.outcomes] for each in found.homes})


def _ask(form: AgreementForm, homes: dict[str, list[UUID]]) -> ResponseReturnValue:
    home = str(form.home.data)
    try:
        with database().writing() as session:
            code = agreeing.ask_agreement(
                session, actor=require_actor(), home_slug=home, outcome_ids=form.chosen(homes[home]), host=form.chosen_host, language=reading_language(), now=utc_now(),
            )
    except AgreementThere as there:
        flash(_("Voor deze module had je al een afspraak. Dit is hem."), "info")
        return redirect(url_for(".mine", code=there.agreement), 303)
    flash(_("Je hebt getekend. De andere twee krijgen een e-mail."), "success")
    return redirect(url_for(".mine", code=code), 303)


@blueprint.get("/my/agreements/<code>")
def mine(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        full = queries.in_full(session, queries.agreement_of_learner(session, require_actor(), code))
    return render("recognition/agreement.html", agreement=pages.own_values(full))


@blueprint.post("/my/agreements/<code>/end")
def end(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        agreeing.end_agreement(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("De afspraak is gestopt."), "success")
    return redirect(url_for(".mine", code=code), 303)


# Who signs here


@blueprint.get("/provider/<provider>/exam-board/agreements")
def desk(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = queries.desk_to_sign(session, require_actor(), provider)
        found = queries.agreements_for_desk(session, there)
    return render("recognition/agreements_desk.html", menu=menu(there), agreements=pages.desk_values(found, provider, now=utc_now()))


def _at_desk(provider: str, code: str, form: RefuseForm) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.agreement_to_sign(session, require_actor(), provider, code)
    shown = pages.at_desk_values(found, now=utc_now())
    return render("recognition/agreement_sign.html", menu=menu(found.desk), agreement=shown, form=form), 422 if form.errors else 200


@blueprint.get("/provider/<provider>/exam-board/agreements/<code>")
def at_desk(provider: str, code: str) -> ResponseReturnValue:
    return _at_desk(provider, code, RefuseForm(formdata=None))


@blueprint.post("/provider/<provider>/exam-board/agreements/<code>/sign")
def sign(provider: str, code: str) -> ResponseReturnValue:
    with database().reading() as session:
        _desk, _facts, as_home = queries.agreement_at(session, require_actor(), provider, code)
    signing = agreeing.sign_home if as_home else agreeing.sign_host
    with database().writing() as session:
        signing(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Getekend. De anderen krijgen een e-mail."), "success")
    return redirect(url_for(".desk", provider=provider), 303)


@blueprint.post("/provider/<provider>/exam-board/agreements/<code>/refuse")
def refuse(provider: str, code: str) -> ResponseReturnValue:
    form = RefuseForm()
    if not form.validate():
        return _at_desk(provider, code, form)
    with database().writing() as session:
        agreeing.refuse(session, actor=require_actor(), provider_slug=provider, code=code, reason=str(form.reason.data), now=utc_now())
    flash(_("Niet getekend. De cursist leest waarom."), "success")
    return redirect(url_for(".desk", provider=provider), 303)


# By the link in a letter


@blueprint.get("/recognition/agreements/<token>")
@open_to_all
@throttled(a_minute=60)
def by_link(token: str) -> ResponseReturnValue:
    return _by_link(token, RefuseForm(formdata=None), ResultForm(formdata=None))


def _by_link(token: str, refusing: RefuseForm, result: ResultForm) -> ResponseReturnValue:
    """Answer with a page whose address is a secret: into no search engine; that it goes to no other site, every page says."""
    result.offer()
    with database().reading() as session:
        full = queries.in_full(session, queries.agreement_by_link(session, links.agreement_id_of(token), reader_id=_reader_id()))
    shown = pages.by_link_values(full, token, now=utc_now())
    is_wrong = bool(refusing.errors or result.errors)
    page = render("recognition/agreement_link.html", agreement=shown, refusing=refusing, result=result, form=result if result.errors else refusing)
    return Response(page, 422 if is_wrong else 200, {"X-Robots-Tag": "noindex"})


def _reader_id() -> UUID | None:
    actor = current_actor()
    return None if actor is None else actor.person_id


def _done(token: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".by_link", token=token), 303)


@blueprint.post("/recognition/agreements/<token>/sign")
@open_to_all
@throttled(a_minute=60)
def sign_by_link(token: str) -> ResponseReturnValue:
    with database().writing() as session:
        agreeing.sign_host_by_link(session, agreement_id=links.agreement_id_of(token), reader_id=_reader_id(), now=utc_now())
    return _done(token, _("Getekend. Dank je wel."))


@blueprint.post("/recognition/agreements/<token>/refuse")
@open_to_all
@throttled(a_minute=60)
def refuse_by_link(token: str) -> ResponseReturnValue:
    form = RefuseForm()
    if not form.validate():
        return _by_link(token, form, ResultForm(formdata=None))
    with database().writing() as session:
        agreeing.refuse_by_link(session, agreement_id=links.agreement_id_of(token), reader_id=_reader_id(), reason=str(form.reason.data), now=utc_now())
    return _done(token, _("Doorgegeven. De cursist leest waarom."))


@blueprint.post("/recognition/agreements/<token>/result")
@open_to_all
@throttled(a_minute=60)
def report_by_link(token: str) -> ResponseReturnValue:
    form = ResultForm()
    form.offer()
    if not form.validate():
        return _by_link(token, RefuseForm(formdata=None), form)
    with database().writing() as session:
        agreed_results.report_result_by_link(
            session, agreement_id=links.agreement_id_of(token), reader_id=_reader_id(), is_passed=form.result.data == "passed", now=utc_now(),
        )
    return _done(token, _("Dank je wel. De uitslag is doorgegeven."))
