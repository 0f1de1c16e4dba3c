"""From one state of a pool, a pledge or a demand to the next: the only way, guarded by the state it comes from."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, update
from sqlalchemy.orm import Session

from academy.employers.events import DemandAnswered, PoolChanged
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import DemandState, PledgeState, PoolState
from academy.employers.models import Demand, Pledge, Pool, PoolStep
from academy.employers.rules import clocks
from academy.employers.rules.states import may_follow
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce


def move_pool(
    session: Session, pool: PoolFacts, to: PoolState, *, now: datetime, by: UUID | None = None, note: str = "", **values: Any,  # noqa: ANN401 - columns
) -> None:
    """Take a pool to a state, with other columns, and write it down. Raises ValueError for a way that is none; DatabaseBusy asks to start over."""
    if not may_follow(pool.state, to):
        message = f"{pool.state} is not followed by {to}"
        raise ValueError(message)
    moved = update(Pool).where(Pool.id == pool.id, Pool.state == pool.state).values(state=to, **values)
    if rows_changed(session, moved.execution_options(synchronize_session=False)) != 1:
        raise DatabaseBusy
    add_step(session, pool.id, pool.state, to, now=now, by=by, note=note)
    announce(session, PoolChanged(pool.id))


def add_step(
    session: Session, pool_id: UUID, was: PoolState | None, becomes: PoolState, *, now: datetime, by: UUID | None = None, note: str = "",
) -> None:
    """Write a line in the history of a pool."""
    session.add(PoolStep(id=new_id(), pool_id=pool_id, from_state=was, to_state=becomes, at=now, by_id=by, note=note))
    session.flush()


def move_pledge(session: Session, pledge: PledgeFacts, to: PledgeState, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Take a pledge to a state, with other columns; False when it is not as `pledge` says any more. Raises ValueError for a way that is none."""
    if not may_follow(pledge.state, to):
        message = f"{pledge.state} is not followed by {to}"
        raise ValueError(message)
    moved = update(Pledge).where(Pledge.id == pledge.id, Pledge.state == pledge.state).values(state=to, **values)
    return rows_changed(session, moved.execution_options(synchronize_session=False)) == 1


def note_answer(session: Session, demand_id: UUID, *, now: datetime) -> None:
    """Note that a demand has its first answer, of whoever: a pool to join, a provider, the programme office. Later answers change nothing."""
    answered = update(Demand).where(Demand.id == demand_id, Demand.state == DemandState.OPEN)
    first = func.coalesce(Demand.answered_at, now)  # it may be open for the second time
    if rows_changed(session, answered.values(state=DemandState.ANSWERED, answered_at=first).execution_options(synchronize_session=False)) == 1:
        announce(session, DemandAnswered(demand_id))


def open_again(session: Session, demand_ids: Collection[UUID], *, now: datetime) -> None:
    """Let demands count again that were met, because their class was called off; those that have seats in another one stay met. Repeatable."""
    has_seats = exists().where(Pledge.demand_id == Demand.id, Pledge.state == PledgeState.PLACED)
    again = update(Demand).where(Demand.id.in_(demand_ids), Demand.state == DemandState.MET, ~has_seats).values(
        state=DemandState.OPEN, ended_at=None, answer_by=clocks.demand_answered_until(now),
    )
    session.execute(again.execution_options(synchronize_session=False))
