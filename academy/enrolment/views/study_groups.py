"""Pages about study groups of who learns at a distance."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.enrolment.errors import NotForStudyGroups
from academy.enrolment.forms import study_groups as forms
from academy.enrolment.pages import study_groups as pages
from academy.enrolment.queries import study_groups as queries
from academy.enrolment.service import study_groups as service
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("study_groups", __name__)


@blueprint.route("/provider/<provider>/offerings/<code>/study-group", methods=["GET", "POST"])
def arrange(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    today = amsterdam_day(now)
    with database().reading() as session:
        found = queries.class_to_meet(session, actor, provider, code, today=today)
        form = forms.StudyGroupForm(obj=found.group or forms.usual(found.of.offering, today=today))
        is_good = request.method == "POST" and form.is_in_order(today=today)
        is_good = is_good and not form.tell_taken(queries.clash_of(session, form.booking, but=found.of.offering.id))
    if not service.can_meet(found.of.offering, now=now):
        raise NotForStudyGroups
    if not is_good:
        page = render("enrolment/workspace/study_group.html", form=form, meeting=pages.arranging_values(found))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.arrange_study_group(session, actor=actor, provider_slug=provider, code=code, booking=form.booking, now=now)
    flash(_("De studiegroep heeft een plek. De cursisten krijgen bericht."), "success")
    return redirect(url_for("study_groups.arrange", provider=provider, code=code), 303)


@blueprint.post("/my/enrolments/<code>/study-group/leave")
def leave(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.leave_study_group(session, actor=require_actor(), code=code)
    flash(_("Je hoort niet meer bij de studiegroep. Je plek in de module houd je."), "success")
    return redirect(url_for("enrolment.enrolment_page", code=code), 303)
