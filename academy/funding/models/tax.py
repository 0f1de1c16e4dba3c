"""What decides the VAT of a seat: what the provider is on the day of delivery, and what the module is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.funding.kinds import SupplyKind
from academy.kernel.db import Base, Moment, text_enum


class ProviderTax(Base):
    """What a provider is to the tax office from a day on; the last before the day of delivery counts."""

    __tablename__ = "provider_tax"
    __table_args__ = (Index("uq_provider_tax", "provider_id", "from_on", unique=True),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    from_on: Mapped[date] = mapped_column(Date)
    is_recognised: Mapped[bool]  # funded or recognised by WEB or WHW
    is_in_crkbo: Mapped[bool]  # Centraal Register Kort Beroepsonderwijs
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))


class ModuleTax(Base):
    """What a module is to the tax office, where a person decided that; otherwise its kind says so."""

    __tablename__ = "module_tax"
    __table_args__ = (CheckConstraint("supply <> 'fee'", name="fees_are_the_platforms"),)

    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    supply: Mapped[SupplyKind] = mapped_column(text_enum(SupplyKind, "supply"))
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
