"""Asking for routes: what is known is read, what is calculated is calculated outside transactions, and what stood in the way is noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard
from academy.kernel.db import database
from academy.pathways import checker, running
from academy.pathways.errors import NoSuchRoute, PathwayChanged
from academy.pathways.facts import Gathered, PathwayFacts, StepFacts
from academy.pathways.kinds import Option
from academy.pathways.pages.routes import shown_as, why_words
from academy.pathways.pages.steps import taken_as
from academy.pathways.problem import Answer, Course, Problem, Route
from academy.pathways.queries.following import ChangeFacts, open_changes
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.pathways import pathway_to_change
from academy.pathways.rules.moving import route_of
from academy.pathways.service import blocking, planning
from academy.pathways.service.planning import Step

_OF_STEP: Final = tuple(each.name for each in fields(Step))


@dataclass(frozen=True)
class Asked:
    """A pathway of which the life is told, with everything that is known for it, and the answer."""

    pathway: PathwayFacts
    gathered: Gathered
    answer: Answer

    @property
    def problem(self) -> Problem:
        return self.gathered.problem

    @property
    def courses(self) -> list[Course]:
        """The courses of the chosen route, of those that are still there."""
        by_key = {each.key: each for each in self.problem.courses}
        return [by_key[each.course_key] for each in self.pathway.steps if each.course_key in by_key]

    @property
    def option(self) -> Option:
        return self.pathway.chosen or Option.SHORTEST


def look(key: str, *, now: datetime) -> tuple[PathwayFacts, Gathered | None]:
    """Return a pathway, and what is known for it as soon as its life is told. Raises PathwayNotFound."""
    with database().reading() as session:
        pathway = pathway_to_change(session, key)
        return pathway, None if pathway.hours is None else gather(session, pathway, now=now)


def ask(pathway: PathwayFacts, gathered: Gathered, *, now: datetime) -> Asked:
    """Calculate the routes, and note what blocks them and that somebody looked; nothing is written where nothing changes."""
    answer = running.answer_for(gathered.problem, now=now)
    with database().reading() as session:
        is_known = blocking.is_noted(session, pathway=pathway, gathered=gathered, answer=answer) and planning.is_seen(session, key=pathway.edit_key, now=now)
    if not is_known:
        with database().writing() as session:
            planning.note_seen(session, key=pathway.edit_key, now=now)
            blocking.note_blockers(session, pathway=pathway, gathered=gathered, answer=answer, now=now)
    return Asked(pathway, gathered, answer)


def cards_of(pathway: PathwayFacts, gathered: Gathered) -> dict[UUID, ModuleCard]:
    """Return the modules that were taken out, and those of steps whose class is not there any more."""
    there = {each.key for each in gathered.problem.courses}
    lost = [each.module_id for each in pathway.steps if each.course_key not in there]
    with database().reading() as session:
        return catalogue.module_cards(session, [*pathway.without, *lost]) if lost or pathway.without else {}


def changes_of(pathway: PathwayFacts) -> tuple[ChangeFacts, ...]:
    """Return what changed for the chosen route, and was not looked after yet."""
    with database().reading() as session:
        return open_changes(session, pathway.id)


def is_right(asked: Asked, cards: Mapping[UUID, ModuleCard]) -> bool:
    """Tell whether what is left of the chosen route still keeps every limit: as one of those that were just checked, or checked by itself."""
    left = [each for each in asked.pathway.steps if each.module_id not in cards or taken_as(asked.gathered, cards[each.module_id]) is None]
    keys = {each.course_key for each in left}
    if any(keys == set(route.courses) for route in asked.answer.routes):
        return True
    return len(asked.courses) == len(left) and not checker.faults(asked.problem, route_of(asked.problem, asked.courses, asked.option))


def kept_or_solved(asked: Asked, problem: Problem, courses: Sequence[Course], *, now: datetime) -> Route:
    """Return these courses as a route where they answer the problem as they are, so that no step changes that need not; else a new one.

    Raises NoSuchRoute with what stands in the way.
    """
    route = route_of(problem, courses, asked.option)
    if problem.locked <= set(route.courses) and not checker.faults(problem, route):
        return route
    return solved(asked, problem, now=now)


def solved(asked: Asked, problem: Problem, *, now: datetime) -> Route:
    """Return the best route for a changed problem. Raises NoSuchRoute with what stands in the way."""
    return best_of(asked, running.answer_for(problem, now=now), asked.option)


def best_of(asked: Asked, answer: Answer, option: Option) -> Route:
    """Return the route that is best at something, or else the first there is. Raises NoSuchRoute."""
    if not answer.routes:
        raise NoSuchRoute(why_words(asked.gathered, asked.pathway, answer.blockers))
    return next((each for each in answer.routes if each.option is option), answer.routes[0])


def shown_of(asked: Asked, option: Option, shown: str) -> Route:
    """Return the route that was shown as the best at something. Raises NoSuchRoute, and PathwayChanged where the routes are others now."""
    found = best_of(asked, asked.answer, option)
    if shown_as(found.courses) != shown:
        raise PathwayChanged
    return found


def steps_for(asked: Asked, problem: Problem, route: Route) -> list[Step]:
    """Return the steps of a route for a problem that was changed, after those that were taken already or are under way."""
    cards = cards_of(asked.pathway, asked.gathered)
    taken = [as_kept(each) for each in asked.pathway.steps if each.module_id in cards and taken_as(asked.gathered, cards[each.module_id]) is not None]
    return [*taken, *planning.steps_of(replace(asked.gathered, problem=problem), route)]


def as_kept(step: StepFacts) -> Step:
    """Return a step as it stands."""
    return Step(**{name: getattr(step, name) for name in _OF_STEP})
