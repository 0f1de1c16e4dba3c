"""Searches in vain for a skill, counted: nobody's."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, String, case, cast, func, or_, select, true
from sqlalchemy.orm import Session

from academy.reports.kinds import UNKNOWN
from academy.reports.rules.quarters import first_day
from academy.reports.rules.signals import Asked
from academy.reports.sources.modules import known_sector
from academy.reports.sources.naming import skills_called
from academy.reports.sources.window import Window, window_of
from academy.search.models import SearchEvent

_FEW_HITS: Final = 3  # fewer is few


def asked_in_vain(session: Session, *, as_of: date) -> Iterator[Asked]:
    """Yield how often skills were sought by their name in the twelve quarters before `as_of`, and fewer than three courses or only looser ones were found. Two statements.

    A search counts for one skill at most; words that are no name of a skill count for UNKNOWN.
    """
    rows = [(each.terms, each.language, each.quarter, each.sectors, each.times) for each in session.execute(_grouped(window_of(as_of)))]
    called = skills_called(session, {(terms, language) for terms, language, *_rest in rows})
    counted: Counter[tuple[str, str, str]] = Counter()
    for terms, language, quarter, sectors, times in rows:
        skill = called.get((terms, language), UNKNOWN)
        counted[skill, quarter, _only_one(sectors)] += times
    for (skill, quarter, sector), times in sorted(counted.items()):
        yield Asked(skill, quarter, sector, times)


def _grouped(window: Window) -> Select[Any]:
    """Return the question that counts searches by words, language, quarter and the sectors that were chosen; the database adds up, because there are a million."""
    begins = [(SearchEvent.day >= first_day(quarter), quarter) for quarter in reversed(window.quarters)]
    each = (
        select(
            SearchEvent.terms, SearchEvent.language, case(*begins).label("quarter"),
            case((SearchEvent.choices > 0, cast(SearchEvent.filters["sector"], String)), else_="").label("sectors"),
        )
        .where(
            SearchEvent.terms > "", SearchEvent.day >= window.first, SearchEvent.day < window.as_of,
            or_(SearchEvent.hits < _FEW_HITS, SearchEvent.looser == true()),
        )
        .subquery()
    )
    by = (each.c.terms, each.c.language, each.c.quarter, each.c.sectors)
    return select(*by, func.count().label("times")).group_by(*by)


def _only_one(sectors: str | None) -> str:
    """Return the sector that was chosen, out of a JSON list; UNKNOWN where it was none, or several."""
    chosen = json.loads(sectors) if sectors else None
    return known_sector(chosen[0]) if isinstance(chosen, list) and len(chosen) == 1 else UNKNOWN
