"""Fifty problems without a route: of each is known, because it was made so, what stands in the way and within which limits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from academy.pathways.kinds import Limit, NodeKind
from academy.pathways.problem import Course, Either, Limits, Meeting, Node, Problem

WHOLE: Final = ""
_EVENING, _DAY = (1, 2), (1, 0)
_LIFE: Final = Limits(hours=20, periods=8, open_times=frozenset({(0, 2), _EVENING, (3, 2)}), distance=20, own=1_000_00)


@dataclass(frozen=True)
class Case:
    """A problem, and the requirement (key of its node, WHOLE for the route) that can not be met within these limits."""

    name: str
    problem: Problem
    node: str
    limits: frozenset[Limit]


def _course(module: str, number: int = 0, time: tuple[int, int] | None = None, **about: Any) -> Course:
    first = about.pop("first", 0)
    meetings = frozenset() if time is None else frozenset({Meeting(first, *time)})
    return Course(f"{module}{number}", module, "there", 50, first, first, about.pop("hours", (4,)), meetings, **about)


# What a module is like that can not be had, by what keeps it out.
_HARD: Final[dict[tuple[Limit, ...], tuple[dict[str, Any], ...]]] = {
    (Limit.NOT_OFFERED,): (),
    (Limit.PARTS,): ({"time": _DAY},),
    (Limit.DISTANCE,): ({"distance": 45},),
    (Limit.MONEY,): ({"price": 1_500_00},),
    (Limit.HOURS,): ({"hours": (24,)},),
    (Limit.PERIODS,): ({"first": 10},),
    (Limit.NEEDS,): ({},),
    (Limit.CHOICE,): ({},),
    (Limit.PARTS, Limit.DISTANCE): ({"time": _DAY}, {"time": _EVENING, "distance": 45}),  # "in the evening, within 20 km"
    (Limit.PARTS, Limit.MONEY): ({"time": _DAY}, {"time": _EVENING, "price": 1_500_00}),
    (Limit.DISTANCE, Limit.HOURS): ({"distance": 45}, {"hours": (24,)}),
    (Limit.DISTANCE, Limit.PERIODS): ({"distance": 45}, {"first": 10}),
}


def _requirement(place: int, module: str, kind: NodeKind) -> Node:
    return Node(f"0.{place}", kind, 50 if kind is NodeKind.MODULE else 0, (module,))


def _case(limits: tuple[Limit, ...], place: int, kind: NodeKind) -> Case:
    """Make one of three requirements impossible; the others can be met from home, at any time, for nothing."""
    courses = tuple(
        course for number, module in enumerate("abc")
        for course in ([_course(module, first=3)] if number != place else [_course(module, which, **about) for which, about in enumerate(_HARD[limits])])
    )
    tree = Node("0", NodeKind.ALL, items=tuple(_requirement(number, module, kind if number == place else NodeKind.MODULE) for number, module in enumerate("abc")))
    problem = Problem(tree, courses, _LIFE)
    hard = "abc"[place]
    if limits == (Limit.NEEDS,):
        problem = replace(problem, needs=((hard, Either(())),))
    if limits == (Limit.CHOICE,):
        problem = replace(problem, without=frozenset({hard}))
    return Case(f"{'+'.join(limits)} {kind} {place}", problem, f"0.{place}", frozenset(limits))


def _at_home(number: int) -> Case:
    """Ask that more is learned at home than home teaches."""
    tree = Node("0", NodeKind.ALL, items=tuple(_requirement(place, module, NodeKind.MODULE) for place, module in enumerate("abc")))
    courses = tuple(_course(module) if place else replace(_course(module), provider="home") for place, module in enumerate("abc"))
    return Case(f"at home {number}", Problem(tree, courses, _LIFE, at_home=number, home=frozenset({"home"})), WHOLE, frozenset({Limit.AT_PROVIDER}))


def cases() -> Iterator[Case]:
    """Yield the fifty, always the same: twelve ways to be impossible, in three places, as a module or as something to be able to do."""
    for limits in _HARD:
        for place in range(3):
            yield _case(limits, place, NodeKind.MODULE)
        if len(limits) == 1 or limits == (Limit.PARTS, Limit.DISTANCE):
            yield _case(limits, 1, NodeKind.OUTCOME)
    yield from (_at_home(number) for number in (60, 100, 101, 150, 999))
