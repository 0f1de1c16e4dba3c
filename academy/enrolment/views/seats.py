"""Pages of who learns: the module with its start moments, enrolling, with an account or as a guest, and one's own learning."""

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import Actor
from academy.accounts.errors import TooManyAttempts
from academy.accounts.login import attempts, current_actor, require_actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries, service
from academy.enrolment.forms import enrolling as forms
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.pages import enrolling as pages
from academy.enrolment.pages.enrolments import enrolment_values, until_words
from academy.enrolment.pages.leaving import cancel_values
from academy.enrolment.pages.mine import learning_values, story_values
from academy.enrolment.pages.module import module_view
from academy.enrolment.pages.study_groups import my_groups_values
from academy.enrolment.queries import paying
from academy.enrolment.queries.blocks import payers_of
from academy.enrolment.queries.clashes import clashes
from academy.enrolment.queries.drawing import draws_ahead
from academy.enrolment.queries.story import story_of
from academy.enrolment.queries.study_groups import my_study_groups
from academy.enrolment.queries.waiting import seats_of
from academy.enrolment.rounds import ending_holds_of
from academy.enrolment.rules import HOLD, Admission
from academy.enrolment.service import claims, guests
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.translation import _, reading_language
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render

blueprint = localized_blueprint("enrolment", __name__)


@blueprint.get("/modules/<slug>")
@open_to_all
def module_page(slug: str) -> ResponseReturnValue:
    now, actor = utc_now(), current_actor()
    with database().reading() as db_session:
        page = catalogue.module_page(db_session, slug, today=amsterdam_day(now))
        ids = [offering.id for offering in page.module.offerings]
        seats = queries.seats(db_session, ids)
        mine = queries.live_enrolments(db_session, actor.person_id, ids) if actor else {}
        quotes = paying.quotes_on(db_session, actor, page.module, now=now)
    return render("enrolment/module_page.html", page=module_view(page, seats=seats, mine=mine, quotes=quotes, now=now))


@blueprint.get("/offerings/<code>/enrol")
@open_to_all
def enrol(code: str) -> ResponseReturnValue:
    actor = current_actor()
    if actor is None:
        return _guest_page(code, forms.GuestForm(formdata=None))
    return _enrol_page(code, actor, forms.EnrolForm(formdata=None, request_key=new_id()))


def _enrol_page(code: str, actor: Actor, form: forms.EnrolForm) -> str:
    """Show what is asked for; the diploma is asked only where the module asks for one."""
    with database().reading() as db_session:
        found = catalogue.offering_for_enrolment(db_session, code)
        seats = seats_of(db_session, found.offering)
        admission = queries.admission_of(db_session, actor.person_id, found)
    service.check_enrolable(found, now=utc_now())
    if not admission.asks_level:
        del form.level
    elif not form.is_submitted():
        form.level.data = admission.claimed_level
    return render("enrolment/enrol.html", asked=pages.class_asked(found, seats), person=actor, form=form)


def _guest_page(code: str, form: forms.GuestForm) -> str:
    with database().reading() as db_session:
        found = catalogue.offering_for_enrolment(db_session, code)
        seats = seats_of(db_session, found.offering)
    service.check_enrolable(found, now=utc_now())
    return render("enrolment/enrol.html", asked=pages.class_asked(found, seats), person=None, form=form)


@blueprint.post("/offerings/<code>/enrol")
@open_to_all
def hold(code: str) -> ResponseReturnValue:
    actor, now = current_actor(), utc_now()
    if actor is None:
        return _hold_for_guest(code)
    form = forms.EnrolForm()
    if "level" not in request.form:  # not asked for this module
        del form.level
    if not form.validate():
        return _enrol_page(code, actor, form), 422
    level = str(form.data.get("level", ""))
    with ending_holds_of(code, now), database().writing() as db_session:
        admission = claims.claim_level(db_session, actor=actor, level=level, offering_code=code, now=now) if level else None
        if admission is None or admission.outcome is not Admission.REFUSED:
            mine = service.hold_seat(
                db_session, actor=actor, offering_code=code, request_key=form.key, seat_code=form.seat_code.data or "", now=now,
            )
            return redirect(url_for("enrolment.check", code=mine), 303)
    form.level.errors = [pages.refused_words(admission)]
    return _enrol_page(code, actor, form), 422


def _hold_for_guest(code: str) -> ResponseReturnValue:
    form, now = forms.GuestForm(), utc_now()
    if not form.validate():
        return _guest_page(code, form), 422
    counted, until = attempts("link", form.address, now=now), now + HOLD
    if counted.too_many_links:
        raise TooManyAttempts
    if not counted.mailbox_is_full:
        with ending_holds_of(code, now), database().writing() as db_session:
            until = guests.hold_for_guest(
                db_session, email=form.address, name=form.name.data or "", offering_code=code, next_path=url_for("enrolment.arrive", code=code),
                language=reading_language(), now=now,
            )
    session["seat_asked"] = {"email": form.address, "until": until_words(until, now=now)}
    return redirect(url_for("enrolment.asked"), 303)


@blueprint.get("/offerings/asked")
@open_to_all
def asked() -> ResponseReturnValue:
    told = session.get("seat_asked")
    if told is None:
        return redirect(url_for("search.results"))
    return render("enrolment/asked.html", **told)


@blueprint.get("/offerings/<code>/from-letter")
def arrive(code: str) -> ResponseReturnValue:
    # Only who signed in by the link comes here: the quarter of an hour begins anew for who had to find the letter first.
    with database().writing() as db_session:
        mine = guests.arrive(db_session, actor=require_actor(), offering_code=code, now=utc_now())
    if mine is None:
        return redirect(url_for("enrolment.enrol", code=code))
    return redirect(url_for("enrolment.check", code=mine))


@blueprint.get("/my/enrolments/<code>/check")
def check(code: str) -> ResponseReturnValue:
    return _check_page(code, None, None)


def _check_page(
    code: str, form: forms.ConfirmForm | None, level_form: forms.LevelForm | None, employer: forms.EmployerForm | None = None,
) -> ResponseReturnValue:
    """Show the seat that is kept, or what is wrong in a form; who has nothing to decide here any more goes on to the page of the enrolment."""
    actor, now = require_actor(), utc_now()
    with database().reading() as db_session:
        facts = queries.my_enrolment(db_session, actor, code)
        admission = queries.admission_of(db_session, actor.person_id, facts.of)
        met = clashes(db_session, actor.person_id, facts.of, now=now)
        quote, payer = paying.quote_for(db_session, facts, now=now), payers_of(db_session, [facts]).get(facts.id, "")
    if facts.state is not EnrolmentState.OFFERED and facts.waits_for is not WaitsFor.LEARNER:
        return redirect(url_for("enrolment.enrolment_page", code=facts.code))
    asks_level = level_form is not None or pages.needs_level(admission) or (admission.asks_level and "diploma" in request.args)
    page = render(
        "enrolment/check.html", check=pages.check_values(facts, admission, met, quote, payer=payer, now=now), asks_level=asks_level,
        form=form or forms.ConfirmForm(formdata=None, own=pages.own_cents(quote)).keep(pages.fields_asked(facts, admission, now=now)),
        level_form=level_form or forms.LevelForm(formdata=None, level=admission.claimed_level), employer=employer or forms.EmployerForm(formdata=None),
    )
    return page, 422 if form or level_form else 200


@blueprint.post("/my/enrolments/<code>/check")
def confirm(code: str) -> ResponseReturnValue:
    actor, form, employer = require_actor(), forms.ConfirmForm().keep(request.form), forms.EmployerForm()
    if not all([form.validate(), employer.is_in_order(actor.email)]):
        return _check_page(code, form, None, employer)
    with database().writing() as db_session:
        state = service.confirm(db_session, actor=actor, code=code, employer=employer.wanted, now=utc_now(), **form.extras)
    if state is EnrolmentState.HELD:  # for whoever pays; the learner who does goes there at once
        return redirect(url_for("enrolment.pay", code=code), 303)
    flash(pages.done_words(state), "success")
    return redirect(url_for("enrolment.enrolment_page", code=code), 303)


@blueprint.post("/my/enrolments/<code>/pay-myself")
def pay_myself(code: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        service.pay_oneself(db_session, actor=require_actor(), code=code, most_own=forms.OwnForm().most_own, now=utc_now())
    return redirect(url_for("enrolment.pay", code=code), 303)


@blueprint.get("/my/enrolments/<code>/pay")
def pay(code: str) -> ResponseReturnValue:
    with database().reading() as db_session:
        facts = queries.my_enrolment(db_session, require_actor(), code)
        payment = paying.payment_to_make(db_session, facts)
    return redirect(url_for("payments.pay", code=payment.code) if payment else url_for("enrolment.enrolment_page", code=facts.code))


@blueprint.post("/my/enrolments/<code>/diploma")
def say_level(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.LevelForm()
    if not form.validate():
        return _check_page(code, None, form)
    with database().writing() as db_session:
        facts = queries.my_enrolment(db_session, actor, code)
        claims.claim_level(db_session, actor=actor, level=form.level.data, offering_code=facts.of.offering.code, now=utc_now())
    return redirect(url_for("enrolment.check", code=code), 303)


@blueprint.post("/my/enrolments/<code>/more-time")
def more_time(code: str) -> ResponseReturnValue:
    now = utc_now()
    with database().writing() as db_session:
        until = service.extend_hold(db_session, actor=require_actor(), code=code, now=now)
    flash(_("Je hebt meer tijd. Je plek staat nu vast tot %(until)s.", until=until_words(until, now=now)), "success")
    return redirect(url_for("enrolment.check", code=code), 303)


@blueprint.get("/my")
def my_learning() -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as db_session:
        found = queries.my_enrolments(db_session, actor)
        waiting = [facts for facts in found if facts.state is EnrolmentState.WAITING]
        places = {each.id: queries.place_in_line(db_session, each.id) for each in waiting}
        draws = draws_ahead(db_session, [each.of.offering.id for each in waiting])
        groups, my_turn = my_study_groups(db_session, found, today=amsterdam_day(now)), paying.seats_of_my_turn(db_session, found)
        payers = payers_of(db_session, found)
    return render(
        "enrolment/my_learning.html", person_name=actor.name, parts=learning_values(found, places=places, draws=draws, my_turn=my_turn, payers=payers, now=now),
        study_groups=my_groups_values(found, groups),
    )


@blueprint.get("/my/enrolments/<code>")
def enrolment_page(code: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as db_session:
        story = story_of(db_session, require_actor(), code, now=now)
    return render("enrolment/enrolment_page.html", **story_values(story, now=now))


@blueprint.route("/my/enrolments/<code>/cancel", methods=["GET", "POST"])
def cancel(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    if request.method == "GET":
        with database().reading() as db_session:
            facts = queries.my_enrolment(db_session, actor, code)
            terms = cancel_values(facts, payer=payers_of(db_session, [facts]).get(facts.id, ""), now=now)
        return render("enrolment/cancel.html", enrolment=enrolment_values(facts, now=now), terms=terms, form=ActForm())
    with database().writing() as db_session:
        service.cancel(db_session, actor=actor, code=code, now=now)
    flash(_("Je inschrijving is geannuleerd."), "success")
    return redirect(url_for("enrolment.my_learning"), 303)
