"""Reads of feeds and runs; who may not see them finds nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.exchange.errors import FeedNotFound, RunNotFound
from academy.exchange.facts import FeedFacts, ImportingProvider, RunFacts
from academy.exchange.findings import Notice, Problem
from academy.exchange.models import Feed, FeedState, ImportRun
from academy.exchange.policy import may_import_for

_LATEST = 20


def provider_for_importing(session: Session, actor: accounts.Actor, slug: str) -> ImportingProvider:
    """Return the provider whose imports the actor may see and start. Raises ProviderNotFound."""
    provider = catalogue.provider_by_slug(session, slug)
    if not may_import_for(accounts.memberships_of(session, actor.person_id), provider.id):
        raise catalogue.ProviderNotFound
    return ImportingProvider(provider.id, provider.slug, provider.name)


def feeds(session: Session, *, provider_id: UUID | None = None) -> list[FeedFacts]:
    """Return the feeds, of one provider or of all, each with its last run."""
    chosen = select(Feed).order_by(Feed.code)
    found = session.scalars(chosen if provider_id is None else chosen.where(Feed.provider_id == provider_id)).all()
    latest = select(ImportRun.feed_id, func.max(ImportRun.started_at)).group_by(ImportRun.feed_id)
    runs = session.scalars(
        select(ImportRun).where(
            ImportRun.feed_id.in_([feed.id for feed in found]), tuple_(ImportRun.feed_id, ImportRun.started_at).in_(latest),
        ),
    ).all() if found else ()
    last = {run.feed_id: run for run in runs}
    return [_feed_facts(feed, last.get(feed.id)) for feed in found]


def feed_by_code(session: Session, code: str, *, provider_id: UUID | None = None) -> FeedFacts:
    """Return a feed, of this provider where one is given. Raises FeedNotFound."""
    feed = session.scalars(select(Feed).where(Feed.code == code)).one_or_none()
    if feed is None or provider_id not in {None, feed.provider_id}:
        raise FeedNotFound
    return _feed_facts(feed, None)


def due_feeds(session: Session, *, now: datetime) -> list[UUID]:
    """Return the feeds whose time has come, the longest waiting first."""
    return list(session.scalars(
        select(Feed.id).where(Feed.state == FeedState.ACTIVE, Feed.next_run_at <= now).order_by(Feed.next_run_at),
    ))


def latest_runs(session: Session, *, provider_id: UUID) -> list[RunFacts]:
    """Return the last twenty imports of a provider, of feeds and of files, newest first."""
    rows = session.execute(
        select(ImportRun, Feed.code).outerjoin(Feed, ImportRun.feed_id == Feed.id)
        .where(ImportRun.provider_id == provider_id).order_by(ImportRun.started_at.desc(), ImportRun.id.desc()).limit(_LATEST),
    )
    return [_run_facts(run, code) for run, code in rows]


def run_by_code(session: Session, code: str, *, provider_id: UUID | None = None) -> RunFacts:
    """Return an import, of this provider where one is given. Raises RunNotFound."""
    found = session.execute(
        select(ImportRun, Feed.code).outerjoin(Feed, ImportRun.feed_id == Feed.id).where(ImportRun.code == code),
    ).one_or_none()
    if found is None or provider_id not in {None, found[0].provider_id}:
        raise RunNotFound
    return _run_facts(found[0], found[1])


def _feed_facts(feed: Feed, run: ImportRun | None) -> FeedFacts:
    return FeedFacts(
        id=feed.id, code=feed.code, provider_id=feed.provider_id, kind=feed.kind, url=feed.url, route=feed.route,
        secret_name=feed.secret_name, every_hours=feed.every_hours, is_guarded=feed.is_guarded, state=feed.state,
        failures=feed.failures, last_success_at=feed.last_success_at, next_run_at=feed.next_run_at,
        last_run=None if run is None else _run_facts(run, feed.code),
    )


def _run_facts(run: ImportRun, feed_code: str | None) -> RunFacts:
    problems: Sequence[Problem] = [Problem(**problem) for problem in run.problems]
    return RunFacts(
        code=run.code, feed_code=feed_code or "", kind=run.kind, source=run.source, state=run.state, started_at=run.started_at,
        ended_at=run.ended_at, dry_run=run.dry_run, step=run.step, done=run.done, total=run.total, counts=run.counts,
        problems=tuple(problems), notices=tuple(Notice(**notice) for notice in run.notices),
    )
