"""How an enrolment came to be as it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import EnrolmentStep


@dataclass(frozen=True)
class HistoryLine:
    """One change: when, to what, why, by whom (None: by itself), and the reason in words where somebody gave one."""

    at: datetime
    to: EnrolmentState
    why: Why
    by_id: UUID | None
    note: str


def history(session: Session, enrolment_id: UUID) -> list[HistoryLine]:
    """Return the changes of an enrolment, the oldest first."""
    rows = session.scalars(select(EnrolmentStep).where(EnrolmentStep.enrolment_id == enrolment_id).order_by(EnrolmentStep.at, EnrolmentStep.id))
    return [HistoryLine(row.at, row.to_state, row.why, row.by_id, row.note) for row in rows]
