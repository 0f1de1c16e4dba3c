"""Degree programmes: what they ask, who gives them together, when one can begin."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.catalogue.models.kinds import OfferingState, ProgrammeType, PublicationState, RequirementKind
from academy.catalogue.models.providers import Provider
from academy.kernel.db import Base, Cents, Credits, LocalizedText, Moment, text_enum
from academy.kernel.money import Money
from academy.kernel.text import Localized


class Programme(Base):
    """A degree programme, such as an Associate degree of 120 EC at NLQF level 5."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("provider_id", "external_id", name="uq_programme_provider_external"),
        CheckConstraint("ec >= 0", name="ec_not_negative"),
        CheckConstraint("ec_at_provider >= 0", name="ec_at_provider_not_negative"),
        CheckConstraint("months > 0", name="months_positive"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)  # who awards the degree
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(120), default="", index=True)  # the file or feed it came from
    type: Mapped[ProgrammeType] = mapped_column(text_enum(ProgrammeType, "type"), default=ProgrammeType.PROGRAMME)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    description: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    entry: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())  # what one must have to begin
    entry_nlqf: Mapped[str] = mapped_column(String(10), default="")
    sectors: Mapped[list[str]] = mapped_column(JSON, default=list)
    variants: Mapped[list[str]] = mapped_column(JSON, default=list)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    partners: Mapped[list[str]] = mapped_column(JSON, default=list)  # names of those that are no provider here
    nlqf: Mapped[str] = mapped_column(String(10), default="")  # "4+" exists, so text
    eqf: Mapped[str] = mapped_column(String(10), default="")
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    ec_at_provider: Mapped[Decimal | None] = mapped_column(Credits)  # the least that the awarding institution teaches itself
    months: Mapped[int | None]  # nominal duration
    website: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[PublicationState] = mapped_column(
        text_enum(PublicationState, "state"), default=PublicationState.PUBLISHED,
    )
    vanished_at: Mapped[datetime | None] = mapped_column(Moment)  # archived because its source no longer had it
    digest: Mapped[str] = mapped_column(String(32), default="")  # of the draft last applied: the same draft changes nothing
    changed_at: Mapped[datetime] = mapped_column(Moment)

    provider: Mapped[Provider] = relationship(lazy="raise_on_sql")
    intakes: Mapped[list["Intake"]] = relationship(
        lazy="raise_on_sql", order_by="Intake.starts_on", cascade="all, delete-orphan",
    )


class ProgrammePartner(Base):
    """A provider that gives the programme together with the one that awards it (joint programme)."""

    __tablename__ = "programme_partner"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)


class Requirement(Base):
    """A node of what a programme asks; the root has no parent, a leaf is a module in a half-year (1 to 4) of the nominal route."""

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("(kind = 'module') = (module_id IS NOT NULL)", name="leaf_has_module"),
        CheckConstraint("(kind = 'credits_of') = (ec IS NOT NULL)", name="credits_of_has_ec"),
        CheckConstraint("(kind = 'number_of') = (number IS NOT NULL)", name="number_of_has_number"),
        CheckConstraint("ec > 0", name="ec_positive"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        UniqueConstraint("parent_id", "position", name="uq_requirement_position"),
        Index("uq_requirement_root", "programme_id", unique=True, sqlite_where=text("parent_id IS NULL"),
              postgresql_where=text("parent_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("requirement.id", deferrable=True, initially="DEFERRED"))
    position: Mapped[int]
    kind: Mapped[RequirementKind] = mapped_column(text_enum(RequirementKind, "kind"))
    title: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    number: Mapped[int | None]
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id"), index=True)
    period: Mapped[int | None]


class Intake(Base):
    """A moment at which one can begin with a whole programme (OOAPI programme offering)."""

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("programme_id", "external_id", name="uq_intake_external"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    external_id: Mapped[str] = mapped_column(String(300))
    state: Mapped[OfferingState] = mapped_column(text_enum(OfferingState, "state"), default=OfferingState.ACTIVE)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    opens_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    variant: Mapped[str] = mapped_column(String(20), default="")
    seats: Mapped[int | None]
    price: Mapped[Money | None] = mapped_column(Cents)
    price_note: Mapped[str] = mapped_column(String(300), default="")
