"""Modules, what one can do after them, and how they came to be public."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.catalogue.models.kinds import CertificateKind, ModuleKind, PublicationAct, PublicationState
from academy.catalogue.models.offerings import Offering
from academy.catalogue.models.providers import Provider
from academy.kernel.db import Base, Cents, Credits, LocalizedText, Moment, text_enum
from academy.kernel.money import Money
from academy.kernel.text import Localized


class Module(Base):
    """The unit that a learner takes and someone pays for; the row holds the present version, `module_version` the former ones."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("provider_id", "external_id", name="uq_module_provider_external"),
        CheckConstraint("ec >= 0", name="ec_not_negative"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    external_id: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(120), default="", index=True)  # the file or feed it came from; "" by hand
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[ModuleKind] = mapped_column(text_enum(ModuleKind, "kind"))
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    description: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    # For whom it is and what one must be able to do, in words; what can be checked stands in `prerequisites`.
    entry: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    prerequisites: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Who made it, where that is not the provider: a university on a MOOC platform.
    institution: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(1000), default="")
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    hours: Mapped[int | None]  # of study; where unknown, 28 per EC
    nlqf: Mapped[str] = mapped_column(String(10), default="")  # "4+" exists, so text
    eqf: Mapped[str] = mapped_column(String(10), default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    language_level: Mapped[str] = mapped_column(String(10), default="")  # needed to follow it: B1 (CEFR) or 2F
    modes: Mapped[list[str]] = mapped_column(JSON, default=list)
    assessments: Mapped[list[str]] = mapped_column(JSON, default=list)
    certificate: Mapped[CertificateKind | None] = mapped_column(text_enum(CertificateKind, "certificate"))
    sectors: Mapped[list[str]] = mapped_column(JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    price: Mapped[Money | None] = mapped_column(Cents)  # None: not known
    price_note: Mapped[str] = mapped_column(String(300), default="")  # a price we can not express in euros stays text
    state: Mapped[PublicationState] = mapped_column(
        text_enum(PublicationState, "state"), default=PublicationState.PUBLISHED,
    )
    vanished_at: Mapped[datetime | None] = mapped_column(Moment)  # archived because its source no longer had it
    digest: Mapped[str] = mapped_column(String(32), default="")  # of the draft last applied: the same draft changes nothing
    changed_at: Mapped[datetime] = mapped_column(Moment)

    provider: Mapped[Provider] = relationship(lazy="raise_on_sql")
    outcomes: Mapped[list["LearningOutcome"]] = relationship(
        lazy="raise_on_sql", order_by="LearningOutcome.position", viewonly=True,  # one that leaves keeps its module
        primaryjoin="and_(Module.id == LearningOutcome.module_id, LearningOutcome.left_in_version.is_(None))",
    )
    offerings: Mapped[list["Offering"]] = relationship(lazy="raise_on_sql", order_by="Offering.starts_on")


class LearningOutcome(Base):
    """What someone can do after the module. One that leaves the module stays as a row: decisions about it keep their meaning."""

    __tablename__ = "learning_outcome"
    __table_args__ = (
        Index("uq_learning_outcome_position", "module_id", "position", unique=True,
              sqlite_where=text("left_in_version IS NULL"), postgresql_where=text("left_in_version IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), index=True)
    position: Mapped[int]
    text: Mapped[Localized] = mapped_column(LocalizedText)
    left_in_version: Mapped[int | None]  # the first version that no longer has it

    skills: Mapped[list["OutcomeSkill"]] = relationship(
        lazy="raise_on_sql", order_by="OutcomeSkill.skill_uri", cascade="all, delete-orphan",
    )


class OutcomeSkill(Base):
    """A skill of the classification that an outcome trains, as it was called in `scheme_version`."""

    __tablename__ = "outcome_skill"

    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("learning_outcome.id"), primary_key=True)
    skill_uri: Mapped[str] = mapped_column(
        String(300), ForeignKey("skill.uri", deferrable=True, initially="DEFERRED"), primary_key=True, index=True,
    )
    scheme_version: Mapped[str] = mapped_column(String(20))
    label: Mapped[Localized] = mapped_column(LocalizedText)


class ModulePrerequisite(Base):
    """A module that another one's `prerequisites` name, in whatever way; kept beside the expression so that it can be joined."""

    __tablename__ = "module_prerequisite"
    __table_args__ = (CheckConstraint("module_id <> needed_id", name="not_itself"),)

    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), primary_key=True)
    needed_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), primary_key=True, index=True)


class ModuleVersion(Base):
    """What a module said before a change; who enrolled then keeps it."""

    __tablename__ = "module_version"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaced_at: Mapped[datetime] = mapped_column(Moment)


class WorkingCopy(Base):
    """Changes to a published module that are not public yet."""

    __tablename__ = "working_copy"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))


class PublicationStep(Base):
    """Who did what to a module's publication, when and why; nothing here is ever changed."""

    __tablename__ = "publication_step"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), index=True)
    version: Mapped[int]
    act: Mapped[PublicationAct] = mapped_column(text_enum(PublicationAct, "act"))
    by_office: Mapped[bool]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(2000), default="")
