"""What the programme office wrote down about a call, and what it answered to a demand by hand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.employers.kinds import CallOutcome
from academy.kernel.db import Base, Moment, text_enum

_ABOUT_ONE = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in ("pledge_id", "demand_id", "organisation_id"))


class CallNote(Base):
    """A call about one pledge, one demand, or a provider that was asked. Rows are only added; they go with what they are about."""

    __tablename__ = "call_note"
    __table_args__ = (
        CheckConstraint(f"{_ABOUT_ONE} = 1", name="about_one"),
        Index("ix_call_note_pledge_id", "pledge_id", "id"),
        Index("ix_call_note_demand_id", "demand_id", "id"),
        Index("ix_call_note_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pledge_id: Mapped[UUID | None] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"))
    demand_id: Mapped[UUID | None] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"))  # of the provider
    outcome: Mapped[CallOutcome] = mapped_column(text_enum(CallOutcome, "outcome"))
    text: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: erased


class DemandReply(Base):
    """What the programme office answered to a demand, for whoever asked. One at most: it is the first answer."""

    __tablename__ = "demand_reply"

    demand_id: Mapped[UUID] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: erased
