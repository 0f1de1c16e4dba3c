"""What was decided before, and what a board published: patterns that repeat, and equivalences that need no file."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.recognition.kinds import EvidenceKind, Judgement

_PERSON = "person.id"
_COUNTS = text("ended_at IS NULL")


class PrecedentRow(Base):
    """A decision on a pattern, as long as it may be repeated."""

    __tablename__ = "precedent"
    __table_args__ = (
        Index("ix_precedent_key", "provider_id", "key", "decided_on", sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index("ix_precedent_valid_until", "valid_until", sqlite_where=_COUNTS, postgresql_where=_COUNTS),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("recognition_decision.id"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    key: Mapped[str] = mapped_column(String(64))  # `Pattern.key`
    is_documentary: Mapped[bool]
    judgement: Mapped[Judgement] = mapped_column(text_enum(Judgement, "judgement"))
    part: Mapped[str] = mapped_column(String(500), default="")
    decided_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)  # the last day on which it may be repeated; None: always
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # replaced by another decision, or past its day


class PrecedentCount(Base):
    """How often a pattern had an answer, counted beforehand: going through 38,000 rows of a popular key costs 103 ms, this one row."""

    __tablename__ = "precedent_count"
    __table_args__ = (CheckConstraint("number >= 0", name="number_not_negative"),)

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    judgement: Mapped[Judgement] = mapped_column(text_enum(Judgement, "judgement"), primary_key=True)
    part_key: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the part in plain words: "" for none
    part: Mapped[str] = mapped_column(String(500), default="")
    number: Mapped[int]
    soonest_end: Mapped[date | None] = mapped_column(Date)  # from the day after, count again


class PatternApproval(Base):
    """A board's word that a pattern is granted by itself from now on."""

    __tablename__ = "pattern_approval"
    __table_args__ = (
        CheckConstraint("fewest_parents >= 1", name="has_parents"),
        Index("uq_pattern_approval_counts", "provider_id", "key", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    key: Mapped[str] = mapped_column(String(64))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"))
    about: Mapped[str] = mapped_column(String(500))  # the evidence in words: mbo diploma 25648
    fewest_parents: Mapped[int]
    until: Mapped[date] = mapped_column(Date)
    approved_by: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))  # where two sign
    approved_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Equivalence(Base):
    """Published and dated: whoever has this (a company course, a MOOC, a diploma) gets these outcomes of a module, without a file."""

    __tablename__ = "equivalence"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="days_in_order"),
        CheckConstraint("second_by IS NULL OR second_by <> published_by", name="two_people"),
        Index("ix_equivalence_source", "source_key", "kind"),
        Index("ix_equivalence_provider", "provider_id", "valid_until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(text_enum(EvidenceKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))
    source_code: Mapped[str] = mapped_column(String(80))
    source_key: Mapped[str] = mapped_column(String(64))  # `patterns.source_key`: the same whatever the spelling
    reason: Mapped[str] = mapped_column(String(2000))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)  # None while it waits for a second signature
    published_by: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class EquivalenceOutcome(Base):
    """An outcome that an equivalence grants, in the words that the board read: reworded since, it waits for the board."""

    __tablename__ = "equivalence_outcome"

    equivalence_id: Mapped[UUID] = mapped_column(ForeignKey("equivalence.id", ondelete="CASCADE"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    wording_digest: Mapped[str] = mapped_column(String(64))


class OutcomeTally(Base):
    """Of how many people an outcome was decided, and how many got a yes: the chance in the value meter."""

    __tablename__ = "outcome_tally"
    __table_args__ = (CheckConstraint("0 <= granted AND granted <= decided", name="granted_of_decided"),)

    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    wording_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    decided: Mapped[int]
    granted: Mapped[int]


class OutcomeTallyPerson(Base):
    """That a person is in the tally of an outcome, and how: who asks twice counts once."""

    __tablename__ = "outcome_tally_person"

    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    wording_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), primary_key=True)
    is_granted: Mapped[bool]
