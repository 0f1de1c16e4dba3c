"""A pathway as a school dean or adviser reads it, and what they say of it."""

from datetime import datetime

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import current_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.pathways.errors import PathwayChanged
from academy.pathways.forms.advising import AdviceForm, VersionForm
from academy.pathways.pages import progress as pages
from academy.pathways.queries.pathways import pathway_to_read
from academy.pathways.queries.progress import progress_of_pathway
from academy.pathways.service import advising, planning

blueprint = localized_blueprint("pathways_reading", __name__)


@blueprint.get("/route/read/<key>")
@open_to_all
@throttled(a_minute=300)
def read(key: str) -> ResponseReturnValue:
    form = AdviceForm(formdata=None)
    actor = current_actor()
    form.signed.data = "" if actor is None else actor.name
    return _page(key, form, 200)


@blueprint.post("/route/read/<key>")
@open_to_all
@throttled(a_minute=30)
def advise(key: str) -> ResponseReturnValue:
    form = AdviceForm()
    if not form.validate():
        return _page(key, form, 422)
    with database().writing() as session:
        advising.give_advice(
            session, read_key=key, words=str(form.words.data), signed=str(form.signed.data), actor=current_actor(), now=utc_now(),
        )
    flash(_("Dank je wel. De cursist ziet je advies bij de route."), "success")
    return redirect(url_for(".read", key=key), 303)


def _page(key: str, form: AdviceForm, status: int) -> Response:
    now = utc_now()
    with database().reading() as session:
        pathway = pathway_to_read(session, key)
        found = progress_of_pathway(session, pathway, now=now)
    note_look(pathway.edit_key, now=now)
    shown = render("pathways/read.html", form=form, form_url=url_for(".advise", key=key), **pages.read_values(pathway, found, now=now))
    return private(shown, status)


@blueprint.post("/route/<key>/advice/<advice_id>/remove")
@open_to_all
@throttled(a_minute=60)
def remove(key: str, advice_id: str) -> ResponseReturnValue:
    with database().writing() as session:
        advising.remove_advice(session, key=key, advice_id=id_in(advice_id))
    flash(_("Het advies is weg."), "success")
    return redirect(url_for("pathways_progress.of_pathway", key=key, _anchor="advice"), 303)


@blueprint.post("/route/<key>/read-link")
@open_to_all
@throttled(a_minute=60)
def renew(key: str) -> ResponseReturnValue:
    try:
        with database().writing() as session:
            advising.renew_read_link(session, key=key, version=VersionForm().seen, now=utc_now())
    except PathwayChanged as refusal:
        flash(f"{refusal.sentence()} {refusal.next_step()}", "info")
    else:
        flash(_("Er is een nieuwe link. De oude werkt niet meer."), "success")
    return redirect(url_for("pathways_progress.of_pathway", key=key, _anchor="advice"), 303)


def note_look(key: str, *, now: datetime) -> None:
    """Note that somebody looked at the pathway with this edit key, the first time of a day: one that is looked at stays."""
    with database().reading() as session:
        is_seen = planning.is_seen(session, key=key, now=now)
    if not is_seen:
        with database().writing() as session:
            planning.note_seen(session, key=key, now=now)


def private(page: str, status: int = 200) -> Response:
    """Answer with a page whose address is a secret: into no search engine; that it goes to no other site, every page says."""
    return Response(page, status, {"X-Robots-Tag": "noindex"})
