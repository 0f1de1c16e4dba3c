"""Freezing a report: drawn up in one reading, kept once, and then only published or taken back."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import insert_new, rows_changed
from academy.kernel.ids import new_id
from academy.reports.errors import NothingCounted, PeriodNotCounted, ReportNotFound
from academy.reports.facts import SnapshotFacts, View
from academy.reports.kinds import SnapshotKind
from academy.reports.models import Snapshot
from academy.reports.queries.as_data import Report, as_data, digest_of, query_of
from academy.reports.queries.cells import at_one_moment, last_run
from academy.reports.queries.headings import about_of, title_of
from academy.reports.queries.picture import periods_at
from academy.reports.queries.reach import require_office
from academy.reports.queries.sections import sections_of
from academy.reports.queries.snapshots import facts_of
from academy.reports.rules import quarters

_CODE_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXZ"  # as codes elsewhere: no vowels, nothing that looks alike
_CODE_LENGTH: Final = 12  # of 27 letters: some 57 bits


def draw_up(session: Session, *, actor: Actor | None, kind: SnapshotKind, view: View) -> Report:
    """Return what a report says, from what the last roll-up counted and the rows as they are; nothing is written.

    `actor` is None for a command. A yearly report is of a year, a two-yearly one of that year and the one before. `session` has not read anything yet: all
    is read at one moment. Raises NotFound, NothingCounted, PeriodNotCounted, ValueError for a period that is none.
    """
    at_one_moment(session)
    if actor is not None:
        require_office(session, actor)
    run = last_run(session)
    if run is None:
        raise NothingCounted
    from_on, until_on = days_of(kind, view)
    if not set(_periods_of(kind, view)) <= set(periods_at(run.as_of)):
        raise PeriodNotCounted
    return Report(
        kind, view, from_on, until_on, run.as_of, run.method, title_of(kind, view), about_of(kind, view),
        sections_of(session, kind=kind, view=view, from_on=from_on, until_on=until_on, as_of=run.as_of),
    )


def days_of(kind: SnapshotKind, view: View) -> tuple[date, date]:
    """Return the first and the last day that a report covers. Raises ValueError for a period that is none, or no year where it has to be."""
    if kind is not SnapshotKind.CHOSEN and not quarters.is_year(view.period):
        raise ValueError(f'"{view.period}" is no year')
    periods = _periods_of(kind, view)
    return quarters.first_day(periods[0]), quarters.last_day(periods[-1])


def _periods_of(kind: SnapshotKind, view: View) -> tuple[str, ...]:
    """Return the period that a report is about, after the year before it where it is about two."""
    return (quarters.before(view.period), view.period) if kind is SnapshotKind.TWO_YEARLY else (view.period,)


def keep(session: Session, report: Report, *, actor: Actor | None, files: Mapping[str, str], now: datetime) -> SnapshotFacts:
    """Keep a report with the hashes of its files; the same report again, also at this very moment, is the one that was kept first. Raises NotFound."""
    if actor is not None:
        require_office(session, actor)
    data, (code, query_hash, data_hash) = as_data(report), marks_of(report)
    added = insert_new(session, Snapshot, "code").values(
        id=new_id(), code=code, kind=report.kind, period=report.view.period, area=report.view.area, sector=report.view.sector,
        from_on=report.from_on, until_on=report.until_on, as_of=report.as_of, method=report.method, query_hash=query_hash, data=data, data_hash=data_hash,
        files=dict(files), made_at=now, made_by=None if actor is None else actor.person_id, published_at=None,
    )
    is_new = bool(session.execute(added.returning(Snapshot.id)).all())
    row = session.scalars(select(Snapshot).where(Snapshot.code == code, Snapshot.query_hash == query_hash, Snapshot.data_hash == data_hash)).one()
    if is_new:
        accounts.record(session, "report-frozen", actor_id=row.made_by, now=now, about="report", about_id=row.id, details={"code": code, "kind": report.kind.value})
    return facts_of(row)


def marks_of(report: Report) -> tuple[str, str, str]:
    """Return the code of a report, the hash of what was asked and the hash of what it says. The code follows from both: two who freeze the same at once meet."""
    query_hash, data_hash = digest_of(query_of(report)), digest_of(as_data(report))
    number = int.from_bytes(hashlib.sha256(f"{query_hash} {data_hash}".encode()).digest())
    letters = []
    for _each in range(_CODE_LENGTH):
        number, at = divmod(number, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[at])
    return "".join(letters), query_hash, data_hash


def publish(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Let everybody read a report from now on; once more changes nothing. Raises NotFound, ReportNotFound."""
    _turn(session, actor=actor, code=code, published_at=now, now=now)


def take_back(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Let only the programme office read a report from now on; once more changes nothing. Raises NotFound, ReportNotFound."""
    _turn(session, actor=actor, code=code, published_at=None, now=now)


def _turn(session: Session, *, actor: Actor, code: str, published_at: datetime | None, now: datetime) -> None:
    require_office(session, actor)
    found = session.scalars(select(Snapshot.id).where(Snapshot.code == code)).one_or_none()
    if found is None:
        raise ReportNotFound
    other = Snapshot.published_at.is_(None) if published_at else Snapshot.published_at.is_not(None)
    changed = update(Snapshot).where(Snapshot.id == found, other).values(published_at=published_at).execution_options(synchronize_session=False)
    if rows_changed(session, changed):
        act = "report-published" if published_at else "report-taken-back"
        accounts.record(session, act, actor_id=actor.person_id, now=now, about="report", about_id=found, details={"code": code})
