"""What somebody has, matched while they type."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import current_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.errors import Refusal
from academy.kernel.ids import id_in
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.pathways.errors import CreditsUnclear, ListFull, PathwayChanged, SaidAlready, TooManyCredits
from academy.pathways.facts import PathwayFacts
from academy.pathways.forms.having import HaveForm, RemoveForm
from academy.pathways.pages import having as pages
from academy.pathways.pages.building import screens
from academy.pathways.queries.having import have_list, progress_with
from academy.pathways.queries.pathways import pathway_to_change
from academy.pathways.service import having
from academy.pathways.service.having import Answered
from academy.pathways.views import gone
from academy.pathways.views.reading import private

blueprint = localized_blueprint("pathways_having", __name__)
gone.answer_on(blueprint)

_WRONG = (CreditsUnclear, ListFull, SaidAlready, TooManyCredits)  # said at the field


@blueprint.route("/route/<key>/have", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def have(key: str) -> ResponseReturnValue:
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
    if request.method == "GET":
        return _page(key, HaveForm(formdata=None, data={"diploma": pathway.diploma}))
    form = HaveForm()
    if form.validate() and request.form.get("act") == "add" and not form.what.data:
        form.ask_something()
    if form.errors:
        return _page(key, form, status=422)
    try:
        _kept(pathway, form)
    except PathwayChanged as refusal:
        return _page(key, form, refusal=refusal, status=409)
    except _WRONG as refusal:
        form.refuse(refusal)
        return _page(key, form, status=422)
    return redirect(url_for(".have", key=key, _anchor="list") if request.form.get("act") == "add" else url_for("pathways_building.life", key=key), 303)


def _kept(pathway: PathwayFacts, form: HaveForm) -> None:
    """Keep what changed; where nothing did, the version stays as it is, and another page that shows it is not told otherwise."""
    now, key, version, diploma = utc_now(), pathway.edit_key, form.seen, str(form.diploma.data or "")
    if form.what.data:
        found = _answered(key, form)
        with database().writing() as session:
            having.add_has(session, key=key, version=version, said=found.said, found=found.fits, diploma=diploma, now=now)
    elif diploma != pathway.diploma:
        with database().writing() as session:
            having.set_diploma(session, key=key, version=version, diploma=diploma, now=now)


def _answered(key: str, form: HaveForm) -> Answered:
    return having.answer_to(key, str(form.what.data), language=reading_language(), now=utc_now())


@blueprint.post("/route/<key>/have/try")
@open_to_all
@throttled(a_minute=1_200)
def try_out(key: str) -> ResponseReturnValue:
    """Answer what counts while somebody types: a part of the page for htmx, the whole page for a button. Nothing is kept."""
    form = HaveForm()
    answer = None
    if form.validate() and form.what.data:
        try:
            answer = pages.answer_values(_answered(key, form))
        except _WRONG as refusal:
            answer = pages.refused_values(refusal)
    elif form.what.errors:
        answer = pages.problem_values(form.what.errors)
    if "HX-Request" in request.headers:
        return private(render("pathways/_have_answer.html", answer=answer))
    return _page(key, form, answer=answer)


@blueprint.post("/route/<key>/have/remove")
@open_to_all
@throttled(a_minute=120)
def remove(key: str) -> ResponseReturnValue:
    form = RemoveForm()
    try:
        with database().writing() as session:
            having.remove_has(session, key=key, version=form.seen, has_id=id_in(str(form.has.data)), now=utc_now())
    except PathwayChanged as refusal:
        return _page(key, HaveForm(formdata=None), refusal=refusal, status=409)
    flash(_("Het is weg uit je lijst."), "success")
    return redirect(url_for(".have", key=key, _anchor="list"), 303)


def _page(key: str, form: HaveForm, *, answer: object = None, refusal: Refusal | None = None, status: int = 200) -> Response:
    """Show the list as it is now, with what was typed."""
    now, actor = utc_now(), current_actor()
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
        found = have_list(session, pathway, reader=None if actor is None else actor.person_id, now=now)
    form.version.data = str(pathway.version)
    values = pages.have_values(pathway, found, progress_with(found, today=amsterdam_day(now)))
    return private(render("pathways/have.html", form=form, have=values, answer=answer, refusal=refusal, screens=screens(key)), status)
