"""What proving an outcome saves on somebody's route: the route is made again as if it were recognised (product.md, B3).

An entry point: it opens its own transactions, and nothing is calculated inside one.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.kernel.db import database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.pathways import running
from academy.pathways.errors import GoalGone, PathwayNotFound
from academy.pathways.facts import Gathered, HasFacts, PathwayFacts
from academy.pathways.kinds import HasKind, Match, Option
from academy.pathways.problem import Budget, Credit, Node
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.pathways import pathway_to_change, pathway_to_read
from academy.recognition.api import RouteCost, RouteSavings, cost_saved

MOST_SOLVED: Final = 6  # different amounts of one module, in one page
_BUDGET: Final = Budget(each=0.3, whole=1.5)  # of each: people wait for the page
_MONTHS: Final = 3  # of a period: four in a year
_NOTHING: Final = RouteCost(Decimal(0), Decimal(0), FREE)


def savings_on(key: str, module_id: UUID, worths: Mapping[UUID, Decimal], together: Collection[UUID], now: datetime) -> RouteSavings | None:
    """Return what each outcome of a module saves on the route with this key, and those `together`; `worths` are in EC.

    None without such a route or once its programme is no longer offered, where the module is no part of its goal or is had whole already, and where no route is
    possible as it is. Outcomes of one worth make one route; of more than six amounts nothing is calculated.
    """
    with database().reading() as session:
        pathway = _pathway(session, key)
        try:
            gathered = None if pathway is None or pathway.hours is None else gather(session, pathway, now=now)
        except GoalGone:
            return None
    if pathway is None or gathered is None:
        return None
    slug = next((each.module_slug for each in gathered.courses.values() if each.module_id == module_id), "")
    credit = next((each for each in gathered.credits if each.module == slug), None)
    if not slug or not _asks(gathered.problem.tree, slug) or (credit is not None and credit.is_whole):
        return None
    before = _cost(gathered, pathway.chosen, now=now)
    if before is None:
        return None
    joint = sum((worths[each] for each in together), Decimal(0))
    amounts = {each for each in (*worths.values(), joint) if each}
    if len(amounts) > MOST_SOLVED:
        return RouteSavings(gathered.goal.title, {}, None)
    saved = {Decimal(0): _NOTHING} | {each: _saved(before, pathway, module_id, each, credit, now=now) for each in sorted(amounts)}
    return RouteSavings(gathered.goal.title, {outcome_id: saved[ec] for outcome_id, ec in worths.items()}, saved[joint])


def _pathway(session: Session, key: str) -> PathwayFacts | None:
    for read in (pathway_to_change, pathway_to_read):
        try:
            return read(session, key)
        except PathwayNotFound:
            continue
    return None


def _asks(node: Node, module: str) -> bool:
    return module in node.modules or any(_asks(each, module) for each in node.items)


def _saved(before: RouteCost, pathway: PathwayFacts, module_id: UUID, ec: Decimal, credit: Credit | None, *, now: datetime) -> RouteCost:
    """Return what the route asks less when so many EC of a module are recognised, besides what is already."""
    there = Decimal(0) if credit is None else Decimal(credit.ec) / 10
    proven = HasFacts(new_id(), HasKind.EXPERIENCE, "", None, module_id, there + ec, Match.MATCH)
    with database().reading() as session:
        gathered = gather(session, replace(pathway, has=(*pathway.has, proven)), now=now)
    after = _cost(gathered, pathway.chosen, now=now, budget=_BUDGET)
    return _NOTHING if after is None else cost_saved(before, after)


def _cost(gathered: Gathered, chosen: Option | None, *, now: datetime, budget: Budget | None = None) -> RouteCost | None:
    """Return what the route asks that is best at what was chosen, the shortest as long as nothing is; None for no route."""
    problem = gathered.problem
    answer = running.answer_for(problem, now=now) if budget is None else running.answer_for(problem, now=now, budget=budget)
    option = chosen or Option.SHORTEST
    route = next((each for each in answer.routes if each.option is option), None) or next(iter(answer.routes), None)
    if route is None:
        return None
    courses = [each for each in problem.courses if each.key in route.courses]
    periods = 1 + max((each.last for each in courses), default=-1)
    return RouteCost(Decimal(sum(each.ec for each in courses)) / 10, Decimal(_MONTHS * periods), Money(sum(each.price for each in courses)))
