"""Whose time is up: files that are still, that lapse, that somebody is late with, and whose evidence is not needed any more. Read by the rounds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from academy.recognition.facts import FileFacts
from academy.recognition.kinds import STANDING, WAITS_FOR_LEARNER, FileState, Route
from academy.recognition.models import RecognitionFile
from academy.recognition.queries.files import facts_of
from academy.recognition.rules.clocks import (
    CLOCKS,
    CONTEST_DAYS,
    EVIDENCE_DAYS,
    LAPSE_DAYS,
    NOTICE_DAYS,
    TOLD_AFTER_DAYS,
    archives_at,
    due,
    is_over,
    lapses_at,
    told_at,
)

_AT_ONCE: Final = 500  # files in one turn; the next takes the others
_DAY: Final = timedelta(days=1)
# At its end on the labour-market route: nothing is asked of its learner.
_IS_CERTIFICATE: Final = (RecognitionFile.state == FileState.REPORT_ISSUED) & (RecognitionFile.route == Route.LABOUR_MARKET)


def files_to_tell(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files of which the learner is told that nothing happens, with a letter that has not gone out since."""
    first, second = (RecognitionFile.idle_since <= now - (days - 1) * _DAY for days in TOLD_AFTER_DAYS)
    untold = (RecognitionFile.told_first_at.is_(None) & first) | (RecognitionFile.told_second_at.is_(None) & second)
    return [each.id for each in _found(session, RecognitionFile.state.in_(WAITS_FOR_LEARNER), untold, ~_IS_CERTIFICATE) if _is_untold(each, now)]


def files_to_lapse(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files that end because nothing happened, whose letters have gone out."""
    long_ago = (RecognitionFile.idle_since <= now - (LAPSE_DAYS - 1) * _DAY, RecognitionFile.told_second_at <= now - (NOTICE_DAYS - 1) * _DAY)
    return [each.id for each in _found(session, RecognitionFile.state.in_(WAITS_FOR_LEARNER), *long_ago) if _is_past(lapses_at(each.idle_since, each.told), now)]


def files_late(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files with which a guide, assessor or board is late, and nobody was told."""
    waiting = (RecognitionFile.state.in_(CLOCKS), RecognitionFile.told_late_at.is_(None), RecognitionFile.since <= now - _DAY)
    return [each.id for each in _found(session, *waiting) if _is_past(due(each.state, each.since), now)]


def files_to_archive(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files whose evidence is not needed any more."""
    def since(days: int) -> ColumnElement[bool]:
        return RecognitionFile.since <= now - (days - 1) * _DAY

    decided = (RecognitionFile.state.in_(STANDING) | _IS_CERTIFICATE) & since(EVIDENCE_DAYS)
    lapsed = (RecognitionFile.state == FileState.LAPSED) & since(CONTEST_DAYS)
    ended = decided | lapsed | (RecognitionFile.state == FileState.WITHDRAWN)
    return [each.id for each in _found(session, ended) if _is_past(archives_at(each.state, each.since), now)]


def _is_untold(file: FileFacts, now: datetime) -> bool:
    return len(file.told) < len(TOLD_AFTER_DAYS) and is_over(told_at(file.idle_since)[len(file.told)], now)


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and is_over(moment, now)


def _found(session: Session, *where: ColumnElement[bool]) -> Iterator[FileFacts]:
    """Yield files that are due by a day or so, the longest waiting first; the rules say of each whether it is. What is not due at all stands in nobody's way."""
    wanted: Select[RecognitionFile] = select(RecognitionFile).where(*where).order_by(RecognitionFile.since).limit(_AT_ONCE)
    yield from map(facts_of, session.scalars(wanted))
