"""Counters that all processes share."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts.models import Throttle
from academy.kernel.db import insert_for


def add_visits(session: Session, visits: Mapping[str, int], *, until: datetime) -> dict[str, int]:
    """Add `visits` by key to the counters that end at `until`, one statement for all; returns what each comes to.

    A key names its window, so what it counts never begins anew.
    """
    rows = [{"key": key, "window_ends_at": until, "count": number} for key, number in sorted(visits.items())]  # one order: no deadlock
    added = insert_for(session, Throttle).values(rows)
    statement = added.on_conflict_do_update(
        index_elements=[Throttle.key], set_={"count": Throttle.count + added.excluded.count},
    ).returning(Throttle.key, Throttle.count)
    return dict(session.execute(statement).all())
