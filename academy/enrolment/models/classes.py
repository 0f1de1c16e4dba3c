"""What happens in a class: who was there, what came of it, and the study groups of who learns at a distance."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Time, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.enrolment.kinds import ResultScale
from academy.kernel.db import Base, Credits, Moment, text_enum


class Attendance(Base):
    """Whether a learner was at a meeting, as the provider and as the learner say it; None: not said."""

    __tablename__ = "attendance"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    meets_on: Mapped[date] = mapped_column(Date, primary_key=True)
    by_provider: Mapped[bool | None]
    by_learner: Mapped[bool | None]


class Result(Base):
    """What a learner reached; a draft until the exam board makes it final."""

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("(final_at IS NULL) = (final_by IS NULL)", name="final_by_somebody"),
        CheckConstraint("ec >= 0", name="ec_not_negative"),
    )

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    scale: Mapped[ResultScale] = mapped_column(text_enum(ResultScale, "scale"))
    grade: Mapped[str] = mapped_column(String(20))  # as the scale writes it: `7.5`, `passed`
    is_passed: Mapped[bool]
    ec: Mapped[Decimal | None] = mapped_column(Credits)  # earned; None for a module without credits
    entered_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
    final_at: Mapped[datetime | None] = mapped_column(Moment)
    final_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))


class StudyGroup(Base):
    """A weekly meeting in the region of who follows the same module at a distance, in a room."""

    __tablename__ = "study_group"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("last_on >= first_on", name="last_after_first"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"), unique=True)
    room: Mapped[str] = mapped_column(String(200), index=True)
    weekday: Mapped[str] = mapped_column(String(3))
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
