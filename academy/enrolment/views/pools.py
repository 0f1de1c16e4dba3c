"""Pages of a provider that keeps seats apart for a group."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import OrganisationFacts, organisation_with_kvk
from academy.accounts.login import require_actor
from academy.enrolment.forms.pools import CodesForm, KeepApartForm, MoveForm
from academy.enrolment.pages import pools as pages
from academy.enrolment.pages.workspace import workspace_values
from academy.enrolment.queries import pools as queries
from academy.enrolment.service import pools as service
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("pools", __name__)


def _found(provider: str, code: str) -> queries.PoolsFacts:
    with database().reading() as session:
        return queries.pools_of(session, require_actor(), provider, code)


def _sponsor(form: KeepApartForm) -> OrganisationFacts | None:
    with database().reading() as session:
        return organisation_with_kvk(session, form.kvk_number.data or "")


@blueprint.route("/provider/<provider>/offerings/<code>/seats", methods=["GET", "POST"])
def seats(provider: str, code: str) -> ResponseReturnValue:
    found, form, now = _found(provider, code), KeepApartForm(), utc_now()
    sponsor = _sponsor(form) if form.kvk_number.data else None
    if request.method == "GET" or not form.is_in_order(found, sponsor, today=amsterdam_day(now)):
        page = render(
            "enrolment/workspace/pools.html", workspace=workspace_values(found.work.workspace), offering=pages.pools_values(found), form=form,
        )
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.keep_apart(
            session, actor=require_actor(), provider_slug=provider, code=code, name=form.name.data or "", number=form.number.data,
            until=form.last_day, now=now, sponsor_id=sponsor.id if sponsor else None,
        )
    flash(_("De plekken staan apart."), "success")
    return redirect(url_for("pools.seats", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/offerings/<code>/seats/<pool>/move", methods=["GET", "POST"])
def move(provider: str, code: str, pool: str) -> ResponseReturnValue:
    found, form = _found(provider, code), MoveForm()
    one = found.kept_apart(id_in(pool))
    if request.method == "GET" or not form.validate():
        page = render(
            "enrolment/workspace/pool_move.html", workspace=workspace_values(found.work.workspace), pool=pages.pool_values(found, one), form=form,
        )
        return page, 200 if request.method == "GET" else 422
    act = service.give_back if form.act.data == "back" else service.give_more
    with database().writing() as session:
        act(session, actor=require_actor(), provider_slug=provider, code=code, pool_id=one.id, number=form.number.data, now=utc_now())
    flash(_("De plekken zijn verdeeld."), "success")
    return redirect(url_for("pools.seats", provider=provider, code=code), 303)


@blueprint.route("/provider/<provider>/offerings/<code>/seats/<pool>/codes", methods=["GET", "POST"])
def codes(provider: str, code: str, pool: str) -> ResponseReturnValue:
    found, form = _found(provider, code), CodesForm()
    one = found.kept_apart(id_in(pool))
    values, made = pages.pool_values(found, one), list[str]()
    if request.method == "POST" and form.validate():
        with database().writing() as session:
            made = service.make_codes(
                session, actor=require_actor(), provider_slug=provider, code=code, pool_id=one.id, number=form.number.data,
                uses=form.uses.data, now=utc_now(),
            )
        if form.act.data == "file":
            return _codes_file(made, form.uses.data, values)
    page = render("enrolment/workspace/pool_codes.html", workspace=workspace_values(found.work.workspace), pool=values, form=form, codes=made)
    return page, 422 if form.errors else 200, {"Cache-Control": "no-store"}


def _codes_file(made: list[str], uses: int, pool: dict[str, str]) -> Response:
    answer = Response(as_csv(pages.codes_heading(), pages.codes_rows(made, uses, pool)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="codes.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
