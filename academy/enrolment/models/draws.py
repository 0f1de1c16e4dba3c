"""Seats that are given by lot: the draw of a class, and the lots that were in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment


class SeatDraw(Base):
    """The draw of a class: its moment, and the seed, which is told after it and of which the fingerprint is told from the beginning.

    `seats` and `entered` are those of the moment of drawing; who stands among the first `seats` got one.
    """

    __tablename__ = "seat_draw"
    __table_args__ = (
        CheckConstraint("(drawn_at IS NULL) = (seats IS NULL) AND (drawn_at IS NULL) = (entered IS NULL)", name="drawn_or_ahead"),
        CheckConstraint("seats >= 0 AND entered >= 0", name="counted"),
        CheckConstraint("drawn_at >= draw_at", name="drawn_in_time"),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    draw_at: Mapped[datetime] = mapped_column(Moment, index=True)  # who stands in line before it is in the draw
    seed: Mapped[str] = mapped_column(String(64))  # kept to ourselves until `drawn_at`
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of the seed
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)
    seats: Mapped[int | None]
    entered: Mapped[int | None]


class DrawLot(Base):
    """One lot of a draw that was held, at its place from 1. Published without whose it is; that goes when the enrolment is erased."""

    __tablename__ = "draw_lot"
    __table_args__ = (CheckConstraint("place >= 1", name="place_from_one"),)

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("seat_draw.offering_id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(64))  # SHA-256 of seed and ticket; the lots stand in this order
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment.id", ondelete="SET NULL"), unique=True)
