"""Routes by trying everything: slow, simple, and right for a handful of modules. What is quick is compared with it.

Which courses go together, and whether they are enough, is asked of the checker; trying them all is what this file does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from academy.pathways.checker import faults
from academy.pathways.kinds import Limit, NodeKind, Option, Proof
from academy.pathways.problem import PERIODS, Course, Limits, Node, Placed, Problem, Route

_NO_TREE = Node("", NodeKind.ALL)
LIFTABLE = (Limit.HOURS, Limit.DISTANCE, Limit.MONEY, Limit.PERIODS, Limit.PARTS, Limit.NEEDS, Limit.AT_PROVIDER, Limit.CHOICE)


def best(problem: Problem, option: Option) -> Route | None:
    """Return the best route there is, which is proven by having tried all of them; None where there is none."""
    for taken in sorted(_selections(problem), key=lambda taken: (value(option, taken), len(taken))):
        route = _route(option, taken)
        if faults(replace(problem, tree=_NO_TREE, at_home=0), route):
            continue
        for placed in _placings(problem, taken):
            whole = replace(route, placed=placed)
            if not faults(problem, whole):
                return whole
    return None


def is_possible(problem: Problem) -> bool:
    return best(problem, Option.SHORTEST) is not None


def value(option: Option, taken: Sequence[Course]) -> int:
    """Return what these courses come to: periods, cents or kilometres."""
    return {
        Option.SHORTEST: max([course.last + 1 for course in taken], default=0),
        Option.CHEAPEST: sum(course.price for course in taken),
        Option.NEAREST: sum(course.travel for course in taken),
    }[option]


def _route(option: Option, taken: Sequence[Course]) -> Route:
    found = value(option, taken)
    return Route(option, tuple(course.key for course in taken), (), found, found, Proof.PROVEN)


def _selections(problem: Problem) -> Iterator[tuple[Course, ...]]:
    """Yield every choice of at most one course per module, the earliest first in each."""
    choices: dict[str, list[Course | None]] = {}
    for course in problem.courses:
        choices.setdefault(course.module, [None]).append(course)
    for chosen in product(*choices.values()):
        yield tuple(sorted((course for course in chosen if course is not None), key=lambda course: (course.first, course.last, course.key)))


def _placings(problem: Problem, taken: Sequence[Course]) -> Iterator[tuple[Placed, ...]]:
    """Yield every way to place what is whole, and what was recognised of the others, each in a place of its own or nowhere."""
    whole = {course.module for course in taken} | {had.module for had in problem.had if had.is_whole}
    parts = {had.module: had.ec for had in problem.had if had.module not in whole}
    nodes = [node for node in _nodes(problem.tree) if node.kind is NodeKind.MODULE]
    candidates: list[list[Placed | None]] = []
    for module in sorted(whole | parts.keys()):
        places = [
            Placed(module, node.key, node.amount if module in whole else min(node.amount, parts[module]))
            for node in nodes if module in (node.modules if module in whole else node.modules[:1])
        ]
        candidates.append([*places, None])
    for chosen in product(*candidates):
        placed = tuple(place for place in chosen if place is not None)
        if len({place.node for place in placed}) == len(placed):
            yield placed


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for item in node.items:
        yield from _nodes(item)


# Why there is none


def lifted(problem: Problem, *limits: Limit) -> Problem:
    """Return the problem without these limits."""
    changes: dict[Limit, dict[str, object]] = {
        Limit.HOURS: {"hours": 10_000}, Limit.DISTANCE: {"distance": None}, Limit.MONEY: {"own": None}, Limit.PERIODS: {"periods": PERIODS},
        Limit.PARTS: {"open_times": None},
    }
    life: dict[str, object] = {}
    for limit in limits:
        life |= changes.get(limit, {})
    eased = replace(problem, limits=replace(problem.limits, **life))  # type: ignore[arg-type]  # the keys are those of Limits
    if Limit.NEEDS in limits:
        eased = replace(eased, needs=())
    if Limit.AT_PROVIDER in limits:
        eased = replace(eased, at_home=0)
    return replace(eased, locked=frozenset(), without=frozenset()) if Limit.CHOICE in limits else eased


def smallest_reasons(problem: Problem) -> list[frozenset[Limit]]:
    """Return the smallest sets of limits without which there is a route; of a problem that has one, the empty set; none where nothing helps."""
    for size in range(len(LIFTABLE) + 1):
        if found := [frozenset(limits) for limits in combinations(LIFTABLE, size) if is_possible(lifted(problem, *limits))]:
            return found
    return []


def opening(problem: Problem, limit: Limit) -> int | None:
    """Return the least hours a week, kilometres, own cents or periods with which there is a route, the other limits as they are; None: no such."""
    free = lifted(problem, limit)
    if limit is Limit.MONEY:
        cheapest = best(free, Option.CHEAPEST)
        return None if cheapest is None else max(0, cheapest.value - problem.limits.employer)
    if limit is Limit.PERIODS:
        shortest = best(free, Option.SHORTEST)
        return None if shortest is None else shortest.value
    return next((number for number in _steps(problem, limit) if is_possible(replace(problem, limits=_with(problem.limits, limit, number)))), None)


def opening_times(problem: Problem) -> set[int]:
    """Return the times (weekday * 3 + part) of which one more would do, each by itself."""
    open_times = problem.limits.open_times or frozenset()
    asked = {(meeting.weekday, meeting.part) for course in problem.courses for meeting in course.meetings}
    return {
        weekday * 3 + part for weekday, part in asked - open_times
        if is_possible(replace(problem, limits=replace(problem.limits, open_times=open_times | {(weekday, part)})))
    }


def _steps(problem: Problem, limit: Limit) -> list[int]:
    if limit is Limit.DISTANCE:
        return sorted({course.distance for course in problem.courses})
    return list(range(sum(max(course.hours, default=0) for course in problem.courses) + max(problem.busy_hours, default=0) + 1))


def _with(limits: Limits, limit: Limit, number: int) -> Limits:
    return replace(limits, distance=number) if limit is Limit.DISTANCE else replace(limits, hours=number)
