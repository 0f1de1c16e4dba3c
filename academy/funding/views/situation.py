"""The page on which a learner tells who they are to the rules that pay, and sees who pays."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding import service
from academy.funding.facts import Situation
from academy.funding.forms.situation import SituationForm
from academy.funding.pages import situation as pages
from academy.funding.queries import rules_with_budgets, situation_of
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("situation", __name__)


@blueprint.route("/my/funding", methods=["GET", "POST"])
def who_pays() -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        told, purses = situation_of(session, actor.person_id, email=actor.email), rules_with_budgets(session)
    form = SituationForm(formdata=None, data=pages.shown_answers(told)) if request.method == "GET" else SituationForm()
    form.offer()
    if request.method == "GET" or not form.is_in_order(year=amsterdam_day(now).year):
        page = render(
            "funding/situation.html", form=form, is_told=pages.is_told(told), answers=pages.answers(purses, told, today=amsterdam_day(now)),
        )
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.save_situation(session, actor=actor, situation=form.situation, now=now)
    flash(_("Bewaard. Hieronder zie je wie voor jou meebetaalt."), "success")
    return redirect(url_for("situation.who_pays"), 303)


@blueprint.post("/my/funding/forget")
def forget() -> ResponseReturnValue:
    with database().writing() as session:
        service.save_situation(session, actor=require_actor(), situation=Situation(), now=utc_now())
    flash(_("Je antwoorden zijn gewist."), "success")
    return redirect(url_for("situation.who_pays"), 303)
