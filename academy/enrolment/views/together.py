"""Pages about enrolling together and sending somebody else."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries, service
from academy.enrolment.errors import NoSeatToPass
from academy.enrolment.forms.together import GroupForm, SubstituteForm
from academy.enrolment.pages import together as pages
from academy.enrolment.rounds import ending_holds_of
from academy.enrolment.service import together
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("together", __name__)


def _group_page(form: GroupForm, found: catalogue.OfferingOfModule) -> str:
    return render("enrolment/group.html", form=form, wrong=form.wrong(), group=pages.group_values(found, people=len(form.rows)))


@blueprint.get("/offerings/<code>/enrol/group")
def group(code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        found = catalogue.offering_for_enrolment(session, code)
    service.check_enrolable(found, now=utc_now())
    return _group_page(GroupForm(formdata=None, request_key=new_id(), people=[{"name": actor.name, "email": actor.email}]), found)


@blueprint.post("/offerings/<code>/enrol/group")
def enrol_group(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), GroupForm()
    with database().reading() as session:
        found = catalogue.offering_for_enrolment(session, code)
    if form.make_room():
        return _group_page(form, found)
    if not form.is_in_order():
        return _group_page(form, found), 422
    people, now = form.filled(), utc_now()
    with ending_holds_of(code, now), database().writing() as session:
        together.enrol_group(
            session, actor=actor, offering_code=code, people=people, request_key=form.key, language=reading_language(), now=now,
        )
    flash(ngettext(
        "%(num)s persoon heeft een plek, en krijgt een e-mail.", "%(num)s mensen hebben een plek. Ieder krijgt een e-mail.", len(people),
    ), "success")
    return redirect(url_for("enrolment.my_learning"), 303)


@blueprint.route("/my/enrolments/<code>/substitute", methods=["GET", "POST"])
def substitute(code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    form = SubstituteForm()
    with database().reading() as session:
        facts = queries.my_enrolment(session, actor, code)
    if not together.may_send_substitute(facts, now=now):
        raise NoSeatToPass
    if request.method == "GET" or not form.is_in_order(actor.email):
        page = render("enrolment/substitute.html", form=form, seat=pages.substitute_values(facts))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        together.send_substitute(
            session, actor=actor, code=code, name=form.name.data or "", email=form.address, language=reading_language(), now=now,
        )
    flash(_("Je plek is doorgegeven. Jullie krijgen allebei een e-mail."), "success")
    return redirect(url_for("enrolment.my_learning"), 303)
