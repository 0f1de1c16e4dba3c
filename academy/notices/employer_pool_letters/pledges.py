"""Letters about one pledge: to prove the address, that it counts, to confirm an offer, that its money was not there."""

from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.employers import api as employers
from academy.employers.api import PledgeState, PoolState
from academy.employers.errors import PledgeNotFound
from academy.kernel.formats import money
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, ngettext
from academy.kernel.web import writing_for
from academy.notices.employer_pool_letters.shared import (
    Group,
    group_of,
    last_day,
    pledge_url,
    stamp,
    to_look_on,
    to_parties,
)
from academy.notices.enrolment_letters.shared import class_facts
from academy.notices.gateway import Letter
from academy.notices.message import Said, letter_saying

_OPEN_POOLS = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL)
_COUNTS = (PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED)


def made(session: Session, event: employers.PledgeMade, now: datetime) -> list[Letter]:
    """Ask whether the address is theirs, or give a receipt with the way back to the pledge; none when it was taken back, or is asked to confirm already."""
    pledge = _pledge(session, event.pledge_id)
    if pledge is None:
        return []
    group = group_of(session, pledge.pool_id)
    if group.pool.state not in _OPEN_POOLS:
        return []
    if pledge.state is PledgeState.UNPROVEN:
        return [] if event.link_id is None else _to_prove(session, pledge, group, event.link_id, now)
    wanted = _COUNTS if event.link_id else (PledgeState.OPEN,)  # somebody typed an address that takes part: its owner sees how it stands
    if pledge.state not in wanted:
        return []
    version = (event.link_id or group.pool.id).hex  # in another pool, after a merger, it is another letter
    is_merged = event.link_id is None and employers.came_by_merger(session, pledge)
    return to_parties(session, "pledge-made", [pledge], lambda one: _receipt(one, group, is_merged=is_merged), version=version)


def _to_prove(session: Session, pledge: employers.PledgeFacts, group: Group, link_id: UUID, now: datetime) -> list[Letter]:
    if accounts.link_for_letter(session, link_id, now=now) is None:
        return []
    with writing_for(pledge.language):
        said = Said(
            _("Bevestig dat je meedoet: %(title)s", title=group.title),
            (
                _("Met dit e-mailadres zijn plekken gevraagd in een groep voor %(title)s.", title=group.title),
                _("Klik op de knop. Dan telt je toezegging mee. Je betaalt nog niets. De link werkt één keer."),
            ),
            group.gathers(),
            (_("Bevestig dat je meedoet"), url_for("accounts.open_link", token=accounts.token_for(link_id), _external=True)),
            (_("Heb jij dit niet gevraagd? Dan hoef je niets te doen. De toezegging gaat vanzelf weg."),),
        )
        return [letter_saying(said, "pledge-to-prove", link_id, pledge.email, pledge.language)]


def _receipt(pledge: employers.PledgeFacts, group: Group, *, is_merged: bool) -> Said:
    return Said(
        _("Je doet mee: %(title)s", title=group.title),
        (
            *([_("Je groep is samengevoegd met een groep in de buurt. Je doet nu daar mee. Past dat niet? Trek je toezegging dan in.")] if is_merged else []),
            ngettext("Je zegt %(num)s plek toe in een groep voor %(title)s.", "Je zegt %(num)s plekken toe in een groep voor %(title)s.", pledge.seats,
                     title=group.title),
            _("Zijn er genoeg mensen? Dan vragen we een aanbieder. Je krijgt dan een e-mail en beslist zelf. Tot die tijd betaal je niets."),
        ),
        (*group.gathers(), (_("Wanneer je kunt"), employers.slots_words(pledge.slots))),
        (_("Bekijk of wijzig je toezegging"), pledge_url(pledge)),
    )


def asked(session: Session, event: employers.PledgeAsked, now: datetime) -> list[Letter]:
    """Ask to confirm what a provider offers, or remind of it; none when it was answered, or the time is up."""
    pledge = _pledge(session, event.pledge_id)
    if pledge is None or pledge.state is not PledgeState.ASKED:
        return []
    group = group_of(session, pledge.pool_id)
    until = group.pool.confirm_by
    if group.pool.state is not PoolState.PROVISIONAL or group.of is None or until is None or now >= until:
        return []
    of = group.of

    def say(pledge: employers.PledgeFacts) -> Said:
        heading = _("Herinnering: bevestig je plekken voor %(title)s", title=group.title) if event.reminder else _(
            "Er is een groep. Bevestig je plekken voor %(title)s", title=group.title,
        )
        return Said(
            heading,
            (
                _("%(provider)s wil %(title)s geven voor jullie groep.", provider=of.provider_name, title=group.title),
                _("Bevestig met één klik, tot en met %(day)s. Je hoeft niet in te loggen.", day=last_day(until)),
                _("Bevestigen er genoeg? Dan gaat de groep door en zijn je plekken besteld. Bevestigen er te weinig? Dan betaal je niets."),
            ),
            (*class_facts(of), *_costs(pledge, group)),
            (_("Bekijk het aanbod en bevestig"), pledge_url(pledge)),
            (_("Past het niet? Zeg dan nee op dezelfde pagina. Dat kost niets."),),
        )
    return to_parties(session, "pledge-asked", [pledge], say, version=f"{event.reminder}-{stamp(until)}")


def _costs(pledge: employers.PledgeFacts, group: Group) -> tuple[tuple[str, str], ...]:
    """Return how many seats, and what one and all of them cost."""
    price = group.price or FREE
    return (
        (_("Jouw plekken"), str(pledge.seats)), (_("Prijs van één plek"), money(price)),
        (_("Samen"), money(Money(price.cents * pledge.seats)) if pledge.seats > 1 else ""),
    )


def unpaid(session: Session, event: employers.PledgeUnpaid, _now: datetime) -> list[Letter]:
    """Say that confirmed seats were not ordered, why, and what one can do."""
    pledge = _pledge(session, event.pledge_id)
    if pledge is None or pledge.state is not PledgeState.UNPAID:
        return []
    group = group_of(session, pledge.pool_id)

    def say(pledge: employers.PledgeFacts) -> Said:
        return Said(
            _("Je plekken zijn niet besteld: %(title)s", title=group.title),
            (
                _("Je had plekken bevestigd voor %(title)s. Maar het geld dat je daarvoor apart zette, is er niet meer.", title=group.title),
                _("De groep gaat door zonder jouw plekken. Je betaalt niets."),
                _("Wil je toch meedoen? Kijk of er nog plek is. Betaal dan uit een ander budget of op factuur."),
            ),
            (*(class_facts(group.of) if group.of else ()), *_costs(pledge, group)),
            to_look_on(group),
        )
    return to_parties(session, "pledge-unpaid", [pledge], say)


def _pledge(session: Session, pledge_id: UUID) -> employers.PledgeFacts | None:
    try:
        return employers.pledge_by_id(session, pledge_id)
    except PledgeNotFound:  # erased meanwhile
        return None
