"""Pages about remote courses that count after a test here: the exam board publishes, a learner books, an assessor judges, and a module's page tells of it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import Actor
from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.recognition.errors.mappings import LocalTestThere
from academy.recognition.forms.mappings import BookForm, JudgeForm, MappingForm
from academy.recognition.pages import mappings as pages
from academy.recognition.pages.desk import menu
from academy.recognition.queries import mappings as queries
from academy.recognition.queries.library import Seen
from academy.recognition.service import local_tests, mapping
from academy.recognition.service.evidence import note_look

blueprint = localized_blueprint("recognition_mappings", __name__)

_A_YEAR: Final = timedelta(days=365)


# The exam board


@blueprint.get("/provider/<provider>/exam-board/mappings")
def board(provider: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        desk = queries.board_at(session, actor, provider)
        found = queries.mappings_of_board(session, desk)
    return render("recognition/mappings.html", menu=menu(desk), mappings=pages.board_values(found, provider, actor.person_id, now=utc_now()))


@blueprint.route("/provider/<provider>/exam-board/mappings/new", methods=["GET", "POST"])
def new(provider: str) -> ResponseReturnValue:
    now, words = utc_now(), (request.args.get("mooc_words", "").strip(), request.args.get("module_words", "").strip())
    today = amsterdam_day(now)
    with database().reading() as session:
        desk = queries.board_at(session, require_actor(), provider)
        found = queries.modules_to_map(session, desk, *words, now=now)
    if not (found.moocs and found.modules):
        return render("recognition/mapping_find.html", menu=menu(desk), words=words, find=found, provider=provider)
    form = MappingForm() if request.method == "POST" else MappingForm(formdata=None, data={"valid_from": today, "valid_until": today + _A_YEAR})
    outcomes = {each.slug: [one.id for one in each.outcomes] for each in found.modules}
    form.offer([each.slug for each in found.moocs], list(outcomes.items()))
    if request.method == "GET" or not form.is_in_order(today=today):
        page = render("recognition/mapping_new.html", menu=menu(desk), form=form, choice=pages.choice_values(found, form), provider=provider)
        return page, 422 if form.errors else 200
    return _publish(provider, form, outcomes[str(form.module.data)])


def _publish(provider: str, form: MappingForm, outcomes: list[UUID]) -> ResponseReturnValue:
    with database().writing() as session:
        mapping.publish_mapping(session, actor=require_actor(), provider_slug=provider, draft=form.draft(outcomes), now=utc_now())
    flash(_("Bewaard. Hieronder staat of de regeling al telt."), "success")
    return redirect(url_for(".board", provider=provider), 303)


@blueprint.post("/provider/<provider>/exam-board/mappings/<code>/sign")
def sign(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        mapping.sign_mapping(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Getekend. De regeling telt."), "success")
    return redirect(url_for(".board", provider=provider), 303)


@blueprint.post("/provider/<provider>/exam-board/mappings/<code>/end")
def end(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        mapping.end_mapping(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Gestopt. Wie een toets had staan, krijgt een e-mail."), "success")
    return redirect(url_for(".board", provider=provider), 303)


# On the page of a module


@blueprint.get("/modules/<slug>/local-test")
@open_to_all
@throttled(a_minute=1_200)
def beside(slug: str) -> ResponseReturnValue:
    """Answer with what counts for a module after a test here; the page of the module takes the part that it shows out of it."""
    with database().reading() as session:
        found = queries.mappings_beside_slug(session, slug, now=utc_now())
    return render("recognition/mapping_beside.html", mappings=pages.beside_values(found), slug=slug)


# The learner


@blueprint.get("/my/local-tests")
def all_mine() -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.local_tests_of_learner(session, require_actor())
    return render("recognition/local_tests.html", tests=[pages.test_values(each, now=now) for each in found])


@blueprint.route("/my/local-tests/new/<code>", methods=["GET", "POST"])
def book(code: str) -> ResponseReturnValue:
    form = BookForm() if request.method == "POST" else BookForm(formdata=None)
    with database().reading() as session:
        found = queries.booking_of(session, require_actor(), code, now=utc_now())
    form.offer([(each.id, each.title) for each in found.certificates], pages.slot_choices(found))
    if request.method == "GET" or not form.validate():
        return render("recognition/local_test_book.html", form=form, test=pages.book_values(found)), 422 if form.errors else 200
    try:
        with database().writing() as session:
            made = local_tests.book_local_test(
                session, actor=require_actor(), mapping_code=code, evidence_id=id_in(str(form.certificate.data)), slot_code=str(form.slot.data), now=utc_now(),
            )
    except LocalTestThere as there:
        flash(_("Je had al een toets staan of gehaald. Dit is hem."), "info")
        return redirect(url_for(".own_test", code=there.test), 303)
    flash(_("Geboekt. Je krijgt een e-mail met de dag en de tijd."), "success")
    return redirect(url_for(".own_test", code=made), 303)


@blueprint.get("/my/local-tests/<code>")
def own_test(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        (found,) = queries.local_tests_in_full(session, [queries.local_test_of(session, require_actor(), code)])
    return render("recognition/local_test.html", test=pages.test_values(found, now=utc_now()))


@blueprint.post("/my/local-tests/<code>/call-off")
def call_off(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        local_tests.call_off_local_test(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Afgezegd. De plek is weer vrij voor een ander."), "success")
    return redirect(url_for(".own_test", code=code), 303)


# The assessor


@blueprint.get("/provider/<provider>/recognition/tests")
def tests(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        desk, found = queries.local_tests_at_desk(session, require_actor(), provider)
    return render("recognition/local_tests_desk.html", menu=menu(desk), tests=pages.desk_tests_values(found, provider, now=utc_now()))


@blueprint.route("/provider/<provider>/recognition/tests/<code>", methods=["GET", "POST"])
def judge(provider: str, code: str) -> ResponseReturnValue:
    actor, form = require_actor(), JudgeForm()
    form.offer()
    if request.method == "GET" or not form.validate():
        return _to_judge(actor, provider, code, form)
    with database().writing() as session:
        local_tests.judge_local_test(
            session, actor=actor, provider_slug=provider, code=code, is_certificate_seen=bool(form.is_certificate_seen.data),
            is_passed=form.result.data == "passed", reason=str(form.reason.data or ""), now=utc_now(),
        )
    flash(_("De uitslag is bewaard. De cursist krijgt een e-mail."), "success")
    return redirect(url_for(".tests", provider=provider), 303)


def _to_judge(actor: Actor, provider: str, code: str, form: JudgeForm) -> ResponseReturnValue:
    """Show the test with its certificate, and write down first that somebody sees it."""
    now = utc_now()
    with database().writing() as session:
        desk, found = queries.local_test_to_judge(session, actor, provider, code)
        if found.certificate is not None:
            note_look(session, actor=actor, seen=Seen(found.certificate, desk.provider_id), is_download=False, now=now)
    shown = pages.judge_values(found, provider, actor.person_id, now=now)
    return render("recognition/local_test_judge.html", menu=menu(desk), form=form, test=shown), 422 if form.errors else 200


@blueprint.post("/provider/<provider>/recognition/tests/<code>/call-off")
def call_off_at_desk(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        local_tests.call_off_at_desk(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("De toets gaat niet door. De cursist krijgt een e-mail en kan opnieuw boeken."), "success")
    return redirect(url_for(".tests", provider=provider), 303)
