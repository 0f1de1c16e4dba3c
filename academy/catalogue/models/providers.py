"""Who teaches and where, and the codes by which registers know them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.catalogue.models.kinds import CodeScheme, PlaceKind, ProviderKind
from academy.kernel.db import Base, LocalizedText, Moment, text_enum
from academy.kernel.text import Localized


class Provider(Base):
    """An institution that publishes; its id is that of the organisation in `accounts`."""

    __tablename__ = "provider"

    id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), primary_key=True,
    )
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ProviderKind] = mapped_column(text_enum(ProviderKind, "kind"))
    summary: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="NL")
    website: Mapped[str] = mapped_column(String(500), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    # From this moment the provider publishes without a check by the programme office.
    trusted_at: Mapped[datetime | None] = mapped_column(Moment)


class ProviderName(Base):
    """A name the provider had before; CAH Vilentum is Aeres Hogeschool today, and people still look for the old name."""

    __tablename__ = "provider_name"
    __table_args__ = (UniqueConstraint("provider_id", "name", name="uq_provider_name"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"))
    name: Mapped[str] = mapped_column(String(200))
    used_from: Mapped[date | None] = mapped_column(Date)
    used_until: Mapped[date | None] = mapped_column(Date)


class Place(Base):
    """Where a class meets; `provider_id` is who keeps the entry, None for the region's own meeting places."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)
    kind: Mapped[PlaceKind] = mapped_column(text_enum(PlaceKind, "kind"))
    street_address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    capacity: Mapped[int | None]
    step_free: Mapped[bool | None]
    accessibility: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)


_ONE_SUBJECT = " + ".join(
    f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in ("provider_id", "place_id", "programme_id", "module_id")
)


class ExternalCode(Base):
    """The code of a provider, place, programme or module in a register; codes are text: 25.080 and 0110 keep what they are."""

    __tablename__ = "external_code"
    __table_args__ = (
        CheckConstraint(f"{_ONE_SUBJECT} = 1", name="one_subject"),
        CheckConstraint("valid_until >= valid_from", name="valid_until_after_from"),
        Index("ix_external_code_scheme_value", "scheme", "value"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("provider.id"), index=True)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"), index=True)
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id"), index=True)
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id"), index=True)
    scheme: Mapped[CodeScheme] = mapped_column(text_enum(CodeScheme, "scheme"))
    value: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
