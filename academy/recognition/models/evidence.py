"""Evidence: what somebody has to show, uploaded once, used in any of their files, seen by nobody unless it is shared."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.recognition.kinds import EvidenceKind

_PERSON = "person.id"
_FILE = "recognition_file.id"
_WITH_FILE = text("sha256 <> ''")


class Evidence(Base):
    """One piece, in the learner's own library. It has a file, an address, the words of a statement, or only the name that its source gave it."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(stored_name = '') = (sha256 = '')", name="file_with_digest"),
        CheckConstraint("stored_name = '' OR url = ''", name="file_or_link"),
        CheckConstraint("size >= 0", name="size_not_negative"),
        # The same file twice is the one that is there.
        Index("uq_evidence_file", "person_id", "sha256", unique=True, sqlite_where=_WITH_FILE, postgresql_where=_WITH_FILE),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(text_enum(EvidenceKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200), default="")  # who gave it: a register, school, firm or platform
    code: Mapped[str] = mapped_column(String(80), default="")  # what they call it: a CREBO number, the code of a course
    earned_on: Mapped[date | None] = mapped_column(Date)
    url: Mapped[str] = mapped_column(String(1000), default="")
    text: Mapped[str] = mapped_column(String(4000), default="")  # of a statement, or what can be seen on a picture
    stored_name: Mapped[str] = mapped_column(String(32), default="")  # ours, on disk
    filename: Mapped[str] = mapped_column(String(120), default="")
    media: Mapped[str] = mapped_column(String(20), default="")  # the name of a `FileKind`
    size: Mapped[int] = mapped_column(default=0)  # bytes
    sha256: Mapped[str] = mapped_column(String(64), default="")
    is_kept: Mapped[bool] = mapped_column(default=False)  # its learner keeps it when the files that used it are archived
    added_at: Mapped[datetime] = mapped_column(Moment)


class FileEvidence(Base):
    """Evidence that is used in a file; it can be added and taken away until the portfolio is sent, and while it is incomplete."""

    __tablename__ = "file_evidence"

    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"), primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True, index=True)
    added_at: Mapped[datetime] = mapped_column(Moment)


class EvidenceFor(Base):
    """Which outcome a piece of evidence in a file is for; one can be for several."""

    __tablename__ = "evidence_for"
    __table_args__ = (
        ForeignKeyConstraint(["file_id", "evidence_id"], ["file_evidence.file_id", "file_evidence.evidence_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["file_id", "outcome_id"], ["file_outcome.file_id", "file_outcome.outcome_id"], ondelete="CASCADE"),
    )

    file_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class FileShare(Base):
    """That a learner lets a named assessor see the evidence of a file; they can take it back."""

    __tablename__ = "file_share"
    __table_args__ = (
        CheckConstraint("taken_back_at >= given_at", name="taken_back_later"),
        CheckConstraint("NOT by_learner OR taken_back_at IS NOT NULL", name="by_learner_when_taken_back"),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"), primary_key=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), primary_key=True, index=True)
    given_at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
    by_learner: Mapped[bool] = mapped_column(default=False)  # who took it back: then only they give it again


class EmployerStatement(Base):
    """What somebody at work is asked, by a link in a letter, to say of what the learner does there. Once answered it is evidence of the learner."""

    __tablename__ = "employer_statement"
    __table_args__ = (
        CheckConstraint("evidence_id IS NULL OR answered_at IS NOT NULL", name="answered_with_evidence"),
        CheckConstraint("answered_at IS NULL OR declined_at IS NULL", name="answered_or_declined"),
        Index("ix_employer_statement_file_id", "file_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"))
    employer: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))  # of who is asked; emptied with the address
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # outcome's id (hex) → yes, partly, no
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id", ondelete="SET NULL"))


class StoredFileGone(Base):
    """A file on disk that no row names any more: written down where the row goes, removed by the worker after that commit."""

    __tablename__ = "stored_file_gone"

    stored_name: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
