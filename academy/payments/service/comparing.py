"""Comparing with the bank once a day, a page at a turn: what is done stands in a row, so that whoever comes next goes on there."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database, insert_for, rows_changed
from academy.kernel.outbox import announce
from academy.payments import rules
from academy.payments.events import AttentionNeeded
from academy.payments.gateway import BankRefused, BankUnavailable
from academy.payments.kinds import FindingState
from academy.payments.models import BankComparison, Finding
from academy.payments.queries.attention import Looked, has_untold, looked, oldest_open
from academy.payments.service.reconciling import compare_ours, compare_page

_ONLY: Final = 1
_TAKEN: Final = timedelta(minutes=2)  # longer than a page takes; after a bank that is away, also how long it is left alone
_REFUSED: Final = timedelta(hours=1)
_WAITS_FOR_BANK: Final = timedelta(hours=3)  # then the letter goes without what comparing would have shown
_log = structlog.get_logger(__name__)


def go_on(now: datetime) -> bool:
    """Compare a page more, where today's comparison is not done and nobody else is at it; False when there is nothing to do now.

    Opens its own transactions, and asks the bank outside of them. A bank that is away is asked again after some minutes.
    """
    with database().reading() as session:
        if not _is_due(looked(session), now):
            return False
    with database().writing() as session:
        point = _take(session, now)
    if point is None or point.since is None or point.started_at is None:
        return False
    try:
        page = compare_page(since=point.since, after=point.after, started_at=point.started_at, now=now)
        if not page.last:
            compare_ours(since=point.since, started_at=point.started_at, now=now)
    except BankUnavailable:
        _log.warning("bank.not-compared", reason="away")
        return False
    except BankRefused:  # it does not know the point from which to go on: from the beginning, later
        _log.warning("bank.not-compared", reason="refused")
        _write(point, after="", busy_until=now + _REFUSED)
        return False
    _log.info("bank.compared", differences=len(page.found), is_done=not page.last)
    done = {} if page.last else {"done_at": now}
    return _write(point, after=page.last, busy_until=None, **done) and bool(page.last)


def _is_due(point: Looked, now: datetime) -> bool:
    is_free = point.busy_until is None or point.busy_until <= now
    return is_free and (point.is_running or rules.is_new_day(point.started_at, now=now))


def _take(session: Session, now: datetime) -> Looked | None:
    """Take the next page for oneself, of a comparison that is begun here when none runs; None when somebody else was before."""
    session.execute(insert_for(session, BankComparison).values(id=_ONLY, after="").on_conflict_do_nothing(index_elements=["id"]))
    is_free = or_(BankComparison.busy_until.is_(None), BankComparison.busy_until <= now)
    if not rows_changed(session, update(BankComparison).where(BankComparison.id == _ONLY, is_free).values(busy_until=now + _TAKEN)):
        return None
    point = looked(session)
    if not point.is_running and rules.is_new_day(point.started_at, now=now):
        since = rules.compared_since(oldest_open(session), now=now)
        session.execute(update(BankComparison).where(BankComparison.id == _ONLY).values(since=since, started_at=now, after=""))
        session.expire_all()
        point = looked(session)
    return point


def _write(point: Looked, **values: object) -> bool:
    """Write how far it came; False when another went on from the same point meanwhile."""
    same = (BankComparison.id == _ONLY, BankComparison.started_at == point.started_at, BankComparison.after == point.after)
    with database().writing() as session:
        return rows_changed(session, update(BankComparison).where(*same).values(**values)) == 1


def tell(now: datetime) -> None:
    """Announce once a day that something new is open for the programme office; when today's comparison is done, or takes too long."""
    with database().reading() as session:
        point = looked(session)
        waits = point.is_running and point.started_at is not None and now - point.started_at < _WAITS_FOR_BANK
        if waits or not rules.is_new_day(point.told_at, now=now) or not has_untold(session):
            return
    with database().writing() as session:
        session.execute(insert_for(session, BankComparison).values(id=_ONLY, after="").on_conflict_do_nothing(index_elements=["id"]))
        untold = BankComparison.told_at.is_(None) if point.told_at is None else BankComparison.told_at == point.told_at
        if rows_changed(session, update(BankComparison).where(BankComparison.id == _ONLY, untold).values(told_at=now)):
            session.execute(update(Finding).where(Finding.state == FindingState.OPEN, Finding.told_at.is_(None)).values(told_at=now))
            announce(session, AttentionNeeded(amsterdam_day(now).isoformat()))
