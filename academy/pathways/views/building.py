"""Pages on which somebody makes a route: the goal, what they have, their life, and three routes side by side."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import current_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import Refusal
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.pathways import solving
from academy.pathways.errors import NoSuchRoute, PathwayChanged
from academy.pathways.forms import building as forms
from academy.pathways.forms.advising import VersionForm
from academy.pathways.kinds import GoalKind, Limit
from academy.pathways.pages import building as pages
from academy.pathways.pages import steps
from academy.pathways.pages.following import band_values
from academy.pathways.pages.showing import show_values
from academy.pathways.queries import aiming
from academy.pathways.queries.aiming import Goal, Goals
from academy.pathways.queries.pathways import pathway_to_change
from academy.pathways.service import planning
from academy.pathways.views import asking, changing, gone
from academy.pathways.views.reading import private

blueprint = localized_blueprint("pathways_building", __name__)
gone.answer_on(blueprint)


# Where to


@blueprint.route("/route", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def goal() -> ResponseReturnValue:
    form = forms.GoalForm()
    words = (form.q.data if request.method == "POST" else request.args.get("q")) or ""
    with database().reading() as session:
        found = aiming.goals(session, words.strip()[:100], reading_language())
    form.offer(found)
    if request.method == "GET":
        form.goal.data, form.q.data = f"programme:{request.args.get('programme', '')}", words
    if request.method == "GET" or request.form.get("act") == "find":
        return _goal_page(found, form, 200)
    return _begun(found, form)


def _goal_page(found: Goals, form: forms.GoalForm, status: int) -> ResponseReturnValue:
    return render("pathways/goal.html", form=form, goal=pages.goal_values(found, form), screens=pages.screens()), status


def _begun(found: Goals, form: forms.GoalForm) -> ResponseReturnValue:
    """Make the pathway; without a goal that there is, ask again."""
    chosen = _goal(found, form) if form.validate() else None
    if chosen is None:
        if not form.errors:
            form.goal.errors = [_("Kies een opleiding, een beroep of een vaardigheid.")]
        return _goal_page(found, form, 422)
    actor = current_actor()
    solving.warm()
    with database().writing() as session:
        key = planning.make_pathway(session, goal=chosen, owner=None if actor is None else actor.person_id, now=utc_now())
    return redirect(url_for("pathways_having.have", key=key), 303)


def _goal(found: Goals, form: forms.GoalForm) -> Goal | None:
    kind, name = form.chosen
    with database().reading() as session:
        if form.skills.data:
            return aiming.skills_goal(session, form.skills.data)
        if kind == GoalKind.OCCUPATION:
            return aiming.occupation_goal(session, name)
    return aiming.programme_goal(found, name)


# One's life


@blueprint.route("/route/<key>/life", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def life(key: str) -> ResponseReturnValue:
    form = forms.LifeForm() if request.method == "POST" else None
    if form is None or not form.validate():
        return _life_page(key, form, 200 if form is None else 422)
    try:
        changing.tell_life(key, form)
    except PathwayChanged as refusal:
        return _life_page(key, form, refusal.status, refusal)
    return redirect(url_for(".show", key=key), 303)


def _life_page(key: str, form: forms.LifeForm | None, status: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    """Show what was typed, else what was said before; with a refusal the next press is about the pathway as it is now."""
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
    form = form or forms.LifeForm(formdata=None, data=forms.first_life(pathway))
    if refusal is not None:
        form.version.data = str(pathway.version)
    values = pages.life_values(key, form, has_route=pathway.chosen is not None)
    return private(render("pathways/life.html", form=form, life=values, refusal=refusal, screens=pages.screens(key)), status)


# The routes, and the one that was chosen


@blueprint.get("/route/<key>")
@open_to_all
@throttled(a_minute=300)
def show(key: str) -> ResponseReturnValue:
    return _shown(key)


def _shown(key: str, refusal: Refusal | None = None) -> ResponseReturnValue:
    now = utc_now()
    pathway, gathered = asking.look(key, now=now)
    if gathered is None:
        if refusal is not None:
            flash(refusal.sentence(), "info")
        return redirect(url_for(".life", key=key), 303)
    asked = asking.ask(pathway, gathered, now=now)
    cards, actor = asking.cards_of(pathway, gathered), current_actor()
    values = show_values(asked.gathered, pathway, asked.answer, cards, person_id=actor.person_id if actor else None, is_right=asking.is_right(asked, cards))
    page = render("pathways/routes.html", form=VersionForm(), refusal=refusal, screens=pages.screens(key), route=values, changes=band_values(asking.changes_of(pathway), key))
    return private(page, 200 if refusal is None else refusal.status)


def _done(key: str, act: changing.Act, sentence: str, *, anchor: str | None = None) -> ResponseReturnValue:
    """Let something change; what is refused stands on the page with the route as it is now."""
    try:
        act()
    except (PathwayChanged, NoSuchRoute) as refusal:
        return _shown(key, refusal)
    if sentence:
        flash(sentence, "success")
    return redirect(url_for(".show", key=key, _anchor=anchor), 303)


@blueprint.post("/route/<key>/choose")
@open_to_all
@throttled(a_minute=120)
def choose(key: str) -> ResponseReturnValue:
    form = forms.ChooseForm()
    if not form.validate():
        abort(400)
    return _done(key, lambda: changing.choose(key, form), _("Dit is nu jouw route."), anchor="route")


@blueprint.post("/route/<key>/change")
@open_to_all
@throttled(a_minute=120)
def change(key: str) -> ResponseReturnValue:
    form = forms.ChangeForm()
    if not form.validate():
        abort(400)
    return _done(key, lambda: changing.change(key, form), _("Je route is aangepast."), anchor="route")


@blueprint.get("/route/<key>/move/<slug>")
@open_to_all
@throttled(a_minute=300)
def move(key: str, slug: str) -> ResponseReturnValue:
    pathway, gathered = asking.look(key, now=utc_now())
    values = None if gathered is None else steps.move_values(gathered, pathway, slug)
    if values is None:
        return redirect(url_for(".show", key=key), 303)
    return private(render("pathways/move.html", form=VersionForm(), move=values, key=key, version=pathway.version))


@blueprint.post("/route/<key>/open")
@open_to_all
@throttled(a_minute=120)
def open_limit(key: str) -> ResponseReturnValue:
    form = forms.OpenForm()
    if not form.validate():
        abort(400)
    return _done(key, lambda: changing.open_limit(key, form.seen, Limit(form.limit.data), int(form.value.data or 0)), _("We hebben opnieuw gerekend."))


# Keeping and removing it


@blueprint.post("/route/<key>/keep")
def keep(key: str) -> ResponseReturnValue:
    return _relinked(key, changing.keep, _("Je route staat nu in je account, bij Mijn routes. Hij heeft een nieuwe link, de oude werkt niet meer."))


@blueprint.post("/route/<key>/link")
@open_to_all
@throttled(a_minute=60)
def renew(key: str) -> ResponseReturnValue:
    return _relinked(key, changing.renew_links, _("Er is een nieuwe link. De oude werkt niet meer."))


def _relinked(key: str, act: Callable[[str, int], str], sentence: str) -> ResponseReturnValue:
    """Let the pathway have other links, and go on at the new address."""
    try:
        new = act(key, VersionForm().seen)
    except PathwayChanged as refusal:
        return _shown(key, refusal)
    flash(sentence, "success")
    return redirect(url_for(".show", key=new), 303)


@blueprint.route("/route/<key>/remove", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=120)
def remove(key: str) -> ResponseReturnValue:
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
    form = VersionForm()
    if request.method == "GET":
        return private(render("pathways/remove.html", form=form, key=key, version=pathway.version))
    try:
        with database().writing() as session:
            planning.remove(session, key=key, version=form.seen, now=utc_now())
    except PathwayChanged as refusal:
        return _shown(key, refusal)
    flash(_("Je route is weg."), "success")
    return redirect(url_for("pathways_mine.mine") if current_actor() else url_for(".goal"), 303)
