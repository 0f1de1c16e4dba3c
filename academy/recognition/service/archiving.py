"""What goes when it is not needed any more: evidence of files that are over, and files on disk that no row names."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import record
from academy.kernel.db import rows_changed
from academy.kernel.uploads import folder
from academy.recognition.kinds import FileState, Who
from academy.recognition.models import EmployerStatement, Evidence, FileEvidence, StoredFileGone
from academy.recognition.queries.files import file_by_id
from academy.recognition.queries.library import booked_for_test
from academy.recognition.rules.deciding import Step
from academy.recognition.service.evidence import forget_evidence
from academy.recognition.service.history import move

_UNNAMED_AFTER: Final = timedelta(days=1)  # no transaction lasts that long
_AT_ONCE: Final = 200


def archive_file(session: Session, file_id: UUID, *, now: datetime) -> None:
    """Archive a file of which nothing is needed any more. Raises StepRefused as long as its time is not over, FileNotFound, DatabaseBusy.

    Its evidence goes, but what its learner keeps, and what another file that is not archived or a booked test uses; so do the names of who was asked for a
    statement.
    """
    used = select(FileEvidence.evidence_id).where(FileEvidence.file_id == file_id)
    held = select(Evidence).where(Evidence.id.in_(used)).order_by(Evidence.id).with_for_update()
    rows = session.scalars(held.execution_options(populate_existing=True)).all()
    move(session, file_id, Step(FileState.ARCHIVED, Who.WORKER), now=now)
    session.execute(delete(FileEvidence).where(FileEvidence.file_id == file_id).execution_options(synchronize_session=False))
    ids = [row.id for row in rows]
    elsewhere = {*session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.evidence_id.in_(ids))), *booked_for_test(session, ids)}
    gone = [row for row in rows if not row.is_kept and row.id not in elsewhere]
    forget_evidence(session, gone, now=now)
    nobody = update(EmployerStatement).where(EmployerStatement.file_id == file_id).values(name="", email="")
    session.execute(nobody.execution_options(synchronize_session=False))
    file = file_by_id(session, file_id)
    record(
        session, "file-archived", actor_id=None, now=now, organisation_id=file.provider_id, person_id=file.person_id, about="recognition_file",
        about_id=file_id, details={"evidence": len(gone)},
    )


def names_gone(session: Session) -> list[str]:
    """Return what earlier transactions gave up and is on disk still, the oldest first, some at a time."""
    wanted = select(StoredFileGone.stored_name).order_by(StoredFileGone.since, StoredFileGone.stored_name).limit(_AT_ONCE)
    return list(session.scalars(wanted))


def unlink_gone(session: Session, names: Sequence[str]) -> int:
    """Remove these from disk; returns how many. Stopped half-way, the next turn goes on: what is not on disk is no fault."""
    for name in names:
        folder().remove(name)
    gone = delete(StoredFileGone).where(StoredFileGone.stored_name.in_(names))
    return rows_changed(session, gone.execution_options(synchronize_session=False))


def sweep_unnamed(session: Session, *, now: datetime) -> int:
    """Remove files on disk that no row names, at least a day old; returns how many.

    Their process was killed between receiving and committing. It only reads the database. Evidence is the only thing that has files there: whoever adds
    another asks here too.
    """
    swept, waiting = 0, list[str]()
    for name in folder().names_before(now - _UNNAMED_AFTER):
        waiting.append(name)
        if len(waiting) >= _AT_ONCE:
            swept, waiting = swept + _remove_unnamed(session, waiting), []
    return swept + _remove_unnamed(session, waiting)


def _remove_unnamed(session: Session, names: list[str]) -> int:
    named = {
        *session.scalars(select(Evidence.stored_name).where(Evidence.stored_name.in_(names))),
        *session.scalars(select(StoredFileGone.stored_name).where(StoredFileGone.stored_name.in_(names))),
    }
    unnamed = [name for name in names if name not in named]
    for name in unnamed:
        folder().remove(name)
    return len(unnamed)
