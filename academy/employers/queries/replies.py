"""What the programme office answered to a demand by hand, for who asked."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.employers.models import DemandReply


def reply_to(session: Session, demand_id: UUID) -> str:
    """Return what the programme office answered to a demand; "" where it did not."""
    return session.scalar(select(DemandReply.text).where(DemandReply.demand_id == demand_id)) or ""
