"""Mending a chosen route with as little change as possible: what is done or under way stays, what is locked stays, and what can stay as it is does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard
from academy.kernel.db import database
from academy.pathways import checker, running
from academy.pathways.facts import StepFacts
from academy.pathways.pages.routes import shown_as
from academy.pathways.pages.steps import taken_as
from academy.pathways.problem import Course, Problem, Route
from academy.pathways.queries.following import ChangeFacts, open_changes
from academy.pathways.rules.moving import route_of
from academy.pathways.service.planning import Step, steps_of
from academy.pathways.views import asking
from academy.pathways.views.asking import Asked


@dataclass(frozen=True)
class Repair:
    """A chosen route as it would become. `after` is None where no route is possible any more; `done` are steps that were taken, or are being taken."""

    asked: Asked
    changes: tuple[ChangeFacts, ...]
    cards: Mapping[UUID, ModuleCard]
    done: tuple[StepFacts, ...]
    after: tuple[Step, ...] | None

    @property
    def before(self) -> tuple[StepFacts, ...]:
        """The steps that could change."""
        return tuple(each for each in self.asked.pathway.steps if each not in self.done)

    @property
    def shown(self) -> str:
        """What tells this repair from another one: who takes it takes what they saw."""
        return shown_as(each.course_key for each in self.after or ())

    @property
    def is_same(self) -> bool:
        return self.after is not None and {each.course_key for each in self.before} == {each.course_key for each in self.after}

    @property
    def steps(self) -> list[Step]:
        """The whole route as it is kept when it is taken."""
        return sorted([*map(asking.as_kept, self.done), *(self.after or ())], key=lambda each: (each.first_on, each.last_on))


def repair_of(key: str, *, now: datetime) -> Repair | None:
    """Return what the chosen route would become; None where nothing was chosen. Raises PathwayNotFound."""
    pathway, gathered = asking.look(key, now=now)
    if gathered is None or pathway.chosen is None:
        return None
    asked = asking.ask(pathway, gathered, now=now)
    with database().reading() as session:
        changes = open_changes(session, pathway.id)
        cards = catalogue.module_cards(session, {each.module_id for each in pathway.steps} | {each.module_id for each in gathered.courses.values()})
    route = _least_change(asked, now)
    after = None if route is None else tuple(steps_of(gathered, route))
    done = tuple(each for each in pathway.steps if each.module_id in cards and taken_as(gathered, cards[each.module_id]) is not None)
    return Repair(asked, changes, cards, done, after)


def _least_change(asked: Asked, now: datetime) -> Route | None:
    """Return the route that keeps most: every step that is still possible, with what is missing around them; else one that is new but for what is locked."""
    kept = list(_still_possible(asked))
    if _fits(asked.problem, kept, asked):
        return route_of(asked.problem, _needed(asked, kept), asked.option)
    around = replace(asked.problem, locked=asked.problem.locked | {each.key for each in kept})
    for answer in (running.answer_for(around, now=now), asked.answer):
        if answer.routes:
            return next((each for each in answer.routes if each.option is asked.option), answer.routes[0])
    return None


def _still_possible(asked: Asked) -> Iterator[Course]:
    """Yield the courses of the steps that can be taken still: the same one, or the one that is planned by now in the place of an expected one."""
    first_on, facts = asked.gathered.first_on, asked.gathered.courses
    by_key = {each.key: each for each in asked.problem.courses if each.module not in asked.problem.without}
    for step in asked.pathway.steps:
        period = max((number for number, first in enumerate(first_on) if first <= step.first_on), default=0)
        same = (each for each in by_key.values() if facts[each.key].module_id == step.module_id and each.first == period)
        course = by_key.get(step.course_key) or (next(same, None) if step.offering_id is None else None)
        if course is not None:
            yield course


def _needed(asked: Asked, courses: Sequence[Course]) -> list[Course]:
    """Return the courses without those that the route can do without, the last first; what is locked stays."""
    left = list(courses)
    for each in sorted(courses, key=lambda course: (course.first, course.key), reverse=True):
        rest = [other for other in left if other is not each]
        if each.key not in asked.problem.locked and _fits(asked.problem, rest, asked):
            left = rest
    return left


def _fits(problem: Problem, courses: Sequence[Course], asked: Asked) -> bool:
    route = route_of(problem, courses, asked.option)
    return problem.locked <= set(route.courses) and not checker.faults(problem, route)
