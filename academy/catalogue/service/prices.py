"""Keeping what something cost before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue.models import PriceStep
from academy.kernel.ids import new_id
from academy.kernel.money import Money


def note_price(
    session: Session, *, module_id: UUID, offering_id: UUID | None = None, was: Money | None, becomes: Money | None, now: datetime,
) -> None:
    """Keep that a public price became another: of a module, or of one of its offerings. The same price is no change."""
    if was != becomes:
        session.add(PriceStep(id=new_id(), module_id=module_id, offering_id=offering_id, was=was, becomes=becomes, changed_at=now))
