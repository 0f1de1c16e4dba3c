"""Is a route what it says to be? Everything is calculated again, in words of its own: nothing here is shared with what makes routes.

A route with a fault is a mistake of ours, never of the learner: it is not shown, and the faults are for the log. They name keys of courses, modules and
places in the tree, nothing of a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from academy.pathways.kinds import NodeKind, Option, Proof, Standing
from academy.pathways.problem import (
    MOST_PERIODS,
    After,
    Course,
    Either,
    Every,
    Need,
    Node,
    Placed,
    Problem,
    Reached,
    Route,
)

_NOTHING: Final = (False, 0)


def faults(problem: Problem, route: Route) -> tuple[str, ...]:
    """Return what is wrong with this route as an answer to this problem; nothing when it is right.

    Courses that are not known make everything else meaningless, so those are told alone.
    """
    known = {course.key: course for course in problem.courses}
    if strangers := [key for key in route.courses if key not in known]:
        return tuple(f"course {key} is not in the problem" for key in strangers)
    taken = [known[key] for key in route.courses]
    return (
        *_choices(problem, taken), *_life(problem, taken), *_load(problem, taken), *_order(problem, taken),
        *_tree(problem, taken, route.placed), *_figures(route, taken),
    )


# What is in it


def _choices(problem: Problem, taken: Sequence[Course]) -> Iterator[str]:
    for module, number in Counter(course.module for course in taken).items():
        if number > 1:
            yield f"module {module} is taken {number} times"
    keys = {course.key for course in taken}
    for key in sorted(problem.locked - keys):
        yield f"locked course {key} is missing"
    passed = {had.module for had in problem.had if had.is_whole}
    for course in taken:
        if course.module in problem.without:
            yield f"module {course.module} was taken out"
        if course.module in passed and course.key not in problem.locked:
            yield f"module {course.module} was had already"
    for course, following in pairwise(taken):
        if following.first < course.first:
            yield f"course {following.key} stands after {course.key}, which begins later"


# Whether it fits a life


def _life(problem: Problem, taken: Sequence[Course]) -> Iterator[str]:
    limits = problem.limits
    for course in taken:
        if not 0 <= course.first <= course.last < min(limits.periods, MOST_PERIODS):
            yield f"course {course.key} is not within the periods"
        if limits.distance is not None and course.distance > limits.distance:
            yield f"course {course.key} is {course.distance} km away"
        for meeting in sorted(course.meetings):
            if limits.open_times is not None and (meeting.weekday, meeting.part) not in limits.open_times:
                yield f"course {course.key} meets on {meeting.weekday}.{meeting.part}, which is not free"
    paid = sum(course.price for course in taken)
    if limits.own is not None and paid > limits.own + limits.employer:
        yield f"{paid} cents is more than there is"


def _load(problem: Problem, taken: Sequence[Course]) -> Iterator[str]:
    """Yield where two things happen at the same time, and where a week has too many hours."""
    for meeting, number in sorted(Counter(meeting for course in taken for meeting in course.meetings).items()):
        if number > 1 or meeting in problem.busy:
            yield f"clash in period {meeting.period} on {meeting.weekday}.{meeting.part}"
    for period in range(MOST_PERIODS):
        asked = sum(course.hours[period - course.first] for course in taken if 0 <= period - course.first < len(course.hours))
        other = problem.busy_hours[period] if period < len(problem.busy_hours) else 0
        if asked and asked + other > problem.limits.hours:
            yield f"{asked + other} hours a week in period {period}"


# Whether it can be done in this order


def _order(problem: Problem, taken: Sequence[Course]) -> Iterator[str]:
    needs = dict(problem.needs)
    for course in taken:
        if course.module in needs and not _may_begin(needs[course.module], course.first, problem, taken):
            yield f"course {course.key} begins before what it needs"


def _may_begin(need: Need, start: int, problem: Problem, taken: Sequence[Course]) -> bool:
    """Return whether a need is met when `start` begins: what ends in that period itself comes too late."""
    match need:
        case After(module):
            passed = any(had.module == module and had.is_whole and had.last < start for had in problem.had)
            return passed or any(course.module == module and course.last < start for course in taken)
        case Reached(ec):
            have = sum(had.ec for had in problem.had if had.last < start)
            return have + sum(course.ec for course in taken if course.last < start) >= ec
        case Every(items):
            return not any(not _may_begin(item, start, problem, taken) for item in items)
        case Either(items):
            return any(_may_begin(item, start, problem, taken) for item in items)


# Whether it comes to what the goal asks


def _tree(problem: Problem, taken: Sequence[Course], placed: Sequence[Placed]) -> Iterator[str]:
    whole = {course.module for course in taken} | {had.module for had in problem.had if had.is_whole}
    nodes = {node.key: node for node in _all_below(problem.tree)}
    wrong = tuple(_placing(problem, nodes, whole, placed))
    if wrong:
        yield from wrong
        return
    here: dict[str, list[Placed]] = {}
    for place in placed:
        here.setdefault(place.node, []).append(place)
    is_complete, _credits = _count(problem.tree, here, whole)
    if not is_complete:
        yield from (f"requirement {key} is not met" for key in _open(problem.tree, here, whole))
    at_home = _taught_at_home(problem, taken, {place.module for place in placed} & whole)
    if at_home < problem.at_home:
        yield f"{at_home} tenths of EC at the awarding institution, {problem.at_home} asked"


def _all_below(node: Node) -> Iterator[Node]:
    yield node
    for item in node.items:
        yield from _all_below(item)


def _placing(problem: Problem, nodes: Mapping[str, Node], whole: set[str], placed: Sequence[Placed]) -> Iterator[str]:
    """Yield what stands where it can not: every module in one place at most, one whole module in a place at most, for the right credits."""
    parts = {had.module: had.ec for had in problem.had if not had.is_whole and had.module not in whole}
    for module, number in Counter(place.module for place in placed).items():
        if number > 1:
            yield f"module {module} counts {number} times"
    for key, number in Counter(place.node for place in placed).items():
        if number > 1:
            yield f"place {key} is taken {number} times"
    for place in placed:
        node = nodes.get(place.node)
        if node is None or node.kind is not NodeKind.MODULE or place.module not in node.modules:
            yield f"module {place.module} does not belong in {place.node}"
        elif place.module not in whole and place.module not in parts:
            yield f"module {place.module} is neither had nor taken"
        elif place.ec != _worth(node, place.module, whole, parts):
            yield f"module {place.module} counts {place.ec} in {place.node}, which is not right"


def _worth(node: Node, module: str, whole: set[str], parts: Mapping[str, int]) -> int | None:
    """Return for how much a module counts in a place; None when it can not: part of a module is no part of another one."""
    if module in whole:
        return node.amount
    return min(parts[module], node.amount) if module == node.modules[0] else None


def _count(node: Node, here: Mapping[str, Sequence[Placed]], whole: set[str]) -> tuple[bool, int]:
    """Return whether a requirement is met, and the credits in it."""
    below = [_count(item, here, whole) for item in node.items]
    match node.kind:
        case NodeKind.MODULE:
            return next(((place.module in whole, place.ec) for place in here.get(node.key, ())), _NOTHING)
        case NodeKind.OUTCOME:
            return (not whole.isdisjoint(node.modules), 0)
        case NodeKind.ALL:
            return (False not in {met for met, _ec in below}, sum(ec for _met, ec in below))
        case NodeKind.CREDITS:
            counted = min(node.amount, sum(ec for _met, ec in below))
            return (counted == node.amount, counted)
        case NodeKind.NUMBER:
            highest = sorted((ec for _met, ec in below), reverse=True)
            return (len([1 for met, _ec in below if met]) >= node.amount, sum(highest[: node.amount]))


def _open(node: Node, here: Mapping[str, Sequence[Placed]], whole: set[str]) -> Iterator[str]:
    """Yield the lowest requirements that keep this one open; of a choice, the choice itself."""
    if _count(node, here, whole)[0]:
        return
    if node.kind is NodeKind.ALL:
        for item in node.items:
            yield from _open(item, here, whole)
    else:
        yield node.key


def _taught_at_home(problem: Problem, taken: Sequence[Course], placed: set[str]) -> int:
    """Return the credits that the awarding institution teaches: recognising is not teaching."""
    had = {each.module: each.ec for each in problem.had if each.is_whole and each.standing is not Standing.RECOGNISED and each.provider in problem.home}
    had.update((course.module, course.ec) for course in taken if course.provider in problem.home)
    return sum(ec for module, ec in had.items() if module in placed)


# Whether its figures are true


def _figures(route: Route, taken: Sequence[Course]) -> Iterator[str]:
    value = _value(route.option, taken)
    if route.value != value:
        yield f"the {route.option} route is said to be {route.value}, it is {value}"
    if route.bound > route.value:
        yield f"bound {route.bound} is above {route.value}"
    if route.proof is Proof.PROVEN and route.bound != route.value:
        yield f"said to be proven, with bound {route.bound} under {route.value}"


def _value(option: Option, taken: Sequence[Course]) -> int:
    match option:
        case Option.SHORTEST:
            return 1 + max((course.last for course in taken), default=-1)
        case Option.CHEAPEST:
            return sum(course.price for course in taken)
        case Option.NEAREST:
            return sum(course.travel for course in taken)
