"""Why there is no route: the fewest requirements, the limits in the way, and the least that opens them."""

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

import pytest

from academy.pathways.kinds import Limit, NodeKind
from academy.pathways.ortools_gateway import solve
from academy.pathways.problem import After, Answer, Blocker, Budget, Course, Every, Limits, Meeting, Need, Node, Problem
from tests.pathways import brute
from tests.pathways.instances import instance

CALM = Budget(each=20, whole=120)
EVENING, AFTERNOON = 2, 1
OUTCOME = Node("0.0", NodeKind.OUTCOME, modules=("a",))


def course(module: str, period: int = 0, *, hours: int = 14, weekday: int = 1, part: int = EVENING, price: int = 100_00, distance: int = 10) -> Course:
    return Course(
        f"{module}@{period}.{weekday}", module, "home", 50, period, period, (hours,), frozenset({Meeting(period, weekday, part)}), price, distance, 20 * distance,
    )


def asked(*courses: Course, limits: Limits, needs: tuple[tuple[str, Need], ...] = (), tree: Node = OUTCOME) -> Problem:
    return Problem(tree, courses, limits, needs)


def blockers(problem: Problem) -> tuple[Blocker, ...]:
    answer = solve(problem, CALM)
    assert answer.is_whole
    assert not answer.routes
    return answer.blockers


@pytest.mark.parametrize(("limits", "limit", "opens"), [
    (Limits(10), Limit.HOURS, 14),
    (Limits(20, open_times=frozenset({(0, EVENING)})), Limit.PARTS, 1 * 3 + EVENING),
    (Limits(20, distance=5), Limit.DISTANCE, 10),
    (Limits(20, own=20_00, employer=30_00), Limit.MONEY, 70_00),
    (Limits(20, periods=2), Limit.PERIODS, 4),
])
def test_one_limit_in_the_way_is_named_with_the_least_that_opens_it(limits: Limits, limit: Limit, opens: int) -> None:
    problem = asked(course("a", 3), limits=limits)
    assert blockers(problem) == (Blocker("0.0", ("a",), (limit,), ((limit, opens),)),)


def test_what_nobody_gives_is_told_so() -> None:
    assert blockers(asked(course("b"), limits=Limits(20))) == (Blocker("0.0", ("a",), (Limit.NOT_OFFERED,)),)


def test_two_limits_that_each_would_do_are_both_named_and_two_that_only_together_would_do_without_a_way_out() -> None:
    either = asked(course("a", weekday=1, distance=3), course("a", 1, weekday=0, distance=40), limits=Limits(20, distance=5, open_times=frozenset({(0, EVENING)})))
    assert blockers(either) == (Blocker("0.0", ("a",), (Limit.PARTS, Limit.DISTANCE), ((Limit.PARTS, 3 + EVENING), (Limit.DISTANCE, 40))),)
    both = asked(course("a", distance=40), limits=Limits(20, distance=5, open_times=frozenset({(0, EVENING)})))
    assert blockers(both) == (Blocker("0.0", ("a",), (Limit.PARTS, Limit.DISTANCE)),)


def test_where_two_times_of_the_week_are_needed_no_single_one_is_said_to_do() -> None:
    twice = replace(course("a"), meetings=frozenset({Meeting(0, 1, EVENING), Meeting(0, 3, AFTERNOON)}))
    assert blockers(asked(twice, limits=Limits(20, open_times=frozenset()))) == (Blocker("0.0", ("a",), (Limit.PARTS,)),)


def test_modules_that_need_each_other_stop_nothing_but_their_own_requirement() -> None:
    tree = Node("0", NodeKind.ALL, items=(OUTCOME, Node("0.1", NodeKind.OUTCOME, modules=("c",))))
    circle: tuple[tuple[str, Need], ...] = (("a", After("b")), ("b", After("a")))
    problem = asked(course("a", 1), course("b", 0), course("c", 2), limits=Limits(20), needs=circle, tree=tree)
    assert blockers(problem) == (Blocker("0.0", ("a",), (Limit.NEEDS,), ((Limit.NEEDS, 0),)),)


def test_a_need_that_nobody_gives_is_named() -> None:
    problem = asked(course("a"), limits=Limits(20), needs=(("a", Every((After("gone"),))),))
    assert blockers(problem) == (Blocker("0.0", ("a",), (Limit.NEEDS,), ((Limit.NEEDS, 0),)),)


def test_a_total_that_all_modules_together_do_not_reach_is_told_at_once() -> None:
    tree = Node("0", NodeKind.CREDITS, 1_200, items=tuple(Node(f"0.{name}", NodeKind.MODULE, 50, (name,)) for name in "abc"))
    found = blockers(asked(course("a"), course("b", 1), course("c", 2), limits=Limits(20), tree=tree))
    assert found == (Blocker("0", (), (Limit.NOT_OFFERED,)),)


def test_too_few_hours_for_all_credits_names_the_credits_and_the_hours_or_periods_that_would_do() -> None:
    tree = Node("0", NodeKind.CREDITS, 150, items=tuple(Node(f"0.{name}", NodeKind.MODULE, 50, (name,)) for name in "abc"))
    courses = [course(name, period, weekday=place) for place, name in enumerate("abc") for period in range(4)]
    [blocker] = blockers(asked(*courses, limits=Limits(14, periods=2), tree=tree))
    assert (blocker.node, dict(blocker.opens)) == ("0", {Limit.HOURS: 28, Limit.PERIODS: 3})


def test_only_what_can_not_be_is_a_blocker_and_the_rest_of_the_programme_is_not() -> None:
    tree = Node("0", NodeKind.ALL, items=tuple(Node(f"0.{place}", NodeKind.OUTCOME, modules=(name,)) for place, name in enumerate("abcd")))
    problem = asked(course("a"), course("b", 1, distance=30), course("c", 2), limits=Limits(20, distance=20), tree=tree)
    assert blockers(problem) == (Blocker("0.1", ("b",), (Limit.DISTANCE,), ((Limit.DISTANCE, 30),)), Blocker("0.3", ("d",), (Limit.NOT_OFFERED,)))


def test_credits_at_the_awarding_institution_that_are_not_to_be_had_block_the_route_as_a_whole() -> None:
    tree = Node("0", NodeKind.CREDITS, 50, items=(Node("0.0", NodeKind.MODULE, 50, ("a",)),))
    problem = replace(asked(course("a"), limits=Limits(20), tree=tree), at_home=50, home=frozenset({"elsewhere"}))
    assert blockers(problem) == (Blocker("", (), (Limit.AT_PROVIDER,), ((Limit.AT_PROVIDER, 0),)),)


def test_what_was_locked_itself_is_named_when_it_can_not_be() -> None:
    problem = replace(asked(course("a", 0), course("b", 0), limits=Limits(40)), locked=frozenset({"a@0.1", "b@0.1"}))
    [blocker] = blockers(problem)
    assert (blocker.node, blocker.limits) == ("", (Limit.CHOICE,))
    taken_out = replace(asked(course("a"), limits=Limits(20)), without=frozenset({"a"}))
    assert blockers(taken_out) == (Blocker("0.0", ("a",), (Limit.CHOICE,), ((Limit.CHOICE, 0),)),)


def given_up(node: Node, keys: Collection[str]) -> Node:
    """Return the tree in which these requirements ask nothing any more."""
    return Node(node.key, NodeKind.ALL) if node.key in keys else replace(node, items=tuple(given_up(item, keys) for item in node.items))


def leaves(node: Node) -> list[str]:
    below = [key for item in node.items for key in leaves(item)]
    return [node.key, *below] if node.kind is not NodeKind.ALL else below


def assert_blockers_are_right(problem: Problem, answer: Answer) -> None:
    named = [blocker.node for blocker in answer.blockers]
    if "" not in named:  # what is asked of the route as a whole has no place in the tree
        assert brute.is_possible(replace(problem, tree=given_up(problem.tree, named)))
        for fewer in combinations(leaves(problem.tree), len(named) - 1):
            assert not brute.is_possible(replace(problem, tree=given_up(problem.tree, fewer))), "fewer requirements are enough"
    if len(answer.blockers) > 1:
        return  # what opens each of them is asked with the others given up
    [blocker] = answer.blockers
    reasons = brute.smallest_reasons(problem)
    if blocker.opens:
        assert {frozenset({limit}) for limit, _value in blocker.opens} == set(reasons)
    elif len(blocker.limits) > 1:
        assert frozenset(blocker.limits) in reasons
    for limit, value in blocker.opens:
        match limit:
            case Limit.HOURS | Limit.DISTANCE | Limit.MONEY | Limit.PERIODS:
                assert brute.opening(problem, limit) == value
            case Limit.PARTS:
                assert value in brute.opening_times(problem)
            case _:
                assert brute.is_possible(brute.lifted(problem, limit))


@pytest.mark.parametrize("seeds", [range(8), *(pytest.param(range(start, start + 20), marks=pytest.mark.slow) for start in range(20, 100, 20))])
def test_what_is_said_to_open_a_route_does_and_nothing_less_as_trying_everything_shows(seeds: range) -> None:
    for seed in seeds:
        problem = instance(seed, modules=3)
        answer = solve(problem, CALM)
        if not answer.routes:
            assert_blockers_are_right(problem, answer)
