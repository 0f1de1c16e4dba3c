"""Seats that an employer ordered, and the people for whom it pays one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.employers.kinds import GuestState
from academy.kernel.db import Base, Moment, text_enum

_INVITED = text("state = 'invited'")


class SeatOrder(Base):
    """A form with which somebody ordered a block of seats: sent again, it is the same order."""

    __tablename__ = "seat_order"

    request_key: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    block_id: Mapped[UUID] = mapped_column(ForeignKey("funded_block.id", deferrable=True, initially="DEFERRED"), unique=True)
    ordered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    ordered_at: Mapped[datetime] = mapped_column(Moment)


class SeatGuest(Base):
    """Somebody for whom an employer pays a seat of a block. Who they are is kept while they can answer; after that their own account says it."""

    __tablename__ = "seat_guest"
    __table_args__ = (
        CheckConstraint("state <> 'invited' OR email <> ''", name="invited_at_an_address"),
        CheckConstraint("state <> 'lapsed' OR (email = '' AND name = '')", name="lapsed_is_nobody"),
        CheckConstraint("state <> 'seated' OR enrolment_id IS NOT NULL", name="seated_in_a_class"),
        CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_at_a_moment"),
        CheckConstraint("reminded BETWEEN 0 AND 2 AND letters >= 0", name="reminded_twice"),
        Index("uq_seat_guest_invited", "block_id", "email", unique=True, sqlite_where=_INVITED, postgresql_where=_INVITED),
        Index("ix_seat_guest_state_until", "state", "until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    block_id: Mapped[UUID] = mapped_column(ForeignKey("funded_block.id", deferrable=True, initially="DEFERRED"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)  # "" once it has no use any more
    name: Mapped[str] = mapped_column(String(120), default="")  # as the employer wrote it, for the employer
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[GuestState] = mapped_column(text_enum(GuestState, "state"))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    invited_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)  # they can answer: thirty days, and never past the first day of the class
    reminded: Mapped[int] = mapped_column(default=0)  # by itself: after one week, and after three
    letters: Mapped[int] = mapped_column(default=0)  # after the first one
    letter_at: Mapped[datetime] = mapped_column(Moment)  # of the last one
    answered_at: Mapped[datetime | None] = mapped_column(Moment)  # and where nobody answered, when that ended
    # Goes with the enrolment: who is erased, or was here long ago, leaves no guest behind.
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"), unique=True)
