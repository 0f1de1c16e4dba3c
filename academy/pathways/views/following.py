"""What changed for a chosen route, and the route that mends it: seen first, taken with one button."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import Refusal
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.pathways.errors import PathwayChanged
from academy.pathways.forms.advising import VersionForm
from academy.pathways.forms.following import RepairForm
from academy.pathways.pages import following as pages
from academy.pathways.service import planning
from academy.pathways.views import gone, repairing
from academy.pathways.views.reading import private

blueprint = localized_blueprint("pathways_following", __name__)
gone.answer_on(blueprint)
_ROUTE = "pathways_building.show"


@blueprint.get("/route/<key>/changes")
@open_to_all
@throttled(a_minute=120)
def changes(key: str) -> ResponseReturnValue:
    return _page(key)


def _page(key: str, refusal: Refusal | None = None) -> ResponseReturnValue:
    found = repairing.repair_of(key, now=utc_now())
    if found is None:
        return redirect(url_for(_ROUTE, key=key), 303)
    values = pages.repair_values(
        found.asked.pathway, found.asked.gathered, found.changes, found.cards, before=found.before, after=found.after, shown_as=found.shown,
    )
    page = render("pathways/changes.html", form=RepairForm(formdata=None), refusal=refusal, repair=values)
    return private(page, 200 if refusal is None else refusal.status)


@blueprint.post("/route/<key>/changes/take")
@open_to_all
@throttled(a_minute=120)
def take(key: str) -> ResponseReturnValue:
    form, now = RepairForm(), utc_now()
    if not form.validate():
        abort(400)
    found = repairing.repair_of(key, now=now)
    if found is None or found.after is None or found.shown != form.shown.data:
        return _page(key, PathwayChanged())
    try:
        with database().writing() as session:
            planning.choose(session, key=key, version=form.seen, option=found.asked.option, steps=found.steps, now=now)
    except PathwayChanged as refusal:
        return _page(key, refusal)
    flash(_("Dit is nu jouw route."), "success")
    return redirect(url_for(_ROUTE, key=key, _anchor="route"), 303)


@blueprint.post("/route/<key>/changes/leave")
@open_to_all
@throttled(a_minute=120)
def leave(key: str) -> ResponseReturnValue:
    try:
        with database().writing() as session:
            planning.leave(session, key=key, version=VersionForm().seen, now=utc_now())
    except PathwayChanged as refusal:
        return _page(key, refusal)
    flash(_("Je route blijft zoals hij was."), "success")
    return redirect(url_for(_ROUTE, key=key), 303)
