"""Finished values for the page behind the link in a letter about a pledge: where it stands, what can be chosen now, and what that costs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.employers import words
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.forms.pools import ON_INVOICE
from academy.employers.kinds import COUNTING_PLEDGES, OPEN_POOLS, Party, PledgeState, PoolState
from academy.employers.links import pledge_token_for
from academy.employers.pages.pools import last_day_words, pool_values
from academy.employers.queries.pool_pages import PledgeByLetter
from academy.employers.rules.clocks import names_until
from academy.employers.service.short import MOST_EXTENSIONS
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, money, short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, ngettext

_FREE: Final = (PledgeState.UNPROVEN, PledgeState.OPEN)
_LOOKS: Final = {PledgeState.ASKED: "few", PledgeState.CONFIRMED: "confirmed", PledgeState.PLACED: "confirmed", PledgeState.UNPAID: "cancelled"}
_OVER: Final = (PledgeState.DECLINED, PledgeState.UNPAID, PledgeState.WITHDRAWN, PledgeState.LAPSED)


def pledge_values(there: PledgeByLetter, *, now: datetime) -> dict[str, Any]:
    """Return a pledge: where it stands in words, its facts, and which choices the page offers."""
    pledge, pool = there.pledge, there.pool
    heading, lead = _outcome(there)
    own = ngettext("%(num)s plek", "%(num)s plekken", pledge.seats)
    return {
        "pool": pool_values(there.full, now=now), "heading": heading, "lead": lead, "state_label": words.pledge_state_words(pledge.state),
        "state": "cancelled" if pledge.state in _OVER and pledge.state is not PledgeState.UNPAID else _LOOKS.get(pledge.state, "open"),
        "firm": there.firm.name if there.firm is not None else "", "is_citizen": pledge.party is Party.CITIZEN, "own": own,
        "slots": words.slots_words(pledge.slots), "most": money(pledge.most_price) if pledge.most_price is not None else "",
        "may_change": pledge.state in _FREE and pool.state in OPEN_POOLS, "may_withdraw": pledge.state in _FREE,
        "offer": offer_values(there) if there.is_to_confirm or pledge.state in {PledgeState.CONFIRMED, PledgeState.PLACED} else None,
        "is_to_confirm": is_to_confirm(there, now=now), "answer_by": last_day_words(there.answer_by) if there.answer_by is not None else "",
        "short": short_values(there) if is_short(there) else None, "is_over": pledge.state in _OVER,
        "seats_url": _seats_url(there), "names_by": _names_by(there), "urls": _urls(there),
    }


def prove_values(pledge: PledgeFacts, pool: PoolFacts, firms: Sequence[tuple[UUID, str]]) -> dict[str, Any]:
    """Return what somebody promised and for whom, before it counts."""
    return {
        "title": pool.title, "own": ngettext("%(num)s plek", "%(num)s plekken", pledge.seats), "slots": words.slots_words(pledge.slots),
        "most": money(pledge.most_price) if pledge.most_price is not None else "", "is_citizen": pledge.party is Party.CITIZEN,
        "firm": firms[0][1] if len(firms) == 1 and pledge.party is not Party.CITIZEN else "",
        "pool_url": url_for("gathering.pool", code=pool.code),
    }


def is_short(there: PledgeByLetter) -> bool:
    """Tell whether who pledged has to choose, because too few came."""
    return there.pool.told_short_at is not None and there.pool.state in OPEN_POOLS and there.pledge.state in COUNTING_PLEDGES


def is_to_confirm(there: PledgeByLetter, *, now: datetime) -> bool:
    """Tell whether a click confirms: within the time, or after it where too few did."""
    return there.is_to_confirm and there.answer_by is not None and now < there.answer_by


def price_of(there: PledgeByLetter) -> Money:
    """Return what a seat of the class that is offered costs."""
    offering = there.full.offering
    return FREE if offering is None else offering.offering.price or FREE


def ways_to_pay(there: PledgeByLetter) -> list[tuple[str, str]]:
    """Return how the seats can be paid, as (value, words), the first being the plainest; none where there is nothing to pay."""
    if there.pledge.organisation_id is None or price_of(there).is_zero:
        return []
    budgets = [
        (budget.id.hex, _("Uit budget “%(name)s”", name=" – ".join(dict.fromkeys((in_current_language(source), budget.name)))))
        for source, budget in there.budgets
    ]
    return [*budgets, (ON_INVOICE, _("Met een factuur, achteraf"))]


def costs_more(there: PledgeByLetter) -> bool:
    """Tell whether the seats cost more than who pledged said."""
    most = there.pledge.most_price
    return most is not None and price_of(there) > most


def offer_values(there: PledgeByLetter) -> dict[str, Any]:
    """Return what is offered: what, when, where, and the price of a seat times the seats."""
    found = there.full.offering
    assert found is not None, "a class is offered"
    price, seats = price_of(there), there.pledge.seats
    total = Money(price.cents * seats)
    return {
        "title": in_current_language(found.module_title), "provider": found.provider_name, "dates": catalogue.dates_words(found.offering),
        "schedule": catalogue.schedule_words(found.offering.weekdays, found.offering.part_of_day), "place": catalogue.place_words(found.offering),
        "price": money(price), "cents": str(price.cents), "total": money(total), "is_free": price.is_zero,
    }


def short_values(there: PledgeByLetter) -> dict[str, Any]:
    """Return the choices of a pool that is short: go on longer, pay the empty seats, or leave; with what they cost."""
    pool, pledge = there.pool, there.pledge
    empty = pool.threshold - there.confirmed if pool.state is PoolState.PROVISIONAL else there.full.view.standing.short
    may_pay = pledge.state is PledgeState.CONFIRMED and pledge.block_id is not None and empty > 0
    amount = Money(price_of(there).cents * empty)
    return {
        "empty": ngettext("%(num)s lege plek", "%(num)s lege plekken", empty), "number": empty, "had": pledge.seats,
        "is_class": pool.state is PoolState.PROVISIONAL, "may_extend": pool.extended < MOST_EXTENSIONS,
        "may_pay": may_pay, "cents": str(price_of(there).cents), "amount": money(amount), "is_free": amount.is_zero,
    }


def _outcome(there: PledgeByLetter) -> tuple[str, str]:
    """Return how a pledge stands, as a heading and a sentence."""
    pledge, pool = there.pledge, there.pool
    if pledge.state is PledgeState.PLACED:
        return _placed(there)
    if pledge.state is PledgeState.LAPSED and _was_called_off(there):
        return _("De lessen zijn afgezegd"), _("De aanbieder geeft deze lessen niet. Je betaalt niets.")
    if pledge.state is PledgeState.OPEN and pool.state is PoolState.PROVISIONAL:
        return _("Dit moment past niet"), _("De lessen zijn op %(slot)s. Kan dat toch? Pas het hieronder aan.", slot=words.slot_words(pool.slot))
    asks = _("Doe je mee?") if pledge.party is Party.CITIZEN else _("Doen jullie mee?")
    return {
        PledgeState.UNPROVEN: (_("Bevestig eerst je e-mailadres"), _("Volg de link in de e-mail die we stuurden. Dan tellen je plekken mee.")),
        PledgeState.OPEN: (_("Je doet mee"), _("Meedoen kost nu niets. Zegt een aanbieder ja, dan vragen we je om te bevestigen.")),
        PledgeState.ASKED: (asks, _("Er is een aanbieder. Bevestig, dan houden we je plekken vast.")),
        PledgeState.CONFIRMED: (_("Je hebt bevestigd"), _("Je plekken zijn voor jou. Zodra genoeg anderen bevestigen, gaan de lessen zeker door.")),
        PledgeState.DECLINED: (_("Je doet niet mee"), _("Je betaalt niets.")),
        PledgeState.UNPAID: (_("De betaling lukte niet"), _("Het geld voor je plekken was er niet meer. Je betaalt niets, en de anderen gaan door.")),
        PledgeState.WITHDRAWN: (_("Je toezegging is ingetrokken"), _("Je zit nergens meer aan vast.")),
        PledgeState.LAPSED: (_("Deze toezegging is voorbij"), _("Je betaalt niets.")),
    }[pledge.state]


def _was_called_off(there: PledgeByLetter) -> bool:
    """Tell whether the class was founded and called off after that."""
    return any((step.from_state, step.to_state) == (PoolState.CONFIRMED, PoolState.LAPSED) for step in there.full.steps)


def _placed(there: PledgeByLetter) -> tuple[str, str]:
    if there.pledge.party is Party.CITIZEN:
        return _("De lessen gaan door"), _("We stuurden je een e-mail met een plek. Neem die plek binnen twee dagen.")
    return _("De lessen gaan door"), _("Jullie plekken zijn besteld. Geef nu door wie er komen.")


def _seats_url(there: PledgeByLetter) -> str:
    return url_for("desk.seats", organisation=there.firm.slug) if there.pledge.state is PledgeState.PLACED and there.firm is not None else ""


def _names_by(there: PledgeByLetter) -> str:
    starts_on = there.pool.starts_on
    return "" if starts_on is None else short_day(amsterdam_day(names_until(starts_on)))


def _urls(there: PledgeByLetter) -> dict[str, str]:
    token = pledge_token_for(there.pledge.id)
    acts = ("pledge", "change", "withdraw", "confirm", "decline", "extend", "pay_empty", "leave")
    return {act: url_for(f"gathering.{act}", token=token) for act in acts}
