"""Pages about what search remembers: saving a search, leaving a wish, my searches, and what the programme office reads."""

from functools import partial

from flask import Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import attempts, current_actor, require_actor
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.search import memory_forms as forms
from academy.search import memory_pages as pages
from academy.search import service
from academy.search.errors import AskedTooOften, SearchAway
from academy.search.links import saved_search_id_of, token_for
from academy.search.memory import demand, saved
from academy.search.memory.saved import Saved, SavedDraft
from academy.search.models import SavedState

blueprint = localized_blueprint("searches", __name__)


@blueprint.route("/searches/save", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def save() -> ResponseReturnValue:
    own, form = _own_email(), forms.SaveForm()
    form.ask_of(own)
    draft = form.draft(forms.asked_in(request.values), reading_language())
    if request.method == "GET" or not form.validate():
        page = render("search/save.html", form=form, question=pages.question_values(draft), own_email=own)
        return page, 200 if request.method == "GET" else 422
    return _keep(draft, form.reader(own), proven=own is not None)


@blueprint.route("/searches/wish", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def wish() -> ResponseReturnValue:
    own, asked = _own_email(), forms.asked_in(request.values)
    form = forms.WishForm(formdata=None, data=forms.wish_values(asked)) if request.method == "GET" else forms.WishForm()
    form.ask_of(own)
    draft = form.draft(asked, reading_language())
    if request.method == "GET" or not form.validate():
        page = render("search/wish.html", form=form, question=pages.question_values(draft), own_email=own)
        return page, 200 if request.method == "GET" else 422
    return _keep(draft, form.reader(own), proven=own is not None)


def _own_email() -> str | None:
    actor = current_actor()
    return None if actor is None else actor.email


def _keep(draft: SavedDraft, email: str | None, *, proven: bool) -> ResponseReturnValue:
    now = utc_now()
    counted = None if proven else attempts("saved-search", email or draft.terms, now=now)
    if counted is not None and counted.too_many_links:
        raise AskedTooOften
    fits = saved.fitting(partial(service.find, now=now), forms.question_of(draft)) if email else (0, ())
    if fits is None:
        raise SearchAway
    saved.refuse_too_wide(draft, fits[0])
    if counted is None or not counted.mailbox_is_full:
        with database().writing() as db_session:
            saved.keep(db_session, draft=draft, email=email, proven=proven, known=fits[1], now=now)
    return _kept(email, proven=proven)


def _kept(email: str | None, *, proven: bool) -> ResponseReturnValue:
    if email is None:
        flash(_("Dank je wel. Het programmabureau leest wat je zoekt."), "success")
        return redirect(url_for("search.home"), 303)
    if proven:
        flash(_("Bewaard. Komt er iets nieuws dat past? Dan krijg je een e-mail."), "success")
        return redirect(url_for("searches.my_searches"), 303)
    session["mailed_to"] = email
    return redirect(url_for("searches.sent"), 303)


@blueprint.get("/searches/sent")
@open_to_all
def sent() -> ResponseReturnValue:
    email = session.get("mailed_to")
    if email is None:
        return redirect(url_for("search.home"))
    return render("search/sent.html", email=email, most=saved.MOST_OPEN)


# One's own, by account or by the link in a letter


@blueprint.get("/my/searches")
def my_searches() -> ResponseReturnValue:
    email = require_actor().email
    with database().reading() as db_session:
        kept = saved.searches_of(db_session, email)
        stopped = saved.stopped(db_session, saved_search_id_of(request.args.get("stopped", "")), email)
    return render("search/saved.html", asked=None, **pages.list_values(kept, stopped))


@blueprint.get("/searches/link/<token>")
@open_to_all
@throttled(a_minute=600)
def by_link(token: str) -> ResponseReturnValue:
    with database().reading() as db_session:
        named = saved.saved_search(db_session, saved_search_id_of(token))
        kept = saved.searches_of(db_session, named.email or "")
    stopped = named if named.state is SavedState.STOPPED else None
    asked = pages.saved_values(named) if named.state is SavedState.WAITING else None
    others = [each for each in kept if each.id != named.id] if asked else kept
    return render("search/saved.html", asked=asked, **pages.list_values(others, stopped))


def _back_to(named: Saved, *, stopped: str | None = None) -> ResponseReturnValue:
    if _own_email() == named.email:
        return redirect(url_for("searches.my_searches", stopped=stopped), 303)
    return redirect(url_for("searches.by_link", token=token_for(named.id)), 303)


@blueprint.post("/searches/link/<token>/confirm")
@open_to_all
@throttled(a_minute=600)
def confirm(token: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        named = saved.confirm(db_session, saved_search_id=saved_search_id_of(token))
    flash(_("Gelukt. Komt er iets nieuws dat past? Dan krijg je een e-mail."), "success")
    return _back_to(named)


@blueprint.post("/searches/link/<token>/stop")
@open_to_all
@throttled(a_minute=600)
def stop(token: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        named = saved.stop(db_session, saved_search_id=saved_search_id_of(token), now=utc_now())
    return _back_to(named, stopped=token)


@blueprint.post("/searches/link/<token>/put-back")
@open_to_all
@throttled(a_minute=600)
def put_back(token: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        named = saved.put_back(db_session, saved_search_id=saved_search_id_of(token))
    flash(_("Teruggezet."), "success")
    return _back_to(named)


# The programme office


@blueprint.get("/office/searches")
def searched() -> ResponseReturnValue:
    actor, today = require_actor(), amsterdam_day(utc_now())
    chosen, days = pages.chosen_list(request.args.get("show", "")), pages.chosen_days(request.args.get("days", ""))
    with database().reading() as db_session:
        if chosen == "wishes":
            values = {"wishes": pages.wish_lines(demand.wishes(db_session, actor))}
        else:
            found = demand.demand(db_session, actor, found=demand.Found(chosen), days=days, today=today, limit=pages.SHOWN)
            values = pages.demand_values(found)
    return render("search/searched.html", page=pages.office_values(chosen, days), **{"wishes": [], "terms": [], "rare": "", **values})


@blueprint.get("/office/searches.csv")
@throttled(a_minute=60)
def searched_file() -> ResponseReturnValue:
    chosen, days = pages.chosen_list(request.args.get("show", "")), pages.chosen_days(request.args.get("days", ""))
    kind = demand.Found.NOTHING if chosen == "wishes" else demand.Found(chosen)
    with database().reading() as db_session:
        found = demand.demand(db_session, require_actor(), found=kind, days=days, today=amsterdam_day(utc_now()))
    answer = Response(pages.searched_file(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="zoekvragen-{kind}-{days}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
