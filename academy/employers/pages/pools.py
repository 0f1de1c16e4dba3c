"""Finished values for the pages of pools: cards, one pool with its figure and its history, and one pledge with what can be chosen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.employers import words
from academy.employers.facts import PoolFacts
from academy.employers.kinds import OPEN_POOLS, Party, PledgeState, PoolState
from academy.employers.links import pledge_token_for
from academy.employers.pages.fitting import standing_values
from academy.employers.queries.pool_pages import PER_PAGE, PoolInFull, PoolInView, StepFacts
from academy.employers.rules.clocks import short_decided_until
from academy.employers.rules.pooling import Standing
from academy.employers.rules.slots import SLOTS
from academy.kernel import figures
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, moment_text, number_text, short_day
from academy.kernel.translation import _, ngettext

_MOST_BEST: Final = 2  # moments on a card
_LOOKS: Final = {PoolState.CONFIRMED: "confirmed", PoolState.STARTED: "confirmed", PoolState.PROVISIONAL: "few", PoolState.LAPSED: "finished"}


def card_values(view: PoolInView) -> dict[str, Any]:
    """Return a pool in a card: what, where, how far, and who takes part."""
    pool, standing = view.pool, view.standing
    return standing_values(pool, standing) | {
        "title": title_of(view), "provider": view.module.provider_name if view.module is not None else "",
        "moments": words.slot_words(pool.slot) if pool.slot else moments_words(standing), "firms": firms_words(standing), "state_label": words.pool_state_words(pool.state),
        "state": _LOOKS.get(pool.state, "open"), "until": until_words(pool),
        "short": ngettext("nog %(num)s plek nodig", "nog %(num)s plekken nodig", standing.short) if standing.short else _("genoeg plekken"),
    }


def title_of(view: PoolInView) -> str:
    """Return what a pool is about: its module in the reader's language, else the words of who began it."""
    return in_current_language(view.module.title) if view.module is not None else view.pool.title


def moments_words(standing: Standing) -> str:
    """Return the moments that suit most, the best first; empty where all suit as well."""
    counts = standing.counts
    if not counts or (len(counts) == len(SLOTS) and counts[0].seats == counts[-1].seats):
        return ""
    return ", ".join(words.slot_words(each.slot) for each in counts[:_MOST_BEST])


def firms_words(standing: Standing) -> str:
    """Return how many take part, apart from how many seats they want."""
    return ngettext("%(num)s doet mee", "%(num)s doen mee", standing.firms) if standing.firms else _("nog niemand doet mee")


def until_words(pool: PoolFacts) -> str:
    """Return until when who reads this can join."""
    if pool.state is PoolState.PROVISIONAL and pool.confirm_by is not None:
        return last_day_words(pool.confirm_by)
    return short_day(pool.deadline)


def last_day_words(until: datetime) -> str:
    """Return the last whole day on which something can be done that is over at this moment."""
    return short_day(amsterdam_day(until) - timedelta(days=1))


def list_values(found: Sequence[PoolInView], number: int, *, page: int, area: str | None, only_online: bool) -> dict[str, Any]:
    """Return a page of pools with its heading, and links to the pages beside it."""
    asked: dict[str, Any] = {"postcode": f"{area}00" if area else None, "online": "y" if only_online else None}
    pages = max(1, -(-number // PER_PAGE))
    return {
        "cards": [card_values(view) for view in found], "number": number, "near": words.area_words(area) if area else "",
        "found": ngettext("%(num)s groep", "%(num)s groepen", number),
        "previous_url": url_for("gathering.pools", page=page - 1, **asked) if page > 1 else "",
        "next_url": url_for("gathering.pools", page=page + 1, **asked) if page < pages else "",
    }


def pool_values(full: PoolInFull, *, now: datetime) -> dict[str, Any]:
    """Return a pool: how it stands in words, its figure, what happens next, and how it came here."""
    view = full.view
    pool = view.pool
    return card_values(view) | {
        "is_open": pool.state in OPEN_POOLS, "says": state_words(full), "figure": figure_values(view.standing),
        "module_url": url_for("enrolment.module_page", slug=view.module.slug) if view.module is not None and view.module.is_public else "",
        "steps": [step_values(step) for step in full.steps], "next": next_words(pool), "stage": _STAGES.get(pool.state, 0), "stages": stages(),
        "merged_url": url_for("gathering.pool", code=full.merged_into.code) if full.merged_into is not None else "",
        "mine_url": url_for("gathering.pledge", token=pledge_token_for(full.mine.id)) if full.mine is not None and full.mine.state is not PledgeState.UNPROVEN else "",
        "prove_url": url_for("gathering.prove", code=full.mine.code) if full.mine is not None and full.mine.state is PledgeState.UNPROVEN else "",
        "today": short_day(amsterdam_day(now)),
    }


def figure_values(standing: Standing) -> dict[str, Any]:
    """Return the bars of the moments at which somebody can, in the order of the week, on one scale with the line that has to be reached.

    Where every moment has as many seats there is nothing to compare, and no figure.
    """
    counts = sorted(standing.counts, key=lambda each: SLOTS.index(each.slot))
    if not counts or (len(counts) == len(SLOTS) and len({each.seats for each in counts}) == 1):
        return {"rows": [], "line": 0}
    whole = max(standing.threshold, *(each.seats for each in counts))
    return {
        "line": figures.WIDTH * standing.threshold // whole,
        "rows": [
            {
                "slot": words.slot_words(each.slot), "seats": number_text(each.seats), "pledges": number_text(each.pledges),
                "bar": figures.bar([("enough" if each.seats >= standing.threshold else "some", each.seats)], whole),
                "is_enough": each.seats >= standing.threshold, "is_best": standing.best is not None and each.slot == standing.best.slot,
            }
            for each in counts
        ],
    }


_STAGES: Final = {
    PoolState.IDEA: 1, PoolState.GATHERING: 1, PoolState.ASKED: 2, PoolState.PROVISIONAL: 3, PoolState.CONFIRMED: 4, PoolState.STARTED: 4,
}


def stages() -> list[str]:
    """Return the way of every pool in four steps."""
    return [_("Genoeg plekken"), _("Een aanbieder zegt ja"), _("Iedereen bevestigt"), _("De lessen beginnen")]


def state_words(full: PoolInFull) -> str:
    """Return in a sentence or two where a pool stands."""
    pool, standing = full.view.pool, full.view.standing
    provider = full.view.module.provider_name if full.view.module is not None else _("de aanbieder")
    if pool.told_short_at is not None and pool.state in OPEN_POOLS:
        return _("De tijd was om en er zijn te weinig plekken. Wie meedoet kiest nu hoe het verder gaat.")
    slot = words.slot_words(pool.slot) if pool.slot else ""
    said = {
        PoolState.ASKED: _("Er zijn genoeg plekken op %(slot)s. We vroegen een aanbieder om les te geven.", slot=slot),
        PoolState.PROVISIONAL: _("%(provider)s wil de lessen geven op %(slot)s. Wie meedoet bevestigt nu.", provider=provider, slot=slot),
        PoolState.CONFIRMED: _("De lessen gaan door. Ze beginnen op %(day)s.", day=short_day(pool.starts_on)) if pool.starts_on else _("De lessen gaan door."),
        PoolState.STARTED: _("De lessen zijn begonnen."),
        PoolState.LAPSED: _("Deze groep is gestopt. Niemand betaalt iets.") if pool.merged_into is None else _("Deze groep ging samen met een andere groep."),
    }
    return said.get(pool.state) or (_needed_words(standing.short) if standing.short else _("Er zijn genoeg plekken. We zoeken nog een aanbieder."))


def _needed_words(short: int) -> str:
    return ngettext("Er is nog %(num)s plek nodig op hetzelfde moment.", "Er zijn nog %(num)s plekken nodig op hetzelfde moment.", short)


def next_words(pool: PoolFacts) -> str:
    """Return what happens next and when."""
    if pool.told_short_at is not None and pool.state in OPEN_POOLS:
        until = short_decided_until(pool.told_short_at)
        return _("Kiest niemand uiterlijk %(day)s? Dan stopt de groep en betaalt niemand iets.", day=last_day_words(until))
    match pool.state:
        case PoolState.IDEA | PoolState.GATHERING:
            return _("Zijn er genoeg plekken op één moment? Dan vragen we meteen een aanbieder. Op %(day)s kijken we hoe het ervoor staat.",
                     day=short_day(pool.deadline))
        case PoolState.ASKED if pool.accept_by is not None:
            return _("De aanbieder antwoordt uiterlijk %(day)s. Zegt die ja? Dan bevestigt iedereen met één klik.", day=last_day_words(pool.accept_by))
        case PoolState.PROVISIONAL if pool.confirm_by is not None:
            return _("Bevestigen kan tot en met %(day)s. Zijn er dan genoeg plekken bevestigd? Dan gaan de lessen zeker door.", day=last_day_words(pool.confirm_by))
        case _:
            return ""


def step_values(step: StepFacts) -> dict[str, str]:
    """Return a line of the history: when, and what happened."""
    return {"at": moment_text(step.at), "what": _step_words(step)}


def _step_words(step: StepFacts) -> str:
    """Return what happened, in our words: what a provider or the office wrote stays with them."""
    if step.from_state is None:
        return _("De groep is begonnen.")
    if step.from_state is step.to_state:
        return _("De groep kreeg meer tijd.") if step.note == "longer" else _("Iemand betaalt ook lege plekken.")
    if step.note == "merged":
        return _("De groep ging samen met een andere groep.")
    if step.from_state is PoolState.IDEA and step.to_state is PoolState.GATHERING:
        return _("Er doen meer mensen mee.")
    said = {
        PoolState.GATHERING: _("De aanbieder heeft de lessen afgezegd. Niemand betaalt iets. We zoeken verder.")
        if step.from_state is PoolState.PROVISIONAL else _("De aanbieder geeft de lessen niet, of er trok zich iemand terug. We zoeken verder."),
        PoolState.ASKED: _("Er waren genoeg plekken op één moment. We vroegen een aanbieder."),
        PoolState.PROVISIONAL: _("Een aanbieder zei ja. Wie meedoet bevestigt."),
        PoolState.CONFIRMED: _("Er zijn genoeg plekken bevestigd. De lessen gaan door."),
        PoolState.STARTED: _("De lessen zijn begonnen."),
        PoolState.LAPSED: _("De lessen zijn afgezegd. Niemand betaalt iets.")
        if step.from_state is PoolState.CONFIRMED else _("De groep is gestopt. Niemand betaalt iets."),
    }
    return said[step.to_state]


def ways_to_join(code: str, party: Party) -> list[dict[str, Any]]:
    """Return for whom one can take part, each with the page that asks for it."""
    return [
        {"label": words.party_word(each), "url": url_for("gathering.pool", code=code, who=each.value) + "#join", "current": each is party} for each in Party
    ]
