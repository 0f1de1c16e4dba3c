"""Counters that all processes share. Their keys are keyed hashes: without SECRET_KEY nobody finds out whose they are, however few addresses there are."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.models import Throttle
from academy.kernel.db import insert_for

_keys: Final[dict[str, bytes]] = {"hash": b""}


def configure(secret_key: str) -> None:
    """Set the key of this process, once at start-up."""
    _keys["hash"] = hashlib.sha256(f"attempts {secret_key}".encode()).digest()


def count_attempt(
    session: Session, *, what: str, who: str, now: datetime, window: timedelta = rules.THROTTLE_WINDOW,
) -> int:
    """Count one attempt of `what` by `who` (an address, a network) and return the number in this window.

    Commit before acting on the number: an attempt that is refused counts too. Each kind of attempt has its own limit in `rules`.
    """
    key = _key_of(what, who)
    fresh = now + window
    over = Throttle.window_ends_at <= now
    counted = insert_for(session, Throttle).values(key=key, window_ends_at=fresh, count=1)
    statement = counted.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "count": case((over, 1), else_=Throttle.count + 1),
            "window_ends_at": case((over, counted.excluded.window_ends_at), else_=Throttle.window_ends_at),
        },
    ).returning(Throttle.count)
    return int(session.execute(statement).scalar_one())


def _key_of(what: str, who: str) -> str:
    return hashlib.blake2b(f"{what}\n{who}".encode(), key=_keys["hash"], digest_size=32).hexdigest()


def forget_attempts(session: Session, *, what: str, who: str) -> None:
    """Start counting anew, for someone who got it right."""
    session.execute(delete(Throttle).where(Throttle.key == _key_of(what, who)))


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
