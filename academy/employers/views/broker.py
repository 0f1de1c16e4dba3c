"""The desk of the programme office that helps demand and supply along: whom to call, answering by hand, merging and releasing pools."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.employers import service
from academy.employers.forms import broker as forms
from academy.employers.kinds import CallOutcome
from academy.employers.pages import broker as pages
from academy.employers.queries import broker as queries
from academy.employers.service import calling
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("broker", __name__)

_MOST_IN_FILE: Final = 1_000


def _seen(people: Collection[UUID], look: str) -> None:
    """Put on record whose names are shown, before they are."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        new = calling.unnoted(session, actor, people, look, now=now)
    if new:
        with database().writing() as session:
            calling.note_looks(session, actor=actor, people=new, look=look, now=now)


@blueprint.get("/office/broker")
def desk() -> ResponseReturnValue:
    now, show, soonest_first = utc_now(), pages.chosen(request.args.get("show", "")), request.args.get("order") == "soonest"
    page = min(max(request.args.get("page", 1, type=int), 1), 1_000)
    with database().reading() as session:
        found = queries.desk(session, require_actor(), show=show, soonest_first=soonest_first, page=page, now=now)
    _seen({one for line in found.lines for one in line.people}, "call-list-seen")
    return render("employers/broker.html", calls=pages.desk_values(found, show=show, soonest_first=soonest_first, page=page, now=now))


@blueprint.get("/office/broker.csv")
@throttled(a_minute=60)
def calls_file() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.desk(session, require_actor(), show=pages.chosen(request.args.get("show", "")), most=_MOST_IN_FILE, now=utc_now())
    _seen({one for line in found.lines for one in line.people}, "call-list-exported")
    answer = Response(pages.calls_file(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="bellijst.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _call_page(line: queries.CallLine, note: forms.NoteForm, reply: forms.ReplyForm, *, is_wrong: bool) -> ResponseReturnValue:
    page = render("employers/call.html", call=pages.line_values(line, now=utc_now()), note=note, reply=reply)
    return page, 422 if is_wrong else 200


@blueprint.route("/office/broker/calls/<kind>/<code>", methods=["GET", "POST"])
def call(kind: str, code: str) -> ResponseReturnValue:
    actor, now, form = require_actor(), utc_now(), forms.NoteForm()
    with database().reading() as session:
        line = queries.line_of(session, actor, kind, code, now=now)
    _seen(line.people, "call-list-seen")
    if request.method == "GET" or not form.validate():
        return _call_page(line, form, forms.ReplyForm(formdata=None), is_wrong=request.method == "POST")
    with database().writing() as session:
        calling.note_call(session, actor=actor, kind=kind, code=code, outcome=CallOutcome(form.outcome.data), text=form.text.data or "", now=now)
    flash(_("De notitie is bewaard."), "success")
    return redirect(url_for("broker.desk"), 303)


@blueprint.post("/office/broker/demands/<code>/reply")
def reply(code: str) -> ResponseReturnValue:
    actor, now, form = require_actor(), utc_now(), forms.ReplyForm()
    with database().reading() as session:
        line = queries.line_of(session, actor, "demand", code, now=now)
    _seen(line.people, "call-list-seen")
    if not form.validate():
        return _call_page(line, forms.NoteForm(formdata=None), form, is_wrong=True)
    with database().writing() as session:
        calling.reply_demand(session, actor=actor, code=code, text=form.text.data or "", now=now)
    flash(_("Het antwoord is verstuurd."), "success")
    return redirect(url_for("broker.desk"), 303)


def _pool_page(code: str, merging: forms.MergeForm, releasing: forms.ReleaseForm) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.pool_to_broker(session, require_actor(), code)
        values = pages.pool_values(found, calling.neighbours_of(session, found.pool))
    merging.offer(values["neighbours"])
    return render("employers/broker_pool.html", pool=values, merging=merging, releasing=releasing), 422 if merging.errors or releasing.errors else 200


@blueprint.get("/office/broker/pools/<code>")
def pool(code: str) -> ResponseReturnValue:
    return _pool_page(code, forms.MergeForm(formdata=None), forms.ReleaseForm(formdata=None))


@blueprint.post("/office/broker/pools/<code>/merge")
def merge(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.MergeForm()
    with database().reading() as session:
        found = queries.pool_to_broker(session, actor, code)
        form.offer([(other.code, other.code) for other, _merged in calling.neighbours_of(session, found.pool)])
    if not form.validate():
        return _pool_page(code, form, forms.ReleaseForm(formdata=None))
    with database().writing() as session:
        service.merge_pools(session, actor=actor, pool_code=code, into_code=form.into.data, now=utc_now())
    flash(_("De groepen zijn samengevoegd. Wie meedoet krijgt een e-mail."), "success")
    return redirect(url_for("broker.pool", code=form.into.data), 303)


@blueprint.post("/office/broker/pools/<code>/release")
def release(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.ReleaseForm()
    with database().reading() as session:
        queries.pool_to_broker(session, actor, code)
    if not form.validate():
        return _pool_page(code, forms.MergeForm(formdata=None), form)
    with database().writing() as session:
        service.release_pool(session, actor=actor, pool_code=code, reason=form.reason.data or "", now=utc_now())
    flash(_("De groep is gestopt. Wie meedeed krijgt een e-mail en betaalt niets."), "success")
    return redirect(url_for("broker.desk"), 303)
