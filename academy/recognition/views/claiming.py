"""Pages about the learner's own files: self-scan, answers, sending, and what became of it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import Actor
from academy.accounts.login import current_actor, require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render, throttled
from academy.recognition.errors import FileThere
from academy.recognition.forms import claiming as forms
from academy.recognition.kinds import OPEN_TO_EVIDENCE, FileState, Judgement, Route
from academy.recognition.pages import meter as meter_pages
from academy.recognition.pages import mine as pages
from academy.recognition.queries import mine as queries
from academy.recognition.queries.meter import meter_of
from academy.recognition.queries.mine import MyFile
from academy.recognition.queries.outcomes import ModuleToClaim, module_to_claim
from academy.recognition.service import claiming, saving

blueprint = localized_blueprint("recognition_claiming", __name__)

_TO_SEND = (FileState.DRAFT, FileState.PORTFOLIO_OPEN, FileState.PORTFOLIO_INCOMPLETE)


# The self-scan, open to all


@blueprint.route("/modules/<slug>/recognition", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def scan(slug: str) -> ResponseReturnValue:
    with database().reading() as session:
        module = module_to_claim(session, slug)
    form = _scan_form(module)
    if request.method == "GET" or not form.validate():
        return _scan_page(module, form), 200 if request.method == "GET" else 422
    return _scanned(module, form)


def _scan_form(module: ModuleToClaim) -> forms.ScanForm:
    """Return the form as it was sent, or with the answers of the address: those on the words of another version are not answers any more."""
    of = forms.scan_form([(each.id, each.wording) for each in module.outcomes])
    if request.method == "POST":
        return of()
    is_same = request.args.get("v", type=int) == module.version
    said = forms.from_letters([each.id for each in module.outcomes], request.args.get("a", "") if is_same else "")
    route = Route.LABOUR_MARKET if request.args.get("for") == Route.LABOUR_MARKET else Route.EDUCATION
    first: dict[str, Any] = {f"say_{each.hex}": judgement.value for each, judgement in said.items()}
    return of(formdata=None, data={
        **first, "hours": forms.hours_in(request.args.get("hours", "")), "route": route.value, "request_key": new_id(), "pathway": request.args.get("route", ""),
    })


def _scan_page(module: ModuleToClaim, form: forms.ScanForm) -> str:
    actor = current_actor()
    person_id = actor.person_id if actor else None
    on_route = saving.savings_on(str(form.pathway.data or ""), module, together=form.can, now=utc_now())
    with database().reading() as session:
        meter = meter_of(session, module, person_id=person_id, hours_a_week=form.hours_a_week, route=on_route)
        live = queries.live_files(session, person_id, module.id) if person_id else {}
    return render("recognition/scan.html", form=form, scan=meter_pages.scan_values(meter, form, live=live, is_signed_in=actor is not None))


def _scanned(module: ModuleToClaim, form: forms.ScanForm) -> ResponseReturnValue:
    actor, is_kept = current_actor(), request.form.get("act") == "keep"
    if is_kept and actor is not None:
        return _keep(module, form, actor)
    letters = forms.in_letters([each.id for each in module.outcomes], form.said)
    there = url_for(
        "recognition_claiming.scan", slug=module.slug, a=letters, v=module.version, hours=form.hours_a_week, route=form.pathway.data or None, **{"for": form.route.data},
    )
    return redirect(url_for("accounts.sign_in", next=there) if is_kept else f"{there}#together", 303)


def _keep(module: ModuleToClaim, form: forms.ScanForm, actor: Actor) -> ResponseReturnValue:
    route = Route(form.route.data)
    try:
        with database().writing() as session:
            code = claiming.open_file(session, actor=actor, module_slug=module.slug, route=route, answers=form.said, request_key=form.key, now=utc_now())
    except FileThere:
        with database().reading() as session:
            live = queries.live_files(session, actor.person_id, module.id)
        if route not in live:  # it ended just now
            raise
        code = live[route]
        flash(_("Je hebt voor deze module al een aanvraag lopen. Dit is hem."), "info")
        return redirect(url_for("recognition_claiming.show", code=code), 303)
    return redirect(url_for("recognition_claiming.answers", code=code), 303)


# One's own files


def _to(code: str) -> ResponseReturnValue:
    return redirect(url_for("recognition_claiming.show", code=code), 303)


def _found(code: str) -> MyFile:
    with database().reading() as session:
        return queries.file_in_full(session, require_actor(), code)


@blueprint.get("/my/recognition")
def mine() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.files_of(session, require_actor())
    return render("recognition/mine.html", files=pages.list_values(found))


@blueprint.get("/my/recognition/<code>")
def show(code: str) -> ResponseReturnValue:
    return render("recognition/file.html", form=ActForm(), file=pages.file_values(_found(code), now=utc_now()))


@blueprint.route("/my/recognition/<code>/answers", methods=["GET", "POST"])
def answers(code: str) -> ResponseReturnValue:
    found = _found(code)
    if found.facts.state not in OPEN_TO_EVIDENCE:
        return _to(code)
    is_for_later = request.form.get("act") == "later"
    of = forms.answers_form([(each.id, each.wording) for each in found.outcomes], is_for_later=is_for_later)
    form = of() if request.method == "POST" else of(formdata=None, data=pages.first_answers(found))
    if request.method == "GET" or not form.validate():
        page = render("recognition/answers.html", form=form, head=pages.head_values(found), items=pages.answer_items(found, form))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        claiming.answer_outcomes(session, actor=require_actor(), code=code, answers=form.said, employer=form.employer.data, now=utc_now())
    return _answered(code, form, found.facts.state, is_for_later=is_for_later)


def _answered(code: str, form: forms.AnswersForm, state: FileState, *, is_for_later: bool) -> ResponseReturnValue:
    """Go on to the next screen; back to the file for who stops here, and where there is nothing to prove."""
    is_no = {each.judgement for each in form.said.values()} == {Judgement.NO}
    if is_for_later or is_no or state is not FileState.DRAFT:
        flash(_("Je antwoorden zijn bewaard."), "success")
        return _to(code)
    return redirect(pages.page_of(code, "evidence"), 303)


@blueprint.route("/my/recognition/<code>/send", methods=["GET", "POST"])
def send(code: str) -> ResponseReturnValue:
    found, form = _found(code), forms.SendForm()
    if found.facts.state not in _TO_SEND:
        return _to(code)
    form.ask(signs=found.facts.state is FileState.DRAFT and found.evidence > 0, states=found.evidence > 0)
    if request.method == "GET" or not form.validate():
        page = render("recognition/send.html", form=form, send=pages.send_values(found))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        of = claiming.ask_intake if found.facts.state is FileState.DRAFT else claiming.send_portfolio
        of(session, actor=require_actor(), code=code, stated=found.evidence > 0, now=utc_now())
    flash(_("Verstuurd. Hieronder zie je hoe het verdergaat."), "success")
    return _to(code)


@blueprint.route("/my/recognition/<code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> ResponseReturnValue:
    if request.method == "GET":
        return render("recognition/withdraw.html", form=ActForm(), head=pages.head_values(_found(code)))
    return _act(code, claiming.withdraw_file, _("Je aanvraag is ingetrokken. Niemand ziet je bewijs meer."))


@blueprint.route("/my/recognition/<code>/appeal", methods=["GET", "POST"])
def appeal(code: str) -> ResponseReturnValue:
    found, form = _found(code), forms.AppealForm()
    if request.method == "GET" or not form.validate():
        page = render("recognition/appeal.html", form=form, head=pages.head_values(found), until=pages.appeal_words(found))
        return page, 200 if request.method == "GET" else 422
    return _act(code, claiming.appeal, _("Je bezwaar is verstuurd."), reason=form.reason.data or "")


@blueprint.route("/my/recognition/<code>/anew", methods=["GET", "POST"])
def anew(code: str) -> ResponseReturnValue:
    """Show what the module says otherwise by now, and begin again on that."""
    found = _found(code)
    if request.method == "GET":
        return render("recognition/anew.html", form=ActForm(), head=pages.head_values(found), changes=pages.changes(found))
    with database().writing() as session:
        made = claiming.start_anew(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Dit is je nieuwe aanvraag. Je antwoorden en je bewijs zijn meegekomen."), "success")
    return redirect(url_for("recognition_claiming.answers", code=made), 303)


@blueprint.get("/my/recognition/<code>/everything")
def everything(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.file_in_full(session, require_actor(), code)
        said, report = queries.said_of(session, found.facts.id)
    return render("recognition/everything.html", all=pages.everything_values(found, said, report))


# What needs no more than a button


def _act(code: str, act: Callable[..., None], sentence: str, **what: Any) -> ResponseReturnValue:  # noqa: ANN401 - as the act has them
    with database().writing() as session:
        act(session, actor=require_actor(), code=code, now=utc_now(), **what)
    flash(sentence, "success")
    return _to(code)


@blueprint.post("/my/recognition/<code>/sign")
def sign(code: str) -> ResponseReturnValue:
    return _act(code, claiming.sign_agreement, _("Je hebt de afspraak getekend."))


@blueprint.post("/my/recognition/<code>/intake")
def intake(code: str) -> ResponseReturnValue:
    return _act(code, claiming.ask_intake_again, _("Je begeleider neemt opnieuw contact met je op."))


@blueprint.post("/my/recognition/<code>/contest")
def contest(code: str) -> ResponseReturnValue:
    return _act(code, claiming.contest_lapse, _("Je aanvraag gaat verder waar je was."))


@blueprint.post("/my/recognition/<code>/end-appeal")
def end_appeal(code: str) -> ResponseReturnValue:
    return _act(code, claiming.take_appeal_back, _("Je bezwaar is ingetrokken. Het besluit blijft staan."))


@blueprint.post("/my/recognition/<code>/exemption")
def exemption(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        is_granted = claiming.request_exemption(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Je vrijstelling is er al: hetzelfde werd eerder besloten.") if is_granted else _("Gevraagd. De examencommissie beslist."), "success")
    return _to(code)
