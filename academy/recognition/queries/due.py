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
    LAPSE_DAYS,
    TOLD_AFTER_DAYS,
    archives_at,
    due,
    is_over,
    lapses_at,
    told_at,
)

_AT_ONCE: Final = 500  # files in one turn; the next takes the others
_DAY: Final = timedelta(days=1)
_END: Final = (*STANDING, FileState.WITHDRAWN, FileState.LAPSED)


def files_to_tell(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files of which the learner is told that nothing happens, with a letter that has not gone out since."""
    still = (RecognitionFile.state.in_(WAITS_FOR_LEARNER), RecognitionFile.idle_since <= now - (TOLD_AFTER_DAYS[0] - 1) * _DAY, RecognitionFile.told_second_at.is_(None))
    return [each.id for each in _found(session, *still) if _is_untold(each, now)]


def files_to_lapse(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files that end because nothing happened, whose letters have gone out."""
    told = (RecognitionFile.state.in_(WAITS_FOR_LEARNER), RecognitionFile.told_second_at.is_not(None), RecognitionFile.idle_since <= now - (LAPSE_DAYS - 1) * _DAY)
    return [each.id for each in _found(session, *told) if _is_past(lapses_at(each.idle_since, each.told), now)]


def files_late(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files with which a guide, assessor or board is late, and nobody was told."""
    waiting = (RecognitionFile.state.in_(CLOCKS), RecognitionFile.told_late_at.is_(None), RecognitionFile.since <= now - _DAY)
    return [each.id for each in _found(session, *waiting) if _is_past(due(each.state, each.since), now)]


def files_to_archive(session: Session, *, now: datetime) -> list[UUID]:
    """Return the files whose evidence is not needed any more."""
    certificate = (RecognitionFile.state == FileState.REPORT_ISSUED) & (RecognitionFile.route == Route.LABOUR_MARKET)
    ended = RecognitionFile.state.in_(_END) | certificate
    return [each.id for each in _found(session, ended) if _is_past(archives_at(each.state, each.since), now)]


def _is_untold(file: FileFacts, now: datetime) -> bool:
    return len(file.told) < len(TOLD_AFTER_DAYS) and is_over(told_at(file.idle_since)[len(file.told)], now) and not _is_certificate(file)


def _is_certificate(file: FileFacts) -> bool:
    """Tell whether a file is at its end on the labour-market route: nothing is asked of its learner."""
    return file.route is Route.LABOUR_MARKET and file.state is FileState.REPORT_ISSUED


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and is_over(moment, now)


def _found(session: Session, *where: ColumnElement[bool]) -> Iterator[FileFacts]:
    """Yield files that may be due, the longest waiting first; the rules say of each whether it is."""
    wanted: Select[RecognitionFile] = select(RecognitionFile).where(*where).order_by(RecognitionFile.since).limit(_AT_ONCE)
    yield from map(facts_of, session.scalars(wanted))
