"""Reads of frozen reports: those of the programme office, and those that everybody may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from academy.accounts.api import Actor
from academy.reports.errors import ReportNotFound
from academy.reports.facts import SnapshotFacts, View
from academy.reports.models import Snapshot
from academy.reports.queries.as_data import Report, digest_of, report_in
from academy.reports.queries.reach import require_office

MOST_SHOWN = 100


@dataclass(frozen=True)
class Frozen:
    """A frozen report with all it says; `files` has the SHA-256 of each file. `is_whole`: what it says is still what was frozen."""

    facts: SnapshotFacts
    report: Report
    files: Mapping[str, str]
    is_whole: bool


def snapshots(session: Session, actor: Actor) -> list[SnapshotFacts]:
    """Return the newest frozen reports for the programme office. Raises NotFound."""
    require_office(session, actor)
    rows = session.scalars(select(Snapshot).options(defer(Snapshot.data)).order_by(Snapshot.made_at.desc(), Snapshot.id.desc()).limit(MOST_SHOWN))
    return [facts_of(row) for row in rows]


def published_snapshots(session: Session) -> list[SnapshotFacts]:
    """Return the reports that everybody may read, the newest first."""
    query = select(Snapshot).options(defer(Snapshot.data)).where(Snapshot.published_at.is_not(None))
    return [facts_of(row) for row in session.scalars(query.order_by(Snapshot.published_at.desc(), Snapshot.id.desc()).limit(MOST_SHOWN))]


def snapshot(session: Session, actor: Actor, code: str) -> Frozen:
    """Return a frozen report for the programme office. Raises NotFound, ReportNotFound."""
    require_office(session, actor)
    return frozen(session, code)


def published_snapshot(session: Session, code: str) -> Frozen:
    """Return a report that everybody may read. Raises ReportNotFound, also while it is not published."""
    return _frozen(session.scalars(select(Snapshot).where(Snapshot.code == code, Snapshot.published_at.is_not(None))).one_or_none())


def frozen(session: Session, code: str) -> Frozen:
    """Return a frozen report; for who checked that it may be read. Raises ReportNotFound."""
    return _frozen(session.scalars(select(Snapshot).where(Snapshot.code == code)).one_or_none())


def _frozen(row: Snapshot | None) -> Frozen:
    if row is None:
        raise ReportNotFound
    report = report_in(row.data)
    return Frozen(facts_of(row), report, row.files, digest_of(row.data) == row.data_hash)


def facts_of(row: Snapshot) -> SnapshotFacts:
    """Return what stands in a row, without what the report says."""
    published: datetime | None = row.published_at
    return SnapshotFacts(
        row.id, row.code, row.kind, View(row.period, row.area, row.sector), row.from_on, row.until_on, row.as_of, row.method, row.query_hash, row.data_hash,
        row.made_at, published,
    )
