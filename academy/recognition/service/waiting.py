"""What the clock does with a file: tell its learner that it is still, end it when that is not answered, and tell that somebody is late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from academy.accounts.api import record
from academy.kernel.db import rows_changed
from academy.kernel.outbox import announce
from academy.recognition.events import FileStill, StepLate
from academy.recognition.kinds import WAITS_FOR_LEARNER, FileState, Who
from academy.recognition.models import RecognitionFile
from academy.recognition.queries.files import file_by_id
from academy.recognition.rules.clocks import TOLD_AFTER_DAYS, due, is_over, told_at
from academy.recognition.rules.deciding import Step
from academy.recognition.service.history import move
from academy.recognition.service.slots import end_bookings


def tell_stillness(session: Session, file_id: UUID, *, now: datetime) -> bool:
    """Tell the learner of a file that nothing happened in it, once for each of the two letters; returns whether one goes out."""
    file = file_by_id(session, file_id)
    number = len(file.told)
    if file.state not in WAITS_FOR_LEARNER or number >= len(TOLD_AFTER_DAYS) or not is_over(told_at(file.idle_since)[number], now):
        return False
    column = (RecognitionFile.told_first_at, RecognitionFile.told_second_at)[number]
    if not _noted(session, file_id, column.is_(None), RecognitionFile.idle_since == file.idle_since, **{column.key: now}):
        return False
    announce(session, FileStill(file_id, number + 1))
    return True


def lapse_file(session: Session, file_id: UUID, *, now: datetime) -> None:
    """End a file in which nothing happened, whose learner was told twice, and free what was booked in it. Raises StepRefused where that is not so, DatabaseBusy."""
    file = file_by_id(session, file_id)
    end_bookings(session, file_id, now=now)
    move(session, file_id, Step(FileState.LAPSED, Who.WORKER), now=now)
    record(
        session, "file-lapsed", actor_id=None, now=now, organisation_id=file.provider_id, person_id=file.person_id, about="recognition_file", about_id=file_id,
        details={"file": file.code},
    )


def tell_late(session: Session, file_id: UUID, *, now: datetime) -> bool:
    """Tell that whoever is to act on a file now is late; once for each time that it waits. Returns whether it was told."""
    file = file_by_id(session, file_id)
    until = due(file.state, file.since)
    if until is None or not is_over(until, now):
        return False
    if not _noted(session, file_id, RecognitionFile.told_late_at.is_(None), RecognitionFile.since == file.since, told_late_at=now):
        return False
    announce(session, StepLate(file_id))
    return True


def _noted(session: Session, file_id: UUID, *where: ColumnElement[bool], **values: datetime) -> bool:
    done = update(RecognitionFile).where(RecognitionFile.id == file_id, *where).values(**values)
    return rows_changed(session, done.execution_options(synchronize_session=False)) == 1
