"""The process of the solver: whatever becomes of it, there is an answer, and the next one is as good as ever."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from academy.pathways.checker import faults
from academy.pathways.gateway import RouteSolver
from academy.pathways.kinds import Option, Proof
from academy.pathways.problem import Answer, Budget, Problem
from academy.pathways.solving import Calculation, SolverPool, plain_answer, set_solver, solver
from tests.pathways import calculations
from tests.pathways.instances import roomy

PROBLEM = roomy(1)
SOON = Budget(each=0.1, whole=2.0)


@contextmanager
def process(calculation: Calculation) -> Iterator[SolverPool]:
    pool = SolverPool(calculation, calculations.load_nothing, patience_to_load=8)
    try:
        pool.warm()
        yield pool
    finally:
        pool.close()


def assert_plain(answer: Answer) -> None:
    assert [route.option for route in answer.routes] == list(Option)
    assert {route.proof for route in answer.routes} == {Proof.PLAIN}
    assert not answer.is_whole
    assert [faults(PROBLEM, route) for route in answer.routes] == [(), (), ()]


def test_a_process_that_is_killed_gives_the_plain_routes_and_the_next_question_is_answered_by_a_new_one() -> None:
    with process(calculations.killed) as pool:
        assert_plain(pool.solve(PROBLEM, SOON))
        assert_plain(pool.solve(PROBLEM, SOON))


def test_a_process_that_is_stuck_is_stopped_in_time_and_replaced() -> None:
    pool = SolverPool(calculations.stuck, calculations.load_nothing, patience_to_load=1)
    try:
        assert_plain(pool.solve(PROBLEM, Budget(each=0.1, whole=0.5)))
        pool.calculation = calculations.told_budget
        pool.patience_to_load = 20
        assert pool.solve(PROBLEM, SOON).blockers
    finally:
        pool.close()


class Stuck(SolverPool):
    """Does not answer before it is let go, and tells when a thread waits."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let_go = threading.Semaphore(0), threading.Event()

    def _solved(self, problem: Problem, budget: Budget) -> Answer:
        self.asked.release()
        self.let_go.wait(60)
        return Answer()


def test_who_asks_while_two_others_wait_gets_the_plain_routes_at_once() -> None:
    pool = Stuck()
    waiting = [threading.Thread(target=pool.solve, args=(PROBLEM, SOON)) for _each in range(2)]
    try:
        for thread in waiting:
            thread.start()
            assert pool.asked.acquire(timeout=60)
        for _each in range(3):
            assert_plain(pool.solve(PROBLEM, SOON))
        assert [thread.is_alive() for thread in waiting] == [True, True]
    finally:
        pool.let_go.set()
        for thread in waiting:
            thread.join(60)
    assert pool.solve(PROBLEM, SOON) == Answer(), "who comes after them waits as ever"


def test_a_question_that_was_still_in_the_queue_does_not_make_the_next_one_wait_for_loading() -> None:
    with process(calculations.told_budget) as pool:
        assert pool.solve(PROBLEM, SOON).blockers
        pool._started().schedule(calculations.stuck, args=(PROBLEM, SOON))
        assert_plain(pool.solve(PROBLEM, SOON))
        assert pool.is_ready


def test_a_calculation_that_fails_gives_the_plain_routes() -> None:
    with process(calculations.failing) as pool:
        assert_plain(pool.solve(PROBLEM, SOON))


def test_the_calculation_itself_stops_before_its_process_would_be() -> None:
    with process(calculations.told_budget) as pool:
        pool.solve(PROBLEM, SOON)
        [told] = pool.solve(PROBLEM, SOON).blockers
    assert 0 < int(told.node) <= 1_500, "a quarter of the time is left for the way back"


def test_the_process_loads_neither_the_application_nor_the_database() -> None:
    with process(calculations.rooms_there) as pool:
        assert pool.solve(PROBLEM, SOON) == Answer()


def test_the_real_solver_answers_from_a_process_of_its_own() -> None:
    pool = SolverPool()
    try:
        answer = pool.solve(PROBLEM, Budget(whole=30))
    finally:
        pool.close()
    assert [route.proof for route in answer.routes] == [Proof.PROVEN] * 3
    assert [faults(PROBLEM, route) for route in answer.routes] == [(), (), ()]


def test_importing_what_the_web_process_uses_does_not_load_or_tools() -> None:
    found = subprocess.run([sys.executable, "-c", "import academy.pathways.running, sys; print('ortools' in sys.modules)"], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_a_process_that_was_closed_begins_again_when_it_is_asked() -> None:
    with process(calculations.told_budget) as pool:
        pool.close()
        assert pool.solve(PROBLEM, SOON).blockers


def test_another_solver_can_take_its_place() -> None:
    class Plain(RouteSolver):
        def solve(self, problem: object, budget: Budget) -> Answer:
            return plain_answer(PROBLEM)

    before = solver()
    try:
        set_solver(Plain())
        assert_plain(solver().solve(PROBLEM, SOON))
    finally:
        set_solver(before)
