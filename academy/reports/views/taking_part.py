"""Who takes part in the programme, and how ready they are."""

from datetime import date, timedelta
from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled
from academy.reports.forms.participating import StageForm, TickForm
from academy.reports.kinds import ReadinessItem
from academy.reports.pages import participating as pages
from academy.reports.queries import participation as queries
from academy.reports.service import participating as service
from academy.reports.views.files import csv_answer

blueprint = localized_blueprint("taking_part", __name__)

_LONGEST: Final = 100


def _today() -> date:
    return amsterdam_day(utc_now())


def _as_of() -> date:
    """Return the day before which everything counts: today counts too."""
    return _today() + timedelta(days=1)


@blueprint.get("/office/taking-part")
def overview() -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()[:_LONGEST]
    with database().reading() as session:
        found = queries.overview(session, require_actor(), as_of=_as_of())
        others = queries.others_named(session, asked)
    return render("reports/taking_part.html", there=pages.overview_values(found, others, asked=asked))


@blueprint.get("/office/taking-part.csv")
@throttled(a_minute=60)
def file() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.overview(session, require_actor(), as_of=_as_of())
    return csv_answer(pages.overview_file(found), "deelname")


def _found(provider: str) -> queries.ProviderInView:
    with database().reading() as session:
        return queries.provider_in_view(session, require_actor(), provider, as_of=_as_of())


@blueprint.get("/office/taking-part/<provider>")
def provider(provider: str) -> ResponseReturnValue:
    found = _found(provider)
    form = StageForm(formdata=None, data=pages.stage_form_data(found, today=_today()))
    return render("reports/taking_part_provider.html", provider=pages.provider_values(found), form=form)


@blueprint.post("/office/taking-part/<provider>/change")
def change(provider: str) -> ResponseReturnValue:
    found, form = _found(provider), StageForm()
    if not form.is_in_order(found.participant.facts.stage if found.participant else None, today=_today()):
        return render("reports/taking_part_provider.html", provider=pages.provider_values(found), form=form), 422
    with database().writing() as session:
        service.change_stage(session, actor=require_actor(), provider_slug=provider, change=form.change, seen=form.seen_at, now=utc_now())
    flash(_("De deelname is bewaard."), "success")
    return redirect(url_for("taking_part.provider", provider=provider), 303)


@blueprint.post("/office/taking-part/<provider>/tick")
def tick(provider: str) -> ResponseReturnValue:
    form = TickForm()
    if not form.validate():
        raise NotFound
    with database().writing() as session:
        service.tick_item(session, actor=require_actor(), provider_slug=provider, item=ReadinessItem(str(form.item.data)), is_there=form.is_there.data, now=utc_now())
    flash(_("Het lijstje is bijgewerkt."), "success")
    return redirect(url_for("taking_part.provider", provider=provider) + "#ready", 303)
