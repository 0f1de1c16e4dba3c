"""Pages of a provider that decides about a class with too few people."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.enrolment.forms.deciding import ExtendForm, MergeForm
from academy.enrolment.pages import deciding as pages
from academy.enrolment.pages.workspace import workspace_values
from academy.enrolment.queries import deciding as queries
from academy.enrolment.service import deciding as service
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, ngettext
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("deciding", __name__)


def _page(template: str, form: ExtendForm | MergeForm, found: queries.Undecided) -> ResponseReturnValue:
    page = render(template, form=form, workspace=workspace_values(found.work.workspace), offering=pages.deciding_values(found))
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/provider/<provider>/offerings/<code>/extend", methods=["GET", "POST"])
def extend(provider: str, code: str) -> ResponseReturnValue:
    actor, form, now = require_actor(), ExtendForm(), utc_now()
    today = amsterdam_day(now)
    with database().reading() as session:
        found = queries.undecided(session, actor, provider, code, today=today)
    starts_on = found.work.offering.starts_on
    form.offer(starts_on)
    if request.method == "GET" or not form.is_in_order(starts_on, today=today):
        return _page("enrolment/workspace/extend.html", form, found)
    with database().writing() as session:
        service.extend(
            session, actor=actor, provider_slug=provider, code=code, decides_on=form.day, weeks_later=form.weeks, now=now,
        )
    told = ngettext("%(num)s persoon krijgt een e-mail.", "%(num)s mensen krijgen een e-mail.", found.people) if found.people else ""
    flash(" ".join(part for part in (_("De nieuwe dag is bewaard."), told) if part), "success")
    return redirect(url_for("workspace.offering", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/offerings/<code>/merge", methods=["GET", "POST"])
def merge(provider: str, code: str) -> ResponseReturnValue:
    actor, form, now = require_actor(), MergeForm(), utc_now()
    with database().reading() as session:
        found = queries.undecided(session, actor, provider, code, today=amsterdam_day(now))
    form.offer(found)
    if request.method == "GET" or not form.validate():
        form.people.data = str(found.people)
        return _page("enrolment/workspace/merge.html", form, found)
    into = str(form.into.data)
    with database().writing() as session:
        moved = service.merge(session, actor=actor, provider_slug=provider, code=code, into=into, people=form.number, now=now)
    flash(pages.merged_words(moved), "success")
    return redirect(url_for("workspace.offering", provider=provider, code=into), 303)
