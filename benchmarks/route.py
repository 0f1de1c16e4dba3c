"""Three routes over 300, 1,000 and 3,000 modules: how long they take, and how far above what is proven they may be.

Made-up regions (benchmarks/route_made.py), calculated in this process as the process of the solver does. Each route is looked at by the checker.
"""

import time
from dataclasses import dataclass
from typing import Final

from academy.pathways.checker import faults
from academy.pathways.kinds import Option
from academy.pathways.ortools_gateway import solve
from academy.pathways.problem import Answer, Budget
from benchmarks.outcome import Outcome
from benchmarks.route_made import made
from benchmarks.search.asking import percentiles

_SIZES: Final = (300, 1_000, 3_000)
_CASES, _QUICK = 20, 4
_SECONDS: Final = 3
_GAP: Final = 5  # per cent


@dataclass(frozen=True)
class _Case:
    seconds: float
    cpu: float
    answer: Answer
    faults: int


def measure(*, quick: bool) -> Outcome:
    """Measure the solver without a database and without the way to its process."""
    figures: dict[str, float | None] = {}
    goals: dict[str, float] = {}
    for modules in _SIZES:
        found = _figures(modules, _QUICK if quick else _CASES)
        figures |= {f"{modules:,} modules: {name}": figure for name, figure in found.items()}
        goals |= {f"{modules:,} modules: {name}": most for name, most in (("three options, s p95", _SECONDS), ("cheapest above the bound, % p95", _GAP), ("faults", 0))}
    return Outcome("route", figures, goals)


def _figures(modules: int, cases: int) -> dict[str, float | None]:
    all_cases = [_solved(modules, seed) for seed in range(cases)]
    seconds, cpu = percentiles([case.seconds for case in all_cases]), percentiles([case.cpu for case in all_cases])
    figures: dict[str, float | None] = {
        "three options, s p50": round(seconds["p50"], 2), "three options, s p95": round(seconds["p95"], 2),
        "CPU s p50": round(cpu["p50"], 2), "CPU s p95": round(cpu["p95"], 2),
    }
    for option in Option:
        gaps = [_gap(case.answer, option) for case in all_cases]
        figures[f"{option} above the bound, % p95"] = round(percentiles(gaps)["p95"], 2)
        figures[f"{option}: proven, of {cases}"] = sum(gap == 0 for gap in gaps)
    return figures | {"faults": sum(case.faults for case in all_cases)}


def _solved(modules: int, seed: int) -> _Case:
    problem = made(modules, seed)
    started, worked = time.perf_counter(), time.process_time()
    answer = solve(problem, Budget())
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    return _Case(seconds, cpu, answer, sum(len(faults(problem, route)) for route in answer.routes) + len(Option) - len(answer.routes))


def _gap(answer: Answer, option: Option) -> float:
    """Return how much above its bound a route is, in per cent; all of it where the bound is nothing."""
    route = next((route for route in answer.routes if route.option is option), None)
    if route is None:
        return 100.0
    return 100 * (route.value - route.bound) / max(route.bound, 1)
