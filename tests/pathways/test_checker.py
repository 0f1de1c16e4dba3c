"""The checker of routes: a right route has no fault, and every thing that can be wrong with one is found."""

from dataclasses import replace
from typing import Any

import pytest

from academy.pathways.checker import faults
from academy.pathways.kinds import Limit, NodeKind, Option, Proof, Standing
from academy.pathways.problem import (
    After,
    Course,
    Either,
    Every,
    Had,
    Limits,
    Meeting,
    Need,
    Node,
    Placed,
    Problem,
    Reached,
    Route,
)
from tests.pathways import brute

MONDAY, TUESDAY = 0, 1
EVENING = 2


def course(key: str, period: int = 0, **values: Any) -> Course:
    """Return a course of one period and 5 EC, of the module that its key begins with."""
    known: dict[str, Any] = {"module": key.partition("@")[0], "provider": "windesheim", "ec": 50, "first": period, "last": period, "hours": (8,), "price": 300_00}
    return Course(key, **(known | values))


def evening(weekday: int, period: int) -> frozenset[Meeting]:
    return frozenset({Meeting(period, weekday, EVENING)})


def place(number: int, *modules: str) -> Node:
    return Node(f"0.{number}", NodeKind.MODULE, 50, modules)


# Networks first, then security; programming, or the one of Aeres that counts as it; and 2 EC of data were recognised.
TREE = Node("0", NodeKind.ALL, items=(place(0, "net"), place(1, "sec"), place(2, "prg", "prg-aeres"), place(3, "dat")))
COURSES = (
    course("net", meetings=evening(MONDAY, 0), distance=5, travel=40),
    course("sec", 1, meetings=evening(MONDAY, 1), distance=5, travel=40),
    course("prg-aeres", 1, provider="aeres", meetings=evening(TUESDAY, 1), distance=30, travel=120),
    course("dat", 2, ec=30),
    course("net@late", 2), course("prg", 1, meetings=evening(MONDAY, 1)), course("sec@soon", 0),
)
PROBLEM = Problem(
    TREE, COURSES, Limits(hours=20, open_times=frozenset({(MONDAY, EVENING), (TUESDAY, EVENING)}), distance=40, own=1_000_00, employer=500_00),
    needs=(("sec", After("net")), ("dat", Reached(100))), had=(Had("dat", "windesheim", 20, Standing.RECOGNISED, is_whole=False),),
    at_home=130, home=frozenset({"windesheim"}), busy=frozenset({Meeting(0, TUESDAY, EVENING)}), busy_hours=(4,),
)
ROUTE = Route(
    Option.SHORTEST, ("net", "sec", "prg-aeres", "dat"),
    (Placed("net", "0.0", 50), Placed("sec", "0.1", 50), Placed("prg-aeres", "0.2", 50), Placed("dat", "0.3", 50)), 3, 3, Proof.PROVEN,
)


def with_life(**values: Any) -> Problem:
    return replace(PROBLEM, limits=replace(PROBLEM.limits, **values))


def with_course(key: str, **values: Any) -> Problem:
    return replace(PROBLEM, courses=tuple(replace(each, **values) if each.key == key else each for each in COURSES))


def with_placed(number: int, **values: Any) -> Route:
    return replace(ROUTE, placed=tuple(replace(each, **values) if place == number else each for place, each in enumerate(ROUTE.placed)))


def test_a_right_route_has_no_fault() -> None:
    assert faults(PROBLEM, ROUTE) == ()


def test_an_empty_route_answers_a_goal_that_somebody_has_already() -> None:
    problem = Problem(place(0, "net"), (), Limits(hours=0), had=(Had("net", "aeres", 50, Standing.OBTAINED),))
    assert faults(problem, Route(Option.SHORTEST, (), (Placed("net", "0.0", 50),), 0, 0, Proof.PROVEN)) == ()


WRONG_ROUTES = [
    ("course lock is not in the problem", replace(ROUTE, courses=(*ROUTE.courses, "lock"))),
    ("module net is taken 2 times", replace(ROUTE, courses=("net", "sec", "prg-aeres", "dat", "net@late"))),
    ("course net stands after sec, which begins later", replace(ROUTE, courses=("sec", "net", "prg-aeres", "dat"))),
    ("clash in period 1 on 0.2", replace(ROUTE, courses=("net", "sec", "prg", "dat"))),
    ("course sec@soon begins before what it needs", replace(ROUTE, courses=("net", "sec@soon", "prg-aeres", "dat"))),
    ("module net counts 2 times", replace(ROUTE, placed=(*ROUTE.placed, Placed("net", "0.0", 50)))),
    ("place 0.0 is taken 2 times", replace(ROUTE, placed=(*ROUTE.placed, Placed("net", "0.0", 50)))),
    ("module net does not belong in 0.1", with_placed(0, node="0.1")),
    ("module net does not belong in 0", with_placed(0, node="0")),
    ("module net does not belong in 9", with_placed(0, node="9")),
    ("module prg is neither had nor taken", with_placed(2, module="prg")),
    ("module net counts 40 in 0.0, which is not right", with_placed(0, ec=40)),
    ("requirement 0.1 is not met", replace(ROUTE, courses=("net", "prg-aeres", "dat"), placed=(ROUTE.placed[0], *ROUTE.placed[2:]))),
    ("requirement 0.3 is not met", replace(ROUTE, courses=("net", "sec", "prg-aeres"), placed=(*ROUTE.placed[:3], Placed("dat", "0.3", 20)), value=2, bound=2)),
    ("the shortest route is said to be 2, it is 3", replace(ROUTE, value=2, bound=2)),
    ("the cheapest route is said to be 3, it is 120000", replace(ROUTE, option=Option.CHEAPEST)),
    ("the nearest route is said to be 3, it is 200", replace(ROUTE, option=Option.NEAREST)),
    ("bound 4 is above 3", replace(ROUTE, bound=4, proof=Proof.BEST_FOUND)),
    ("said to be proven, with bound 2 under 3", replace(ROUTE, bound=2)),
]


@pytest.mark.parametrize(("fault", "route"), WRONG_ROUTES, ids=[fault for fault, _route in WRONG_ROUTES])
def test_what_is_wrong_with_a_route_is_found(fault: str, route: Route) -> None:
    assert fault in faults(PROBLEM, route)


OTHER_PROBLEMS = [
    ("locked course prg is missing", replace(PROBLEM, locked=frozenset({"prg"}))),
    ("module sec was taken out", replace(PROBLEM, without=frozenset({"sec"}))),
    ("module net was had already", replace(PROBLEM, had=(*PROBLEM.had, Had("net", "aeres", 50, Standing.OBTAINED)))),
    ("course dat is not within the periods", with_life(periods=2)),
    ("course net is not within the periods", with_course("net", first=-1)),
    ("course prg-aeres is 30 km away", with_life(distance=29)),
    ("course prg-aeres meets on 1.2, which is not free", with_life(open_times=frozenset({(MONDAY, EVENING)}))),
    ("120000 cents is more than there is", with_life(own=600_00)),
    ("clash in period 0 on 0.2", replace(PROBLEM, busy=evening(MONDAY, 0))),
    ("16 hours a week in period 1", with_life(hours=15)),
    ("21 hours a week in period 0", replace(PROBLEM, busy_hours=(13,))),
    ("course dat begins before what it needs", replace(PROBLEM, needs=(("dat", Reached(171)),))),
    ("course sec begins before what it needs", replace(PROBLEM, needs=(("sec", Either(())),))),
    ("course sec begins before what it needs", replace(PROBLEM, needs=(("sec", Every((After("net"), After("dat")))),))),
    ("130 tenths of EC at the awarding institution, 131 asked", replace(PROBLEM, at_home=131)),
]


@pytest.mark.parametrize(("fault", "problem"), OTHER_PROBLEMS, ids=[f"{number} {fault}" for number, (fault, _problem) in enumerate(OTHER_PROBLEMS)])
def test_a_route_that_does_not_fit_the_problem_is_found(fault: str, problem: Problem) -> None:
    assert faults(problem, ROUTE) == (fault,)


def test_just_enough_is_enough() -> None:
    life = replace(PROBLEM.limits, hours=16, periods=3, distance=30, own=700_00)
    assert faults(replace(PROBLEM, limits=life, needs=(("dat", Reached(170)),), busy_hours=(8,)), ROUTE) == ()


@pytest.mark.parametrize(("need", "is_met"), [
    (After("net"), True), (After("sec"), False), (Reached(0), True), (Every(()), True), (Either(()), False),
    (Either((After("x"), After("net"))), True), (Every((After("x"), After("net"))), False), (Either((Every((After("net"), Reached(70))), After("x"))), True),
])
def test_needs_are_what_they_say(need: Need, is_met: bool) -> None:
    """`sec` begins in period 1: networks are done, 5 EC with it and 2 EC recognised; what ends in period 1 itself comes too late."""
    assert (faults(replace(PROBLEM, needs=(("sec", need),)), ROUTE) == ()) is is_met


def test_what_is_in_progress_counts_from_the_period_after_it_ends() -> None:
    tree = replace(TREE, items=TREE.items[:2])
    route = replace(ROUTE, courses=("sec",), placed=ROUTE.placed[:2], value=2, bound=2)
    for last, found in ((0, ()), (1, ("course sec begins before what it needs",))):
        had = Had("net", "windesheim", 50, Standing.IN_PROGRESS, last=last)
        assert faults(replace(PROBLEM, tree=tree, had=(had,), at_home=100), route) == found


def test_what_was_recognised_is_not_taught_by_the_awarding_institution() -> None:
    tree = replace(TREE, items=TREE.items[:1])
    route = replace(ROUTE, courses=(), placed=ROUTE.placed[:1], value=0, bound=0)
    for standing, found in ((Standing.OBTAINED, ()), (Standing.RECOGNISED, ("0 tenths of EC at the awarding institution, 50 asked",))):
        assert faults(replace(PROBLEM, tree=tree, had=(Had("net", "windesheim", 50, standing),), at_home=50), route) == found


def test_what_stands_in_no_place_does_not_count_for_the_awarding_institution() -> None:
    tree = replace(TREE, items=TREE.items[2:3])
    route = replace(ROUTE, courses=("net", "prg-aeres"), placed=ROUTE.placed[2:3], value=2, bound=2)
    assert faults(replace(PROBLEM, tree=tree, at_home=50), route) == ("0 tenths of EC at the awarding institution, 50 asked",)


def test_part_of_a_module_is_no_part_of_another_one() -> None:
    tree = Node("0", NodeKind.CREDITS, 20, items=(place(0, "net", "dat"), place(3, "dat")))
    route = replace(ROUTE, courses=(), value=0, bound=0)
    problem = replace(PROBLEM, tree=tree, at_home=0)
    assert faults(problem, replace(route, placed=(Placed("dat", "0.3", 20),))) == ()
    assert faults(problem, replace(route, placed=(Placed("dat", "0.0", 20),))) == ("module dat counts 20 in 0.0, which is not right",)


@pytest.mark.parametrize(("tree", "is_met"), [
    (Node("0", NodeKind.CREDITS, 100, items=TREE.items[:3]), True), (Node("0", NodeKind.CREDITS, 151, items=TREE.items[:3]), False),
    (Node("0", NodeKind.NUMBER, 3, items=TREE.items[:3]), True), (Node("0", NodeKind.NUMBER, 4, items=(*TREE.items[:3], Node("0.9", NodeKind.OUTCOME, 0, ("x",)))), False),
    (Node("0", NodeKind.ALL, items=(*TREE.items[:3], Node("0.9", NodeKind.OUTCOME, 0, ("x", "net")))), True),
    (Node("0", NodeKind.ALL, items=(*TREE.items[:3], Node("0.9", NodeKind.OUTCOME, 0, ("x",)))), False),
    (Node("0", NodeKind.CREDITS, 100, items=(Node("0.8", NodeKind.NUMBER, 2, items=TREE.items[:3]),)), True),
    (Node("0", NodeKind.CREDITS, 150, items=(Node("0.8", NodeKind.NUMBER, 2, items=TREE.items[:3]),)), False),
    (Node("0", NodeKind.CREDITS, 100, items=(Node("0.8", NodeKind.CREDITS, 80, items=TREE.items[:2]), TREE.items[2])), True),
    (Node("0", NodeKind.CREDITS, 140, items=(Node("0.8", NodeKind.CREDITS, 80, items=TREE.items[:2]), TREE.items[2])), False),
])
def test_choices_are_met_by_what_they_ask(tree: Node, is_met: bool) -> None:
    route = replace(ROUTE, courses=ROUTE.courses[:3], placed=ROUTE.placed[:3], value=2, bound=2)
    assert (faults(replace(PROBLEM, tree=tree, at_home=0), route) == ()) is is_met


# Trying everything, with which what is quick is compared


def test_trying_everything_finds_the_best_of_each_kind() -> None:
    found = {option: brute.best(PROBLEM, option) for option in Option}
    assert {option: route and route.value for option, route in found.items()} == {Option.SHORTEST: 3, Option.CHEAPEST: 1_200_00, Option.NEAREST: 200}


def test_trying_everything_says_what_would_open_the_way() -> None:
    assert brute.smallest_reasons(PROBLEM) == [frozenset()]
    near = with_life(distance=29)
    assert brute.smallest_reasons(near) == [frozenset({Limit.DISTANCE}), frozenset({Limit.NEEDS})], "without needs, security can come first and programming near"
    assert brute.opening(near, Limit.DISTANCE) == 30
    assert brute.opening(with_life(hours=10), Limit.HOURS) == 16
    assert brute.opening(with_life(own=0), Limit.MONEY) == 700_00
    assert brute.opening(with_life(periods=1), Limit.PERIODS) == 3
    assert brute.opening_times(with_life(open_times=frozenset({(MONDAY, EVENING)}))) == {TUESDAY * 3 + EVENING}
    assert brute.opening(near, Limit.HOURS) is None
