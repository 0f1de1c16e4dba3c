"""Pages about a seat: the module with its start moments, enrolling, my learning, cancelling."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import current_actor, require_actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries, service
from academy.enrolment.forms import enrolling as forms
from academy.enrolment.pages import enrolments as pages
from academy.enrolment.pages.module import module_view
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render

blueprint = localized_blueprint("enrolment", __name__)


@blueprint.get("/modules/<slug>")
@open_to_all
def module_page(slug: str) -> ResponseReturnValue:
    now, actor = utc_now(), current_actor()
    with database().reading() as session:
        page = catalogue.module_page(session, slug, today=amsterdam_day(now))
        ids = [offering.id for offering in page.module.offerings]
        seats = queries.seats(session, ids)
        mine = queries.live_enrolments(session, actor.person_id, ids) if actor else {}
    return render("enrolment/module_page.html", page=module_view(page, seats=seats, mine=mine, now=now))


@blueprint.get("/offerings/<code>/enrol")
def enrol(code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        found = catalogue.offering_for_enrolment(session, code)
        left = queries.seats_left(session, [found.offering.id]).get(found.offering.id, found.offering.seats)
    service.check_enrolable(found, now=utc_now())
    return render("enrolment/enrol.html", check=pages.check_values(found, actor, left), form=forms.EnrolForm(request_key=new_id()))


@blueprint.post("/offerings/<code>/enrol")
def hold(code: str) -> ResponseReturnValue:
    form = forms.EnrolForm()
    with database().writing() as session:
        enrolment_code = service.hold_seat(
            session, actor=require_actor(), offering_code=code, request_key=form.key, seat_code=form.seat_code.data or "", now=utc_now(),
        )
    return redirect(url_for("enrolment.check", code=enrolment_code), 303)


@blueprint.route("/my/enrolments/<code>/check", methods=["GET", "POST"])
def check(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    if request.method == "GET":
        with database().reading() as session:
            facts = queries.my_enrolment(session, actor, code)
        return render("enrolment/check.html", enrolment=pages.enrolment_values(facts, now=now), form=ActForm())
    with database().writing() as session:
        service.confirm(session, actor=actor, code=code, now=now)
    flash(_("Gelukt! Je bent ingeschreven. We sturen je een bevestiging per e-mail."), "success")
    return redirect(url_for("enrolment.enrolment_page", code=code), 303)


@blueprint.get("/my")
def my_learning() -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.my_enrolments(session, actor)
    values = [pages.enrolment_values(facts, now=now) for facts in found]
    return render(
        "enrolment/my_learning.html",
        person_name=actor.name,
        current=[value for value in values if value["state"] == "confirmed"],
        past=[value for value in values if value["state"] != "confirmed"],
    )


@blueprint.get("/my/enrolments/<code>")
def enrolment_page(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        facts = queries.my_enrolment(session, require_actor(), code)
        mine = queries.version_of(session, facts)
    return render(
        "enrolment/enrolment_page.html", enrolment=pages.enrolment_values(facts, now=utc_now()), version=pages.version_values(mine),
    )


@blueprint.route("/my/enrolments/<code>/cancel", methods=["GET", "POST"])
def cancel(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    if request.method == "GET":
        with database().reading() as session:
            facts = queries.my_enrolment(session, actor, code)
        return render("enrolment/cancel.html", enrolment=pages.enrolment_values(facts, now=now), form=ActForm())
    with database().writing() as session:
        service.cancel(session, actor=actor, code=code, now=now)
    flash(_("Je inschrijving is geannuleerd."), "success")
    return redirect(url_for("enrolment.my_learning"), 303)
