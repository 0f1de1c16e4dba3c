"""Why something fits, in words: modules and pools beside what somebody asks, and where a pool stands."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import url_for
from markupsafe import escape

from academy.catalogue import api as catalogue
from academy.employers import words
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import Party, PledgeState
from academy.employers.queries.matching import ModuleFit, PoolFit
from academy.employers.rules.areas import ONLINE
from academy.employers.rules.matching import Because, Match, Reason
from academy.employers.rules.pooling import Standing
from academy.kernel.formats import Shown, in_current_language, in_own_language, money, number_text, short_day, shown
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext

_MOST_NAMED: Final = 3


def because_words(match: Match, labels: Mapping[str, Localized]) -> list[str]:
    """Return why two fit, a few words each; `labels` are the names of skills by their URI."""
    return [_BECAUSE[each.reason](each, labels) for each in match.reasons]


def doubt_words(match: Match, *, is_online: bool) -> list[str]:
    """Return what speaks against it, a few words each."""
    said = {
        Reason.PLACE: _("alleen online") if is_online else _("verder weg"), Reason.SLOT: _("op een ander moment"), Reason.PRICE: _("duurder dan je budget"),
        Reason.LEVEL: _("op een ander niveau"), Reason.DATE: _("begint later"),
    }
    return [said[reason] for reason in match.doubts]


def _naming(sentence: str, about: tuple[str, ...], labels: Mapping[str, Localized]) -> str:
    """Return a sentence with the names of skills in it, as HTML: what has no name in the reader's language stands in its own."""
    named = [shown(labels[each]) if each in labels else Shown(each) for each in about[:_MOST_NAMED]]
    return escape(sentence) % {"skills": escape(", ").join(in_own_language(each) for each in named)}


_BECAUSE: Final[dict[Reason, Callable[[Because, Mapping[str, Localized]], str]]] = {
    Reason.SKILL: lambda each, labels: _naming(_("leert: %(skills)s"), each.about, labels),
    Reason.BROADER: lambda each, labels: _naming(_("komt dicht bij: %(skills)s"), each.about, labels),
    Reason.RELATED: lambda each, labels: _naming(_("lijkt op: %(skills)s"), each.about, labels),
    Reason.WORDS: lambda each, _labels: _("gaat over: %(words)s", words=", ".join(each.about[:_MOST_NAMED])),
    Reason.PLACE: lambda each, _labels: _("bij jullie in de buurt: %(place)s", place=words.place_of(each.about[0])),
    Reason.NEAR: lambda each, _labels: _("niet ver weg: %(place)s", place=words.place_of(each.about[0])),
    Reason.ONLINE: lambda _each, _labels: _("online"),
    Reason.SLOT: lambda each, _labels: words.slots_words(each.about[:_MOST_NAMED]),
    Reason.PRICE: lambda _each, _labels: _("past in je budget"),
    Reason.LEVEL: lambda _each, _labels: _("op jullie niveau"),
    Reason.DATE: lambda _each, _labels: _("begint op tijd"),
}


def module_values(fit: ModuleFit, labels: Mapping[str, Localized]) -> dict[str, Any]:
    """Return a module that fits, with its next class and why."""
    module, offering = fit.module, fit.offering
    price, note = (module.price, module.price_note) if offering is None else (offering.price, offering.price_note)
    return {
        "slug": module.slug, "title": in_current_language(module.title), "url": url_for("enrolment.module_page", slug=module.slug),
        "provider": module.provider.name, "price": catalogue.price_words(price, note),
        "starts": short_day(offering.starts_on) if offering is not None else "", "place": catalogue.place_words(offering) if offering is not None else "",
        "because": because_words(fit.match, labels),
        "doubts": doubt_words(fit.match, is_online=offering is not None and offering.mode is catalogue.DeliveryMode.ONLINE),
    }


def pool_values(fit: PoolFit, labels: Mapping[str, Localized]) -> dict[str, Any]:
    """Return a pool that fits, how many look for it too, where it stands and why it fits."""
    return standing_values(fit.pool, fit.standing) | {
        "others": others_words(fit.standing.firms, only_firms=fit.only_firms), "because": because_words(fit.match, labels),
        "doubts": doubt_words(fit.match, is_online=fit.pool.area == ONLINE),
    }


def others_words(number: int, *, only_firms: bool) -> str:
    """Return `4 bedrijven zoeken dit ook`; who asks for themselves is no firm."""
    if only_firms:
        return ngettext("%(num)s bedrijf zoekt dit ook.", "%(num)s bedrijven zoeken dit ook.", number)
    return ngettext("Iemand anders zoekt dit ook.", "%(num)s anderen zoeken dit ook.", number)


def standing_values(pool: PoolFacts, standing: Standing) -> dict[str, Any]:
    """Return a pool and where it stands: `nu 5 van 12 plekken`."""
    return {
        "code": pool.code, "title": pool.title, "url": url_for("gathering.pool", code=pool.code), "area": words.area_words(pool.area),
        "price": money(pool.price) if pool.price is not None else "", "deadline": short_day(pool.deadline),
        "seats": standing.seats, "threshold": standing.threshold,
        "now": _("nu %(seats)s van %(needed)s", seats=number_text(standing.seats), needed=number_text(standing.threshold)),
        "best": words.slot_words(standing.best.slot) if standing.best is not None and len(standing.counts) > 1 else "",
    }


def joined_values(pledge: PledgeFacts, pool: PoolFacts, standing: Standing) -> dict[str, Any]:
    """Return a pool that somebody takes part in for a question, and whether their seats count already."""
    return standing_values(pool, standing) | {
        "own": ngettext("%(num)s plek", "%(num)s plekken", pledge.seats), "counts": pledge.state is not PledgeState.UNPROVEN,
        "is_alone": pledge.party is Party.CITIZEN,
    }
