"""Letters about a request for a module made to measure, until it is decided: to who is invited, and to who asked.

A request is called by its number: its title, its questions and what is proposed are in the words of who typed them, and those go to nobody by letter.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.employers import api as employers
from academy.employers.api import InviteState, ProposalState, RequestFacts, RequestTold
from academy.employers.errors.requests import ProposalNotFound
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day
from academy.kernel.translation import _, ngettext
from academy.notices.employer_pool_letters.shared import Fact, last_day, to_office, to_provider
from academy.notices.enrolment_letters.shared import to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said

_COMES_ALONG: Final = (InviteState.INVITED, InviteState.PROPOSED)


def to_asker(session: Session, kind: str, about: str, request: RequestFacts, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to each who acts for the firm or school that asked; where the programme office asked, to each there."""
    there = accounts.organisation(session, request.organisation_id)
    if there.kind is accounts.OrganisationKind.OFFICE:
        return to_office(session, kind, about, say)
    readers = accounts.people_in_role(session, *employers.WHO_ACT, organisation_id=there.id)
    return [to_person(each, kind, f"{about}-{each.id.hex}", say) for each in readers]


def to_invited(
    session: Session, kind: str, told: RequestTold, states: tuple[InviteState, ...], say: Callable[[UUID], Said], *, about: str,
) -> list[Letter]:
    """Return a letter to the planners of each invited provider in one of these states."""
    return [
        letter for provider_id, state in told.invites if state in states
        for letter in to_provider(session, kind, f"{about}-{provider_id.hex}", provider_id, partial(say, provider_id))
    ]


def request_link(request: RequestFacts, label: str) -> tuple[str, str]:
    """Return the link to a request, for who asked."""
    return label, url_for("requests.show", code=request.code, _external=True)


def number_fact(request: RequestFacts) -> Fact:
    """Return by what a request is called."""
    return _("Nummer van de aanvraag"), request.code


def invited_link(session: Session, provider_id: UUID, request: RequestFacts, label: str) -> tuple[str, str]:
    """Return the link to a request in the workspace of an invited provider."""
    slug = accounts.organisation(session, provider_id).slug
    return label, url_for("proposals.request", provider=slug, code=request.code, _external=True)


def opened(session: Session, event: employers.RequestOpened, now: datetime) -> list[Letter]:
    """Ask each invited provider for a proposal; none to who answered, and none once nothing can be proposed any more."""
    told = employers.request_told(session, event.request_id)
    if told is None or not told.may_propose(now):
        return []

    def say(provider_id: UUID) -> Said:
        link = invited_link(session, provider_id, told.request, _("Bekijk de aanvraag en antwoord"))
        return _invites(told.request, link, now)
    return to_invited(session, "request-opened", told, (InviteState.INVITED,), say, about=told.request.id.hex)


def _invites(request: RequestFacts, link: tuple[str, str], now: datetime) -> Said:
    who = _("Een groep zoekt een module die op maat is gemaakt.") if request.is_of_pool else _("Een organisatie zoekt een module die op maat is gemaakt.")
    return Said(
        _("Willen jullie een module op maat maken? Aanvraag %(code)s", code=request.code),
        (
            who,
            _("Jullie kunnen een voorstel doen, tot en met %(day)s. Dat kan ook samen met andere aanbieders.", day=last_day(request.proposals_until)),
            _("Een voorstel blijft dicht tot die dag voorbij is, of tot alle gevraagde aanbieders hebben geantwoord."),
        ),
        (
            number_fact(request), (_("Hoeveel mensen"), str(request.people)), (_("Wanneer ze kunnen"), employers.slots_words(request.slots)),
            (_("Uiterlijk nodig op"), day(request.wanted_by) if request.wanted_by else ""),
            (_("Vragen stellen kan tot en met"), last_day(request.questions_until) if now < request.questions_until else ""),
        ),
        link,
        (_("Kunnen jullie niet? Zeg dan nee op dezelfde pagina."),),
    )


def question_asked(session: Session, event: employers.QuestionAsked, now: datetime) -> list[Letter]:
    """Tell who asked that there is a question; none when it is answered, and none once nothing can be proposed any more."""
    found = employers.question_told(session, event.question_id)
    if found is None:
        return []
    told, is_answered = found
    request = told.request
    if is_answered or not told.may_propose(now):
        return []

    def say() -> Said:
        return Said(
            _("Er is een vraag over je aanvraag %(code)s", code=request.code),
            (
                _("Een aanbieder heeft een vraag over de module die je op maat zoekt."),
                _("Antwoord snel: voorstellen kunnen tot en met %(day)s. Alle gevraagde aanbieders lezen de vraag en je antwoord.",
                  day=last_day(request.proposals_until)),
            ),
            link=request_link(request, _("Lees de vraag en antwoord")),
        )
    return to_asker(session, "question-asked", event.question_id.hex, request, say)


def question_answered(session: Session, event: employers.QuestionAnswered, now: datetime) -> list[Letter]:
    """Tell all invited providers that there is an answer; none to who declined, and none once nothing can be proposed any more."""
    found = employers.question_told(session, event.question_id)
    if found is None or not found[0].may_propose(now):
        return []
    told, _is_answered = found
    request = told.request

    def say(provider_id: UUID) -> Said:
        return Said(
            _("Een vraag over aanvraag %(code)s is beantwoord", code=request.code),
            (
                _("Er is een antwoord op een vraag over de module op maat. Alle gevraagde aanbieders lezen het."),
                _("Voorstellen kunnen tot en met %(day)s.", day=last_day(request.proposals_until)),
            ),
            link=invited_link(session, provider_id, request, _("Lees het antwoord")),
        )
    return to_invited(session, "question-answered", told, _COMES_ALONG, say, about=event.question_id.hex)


def partner_asked(session: Session, event: employers.PartnerAsked, now: datetime) -> list[Letter]:
    """Ask a partner whether it agrees to the words as they are; none when it did, they changed, or it is too late to send them."""
    partner = employers.partner_told(session, event.partner_id)
    if partner is None or partner.agreed or partner.proposal.state is not ProposalState.DRAFT:
        return []
    told, proposal = employers.request_told(session, partner.proposal.request_id), partner.proposal
    if told is None or not told.may_propose(now):
        return []
    there, lead = (accounts.organisation(session, each) for each in (partner.provider_id, proposal.provider_id))

    def say() -> Said:
        return Said(
            _("Doen jullie mee met een voorstel van %(provider)s?", provider=lead.name),
            (
                _("%(provider)s wil samen met jullie een module op maat geven. Lees het voorstel en zeg of jullie het ermee eens zijn.", provider=lead.name),
                _("Pas als alle partners het eens zijn, kan het voorstel weg. Dat moet uiterlijk op %(day)s.", day=last_day(told.request.proposals_until)),
            ),
            (number_fact(told.request), (_("Nummer van het voorstel"), proposal.code)),
            (_("Lees het voorstel"), url_for("proposals.show", provider=there.slug, code=proposal.code, _external=True)),
            (_("Verandert het voorstel? Dan vragen we het jullie opnieuw."),),
        )
    return to_provider(session, "partner-asked", event.partner_id.hex, there.id, say)


def proposal_sent(session: Session, event: employers.ProposalSent, now: datetime) -> list[Letter]:
    """Tell who asked that there is a proposal and when it opens, not whose and not what; none where the letter that all can be read tells it."""
    try:
        proposal = employers.proposal_by_id(session, event.proposal_id)
    except ProposalNotFound:
        return []
    told = employers.request_told(session, proposal.request_id)
    if told is None or proposal not in told.sent or now >= told.request.choose_until:
        return []
    request, is_open = told.request, told.may_choose(now)
    if is_open and not _came_later(told, proposal):
        return []

    def say() -> Said:
        opens = _("Je kunt het nu lezen. Kies uiterlijk op %(day)s.", day=last_day(request.choose_until)) if is_open else _(
            "De voorstellen gaan open op %(day)s. Antwoorden alle aanbieders eerder? Dan gaan ze eerder open. Je krijgt dan een e-mail.",
            day=day(amsterdam_day(request.proposals_until)),
        )
        return Said(
            _("Er is een voorstel voor je aanvraag %(code)s", code=request.code),
            (
                _("Een aanbieder stuurde een voorstel voor je module op maat."),
                ngettext("Je hebt nu %(num)s voorstel.", "Je hebt nu %(num)s voorstellen.", len(told.sent)),
                opens,
            ),
            link=request_link(request, _("Bekijk je aanvraag")),
        )
    return to_asker(session, "proposal-sent", proposal.id.hex, request, say)


def _came_later(told: RequestTold, proposal: employers.ProposalFacts) -> bool:
    """Tell whether a proposal was sent after who asked heard that the others can be read."""
    return told.readable_at is not None and proposal.sent_at is not None and proposal.sent_at > told.readable_at


def readable(session: Session, event: employers.ProposalsReadable, now: datetime) -> list[Letter]:
    """Tell who asked that they can choose and until when, or remind of it; none when somebody chose, the time is up, or every proposal was taken back."""
    told = employers.request_told(session, event.request_id)
    if told is None or not told.sent or not told.may_choose(now):
        return []
    request, until = told.request, last_day(told.request.choose_until)

    def say() -> Said:
        heading = _("Herinnering: kies een voorstel voor aanvraag %(code)s", code=request.code) if event.reminder else _(
            "Kies een voorstel voor aanvraag %(code)s", code=request.code,
        )
        return Said(
            heading,
            (
                ngettext("Er is %(num)s voorstel voor je module op maat.", "Er zijn %(num)s voorstellen voor je module op maat.", len(told.sent)),
                _("Lees en vergelijk ze. Kies uiterlijk op %(day)s. Kies je niets? Dan stopt de aanvraag.", day=until),
                *([_("Daarna beslist iedereen in de groep nog zelf.")] if request.is_of_pool else []),
            ),
            link=request_link(request, _("Vergelijk de voorstellen")),
        )
    return to_asker(session, "proposals-readable", f"{request.id.hex}-{event.reminder}", request, say)
