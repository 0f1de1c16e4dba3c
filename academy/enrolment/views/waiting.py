"""Pages about waiting for a seat: the line, the offer, and hearing of news."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.enrolment import links, queries, service
from academy.enrolment.errors import NotInLine
from academy.enrolment.forms.waiting import WaitForm, moments_of
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.pages import waiting as pages
from academy.enrolment.queries import waiting as reads
from academy.enrolment.service import waiting
from academy.enrolment.service.paying import check_sellable
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render, throttled

blueprint = localized_blueprint("waiting", __name__)

_IN_LINE = (EnrolmentState.WAITING, EnrolmentState.OFFERED)


@blueprint.get("/offerings/<code>/waiting-list")
def line(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found, now = reads.waiting_for(session, require_actor(), code), utc_now()
        if found.mine is None:
            service.check_enrolable(found.of, now=now)
            check_sellable(session, found.of, now=now)
    if found.mine is not None and found.mine.state not in _IN_LINE:
        return redirect(url_for("enrolment.enrolment_page", code=found.mine.code))
    form = WaitForm(formdata=None, request_key=new_id(), when_can_you=moments_of(found.of.offering))
    return render("enrolment/waiting.html", waiting=pages.waiting_values(found), form=form)


@blueprint.post("/offerings/<code>/waiting-list")
def join(code: str) -> ResponseReturnValue:
    form, actor = WaitForm(), require_actor()
    if not form.validate():
        with database().reading() as session:
            found = reads.waiting_for(session, actor, code)
        return render("enrolment/waiting.html", waiting=pages.waiting_values(found), form=form), 422
    with database().writing() as session:
        waiting.join_waiting_list(
            session, actor=actor, offering_code=code, when_can_you=form.when_can_you.data or (), most_price=form.most_price.data,
            request_key=form.key, now=utc_now(),
        )
        found = reads.waiting_for(session, actor, code)
    flash(pages.joined_words(found), "success")
    return redirect(url_for("waiting.line", code=code), 303)


@blueprint.post("/my/enrolments/<code>/leave-line")
def leave_line(code: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().writing() as session:
        waiting.leave_line(session, facts=queries.my_enrolment(session, actor, code), by=actor.person_id, now=utc_now())
    flash(_("Je staat niet meer op de wachtlijst."), "success")
    return redirect(url_for("enrolment.my_learning"), 303)


@blueprint.route("/waiting-list/leave/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=600)
def leave(token: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        facts = reads.in_line(session, links.enrolment_id_of(token))
    if facts.state not in _IN_LINE:
        raise NotInLine
    if request.method == "GET":  # mail programs fetch links; only the button leaves
        return render("enrolment/waiting_leave.html", waiting=pages.left_values(facts, now=now), form=ActForm())
    with database().writing() as session:
        waiting.leave_line(session, facts=facts, by=None, now=now)
    return render("enrolment/waiting_left.html", waiting=pages.left_values(facts, now=now))


@blueprint.route("/modules/<slug>/news", methods=["GET", "POST"])
def news(slug: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    if request.method == "GET":
        with database().reading() as session:
            found = reads.news_of(session, actor, slug, now=now)
        return render("enrolment/news.html", module=pages.news_values(found, slug=slug), form=ActForm())
    with database().writing() as session:
        waiting.ask_for_news(session, actor=actor, module_slug=slug, now=now)
    flash(_("We sturen je een e-mail zodra er plek is."), "success")
    return redirect(url_for("waiting.news", slug=slug), 303)


@blueprint.post("/modules/<slug>/news/stop")
def stop_news(slug: str) -> ResponseReturnValue:
    with database().writing() as session:
        waiting.forget_news(session, actor=require_actor(), module_slug=slug, now=utc_now())
    flash(_("Je krijgt geen bericht meer over deze module."), "success")
    return redirect(url_for("waiting.news", slug=slug), 303)
