"""What was sought in vain: reads for the programme office. Only what enough people asked, or asked to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, case, false, func, select, true
from sqlalchemy.orm import Session, aliased

from academy.accounts.api import Actor, OrganisationKind, Role, memberships_of
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import NotFound
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchEvent

# Rarer words may be a name, or tell who asked them. Three times by three people can not be demanded, because people are not kept; two
# days at least keep out what one person tried one evening.
ENOUGH_TIMES: Final = 3
ENOUGH_DAYS: Final = 2
FEW_HITS: Final = 3  # fewer is few
_MOST_IN_FILE: Final = 10_000


class Found(StrEnum):
    """What a list is about: terms that found nothing, too little, or anything."""

    NOTHING = "nothing"
    FEW = "few"
    ALL = "all"


@dataclass(frozen=True)
class AskedTerm:
    """One wording in one language: how often it was asked, how many of those with choices beside it, the least and the last hits."""

    terms: str
    language: str
    times: int
    with_choices: int
    fewest_hits: int
    last_hits: int
    last_day: date


@dataclass(frozen=True)
class Demand:
    """The terms most asked first; the rarer ones only as numbers: how many wordings, asked how often together."""

    terms: tuple[AskedTerm, ...]
    rare_terms: int
    rare_times: int


@dataclass(frozen=True)
class Wish:
    """What someone would like to learn, in their own words.

    `parameters` are the choices beside it, `same` counts who wished it in the same words, `is_told` when something that fits was mailed.
    """

    words: str
    language: str
    parameters: tuple[tuple[str, str], ...]
    people: int | None
    since: date
    same: int
    has_reader: bool
    is_told: bool


def require_office(session: Session, actor: Actor) -> None:
    """Let only the programme office pass. Raises NotFound."""
    works_there = (
        membership.kind is OrganisationKind.OFFICE and membership.role is Role.OFFICE for membership in memberships_of(session, actor.person_id)
    )
    if not any(works_there):
        raise NotFound


def demand(session: Session, actor: Actor, *, found: Found, days: int, today: date, limit: int = _MOST_IN_FILE) -> Demand:
    """Return what was asked in the last `days` days, at most `limit` terms. Raises NotFound for who is not of the programme office."""
    require_office(session, actor)
    event = SearchEvent
    times, first, last = func.count(), func.min(event.day), func.max(event.day)
    enough = case(((times >= ENOUGH_TIMES) & (last > first), 1), else_=0)  # two days, as ENOUGH_DAYS says
    asked = (
        select(
            event.terms, event.language, times.label("times"), last.label("last_day"), func.min(_fitting(event)).label("fewest_hits"),
            func.sum(case((event.choices > 0, 1), else_=0)).label("with_choices"), enough.label("enough"),
        )
        .where(event.terms > "", event.day > today - timedelta(days=days), _is(found))
        .group_by(event.terms, event.language)
        .subquery()
    )
    rare = 1 - asked.c.enough
    ranked = (
        select(asked, func.sum(rare).over().label("rare_terms"), func.sum(rare * asked.c.times).over().label("rare_times"))
        .order_by(asked.c.enough.desc(), asked.c.times.desc(), asked.c.last_day.desc(), asked.c.terms, asked.c.language)
        .limit(limit)
        .subquery()
    )
    later = aliased(SearchEvent)
    last_hits = (
        select(_fitting(later))
        .where(later.terms == ranked.c.terms, later.language == ranked.c.language)
        .order_by(later.day.desc(), later.hour.desc()).limit(1).scalar_subquery()
    )
    return _demand(session.execute(
        select(ranked, last_hits.label("last_hits"))
        .order_by(ranked.c.enough.desc(), ranked.c.times.desc(), ranked.c.last_day.desc(), ranked.c.terms, ranked.c.language),
    ).all())


def _fitting(event: type[SearchEvent]) -> ColumnElement[int]:
    """Return the hits that have all the words: a looser answer has none."""
    return case((event.looser == true(), 0), else_=event.hits)


def _is(found: Found) -> ColumnElement[bool]:
    if found is Found.NOTHING:
        return (SearchEvent.hits == 0) | (SearchEvent.looser == true())
    if found is Found.FEW:
        return SearchEvent.hits.between(1, FEW_HITS - 1) & (SearchEvent.looser == false())
    return true()


def _demand(rows: Sequence[Any]) -> Demand:
    return Demand(
        tuple(
            AskedTerm(row.terms, row.language, row.times, row.with_choices, row.fewest_hits, row.last_hits, row.last_day)
            for row in rows if row.enough
        ),
        rare_terms=int(rows[0].rare_terms) if rows else 0,
        rare_times=int(rows[0].rare_times) if rows else 0,
    )


def wishes(session: Session, actor: Actor, *, limit: int = 200) -> tuple[Wish, ...]:
    """Return what people wrote that they look for, the newest first. Raises NotFound for who is not of the programme office."""
    require_office(session, actor)
    same = func.count().over(partition_by=(SavedSearch.terms, SavedSearch.language))
    rows = session.execute(
        select(SavedSearch, same)
        .where(SavedSearch.kind == SavedKind.WISH, SavedSearch.state != SavedState.STOPPED)
        .order_by(SavedSearch.created_at.desc(), SavedSearch.id.desc()).limit(limit),
    )
    return tuple(
        Wish(
            row.query, row.language, tuple((name, value) for name, value in row.parameters), row.people, amsterdam_day(row.created_at), number,
            has_reader=row.email is not None, is_told=row.told_at is not None,
        )
        for row, number in rows
    )
