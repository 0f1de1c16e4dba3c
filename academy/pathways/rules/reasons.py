"""Why a course stands in a route: the strongest reason is told."""

from collections.abc import Iterator

from academy.pathways.kinds import NodeKind, Standing, StepReason
from academy.pathways.problem import After, Course, Either, Every, Need, Node, Problem, Route


def reasons(problem: Problem, route: Route) -> dict[str, StepReason]:
    """Return by key of each course of the route why it is there."""
    courses = {each.key: each for each in problem.courses}
    taken = [courses[key] for key in route.courses if key in courses]
    nodes = {each.key: each for each, _is_core in _nodes(problem.tree, is_core=True)}
    core = {each.key for each, is_core in _nodes(problem.tree, is_core=True) if is_core and each.kind is NodeKind.MODULE}
    place = {each.module: each.node for each in route.placed}
    first = _needed_first(problem, {each.module for each in taken})
    taught = {module for each in nodes.values() if each.kind is NodeKind.OUTCOME for module in each.modules}
    home = _at_home(problem, taken, place)

    def reason(course: Course) -> StepReason:
        if course.key in problem.locked:
            return StepReason.LOCKED
        if place.get(course.module) in core:
            return StepReason.REQUIRED
        if course.module in first:
            return StepReason.NEEDED_FIRST
        if course.module in taught:
            return StepReason.TEACHES
        is_short_without = course.provider in problem.home and home - course.ec < problem.at_home
        return StepReason.AT_PROVIDER if is_short_without else StepReason.FILLS

    return {each.key: reason(each) for each in taken}


def follows(problem: Problem, taken: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return by module of a route the modules in it that ask for it first."""
    found: dict[str, list[str]] = {}
    for module, need in problem.needs:
        if module in taken:
            for before in _after(need):
                found.setdefault(before, []).append(module)
    return {module: tuple(later) for module, later in found.items() if module in taken}


def _needed_first(problem: Problem, taken: set[str]) -> set[str]:
    return set(follows(problem, frozenset(taken)))


def _after(need: Need) -> Iterator[str]:
    if isinstance(need, After):
        yield need.module
    elif isinstance(need, Every | Either):
        for each in need.items:
            yield from _after(each)


def _nodes(node: Node, *, is_core: bool) -> Iterator[tuple[Node, bool]]:
    """Yield every node, and whether there is no way around it."""
    yield node, is_core
    for each in node.items:
        yield from _nodes(each, is_core=is_core and node.kind is NodeKind.ALL)


def _at_home(problem: Problem, taken: list[Course], place: dict[str, str]) -> int:
    """Return the credits (tenths) that the awarding institution teaches itself, of what is placed."""
    had = sum(each.ec for each in problem.had if each.provider in problem.home and each.standing is not Standing.RECOGNISED)
    return had + sum(each.ec for each in taken if each.provider in problem.home and each.module in place)
