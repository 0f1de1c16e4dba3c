"""Letters about a pool: to a provider that is asked, and to all who take part when its class is founded, too few came, or it ends."""

from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.employers import api as employers
from academy.employers.api import Party, PledgeFacts, PledgeState, PoolState
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, money
from academy.kernel.translation import _, ngettext
from academy.notices.employer_pool_letters.shared import (
    Group,
    class_url,
    group_of,
    last_day,
    pledge_url,
    stamp,
    to_look_on,
    to_office,
    to_parties,
    to_provider,
)
from academy.notices.enrolment_letters.shared import class_facts
from academy.notices.gateway import Letter
from academy.notices.message import Said

_COUNTS: Final = (PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED)
_SHORT_IN: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL)
_OTHER_MOMENTS: Final = 3


def provider_asked(session: Session, event: employers.ProviderAsked, now: datetime) -> list[Letter]:
    """Ask the planners of the module for a class, with the moments that suit most; without a module, the programme office."""
    group = group_of(session, event.pool_id)
    pool = group.pool
    if pool.state is not PoolState.ASKED or pool.accept_by is None or now >= pool.accept_by:
        return []
    pledges = employers.pledges_of(session, pool.id)
    about = f"{pool.id.hex}-{stamp(pool.accept_by)}"  # asked again later, it is another letter
    module = group.module
    if module is None:
        return to_office(session, "office-asked", about, lambda: _asked_office(group, pledges))
    return to_provider(session, "provider-asked", about, module.provider_id, lambda: _asked_provider(group, pledges, module.provider_slug))


def _asked_provider(group: Group, pledges: list[PledgeFacts], provider: str) -> Said:
    seats = sum(one.seats for one in pledges)
    return Said(
        _("Een groep zoekt een startmoment: %(title)s", title=group.title),
        (
            ngettext("Er is %(num)s plek gevraagd voor %(title)s.", "Er zijn %(num)s plekken gevraagd voor %(title)s.", seats, title=group.title),
            _("Willen jullie een groep starten? Kies dan data, plekken en een prijs. Pas als genoeg bedrijven bevestigen, gaat de groep door."),
            _("Antwoord tot en met %(day)s.", day=last_day(group.pool.accept_by)),
        ),
        _demand_facts(group, pledges),
        (_("Bekijk de groep en antwoord"), _desk_url(group, provider)),
        (_("Kunnen jullie niet? Zeg dan nee op dezelfde pagina. Dan zoeken we verder."),),
    )


def _desk_url(group: Group, provider: str) -> str:
    return url_for("pool_desk.pool", provider=provider, code=group.pool.code, _external=True)


def _asked_office(group: Group, pledges: list[PledgeFacts]) -> Said:
    return Said(
        _("Een groep zoekt een aanbieder: %(title)s", title=group.title),
        (
            _("Er zijn genoeg mensen voor iets dat nog niet bestaat. Zoek een aanbieder die het wil maken."),
            _("Antwoord tot en met %(day)s.", day=last_day(group.pool.accept_by)),
        ),
        _demand_facts(group, pledges),
        (_("Naar de groep"), url_for("gathering.pool", code=group.pool.code, _external=True)),
    )


def _demand_facts(group: Group, pledges: list[PledgeFacts]) -> tuple[tuple[str, str], ...]:
    """Return what a pool asks for: where, at which moments, how many seats, and the price that is expected."""
    pool = group.pool
    moments = [_moment(each) for each in employers.standing_of(pledges, pool.threshold, pool.price).counts]
    return (
        (_("Waar"), employers.area_words(pool.area)),
        (_("Wanneer de meesten kunnen"), "; ".join(moments[:1])),
        (_("Wanneer ook velen kunnen"), "; ".join(moments[1 : 1 + _OTHER_MOMENTS])),
        (_("Plekken die nodig zijn"), str(pool.threshold)),
        (_("Prijs van één plek, naar verwachting"), money(pool.price) if pool.price is not None else ""),
    )


def _moment(count: employers.SlotCount) -> str:
    return ngettext("%(moment)s (%(num)s plek)", "%(moment)s (%(num)s plekken)", count.seats, moment=employers.slot_words(count.slot))


def offer_taken_back(session: Session, event: employers.OfferTakenBack, _now: datetime) -> list[Letter]:
    """Say that the provider called its offer off and that the pool gathers on; none once it has another offer, or ended."""
    group = group_of(session, event.pool_id)
    if group.pool.state not in {PoolState.GATHERING, PoolState.ASKED}:
        return []

    def say(pledge: PledgeFacts) -> Said:
        return Said(
            _("De aanbieder kan toch niet: %(title)s", title=group.title),
            (
                _("De aanbieder geeft %(title)s toch niet voor jullie groep.", title=group.title),
                _("Had je bevestigd? Dan geldt dat niet meer. Je betaalt niets."),
                _("Je toezegging telt nog wel. We zoeken verder."),
            ),
            group.gathers(),
            (_("Bekijk of wijzig je toezegging"), pledge_url(pledge)),
        )
    there = employers.pledges_of(session, group.pool.id, [PledgeState.OPEN])
    return to_parties(session, "offer-taken-back", there, say, version=f"{group.pool.deadline:%Y%m%d}")


def founded(session: Session, event: employers.ClassFounded, now: datetime) -> list[Letter]:
    """Say that the class goes ahead: to who has seats in it, to who has none, and to its provider; none when it was called off meanwhile."""
    group = group_of(session, event.pool_id)
    of = group.of
    if group.pool.state not in {PoolState.CONFIRMED, PoolState.STARTED} or of is None or of.offering.state is not catalogue.OfferingState.ACTIVE:
        return []
    placed = employers.pledges_of(session, group.pool.id, [PledgeState.PLACED])
    let_go = employers.pledges_of(session, group.pool.id, [PledgeState.LAPSED])
    seats = sum(one.seats for one in placed)
    return [
        *to_parties(session, "class-founded", placed, lambda one: _has_seats(session, one, group, of, now)),
        *to_parties(session, "class-without-you", let_go, lambda _one: _has_none(group, of)),
        *to_provider(session, "class-founded", group.pool.id.hex, of.provider_id, lambda: _gives_class(group, of, seats)),
    ]


def _has_seats(session: Session, pledge: PledgeFacts, group: Group, of: catalogue.OfferingOfModule, now: datetime) -> Said:
    sentences: tuple[str, ...]
    if pledge.party is Party.CITIZEN:
        sentences = (
            _("Genoeg mensen bevestigden. De groep voor %(title)s gaat door.", title=group.title),
            _("Er is een plek voor je. Daarover krijg je nog een e-mail. Neem de plek binnen 48 uur, dan is hij van jou."),
        )
    else:
        named_until = employers.names_until(of.offering.starts_on)
        sentences = (
            _("Genoeg mensen bevestigden. De groep voor %(title)s gaat door.", title=group.title),
            ngettext("Je %(num)s plek is besteld.", "Je %(num)s plekken zijn besteld.", pledge.seats),
            *([_("Geef door wie er komen, tot en met %(day)s. Ook een plek zonder naam betaal je.", day=last_day(named_until))] if now < named_until else []),
        )
    to_pledge = _("Bekijk je plekken"), pledge_url(pledge)
    heading, facts = _("De groep gaat door: %(title)s", title=group.title), class_facts(of)
    if pledge.organisation_id is None or pledge.block_id is None:
        return Said(heading, sentences, facts, to_pledge)
    firm = accounts.organisation(session, pledge.organisation_id).slug
    to_names = _("Geef de namen door"), url_for("firm_seats.block", organisation=firm, block=pledge.block_id.hex, _external=True)
    return Said(heading, sentences, facts, to_names, other_link=to_pledge)


def _has_none(group: Group, of: catalogue.OfferingOfModule) -> Said:
    return Said(
        _("De groep begint zonder jou: %(title)s", title=group.title),
        (
            _("De groep voor %(title)s gaat door. Jij doet niet mee: het moment paste niet bij je, of je bevestigde niet op tijd.", title=group.title),
            _("Je betaalt niets. Misschien is er nog plek. Of kies een ander moment."),
        ),
        class_facts(of),
        to_look_on(group),
    )


def _gives_class(group: Group, of: catalogue.OfferingOfModule, seats: int) -> Said:
    return Said(
        _("Je groep gaat door: %(title)s", title=group.title),
        (
            _("Genoeg bedrijven en mensen bevestigden. Je startmoment voor %(title)s staat nu open.", title=group.title),
            ngettext("Er is %(num)s plek besteld. Wie er komen, hoor je later.", "Er zijn %(num)s plekken besteld. Wie er komen, hoor je later.", seats),
        ),
        class_facts(of)[1:],
        (_("Bekijk de groep"), class_url(of)),
    )


def short(session: Session, event: employers.PoolShort, now: datetime) -> list[Letter]:
    """Say that too few came, and what one can choose; none when the pool goes on, or ended."""
    group = group_of(session, event.pool_id)
    told_at = group.pool.told_short_at
    if group.pool.state not in _SHORT_IN or told_at is None or now >= employers.short_decided_until(told_at):
        return []
    pledges = employers.pledges_of(session, group.pool.id, _COUNTS)
    there = _seats_there(group, pledges)
    letters = to_parties(session, "pool-short", pledges, lambda one: _may_choose(one, group, there), version=stamp(told_at))
    of = group.of
    if group.pool.state is PoolState.PROVISIONAL and of is not None:
        letters += to_provider(session, "pool-short", f"{group.pool.id.hex}-{stamp(told_at)}", of.provider_id, lambda: _provider_may_choose(group, of, there))
    return letters


def _seats_there(group: Group, pledges: list[PledgeFacts]) -> int:
    """Return how many seats there are of those that are needed: confirmed ones where there is an offer, else what one moment serves."""
    if group.pool.state is PoolState.PROVISIONAL:
        return sum(one.seats for one in pledges if one.state is PledgeState.CONFIRMED)
    return employers.standing_of(pledges, group.pool.threshold, group.pool.price).seats


def _may_choose(pledge: PledgeFacts, group: Group, there: int) -> Said:
    pool, told_at = group.pool, group.pool.told_short_at
    is_offered = pool.state is PoolState.PROVISIONAL
    may_pay_more = is_offered and pledge.state is PledgeState.CONFIRMED and pledge.party is not Party.CITIZEN
    longer = _("Langer wachten: de anderen krijgen vijf dagen om te bevestigen.") if is_offered else _("Langer wachten: we zoeken vier weken verder.")
    return Said(
        _("Nog te weinig mensen. Wat wil je? %(title)s", title=group.title),
        (
            _("Voor %(title)s zijn %(needed)s plekken nodig. Er zijn er nu %(there)s. Dit kun je kiezen:", title=group.title, needed=pool.threshold,
              there=there),
            *([_("Alsnog bevestigen.")] if is_offered and pledge.state is PledgeState.ASKED else []),
            *([longer] if pool.extended < employers.MOST_EXTENSIONS else []),
            *([_("De lege plekken betalen: dan gaat de groep meteen door.")] if may_pay_more else []),
            _("Stoppen: dat kost niets."),
            *([] if is_offered else [_("Soms kunnen we je groep samenvoegen met een groep in de buurt. Dan hoor je dat van ons.")]),
            _("Kies vóór %(day)s. Kiest niemand iets? Dan stopt de groep.",
              day=day(amsterdam_day(employers.short_decided_until(told_at)))) if told_at else "",
        ),
        class_facts(group.of) if group.of else group.gathers()[:3],
        (_("Kies wat je wilt"), pledge_url(pledge)),
    )


def _provider_may_choose(group: Group, of: catalogue.OfferingOfModule, there: int) -> Said:
    return Said(
        _("Nog te weinig bevestigd: %(title)s", title=group.title),
        (
            _("Voor jullie groep zijn %(needed)s plekken nodig. Er zijn er nu %(there)s bevestigd.", needed=group.pool.threshold, there=there),
            _("Jullie kunnen de groep toch laten doorgaan, met wie bevestigde. Of wacht af: wie meedoet kan langer wachten of lege plekken betalen."),
        ),
        class_facts(of)[1:],
        (_("Naar de groep"), _desk_url(group, of.provider_slug)),
    )


def lapsed(session: Session, event: employers.PoolLapsed, _now: datetime) -> list[Letter]:
    """Say that a pool ended without a class, that nothing is owed, and where else to look; and tell the provider whose class it was."""
    group = group_of(session, event.pool_id)
    if group.pool.state is not PoolState.LAPSED or group.pool.merged_into is not None:
        return []
    of = group.of
    is_called_off = of is not None and of.offering.state is catalogue.OfferingState.CANCELLED

    def say(_pledge: PledgeFacts) -> Said:
        why = _("De aanbieder heeft de groep voor %(title)s afgezegd.", title=group.title) if is_called_off else _(
            "Er kwamen niet genoeg plekken bij elkaar voor %(title)s.", title=group.title,
        )
        return Said(
            _("De groep gaat niet door: %(title)s", title=group.title),
            (why, _("Je betaalt niets. Wat voor je apart was gezet, is weer vrij."), _("Zoek je nog steeds? Kijk wat er nu is, of doe mee met een andere groep.")),
            link=to_look_on(group),
            other_link=(_("Bekijk andere groepen"), url_for("gathering.pools", _external=True)),
        )

    letters = to_parties(session, "pool-lapsed", employers.pledges_of(session, group.pool.id, [PledgeState.LAPSED, PledgeState.PLACED]), say)
    if of is None or is_called_off:
        return letters
    return [*letters, *to_provider(session, "pool-lapsed", group.pool.id.hex, of.provider_id, lambda: _gives_no_class(group, of))]


def _gives_no_class(group: Group, of: catalogue.OfferingOfModule) -> Said:
    return Said(
        _("De groep gaat niet door: %(title)s", title=group.title),
        (
            _("Te weinig bedrijven en mensen bevestigden voor %(title)s.", title=group.title),
            _("Je startmoment is nog een concept. Zet het open voor iedereen, of zeg het af."),
        ),
        class_facts(of)[1:],
        (_("Bekijk je startmoment"), class_url(of)),
    )
