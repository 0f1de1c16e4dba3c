"""Seats that an organisation bought before it knew who comes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.funding.kinds import BlockState, VatReason
from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money
from academy.payments.api import VatCategory


class FundedBlock(Base):
    """So many seats of a class at one price, promised by an organisation. A seat that gets a name becomes a funded seat with a share of its own.

    What is not named yet is promised by the block itself: `(seats - named) * price`, out of its budget where it has one.
    """

    __tablename__ = "funded_block"
    __table_args__ = (
        CheckConstraint("seats >= 1", name="seats_positive"),
        CheckConstraint("0 <= named AND named <= seats", name="named_within_seats"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("0 <= vat AND vat <= price", name="vat_within_price"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_a_moment"),
        CheckConstraint("state <> 'promised' OR named = 0", name="named_when_ordered"),
        Index("ix_funded_block_offering_id_state", "offering_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("funding_source.id"), index=True)
    budget_id: Mapped[UUID | None] = mapped_column(ForeignKey("budget.id"), index=True)  # None: it is invoiced
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"))
    state: Mapped[BlockState] = mapped_column(text_enum(BlockState, "state"))
    seats: Mapped[int]
    named: Mapped[int] = mapped_column(default=0)
    price: Mapped[Money] = mapped_column(Cents)  # of one seat, with VAT
    vat: Mapped[Money] = mapped_column(Cents)  # in it
    vat_category: Mapped[VatCategory] = mapped_column(text_enum(VatCategory, "vat_category"))
    vat_rate: Mapped[int]  # in hundredths of a per cent
    vat_reason: Mapped[VatReason] = mapped_column(text_enum(VatReason, "vat_reason"))
    description: Mapped[str] = mapped_column(String(250))  # of the module, in `language`
    language: Mapped[str] = mapped_column(String(2))
    delivered_from: Mapped[date] = mapped_column(Date)  # as agreed when it was bought; the class may be moved
    delivered_until: Mapped[date] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(String(60), default="")  # of who buys, for its own books
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: by a letter
    ordered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
