"""Pages about what goes by itself, and about what a board published: for the board, for learners with a paper, and for everybody."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.formats import shown as shown_text
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.kernel.web.attachments import attachment, shown
from academy.recognition.errors.patterns import PatternNotFound
from academy.recognition.forms import patterns as forms
from academy.recognition.pages import patterns as pages
from academy.recognition.pages.library import stored_file
from academy.recognition.queries import approvals
from academy.recognition.queries import equivalences as queries
from academy.recognition.queries.files import terms_of
from academy.recognition.queries.library import piece_of
from academy.recognition.queries.mappings import board_at
from academy.recognition.service import equivalences as service
from academy.recognition.service import patterns as pattern_service
from academy.recognition.service.evidence import note_look

blueprint = localized_blueprint("recognition_patterns", __name__)


# What goes by itself


@blueprint.get("/provider/<provider>/exam-board/patterns")
def patterns(provider: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        desk = board_at(session, actor, provider)
        possible = approvals.patterns_to_approve(session, desk.provider_id, amsterdam_day(now))
        going, terms = approvals.approvals_of(session, desk.provider_id), terms_of(session, desk.provider_id)
    return render(
        "recognition/patterns.html", menu=pages.board_menu(desk, "recognition_patterns.patterns"),
        patterns=pages.patterns_values(desk, actor, terms.signatures, possible, going, now=now),
    )


@blueprint.route("/provider/<provider>/exam-board/patterns/new/<key>", methods=["GET", "POST"])
def approve(provider: str, key: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        desk = board_at(session, actor, provider)
        found = approvals.pattern_to_approve(session, desk.provider_id, key, amsterdam_day(now))
    if found is None:
        raise PatternNotFound
    values = pages.pattern_values(desk, found)
    form = forms.ApprovalForm(data={"about": values["about"], "fewest_parents": found.number})
    if request.method == "GET" or not form.validate():
        page = render("recognition/pattern_new.html", menu=pages.board_menu(desk, "recognition_patterns.patterns"), form=form, pattern=values)
        return page, 422 if form.errors else 200
    with database().writing() as session:
        pattern_service.approve_pattern(session, actor=actor, provider_slug=provider, draft=form.draft(key), now=now)
    flash(_("Bewaard."), "success")
    return redirect(url_for(".patterns", provider=provider), 303)


@blueprint.post("/provider/<provider>/exam-board/patterns/<code>/sign")
def sign(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        pattern_service.sign_approval(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Getekend. Dit gaat nu vanzelf."), "success")
    return redirect(url_for(".patterns", provider=provider), 303)


@blueprint.post("/provider/<provider>/exam-board/patterns/<code>/end")
def end(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        pattern_service.end_approval(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Gestopt. Vanaf nu kijken mensen weer."), "success")
    return redirect(url_for(".patterns", provider=provider), 303)


# What a board publishes


@blueprint.get("/provider/<provider>/exam-board/equivalences")
def equivalences(provider: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        desk = board_at(session, actor, provider)
        found = queries.of_board(session, desk)
    rows = [pages.board_equivalence_values(desk, actor, each, now=now) for each in found]
    return render("recognition/equivalences.html", menu=pages.board_menu(desk, "recognition_patterns.equivalences"), rows=rows, provider=provider)


@blueprint.get("/provider/<provider>/exam-board/equivalences/new")
def choose(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        desk = board_at(session, require_actor(), provider)
        modules = queries.modules_to_publish(session, desk)
    return render("recognition/equivalence_module.html", menu=pages.board_menu(desk, ""), modules=pages.module_choices(desk, modules))


@blueprint.route("/provider/<provider>/exam-board/equivalences/new/<module>", methods=["GET", "POST"])
def publish(provider: str, module: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        desk = board_at(session, actor, provider)
        found = queries.module_to_publish(session, desk, module)
    form = forms.EquivalenceForm(data={"valid_from": amsterdam_day(now)})
    form.offer(pages.outcome_choices(found))
    if request.method == "GET" or not form.validate():
        page = render("recognition/equivalence_new.html", menu=pages.board_menu(desk, ""), form=form, title=shown_text(found.title))
        return page, 422 if form.errors else 200
    with database().writing() as session:
        code = service.publish_equivalence(session, actor=actor, provider_slug=provider, draft=form.draft(module), now=now)
    flash(_("Bewaard. Hieronder staat of de regel al geldt."), "success")
    return redirect(url_for(".equivalence", provider=provider, code=code), 303)


def _page(provider: str, code: str, form: forms.TakeBackForm, number: str = "") -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        desk, facts = queries.equivalence_at(session, actor, provider, code)
        found, uses = queries.in_full(session, [facts])[0], queries.uses_of(session, facts.id)
        people = accounts.people(session, {each.person_id for each in uses})
    page = render(
        "recognition/equivalence.html", menu=pages.board_menu(desk, ""), rule=pages.board_equivalence_values(desk, actor, found, now=now),
        uses=pages.uses_values(desk, actor, facts.code, uses, people), form=form, number=number.upper(),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/provider/<provider>/exam-board/equivalences/<code>")
def equivalence(provider: str, code: str) -> ResponseReturnValue:
    return _page(provider, code, forms.TakeBackForm(formdata=None))


@blueprint.post("/provider/<provider>/exam-board/equivalences/<code>/sign")
def sign_equivalence(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.sign_equivalence(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Getekend. De regel is nu openbaar."), "success")
    return redirect(url_for(".equivalence", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/exam-board/equivalences/<code>/end")
def end_equivalence(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.end_equivalence(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Gestopt. Wat er al mee is erkend, blijft."), "success")
    return redirect(url_for(".equivalence", provider=provider, code=code), 303)


@blueprint.get("/provider/<provider>/exam-board/equivalences/<code>/uses/<number>/paper")
def paper(provider: str, code: str, number: str) -> ResponseReturnValue:
    """Give the paper that somebody used to the board, or lead to where it is; that they looked is written down first."""
    actor, now = require_actor(), utc_now()
    with database().writing() as session:
        desk, facts = queries.equivalence_at(session, actor, provider, code)
        seen = queries.paper_of_use(session, desk, facts, number)
        stored = stored_file(seen.facts)
        note_look(session, actor=actor, seen=seen, is_download=stored is not None and not stored.is_shown, now=now)
    if stored is None:
        return redirect(seen.facts.url, 303)
    return shown(stored) if stored.is_shown else attachment(stored)


@blueprint.route("/provider/<provider>/exam-board/equivalences/<code>/uses/<number>/back", methods=["GET", "POST"])
def take_back(provider: str, code: str, number: str) -> ResponseReturnValue:
    form = forms.TakeBackForm()
    if request.method == "GET" or not form.validate():
        return _page(provider, code, form, number)
    with database().writing() as session:
        service.take_back_use(
            session, actor=require_actor(), provider_slug=provider, number=number, reason=form.reason.data or "", now=utc_now(),
        )
    flash(_("Teruggenomen. De cursist krijgt bericht."), "success")
    return redirect(url_for(".equivalence", provider=provider, code=code), 303)


# For everybody


@blueprint.get("/recognition/equivalences")
@open_to_all
@throttled(a_minute=300)
def public() -> ResponseReturnValue:
    now, form = utc_now(), forms.SearchForm(request.args, meta={"csrf": False})
    words = (form.q.data or "")[:100]
    with database().reading() as session:
        found = queries.published(session, words=words, now=now)
    table = pages.table_values(found, words, request.args.get("page", 1, type=int), now=now)
    return render("recognition/equivalences_public.html", form=form, words=words, table=table)


@blueprint.get("/recognition/equivalences.csv")
@open_to_all
@throttled(a_minute=30)
def public_file() -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.published(session, words=request.args.get("q", "")[:100], now=now)
    answer = Response(pages.table_file(found, now=now), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="telt-direct-mee.csv"'
    return answer


# For a learner with a paper


def _counts_page(piece_id: UUID, form: forms.UseForm, code: str = "") -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        facts = piece_of(session, require_actor(), piece_id).facts
        fitting = queries.that_fit(session, facts, now=now)
    page = render("recognition/counts.html", form=form, code=code.upper(), paper=pages.counting_values(facts, fitting, now=now))
    return page, 422 if form.errors else 200


@blueprint.get("/my/evidence/<evidence_id>/counts")
def counts(evidence_id: str) -> ResponseReturnValue:
    return _counts_page(id_in(evidence_id), forms.UseForm(formdata=None))


@blueprint.post("/my/evidence/<evidence_id>/counts/<code>")
def use(evidence_id: str, code: str) -> ResponseReturnValue:
    form, piece_id, actor = forms.UseForm(), id_in(evidence_id), require_actor()
    if not form.validate():
        return _counts_page(piece_id, form, code)
    with database().writing() as session:
        number = service.use_equivalence(session, actor=actor, evidence_id=piece_id, equivalence_code=code, now=utc_now()).number
    flash(_("Dit telt nu mee. Hieronder staat het besluit."), "success")
    return redirect(url_for("recognition_board.my_decision", number=number), 303)
