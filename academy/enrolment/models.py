"""Tables of enrolment."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum


class PoolKind(StrEnum):
    PUBLIC = "public"


class EnrolmentState(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


LIVE_STATES = (EnrolmentState.CONFIRMED,)


class SeatPool(Base):
    """The seats of an offering for one group of people; the only truth for "is there room"."""

    __tablename__ = "seat_pool"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="taken_within_capacity"),
        Index("uq_seat_pool_public", "offering_id", unique=True, sqlite_where=text("kind = 'public'"),
              postgresql_where=text("kind = 'public'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"))
    kind: Mapped[PoolKind] = mapped_column(text_enum(PoolKind, "kind"))
    capacity: Mapped[int]
    taken: Mapped[int]


class Enrolment(Base):
    """A person's place in an offering. At most one live place per person and offering."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("uq_enrolment_live", "offering_id", "person_id", unique=True, sqlite_where=text("state = 'confirmed'"),
              postgresql_where=text("state = 'confirmed'")),
        CheckConstraint("module_version >= 1", name="module_version_from_one"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("seat_pool.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    module_version: Mapped[int]  # what the module said on enrolling is what one gets
    state: Mapped[EnrolmentState] = mapped_column(text_enum(EnrolmentState, "state"))
    confirmed_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
