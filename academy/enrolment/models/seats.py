"""Seats of an offering, in pools, and the codes that lead to a pool that is not public."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.enrolment.kinds import PoolKind
from academy.kernel.db import Base, Moment, text_enum

_IS_PUBLIC = text("kind = 'public'")


class SeatPool(Base):
    """The seats of an offering for one group of people; the only truth for "is there room".

    The capacities of an offering's pools add up to its seats. What is free at `opens_up_at` moves to the public pool; the seats of a block never do
    by themselves.
    """

    __tablename__ = "seat_pool"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="taken_within_capacity"),
        CheckConstraint("NOT awaits_draw OR (kind = 'public' AND taken = 0)", name="nobody_before_the_draw"),
        CheckConstraint("(kind = 'public') = (name = '')", name="public_or_named"),
        CheckConstraint("(kind = 'sponsor') = (sponsor_id IS NOT NULL)", name="sponsor_has_an_organisation"),
        CheckConstraint("kind <> 'public' OR opens_up_at IS NULL", name="public_is_open"),
        CheckConstraint("block_id IS NULL OR (kind = 'sponsor' AND opens_up_at IS NULL)", name="block_is_its_buyers"),
        Index("uq_seat_pool_public", "offering_id", unique=True, sqlite_where=_IS_PUBLIC, postgresql_where=_IS_PUBLIC),
        Index("uq_seat_pool_name", "offering_id", "name", unique=True),
        Index("ix_seat_pool_opens_up_at", "opens_up_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"))
    kind: Mapped[PoolKind] = mapped_column(text_enum(PoolKind, "kind"))
    name: Mapped[str] = mapped_column(String(120), default="")  # of the sponsor or group, as people read it; "" for everyone
    sponsor_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"))
    capacity: Mapped[int]
    taken: Mapped[int]
    opens_up_at: Mapped[datetime | None] = mapped_column(Moment)
    awaits_draw: Mapped[bool] = mapped_column(default=False)  # its seats are drawn by lot, and until then nobody takes one
    block_id: Mapped[UUID | None] = mapped_column(  # that the sponsor bought: its seats are paid by it, whoever takes them
        ForeignKey("funded_block.id", deferrable=True, initially="DEFERRED"), unique=True,
    )


class SeatCode(Base):
    """A code that lets its reader into a pool, so many times."""

    __tablename__ = "seat_code"
    __table_args__ = (CheckConstraint("used >= 0 AND used <= uses", name="used_within_uses"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("seat_pool.id"), index=True)
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None] = mapped_column(Moment)  # it works until this moment; None: as long as its class can be entered
    made_at: Mapped[datetime] = mapped_column(Moment)
