"""The demo has gaps to look at, some of too few people to be told, over more than a year; loaded once."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.demo import load_demo, load_people
from academy.demo.demand import load_demand
from academy.pathways.models import RouteBlocker


def test_the_demo_has_routes_that_are_blocked_in_five_quarters_once(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    assert load_demand(session, now=now)
    assert not load_demand(session, now=now)
    found = session.execute(
        select(RouteBlocker.subject, func.count()).where(RouteBlocker.found_at > now - timedelta(days=3)).group_by(RouteBlocker.subject),
    ).all()
    assert sorted(number for _subject, number in found) == [4, 26, 28, 30, 34, 41, 46]
    oldest = session.scalar(select(func.min(RouteBlocker.found_at)))
    assert oldest is not None
    assert timedelta(days=300) < now - oldest < timedelta(days=460)
