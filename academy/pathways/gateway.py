"""Who calculates routes, in our words."""

from typing import Protocol

from academy.pathways.problem import Answer, Budget, Problem


class RouteSolver(Protocol):
    """Answers a problem within a budget of time. It always answers: where calculating stops, with the plain routes that were there already."""

    def solve(self, problem: Problem, budget: Budget) -> Answer: ...
