"""Finished values for the page on which a provider keeps seats apart."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.pages.waiting import line_values
from academy.enrolment.queries.pools import PoolFacts, PoolsFacts
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, number_text, short_day
from academy.kernel.translation import _, ngettext

_MOMENT: Final = timedelta(seconds=1)


def pools_values(found: PoolsFacts) -> dict[str, Any]:
    """Return the class and the table of its pools."""
    work, names = found.work, _names(found)
    seats = work.offering.seats
    untouched = PoolFacts(id=work.offering.id, name="", is_public=True, capacity=seats, taken=0, opens_up_at=None, codes_left=0)
    left, pools = found.public_left, found.pools or [untouched]
    is_by_lot = any(pool.awaits_draw for pool in pools)
    return {
        "title": in_current_language(work.module_title), "dates": catalogue.dates_words(work.offering),
        "url": url_for("workspace.offering", **names), "pools": [_row(pool, names) for pool in pools],
        "line": line_values(found.line), "can_keep": left > 0,
        "left": _("De plekken voor iedereen worden verloot. Zet plekken apart vóór je een loting afspreekt.") if is_by_lot
        else ngettext("%(num)s plek is nog vrij voor iedereen.", "%(num)s plekken zijn nog vrij voor iedereen.", left),
    }


def _names(found: PoolsFacts) -> dict[str, Any]:
    return {"provider": found.work.workspace.provider.slug, "code": found.work.offering.code}


def _row(pool: PoolFacts, names: dict[str, Any]) -> dict[str, Any]:
    free = pool.capacity - pool.taken
    ways = {} if pool.is_public or pool.is_block else {
        "move_url": url_for("pools.move", pool=pool.id.hex, **names), "codes_url": url_for("pools.codes", pool=pool.id.hex, **names),
    }
    return {
        "name": _("Voor iedereen") if pool.is_public else pool.name, "sponsor": _sponsor_words(pool), "is_public": pool.is_public, "id": pool.id.hex,
        "capacity": number_text(pool.capacity), "taken": number_text(pool.taken), "free": number_text(free),
        "free_sentence": ngettext("Er is %(num)s plek vrij.", "Er zijn %(num)s plekken vrij.", free, num=number_text(free)),
        "until": short_day(amsterdam_day(pool.opens_up_at - _MOMENT)) if pool.opens_up_at else "", "codes_left": number_text(pool.codes_left),
        "may_change": bool(ways),
    } | ways


def _sponsor_words(pool: PoolFacts) -> str:
    if not pool.sponsor:
        return ""
    if pool.is_block:
        return _("gekocht door %(name)s, die de plekken zelf verdeelt", name=pool.sponsor)
    return _("betaald door %(name)s", name=pool.sponsor)


def pool_values(found: PoolsFacts, pool: PoolFacts) -> dict[str, Any]:
    """Return one pool, for the pages about it."""
    names = _names(found)
    return _row(pool, names) | {
        "title": in_current_language(found.work.module_title), "dates": catalogue.dates_words(found.work.offering),
        "pools_url": url_for("pools.seats", **names), "class_url": url_for("workspace.offering", **names),
        "enrol_url": url_for("enrolment.enrol", code=names["code"], _external=True),
    }


def codes_heading() -> tuple[str, ...]:
    """Return the heads of the columns of a file with codes."""
    return (_("Code"), _("Aantal plekken"), _("Voor wie"), _("Inschrijven op"))


def codes_rows(codes: Sequence[str], uses: int, pool: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the rows of a file with codes, all text."""
    return [(code, str(uses), str(pool["name"]), str(pool["enrol_url"])) for code in codes]
