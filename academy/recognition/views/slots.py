"""Pages about time of assessors that can be booked."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, ngettext
from academy.kernel.web import ActForm, localized_blueprint, render, throttled
from academy.recognition.forms.slots import OfferForm, SlotForm
from academy.recognition.pages import slots as pages
from academy.recognition.pages.desk import menu
from academy.recognition.queries import slots as queries
from academy.recognition.service import slots as service

blueprint = localized_blueprint("recognition_slots", __name__)


# Of the assessor


@blueprint.route("/provider/<provider>/recognition/slots", methods=["GET", "POST"])
def mine(provider: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    form = OfferForm(formdata=None) if request.method == "GET" else OfferForm()
    with database().reading() as session:
        own = queries.own_slots(session, actor, provider, now=now)
    form.offer(own.places)
    if request.method == "GET" or not form.is_in_order(now=now):
        return render("recognition/slots.html", menu=menu(own.desk), own=pages.own_values(own), form=form), 422 if form.errors else 200
    with database().writing() as session:
        number = service.offer_slots(session, actor=actor, provider_slug=provider, draft=form.draft(), now=now)
    flash(ngettext("Je biedt %(num)s nieuw moment aan.", "Je biedt %(num)s nieuwe momenten aan.", number), "success")
    return redirect(url_for(".mine", provider=provider), 303)


@blueprint.post("/provider/<provider>/recognition/slots/<slot>/withdraw")
def withdraw(provider: str, slot: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        service.withdraw_slot(session, actor=require_actor(), provider_slug=provider, slot_code=slot, now=utc_now())
    flash(_("Dit moment bied je niet meer aan."), "success")
    return redirect(url_for(".mine", provider=provider), 303)


# Of the learner


@blueprint.route("/my/recognition/<code>/slot", methods=["GET", "POST"])
def choose(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    form = SlotForm(formdata=None) if request.method == "GET" else SlotForm()
    with database().reading() as session:
        choice = queries.choice_for(session, actor, code, now=now)
    form.offer(*pages.slot_choices(choice))
    if request.method == "GET" or not form.validate():
        return render("recognition/slot.html", choice=pages.choice_values(choice, now=now), form=form), 422 if form.errors else 200
    with database().writing() as session:
        service.book_slot(session, actor=actor, code=code, slot_code=form.slot.data, now=now)
    flash(_("Je afspraak staat vast."), "success")
    return redirect(url_for(".choose", code=code), 303)


@blueprint.post("/my/recognition/<code>/slot/call-off")
def call_off(code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        service.call_off(session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Je afspraak is afgezegd. Kies een nieuw moment wanneer je wilt."), "success")
    return redirect(url_for(".choose", code=code), 303)


@blueprint.get("/my/recognition/<code>/slot.ics")
@throttled(a_minute=60)
def calendar(code: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        choice = queries.appointment_of(session, require_actor(), code)
    answer = Response(pages.calendar(choice, now=now), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="ad-academy-{choice.file.code.lower()}.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
