"""Requests for a module that has yet to be made, the questions about them, and what providers propose. No person stands in them: the trail tells who."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.kernel.db import Base, Cents, Credits, Moment, text_enum
from academy.kernel.money import Money

_OPEN_OF_DEMAND = text("state = 'open' AND demand_id IS NOT NULL")
_OPEN_OF_POOL = text("state = 'open' AND pool_id IS NOT NULL")
_LIVE = text("state IN ('draft', 'sent', 'chosen')")


class TailoredRequest(Base):
    """What one employer, or a pool, wants made for it. At most one is open of each demand and of each pool."""

    __tablename__ = "tailored_request"
    __table_args__ = (
        CheckConstraint("state <> 'open' OR (demand_id IS NULL) <> (pool_id IS NULL)", name="about_one"),
        CheckConstraint("people BETWEEN 1 AND 200", name="people_in_reach"),
        CheckConstraint("budget > 0", name="budget_positive"),
        CheckConstraint("questions_until <= proposals_until AND proposals_until < choose_until", name="moments_in_order"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_at_a_moment"),
        CheckConstraint("(state = 'chosen') = (offering_id IS NOT NULL)", name="chosen_with_a_class"),
        CheckConstraint("readable_at IS NULL OR answered_at IS NOT NULL", name="readable_once_answered"),
        CheckConstraint("reminded_at IS NULL OR readable_at IS NOT NULL", name="reminded_once_readable"),
        Index("uq_tailored_request_demand", "demand_id", unique=True, sqlite_where=_OPEN_OF_DEMAND, postgresql_where=_OPEN_OF_DEMAND),
        Index("uq_tailored_request_pool", "pool_id", unique=True, sqlite_where=_OPEN_OF_POOL, postgresql_where=_OPEN_OF_POOL),
        Index("ix_tailored_request_state_choose_until", "state", "choose_until"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[RequestState] = mapped_column(text_enum(RequestState, "state"))
    demand_id: Mapped[UUID | None] = mapped_column(ForeignKey("demand.id", ondelete="SET NULL"), index=True)
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("demand_pool.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)  # who asks and chooses
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(160))
    able: Mapped[str] = mapped_column(String(2000))  # what people must be able to do afterwards
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # URIs
    people: Mapped[int]
    slots: Mapped[list[str]] = mapped_column(JSON, default=list)  # any of these moments of the week; none: any
    place: Mapped[str] = mapped_column(String(200), default="")
    in_company: Mapped[bool] = mapped_column(default=False)  # at the employer's own place of work (requirement R34)
    guest_teacher: Mapped[bool] = mapped_column(default=False)  # somebody of the employer teaches along (requirement R34)
    wanted_by: Mapped[date | None] = mapped_column(Date)
    budget: Mapped[Money | None] = mapped_column(Cents)  # of the whole class, with VAT
    asked_at: Mapped[datetime] = mapped_column(Moment)  # of the demand, or the beginning of the pool: lead times are counted from here
    made_at: Mapped[datetime] = mapped_column(Moment)
    questions_until: Mapped[datetime] = mapped_column(Moment)
    proposals_until: Mapped[datetime] = mapped_column(Moment)
    choose_until: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)  # the first proposal
    readable_at: Mapped[datetime | None] = mapped_column(Moment)  # who asked was told that proposals can be read
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)  # who asked was told that the time to choose is nearly over
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"), unique=True)
    block_id: Mapped[UUID | None] = mapped_column(ForeignKey("funded_block.id", deferrable=True, initially="DEFERRED"), unique=True)


class RequestInvite(Base):
    """A provider that may propose."""

    __tablename__ = "request_invite"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("tailored_request.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), primary_key=True, index=True)
    state: Mapped[InviteState] = mapped_column(text_enum(InviteState, "state"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class RequestQuestion(Base):
    """A question of an invited provider. All who were invited read it and its answer; which of them asked is kept nowhere."""

    __tablename__ = "request_question"
    __table_args__ = (
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answered_at_a_moment"),
        Index("ix_request_question_request_id", "request_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("tailored_request.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(1000))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class Proposal(Base):
    """What a provider, alone or with others, would make and give. At most one live one per request and provider that leads."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("min_seats BETWEEN 1 AND max_seats AND max_seats <= 200", name="seats_in_order"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("class_price IS NOT NULL OR seat_price IS NOT NULL", name="has_a_price"),
        CheckConstraint("class_price >= 0 AND seat_price >= 0", name="prices_not_negative"),
        CheckConstraint("ec >= 0", name="ec_not_negative"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint("state NOT IN ('sent', 'chosen', 'not-chosen') OR sent_at IS NOT NULL", name="sent_at_a_moment"),
        Index("uq_proposal_live", "request_id", "provider_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_proposal_chosen", "request_id", unique=True, sqlite_where=text("state = 'chosen'"), postgresql_where=text("state = 'chosen'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("tailored_request.id", ondelete="CASCADE"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)  # who leads
    state: Mapped[ProposalState] = mapped_column(text_enum(ProposalState, "state"))
    title: Mapped[str] = mapped_column(String(160))
    content: Mapped[str] = mapped_column(String(4000))
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    hours: Mapped[int | None]  # of study
    nlqf: Mapped[str] = mapped_column(String(4), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    slot: Mapped[str] = mapped_column(String(20))  # the moment of the week: `tue-evening`
    mode: Mapped[str] = mapped_column(String(40))  # of the catalogue's delivery modes
    place_key: Mapped[str] = mapped_column(String(80), default="")
    class_price: Mapped[Money | None] = mapped_column(Cents)  # of the whole class, with VAT
    seat_price: Mapped[Money | None] = mapped_column(Cents)  # of one seat, with VAT
    min_seats: Mapped[int]
    max_seats: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was not chosen, where who asked said so


class ProposalPartner(Base):
    """A provider that gives a proposed class along with who leads. It agrees to the words as they are: when those change it agrees again."""

    __tablename__ = "proposal_partner"
    __table_args__ = (UniqueConstraint("proposal_id", "provider_id", name="uq_proposal_partner_proposal_provider"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id"), index=True)
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)
