"""The page of an employer: what there is, what is to be done, and who may use it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.funding import service
from academy.funding.forms.sources import PeopleForm
from academy.funding.pages import sources as pages
from academy.funding.queries import pages_sources as queries
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, ngettext
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("employer_budget", __name__)


def _page(organisation: str, source: str, form: PeopleForm) -> str:
    today = amsterdam_day(utc_now())
    with database().reading() as session:
        found = queries.employer_with_sources(session, require_actor(), organisation)
        chosen = found.source(source)
        emails = queries.beneficiaries(session, chosen.id) if chosen and found.keeper.rights.keep else []
    return render(
        "funding/employer_budget.html", keeper=pages.keeper_values(found.keeper), form=form, tasks=pages.tasks(found, today=today),
        sums=pages.sums(budget for one in found.sources for budget in one.budgets_on(today)),
        sources=[pages.source_row(found.keeper, one, today=today) for one in found.sources],
        people=None if chosen is None else pages.people_values(found.keeper, chosen, emails),
        choices=pages.people_choices(found, chosen),
    )


@blueprint.get("/employer/<organisation>/budget")
def budget(organisation: str) -> ResponseReturnValue:
    return _page(organisation, request.args.get("source", "")[:80], PeopleForm(formdata=None))


@blueprint.post("/employer/<organisation>/budget/<source>/people")
def add_people(organisation: str, source: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.source(session, queries.keeper_for_changing(session, require_actor(), organisation), source)
    form = PeopleForm()
    if not form.is_in_order():
        return _page(organisation, source, form), 422
    with database().writing() as session:
        added = service.name_beneficiaries(session, actor=require_actor(), source_id=found.id, emails=form.addresses, now=utc_now())
    flash(ngettext("%(num)s adres staat er nu bij.", "%(num)s adressen staan er nu bij.", added), "success")
    return redirect(url_for("employer_budget.budget", organisation=organisation, source=source), 303)


@blueprint.post("/employer/<organisation>/budget/<source>/people/remove")
def remove_person(organisation: str, source: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.source(session, queries.keeper_for_changing(session, require_actor(), organisation), source)
    with database().writing() as session:
        service.unname_beneficiary(session, actor=require_actor(), source_id=found.id, email=request.form.get("email", "")[:254], now=utc_now())
    flash(_("Dit adres mag het budget niet meer gebruiken. Wat al is toegezegd, blijft zo."), "success")
    return redirect(url_for("employer_budget.budget", organisation=organisation, source=source), 303)
