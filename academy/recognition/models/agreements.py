"""What is agreed beforehand: a module elsewhere that will count (three parties sign), and a remote course that counts after a test here."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.recognition.kinds import AgreementState, LocalTestState

_PERSON = "person.id"
_LIVE = text("state IN ('asked', 'signed')")
_BOOKED = text("state IN ('booked', 'passed')")


class Agreement(Base):
    """A learner, the exam board at home and who gives the module elsewhere agree that it counts; the credits come with the result."""

    __tablename__ = "learning_agreement"
    __table_args__ = (
        CheckConstraint("(host_module_id IS NULL) <> (host_name = '')", name="here_or_elsewhere"),
        CheckConstraint("state NOT IN ('signed', 'booked') OR home_signed_at IS NOT NULL AND host_signed_at IS NOT NULL", name="signed_by_all"),
        CheckConstraint("(state = 'booked') = (decision_id IS NOT NULL)", name="booked_with_a_decision"),
        Index("uq_learning_agreement_live", "person_id", "home_module_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_learning_agreement_home", "home_provider_id", "state", "asked_at"),
        Index("ix_learning_agreement_host", "host_module_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    home_provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    home_module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"))
    host_module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"))
    host_name: Mapped[str] = mapped_column(String(200), default="")  # a school elsewhere: it signs by the link in a letter
    host_course: Mapped[str] = mapped_column(String(200), default="")
    host_code: Mapped[str] = mapped_column(String(80), default="")
    host_email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[AgreementState] = mapped_column(text_enum(AgreementState, "state"))
    asked_at: Mapped[datetime] = mapped_column(Moment)  # the learner signs by asking
    until: Mapped[datetime] = mapped_column(Moment)  # signed by then; once signed: with a result by then
    home_signed_at: Mapped[datetime | None] = mapped_column(Moment)
    home_signed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    host_signed_at: Mapped[datetime | None] = mapped_column(Moment)
    host_signed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))  # None: by the link
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(2000), default="")
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("recognition_decision.id", deferrable=True, initially="DEFERRED"))


class AgreementOutcome(Base):
    """An outcome of the module at home that the one elsewhere will count for."""

    __tablename__ = "learning_agreement_outcome"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("learning_agreement.id", ondelete="CASCADE"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    wording_digest: Mapped[str] = mapped_column(String(64))


class Mapping(Base):
    """An exam board's word: who has the certificate of this remote course and passes a test here, gets these outcomes of a module."""

    __tablename__ = "mooc_mapping"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="days_in_order"),
        Index("ix_mooc_mapping_provider", "provider_id", "valid_until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    mooc_module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)  # None while it waits for a second signature
    published_by: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class MappingOutcome(Base):
    """An outcome that a mapping grants after the test, in the words that the board read."""

    __tablename__ = "mooc_mapping_outcome"

    mapping_id: Mapped[UUID] = mapped_column(ForeignKey("mooc_mapping.id", ondelete="CASCADE"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    wording_digest: Mapped[str] = mapped_column(String(64))


class LocalTest(Base):
    """A test here after a remote course: the certificate is looked at and the test taken, both by an assessor."""

    __tablename__ = "local_test"
    __table_args__ = (
        CheckConstraint("state <> 'passed' OR is_certificate_seen", name="passed_with_certificate"),
        CheckConstraint("(state IN ('passed', 'failed')) = (judged_at IS NOT NULL)", name="judged_at_a_moment"),
        CheckConstraint("(state = 'passed') = (decision_id IS NOT NULL)", name="passed_with_a_decision"),
        Index("uq_local_test_live", "person_id", "mapping_id", unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    mapping_id: Mapped[UUID] = mapped_column(ForeignKey("mooc_mapping.id"), index=True)
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id", ondelete="SET NULL"))  # the certificate
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("assessor_slot.id"), index=True)
    state: Mapped[LocalTestState] = mapped_column(text_enum(LocalTestState, "state"))
    booked_at: Mapped[datetime] = mapped_column(Moment)
    is_certificate_seen: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(2000), default="")
    judged_at: Mapped[datetime | None] = mapped_column(Moment)
    judged_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("recognition_decision.id", deferrable=True, initially="DEFERRED"))
