"""Finished values for the pages on which a provider reads requests, asks about them, and proposes; alone or with others."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.employers.forms.proposals import ProposalForm
from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.employers.pages.proposal_facts import proposal_values
from academy.employers.pages.provider_pools import until_words
from academy.employers.pages.request_facts import people_words, question_values, request_values
from academy.employers.pages.seats import euros
from academy.employers.queries.proposals import (
    Asked,
    Joined,
    ProposalAtProvider,
    RequestAtProvider,
    RequestsAtProvider,
)
from academy.employers.queries.requests import RequestFacts
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import moment_text, money, number_text, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext, reading_language

_MOMENT: Final = timedelta(seconds=1)
_LIVE: Final = (ProposalState.DRAFT, ProposalState.SENT)


# All that was asked


def list_values(found: RequestsAtProvider, *, now: datetime) -> dict[str, Any]:
    """Return what waits, what is under way, what others ask to give along, and what is over."""
    slug = found.there.provider.slug
    waiting = [_asked_row(one, slug, now) for one in found.asked if one.waits(now)]
    under_way = [one for one in found.asked if not one.waits(now) and _is_under_way(one, now)]
    over = [one for one in found.asked if not one.waits(now) and not _is_under_way(one, now)]
    live = [one for one in found.joined if _is_live(one, now)]
    return {
        "waiting": waiting, "under_way": [_own_row(one, slug) for one in under_way],
        "joined": [_joined_row(one, slug, found.names, now) for one in sorted(live, key=lambda one: not one.waits(now))],
        "over": [*(_over_row(one, slug, now) for one in over), *(_joined_row(one, slug, found.names, now) for one in found.joined if one not in live)],
        "is_empty": not found.asked and not found.joined, "pools_url": url_for("pool_desk.pools", provider=slug),
    }


def _until(moment: datetime) -> str:
    """Return the last day that ends at this moment, short enough for a list."""
    return short_day(amsterdam_day(moment - _MOMENT))


def _is_under_way(one: Asked, now: datetime) -> bool:
    """Tell whether there is a proposal of which it is not known what comes of it."""
    if one.proposal is None or one.request.state is not RequestState.OPEN:
        return False
    return one.proposal.state is ProposalState.SENT or (one.proposal.state is ProposalState.DRAFT and one.is_open(now))


def _is_live(one: Joined, now: datetime) -> bool:
    if one.request.state is not RequestState.OPEN:
        return False
    return one.proposal.state is ProposalState.SENT or (one.proposal.state is ProposalState.DRAFT and now < one.request.proposals_until)


def _row(request: RequestFacts, url: str, clock: str, *notes: str) -> dict[str, Any]:
    note = " · ".join(note for note in notes if note and note != request.title)
    return {"title": request.title, "code": request.code, "url": url, "clock": clock, "note": note, "state": "", "state_label": ""}


def _asked_row(one: Asked, slug: str, now: datetime) -> dict[str, Any]:
    request = one.request
    asking = _("Vragen tot en met %(day)s", day=_until(request.questions_until)) if now < request.questions_until else ""
    budget = _("budget %(price)s", price=money(request.budget)) if request.budget is not None else ""
    return _row(request, _request_url(slug, request), propose_clock(request), asking, people_words(request.people), request.place, budget)


def propose_clock(request: RequestFacts) -> str:
    """Return until when one can propose."""
    return _("Voorstel tot en met %(day)s", day=_until(request.proposals_until))


def _own_row(one: Asked, slug: str) -> dict[str, Any]:
    assert one.proposal is not None
    is_draft = one.proposal.state is ProposalState.DRAFT
    clock = _("Versturen tot en met %(day)s", day=_until(one.request.proposals_until)) if is_draft else _read_words(one.request)
    values = proposal_values(one.proposal, {}, people=one.request.people)
    url = url_for("proposals.show", provider=slug, code=one.proposal.code)
    return _row(one.request, url, clock, one.proposal.title) | {"state": values["state"], "state_label": values["state_label"]}


def _read_words(request: RequestFacts) -> str:
    """Return until when a proposal that was sent can be chosen; not when it is read, for that tells what others did."""
    return _("Wordt gekozen tot en met %(day)s", day=_until(request.choose_until))


def _joined_row(one: Joined, slug: str, names: Mapping[UUID, str], now: datetime) -> dict[str, Any]:
    values = proposal_values(one.proposal, names, people=one.request.people)
    clock = _("Akkoord tot en met %(day)s", day=_until(one.request.proposals_until)) if one.waits(now) else _("Samen met %(name)s", name=values["provider"])
    agreed = _("Jullie zijn akkoord") if one.has_agreed else ""
    url = url_for("proposals.show", provider=slug, code=one.proposal.code)
    lead = _("van %(name)s", name=values["provider"]) if one.waits(now) else ""
    return _row(one.request, url, clock, one.proposal.title, lead, agreed) | {"state": values["state"], "state_label": values["state_label"]}


def _over_row(one: Asked, slug: str, now: datetime) -> dict[str, Any]:
    outcome = outcome_values(one, now=now)
    reason = _("Waarom: %(reason)s", reason=outcome["reason"]) if outcome["reason"] else ""
    row = _row(one.request, _request_url(slug, one.request), propose_clock(one.request), reason)
    return row | {"state": outcome["state"], "state_label": outcome["label"]}


def _request_url(slug: str, request: RequestFacts) -> str:
    return url_for("proposals.request", provider=slug, code=request.code)


def outcome_values(one: Asked, *, now: datetime) -> dict[str, str]:
    """Return how a request ended for a provider: in a few words, in a sentence, and why if that was said; empty as long as it did not."""
    label, state, sentence = _outcome(one, now)
    reason = one.proposal.reason if one.proposal is not None and one.proposal.state is ProposalState.NOT_CHOSEN else ""
    return {"label": label, "state": state, "sentence": sentence, "reason": reason}


def _outcome(one: Asked, now: datetime) -> tuple[str, str, str]:
    proposal = one.proposal.state if one.proposal is not None else None
    if proposal is ProposalState.CHOSEN:
        return _("Jullie zijn gekozen"), "confirmed", _("Jullie voorstel is gekozen.")
    ended = {
        RequestState.CHOSEN: (_("Een ander gekozen"), "finished", _("Een ander voorstel is gekozen.")),
        RequestState.WITHDRAWN: (_("Aanvraag ingetrokken"), "cancelled", _("Deze aanvraag is ingetrokken. Er wordt niets gekozen.")),
        RequestState.LAPSED: (_("Niets gekozen"), "finished", _("Er is niet op tijd gekozen. De aanvraag is voorbij.")),
    }
    if one.request.state is not RequestState.OPEN:
        return ended[one.request.state]
    if proposal is not ProposalState.SENT and not one.is_open(now):
        return _("Geen voorstel"), "finished", _("De tijd voor voorstellen is voorbij. Jullie deden geen voorstel.")
    if proposal is None and one.invite is InviteState.DECLINED:
        return _("Geen voorstel"), "cancelled", _("Jullie doen geen voorstel. Je kunt nog van gedachten veranderen.")
    return "", "", ""


# One request


def page_values(found: RequestAtProvider, *, now: datetime) -> dict[str, Any]:
    """Return one request with its questions, our own proposal and what can be done now."""
    asked, slug, can_plan = found.asked, found.there.provider.slug, found.there.rights.plan
    at: dict[str, Any] = {"provider": slug, "code": asked.request.code}
    is_free = asked.is_open(now) and (asked.proposal is None or asked.proposal.state not in _LIVE)
    own = proposal_values(asked.proposal, found.names, people=asked.request.people, places=found.places) if asked.proposal is not None else None
    return {
        "asked": request_values(asked.request, now=now), "questions": question_values(found.questions), "outcome": outcome_values(asked, now=now),
        "own": own | {"url": url_for("proposals.show", provider=slug, code=own["code"])} if own is not None else None,
        "own_clock": _own_clock(asked, now), "may_ask": can_plan and asked.request.state is RequestState.OPEN and now < asked.request.questions_until,
        "may_propose": can_plan and is_free, "may_decline": can_plan and is_free and asked.invite is InviteState.INVITED,
        "ask_url": url_for("proposals.ask", **at), "new_url": url_for("proposals.new", **at), "decline_url": url_for("proposals.decline", **at),
        "until": until_words(asked.request.proposals_until), "list_url": url_for("proposals.requests", provider=slug),
    }


def _own_clock(asked: Asked, now: datetime) -> str:
    if asked.proposal is None or asked.request.state is not RequestState.OPEN:
        return ""
    if asked.proposal.state is ProposalState.SENT:
        return _read_words(asked.request)
    return _("Versturen tot en met %(day)s", day=until_words(asked.request.proposals_until)) if asked.is_open(now) else ""


# One proposal


def form_values(request: RequestFacts, form: ProposalForm, *, slug: str, now: datetime) -> dict[str, Any]:
    """Return what stands beside the form: what is asked, what a seat costs at these prices, and where one comes from."""
    cost = form.cost(request.people)
    return {
        "asked": request_values(request, now=now), "cost": cost_words(*cost) if cost is not None else "",
        "url": _request_url(slug, request), "list_url": url_for("proposals.requests", provider=slug),
    }


def cost_words(seats: int, each: Money) -> str:
    """Return what one seat costs, and all that are bought."""
    return ngettext(
        "Bij %(num)s plek kost één plek %(each)s, samen %(total)s.", "Bij %(num)s plekken kost één plek %(each)s, samen %(total)s.", seats,
        num=number_text(seats), each=euros(each), total=euros(Money(each.cents * seats)),
    )


def show_values(found: ProposalAtProvider, *, now: datetime) -> dict[str, Any]:
    """Return one proposal as it is read, and what can be done with it."""
    request, proposal, slug = found.request, found.proposal, found.there.provider.slug
    at: dict[str, Any] = {"provider": slug, "code": proposal.code}
    can_plan, is_draft = found.there.rights.plan, proposal.state is ProposalState.DRAFT
    is_in_time = request.state is RequestState.OPEN and now < request.proposals_until
    waiting = [found.names.get(partner, "") for partner, has_agreed in proposal.partners if not has_agreed]
    is_past = proposal.starts_on <= amsterdam_day(now)
    leads = can_plan and found.is_lead
    return {
        "proposal": proposal_values(proposal, found.names, people=request.people, places=found.places), "asked": request_values(request, now=now),
        "words_lang": "" if request.language == reading_language() else request.language, "is_lead": found.is_lead, "is_draft": is_draft,
        "sentence": _where_it_stands(found, now), "until": until_words(request.proposals_until),
        "waiting_for": ", ".join(waiting) if is_draft and is_in_time and found.is_lead else "", "is_past": is_draft and is_in_time and is_past,
        "may_send": leads and is_draft and is_in_time and not waiting and not is_past, "may_change": leads and is_draft and is_in_time,
        "may_withdraw": leads and proposal.state in _LIVE and request.state is RequestState.OPEN,
        "may_agree": can_plan and not found.is_lead and is_draft and is_in_time and not found.has_agreed,
        "send_url": url_for("proposals.send", **at), "change_url": url_for("proposals.change", **at), "withdraw_url": url_for("proposals.withdraw", **at),
        "agree_url": url_for("proposals.agree", **at), "request_url": _request_url(slug, request) if found.is_lead else "",
        "list_url": url_for("proposals.requests", provider=slug), **_class_values(found),
    }


def _where_it_stands(found: ProposalAtProvider, now: datetime) -> str:
    """Return where a proposal stands in a sentence; empty as long as it is for this provider to do something."""
    request, proposal = found.request, found.proposal
    if proposal.state is ProposalState.SENT and proposal.sent_at is not None:
        return _("Verstuurd op %(moment)s.", moment=moment_text(proposal.sent_at)) + " " + _sealed_words(request, now)
    if proposal.state is ProposalState.DRAFT:
        if now >= request.proposals_until:
            return _("De tijd voor voorstellen is voorbij. Dit voorstel is niet verstuurd.")
        return _("Jullie zijn akkoord met dit voorstel.") if found.has_agreed else ""
    ended = {
        ProposalState.CHOSEN: _("Dit voorstel is gekozen."), ProposalState.NOT_CHOSEN: _("Dit voorstel is niet gekozen."),
        ProposalState.WITHDRAWN: _("Dit voorstel is ingetrokken."),
    }
    return ended[proposal.state]


def _sealed_words(request: RequestFacts, now: datetime) -> str:
    if now < request.proposals_until:
        return _(
            "Het blijft dicht tot en met %(day)s. Hebben alle aanbieders eerder geantwoord? Dan gaat het eerder open.", day=until_words(request.proposals_until),
        )
    return _("Wie het vroeg, kan nu kiezen, tot en met %(day)s.", day=until_words(request.choose_until))


def _class_values(found: ProposalAtProvider) -> dict[str, Any]:
    """Return what there is to do with the class of a chosen proposal, for who leads it."""
    if found.offering is None or not found.is_lead:
        return {"class_url": "", "class_todo": ""}
    return {
        "class_url": url_for("workspace.offering", provider=found.there.provider.slug, code=found.offering.code), "class_todo": _class_todo(found, found.offering),
    }


def _class_todo(found: ProposalAtProvider, offering: catalogue.OfferingFacts) -> str:
    if offering.state is catalogue.OfferingState.CONCEPT:
        if found.request.is_of_pool:
            return _("De bedrijven bevestigen nu hun plekken. Zijn het er genoeg? Dan gaat de les vanzelf open. Vul de module intussen aan.")
        return _("De module en het startmoment staan klaar als concept. Maak ze compleet en open het startmoment. Dan zijn de plekken besteld.")
    return _("Het startmoment staat open.") if offering.state is catalogue.OfferingState.ACTIVE else _("Het startmoment gaat niet door.")
