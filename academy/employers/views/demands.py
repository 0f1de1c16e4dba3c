"""Pages about a question of an employer, a citizen or a school: asking it, the answer at once, proving it, and one's own questions."""

from dataclasses import replace

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import attempts, current_actor, require_actor
from academy.employers import links, queries, service
from academy.employers.drafts import DemandDraft
from academy.employers.errors import DemandGone
from academy.employers.facts import DemandFacts
from academy.employers.forms.demands import DemandForm, JoinForm, ProveForm
from academy.employers.kinds import DemandState, Party
from academy.employers.pages import demands as pages
from academy.employers.queries.firms import Firm, firm_of, firm_to_prove
from academy.employers.queries.matching import pools_joined
from academy.employers.queries.recognising import recognised_skills
from academy.employers.queries.replies import reply_to
from academy.employers.queries.request_pages import may_ask_for_demand, request_of_demand
from academy.employers.service.matching import matches_for
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.formats import paragraphs
from academy.kernel.ids import new_id
from academy.kernel.translation import _, reading_language
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render, throttled
from academy.search.errors import AskedTooOften

blueprint = localized_blueprint("demands", __name__)

_OVER = (DemandState.WITHDRAWN, DemandState.LAPSED, DemandState.MET)


@blueprint.route("/demand", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=300)
def post() -> ResponseReturnValue:
    form, firm = _form()
    if request.method == "GET":
        return _page(form, firm, matches=None)
    if not form.validate():
        return _page(form, firm, matches=_draft(form, firm)), 422
    return _ask(form, _draft(form, firm))


@blueprint.post("/demand/matches")
@open_to_all
@throttled(a_minute=1_200)
def matches() -> ResponseReturnValue:
    """Answer with what there is for what is being written: a part of the page for htmx, the whole page for a button."""
    if "HX-Request" in request.headers:
        form = DemandForm()
        return render("employers/_matches.html", matches=_matches(form, _draft(form, None)))
    form, firm = _form()
    return _page(form, firm, matches=_draft(form, firm))


def _form() -> tuple[DemandForm, Firm | None]:
    actor = current_actor()
    firm = None
    if actor is not None:
        with database().reading() as db_session:
            firm = firm_of(db_session, actor, acting=str(session.get("acting", {}).get("slug", "")))
    first = {"request_key": new_id(), "party": (firm.party if firm else Party.EMPLOYER).value}
    form = DemandForm(formdata=None, data={**first, "words": request.args.get("q", "")}) if request.method == "GET" else DemandForm()
    form.ask_of(actor.email if actor else None, has_firm=firm is not None)
    return form, firm


def _draft(form: DemandForm, firm: Firm | None) -> DemandDraft:
    return form.draft(reading_language(), kvk_number=firm.kvk_number if firm else "", today=amsterdam_day(utc_now()))


def _matches(form: DemandForm, draft: DemandDraft) -> dict[str, object]:
    found = matches_for(draft, language=draft.language, dropped=form.dropped, now=utc_now()) if draft.words else None
    return pages.matches_values(found, frozenset(draft.skills), form.dropped)


def _page(form: DemandForm, firm: Firm | None, *, matches: DemandDraft | None) -> str:
    shown = _matches(form, matches) if matches is not None else pages.matches_values(None, frozenset(), frozenset())
    actor = current_actor()
    return render("employers/post.html", form=form, matches=shown, firm=firm, own_email=actor.email if actor else None)


def _ask(form: DemandForm, draft: DemandDraft) -> ResponseReturnValue:
    actor, now = current_actor(), utc_now()
    counted = None if actor is not None else attempts("demand", draft.email, now=now)
    if counted is not None and (counted.too_many_links or counted.mailbox_is_full):
        raise AskedTooOften
    with database().writing() as db_session:
        if not form.shown.data:  # nobody saw what was recognised: all of it counts
            meant = recognised_skills(db_session, draft.words)
            draft = replace(draft, skills=tuple(each.uri for each in meant if not each.via))
        code = service.post_demand(
            db_session, draft=draft, actor=actor, request_key=form.key, next_path=f"/{reading_language()}/my/demands/{{code}}/prove", now=now,
        )
        made = queries.demand_with_code(db_session, code)
    if actor is not None and made.state is DemandState.UNPROVEN:
        return redirect(url_for("demands.prove", code=code), 303)
    return redirect(url_for("demands.answer", token=links.demand_token_for(made.id)), 303)


# The answer


@blueprint.get("/demand/answer/<token>")
@open_to_all
@throttled(a_minute=300)
def answer(token: str) -> ResponseReturnValue:
    with database().reading() as db_session:
        demand = _asked(queries.demand_by_id(db_session, links.demand_id_of(token)))
        joined, reply = pools_joined(db_session, [demand.id])[demand.id], reply_to(db_session, demand.id)
    found = matches_for(demand, language=reading_language(), but=tuple(each.pool.id for each in joined), reads=False, now=utc_now())
    return render("employers/answer.html", form=ActForm(), reply=paragraphs(reply), **pages.answer_values(demand, found, joined))


@blueprint.post("/demand/answer/<token>")
@open_to_all
@throttled(a_minute=60)
def join(token: str) -> ResponseReturnValue:
    """Join a pool, or begin one for a module or for the question itself."""
    form, now, actor = JoinForm(), utc_now(), current_actor()
    next_path = f"/{reading_language()}/my/pledges/{{code}}/prove"
    with database().writing() as db_session:
        demand = _asked(queries.demand_by_id(db_session, links.demand_id_of(token)))
        service.join_for_demand(
            db_session, demand=demand, pool_code=form.pool.data or "", module_slug=form.module.data or "", actor=actor, next_path=next_path, now=now,
        )
    flash(_("Gelukt. Hieronder zie je hoe de groep ervoor staat."), "success")
    return redirect(url_for("demands.answer", token=token), 303)


def _asked(demand: DemandFacts) -> DemandFacts:
    if demand.state in _OVER:
        raise DemandGone
    return demand


# One's own


@blueprint.route("/my/demands/<code>/prove", methods=["GET", "POST"])
def prove(code: str) -> ResponseReturnValue:
    actor, form = require_actor(), ProveForm()
    with database().reading() as db_session:
        demand = queries.demand_to_act_on(db_session, actor, code)
        firm = firm_to_prove(db_session, actor, demand)
    if demand.state is not DemandState.UNPROVEN:
        return redirect(url_for("demands.mine", code=demand.code))
    form.ask(name=firm.asks_name)
    if request.method == "GET" or not form.is_in_order():
        page = render("employers/prove_demand.html", form=form, firm=firm, demand=pages.demand_values(demand))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as db_session:
        are_all = service.prove_demand(db_session, actor=actor, code=code, firm_name=form.name, now=utc_now())
    flash(_("Gelukt. Je vraag telt nu mee.") if are_all else _("Je vraag telt nu mee. Maar je groep is intussen vol. Kijk wat er nog meer past."), "success")
    return redirect(url_for("demands.mine", code=demand.code), 303)


@blueprint.get("/my/demands")
def my_demands() -> ResponseReturnValue:
    with database().reading() as db_session:
        found = queries.demands_of(db_session, require_actor())
        joined = pools_joined(db_session, [each.id for each in found])
    return render("employers/my_demands.html", demands=pages.list_values(found, joined))


@blueprint.get("/my/demands/<code>")
def mine(code: str) -> ResponseReturnValue:
    with database().reading() as db_session:
        demand = queries.demand_to_act_on(db_session, require_actor(), code)
        joined, may_ask = pools_joined(db_session, [demand.id]), may_ask_for_demand(db_session, require_actor(), demand)
        made = request_of_demand(db_session, demand.id) if demand.organisation_id is not None else None
    way = pages.tailored_way(demand, made, may_ask=may_ask)
    return render("employers/demand_page.html", form=ActForm(), demand=pages.list_values([demand], joined)[0], tailored=way)


@blueprint.post("/my/demands/<code>/withdraw")
def withdraw(code: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        service.withdraw_demand(db_session, actor=require_actor(), code=code, now=utc_now())
    flash(_("Je vraag is ingetrokken. Je zit nergens meer aan vast."), "success")
    return redirect(url_for("demands.my_demands"), 303)
