"""Pages of pools: what gathers, one pool and joining it, proving a pledge, and the page behind the link in a letter."""

from dataclasses import replace
from datetime import datetime

from flask import Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import Actor
from academy.accounts.login import attempts, current_actor, require_actor
from academy.employers import links, queries, service
from academy.employers.facts import PoolFacts
from academy.employers.forms.pools import ConfirmForm, EmptySeatsForm, PledgeForm, ProveForm, TermsForm, WhereForm
from academy.employers.kinds import OPEN_POOLS, Party, PledgeState
from academy.employers.pages import beside as beside_pages
from academy.employers.pages import pledges as pledge_pages
from academy.employers.pages import pools as pages
from academy.employers.queries import pool_pages as reads
from academy.employers.queries.beside import gathering_for
from academy.employers.queries.firms import Firm, firm_of
from academy.employers.queries.pool_pages import PledgeByLetter
from academy.employers.queries.request_pages import may_ask_for_pool
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _, reading_language
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render, throttled
from academy.search.errors import AskedTooOften

blueprint = localized_blueprint("gathering", __name__)

_LAST_PAGE = 1_000


@blueprint.get("/pools")
@open_to_all
def pools() -> ResponseReturnValue:
    form = WhereForm(request.args)
    is_right, page = form.validate(), min(_LAST_PAGE, max(1, request.args.get("page", 1, type=int)))
    area, only_online = form.area, bool(form.online.data)
    with database().reading() as db_session:
        found, number = reads.open_pools(db_session, area=area, only_online=only_online, page=page)
    shown = pages.list_values(found, number, page=page, area=area, only_online=only_online)
    return render("employers/pools.html", form=form, pools=shown), 200 if is_right else 422


@blueprint.get("/pools/for-modules")
@open_to_all
@throttled(a_minute=1_200)
def for_modules() -> ResponseReturnValue:
    """Answer with who gathers for modules; a page of results and the page of a module take the part that they show out of it."""
    asked = beside_pages.module_ids(request.args.getlist("of"))
    with database().reading() as db_session:
        found = gathering_for(db_session, asked)
    return render("employers/beside.html", **beside_pages.beside_values(found, asked))


@blueprint.route("/pools/<code>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def pool(code: str) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading() as db_session:
        full = reads.pool_in_full(db_session, code, actor)
        firm = None if actor is None else firm_of(db_session, actor, acting=str(session.get("acting", {}).get("slug", "")))
    party = _party(firm, is_signed_in=actor is not None)
    form = PledgeForm(formdata=None) if request.method == "GET" else PledgeForm()
    form.ask_of(party, actor.email if actor else None)
    if request.method == "POST" and form.validate() and full.view.pool.state in OPEN_POOLS:
        return _take_part(full.view.pool, form, party, actor, firm)
    values = {"pool": pages.pool_values(full, now=utc_now()), "ways": pages.ways_to_join(code, party), "firm": firm, "party": party.value}
    return render("employers/pool.html", form=form, **values), 200 if request.method == "GET" else 422


def _party(firm: Firm | None, *, is_signed_in: bool) -> Party:
    """Return for whom the reader takes part: as the address says, else as what they are known for."""
    asked = request.args.get("who", "")
    if asked in set(Party):
        return Party(asked)
    return firm.party if firm is not None else Party.CITIZEN if is_signed_in else Party.EMPLOYER


def _take_part(pool: PoolFacts, form: PledgeForm, party: Party, actor: Actor | None, firm: Firm | None) -> ResponseReturnValue:
    draft, now = form.draft(party, reading_language()), utc_now()
    counted = None if actor is not None else attempts("demand", draft.email, now=now)
    if counted is not None and (counted.too_many_links or counted.mailbox_is_full):
        raise AskedTooOften
    is_known = actor is not None and (party is Party.CITIZEN or firm is not None)
    with database().writing() as db_session:
        code = service.make_pledge(
            db_session, pool_code=pool.code, draft=draft, actor=actor if is_known else None, demand_id=None, now=now,
            next_path=f"/{reading_language()}/my/pledges/{{code}}/prove", firm_id=firm.id if firm else None,
        )
    if actor is not None:
        return redirect(url_for("gathering.prove", code=code), 303)
    flash(_("We hebben een e-mail gestuurd naar %(email)s. Klik op de link in die e-mail. Dan tel je mee.", email=draft.email), "info")
    return redirect(url_for("gathering.pool", code=pool.code), 303)


@blueprint.route("/my/pledges/<code>/prove", methods=["GET", "POST"])
def prove(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), ProveForm()
    with database().reading() as db_session:
        pledge = queries.pledge_to_act_on(db_session, actor, code)
        firms = reads.firms_to_choose(db_session, actor)
        pool = queries.pool_by_id(db_session, pledge.pool_id)
    if pledge.state is not PledgeState.UNPROVEN:
        return redirect(url_for("gathering.pledge", token=links.pledge_token_for(pledge.id)))
    form.ask_of(pledge.party, firms)
    if request.method == "GET" or not form.validate():
        page = render("employers/prove_pledge.html", form=form, prove=pledge_pages.prove_values(pledge, pool, firms))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as db_session:
        service.prove_pledge(db_session, actor=actor, code=code, now=utc_now(), **form.given)
    flash(_("Gelukt. Je telt nu mee."), "success")
    return redirect(url_for("gathering.pledge", token=links.pledge_token_for(pledge.id)), 303)


# By the link in a letter


@blueprint.get("/pledges/<token>")
@open_to_all
@throttled(a_minute=300)
def pledge(token: str) -> ResponseReturnValue:
    now = utc_now()
    return _page(_there(token, now), now)


@blueprint.post("/pledges/<token>/change")
@open_to_all
@throttled(a_minute=60)
def change(token: str) -> ResponseReturnValue:
    now, form = utc_now(), TermsForm()
    there = _there(token, now)
    form.ask_of_party(there.pledge.party)
    if not form.validate():
        return _page(there, now, terms=form)
    with database().writing() as db_session:
        service.change_pledge(
            db_session, pledge=there.pledge, seats=form.chosen_seats, slots=form.chosen_slots, most_price=form.chosen_price, now=now,
        )
    return _done(token, _("Je toezegging is aangepast."))


@blueprint.post("/pledges/<token>/withdraw")
@open_to_all
@throttled(a_minute=60)
def withdraw(token: str) -> ResponseReturnValue:
    there, now = _there(token, utc_now()), utc_now()
    with database().writing() as db_session:
        service.withdraw_pledge(db_session, pledge=there.pledge, now=now)
    return _done(token, _("Je toezegging is ingetrokken. Je zit nergens meer aan vast."))


@blueprint.post("/pledges/<token>/confirm")
@open_to_all
@throttled(a_minute=60)
def confirm(token: str) -> ResponseReturnValue:
    now, form = utc_now(), ConfirmForm()
    there = _there(token, now)
    _offer(form, there)
    if pledge_pages.is_to_confirm(there, now=now) and not form.validate():
        return _page(there, now, confirm=form)
    with database().writing() as db_session:
        service.confirm_by_letter(
            db_session, pledge=there.pledge, agreed=form.agreed, billing=form.billing(there.firm, there.pledge.email), now=now,
        )
    return _done(token, _("Bevestigd. We houden je plekken vast."))


@blueprint.post("/pledges/<token>/decline")
@open_to_all
@throttled(a_minute=60)
def decline(token: str) -> ResponseReturnValue:
    there, now = _there(token, utc_now()), utc_now()
    with database().writing() as db_session:
        service.decline_pledge(db_session, pledge_id=there.pledge.id, now=now)
    return _done(token, _("Je doet niet mee. Je betaalt niets."))


@blueprint.post("/pledges/<token>/extend")
@open_to_all
@throttled(a_minute=60)
def extend(token: str) -> ResponseReturnValue:
    there, now = _there(token, utc_now()), utc_now()
    with database().writing() as db_session:
        service.extend_pool(db_session, pledge=there.pledge, by=there.pledge.person_id, now=now)
    return _done(token, _("De groep krijgt meer tijd."))


@blueprint.post("/pledges/<token>/pay-empty-seats")
@open_to_all
@throttled(a_minute=60)
def pay_empty(token: str) -> ResponseReturnValue:
    there, now, form = _there(token, utc_now()), utc_now(), EmptySeatsForm()
    with database().writing() as db_session:
        service.pay_empty_seats(
            db_session, pledge=replace(there.pledge, seats=form.had_seats), seats=form.seats, shown=form.price, by=there.pledge.person_id, now=now,
        )
    return _done(token, _("Gelukt. Jullie betalen ook de lege plekken."))


@blueprint.post("/pledges/<token>/leave")
@open_to_all
@throttled(a_minute=60)
def leave(token: str) -> ResponseReturnValue:
    there, now = _there(token, utc_now()), utc_now()
    with database().writing() as db_session:
        service.leave_short(db_session, pledge=there.pledge, now=now)
    return _done(token, _("Je bent uit de groep. Je betaalt niets."))


def _there(token: str, now: datetime) -> PledgeByLetter:
    with database().reading() as db_session:
        return reads.pledge_by_letter(db_session, links.pledge_id_of(token), now=now)


def _offer(form: ConfirmForm, there: PledgeByLetter) -> None:
    """Ask for no more than is needed to confirm."""
    form.offer(pays=pledge_pages.ways_to_pay(there), asks_billing=there.asks_billing, costs_more=pledge_pages.costs_more(there))


def _page(there: PledgeByLetter, now: datetime, *, terms: TermsForm | None = None, confirm: ConfirmForm | None = None) -> Response:
    """Answer with the page of a pledge, whose address is a secret: into no search engine; that it goes to no other site, every page says."""
    facts, is_wrong = there.pledge, terms is not None or confirm is not None
    if terms is None:
        terms = TermsForm(formdata=None, data={"seats": facts.seats, "slots": list(facts.slots), "most_price": facts.most_price})
        terms.ask_of_party(facts.party)
    if confirm is None:
        confirm = ConfirmForm(formdata=None, data={"legal_name": there.firm.name if there.firm else "", "shown": str(pledge_pages.price_of(there).cents)})
        _offer(confirm, there)
    shown = pledge_pages.pledge_values(there, now=now)
    page = render("employers/pledge.html", pledge=shown, terms=terms, confirm=confirm, form=confirm if confirm.errors else terms, act=ActForm(), tailored_url=_tailored(there))
    return Response(page, 422 if is_wrong else 200, {"X-Robots-Tag": "noindex"})


def _tailored(there: PledgeByLetter) -> str:
    """Return where who is signed in has a module made for a pool that has none; "" for who may not."""
    actor = current_actor()
    if actor is None:
        return ""
    with database().reading() as db_session:
        may_ask = may_ask_for_pool(db_session, actor, there.pledge, there.pool)
    return url_for("requests.new", kind="pool", code=there.pool.code) if may_ask else ""


def _done(token: str, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("gathering.pledge", token=token), 303)
