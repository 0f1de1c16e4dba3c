"""Finished values for the pages on which a provider looks at pools and answers them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.catalogue import api as catalogue
from academy.employers import words
from academy.employers.facts import PoolFacts
from academy.employers.kinds import Party, PledgeState, PoolState
from academy.employers.queries.provider_pools import DemandSeen, PoolAtProvider, PoolSeen, ProviderPools
from academy.employers.rules.pooling import Standing
from academy.employers.rules.slots import SLOTS, SlotCount
from academy.kernel.clock import amsterdam_day
from academy.kernel.figures import bar
from academy.kernel.formats import day, in_current_language, money, number_text, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext

_MOMENT: Final = timedelta(seconds=1)
_MOST_MOMENTS: Final = 8
_FEWEST: Final = 2
_LOOKS: Final = {
    PoolState.ASKED: "few", PoolState.PROVISIONAL: "few", PoolState.CONFIRMED: "confirmed", PoolState.STARTED: "finished", PoolState.LAPSED: "cancelled",
}


def workspace_values(there: catalogue.Workspace) -> dict[str, Any]:
    """Return the provider at whom one works, for the trail above each page."""
    slug = there.provider.slug
    return {"name": there.provider.name, "slug": slug, "url": url_for("workspace.home", provider=slug), "may_plan": there.rights.plan}


def pool_state(state: PoolState) -> dict[str, str]:
    """Return where a pool stands in words, and how a badge shows it."""
    return {"state_label": words.pool_state_words(state), "state": _LOOKS.get(state, "open")}


def until_words(until: datetime) -> str:
    """Return the last day that ends at this moment, with its weekday."""
    return day(amsterdam_day(until - _MOMENT))


def list_values(found: ProviderPools, requests_waiting: int, *, now: datetime) -> dict[str, Any]:
    """Return all pools of interest to a provider, the demand that nobody serves, and how many tailored requests wait."""
    slug = found.there.provider.slug

    def rows(seen: Sequence[PoolSeen]) -> list[dict[str, Any]]:
        return [_row(one, slug, now) for one in seen]

    fitting = [one for one in found.demands if one.fits is not None]
    return {
        "asked": rows(found.asked), "accepted": rows(found.accepted), "gathering": rows(found.gathering), "without_module": rows(found.without_module),
        "requests_url": url_for("proposals.requests", provider=slug), "requests": ngettext(
            "%(num)s aanvraag op maat wacht op jullie.", "%(num)s aanvragen op maat wachten op jullie.", requests_waiting, num=number_text(requests_waiting),
        ) if requests_waiting else "",
        "fitting": [_demand_row(one, slug) for one in fitting], "unserved": [_demand_row(one, slug) for one in found.demands if one.fits is None],
    }


def _row(seen: PoolSeen, slug: str, now: datetime) -> dict[str, Any]:
    pool, standing = seen.pool, seen.standing
    return {
        "code": pool.code, "title": title_of(seen), "area": words.area_words(pool.area), "url": url_for("pool_desk.pool", provider=slug, code=pool.code),
        "seats": seats_words(standing), "best": words.slot_words(standing.best.slot) if standing.best is not None and len(standing.counts) < len(SLOTS) else "",
        "price": money(pool.price) if pool.price is not None else "", **pool_state(pool.state), **clock_values(pool, now),
    }


def title_of(seen: PoolSeen) -> str:
    """Return what a pool is for: the module, or the words of who began it."""
    return in_current_language(seen.card.title) if seen.card is not None else seen.pool.title


def seats_words(standing: Standing) -> str:
    """Return how many seats there are at the best moment, and how many are needed."""
    return _("%(seats)s van %(needed)s plekken", seats=number_text(standing.seats), needed=number_text(standing.threshold))


def clock_values(pool: PoolFacts, now: datetime) -> dict[str, Any]:
    """Return until when who must do something about a pool, and whether that is past."""
    if pool.state is PoolState.ASKED and pool.accept_by is not None:
        return {"clock": _("Antwoord voor %(day)s, einde van de dag", day=until_words(pool.accept_by)), "is_late": now >= pool.accept_by}
    if pool.state is PoolState.PROVISIONAL and pool.confirm_by is not None:
        return {"clock": _("De bedrijven bevestigen tot en met %(day)s", day=until_words(pool.confirm_by)), "is_late": now >= pool.confirm_by}
    if pool.starts_on is not None:
        return {"clock": _("Begint op %(day)s", day=day(pool.starts_on)), "is_late": False}
    return {"clock": _("Verzamelt tot en met %(day)s", day=short_day(pool.deadline)), "is_late": False}


def _demand_row(seen: DemandSeen, slug: str) -> dict[str, Any]:
    one = seen.demand
    places = [words.area_words(one.postcode[:2])] if one.postcode else []
    return {
        "words": one.words, "people": ngettext("%(num)s persoon", "%(num)s mensen", one.people), "when": words.slots_words(one.slots),
        "where": " · ".join([*places, *([_("Online")] if one.online else [])]),
        "by": _("voor %(day)s", day=short_day(one.wanted_by)) if one.wanted_by is not None else "",
        "price": _("hooguit %(price)s", price=money(one.most_price)) if one.most_price is not None else "",
        "fits": in_current_language(seen.fits[1]) if seen.fits is not None else "",
        "fits_url": url_for("catalogue.module_in_work", provider=slug, module=seen.fits[0]) if seen.fits is not None else "",
    }


def moments(counts: Sequence[SlotCount], needed: int) -> list[dict[str, Any]]:
    """Return the best moments with how many seats each serves: in words, and as a bar of which the whole is the most or what is needed."""
    whole = max([needed, *(one.seats for one in counts)])
    return [
        {
            "name": words.slot_words(one.slot), "seats": ngettext("%(num)s plek", "%(num)s plekken", one.seats, num=number_text(one.seats)),
            "is_enough": one.seats >= needed, "bar": bar([("enough" if one.seats >= needed else "less", one.seats)], whole),
        }
        for one in counts[:_MOST_MOMENTS]
    ]


def pool_values(found: PoolAtProvider, *, now: datetime) -> dict[str, Any]:
    """Return one pool for its provider: where it stands, what can be done, and after a yes who confirmed."""
    pool, standing = found.seen.pool, found.seen.standing
    slug, counts = found.there.provider.slug, standing.counts
    names: dict[str, Any] = {"provider": slug, "code": pool.code}
    can_plan = found.there.rights.plan
    return {
        "code": pool.code, "title": title_of(found.seen), "area": words.area_words(pool.area), **pool_state(pool.state), **clock_values(pool, now),
        "has_module": found.seen.card is not None, "moments": moments(counts, pool.threshold), "more_moments": max(0, len(counts) - _MOST_MOMENTS),
        "is_any_moment": len(counts) == len(SLOTS) and len({one.seats for one in counts}) == 1,
        "numbers": _numbers(found), "is_asked": pool.state is PoolState.ASKED and can_plan, "is_provisional": pool.state is PoolState.PROVISIONAL,
        "answers": _answers(found), "short_of": max(0, pool.threshold - found.seats(PledgeState.CONFIRMED)), "may_start": can_plan and _may_start(found),
        "class_url": url_for("workspace.offering", provider=slug, code=found.offering_code) if found.offering_code else "",
        "decline_url": url_for("pool_desk.decline", **names), "start_url": url_for("pool_desk.start", **names), "url": url_for("pool_desk.pool", **names),
        "list_url": url_for("pool_desk.pools", provider=slug), "new_module_url": url_for("catalogue.new_module", provider=slug),
    }


def _numbers(found: PoolAtProvider) -> list[tuple[str, str]]:
    """Return who takes part, as numbers: no names before there is a class."""
    standing, pool = found.seen.standing, found.seen.pool
    firms = len({one.organisation_id for one in found.pledges if one.party is not Party.CITIZEN})
    alone = sum(one.party is Party.CITIZEN for one in found.pledges)
    total = sum(one.seats for one in found.pledges)
    return [
        (_("Wie"), " · ".join(part for part in (
            ngettext("%(num)s bedrijf of school", "%(num)s bedrijven en scholen", firms) if firms else "",
            ngettext("%(num)s persoon voor zichzelf", "%(num)s mensen voor zichzelf", alone) if alone else "",
        ) if part)),
        (_("Plekken samen"), number_text(total)),
        (_("Op het beste moment"), seats_words(standing)),
        (_("Waar"), words.area_words(pool.area)),
        (_("Prijs per plek"), money(pool.price) if pool.price is not None else ""),
        (_("Verzamelt tot en met"), short_day(pool.deadline) if pool.state in {PoolState.IDEA, PoolState.GATHERING} else ""),
    ]


def _answers(found: PoolAtProvider) -> dict[str, Any]:
    """Return who confirmed, by name, and how many have yet to: those stay numbers."""
    yes = [one for one in found.pledges if one.state in {PledgeState.CONFIRMED, PledgeState.PLACED}]
    waiting = found.number(PledgeState.ASKED)
    return {
        "confirmed": ngettext("%(num)s plek is bevestigd.", "%(num)s plekken zijn bevestigd.", sum(one.seats for one in yes)),
        "needed": _("Nodig: %(number)s.", number=found.seen.pool.threshold),
        "waiting": ngettext("%(num)s moet nog antwoorden.", "%(num)s moeten nog antwoorden.", waiting) if waiting else "",
        "firms": [
            (found.names.get(one.organisation_id, _("Een bedrijf")) if one.organisation_id is not None else _("Iemand voor zichzelf"),
             ngettext("%(num)s plek", "%(num)s plekken", one.seats))
            for one in yes
        ],
    }


def _may_start(found: PoolAtProvider) -> bool:
    """Tell whether the class can go ahead with fewer: nobody is waited for any more, and not enough confirmed."""
    pool, confirmed = found.seen.pool, found.seats(PledgeState.CONFIRMED)
    is_waiting = pool.told_short_at is None and found.number(PledgeState.ASKED) > 0
    return pool.state is PoolState.PROVISIONAL and not is_waiting and _FEWEST <= confirmed < pool.threshold


def price_words(price: Money, seats: int) -> str:
    """Return what so many seats bring together."""
    return _("%(num)s plekken van %(price)s is %(total)s.", num=number_text(seats), price=money(price), total=money(Money(price.cents * seats)))


def module_choices(modules: Sequence[catalogue.ModuleFacts]) -> list[tuple[str, str]]:
    """Return a provider's own modules to choose from, by title."""
    return sorted(((one.slug, in_current_language(one.title)) for one in modules), key=lambda each: each[1].casefold())
