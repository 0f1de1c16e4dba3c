"""Use cases of feeds and runs, each in the caller's transaction.

A run is held by one process at a time: by a lease that it renews, and by its attempt number, which every write of it names. Who lost
the run, because its lease ran out and another went on with it, finds no row and stops.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange.errors import FeedBusy, FeedNotFound, FeedNotValid, FeedPaused
from academy.exchange.findings import Notice, Problem
from academy.exchange.models import KEPT_PROBLEMS, Feed, FeedKind, FeedState, ImportRun, RunState
from academy.exchange.report import ImportReport
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code

LEASE: Final = timedelta(minutes=10)  # more than the slowest page with all its attempts takes
MOST_FAILURES: Final = 5  # in a row; then the feed pauses
_MOST_ATTEMPTS: Final = 5  # of one run; one that ends its process each time is given up
_OLDEST_SPOOL: Final = timedelta(hours=24)  # what was fetched before says too little about now
_LONGEST_PAUSE_HOURS: Final = 24
_MOST_HOURS: Final = 24 * 31
_SECRET_NAME: Final = re.compile(r"FEED_[A-Z0-9_]{1,90}")
_COUNTED: Final = ("rows", "new", "changed", "same", "merged", "archived", "withheld", "refused")


class RunLost(Exception):
    """Another process went on with this run."""


@dataclass(frozen=True)
class Order:
    """What a process needs to know of the run that it holds."""

    run_id: UUID
    attempt: int
    code: str
    feed_id: UUID
    provider_slug: str
    kind: FeedKind
    url: str
    route: str
    secret_name: str
    is_guarded: bool
    started_at: datetime
    spool: str

    @property
    def source(self) -> str:
        """Return under which name the catalogue keeps where things came from."""
        return f"feed/{self.feed_id.hex}"


def add_feed(
    session: Session, *, provider_slug: str, kind: FeedKind, url: str, route: str = "", secret_name: str = "", every_hours: int = 24,
    is_guarded: bool = True, now: datetime,
) -> str:
    """Keep a feed that is due at once; returns its code. Raises ProviderNotFound, FeedNotValid.

    `secret_name` names the environment variable with `user:password` or `Bearer …`. It begins with FEED_, so that no feed can be made
    to send another secret of this installation away.
    """
    provider = catalogue.provider_by_slug(session, provider_slug)
    fault = _fault(url, route, secret_name, every_hours)
    if fault:
        raise FeedNotValid(fault)
    known = session.scalars(select(Feed.id).where(Feed.provider_id == provider.id, Feed.url == url, Feed.route == route)).first()
    if known is not None:
        raise FeedNotValid("this provider has this feed already")
    feed = Feed(
        id=new_id(), code=short_code(), provider_id=provider.id, kind=kind, url=url, route=route, secret_name=secret_name,
        every_hours=every_hours, is_guarded=is_guarded, next_run_at=now,
    )
    session.add(feed)
    session.flush()
    return feed.code


def _fault(url: str, route: str, secret_name: str, every_hours: int) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        is_address, parts = False, urlsplit("")
    if not is_address or len(url) > 1000:  # noqa: PLR2004 - the column's width
        return "the address begins with https:// or http:// and names a host"
    if parts.username is not None:
        return "the address holds no user and password: name an environment variable for those"
    if not re.fullmatch(r"[\w.-]{0,100}", route):
        return "a route is a word of letters, digits, - and ."
    if secret_name and not _SECRET_NAME.fullmatch(secret_name):
        return "the environment variable of a feed is called FEED_ and then capitals, digits and _"
    return "" if 0 < every_hours <= _MOST_HOURS else f"between 1 and {_MOST_HOURS} hours"


def pause_feed(session: Session, code: str) -> None:
    """Let the feed rest until someone resumes it. Raises FeedNotFound."""
    _feed(session, code).state = FeedState.PAUSED


def resume_feed(session: Session, code: str, *, now: datetime) -> None:
    """Let the feed go on, now, with a clean record. Raises FeedNotFound."""
    feed = _feed(session, code)
    feed.state, feed.failures, feed.next_run_at = FeedState.ACTIVE, 0, now


def ask_for_run(session: Session, code: str, *, now: datetime) -> None:
    """Make the feed due, so that the worker takes it up within the minute. Raises FeedNotFound, FeedPaused."""
    feed = _feed(session, code)
    if feed.state is FeedState.PAUSED:
        raise FeedPaused
    feed.next_run_at = min(feed.next_run_at, now)


def _feed(session: Session, code: str) -> Feed:
    feed = session.scalars(select(Feed).where(Feed.code == code)).one_or_none()
    if feed is None:
        raise FeedNotFound
    return feed


# A run from begin to end -------------------------------------------------------------------------------------------------------------


def begin_run(session: Session, feed_id: UUID, *, now: datetime) -> Order:
    """Take up the feed's unfinished run that nobody holds, or begin a new one. Raises FeedNotFound, and FeedBusy when one is held."""
    feed = session.get(Feed, feed_id)
    if feed is None:
        raise FeedNotFound
    run = session.scalars(select(ImportRun).where(ImportRun.feed_id == feed_id, ImportRun.ended_at.is_(None))).one_or_none()
    if run is not None:
        _take_over(session, run, now=now)
        if run.attempt <= _MOST_ATTEMPTS and now - run.started_at <= _OLDEST_SPOOL:
            return _order(session, feed, run)
        _end(session, run, RunState.FAILED, now=now)
        run.problems = [asdict(Problem(None, "", "", "given-up", "the import was interrupted too often or too long ago"))]
        _count_failure(feed, now=now)
        session.flush()
    return _order(session, feed, _new_run(session, feed, now=now))


def _take_over(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Get hold of a run whose process stopped or died. Raises FeedBusy when another holds it."""
    free = or_(ImportRun.state == RunState.INTERRUPTED, and_(ImportRun.state == RunState.RUNNING, ImportRun.lease_until < now))
    taken = rows_changed(session, (
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.attempt == run.attempt, free)
        .values(state=RunState.RUNNING, attempt=run.attempt + 1, lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    ))
    if not taken:
        raise FeedBusy
    session.refresh(run)


def _new_run(session: Session, feed: Feed, *, now: datetime) -> ImportRun:
    run = ImportRun(
        id=new_id(), code=short_code(), provider_id=feed.provider_id, feed_id=feed.id, kind=str(feed.kind), source=f"feed/{feed.id.hex}",
        state=RunState.RUNNING, started_at=now, lease_until=now + LEASE, attempt=1,
    )
    run.spool = run.id.hex
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as error:  # another process began one in this moment
        raise FeedBusy from error
    return run


def _order(session: Session, feed: Feed, run: ImportRun) -> Order:
    slug = next(provider.slug for provider in catalogue.providers(session) if provider.id == feed.provider_id)
    return Order(
        run_id=run.id, attempt=run.attempt, code=run.code, feed_id=feed.id, provider_slug=slug, kind=feed.kind, url=feed.url,
        route=feed.route, secret_name=feed.secret_name, is_guarded=feed.is_guarded, started_at=run.started_at, spool=run.spool,
    )


def keep_run(session: Session, order: Order, *, now: datetime, **progress: Any) -> None:  # noqa: ANN401 - columns of the run
    """Renew the lease and note the `step`, `done` and `total`. Raises RunLost."""
    kept = rows_changed(session, (
        update(ImportRun)
        .where(ImportRun.id == order.run_id, ImportRun.attempt == order.attempt, ImportRun.state == RunState.RUNNING)
        .values(lease_until=now + LEASE, **progress)
        .execution_options(synchronize_session=False)
    ))
    if not kept:
        raise RunLost


def interrupt_run(session: Session, order: Order, *, now: datetime) -> None:
    """Let go of the run, so that the next turn goes on with it at once. Raises RunLost."""
    keep_run(session, order, now=now, state=RunState.INTERRUPTED)


def finish_run(session: Session, order: Order, report: ImportReport, notices: Sequence[Notice], *, now: datetime) -> None:
    """Close the run with what it did; the feed has succeeded. In the transaction of the load. Raises RunLost."""
    keep_run(session, order, now=now)
    run, feed = session.get_one(ImportRun, order.run_id, populate_existing=True), session.get_one(Feed, order.feed_id)
    _end(session, run, RunState.DONE, now=now)
    _describe(run, report, notices)
    feed.failures, feed.last_success_at = 0, now
    feed.next_run_at = now + timedelta(hours=feed.every_hours)


def fail_run(session: Session, order: Order, problems: Iterable[Problem], *, now: datetime) -> bool:
    """Close the run with why it failed; tells whether the feed now pauses, after five in a row. Raises RunLost."""
    keep_run(session, order, now=now)
    run, feed = session.get_one(ImportRun, order.run_id, populate_existing=True), session.get_one(Feed, order.feed_id)
    _end(session, run, RunState.FAILED, now=now)
    run.problems = [asdict(problem) for problem in problems]
    return _count_failure(feed, now=now)


def _end(session: Session, run: ImportRun, state: RunState, *, now: datetime) -> None:
    run.state, run.ended_at, run.step = state, now, ""
    session.flush()


def _count_failure(feed: Feed, *, now: datetime) -> bool:
    """Try again after 1, 2, 4, … hours, not later than the feed's own time; after five failures in a row it pauses."""
    feed.failures += 1
    hours = min(2 ** (feed.failures - 1), feed.every_hours, _LONGEST_PAUSE_HOURS)
    feed.next_run_at = now + timedelta(hours=hours)
    if feed.failures >= MOST_FAILURES:
        feed.state = FeedState.PAUSED
    return feed.state is FeedState.PAUSED


def record_import(session: Session, report: ImportReport, *, kind: str, started_at: datetime, now: datetime) -> str:
    """Keep what an import of a file or folder did; returns its code, "" when a rehearsal had no provider yet."""
    try:
        provider = catalogue.provider_by_slug(session, report.provider)
    except catalogue.ProviderNotFound:
        return ""
    run = ImportRun(
        id=new_id(), code=short_code(), provider_id=provider.id, kind=kind[:40], source=(report.source or report.file)[:120],
        state=RunState.DONE, started_at=started_at, ended_at=now, dry_run=report.dry_run, lease_until=now,
    )
    _describe(run, report, ())
    session.add(run)
    return run.code


def _describe(run: ImportRun, report: ImportReport, notices: Sequence[Notice]) -> None:
    run.counts = {name: getattr(report, name) for name in _COUNTED}
    run.problems = [asdict(problem) for problem in report.problems[:KEPT_PROBLEMS]]
    run.notices = [asdict(notice) for notice in (*report.notices, *notices)][:KEPT_PROBLEMS]
