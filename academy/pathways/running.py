"""From a question to an answer that was looked at again: kept, or calculated in the process of the solver.

An entry point: it opens its own transactions, and nothing is calculated inside one.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from academy.kernel.db import database
from academy.pathways.checker import faults
from academy.pathways.problem import Answer, Budget, Problem
from academy.pathways.service import answering
from academy.pathways.solving import digest_of, solver

_log = structlog.get_logger(__name__)

_BUDGET: Final = Budget()


def answer_for(problem: Problem, *, now: datetime, budget: Budget = _BUDGET) -> Answer:
    """Return the answer to a problem; it always comes, within the budget. A route in which the checker finds a fault is left out and logged."""
    digest = digest_of(problem)
    with database().reading() as session:
        found = answering.kept(session, digest)
    if found is not None:
        return found
    answer = _checked(problem, solver().solve(problem, budget))
    if answer.is_whole:
        with database().writing() as session:
            answering.keep(session, digest, answer, now=now)
    return answer


def _checked(problem: Problem, answer: Answer) -> Answer:
    right = []
    for route in answer.routes:
        if found := faults(problem, route):
            _log.error("route-with-faults", option=route.option.value, faults=found[:5])
        else:
            right.append(route)
    return answer if len(right) == len(answer.routes) else replace(answer, routes=tuple(right), is_whole=False)
