"""Searches in vain for a skill, counted: nobody's."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, String, case, cast, func, or_, select, true
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day
from academy.reports.kinds import UNKNOWN
from academy.reports.rules.quarters import first_day
from academy.reports.rules.signals import Asked
from academy.reports.sources.modules import chosen_sector, known_sector
from academy.reports.sources.naming import skills_called
from academy.reports.sources.window import Window, window_of
from academy.search.api import ENOUGH_TIMES, FEW_HITS
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchEvent

IN_VAIN: Final = or_(SearchEvent.hits < FEW_HITS, SearchEvent.looser == true())


class _Times(NamedTuple):
    """How often something was sought, and the first and the last day."""

    number: int
    first: date
    last: date

    @property
    def may_be_told(self) -> bool:
        """Tell whether it is of enough people, by the search room's own rule: what was asked fewer times, or on one day, may tell who asked it."""
        return self.number >= ENOUGH_TIMES and self.first < self.last


class _Sought(NamedTuple):
    """Words that were sought in vain in a quarter; `sector` where exactly one was chosen."""

    terms: str
    language: str
    quarter: str
    sector: str
    times: _Times


def asked_in_vain(session: Session, *, as_of: date) -> Iterator[Asked]:
    """Yield how often skills were sought by their name in the twelve quarters before `as_of`, and fewer than three courses or only looser ones were found. Three statements.

    A wish that somebody left without an address is such a search too: nobody knows whose it is. Each counts for one skill at most; words that are no name of a skill count for
    UNKNOWN, and so does a skill that was sought too few times in a quarter and sector, or on one day: whoever typed it would read it back.
    """
    window = window_of(as_of)
    sought = [*_searched(session, window), *_wished(session, window)]
    called = skills_called(session, {(each.terms, each.language) for each in sought})
    counted: dict[tuple[str, str, str], list[_Times]] = defaultdict(list)
    for each in sought:
        counted[called.get((each.terms, each.language), UNKNOWN), each.quarter, each.sector].append(each.times)
    told: dict[tuple[str, str, str], int] = defaultdict(int)
    for (skill, quarter, sector), parts in counted.items():
        times = _Times(sum(each.number for each in parts), min(each.first for each in parts), max(each.last for each in parts))
        told[skill if times.may_be_told else UNKNOWN, quarter, sector] += times.number
    for (skill, quarter, sector), number in sorted(told.items()):
        yield Asked(skill, quarter, sector, number)


def _searched(session: Session, window: Window) -> Iterator[_Sought]:
    for each in session.execute(_grouped(window)):
        yield _Sought(each.terms, each.language, each.quarter, _only_one(each.sectors), _Times(each.times, each.first, each.last))


def _wished(session: Session, window: Window) -> Iterator[_Sought]:
    rows = session.execute(
        select(SavedSearch.terms, SavedSearch.language, SavedSearch.parameters, SavedSearch.created_at).where(
            SavedSearch.kind == SavedKind.WISH, SavedSearch.state == SavedState.ACTIVE, SavedSearch.email.is_(None),
            SavedSearch.created_at >= window.since, SavedSearch.created_at < window.until,
        ),
    )
    for each in rows:
        day = amsterdam_day(each.created_at)
        yield _Sought(each.terms, each.language, window.quarter(each.created_at), chosen_sector(each.parameters), _Times(1, day, day))


def _grouped(window: Window) -> Select[Any]:
    """Return the question that counts searches by words, language, quarter and the sectors that were chosen; the database adds up, because there are a million."""
    begins = [(SearchEvent.day >= first_day(quarter), quarter) for quarter in reversed(window.quarters)]
    each = (
        select(
            SearchEvent.terms, SearchEvent.language, SearchEvent.day, case(*begins).label("quarter"),
            case((SearchEvent.choices > 0, cast(SearchEvent.filters["sector"], String)), else_="").label("sectors"),
        )
        .where(
            SearchEvent.terms > "", SearchEvent.day >= window.first, SearchEvent.day < window.as_of,
            IN_VAIN,
        )
        .subquery()
    )
    by = (each.c.terms, each.c.language, each.c.quarter, each.c.sectors)
    return select(*by, func.count().label("times"), func.min(each.c.day).label("first"), func.max(each.c.day).label("last")).group_by(*by)


def _only_one(sectors: str | None) -> str:
    """Return the sector that was chosen, out of a JSON list; UNKNOWN where it was none, or several."""
    chosen = json.loads(sectors) if sectors else None
    return known_sector(chosen[0]) if isinstance(chosen, list) and len(chosen) == 1 else UNKNOWN
