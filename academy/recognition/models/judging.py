"""Judging: when assessors can be booked, with which instruments they looked, and the report on each outcome."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.recognition.kinds import InstrumentKind, Judgement

_PERSON = "person.id"
_FILE = "recognition_file.id"
_ONE_PORTFOLIO = text("kind = 'portfolio' AND called_off_at IS NULL")


class AssessorSlot(Base):
    """Time of an assessor that can be booked: an interview of one, a test of several. A place in it is taken by a guarded UPDATE only."""

    __tablename__ = "assessor_slot"
    __table_args__ = (
        CheckConstraint("0 <= taken AND taken <= capacity", name="taken_in_reach"),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("kind <> 'portfolio'", name="not_of_paper"),
        CheckConstraint("called_off_at IS NULL OR taken = 0", name="called_off_when_empty"),
        Index("ix_assessor_slot_provider", "provider_id", "kind", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    kind: Mapped[InstrumentKind] = mapped_column(text_enum(InstrumentKind, "kind"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id", deferrable=True, initially="DEFERRED"))
    where: Mapped[str] = mapped_column("place_words", String(200), default="")  # a room, the learner's work, a link to a call
    is_online: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int] = mapped_column(default=1)
    taken: Mapped[int] = mapped_column(default=0)
    called_off_at: Mapped[datetime | None] = mapped_column(Moment)


class InstrumentUse(Base):
    """One look at what somebody can do: the portfolio, or a second instrument at a time. Called off, or done and then judged."""

    __tablename__ = "recognition_instrument"
    __table_args__ = (
        CheckConstraint("done_at IS NULL OR called_off_at IS NULL", name="done_or_called_off"),
        CheckConstraint("(kind = 'portfolio') = (planned_at IS NULL)", name="planned_but_paper"),
        Index("uq_recognition_instrument_portfolio", "file_id", unique=True, sqlite_where=_ONE_PORTFOLIO, postgresql_where=_ONE_PORTFOLIO),
        Index("ix_recognition_instrument_file_id", "file_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"))
    kind: Mapped[InstrumentKind] = mapped_column(text_enum(InstrumentKind, "kind"))
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessor_slot.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    planned_at: Mapped[datetime | None] = mapped_column(Moment)  # when it takes place; None for the portfolio
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    called_off_at: Mapped[datetime | None] = mapped_column(Moment)
    notes: Mapped[str] = mapped_column(String(4000), default="")


class InstrumentAnswer(Base):
    """What an assessor says of one outcome after one instrument; `met` are the criteria (VRAAK) that the evidence meets."""

    __tablename__ = "instrument_answer"

    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("recognition_instrument.id", ondelete="CASCADE"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    judgement: Mapped[Judgement] = mapped_column(text_enum(Judgement, "judgement"))
    part: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(2000), default="")
    met: Mapped[list[str]] = mapped_column(JSON, default=list)


class Report(Base):
    """What the assessors concluded; never changed. On the labour-market route it is the certificate of experience, with its number."""

    __tablename__ = "recognition_report"

    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    issued_by: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    digest: Mapped[str] = mapped_column(String(64))  # of all that it says: `rules.sealing`


class ReportAnswer(Base):
    """The report on one outcome."""

    __tablename__ = "recognition_report_answer"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("recognition_report.file_id"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    judgement: Mapped[Judgement] = mapped_column(text_enum(Judgement, "judgement"))
    part: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(2000))
    met: Mapped[list[str]] = mapped_column(JSON, default=list)


class ReportEvidence(Base):
    """On what a report's answer rests. The evidence may be gone by now, what it was called stays."""

    __tablename__ = "recognition_report_evidence"
    __table_args__ = (
        ForeignKeyConstraint(["file_id", "outcome_id"], ["recognition_report_answer.file_id", "recognition_report_answer.outcome_id"]),
    )

    file_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)  # no foreign key: evidence goes, reports stay
    title: Mapped[str] = mapped_column(String(200))
