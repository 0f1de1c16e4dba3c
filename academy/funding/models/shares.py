"""Who pays what of each seat, and where each share stands."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.funding.kinds import PayerCategory, ShareState, SourceKind, VatReason
from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import FREE, Money
from academy.payments.api import VatCategory


class FundedSeat(Base):
    """The price of one seat and its VAT, as agreed; its id is that of the enrolment. The shares add up to `price`.

    Without a person it is what a block owes for its seats that had no name when the class began.
    """

    __tablename__ = "funded_seat"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("0 <= vat AND vat <= price", name="vat_within_price"),
        CheckConstraint("ended_at IS NOT NULL OR kept IS NULL", name="kept_when_ended"),
        CheckConstraint("person_id IS NOT NULL OR block_id IS NOT NULL", name="of_a_person_or_a_block"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    block_id: Mapped[UUID | None] = mapped_column(ForeignKey("funded_block.id"), index=True)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"), index=True)
    description: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(2))
    delivered_from: Mapped[date] = mapped_column(Date)
    delivered_until: Mapped[date] = mapped_column(Date)
    price: Mapped[Money] = mapped_column(Cents)  # with VAT, before any discount
    vat: Mapped[Money] = mapped_column(Cents)  # in it
    vat_category: Mapped[VatCategory] = mapped_column(text_enum(VatCategory, "vat_category"))
    vat_rate: Mapped[int]  # in hundredths of a per cent
    vat_reason: Mapped[VatReason] = mapped_column(text_enum(VatReason, "vat_reason"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    kept: Mapped[Money | None] = mapped_column(Cents)  # of the price, after it ended: what stays owed


class FundingShare(Base):
    """What one payer pays of a seat. The lowest position pays first; a refund begins with the highest."""

    __tablename__ = "funding_share"
    __table_args__ = (
        UniqueConstraint("seat_id", "position", name="uq_funding_share_position"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("0 <= vat AND vat <= amount", name="vat_within_amount"),
        CheckConstraint("0 <= refunded AND refunded <= amount", name="refunded_within_amount"),
        CheckConstraint("(kind = 'learner') = (person_id IS NOT NULL)", name="learner_is_a_person"),
        CheckConstraint("kind <> 'learner' OR source_id IS NULL", name="learners_have_no_source"),
        CheckConstraint("(kind = 'learner') = (organisation_id IS NULL)", name="others_are_organisations"),
        Index("ix_funding_share_organisation_id_state", "organisation_id", "state"),
        Index("ix_funding_share_state_approve_until", "state", "approve_until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("funded_seat.id"))
    position: Mapped[int]
    kind: Mapped[SourceKind] = mapped_column(text_enum(SourceKind, "kind"))
    category: Mapped[PayerCategory] = mapped_column(text_enum(PayerCategory, "category"))
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("funding_source.id"), index=True)  # None also where an organisation pays the provider itself
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("funding_rule.id"), index=True)
    budget_id: Mapped[UUID | None] = mapped_column(ForeignKey("budget.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"))
    firm_id: Mapped[UUID | None] = mapped_column(Uuid)  # whose yearly cap it uses, where its rule has one
    amount: Mapped[Money] = mapped_column(Cents)  # with VAT
    vat: Mapped[Money] = mapped_column(Cents)  # in it
    refunded: Mapped[Money] = mapped_column(Cents, default=FREE)
    state: Mapped[ShareState] = mapped_column(text_enum(ShareState, "state"))
    approve_until: Mapped[datetime | None] = mapped_column(Moment)  # while somebody has to approve
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id", deferrable=True, initially="DEFERRED"), unique=True)
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice.id", deferrable=True, initially="DEFERRED"), index=True)


class ShareStep(Base):
    """What happened to a share: from which state to which, when, by whom and why."""

    __tablename__ = "share_step"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    share_id: Mapped[UUID] = mapped_column(ForeignKey("funding_share.id"), index=True)
    from_state: Mapped[ShareState | None] = mapped_column(text_enum(ShareState, "from_state"))
    to_state: Mapped[ShareState] = mapped_column(text_enum(ShareState, "to_state"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: by itself
    note: Mapped[str] = mapped_column(String(500), default="")  # the reason in words; which evidence was seen
