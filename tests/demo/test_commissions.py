"""The demo has requests to providers to look at, of gaps that it has: one with a provider that said yes, one that waits, one of which the class began; asked once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.demo import load_demo, load_money, load_paid_year, load_people
from academy.demo.commissions import load_commissions
from academy.demo.demand import load_demand
from academy.demo.money import actor_of
from academy.kernel.clock import amsterdam_day
from academy.pathways.models import RouteBlocker
from academy.reports.kinds import MODULE, CommissionState
from academy.reports.queries.commissions import commissions
from academy.reports.service.rolling import roll_up


def test_a_provider_said_yes_to_one_gap_and_another_waits_for_an_answer_once(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    load_money(session, now=now)
    load_paid_year(session, now=now)
    load_demand(session, now=now)
    session.flush()
    roll_up(session, as_of=amsterdam_day(now), now=now)
    assert load_commissions(session, now=now)
    assert not load_commissions(session, now=now)
    rows = commissions(session, actor_of(session, "office@demo.example", now), has_ended=False, today=amsterdam_day(now))
    assert {(row.facts.state, row.asked, row.willing) for row in rows} == {(CommissionState.MAKING, 3, 1), (CommissionState.OPEN, 2, 0)}
    assert {row.facts.state: row.facts.wanted for row in rows} == {CommissionState.MAKING: 45, CommissionState.OPEN: 40}, "enough people to be told"
    assert all(now < row.facts.answer_by for row in rows)
    gaps = {f"{MODULE}{subject}" for subject in session.scalars(select(RouteBlocker.subject))}
    assert {row.facts.skill for row in rows} <= gaps
    filled, = commissions(session, actor_of(session, "office@demo.example", now), has_ended=True, today=amsterdam_day(now))
    assert (filled.facts.state, filled.asked, filled.willing, filled.facts.wanted) == (CommissionState.STARTED, 2, 1, 20)
    assert filled.facts.skill in gaps
    reached = filled.reached
    assert reached.promised_at is not None
    assert reached.planned_at is not None
    assert reached.started_at is not None
    assert filled.facts.made_at < reached.promised_at < reached.planned_at < reached.started_at < now, "each step takes its time"
