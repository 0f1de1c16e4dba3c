"""The process that calculates routes: beside the web process, with an end to its patience. OR-Tools is loaded there and nowhere else."""

import hashlib
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from dataclasses import fields, is_dataclass, replace
from multiprocessing.util import Finalize
from typing import Final

import structlog
from pebble import ProcessExpired, ProcessPool

from academy.pathways.gateway import RouteSolver
from academy.pathways.kinds import Option
from academy.pathways.problem import Answer, Budget, Problem
from academy.pathways.rules.plain import plain_route

_log = structlog.get_logger(__name__)

_VERSION: Final = 1  # of what a problem means and how it is solved: what was kept before is not used any more
_GRACE: Final = 0.25  # of the time in all that is left for what has to come back
_LOADING: Final = 5.0  # seconds that a new process may take to begin; half a second on a quiet machine
_MOST_ASKING: Final = 2  # threads that wait for the solver: the others are there for the rest of the site
_PLAIN: Final = 1.0  # seconds after which no other plain route is begun: it is made in the web process

Calculation = Callable[[Problem, Budget], Answer]


def calculate(problem: Problem, budget: Budget) -> Answer:
    """Solve, in the process of the solver."""
    from academy.pathways.ortools_gateway import solve  # noqa: PLC0415 - seconds and 180 MB, which only that process pays

    return solve(problem, budget)


def _load() -> None:
    import academy.pathways.ortools_gateway  # noqa: F401, PLC0415 - as above


def _calculate_until(calculation: Calculation, problem: Problem, budget: Budget, deadline: float) -> Answer:
    """Solve with what is left of the time: `deadline` is on the clock that all processes of a machine share."""
    left = min(deadline - time.monotonic(), budget.whole) - _GRACE * budget.whole
    return calculation(problem, Budget(min(budget.each, max(left / len(Option), 0.05)), max(left, 0.1), budget.seed))


def plain_answer(problem: Problem) -> Answer:
    """Return the plain routes, those that were begun within a second. Not whole: there may be better ones, or some where none was found."""
    until = time.monotonic() + _PLAIN
    found = (plain_route(problem, option) for option in Option if time.monotonic() < until)
    return Answer(tuple(route for route in found if route is not None), is_whole=False)


class SolverPool(RouteSolver):
    """One process that solves one problem after the other. What is stuck is killed, what was killed is started again; there is always an answer.

    Two threads at most wait for it; who comes besides gets the plain routes at once. `is_ready`: it has answered, so that nobody has to wait for it to load.
    """

    def __init__(self, calculation: Calculation = calculate, load: Callable[[], None] = _load, patience_to_load: float = _LOADING) -> None:
        self.calculation, self.patience_to_load = calculation, patience_to_load
        self._load = load
        self._pool: ProcessPool | None = None
        self.is_ready = False
        self._starting = threading.Lock()
        self._places = threading.BoundedSemaphore(_MOST_ASKING)

    def warm(self) -> None:
        """Start the process, without waiting for it."""
        self._started()

    def solve(self, problem: Problem, budget: Budget) -> Answer:
        return self._solved_or_not(problem, budget) or plain_answer(problem)

    def _solved_or_not(self, problem: Problem, budget: Budget) -> Answer | None:
        """Return the answer of the process; None where it is busy with others, and where none came."""
        if not self._places.acquire(blocking=False):
            _log.warning("solver-busy", courses=len(problem.courses))
            return None
        try:
            return self._solved(problem, budget)
        except (TooLate, ProcessExpired):
            _log.warning("solver-stopped", courses=len(problem.courses))
        except Exception:  # noqa: BLE001 - whatever it is, the learner gets an answer, and the log the fault
            _log.exception("solver-failed", courses=len(problem.courses))
        finally:
            self._places.release()
        return None

    def close(self) -> None:
        """End the process, also in the middle of a problem."""
        with self._starting:
            pool, self._pool, self.is_ready = self._pool, None, False
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble tells types of most, not of this
            pool.join()

    def _solved(self, problem: Problem, budget: Budget) -> Answer:
        pool = self._started()
        patience = budget.whole + (0 if self.is_ready else self.patience_to_load)
        future = pool.schedule(_calculate_until, args=(self.calculation, problem, budget, time.monotonic() + patience))
        try:
            answer = future.result(timeout=patience)
        except TooLate:
            if future.running():  # what is still in the queue goes alone: the process is at another problem
                self.is_ready = False
            future.cancel()  # type: ignore[no-untyped-call]  # as above; it kills the process, if it is at this problem
            raise
        except ProcessExpired:
            self.is_ready = False
            raise
        self.is_ready = True
        return answer

    def _started(self) -> ProcessPool:
        with self._starting:
            if self._pool is None or not self._pool.active:
                self.is_ready = False
                self._pool = ProcessPool(max_workers=1, initializer=self._load, context=multiprocessing.get_context("spawn"))
                self._pool.schedule(_nothing)  # starts it
            return self._pool


def _nothing() -> None:
    pass


_current: list[RouteSolver] = []


def set_solver(solver: RouteSolver) -> None:
    """Make `solver` the one that `solver()` returns in this process."""
    _current[:] = [solver]


def solver() -> RouteSolver:
    """Return the solver of this process; one with a process of its own is made when it is first asked for."""
    if not _current:
        pool = SolverPool()
        _current.append(pool)
        Finalize(None, pool.close, exitpriority=3)  # not atexit: the web processes of the server end without it
    return _current[0]


def warm() -> None:
    """Have the solver ready before it is needed: somebody begins a route."""
    present = solver()
    if isinstance(present, SolverPool):
        present.warm()


def digest_of(problem: Problem) -> str:
    """Return the same for problems that mean the same."""
    told = replace(problem, courses=tuple(sorted(problem.courses, key=lambda course: course.key)), needs=tuple(sorted(problem.needs, key=lambda need: need[0])))
    return hashlib.sha256(f"{_VERSION} {_told(told)}".encode()).hexdigest()


def _told(value: object) -> str:
    """Return a value in words that are the same for what is the same: sets in order."""
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(_told(each) for each in value))}}}"
    if isinstance(value, tuple):
        return f"({','.join(_told(each) for each in value)})"
    if is_dataclass(value):
        return f"{type(value).__name__}{_told(tuple(getattr(value, each.name) for each in fields(value)))}"
    return repr(value)
