"""What a module or one of its classes cost before: every change of a public price stays to be read (capability B16)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Moment
from academy.kernel.money import Money


class PriceStep(Base):
    """A price that became another, of the module as a whole or of one offering. Rows are only added; no amount is a price that was not known."""

    __tablename__ = "price_step"
    __table_args__ = (
        CheckConstraint("was >= 0 AND becomes >= 0", name="not_negative"),
        Index("ix_price_step_module_id", "module_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"))
    offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offering.id"), index=True)
    was: Mapped[Money | None] = mapped_column(Cents)
    becomes: Mapped[Money | None] = mapped_column(Cents)
    changed_at: Mapped[datetime] = mapped_column(Moment)
