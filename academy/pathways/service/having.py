"""What somebody says to have: matched while they type it, and kept when they add it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.text import Language
from academy.pathways.errors import CreditsUnclear, ListFull, SaidAlready, TooManyCredits
from academy.pathways.facts import HasFacts, PathwayFacts
from academy.pathways.kinds import Match
from academy.pathways.models import Pathway, PathwayHas
from academy.pathways.problem import MOST_EC
from academy.pathways.queries.having import GoalParts, fits, goal_parts, others
from academy.pathways.queries.pathways import pathway_to_change
from academy.pathways.rules.matching import Fit, Said, read, words_of
from academy.pathways.service.changing import changed
from academy.search import api as search

MOST_THINGS: Final = 40  # in one list
LONGEST: Final = 200  # characters
_CANDIDATES: Final = 8  # modules besides those of the goal that may be meant
_MOST_WORDS: Final = 10  # of a question to the index: as many as it reads
_NONE: Final = Decimal(0)


@dataclass(frozen=True)
class Answered:
    """What was said, and how far it counts for the goal."""

    pathway: PathwayFacts
    goal: GoalParts
    said: Said
    fits: tuple[Fit, ...]


def answer_to(key: str, text: str, *, language: Language, now: datetime) -> Answered:
    """Return how far this counts for the goal of a pathway. Keeps nothing. Opens its own transactions.

    Raises PathwayNotFound; CreditsUnclear, TooManyCredits, SaidAlready and ListFull where it can not be added.
    """
    said = read(text)
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
        goal = goal_parts(session, pathway, now=now)
    check(pathway.has, said, most=most_ec(goal))
    found = search.modules_with(words_of(" ".join(said.words))[:_MOST_WORDS], language, limit=_CANDIDATES, now=now)
    with database().reading() as session:
        beside = others(session, found.ids, besides=goal.counts_as)
    return Answered(pathway, goal, said, fits(said, goal, beside))


def most_ec(goal: GoalParts) -> Decimal:
    """Return how many EC one can claim for a goal: what it asks."""
    return goal.facts.ec or Decimal(MOST_EC) / 10


def check(has: Sequence[HasFacts], said: Said, *, most: Decimal) -> None:
    """Refuse what can not be in the list. What counts nowhere takes no room of the credits that the goal asks."""
    if not said.is_clear or (said.ec is not None and said.ec <= 0):
        raise CreditsUnclear
    if said.ec is not None and said.ec > most:
        raise TooManyCredits(most, is_together=False)
    if said.ec is not None and (said.ec * 10) % 1:
        raise CreditsUnclear
    before = {each.said: read(each.said) for each in has}
    if any((each.words, each.ec) == (said.words, said.ec) for each in before.values()):
        raise SaidAlready
    counting = {each.said for each in has if each.fits is not Match.MISS}
    if said.ec is not None and said.ec + sum((before[each].ec or _NONE for each in counting), _NONE) > most:
        raise TooManyCredits(most, is_together=True)
    if len(has) >= MOST_THINGS:
        raise ListFull


def add_has(session: Session, *, key: str, version: int, said: Said, found: Sequence[Fit], diploma: str, now: datetime) -> None:
    """Keep something that somebody says to have, as it was matched with this version of the pathway, and their diploma.

    What counts takes its module out of the route that was chosen. Raises PathwayNotFound and PathwayChanged, as all below do.
    """
    row = changed(session, key, version, now)
    row.diploma = diploma
    place = max((each.position for each in row.has), default=-1) + 1
    row.has.extend(
        PathwayHas(
            id=new_id(), position=place + number, kind=each.kind, said=said.text, module_id=each.module_id, for_module_id=each.for_module_id, ec=each.ec, fits=each.fits,
        ) for number, each in enumerate(found)
    )
    if had := {each.for_module_id for each in found if each.fits is Match.MATCH}:
        _forget_route(row, had)


def remove_has(session: Session, *, key: str, version: int, has_id: UUID, now: datetime) -> None:
    """Take something out of the list, with all that the same words counted for; nothing happens where it is gone."""
    row = changed(session, key, version, now)
    gone = next((each.said for each in row.has if each.id == has_id), None)
    counted = [each for each in row.has if each.said == gone and each.fits is Match.MATCH]
    row.has = [each for each in row.has if each.said != gone]
    if counted:
        _forget_route(row, ())


def set_diploma(session: Session, *, key: str, version: int, diploma: str, now: datetime) -> None:
    """Keep the level (NLQF) of the highest diploma; "" for not said."""
    changed(session, key, version, now).diploma = diploma


def _forget_route(row: Pathway, had: Collection[UUID | None]) -> None:
    """Let go of the route that was chosen, for other modules are to be taken now: only what is locked stays of it, and nothing of what one has."""
    row.chosen = None
    row.steps = [each for each in row.steps if each.is_locked and each.module_id not in had]
