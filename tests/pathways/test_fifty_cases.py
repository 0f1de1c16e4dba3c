"""Of fifty routes that are impossible by construction the solver names what blocks, and so many of them counted are the demand (capability B6)."""

from collections import defaultdict

import pytest

from academy.kernel.small_groups import LEAST_PEOPLE
from academy.kernel.text import Localized
from academy.pathways.facts import RequirementWords
from academy.pathways.kinds import Limit, NodeKind
from academy.pathways.problem import Answer, Budget
from academy.pathways.queries.blocked import blocked_routes
from academy.pathways.service.blocking import note_blockers
from academy.pathways.solving import calculate
from tests.pathways import brute
from tests.pathways.demanding import gathered, officer
from tests.pathways.infeasible import WHOLE, Case, cases
from tests.pathways.world import World

CASES = list(cases())
_NEVER = {Limit.NOT_OFFERED}


def solved(case: Case) -> Answer:
    return calculate(case.problem, Budget(each=2.0, whole=10.0))


def test_there_are_fifty_and_no_two_are_the_same() -> None:
    assert len(CASES) == len({case.name for case in CASES}) == 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_brute_force_agrees_that_nothing_else_is_in_the_way(case: Case) -> None:
    reasons = brute.smallest_reasons(case.problem)
    assert all(len(reason) == 1 for reason in reasons)
    assert {limit for reason in reasons for limit in reason} == case.limits - _NEVER


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_solver_names_what_blocks_and_within_which_limits(case: Case) -> None:
    answer = solved(case)
    assert answer.routes == ()
    assert {(each.node, frozenset(each.limits)) for each in answer.blockers} == {(case.node, case.limits)}


def test_all_of_them_counted_are_the_ten_that_most_people_wait_for(world: World) -> None:
    """Every case has as many people as its number, and every third requirement is another skill."""
    office, waiting = officer(world), defaultdict[str, int](int)
    for number, case in enumerate(CASES):
        uri = WHOLE if case.node == WHOLE else f"http://esco/{case.node[-1]}-{number % 7}"
        found = gathered({} if uri == WHOLE else {case.node: RequirementWords(case.node, NodeKind.OUTCOME, Localized(uri), skill_uri=uri)})
        answer = solved(case)
        for _each in range(1 + number % 4):
            waiting[uri] += 1
            world.run(note_blockers, pathway=world.pathway(), gathered=found, answer=answer)
    expected = sorted(waiting.items(), key=lambda one: (-one[1], one[0]))[:10]
    with world.database.reading() as session:
        top = blocked_routes(session, office, now=world.now).top
    assert {each.subject: each.people for each in top} == {
        subject: (number + 2) // 5 * 5 if number >= LEAST_PEOPLE else None for subject, number in expected
    }, "by fives, and fewer than ten are not told"
    assert expected[0][1] >= LEAST_PEOPLE
