"""Pages on which a firm buys seats, names its people, gives out codes, and replaces who can not come."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.employers import service
from academy.employers.errors import FirmNeeded
from academy.employers.forms.people import PeopleForm, SubstituteForm
from academy.employers.forms.seats import BuyForm, CodesForm
from academy.employers.pages import seats as pages
from academy.employers.policy import firms_of
from academy.employers.queries import guests as queries
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.ids import id_in, new_id
from academy.kernel.money import FREE
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.web import ActForm, localized_blueprint, render

blueprint = localized_blueprint("firm_seats", __name__)


@blueprint.get("/seats/buy/<code>")
def buy(code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        firms = firms_of(accounts.memberships_of(session, actor.person_id))
        found = catalogue.offering_for_enrolment(session, code)
    if not firms:
        raise FirmNeeded
    if len(firms) == 1:
        return redirect(url_for("firm_seats.order", organisation=firms[0].organisation_slug, code=code))
    return render("employers/which_firm.html", firms=firms, group=pages.class_values(found))


@blueprint.route("/employer/<organisation>/seats/new/<code>", methods=["GET", "POST"])
def order(organisation: str, code: str) -> ResponseReturnValue:
    form, act = BuyForm(), request.form.get("act")
    with database().reading() as session:
        firm = queries.firm_to_act_for(session, require_actor(), organisation)
        found, money = catalogue.offering_for_enrolment(session, code), funding.firm_money(session, firm.id, on=amsterdam_day(utc_now()))
        left = enrolment.seats_left(session, [found.offering.id]).get(found.offering.id, found.offering.seats)
    price = found.offering.price or FREE
    form.offer(pages.budget_choices(money), is_free=price.is_zero)
    # Who presses the button again, after it took the last seats, comes to what they ordered.
    if request.method == "GET" or not form.is_good(left=None if act == "order" else left) or act == "back":
        form.request_key.data = form.request_key.data or str(new_id())
        page = render("employers/buy.html", firm=pages.firm_values(firm), form=form, group=pages.class_values(found), left=pages.left_words(left))
        return page, 422 if form.errors else 200
    form.shown.data = form.shown.data or str(price.cents)
    if act == "order":
        return _order(organisation, code, form)
    return render("employers/check_order.html", firm=pages.firm_values(firm), form=form, order=pages.order_values(found, form, money))


def _order(organisation: str, code: str, form: BuyForm) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().writing() as session:
        block_id = service.buy_seats(
            session, actor=actor, organisation=organisation, offering_code=code, seats=form.number, budget=form.budget_id,
            reference=form.mark, shown=form.price_shown, request_key=form.key or new_id(), now=now,
        )
        known = queries.block_to_work_on(session, actor, organisation, block_id).addresses
        people = [one for one in form.invited if one[0] not in known]
        if people:
            service.invite_guests(session, actor=actor, organisation=organisation, block_id=block_id, people=people, language=reading_language(), now=now)
    flash(_("Besteld. De plekken zijn van jullie. Wie je noemde, krijgt een e-mail."), "success")
    return redirect(url_for("firm_seats.block", organisation=organisation, block=block_id.hex), 303)


def _block_page(organisation: str, block_id: UUID, *, people: PeopleForm, codes: CodesForm, made: list[str] | None = None) -> str:
    with database().reading() as session:
        there = queries.block_to_work_on(session, require_actor(), organisation, block_id)
        known = enrolment.codes_of_block(session, block_id)
    return render(
        "employers/block.html", firm=pages.firm_values(there.firm), block=pages.block_values(there, known, now=utc_now()), form=people,
        codes_form=codes, made=made or [],
    )


@blueprint.get("/employer/<organisation>/seats/<block>")
def block(organisation: str, block: str) -> ResponseReturnValue:
    return _block_page(organisation, id_in(block), people=PeopleForm(formdata=None), codes=CodesForm(formdata=None, uses=1))


@blueprint.post("/employer/<organisation>/seats/<block>/people")
def invite(organisation: str, block: str) -> ResponseReturnValue:
    actor, form, block_id = require_actor(), PeopleForm(), id_in(block)
    with database().reading() as session:
        there = queries.block_to_work_on(session, actor, organisation, block_id)
    if not form.is_in_order(taken=there.addresses, room=there.room):
        return _block_page(organisation, block_id, people=form, codes=CodesForm(formdata=None, uses=1)), 422
    with database().writing() as session:
        number = service.invite_guests(
            session, actor=actor, organisation=organisation, block_id=block_id, people=form.invited, language=reading_language(), now=utc_now(),
        )
    flash(ngettext("%(num)s persoon krijgt een e-mail.", "%(num)s mensen krijgen een e-mail.", number), "success")
    return redirect(url_for("firm_seats.block", organisation=organisation, block=block, _anchor="people"), 303)


@blueprint.post("/employer/<organisation>/seats/<block>/codes")
def codes(organisation: str, block: str) -> ResponseReturnValue:
    actor, form, block_id, now = require_actor(), CodesForm(), id_in(block), utc_now()
    with database().reading() as session:
        there = queries.block_to_work_on(session, actor, organisation, block_id)
    if not form.is_in_order(room=there.block.unnamed, today=amsterdam_day(now)):
        return _block_page(organisation, block_id, people=PeopleForm(formdata=None), codes=form), 422
    with database().writing() as session:
        made = service.make_seat_codes(
            session, actor=actor, organisation=organisation, block_id=block_id, number=form.number.data, uses=form.uses.data, until=form.until, now=now,
        )
    return _block_page(organisation, block_id, people=PeopleForm(formdata=None), codes=CodesForm(formdata=None, uses=1), made=made)


def _person_page(organisation: str, code: str, form: SubstituteForm) -> str:
    with database().reading() as session:
        there, guest, seat = queries.person_at_work(session, require_actor(), organisation, code)
    values = pages.person_values(there, guest, seat, now=utc_now())
    return render("employers/person.html", firm=pages.firm_values(there.firm), person=values, form=form)


@blueprint.get("/employer/<organisation>/people/<code>")
def person(organisation: str, code: str) -> ResponseReturnValue:
    return _person_page(organisation, code, SubstituteForm(formdata=None))


def _back(organisation: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("desk.people", organisation=organisation), 303)


def _of(organisation: str, code: str) -> dict[str, Any]:
    return {"actor": require_actor(), "organisation": organisation, "code": code, "now": utc_now()}


@blueprint.post("/employer/<organisation>/people/<code>/remind")
def remind(organisation: str, code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        service.remind_guest(session, **_of(organisation, code))
    return _back(organisation, _("De e-mail is opnieuw verstuurd."))


@blueprint.post("/employer/<organisation>/people/<code>/cancel")
def cancel(organisation: str, code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        service.cancel_guest(session, **_of(organisation, code))
    return _back(organisation, _("Ingetrokken. Deze persoon krijgt een e-mail."))


@blueprint.post("/employer/<organisation>/people/<code>/replace")
def replace(organisation: str, code: str) -> ResponseReturnValue:
    form = SubstituteForm()
    if not form.validate():
        return _person_page(organisation, code, form), 422
    with database().writing() as session:
        service.replace_guest(session, **_of(organisation, code), email=form.address, name=form.cleaned_name, language=reading_language())
    return _back(organisation, _("Geregeld. De nieuwe persoon krijgt een e-mail."))
