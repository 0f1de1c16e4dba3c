"""Pages on which a provider answers pools of employers."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.employers import service
from academy.employers.forms import accepting as forms
from academy.employers.kinds import PoolState
from academy.employers.pages import provider_pools as pages
from academy.employers.queries import provider_pools as queries
from academy.employers.queries.proposals import number_waiting
from academy.employers.rules.areas import ONLINE
from academy.employers.rules.pooling import Standing
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.money import Money
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("pool_desk", __name__)


@blueprint.get("/provider/<provider>/pools")
def pools(provider: str) -> ResponseReturnValue:
    now = utc_now()
    with database().reading() as session:
        found = queries.pools_for(session, require_actor(), provider, now=now)
        waiting = number_waiting(session, found.there, now=now)
    return render("employers/provider_pools.html", workspace=pages.workspace_values(found.there), pools=pages.list_values(found, waiting, now=now))


@dataclass(frozen=True)
class _Offer:
    """The form with which a pool is accepted, and what it is about."""

    form: forms.AcceptForm
    module: str
    like: catalogue.OfferingDraft | None
    language: str
    standing: Standing


@blueprint.route("/provider/<provider>/pools/<code>", methods=["GET", "POST"])
def pool(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.pool_at(session, actor, provider, code)
    offer = _offer(found, provider) if found.there.rights.plan and found.seen.pool.state is PoolState.ASKED else None
    if request.method == "GET" or offer is None or not offer.form.is_in_order(now=now):
        return _page(found, offer)
    with database().writing() as session:
        service.accept_pool(
            session, actor=actor, provider_slug=provider, pool_code=code, module_slug=offer.module, slot=offer.form.slot.data,
            draft=offer.form.draft(offer.like, offer.language), now=now,
        )
    flash(_("Jullie geven de les. De bedrijven krijgen nu een e-mail en bevestigen binnen vijf dagen."), "success")
    return redirect(url_for("pool_desk.pool", provider=provider, code=code), 303)


def _offer(found: queries.PoolAtProvider, provider: str) -> _Offer | None:
    """Return the offer, filled in; None while it has yet to be said for which of the provider's modules it is."""
    seen, slug = found.seen, found.seen.card.slug if found.seen.card else request.values.get("module", "")
    if not slug:
        return None
    with database().reading() as session:
        work = catalogue.module_for_planning(session, require_actor(), provider, slug)
        places = catalogue.places(session, found.there.provider.id)
    like = max((one for one in work.offering_drafts if one.state is not catalogue.OfferingState.CANCELLED), key=lambda one: one.starts_on, default=None)
    price = seen.pool.price or work.public.price
    standing = queries.standing_at(found, price)
    shown = forms.proposed(
        counts=standing.counts, threshold=seen.pool.threshold, most_seats=seen.pool.most_seats, price=price, like=like, places=places,
        online=seen.pool.area == ONLINE, today=amsterdam_day(utc_now()),
    )
    form = forms.AcceptForm(formdata=None, data=shown | {"module": slug}) if request.method == "GET" else forms.AcceptForm()
    form.offer(standing.counts, places)
    return _Offer(form, slug, like, (work.public.languages or ("nl",))[0], standing)


def _page(found: queries.PoolAtProvider, offer: _Offer | None) -> ResponseReturnValue:
    values = pages.pool_values(found, now=utc_now())
    about: dict[str, Any] = {"form": None, "total": "", "choices": []}
    if offer is not None:
        price = offer.form.price.data
        about |= {"form": offer.form, "total": pages.price_words(price, offer.standing.seats) if isinstance(price, Money) else ""}
    elif values["is_asked"]:
        with database().reading() as session:
            modules = list(catalogue.module_facts(session, today=amsterdam_day(utc_now()), provider_id=found.there.provider.id))
        about["choices"] = pages.module_choices(modules)
    page = render("employers/provider_pool.html", workspace=pages.workspace_values(found.there), pool=values, **about)
    return page, 422 if offer is not None and offer.form.errors else 200


@blueprint.route("/provider/<provider>/pools/<code>/decline", methods=["GET", "POST"])
def decline(provider: str, code: str) -> ResponseReturnValue:
    actor, form = require_actor(), forms.DeclineForm()
    with database().reading() as session:
        found = queries.pool_to_decline(session, actor, provider, code)
    if request.method == "GET" or not form.validate():
        page = render(
            "employers/provider_decline.html", workspace=pages.workspace_values(found.there), pool=pages.pool_values(found, now=utc_now()), form=form,
        )
        return page, 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.decline_pool(session, actor=actor, provider_slug=provider, pool_code=code, reason=form.reason.data or "", now=utc_now())
    flash(_("Jullie geven deze les niet. Het programmabureau weet waarom."), "success")
    return redirect(url_for("pool_desk.pools", provider=provider), 303)


@blueprint.post("/provider/<provider>/pools/<code>/start")
def start(provider: str, code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.start_anyway(session, actor=require_actor(), provider_slug=provider, pool_code=code, now=utc_now())
    flash(_("De groep gaat door. De plekken zijn besteld en iedereen krijgt een e-mail."), "success")
    return redirect(url_for("pool_desk.pool", provider=provider, code=code), 303)
