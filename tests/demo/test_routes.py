"""The demo has routes to its degree, whatever the day of loading: in evenings and by day; one in the learner's account, and enough to be told as demand."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import register_person
from academy.catalogue import api as catalogue
from academy.demo import load_demo, load_people
from academy.demo.learning import LOTTE
from academy.demo.routes import load_routes
from academy.pathways.kinds import GoalKind, Option
from academy.pathways.models import Pathway, PathwayStep
from academy.pathways.ortools_gateway import solve
from academy.pathways.problem import Budget, Problem
from academy.pathways.queries.aiming import Goal
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.pathways import facts_of, pathway_for_editing
from academy.pathways.service import planning
from academy.pathways.service.planning import Life

EVENINGS = frozenset((weekday, 2) for weekday in range(5))
DAYS = frozenset((weekday, part) for weekday in range(5) for part in (0, 1))


def house(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)


def problem(session: Session, life: Life, now: datetime) -> Problem:
    programme = next(each for each in catalogue.programmes(session) if each.code == "AD-ICT")
    key = planning.make_pathway(session, goal=Goal(GoalKind.PROGRAMME, programme_id=programme.id), owner=None, now=now)
    session.flush()
    planning.tell_life(session, key=key, version=1, life=life, now=now)
    session.flush()
    return gather(session, facts_of(session, pathway_for_editing(session, key)), now=now).problem


@pytest.mark.parametrize("day", [(2026, 9, 1), (2027, 2, 15)])
def test_a_degree_can_be_had_in_evenings_and_by_day_whenever_the_demo_is_loaded(session: Session, day: tuple[int, int, int]) -> None:
    now = datetime(*day, 9, 0, tzinfo=UTC)
    house(session, now)
    assert load_routes(session, now=now)
    [lotte] = session.scalars(select(Pathway).where(Pathway.person_id.is_not(None)))
    assert session.scalar(select(func.count()).where(PathwayStep.pathway_id == lotte.id)) == 7
    for life in (Life(hours=28, times=EVENINGS), Life(hours=40, times=DAYS)):
        found = solve(problem(session, life, now), Budget())
        assert len(found.routes) == len(Option), life


def test_a_second_load_plans_nothing(session: Session, now: datetime) -> None:
    house(session, now)
    assert load_routes(session, now=now)
    mine = register_person(session, email=LOTTE[1], name="", password=None, language="nl", now=now)
    assert session.scalar(select(func.count()).where(Pathway.person_id == mine)) == 1
    assert session.scalar(select(func.count(PathwayStep.pathway_id.distinct()))) == 12
    assert not load_routes(session, now=now)
    assert session.scalar(select(func.count(Pathway.id))) == 12
