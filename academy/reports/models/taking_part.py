"""Who takes part in the programme, and how far they are."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.reports.kinds import ReadinessItem, Stage


class Participation(Base):
    """A provider in the programme."""

    __tablename__ = "participation"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(text_enum(Stage, "stage"))
    since: Mapped[date] = mapped_column(Date)
    is_large: Mapped[bool] = mapped_column(default=False)
    is_anchor: Mapped[bool] = mapped_column(default=False)  # what others offer has to complement what this one offers
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ParticipationStep(Base):
    """A provider went from one stage to the next. Rows are only added."""

    __tablename__ = "participation_step"
    __table_args__ = (Index("ix_participation_step_provider_id", "provider_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    from_stage: Mapped[Stage | None] = mapped_column(text_enum(Stage, "from_stage"))
    to_stage: Mapped[Stage] = mapped_column(text_enum(Stage, "to_stage"))
    on_day: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)


class ReadinessTick(Base):
    """The programme office saw that something is there which no table tells."""

    __tablename__ = "readiness_tick"

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    item: Mapped[ReadinessItem] = mapped_column(text_enum(ReadinessItem, "item"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
