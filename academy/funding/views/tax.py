"""Pages on which a provider says what decides the VAT of its modules."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue.api import ProviderNotFound
from academy.funding import service
from academy.funding.forms.tax import BY_KIND, StatusForm, SupplyForm
from academy.funding.pages import tax as pages
from academy.funding.queries import pages_tax as queries
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("tax", __name__)


@blueprint.route("/provider/<provider>/vat", methods=["GET", "POST"])
def provider(provider: str) -> ResponseReturnValue:
    actor, now, form = require_actor(), utc_now(), StatusForm()
    form.offer()
    with database().reading() as session:
        found = queries.taxes_of(session, actor, provider, page=request.args.get("page", 1, type=int))
    if request.method == "POST" and not found.there.rights.edit:
        raise ProviderNotFound
    if request.method == "GET" or not form.validate():
        values = pages.provider_values(found, today=amsterdam_day(now))
        return render("funding/tax.html", work=pages.work_values(found.there), form=form, tax=values), 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.tell_provider_tax(
            session, actor=actor, provider_slug=provider, from_on=form.status.from_on, is_recognised=form.status.is_recognised,
            is_in_crkbo=form.status.is_in_crkbo, now=now,
        )
    flash(_("Bewaard. Kijk hieronder of de btw van je modules klopt."), "success")
    return redirect(url_for("tax.provider", provider=provider), 303)


@blueprint.route("/provider/<provider>/vat/<module>", methods=["GET", "POST"])
def module(provider: str, module: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.module_tax(session, actor, provider, module)
    said = found.module.supply
    form = SupplyForm(data={"supply": BY_KIND if said is None else said.value})
    form.offer(pages.choices(found, today=amsterdam_day(now)))
    if request.method == "GET" or not form.validate():
        values = pages.module_values(found, today=amsterdam_day(now))
        return render("funding/module_tax.html", work=pages.work_values(found.there), form=form, module=values), 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.tell_module_tax(session, actor=actor, provider_slug=provider, module_slug=module, supply=form.chosen, now=now)
    flash(_("Bewaard."), "success")
    return redirect(url_for("tax.provider", provider=provider), 303)
