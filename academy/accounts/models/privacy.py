"""What people allow others to see, and what was erased."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum


class Purpose(StrEnum):
    """What one organisation may see of a person."""

    PROGRESS_TO_EMPLOYER = "progress_to_employer"  # that a paid seat is used, and finished
    RESULT_TO_EMPLOYER = "result_to_employer"  # the grade
    EVIDENCE_TO_EMPLOYER = "evidence_to_employer"  # files of earlier learning
    ROUTE_TO_SCHOOL = "route_to_school"  # what a pupil chose, to the dean


class Consent(Base):
    """A person lets one organisation see one kind of thing, until it is taken back. Given again, it is a new row."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_live", "person_id", "organisation_id", "purpose", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose, "purpose"))
    given_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class ApprovalState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class Approval(Base):
    """A parent, guardian or dean lets a minor enrol: asked by letter, answered by a link."""

    __tablename__ = "approval"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))  # of who answers
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[ApprovalState] = mapped_column(text_enum(ApprovalState, "state"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class Erasure(Base):
    """What was erased of a person and what stayed, and why: the list that the person got."""

    __tablename__ = "erasure"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Moment)
    kept: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
