"""At night: how many people who have no route now would have one if a module were given at another time (capability B7)."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.pathways.checker import faults
from academy.pathways.errors import GoalGone
from academy.pathways.gateway import RouteSolver
from academy.pathways.models import Pathway, RouteBlocker, SlotAdvice
from academy.pathways.problem import Budget, Problem, Route
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.pathways import pathway_by_id
from academy.pathways.rules.slots import MOST_ASKED, SLOTS, slot_of, with_class_at
from academy.pathways.solving import solver

_SECONDS: Final = 1_800.0  # a night has more work
_SHARES: Final = 6  # so that one large module does not take the time of all others
_BUDGET: Final = Budget(each=0.4, whole=2.2)  # any route will do, and why there is none was told before


@dataclass(frozen=True)
class _Blocked:
    """A module, and the pathways that it blocks, by whom they are of."""

    module_id: UUID
    slug: str
    pathways: Mapping[UUID, UUID]


def count_slots(now: datetime, *, seconds: float = _SECONDS) -> None:
    """Count for each module that blocks ten people or more how many of them each time of the week would help, and keep what helps ten or more.

    Fewer are never told, so they are not calculated. Of a module that blocks many, as many are asked as fit in its share of the time, MOST_ASKED at most, each night
    others: at least so many are helped. Stops after so many seconds; modules that had no turn keep their former count, and every night another one is first.
    Opens its own transactions: none is open while a route is calculated.
    """
    until, share = time.monotonic() + seconds, seconds / _SHARES
    with database().reading() as session:
        blocked = _blocked(session)
    with database().writing() as session:
        session.execute(delete(SlotAdvice).where(SlotAdvice.module_id.not_in([each.module_id for each in blocked])).execution_options(synchronize_session=False))
    for each in sorted(blocked, key=lambda one: _turn(one.module_id, now)):
        people = _people(each, now, until=until, share=share)
        if people is None:
            return
        with database().writing() as session:
            _keep(session, each.module_id, people, now)


def helping_slots(by: RouteSolver, problem: Problem, module: str) -> frozenset[int]:
    """Return the times at which a class of this module would make a route possible that is not possible now.

    All times are tried at once: a route that is found shows one that helps, and the others are tried again without it. So it takes two
    calculations for who is not helped, and one more for each time that helps.
    """
    open_times = problem.limits.open_times
    left = {slot for slot in SLOTS if open_times is None or divmod(slot, 3) in open_times}
    if with_class_at(problem, module, *left) == problem or _routes(by, problem):
        return frozenset()
    found: set[int] = set()
    while left:
        tried = with_class_at(problem, module, *sorted(left))
        helped = {slot for route in _routes(by, tried) for key in route.courses if (slot := slot_of(tried, key)) is not None}
        if not helped:
            break
        found |= helped
        left -= helped
    return frozenset(found)


def _routes(by: RouteSolver, problem: Problem) -> list[Route]:
    return [route for route in by.solve(problem, _BUDGET).routes if not faults(problem, route)]


def _blocked(session: Session) -> list[_Blocked]:
    """Return the modules that block ten people or more: two statements."""
    person = func.coalesce(Pathway.person_id, Pathway.id)
    rows = session.execute(
        select(RouteBlocker.module_id, Pathway.id, person).join(Pathway, Pathway.id == RouteBlocker.pathway_id)
        .where(RouteBlocker.ended_at.is_(None)),
    )
    pathways: dict[UUID, dict[UUID, UUID]] = defaultdict(dict)
    for module_id, pathway_id, person_id in rows:
        if module_id is not None:
            pathways[module_id][pathway_id] = person_id
    enough = {module_id: found for module_id, found in pathways.items() if len(set(found.values())) >= LEAST_PEOPLE}
    cards = catalogue.module_cards(session, enough)
    return [_Blocked(module_id, cards[module_id].slug, found) for module_id, found in enough.items()]


def _turn(of_id: UUID, now: datetime) -> str:
    """Return the place of a module or a pathway in the row of this night: another one every night, so that none is always last."""
    return hashlib.sha256(f"{amsterdam_day(now)} {of_id}".encode()).hexdigest()


def _people(blocked: _Blocked, now: datetime, *, until: float, share: float) -> dict[int, int] | None:
    """Return how many people each time helps, of as many as can be asked in `share` seconds; None when the night ended before."""
    helped: dict[int, set[UUID]] = defaultdict(set)
    enough = time.monotonic() + share
    for pathway_id in sorted(blocked.pathways, key=lambda one: _turn(one, now))[:MOST_ASKED]:
        if time.monotonic() >= until:
            return None
        if time.monotonic() >= enough:
            break
        person_id = blocked.pathways[pathway_id]
        problem = _problem(pathway_id, now)
        for slot in () if problem is None else helping_slots(solver(), problem, blocked.slug):
            helped[slot].add(person_id)
    return {slot: len(people) for slot, people in helped.items()}


def _problem(pathway_id: UUID, now: datetime) -> Problem | None:
    """Return what a pathway asks; None when it went meanwhile, or when its programme is no longer offered."""
    with database().reading() as session:
        pathway = pathway_by_id(session, pathway_id)
        try:
            return None if pathway is None else gather(session, pathway, now=now).problem
        except GoalGone:
            return None


def _keep(session: Session, module_id: UUID, people: Mapping[int, int], now: datetime) -> None:
    rows: Iterable[SlotAdvice] = (
        SlotAdvice(module_id=module_id, slot=slot, people=number, counted_at=now) for slot, number in people.items() if number >= LEAST_PEOPLE
    )
    session.execute(delete(SlotAdvice).where(SlotAdvice.module_id == module_id).execution_options(synchronize_session=False))
    session.add_all(rows)
