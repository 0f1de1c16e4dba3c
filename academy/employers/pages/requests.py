"""Finished values for who has a module made: the form, how a request stands and what is to be done now, and the choice."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.catalogue import api as catalogue
from academy.employers import words
from academy.employers.errors import BillingNeeded, PoolClosed, SlotTaken
from academy.employers.forms.requests import LONGEST_TITLE, RequestForm
from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.employers.pages.proposal_facts import proposal_values
from academy.employers.pages.provider_pools import until_words
from academy.employers.pages.request_facts import lang_of, people_words, question_values, request_values
from academy.employers.pages.seats import budget_choices, euros
from academy.employers.queries.request_pages import Choice, Moments, RequestInFull, Source
from academy.employers.queries.requests import Compared, compared
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import Refusal
from academy.kernel.formats import day, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _, _l, ngettext
from academy.kernel.working_days import working_day_after

QUESTION_DAYS: Final = 5  # working days, to ask
PROPOSAL_DAYS: Final = 10  # working days, to propose
_MOMENT: Final = timedelta(seconds=1)
_INVITES: Final = {
    InviteState.INVITED: (_l("Nog geen antwoord"), "few"), InviteState.PROPOSED: (_l("Deed een voorstel"), "confirmed"),
    InviteState.DECLINED: (_l("Doet geen voorstel"), "finished"),
}

# Asking


def first_values(source: Source, today: date) -> dict[str, Any]:
    """Return what stands in the form first."""
    title = " ".join(source.words.split())
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rpartition(" ")[0] or title[:LONGEST_TITLE]
    return {
        "title": title, "able": source.words, "questions_on": working_day_after(today, QUESTION_DAYS),
        "proposals_on": working_day_after(today, PROPOSAL_DAYS), "wanted_by": source.wanted_by,
        "place": words.area_words(source.area) if source.area is not None else "",
        "budget": Money(source.price.cents * source.people) if source.price is not None and not source.price.is_zero else None,
    }


def new_values(source: Source, providers: Sequence[tuple[catalogue.ProviderFacts, int]], form: RequestForm) -> dict[str, Any]:
    """Return of what the request is made, and whom one can ask: who gives something like it first, the others folded."""
    chosen = set(form.chosen_providers)
    rows = [
        {
            "id": f"provider-{number}", "slug": one.slug, "name": one.name, "checked": one.slug in chosen,
            "note": ngettext("geeft al %(num)s module die erop lijkt", "geeft al %(num)s modules die erop lijken", fits) if fits else one.city,
            "is_likely": fits > 0,
        }
        for number, (one, fits) in enumerate(providers)
    ]
    return {
        "of": source.firm or _("Groep %(code)s", code=source.code), "is_pool": source.kind == "pool",
        "trail": [source_link(source.kind, source.code) if source.acts or source.kind == "pool" else _office_link()],
        "facts": [(_("Voor hoeveel mensen"), people_words(source.people)), (_("Wanneer ze kunnen"), words.slots_words(source.slots))],
        "likely": [row for row in rows if row["is_likely"]], "others": [row for row in rows if not row["is_likely"]],
        "others_open": not any(row["is_likely"] for row in rows) or any(row["checked"] for row in rows if not row["is_likely"]),
        "folded": _("Vragen tot en met %(questions)s, voorstellen tot en met %(proposals)s. Plaats en budget.",
                    questions=_day_words(form.questions_on.data), proposals=_day_words(form.proposals_on.data)),
    }


def _day_words(value: date | None) -> str:
    return short_day(value) if value is not None else "?"


def source_link(kind: str, code: str) -> tuple[str, str]:
    """Return words and address of the demand or the pool that a request is made of."""
    return (_("De groep"), url_for("gathering.pool", code=code)) if kind == "pool" else (_("Je vraag"), url_for("demands.mine", code=code))


def _office_link() -> tuple[str, str]:
    return _("Aanvragen op maat"), url_for("requests.office")


def trail_of(full: RequestInFull) -> list[tuple[str, str]]:
    """Return the way back: to the questions of one's firm, or to the list of the programme office."""
    if not full.acts:
        return [_office_link()]
    return [(_("Vragen van %(name)s", name=full.firm.name), url_for("desk.demand", organisation=full.firm.slug))]


# One request


def show_values(full: RequestInFull, *, now: datetime) -> dict[str, Any]:
    """Return how a request stands for who asked: what is to be done now first."""
    seen, code = full.seen, full.seen.request.code
    rows = compared(seen.request, seen.proposals)
    questions = question_values(seen.questions)
    return {
        "request": request_values(seen.request, now=now), "firm": "" if seen.request.is_of_pool else full.firm.name, "is_pool": seen.request.is_of_pool,
        "now": next_values(full, now=now), "trail": trail_of(full),
        "source": source_link(*full.source) if full.source[0] == "pool" or (full.source[0] and full.acts) else ("", ""),
        "open_questions": [one for one in questions if not one["answer"]] if seen.request.state is RequestState.OPEN else [],
        "questions": [one for one in questions if one["answer"] or seen.request.state is not RequestState.OPEN],
        "invites": [
            {"name": full.names.get(provider_id, ""), "label": str(_INVITES[state][0]), "look": _INVITES[state][1]}
            for provider_id, state in sorted(seen.invites, key=lambda each: full.names.get(each[0], "").casefold())
        ],
        "proposals": [proposal_row(full, one) for one in rows], "may_choose": seen.may_choose and full.may_decide,
        "for_people": _("voor %(people)s", people=people_words(seen.request.people)), "has_budget": seen.request.budget is not None,
        "moments": moment_values(full.moments, seen.request.state), "withdraw_url": url_for("requests.withdraw", code=code),
        "is_open": seen.request.state is RequestState.OPEN, "answer_urls": {
            one["key"]: url_for("requests.answer", code=code, question=one["key"]) for one in questions
        },
    }


def proposal_row(full: RequestInFull, one: Compared) -> dict[str, Any]:
    """Return a proposal beside others."""
    proposal, request = one.proposal, full.seen.request
    found = proposal_values(proposal, full.names, people=request.people, places=full.places)
    return found | {
        "is_chosen": proposal.state is ProposalState.CHOSEN, "is_within": one.is_within_budget,
        "within": "" if request.budget is None else _("binnen het budget") if one.is_within_budget else _("boven het budget"),
        "with_whom": _("samen met %(names)s", names=", ".join(each["name"] for each in found["partners"])) if found["partners"] else "",
        "choose_url": url_for("requests.choose", code=request.code, proposal=proposal.code),
    }


def next_values(full: RequestInFull, *, now: datetime) -> dict[str, Any]:
    """Return the one thing to do now, as a heading, a sentence and where it leads: ("", "") where one waits."""
    heading, text, way = {
        RequestState.OPEN: _next_open, RequestState.CHOSEN: _next_chosen, RequestState.WITHDRAWN: _next_withdrawn, RequestState.LAPSED: _next_lapsed,
    }[full.seen.request.state](full, now)
    return {"heading": heading, "text": text, "label": way[0], "url": way[1]}


_Next = tuple[str, str, tuple[str, str]]


def _next_open(full: RequestInFull, now: datetime) -> _Next:
    seen, request = full.seen, full.seen.request
    waiting = sum(not one.answer for one in seen.questions)
    if waiting and not seen.may_choose:
        return (
            ngettext("Beantwoord eerst %(num)s vraag", "Beantwoord eerst %(num)s vragen", waiting),
            _("Met je antwoord maken aanbieders een beter voorstel. Alle aanbieders die je vroeg, lezen het."), ("", ""),
        )
    if now >= request.choose_until:
        return _("De tijd om te kiezen is voorbij"), _("Niemand koos op tijd. Je betaalt niets."), _again(full)
    if seen.may_choose and not seen.proposals:
        return (
            _("Niemand deed een voorstel"), _("Trek de aanvraag in. Vraag daarna andere aanbieders, of geef hun meer tijd."),
            (_("Trek de aanvraag in"), url_for("requests.withdraw", code=request.code)),
        )
    if seen.may_choose and full.may_decide:
        return (
            _("Kies een voorstel"), _("Kiezen kan tot en met %(day)s. Kies je niets? Dan stopt de aanvraag en betaal je niets.", day=until_words(request.choose_until)),
            ("", ""),
        )
    if seen.may_choose:
        return (
            _("%(firm)s kan nu kiezen", firm=full.firm.name),
            _("Het bedrijf kiest zelf, want het betaalt ook. Dat kan tot en met %(day)s.", day=until_words(request.choose_until)), ("", ""),
        )
    return _("Je hoeft nu niets te doen"), _waiting_words(full), ("", "")


def _waiting_words(full: RequestInFull) -> str:
    number, opens = full.seen.number_sent, day(amsterdam_day(full.seen.request.proposals_until))
    said = ngettext("Er is %(num)s voorstel.", "Er zijn %(num)s voorstellen.", number) if number else _("Er is nog geen voorstel.")
    return " ".join((said, _("Je leest de voorstellen vanaf %(day)s, of eerder als alle aanbieders antwoordden.", day=opens)))


def _next_chosen(full: RequestInFull, _now: datetime) -> _Next:
    kind, code = full.source
    state = full.offering.offering.state if full.offering is not None else None
    if full.seen.request.is_of_pool:
        link = (_("Bekijk de groep"), url_for("gathering.pool", code=code)) if kind else ("", "")
        if state is catalogue.OfferingState.CANCELLED:
            return _("De les is afgezegd"), _("De aanbieder geeft deze les niet. Wie bevestigde, betaalt niets."), link
        return _("Er is gekozen"), _("Elk bedrijf in de groep kreeg een e-mail. Ieder bevestigt zelf de eigen plekken. Gaan er genoeg mee? Dan gaat de les door."), link
    if state is catalogue.OfferingState.CANCELLED:
        return _("De les is afgezegd"), _("De aanbieder geeft deze les niet. Jullie betalen niets. Vraag het opnieuw aan anderen."), _again(full)
    block_id = full.seen.request.block_id
    link = ("", "") if block_id is None else (_("Bekijk jullie plekken"), url_for("firm_seats.block", organisation=full.firm.slug, block=block_id.hex))
    if not full.acts:
        link = ("", "")
    if state is catalogue.OfferingState.CONCEPT:
        return (
            _("De aanbieder zet de les klaar"),
            _("De plekken zijn voor jullie vastgehouden. Zodra de aanbieder de les opent, zijn ze besteld. Dan geef je door wie er komen."), link,
        )
    return _("De les staat klaar"), _("De plekken zijn besteld. Geef nu door wie er komen."), link


def _next_withdrawn(full: RequestInFull, _now: datetime) -> _Next:
    return _("Deze aanvraag is ingetrokken"), _("De aanbieders weten dat. Je betaalt niets."), _again(full)


def _next_lapsed(full: RequestInFull, _now: datetime) -> _Next:
    said = _("Niemand koos op tijd. Je betaalt niets.") if full.moments.answered_at is not None else _("Geen aanbieder deed op tijd een voorstel. Je betaalt niets.")
    return _("Deze aanvraag is gestopt"), said, _again(full)


def _again(full: RequestInFull) -> tuple[str, str]:
    kind, code = full.source
    return (_("Doe een nieuwe aanvraag"), url_for("requests.new", kind=kind, code=code)) if kind else (_("Stel een nieuwe vraag"), url_for("demands.post"))


def moment_values(moments: Moments, state: RequestState) -> list[tuple[str, str, str]]:
    """Return when it was asked, when the first proposal came, and when the class was chosen: a label, a day, and after how many days that was."""
    answered, chosen = moments.answered_at, moments.ended_at if state is RequestState.CHOSEN else None
    steps: Iterable[tuple[str, datetime | None]] = (
        (_("Vraag gesteld"), moments.asked_at), (_("Eerste voorstel"), answered), (_("Les gekozen"), chosen),
    )
    return [
        (label, short_day(amsterdam_day(at)) if at is not None else _("nog niet"), after_words(moments.asked_at, at) if at not in {None, moments.asked_at} else "")
        for label, at in steps
    ]


def after_words(since: datetime, until: datetime | None) -> str:
    """Return after how many days something came."""
    return "" if until is None else ngettext("na %(num)s dag", "na %(num)s dagen", days_between(since, until))


def days_between(since: datetime, until: datetime) -> int:
    """Return how many days lie between two moments, as people in Amsterdam count them."""
    return (amsterdam_day(until) - amsterdam_day(since)).days


# Choosing


def choice_values(choice: Choice) -> dict[str, Any]:
    """Return what exactly one buys: the seats, what they cost, when, and of whom."""
    request, one = choice.full.seen.request, choice.compared
    others = len(choice.full.seen.proposals) - 1
    return proposal_row(choice.full, one) | {
        "request_title": request.title, "request_url": url_for("requests.show", code=request.code), "firm": choice.full.firm.name,
        "is_pool": request.is_of_pool, "is_free": one.together.is_zero, "each": euros(one.of_seat), "total": euros(one.together),
        "seats_words": ngettext("%(num)s plek", "%(num)s plekken", one.seats), "lang": lang_of(request),
        "trail": [*trail_of(choice.full), (request.title, url_for("requests.show", code=request.code))],
        "more_than_asked": _("Je vroeg om %(people)s. De aanbieder geeft de les vanaf %(seats)s plekken, dus die koop je.",
                             people=people_words(request.people), seats=one.seats) if one.seats > request.people and not request.is_of_pool else "",
        "others": ngettext("%(num)s andere aanbieder krijgt een nee, met dank.", "%(num)s andere aanbieders krijgen een nee, met dank.", others) if others else "",
    }


def ways_to_pay(choice: Choice) -> list[tuple[str, str]]:
    """Return the budgets that have enough, as (id, words)."""
    return budget_choices(choice.money)


def is_paid(choice: Choice) -> bool:
    """Tell whether this choice obliges to pay: of a pool every firm does so for itself, later."""
    return not choice.full.seen.request.is_of_pool and not choice.compared.together.is_zero


# What can stand in the way of a choice at the last moment; the page says what to do about each.
REFUSED: Final = (funding.BudgetUsedUp, funding.VatUndecided, catalogue.OfferingFaulty, SlotTaken, PoolClosed, BillingNeeded)


def refused_words(refusal: Refusal | None) -> tuple[str, str]:
    """Return why a choice could not be made, and what to do; ("", "") where nothing stood in the way."""
    if refusal is None:
        return "", ""
    nothing = _("Er is niets gekozen en niets besteld.")
    said = {
        funding.BudgetUsedUp: (_("In dit budget zit niet meer genoeg"), _("Kies een ander budget, of betaal op factuur.")),
        funding.VatUndecided: (_("De aanbieder moet eerst de btw doorgeven"), _("Vraag dat aan de aanbieder, of aan het programmabureau. Kies daarna opnieuw.")),
        catalogue.OfferingFaulty: (_("De dagen van dit voorstel zijn te dichtbij"), _("Kies een ander voorstel, of vraag de aanbieder om latere dagen.")),
        SlotTaken: (_("Op dit moment van de week kunnen te weinig mensen"), _("Kies een voorstel op een ander moment, of met minder plekken.")),
        PoolClosed: (_("De groep kan dit nu niet gebruiken"), _("Kijk eerst hoe de groep ervoor staat.")),
        BillingNeeded: (_("We weten nog niet waar de factuur heen moet"), _("Vul hieronder de factuurgegevens in.")),
    }.get(type(refusal), (refusal.sentence(), refusal.next_step()))
    return said[0], f"{nothing} {said[1]}"
