"""Letters about the end of a request for a module made to measure, and about the class that comes of it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.employers import api as employers
from academy.employers.api import (
    BlockInWork,
    InviteState,
    PoolState,
    ProposalFacts,
    ProposalState,
    RequestFacts,
    RequestState,
    RequestTold,
)
from academy.funding import api as funding
from academy.kernel.formats import money
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext
from academy.notices.employer_pool_letters.requests import invited_link, number_fact, request_link, to_asker, to_invited
from academy.notices.employer_pool_letters.shared import Fact, class_url, last_day, to_provider
from academy.notices.enrolment_letters.shared import class_facts
from academy.notices.gateway import Letter
from academy.notices.message import Said


def ended(session: Session, event: employers.RequestEnded, now: datetime) -> list[Letter]:
    """Say how a request ended: to who proposed or still could, and to who asked where they did not end it themselves."""
    told = employers.request_told(session, event.request_id)
    if told is None or told.request.state is RequestState.OPEN:
        return []
    if told.request.state is RequestState.CHOSEN:
        return _chosen(session, told)
    asker = to_asker(session, "request-lapsed", told.request.id.hex, told.request, lambda: _lapsed(told)) if told.request.state is RequestState.LAPSED else []
    return [*asker, *_to_not_chosen(session, told), *_to_waiting(session, told, now)]


def _chosen(session: Session, told: RequestTold) -> list[Letter]:
    """Say it to all: who won, who bought, and who did not win; only to those once the class is open, called off, or its group went on without it."""
    of, pool, request = employers.class_made(session, told.request), _pool_of(session, told.request), told.request
    is_to_come = of is not None and of.offering.state is catalogue.OfferingState.CONCEPT and (pool is None or pool.state is PoolState.PROVISIONAL)
    if of is None or not is_to_come:
        return _to_not_chosen(session, told)
    kept = employers.seats_kept(session, request)
    won = next(one for one in told.proposals if one.state is ProposalState.CHOSEN)

    def say(provider_id: UUID) -> Said:
        leads = provider_id == won.provider_id
        link = (_("Bekijk je startmoment"), class_url(of)) if leads else _proposal_link(session, provider_id, won)
        return _won(request, won, of, link, _next_steps(pool, leads=leads))

    return [
        *to_asker(session, "proposal-chosen", request.id.hex, request, lambda: _receipt(request, of, kept)),
        *_to_givers(session, "proposal-won", won, say),
        *_to_not_chosen(session, told),
    ]


def _pool_of(session: Session, request: RequestFacts) -> employers.PoolFacts | None:
    return None if request.pool_id is None else employers.pool_by_id(session, request.pool_id)


def _receipt(request: RequestFacts, of: catalogue.OfferingOfModule, kept: BlockInWork | None) -> Said:
    heading = _("Er is een voorstel gekozen: aanvraag %(code)s", code=request.code)
    if kept is None:
        price = _("Prijs van één plek"), money(of.offering.price) if of.offering.price is not None else ""
        sentences = (
            _("De groep gaat verder met dit voorstel. Wie op dit moment kan, krijgt een e-mail en beslist zelf."),
            _("Bevestigen er genoeg? Dan gaat de groep door."),
        )
        return Said(heading, sentences, (number_fact(request), *class_facts(of), price), request_link(request, _("Bekijk je aanvraag")))
    return Said(
        heading,
        (
            ngettext("Er is %(num)s plek voor je vastgelegd.", "Er zijn %(num)s plekken voor je vastgelegd.", kept.block.seats),
            _("De aanbieder maakt de module nu af en zet het startmoment open. Dan zijn de plekken besteld en krijg je een e-mail. Daarna geef je door wie er komen."),
        ),
        (number_fact(request), *class_facts(of), *_bought(kept.block)),
        request_link(request, _("Bekijk je aanvraag")),
    )


def _bought(block: funding.BlockFacts) -> tuple[Fact, ...]:
    """Return how many seats were bought, and what one and all of them cost."""
    together = Money(block.price.cents * block.seats)
    return (_("Plekken"), str(block.seats)), (_("Prijs van één plek"), money(block.price)), (_("Samen"), money(together))


def _won(request: RequestFacts, won: ProposalFacts, of: catalogue.OfferingOfModule, link: tuple[str, str], next_steps: tuple[str, ...]) -> Said:
    return Said(
        _("Jullie voorstel is gekozen: aanvraag %(code)s", code=request.code),
        (_("Jullie voorstel voor een module op maat is gekozen. De module en het startmoment staan klaar als concept."), *next_steps),
        (number_fact(request), (_("Nummer van het voorstel"), won.code), *class_facts(of)[1:]),
        link,
    )


def _next_steps(pool: employers.PoolFacts | None, *, leads: bool) -> tuple[str, ...]:
    """Return what those who would give the class do now: who leads makes it complete, and opens it where no group has yet to confirm."""
    completes = [_("Maak de module af: controleer de tekst, de plaats en de lesdagen.")] if leads else []
    if pool is None:
        opens = _("Zet het startmoment open als alles klopt. Dan zijn de plekken besteld.") if leads else _(
            "De aanbieder die het voorstel stuurde, zet het startmoment open.",
        )
        return (*completes, opens)
    if pool.confirm_by is None:
        return tuple(completes)
    return (*completes, _("Iedereen in de groep beslist nu zelf, uiterlijk op %(day)s. Bevestigen er genoeg? Dan gaat het startmoment vanzelf open.",
                          day=last_day(pool.confirm_by)))


def _proposal_link(session: Session, provider_id: UUID, proposal: ProposalFacts) -> tuple[str, str]:
    slug = accounts.organisation(session, provider_id).slug
    return _("Bekijk het voorstel"), url_for("proposals.show", provider=slug, code=proposal.code, _external=True)


def _to_givers(session: Session, kind: str, proposal: ProposalFacts, say: Callable[[UUID], Said]) -> list[Letter]:
    """Return a letter to the planners of each provider that would give a proposal: who leads, and its partners."""
    return [
        letter for provider_id in (proposal.provider_id, *(partner for partner, _agreed in proposal.partners))
        for letter in to_provider(session, kind, f"{proposal.id.hex}-{provider_id.hex}", provider_id, partial(say, provider_id))
    ]


def _to_not_chosen(session: Session, told: RequestTold) -> list[Letter]:
    lost = [one for one in told.proposals if one.state is ProposalState.NOT_CHOSEN]
    return [
        letter for one in lost
        for letter in _to_givers(session, "proposal-not-chosen", one, partial(_lost, session, told.request, one))
    ]


def _lost(session: Session, request: RequestFacts, proposal: ProposalFacts, provider_id: UUID) -> Said:
    why = {
        RequestState.CHOSEN: _("Er is een ander voorstel gekozen."), RequestState.WITHDRAWN: _("De aanvraag is ingetrokken."),
    }.get(request.state, _("Er is niet op tijd een voorstel gekozen."))
    return Said(
        _("Jullie voorstel is niet gekozen: aanvraag %(code)s", code=request.code),
        (
            why, _("Bedankt voor jullie voorstel."),
            *([_("Wie het vroeg, schreef erbij waarom. Dat lees je bij het voorstel.")] if proposal.reason else []),
        ),
        (number_fact(request), (_("Nummer van het voorstel"), proposal.code)),
        _proposal_link(session, provider_id, proposal),
    )


def _to_waiting(session: Session, told: RequestTold, now: datetime) -> list[Letter]:
    """Tell invited providers that did not answer yet, as long as they could have, that nothing is asked of them any more."""
    request = told.request
    if now >= request.proposals_until:
        return []

    def say(provider_id: UUID) -> Said:
        return Said(
            _("De aanvraag is ingetrokken: %(code)s", code=request.code),
            (_("De module op maat is niet meer nodig. Jullie hoeven geen voorstel te doen."),),
            link=invited_link(session, provider_id, request, _("Bekijk de aanvraag")),
        )
    return to_invited(session, "request-withdrawn", told, (InviteState.INVITED,), say, about=request.id.hex)


def _lapsed(told: RequestTold) -> Said:
    nobody = not any(one.state is ProposalState.NOT_CHOSEN for one in told.proposals)
    return Said(
        _("Je aanvraag is gestopt: %(code)s", code=told.request.code),
        (
            _("Geen aanbieder deed op tijd een voorstel.") if nobody else _("Er is niet op tijd een voorstel gekozen."),
            _("Je betaalt niets."),
            _("Zoek je nog steeds? Vraag het opnieuw, met meer tijd of aan andere aanbieders. Of doe mee met een groep."),
        ),
        link=request_link(told.request, _("Bekijk je aanvraag")),
        other_link=(_("Bekijk andere groepen"), url_for("gathering.pools", _external=True)),
    )


def tailored_opened(session: Session, event: employers.TailoredOpened, now: datetime) -> list[Letter]:
    """Tell a firm or school that the class that was made for it is open, and that it can name people; none once it is called off, or its seats are gone."""
    told = employers.request_told(session, event.request_id)
    kept = None if told is None else employers.seats_kept(session, told.request)
    if told is None or kept is None or not kept.is_open(now) or kept.of.offering.state is not catalogue.OfferingState.ACTIVE:
        return []

    def say() -> Said:
        return Said(
            _("Je module op maat staat open: aanvraag %(code)s", code=told.request.code),
            (
                _("De aanbieder heeft het startmoment geopend dat voor jullie is gemaakt."),
                ngettext("Je %(num)s plek is besteld.", "Je %(num)s plekken zijn besteld.", kept.block.seats),
                *([_("Geef door wie er komen, tot en met %(day)s. Ook een plek zonder naam betaal je.", day=last_day(kept.named_until))]
                  if now < kept.named_until else []),
            ),
            (number_fact(told.request), *class_facts(kept.of), *_bought(kept.block)),
            (_("Geef de namen door"), url_for("firm_seats.block", organisation=kept.firm.slug, block=kept.block.id.hex, _external=True)),
        )
    return to_asker(session, "tailored-opened", told.request.id.hex, told.request, say)
