"""Courses of companies on their way to a level of the Dutch qualifications framework, NLQF (requirement R05)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.employers.kinds import CourseStage
from academy.kernel.db import Base, Moment, text_enum


class CompanyCourse(Base):
    """A course that an employer or a company gives. What it is worth is decided by NCP NLQF; here stands how far it is. Its documents are links only."""

    __tablename__ = "company_course"
    __table_args__ = (
        CheckConstraint("(stage = 'level-granted') = (level_from IS NOT NULL)", name="granted_from_a_day"),
        CheckConstraint("(level_from IS NULL) = (level_until IS NULL)", name="granted_until_a_day"),
        CheckConstraint("stage <> 'level-granted' OR (nlqf <> '' AND register_code <> '')", name="granted_a_level"),
        Index("ix_company_course_stage_level_until", "stage", "level_until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    stage: Mapped[CourseStage] = mapped_column(text_enum(CourseStage, "stage"))
    nlqf: Mapped[str] = mapped_column(String(4), default="")  # hoped for, and once granted the level that it has
    register_code: Mapped[str] = mapped_column(String(60), default="")  # in the register of NCP NLQF
    level_from: Mapped[date | None] = mapped_column(Date)
    level_until: Mapped[date | None] = mapped_column(Date)  # the last day on which it counts
    made_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)  # that the level ends within a year


class CourseStep(Base):
    """One step of a course: which, when, and where its documents are. Rows are only added; the trail tells who.

    A step that was noted wrongly is taken back by a row that names it, with the stage at which the course is again.
    """

    __tablename__ = "company_course_step"
    __table_args__ = (Index("ix_company_course_step_course_id", "course_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("company_course.id", ondelete="CASCADE"))
    stage: Mapped[CourseStage] = mapped_column(text_enum(CourseStage, "stage"))
    on_day: Mapped[date] = mapped_column(Date)
    link: Mapped[str] = mapped_column(String(500), default="")
    nlqf: Mapped[str] = mapped_column(String(4), default="")  # of the course from this step on
    register_code: Mapped[str] = mapped_column(String(60), default="")
    takes_back_id: Mapped[UUID | None] = mapped_column(ForeignKey("company_course_step.id"), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
