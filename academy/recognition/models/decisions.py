"""Decisions and the credits that follow from them. A decision never changes: a new one names the one that it replaces."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Credits, LocalizedText, Moment, text_enum
from academy.kernel.text import Localized
from academy.recognition.kinds import DecisionGround, DecisionState, Judgement

_PERSON = "person.id"
_DECISION = "recognition_decision.id"
_COUNTS = text("ended_at IS NULL")


class Decision(Base):
    """What an exam board decided of one person and one module, and on what ground: a file, or what it published beforehand."""

    __tablename__ = "recognition_decision"
    __table_args__ = (
        CheckConstraint("(ground IN ('file', 'pattern')) = (file_id IS NOT NULL)", name="of_a_file_or_not"),
        CheckConstraint("(state = 'revised') = (replaces_id IS NOT NULL)", name="revised_names_another"),
        CheckConstraint("counts >= 0 AND beyond >= 0", name="credits_not_negative"),
        Index("ix_recognition_decision_person", "person_id", "module_id"),
        Index("ix_recognition_decision_file", "file_id"),
        Index("ix_recognition_decision_provider", "provider_id", "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    ground: Mapped[DecisionGround] = mapped_column(text_enum(DecisionGround, "ground"))
    ground_id: Mapped[UUID | None] = mapped_column(Uuid)  # the approval, equivalence, agreement or mapping; None for a file that people decided on
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("recognition_file.id", deferrable=True, initially="DEFERRED"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    state: Mapped[DecisionState] = mapped_column(text_enum(DecisionState, "state"))
    decided_at: Mapped[datetime] = mapped_column(Moment)
    appeal_until: Mapped[datetime] = mapped_column(Moment)
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey(_DECISION), unique=True)  # replaced at most once
    parents: Mapped[list[str]] = mapped_column(JSON, default=list)  # ids (hex) of the precedents it repeats
    counts: Mapped[Decimal] = mapped_column(Credits)  # EC that it adds
    beyond: Mapped[Decimal] = mapped_column(Credits)  # EC that do not count: above the provider's maximum
    digest: Mapped[str] = mapped_column(String(64))  # of all that it says: `rules.sealing`


class DecisionAnswer(Base):
    """What was decided of one outcome, in the words that were decided on; `ec` are its credits if it was granted whole, else none."""

    __tablename__ = "recognition_decision_answer"
    __table_args__ = (CheckConstraint("ec >= 0", name="ec_not_negative"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey(_DECISION), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    wording: Mapped[Localized] = mapped_column(LocalizedText)
    judgement: Mapped[Judgement] = mapped_column(text_enum(Judgement, "judgement"))
    part: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(2000), default="")
    ec: Mapped[Decimal] = mapped_column(Credits)


class DecisionSignature(Base):
    """Who signed a decision; written with it."""

    __tablename__ = "recognition_decision_signature"

    decision_id: Mapped[UUID] = mapped_column(ForeignKey(_DECISION), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class DecisionDraft(Base):
    """A decision that waits for its second signature; whoever signs it signs exactly these answers, or starts over."""

    __tablename__ = "recognition_decision_draft"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("recognition_file.id", ondelete="CASCADE"), primary_key=True)
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Credit(Base):
    """Credits of one outcome that counts for a person; granted once, however often it is asked. Ended by a decision that replaces its own."""

    __tablename__ = "recognition_credit"
    __table_args__ = (
        CheckConstraint("ec >= 0", name="ec_not_negative"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_a_decision"),
        Index("uq_recognition_credit_counts", "person_id", "outcome_id", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index("ix_recognition_credit_module", "module_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"))
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey(_DECISION), index=True)
    ec: Mapped[Decimal] = mapped_column(Credits)
    from_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(_DECISION))


class RecognisedTotal(Base):
    """How many EC count for a person at a provider: what its maximum is measured by, kept by a guarded UPDATE."""

    __tablename__ = "recognised_total"
    __table_args__ = (CheckConstraint("ec >= 0", name="ec_not_negative"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    ec: Mapped[Decimal] = mapped_column(Credits)
