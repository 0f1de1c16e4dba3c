"""Pages of who keeps money for learning: sources and their budgets."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding import service
from academy.funding.forms.sources import AmountForm, BudgetForm, SourceForm
from academy.funding.pages import sources as pages
from academy.funding.queries import pages_sources as queries
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("sources", __name__)


@blueprint.get("/funding/<organisation>")
def overview(organisation: str) -> ResponseReturnValue:
    today = amsterdam_day(utc_now())
    with database().reading() as session:
        found = queries.keeper_with_sources(session, require_actor(), organisation)
    return render(
        "funding/sources.html", keeper=pages.keeper_values(found.keeper), tasks=pages.tasks(found, today=today),
        sources=[pages.source_row(found.keeper, one, today=today) for one in found.sources],
        sums=pages.sums(budget for one in found.sources for budget in one.budgets_on(today)),
    )


@blueprint.route("/funding/<organisation>/new-source", methods=["GET", "POST"])
def new(organisation: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = queries.keeper_for_changing(session, require_actor(), organisation)
    kinds, form = queries.GIVES[there.kind], SourceForm()
    form.offer(kinds)
    if request.method == "GET" or not form.is_in_order():
        page = render("funding/new_source.html", keeper=pages.keeper_values(there), form=form, kinds=pages.kind_words(there))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        slug = service.make_source(session, actor=require_actor(), owner_id=there.organisation_id, draft=form.draft(kinds), now=utc_now())
    flash(_("Het budget staat erin. Schrijf nu op wat het betaalt."), "success")
    return redirect(url_for("funding_rules.new", organisation=organisation, source=slug), 303)


@blueprint.get("/funding/<organisation>/sources/<source>")
def source(organisation: str, source: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = queries.keeper(session, require_actor(), organisation)
        found = queries.source(session, there, source)
    return render(
        "funding/source.html", keeper=pages.keeper_values(there), source=pages.source_values(there, found, today=amsterdam_day(utc_now())),
    )


@blueprint.route("/funding/<organisation>/sources/<source>/budgets/new", methods=["GET", "POST"])
def new_budget(organisation: str, source: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = queries.keeper_for_changing(session, require_actor(), organisation)
        found = queries.source(session, there, source)
    form = BudgetForm()
    if request.method == "GET" or not form.is_in_order(found.budgets):
        values = pages.source_values(there, found, today=amsterdam_day(utc_now()))
        page = render("funding/budget.html", keeper=pages.keeper_values(there), source=values, form=form, budget=None)
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.add_budget(session, actor=require_actor(), source_id=found.id, draft=form.budget, now=utc_now())
    flash(_("Het budget staat erin."), "success")
    return redirect(url_for("sources.source", organisation=organisation, source=source), 303)


@blueprint.route("/funding/<organisation>/sources/<source>/budgets/<budget>", methods=["GET", "POST"])
def resize(organisation: str, source: str, budget: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = queries.keeper_for_changing(session, require_actor(), organisation)
        found = queries.source(session, there, source)
    before = found.budget(id_in(budget))
    form = AmountForm(data={"amount": before.amount})
    if request.method == "GET" or not form.is_in_order(before):
        values = pages.source_values(there, found, today=amsterdam_day(utc_now()))
        page = render("funding/budget.html", keeper=pages.keeper_values(there), source=values, form=form, budget=pages.budget_values(before))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.resize_budget(session, actor=require_actor(), budget_id=before.id, amount=form.amount.data, now=utc_now())
    flash(_("Het budget is gewijzigd."), "success")
    return redirect(url_for("sources.source", organisation=organisation, source=source), 303)
