"""Rows given to OR-Tools: the linear solver GLOP for bounds, and SCIP that searches. Nothing of OR-Tools is known outside this file.

CP-SAT, its other engine, was measured on the same rows: on nine pruned questions about price it left up to 16 % unproven after three seconds in three, where SCIP
proved all nine in 0.3 s at most. And this part of OR-Tools loads in a tenth of a second; CP-SAT wants pandas, and seconds.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from academy.pathways.ortools_gateway.formulation import Rows, Sum

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of how its wrapping was generated: nothing that we can do
    from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # OR-Tools tells no types here

_SLACK: Final = 1e-6  # relative: what calculating with fractions may be beside the truth


@dataclass(frozen=True)
class Relaxed:
    """What the linear solver found. No whole solution costs less than `bound`; with a column at 1 instead of 0 none costs less than `bound` + `dearer` of it."""

    bound: float
    values: Sequence[float]
    dearer: Sequence[float]
    is_impossible: bool = False


@dataclass(frozen=True)
class Found:
    """What searching found: a solution or None; no solution costs less than `bound`. `is_impossible`: there is none, proven."""

    solution: Sequence[int] | None
    bound: int = 0
    is_impossible: bool = False


class Relaxation:
    """Rows in the linear solver, to be asked more than once."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._columns = _put(self._solver, rows, self._solver.NumVar)

    def least(self, cost: Sum, *, seconds: float, closed: Sequence[int] = ()) -> Relaxed:
        """Return the least cost with the columns `closed` at 0. Without an answer in time nothing is known: the bound is minus infinity."""
        for column in closed:
            self._columns[column].SetUb(0)
        _aim(self._solver, self._columns, cost)
        self._solver.SetTimeLimit(max(1, int(seconds * 1000)))
        status = self._solver.Solve()
        nothing = [0.0] * len(self._columns)
        if status == pywraplp.Solver.OPTIMAL:
            value = self._solver.Objective().Value()
            values, dearer = [each.solution_value() for each in self._columns], [each.reduced_cost() for each in self._columns]
            found = Relaxed(value - _SLACK * max(1.0, abs(value)), values, dearer)
        else:
            found = Relaxed(-math.inf, nothing, nothing, is_impossible=status == pywraplp.Solver.INFEASIBLE)
        for column in closed:
            self._columns[column].SetUb(self._rows.most[column])
        return found


def search(rows: Rows, cost: Sum, *, seconds: float, seed: int, hint: Mapping[int, int] | None = None) -> Found:
    """Return the best solution found in time; every row is looked at again in whole numbers."""
    if rows.is_impossible:
        return Found(None, is_impossible=True)
    solver: Any = pywraplp.Solver.CreateSolver("SCIP")
    columns = _put(solver, rows, solver.IntVar)
    _aim(solver, columns, cost)
    if hint:
        solver.SetHint([columns[column] for column in hint], list(hint.values()))
    solver.SetSolverSpecificParametersAsString(f"randomization/randomseedshift = {seed}")
    solver.SetTimeLimit(max(10, int(seconds * 1000)))
    status = solver.Solve()
    if status == pywraplp.Solver.INFEASIBLE:
        return Found(None, is_impossible=True)
    if status not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}:
        return Found(None)
    solution = [round(column.solution_value()) for column in columns]
    best = solver.Objective().BestBound()
    bound = math.ceil(best - _SLACK * max(1.0, abs(best))) if math.isfinite(best) else 0
    return Found(solution if rows.hold(solution) else None, bound)


def _put(solver: Any, rows: Rows, column_of: Any) -> list[Any]:  # noqa: ANN401 - OR-Tools tells no types here
    columns = [column_of(most if column in rows.fixed else 0, most, "") for column, most in enumerate(rows.most)]
    for row in rows.rows:
        held = solver.Constraint(row.low, solver.infinity())
        for column, number in row.terms.items():
            held.SetCoefficient(columns[column], number)
    return columns


def _aim(solver: Any, columns: Sequence[Any], cost: Sum) -> None:  # noqa: ANN401 - as above
    objective = solver.Objective()
    objective.Clear()
    for column, number in cost.terms.items():
        objective.SetCoefficient(columns[column], number)
    objective.SetOffset(cost.constant)
    objective.SetMinimization()
