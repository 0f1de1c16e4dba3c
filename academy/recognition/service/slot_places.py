"""Places in the time of an assessor: taken and given back by a guarded UPDATE, whatever they are taken for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.kernel.db import rows_changed
from academy.recognition.errors.places import SlotTaken
from academy.recognition.models import AssessorSlot


def take_place(session: Session, slot_id: UUID, now: datetime) -> None:
    """Take a place. Raises SlotTaken when there is none, or when the time is called off or has begun."""
    taking = update(AssessorSlot).where(
        AssessorSlot.id == slot_id, AssessorSlot.called_off_at.is_(None), AssessorSlot.starts_at > now, AssessorSlot.taken < AssessorSlot.capacity,
    ).values(taken=AssessorSlot.taken + 1)
    if rows_changed(session, taking.execution_options(synchronize_session=False)) != 1:
        raise SlotTaken


def free_place(session: Session, slot_id: UUID) -> None:
    """Give a place back that was taken; whoever calls it has ended what it was taken for in this transaction, once."""
    freeing = update(AssessorSlot).where(AssessorSlot.id == slot_id, AssessorSlot.taken > 0).values(taken=AssessorSlot.taken - 1)
    session.execute(freeing.execution_options(synchronize_session=False))
