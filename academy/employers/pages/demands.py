"""Finished values for the pages about a question: asking it, what there is for it, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import url_for

from academy.employers import words
from academy.employers.facts import DemandFacts
from academy.employers.kinds import OPEN_DEMANDS, DemandState, Party, RequestState
from academy.employers.links import demand_token_for
from academy.employers.pages import fitting
from academy.employers.queries.matching import Joined
from academy.employers.queries.requests import RequestFacts
from academy.employers.rules.areas import area_of
from academy.employers.service.matching import Matches
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import moment_text, money, short_day, shown
from academy.kernel.translation import _, ngettext

_LIVE: Final = (DemandState.UNPROVEN, *OPEN_DEMANDS)


def matches_values(found: Matches | None, kept: frozenset[str], dropped: frozenset[str]) -> dict[str, Any]:
    """Return what there is for a question that is being written; `kept` are skills that were ticked, `dropped` those that were taken away."""
    if found is None:
        return {"is_asked": False, "skills": [], "modules": [], "pools": [], "degraded": False, "sentence": ""}
    skills = [
        {"uri": each.uri, "label": shown(each.label), "via": each.via, "checked": each.uri in kept or (not each.via and each.uri not in dropped)}
        for each in found.skills
    ]
    own = {each.uri for each in found.skills}
    skills += [{"uri": uri, "label": shown(found.labels[uri]), "via": "", "checked": True} for uri in sorted(kept - own) if uri in found.labels]
    return {
        "is_asked": True, "skills": skills, "degraded": found.degraded, "sentence": _found_words(found),
        "modules": [fitting.module_values(each, found.labels) for each in found.modules],
        "pools": [fitting.pool_values(each, found.labels) for each in found.pools],
    }


def _found_words(found: Matches) -> str:
    """Return what was found, in a sentence that is read aloud."""
    modules, pools = len(found.modules), len(found.pools)
    if not modules and not pools:
        return _("Hier is nog niets voor. Stel je vraag: dan zoeken we er een aanbieder bij.")
    return _("%(modules)s en %(pools)s die passen.",
             modules=ngettext("%(num)s module", "%(num)s modules", modules), pools=ngettext("%(num)s groep", "%(num)s groepen", pools))


def demand_values(demand: DemandFacts) -> dict[str, Any]:
    """Return a question as its reader wrote it, where it stands, and the ways on."""
    where = [*([words.area_words(area_of(demand.postcode))] if demand.postcode else []), *([words.area_words("")] if demand.online else [])]
    return {
        "code": demand.code, "words": demand.words, "state": words.demand_look(demand.state), "state_label": words.demand_state_words(demand.state),
        "is_unproven": demand.state is DemandState.UNPROVEN, "is_live": demand.state in _LIVE, "is_alone": demand.party is Party.CITIZEN,
        "party": words.party_word(demand.party), "made": short_day(amsterdam_day(demand.made_at)),
        "people": ngettext("%(num)s persoon", "%(num)s mensen", demand.people), "when": words.slots_words(demand.slots), "where": ", ".join(where),
        "by": short_day(demand.wanted_by) if demand.wanted_by else "", "budget": money(demand.most_price) if demand.most_price is not None else "",
        "answer_by": moment_text(demand.answer_by) if demand.answer_by is not None and demand.state is DemandState.OPEN else "",
        "email": demand.email, "url": url_for("demands.mine", code=demand.code), "prove_url": url_for("demands.prove", code=demand.code),
        "withdraw_url": url_for("demands.withdraw", code=demand.code), "answer_url": url_for("demands.answer", token=demand_token_for(demand.id)),
    }


def answer_values(demand: DemandFacts, found: Matches, joined: Sequence[Joined]) -> dict[str, Any]:
    """Return what there is for a question, and the pools that it takes part in."""
    token = demand_token_for(demand.id)
    here = [fitting.joined_values(each.pledge, each.pool, each.standing) for each in joined]
    gathered = {each.pool.module_id for each in joined} | {each.pool.module_id for each in found.pools}
    modules = [
        fitting.module_values(each, found.labels) | {"may_begin": each.module.id not in gathered and each.offering is None} for each in found.modules
    ]
    return {
        "demand": demand_values(demand), "joined": here, "modules": modules, "pools": [fitting.pool_values(each, found.labels) for each in found.pools],
        "degraded": found.degraded,
        "may_begin": all(each.pool.module_id is not None for each in joined), "join_url": url_for("demands.join", token=token),
    }


def tailored_way(demand: DemandFacts, request: RequestFacts | None, *, may_ask: bool) -> dict[str, str] | None:
    """Return the way to have it made, or to the request that was made of it; None where there is neither."""
    if request is not None and request.state is RequestState.OPEN:
        return {"label": _("Bekijk de aanvraag op maat"), "url": url_for("requests.show", code=request.code), "text": _("Aanbieders is gevraagd om een voorstel.")}
    if request is not None:
        return {"label": _("Bekijk de aanvraag op maat"), "url": url_for("requests.show", code=request.code), "text": _("Er is een voorstel gekozen.")}
    if not may_ask:
        return None
    return {
        "label": _("Laat het op maat maken"), "url": url_for("requests.new", kind="demand", code=demand.code),
        "text": _("Past er niets? Vraag aanbieders om een voorstel. Dat kost niets."),
    }


def list_values(demands: Sequence[DemandFacts], joined: Mapping[Any, Sequence[Joined]]) -> list[dict[str, Any]]:
    """Return the questions of one reader, each with the pools it takes part in."""
    return [
        demand_values(demand) | {"joined": [fitting.joined_values(each.pledge, each.pool, each.standing) for each in joined.get(demand.id, ())]}
        for demand in demands
    ]
