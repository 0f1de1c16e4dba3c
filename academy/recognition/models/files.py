"""Files: one person's claim to the outcomes of one module, the words that it was made on, and every step it went."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Cents, Credits, LocalizedText, Moment, text_enum
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.kinds import Advice, FileState, Judgement, Route, Who

_PERSON = "person.id"
_FILE = "recognition_file.id"
_LIVE = text("state NOT IN ('granted', 'partially-granted', 'refused', 'confirmed', 'revised', 'withdrawn', 'lapsed', 'archived')")


class Terms(Base):
    """What a provider asks and allows in recognition; a provider without a row has the defaults: no maximum, one signature, no fee."""

    __tablename__ = "recognition_terms"
    __table_args__ = (
        CheckConstraint("most_ec >= 0", name="most_not_negative"),
        CheckConstraint("signatures BETWEEN 1 AND 2", name="one_or_two_sign"),
        CheckConstraint("fee >= 0", name="fee_not_negative"),
    )

    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    most_ec: Mapped[Decimal | None] = mapped_column(Credits)  # of one person, over all files; None: no maximum
    signatures: Mapped[int] = mapped_column(default=1)  # how many members of the exam board sign a decision
    fee: Mapped[Money] = mapped_column(Cents)  # of one assessment, with VAT; the provider bills it
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))


class OutcomeWeight(Base):
    """How heavy an outcome weighs when a module's credits are divided over its outcomes; without a row it weighs one."""

    __tablename__ = "outcome_weight"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 100", name="weight_in_reach"),)

    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    weight: Mapped[int]


class RecognitionFile(Base):
    """One person's claim. At most one is under way per person, module and route. `since` is from when it is in its state."""

    __tablename__ = "recognition_file"
    __table_args__ = (
        CheckConstraint("(state = 'lapsed') = (lapsed_from IS NOT NULL) OR state = 'archived'", name="lapsed_from_somewhere"),
        CheckConstraint("state NOT IN ('granted', 'partially-granted', 'refused', 'appealed', 'confirmed', 'revised') OR decision_id IS NOT NULL", name="decided_by_one"),
        CheckConstraint(
            "route = 'education' OR state NOT IN ('exemption-requested', 'granted', 'partially-granted', 'refused', 'appealed', 'confirmed', 'revised')",
            name="labour_market_is_not_decided",
        ),
        CheckConstraint("guide_id <> person_id", name="guides_another"),
        CheckConstraint("told_second_at IS NULL OR told_first_at IS NOT NULL", name="told_in_order"),
        CheckConstraint("(advice IS NULL) = (advised_at IS NULL)", name="advised_at_a_moment"),
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        Index("uq_recognition_file_live", "person_id", "module_id", "route", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_recognition_file_inbox", "provider_id", "state", "since"),
        Index("ix_recognition_file_rounds", "state", "idle_since"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    module_version: Mapped[int]  # what it was when the file was opened; its words are in `file_outcome`
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))  # who awards the module
    route: Mapped[Route] = mapped_column(text_enum(Route, "route"))
    state: Mapped[FileState] = mapped_column(text_enum(FileState, "state"))
    since: Mapped[datetime] = mapped_column(Moment)
    idle_since: Mapped[datetime] = mapped_column(Moment)  # when its learner last did something
    told_first_at: Mapped[datetime | None] = mapped_column(Moment)
    told_second_at: Mapped[datetime | None] = mapped_column(Moment)
    told_late_at: Mapped[datetime | None] = mapped_column(Moment)  # that whoever is to act now is late
    lapsed_from: Mapped[FileState | None] = mapped_column(text_enum(FileState, "lapsed_from"))
    guide_id: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"), index=True)
    advice: Mapped[Advice | None] = mapped_column(text_enum(Advice, "advice"))
    advice_reason: Mapped[str] = mapped_column(String(2000), default="")
    advised_at: Mapped[datetime | None] = mapped_column(Moment)
    learner_signed_at: Mapped[datetime | None] = mapped_column(Moment)  # the agreement
    guide_signed_at: Mapped[datetime | None] = mapped_column(Moment)
    stated_at: Mapped[datetime | None] = mapped_column(Moment)  # that all of it is their own
    employer: Mapped[str] = mapped_column(String(200), default="")  # where the learner works, in their words
    fee: Mapped[Money] = mapped_column(Cents)  # of the assessment, as it was when the file was opened
    # The one that counts; `use_alter`: a decision names its file.
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("recognition_decision.id", deferrable=True, initially="DEFERRED", use_alter=True))
    made_at: Mapped[datetime] = mapped_column(Moment)
    request_key: Mapped[UUID | None] = mapped_column(Uuid, unique=True)
    former_id: Mapped[UUID | None] = mapped_column(ForeignKey(_FILE, deferrable=True, initially="DEFERRED"))  # a repeat asks for what that one left


class FileOutcome(Base):
    """An outcome that is claimed, in the words and with the credits that it had when the file was opened, and what the learner says of it."""

    __tablename__ = "file_outcome"
    __table_args__ = (CheckConstraint("worth >= 0", name="worth_not_negative"),)

    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"), primary_key=True)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id", deferrable=True, initially="DEFERRED"), primary_key=True, index=True)
    position: Mapped[int]
    wording: Mapped[Localized] = mapped_column(LocalizedText)
    worth: Mapped[Decimal] = mapped_column(Credits)
    self_judgement: Mapped[Judgement | None] = mapped_column(text_enum(Judgement, "self_judgement"))
    self_example: Mapped[str] = mapped_column(String(2000), default="")
    missing: Mapped[str] = mapped_column(String(1000), default="")  # what the assessor asks to add


class FileStep(Base):
    """From one state to the next, by whom and when; only ever added."""

    __tablename__ = "file_step"
    __table_args__ = (Index("ix_file_step_file_id", "file_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"))
    from_state: Mapped[FileState | None] = mapped_column(text_enum(FileState, "from_state"))
    to_state: Mapped[FileState] = mapped_column(text_enum(FileState, "to_state"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(_PERSON, deferrable=True, initially="DEFERRED"))
    who: Mapped[Who] = mapped_column(text_enum(Who, "who"))
    why: Mapped[str] = mapped_column(String(2000), default="")


class FileParty(Base):
    """An employer of the learner: who acts for it does not judge here."""

    __tablename__ = "file_party"

    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), primary_key=True, index=True)
