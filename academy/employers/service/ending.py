"""A demand that nobody can meet any more ends by the clock."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from academy.employers.kinds import LIVE_PLEDGES, OPEN_DEMANDS, DemandState, RequestState
from academy.employers.models import Demand, Pledge, TailoredRequest
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed

_OPEN_FOR: Final = timedelta(days=365)  # where nobody said by when: who still wants it after a year asks again
_AT_ONCE: Final = 200


def has_demands_to_lapse(session: Session, *, now: datetime) -> bool:
    """Tell whether the day of a demand has passed."""
    return session.scalar(select(Demand.id).where(_is_over(now)).limit(1)) is not None


def lapse_demands(session: Session, *, now: datetime) -> int:
    """Let demands lapse whose day has passed, or that are a year old, as long as nothing is promised for them and nobody is asked to make it; returns how
    many. Repeatable.
    """
    chosen = list(session.scalars(select(Demand.id).where(_is_over(now)).order_by(Demand.id).limit(_AT_ONCE)))
    ended = update(Demand).where(Demand.id.in_(chosen), Demand.state.in_(OPEN_DEMANDS)).values(state=DemandState.LAPSED, ended_at=now)
    return rows_changed(session, ended.execution_options(synchronize_session=False))


def _is_over(now: datetime) -> ColumnElement[bool]:
    is_promised = exists().where(Pledge.demand_id == Demand.id, Pledge.state.in_(LIVE_PLEDGES))
    is_asked = exists().where(TailoredRequest.demand_id == Demand.id, TailoredRequest.state == RequestState.OPEN)
    has_passed = (Demand.wanted_by < amsterdam_day(now)) | (Demand.wanted_by.is_(None) & (Demand.made_at <= now - _OPEN_FOR))
    return Demand.state.in_(OPEN_DEMANDS) & has_passed & ~is_promised & ~is_asked
