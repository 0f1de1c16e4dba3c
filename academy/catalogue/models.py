"""Tables of the catalogue."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, Float, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.kernel.db import Base, Cents, Credits, LocalizedText, Moment, text_enum
from academy.kernel.money import Money
from academy.kernel.text import Localized


class ProviderKind(StrEnum):
    HBO = "hbo"
    MBO = "mbo"
    UNIVERSITY = "university"
    PLATFORM = "platform"


class ModuleKind(StrEnum):
    AD_MODULE = "ad_module"
    LOOSE_MODULE = "loose_module"
    MOOC = "mooc"
    MBO_PART = "mbo_part"
    LANGUAGE_MODULE = "language_module"


class PublicationState(StrEnum):
    PUBLISHED = "published"
    ARCHIVED = "archived"


class DeliveryMode(StrEnum):
    """Requirement R15: online from elsewhere, within companies, at a physical place; or a mix."""

    ON_CAMPUS = "on_campus"
    ONLINE = "online"
    IN_COMPANY = "in_company"
    BLENDED = "blended"


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"
    EVENING = "evening"
    ANY = "any"


class OfferingState(StrEnum):
    ACTIVE = "active"
    CANCELLED = "cancelled"


class PlaceKind(StrEnum):
    CAMPUS = "campus"
    HOST_COMPANY = "host_company"
    MEETING_PLACE = "meeting_place"


class Provider(Base):
    """An institution that publishes; its id is that of the organisation in `accounts`."""

    __tablename__ = "provider"

    id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), primary_key=True,
    )
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    former_name: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[ProviderKind] = mapped_column(text_enum(ProviderKind, "kind"))
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="NL")
    website: Mapped[str] = mapped_column(String(500), default="")


class Place(Base):
    """Where a class meets."""

    __tablename__ = "place"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)
    kind: Mapped[PlaceKind] = mapped_column(text_enum(PlaceKind, "kind"))
    street_address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    capacity: Mapped[int | None]
    step_free: Mapped[bool | None]
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)


class Programme(Base):
    """A degree programme, such as an Associate degree of 120 EC at NLQF level 5."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("provider_id", "external_id", name="uq_programme_provider_external"),
        CheckConstraint("ec >= 0", name="ec_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(300))
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    description: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    sectors: Mapped[list[str]] = mapped_column(JSON, default=list)
    variants: Mapped[list[str]] = mapped_column(JSON, default=list)
    level: Mapped[str] = mapped_column(String(10), default="")
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    state: Mapped[PublicationState] = mapped_column(
        text_enum(PublicationState, "state"), default=PublicationState.PUBLISHED,
    )
    changed_at: Mapped[datetime] = mapped_column(Moment)

    provider: Mapped[Provider] = relationship(lazy="raise_on_sql")
    parts: Mapped[list["ProgrammeModule"]] = relationship(
        lazy="raise_on_sql", order_by="ProgrammeModule.position", cascade="all, delete-orphan",
        back_populates="programme",
    )


class Module(Base):
    """The unit that a learner takes and someone pays for."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("provider_id", "external_id", name="uq_module_provider_external"),
        CheckConstraint("ec >= 0", name="ec_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    external_id: Mapped[str] = mapped_column(String(300))
    kind: Mapped[ModuleKind] = mapped_column(text_enum(ModuleKind, "kind"))
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    description: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    # Who made it, where that is not the provider: a university on a MOOC platform.
    institution: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(1000), default="")
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    level: Mapped[str] = mapped_column(String(10), default="")  # NLQF; "4+" exists, so text
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    sectors: Mapped[list[str]] = mapped_column(JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    price: Mapped[Money | None] = mapped_column(Cents)  # None: not known
    price_note: Mapped[str] = mapped_column(String(300), default="")  # a price we can not express in euros stays text
    state: Mapped[PublicationState] = mapped_column(
        text_enum(PublicationState, "state"), default=PublicationState.PUBLISHED,
    )
    changed_at: Mapped[datetime] = mapped_column(Moment)

    provider: Mapped[Provider] = relationship(lazy="raise_on_sql")
    outcomes: Mapped[list["LearningOutcome"]] = relationship(
        lazy="raise_on_sql", order_by="LearningOutcome.position", cascade="all, delete-orphan",
    )
    offerings: Mapped[list["Offering"]] = relationship(lazy="raise_on_sql", order_by="Offering.starts_on")
    places_in_programmes: Mapped[list["ProgrammeModule"]] = relationship(lazy="raise_on_sql", back_populates="module")


class LearningOutcome(Base):
    """What someone can do after the module."""

    __tablename__ = "learning_outcome"
    __table_args__ = (UniqueConstraint("module_id", "position", name="uq_learning_outcome_position"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"))
    position: Mapped[int]
    text: Mapped[Localized] = mapped_column(LocalizedText)


class ProgrammeModule(Base):
    """A module as part of a programme, in a half-year of it (1 to 4)."""

    __tablename__ = "programme_module"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), primary_key=True, index=True)
    period: Mapped[int]
    position: Mapped[int]

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql", back_populates="parts")
    module: Mapped[Module] = relationship(lazy="raise_on_sql", back_populates="places_in_programmes")


class Offering(Base):
    """A module at given dates; `seats` is the maximum, who holds them is known by `enrolment`."""

    __tablename__ = "offering"
    __table_args__ = (
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), index=True)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    state: Mapped[OfferingState] = mapped_column(text_enum(OfferingState, "state"), default=OfferingState.ACTIVE)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    enrol_until: Mapped[date] = mapped_column(Date)  # the last day, until midnight in Amsterdam
    weekdays: Mapped[list[str]] = mapped_column(JSON, default=list)
    part_of_day: Mapped[PartOfDay] = mapped_column(text_enum(PartOfDay, "part_of_day"))
    mode: Mapped[DeliveryMode] = mapped_column(text_enum(DeliveryMode, "mode"))
    language: Mapped[str] = mapped_column(String(10))
    seats: Mapped[int]
    price: Mapped[Money] = mapped_column(Cents)

    place: Mapped[Place | None] = relationship(lazy="raise_on_sql")
