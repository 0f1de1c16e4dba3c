"""Rounds of recognition: what the clock does, each file in a transaction of its own, so that one that stumbles keeps no other waiting."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from academy.kernel.db import database
from academy.recognition.queries import due
from academy.recognition.service import agreeing, archiving, remembering, waiting

_Due = Callable[..., list[UUID]]


def remind_idle(now: datetime) -> None:
    """Tell learners of files in which nothing happens."""
    _one_by_one(due.files_to_tell, waiting.tell_stillness, now)


def lapse_files(now: datetime) -> None:
    """End files in which nothing happened, after their letters."""
    _one_by_one(due.files_to_lapse, waiting.lapse_file, now)


def tell_late(now: datetime) -> None:
    """Tell that somebody is late with a file."""
    _one_by_one(due.files_late, waiting.tell_late, now)


def archive_files(now: datetime) -> None:
    """Let evidence go that is not needed any more."""
    _one_by_one(due.files_to_archive, archiving.archive_file, now)


def expire_precedents(now: datetime) -> None:
    """Count precedents no more whose last day has passed, some at a time, until none is left."""
    while _expire_some(now):
        pass


def _expire_some(now: datetime) -> int:
    with database().writing() as session:
        return remembering.expire(session, now=now)


def unlink_files(_now: datetime) -> None:
    """Remove files on disk of evidence that went: after the commit in which it went. An idle turn only reads."""
    with database().reading() as session:
        names = archiving.names_gone(session)
    if names:
        with database().writing() as session:
            archiving.unlink_gone(session, names)


def sweep_files(now: datetime) -> None:
    """Remove files on disk that no row names: of a process that was killed between receiving and committing."""
    with database().reading() as session:
        archiving.sweep_unnamed(session, now=now)


def end_agreements(now: datetime) -> None:
    """End agreements that were not signed, or had no result, in time."""
    with database().writing() as session:
        agreeing.end_overdue(session, now=now)


def _one_by_one(due_now: _Due, act: Callable[..., object], now: datetime) -> None:
    """Do this for each that is due, in a transaction of its own; what went wrong is raised at the end, as one ExceptionGroup, and tried again the next turn."""
    with database().reading() as session:
        ids = due_now(session, now=now)
    wrong: list[Exception] = []
    for each in ids:
        try:
            _do(act, each, now)
        except Exception as error:  # noqa: BLE001 - raised below, after the others had their turn
            wrong.append(error)
    if wrong:
        raise ExceptionGroup("files on which the clock stumbled", wrong)


def _do(act: Callable[..., object], file_id: UUID, now: datetime) -> None:
    with database().writing() as session:
        act(session, file_id, now=now)
