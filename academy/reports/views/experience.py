"""The monitor of experience: its questions, its results, and what participants thought of a module."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.reports.errors import AnsweredAlready
from academy.reports.facts import Section
from academy.reports.forms.questionnaires import questions_form
from academy.reports.links import invite_id_of
from academy.reports.pages import experience as pages
from academy.reports.pages.tables import section_file
from academy.reports.queries import reviews as queries
from academy.reports.queries.asking import questionnaire_to_answer
from academy.reports.service import monitoring
from academy.reports.views.files import csv_answer

blueprint = localized_blueprint("experience", __name__)


@blueprint.route("/questions/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=60)
def answer(token: str) -> ResponseReturnValue:
    now, invite_id = utc_now(), invite_id_of(token)
    with database().reading() as session:
        facts = questionnaire_to_answer(session, invite_id, now=now)
    if facts.is_answered:
        raise AnsweredAlready
    form = questions_form(facts.side)
    if request.method == "GET" or not form.validate():
        page = render("reports/questions.html", form=form, asked=pages.asked_values(facts))
        return Response(page, 200 if request.method == "GET" else 422, {"X-Robots-Tag": "noindex"})  # its address is a secret
    with database().writing() as session:
        monitoring.answer(session, invite_id=invite_id, scores=form.scores, now=now)
    return redirect(url_for(".thanks"), 303)


@blueprint.get("/questions/thanks")
@open_to_all
def thanks() -> ResponseReturnValue:
    return render("reports/thanks.html")


@blueprint.get("/modules/<slug>/reviews")
@open_to_all
@throttled(a_minute=120)
def reviews(slug: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.reviews_of(session, slug, now=utc_now())
    return render("reports/reviews.html", reviews=pages.reviews_values(found, slug))


@blueprint.get("/provider/<provider>/experience")
def at_provider(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.at_provider(session, require_actor(), provider, now=utc_now())
    return render("reports/experience_at_provider.html", said=pages.provider_values(found))


def _section() -> tuple[Section, str]:
    now = utc_now()
    period = queries.chosen_period(request.args.get("period", ""), amsterdam_day(now))
    with database().reading() as session:
        return queries.experience_at_office(session, require_actor(), period, now=now), period


@blueprint.get("/office/experience")
def overview() -> ResponseReturnValue:
    today = amsterdam_day(utc_now())
    section, period = _section()
    return render("reports/experience.html", found=pages.office_values(section, period, queries.periods(today), today=today))


@blueprint.get("/office/experience/<table>.csv")
@throttled(a_minute=60)
def file(table: str) -> ResponseReturnValue:
    section, period = _section()
    return csv_answer(section_file(section, table), f"{table}-{period}")
