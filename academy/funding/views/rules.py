"""Pages on which a keeper of money writes rules: the first of a source, and the one that follows another from its own day."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding import service
from academy.funding.facts import RuleFacts
from academy.funding.forms.rules import RuleForm, rule_values
from academy.funding.pages import rules as pages
from academy.funding.pages.sources import keeper_values, source_values
from academy.funding.queries import pages_sources as queries
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.formats import short_day
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("funding_rules", __name__)


def _found(organisation: str, source: str) -> tuple[queries.Keeper, queries.SourceInWork]:
    with database().reading() as session:
        there = queries.keeper_for_changing(session, require_actor(), organisation)
        return there, queries.source(session, there, source)


@blueprint.route("/funding/<organisation>/sources/<source>/rules/new", methods=["GET", "POST"])
def new(organisation: str, source: str) -> ResponseReturnValue:
    return _written(*_found(organisation, source), None, now=utc_now())


@blueprint.route("/funding/<organisation>/sources/<source>/rules/<rule>/following", methods=["GET", "POST"])
def following(organisation: str, source: str, rule: str) -> ResponseReturnValue:
    there, found = _found(organisation, source)
    return _written(there, found, found.last_rule(id_in(rule)), now=utc_now())


def _written(there: queries.Keeper, found: queries.SourceInWork, before: RuleFacts | None, *, now: datetime) -> ResponseReturnValue:
    today = amsterdam_day(now)
    first_day = today if before is None else max(today, before.valid_from) + timedelta(days=1)
    shown = rule_values(before, first_day=first_day)
    form = RuleForm(formdata=None, data=shown) if request.method == "GET" else RuleForm()
    form.offer(found.kind)
    is_asked = request.method == "POST" and request.form.get("act") != "example"
    if not is_asked or not form.is_in_order(first_day=first_day):
        page = render(
            "funding/rule_form.html", keeper=keeper_values(there), source=source_values(there, found, today=today), form=form,
            before=None if before is None else pages.rule_values(before, today=today), example=_example(form),
            example_url=url_for("funding_rules.example", organisation=there.slug, source=found.slug),
        )
        return page, 422 if is_asked else 200
    _keep(form, found.id, None if before is None else before.id, now=now)
    flash(_("De regel staat erin. Hij geldt vanaf %(day)s.", day=short_day(form.draft().valid_from)), "success")
    return redirect(url_for("sources.source", organisation=there.slug, source=found.slug), 303)


def _keep(form: RuleForm, source_id: UUID, follows_id: UUID | None, *, now: datetime) -> None:
    with database().writing() as session:
        if follows_id is None:
            service.add_rule(session, actor=require_actor(), source_id=source_id, draft=form.draft(), now=now)
        else:
            service.follow_rule(session, actor=require_actor(), rule_id=follows_id, draft=form.draft(), now=now)


def _example(form: RuleForm) -> list[str]:
    """Return what the terms in the form come to, worked out by the same function that splits a price."""
    found = form.terms()
    return [] if found is None else pages.example_lines(pages.Terms(*found))


@blueprint.post("/funding/<organisation>/sources/<source>/example")
def example(organisation: str, source: str) -> ResponseReturnValue:
    _there, found = _found(organisation, source)
    form = RuleForm()
    form.offer(found.kind)
    return render("funding/_example.html", example=_example(form))
