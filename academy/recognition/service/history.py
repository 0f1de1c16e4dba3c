"""From one state of a file to the next: the only way. The rules are asked first, the UPDATE is guarded by the state it comes from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.recognition.errors import StepRefused
from academy.recognition.events import FileMoved
from academy.recognition.kinds import WAITS_FOR_LEARNER, FileState, Who
from academy.recognition.models import FileStep, RecognitionFile
from academy.recognition.policy import employers_of
from academy.recognition.queries.files import rule_file
from academy.recognition.rules.deciding import Step, why_not


def move(session: Session, file_id: UUID, step: Step, *, now: datetime, why: str = "", **values: Any) -> None:  # noqa: ANN401 - columns
    """Take a file a step further, with other columns, write it down and announce it. Whatever the step brings is written before.

    Raises StepRefused with the rule that stands in the way, FileNotFound, and DatabaseBusy (start over) when the file moved meanwhile. A step of the learner
    counts as something they did, and one by which it becomes their turn begins the clock of their silence. The caller adds the line in the audit trail, last.
    """
    session.flush()
    found = rule_file(session, file_id)
    reason = why_not(found, step, now)
    if reason is not None:
        raise StepRefused(reason)
    is_their_turn = step.becomes in WAITS_FOR_LEARNER and step.who is not Who.WORKER  # the clock of their silence begins when others are done
    touched = {"idle_since": now, "told_first_at": None, "told_second_at": None} if step.who is Who.LEARNER or is_their_turn else {}
    lapsed = {"lapsed_from": found.state if step.becomes is FileState.LAPSED else None} if step.becomes is not FileState.ARCHIVED else {}
    moved = update(RecognitionFile).where(RecognitionFile.id == file_id, RecognitionFile.state == found.state, RecognitionFile.since == found.since)
    moved = moved.values(**{"state": step.becomes, "since": now, "told_late_at": None} | touched | lapsed | values)
    if rows_changed(session, moved.execution_options(synchronize_session=False)) != 1:
        raise DatabaseBusy
    add_step(session, file_id, found.state, step, now=now, why=why)


def add_step(session: Session, file_id: UUID, was: FileState | None, step: Step, *, now: datetime, why: str = "") -> None:
    """Write a line in the history of a file, and announce it."""
    line = FileStep(id=new_id(), file_id=file_id, from_state=was, to_state=step.becomes, at=now, by_id=step.person_id, who=step.who, why=why)
    session.add(line)
    session.flush()
    announce(session, FileMoved(file_id, line.id))


def touch(session: Session, file_id: UUID, *, now: datetime) -> None:
    """Note that its learner did something in a file: letters about its stillness start over."""
    done = update(RecognitionFile).where(RecognitionFile.id == file_id).values(idle_since=now, told_first_at=None, told_second_at=None)
    session.execute(done.execution_options(synchronize_session=False))


def step_of(becomes: FileState, who: Who, actor: Actor) -> Step:
    """Return a plain step of somebody in this part."""
    return Step(becomes, who, actor.person_id)


def step_of_assessor(session: Session, becomes: FileState, actor: Actor, **values: Any) -> Step:  # noqa: ANN401 - as `Step` has them
    """Return a step of an assessor, with the firms and schools for which they act today: it may have changed since the last one."""
    acts_for = employers_of(accounts.memberships_of(session, actor.person_id))
    return Step(becomes, Who.ASSESSOR, actor.person_id, acts_for=acts_for, **values)
