"""Routes of the solver: each is looked at by the checker, and on small problems held against trying everything."""

import pytest

from academy.pathways.checker import faults
from academy.pathways.kinds import NodeKind, Option, Proof
from academy.pathways.ortools_gateway import solve
from academy.pathways.problem import Budget, Course, Limits, Node, Problem
from academy.pathways.rules.plain import plain_route
from benchmarks.route_made import made
from tests.pathways import brute
from tests.pathways.instances import instance, roomy

CALM = Budget(each=20, whole=120)
SLOW = pytest.mark.slow


def held_against_trying_all(problem: Problem) -> None:
    answer = solve(problem, CALM)
    found = {route.option: route for route in answer.routes}
    for option in Option:
        best = brute.best(problem, option)
        route = found.get(option)
        if best is None:
            assert route is None
        else:
            assert route is not None
            assert (route.value, route.bound, route.proof) == (best.value, best.value, Proof.PROVEN)
            assert faults(problem, route) == ()
    assert bool(answer.blockers) is not bool(answer.routes)


@pytest.mark.parametrize("seed", range(10))
def test_a_route_is_as_good_as_the_best_of_all_that_were_tried_and_there_is_none_where_trying_finds_none(seed: int) -> None:
    held_against_trying_all(instance(seed))


@SLOW
@pytest.mark.parametrize("hundred", range(1, 6))
def test_five_hundred_made_up_problems_are_answered_with_routes_in_which_the_checker_finds_no_fault(hundred: int) -> None:
    routes = 0
    for seed in range(hundred * 1000, hundred * 1000 + 100):
        problem = instance(seed, modules=10, classes=4, periods=6)
        answer = solve(problem, CALM)
        for route in answer.routes:
            assert faults(problem, route) == (), (seed, route)
            assert route.proof is Proof.PROVEN
        for option in Option:
            plain = plain_route(problem, option)
            assert plain is None or (faults(problem, plain) == () and answer.routes), (seed, option)
        assert answer.is_whole
        assert answer.blockers or len(answer.routes) == len(Option), seed
        routes += len(answer.routes)
    assert routes > 60, "so many that the checker has something to look at"


@SLOW
@pytest.mark.parametrize("ten", range(10))
def test_a_hundred_small_problems_are_answered_as_well_as_by_trying_everything(ten: int) -> None:
    for seed in range(100 + ten * 10, 110 + ten * 10):
        held_against_trying_all(instance(seed))


def test_each_option_is_best_at_its_own() -> None:
    answer = solve(roomy(3), CALM)
    found = {route.option: route for route in answer.routes}
    courses = {course.key: course for course in roomy(3).courses}
    for option, route in found.items():
        assert all(route.value <= brute.value(option, [courses[key] for key in other.courses]) for other in found.values())


def test_the_same_question_has_the_same_answer() -> None:
    assert solve(roomy(5), CALM) == solve(roomy(5), CALM)


def test_what_was_chosen_stays_in_the_route_and_what_was_taken_out_stays_out() -> None:
    problem = roomy(7)
    free = next(route for route in solve(problem, CALM).routes if route.option is Option.CHEAPEST)
    locked = next(course for course in problem.courses if course.key not in free.courses and course.module == "m9")
    out = next(course.module for course in problem.courses if course.key == free.courses[0] and course.module not in {"m3", "m4", "m9"})
    changed = Problem(problem.tree, problem.courses, problem.limits, problem.needs, locked=frozenset({locked.key}), without=frozenset({out}))
    for route in solve(changed, CALM).routes:
        assert faults(changed, route) == ()
        assert locked.key in route.courses
        assert not any(key.startswith(f"{out}.") for key in route.courses)


def test_who_has_everything_already_needs_no_course() -> None:
    answer = solve(Problem(Node("0", NodeKind.ALL), roomy(1).courses, Limits(20)), CALM)
    assert [(route.courses, route.value, route.proof) for route in answer.routes] == [((), 0, Proof.PROVEN)] * 3


def test_of_routes_that_are_as_near_the_cheapest_is_given() -> None:
    tree = Node("0", NodeKind.OUTCOME, modules=("a", "b"))
    courses = tuple(Course(name, name, "north", 50, 0, 0, (14,), price=price) for name, price in (("a", 900_00), ("b", 300_00)))
    routes = {route.option: route.courses for route in solve(Problem(tree, courses, Limits(20)), CALM).routes}
    assert routes[Option.NEAREST] == routes[Option.SHORTEST] == ("b",)


def test_a_module_is_not_later_than_it_can_be_for_the_same_price() -> None:
    tree = Node("0", NodeKind.OUTCOME, modules=("a",))
    courses = tuple(Course(f"a@{period}", "a", "north", 50, period, period, (14,), price=100_00) for period in (9, 5, 2, 7))
    assert {route.courses for route in solve(Problem(tree, courses, Limits(20)), CALM).routes} == {("a@2",)}


@SLOW
def test_three_hundred_modules_are_answered_within_a_twentieth_of_the_proven_bound() -> None:
    problem = made(300, 1)
    answer = solve(problem, CALM)
    assert [faults(problem, route) for route in answer.routes] == [(), (), ()]
    assert all(route.value <= 1.05 * route.bound for route in answer.routes)


def test_without_any_time_the_routes_are_the_plain_ones_or_better_and_have_no_fault() -> None:
    problem = made(300, 2)
    answer = solve(problem, Budget(each=0.0, whole=0.0))
    assert [route.option for route in answer.routes] == list(Option)
    assert [faults(problem, route) for route in answer.routes] == [(), (), ()]
