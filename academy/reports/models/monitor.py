"""The monitor of experience: who is asked, and what was answered by nobody in particular."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.reports.kinds import Side

_OPEN = text("answered_at IS NULL")


class Questionnaire(Base):
    """The questions to one side about one class. `wave` 1 is shortly after it begins, 2 when it is over."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        UniqueConstraint("offering_id", "side", "wave", name="uq_questionnaire"),
        CheckConstraint("wave BETWEEN 1 AND 2", name="wave_one_or_two"),
        CheckConstraint("asked >= 0 AND answered >= 0 AND answered <= asked", name="answered_within_asked"),
        Index("ix_questionnaire_closes_on", "closes_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"), index=True)
    side: Mapped[Side] = mapped_column(text_enum(Side, "side"))
    wave: Mapped[int]
    opened_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)  # the last day
    asked: Mapped[int] = mapped_column(default=0)  # stays when the invites go
    answered: Mapped[int] = mapped_column(default=0)


class QuestionnaireInvite(Base):
    """Who is asked. It tells whether they answered, never what; it goes when the questionnaire closes."""

    __tablename__ = "questionnaire_invite"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "person_id", name="uq_questionnaire_invite"),
        Index("ix_questionnaire_invite_open", "asked_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)  # for which they are asked
    asked_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)  # to the day only: midnight in Amsterdam


class QuestionnaireAnswer(Base):
    """What somebody answered. No person, no moment; its id is random, so that the order of answering can not be found."""

    __tablename__ = "questionnaire_answer"
    __table_args__ = ({"sqlite_with_rowid": False},)  # a number of the row would keep the order of answering

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # uuid4, not in the order of time
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id", ondelete="CASCADE"), index=True)
    scores: Mapped[dict[str, int]] = mapped_column(JSON)  # question: 1 to 5
