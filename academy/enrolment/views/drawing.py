"""Pages about seats that are drawn by lot: how it goes and what came of it, for everybody, and having it done, for a provider."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.enrolment.forms.drawing import DrawForm
from academy.enrolment.pages import drawing as pages
from academy.enrolment.pages.workspace import workspace_values
from academy.enrolment.queries import drawing as queries
from academy.enrolment.service import drawing as service
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, open_to_all, render

blueprint = localized_blueprint("drawing", __name__)


@blueprint.get("/offerings/<code>/draw")
@open_to_all
def draw(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.draw_of(session, code)
    return render("enrolment/draw.html", draw=pages.draw_values(found))


@blueprint.route("/provider/<provider>/offerings/<code>/draw", methods=["GET", "POST"])
def plan(provider: str, code: str) -> ResponseReturnValue:
    actor, form, now = require_actor(), DrawForm(), utc_now()
    with database().reading() as session:
        found = queries.draw_for_planning(session, actor, provider, code)
    if request.method == "GET" or not form.is_in_order(found.work.offering.starts_on, today=amsterdam_day(now)):
        page = render(
            "enrolment/workspace/draw.html", workspace=workspace_values(found.work.workspace), offering=pages.planning_values(found), form=form,
        )
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.announce_draw(session, actor=actor, provider_slug=provider, code=code, day=form.day, now=now)
    flash(_("De plekken worden verloot. Dat staat nu bij de module."), "success")
    return redirect(url_for("drawing.plan", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/offerings/<code>/draw/take-back")
def take_back(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.take_draw_back(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("De plekken worden niet verloot. Wie het eerst komt, heeft een plek."), "success")
    return redirect(url_for("workspace.offering", provider=provider, code=code), 303)
