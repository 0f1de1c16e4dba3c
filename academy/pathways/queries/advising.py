"""What advisers wrote about a pathway."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.pathways.models import PathwayAdvice


@dataclass(frozen=True)
class AdviceFacts:
    """An advice. `signed` is the name that was typed, whoever typed it; "" once its account is gone."""

    id: UUID
    words: str
    signed: str
    given_at: datetime


def advice_of(session: Session, pathway_id: UUID) -> tuple[AdviceFacts, ...]:
    """Return what was said of a pathway, the last one first: one statement."""
    rows = session.scalars(
        select(PathwayAdvice).where(PathwayAdvice.pathway_id == pathway_id).order_by(PathwayAdvice.given_at.desc(), PathwayAdvice.id.desc()),
    )
    return tuple(AdviceFacts(row.id, row.words, row.signed, row.given_at) for row in rows)
