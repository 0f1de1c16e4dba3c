"""Pools: demand of several for one outcome in one area, the pledges to it, and how it came to stand where it stands."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.employers.kinds import LIVE_PLEDGES, OPEN_POOLS, Party, PledgeState, PoolState
from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money

_OPEN = text("state IN ({}) AND module_id IS NOT NULL".format(", ".join(f"'{state.value}'" for state in OPEN_POOLS)))
_LIVE = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in LIVE_PLEDGES)))


class Pool(Base):
    """Demand for one outcome in one area that gathers until a class goes ahead. What its pledges hold together is computed, never kept here."""

    __tablename__ = "demand_pool"
    __table_args__ = (
        CheckConstraint("threshold BETWEEN 2 AND most_seats", name="threshold_within_seats"),
        CheckConstraint("most_seats <= 200", name="most_seats_in_reach"),
        CheckConstraint("state NOT IN ('asked', 'provisional', 'confirmed', 'started') OR slot <> ''", name="asked_about_a_slot"),
        CheckConstraint("state NOT IN ('provisional', 'confirmed', 'started') OR offering_id IS NOT NULL", name="accepted_with_a_class"),
        CheckConstraint("state <> 'asked' OR accept_by IS NOT NULL", name="accepted_until_a_moment"),
        CheckConstraint("state <> 'provisional' OR confirm_by IS NOT NULL", name="confirmed_until_a_moment"),
        CheckConstraint("(state = 'lapsed') = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
        Index("uq_demand_pool_open", "module_id", "area", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_demand_pool_state_deadline", "state", "deadline"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[PoolState] = mapped_column(text_enum(PoolState, "state"))
    title: Mapped[str] = mapped_column(String(160))  # of the outcome, in the words of who began it
    language: Mapped[str] = mapped_column(String(2))
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)  # None: it has yet to be made
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # URIs
    area: Mapped[str] = mapped_column(String(4), default="")  # the first two digits of its postcodes; "" is online
    threshold: Mapped[int]  # so many seats at one slot, and a provider is asked
    most_seats: Mapped[int]
    price: Mapped[Money | None] = mapped_column(Cents)  # of one seat with VAT: expected until a provider accepted
    deadline: Mapped[date] = mapped_column(Date)  # the last day to gather, until midnight in Amsterdam
    extended: Mapped[int] = mapped_column(default=0)
    begun_by: Mapped[UUID | None] = mapped_column(ForeignKey("demand.id"), index=True)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("demand_pool.id"), index=True)
    slot: Mapped[str] = mapped_column(String(20), default="")  # that served most when a provider was asked
    accept_by: Mapped[datetime | None] = mapped_column(Moment)
    offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"), unique=True)
    starts_on: Mapped[date | None] = mapped_column(Date)  # of its class
    confirm_by: Mapped[datetime | None] = mapped_column(Moment)
    told_short_at: Mapped[datetime | None] = mapped_column(Moment)  # its people were asked what to do, because too few came
    made_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class PoolStep(Base):
    """One change of a pool: from which state to which, when and by whom. Rows are only added."""

    __tablename__ = "demand_pool_step"
    __table_args__ = (Index("ix_demand_pool_step_pool_id", "pool_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("demand_pool.id", ondelete="CASCADE"))
    from_state: Mapped[PoolState | None] = mapped_column(text_enum(PoolState, "from_state"))
    to_state: Mapped[PoolState] = mapped_column(text_enum(PoolState, "to_state"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: by itself
    note: Mapped[str] = mapped_column(String(500), default="")


class Pledge(Base):
    """A promise of one party to a pool: so many seats at any of these slots, for at most so much. At most one live one per pool and address."""

    __tablename__ = "pledge"
    __table_args__ = (
        CheckConstraint("seats BETWEEN 1 AND 200", name="seats_in_reach"),
        CheckConstraint("most_price > 0", name="most_price_positive"),
        CheckConstraint("state <> 'unproven' OR proven_at IS NULL", name="unproven_is_not_proven"),
        CheckConstraint("state IN ('unproven', 'withdrawn', 'lapsed') OR person_id IS NOT NULL", name="proven_by_a_person"),
        CheckConstraint("state NOT IN ('confirmed', 'placed') OR party = 'citizen' OR block_id IS NOT NULL", name="confirmed_with_seats"),
        Index("uq_pledge_live", "pool_id", "email", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_pledge_pool_id_state", "pool_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("demand_pool.id"))
    demand_id: Mapped[UUID | None] = mapped_column(ForeignKey("demand.id"), index=True)
    party: Mapped[Party] = mapped_column(text_enum(Party, "party"))
    state: Mapped[PledgeState] = mapped_column(text_enum(PledgeState, "state"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    seats: Mapped[int]
    slots: Mapped[list[str]] = mapped_column(JSON, default=list)  # any of these; none: any moment
    most_price: Mapped[Money | None] = mapped_column(Cents)  # of one seat, with VAT
    reference: Mapped[str] = mapped_column(String(60), default="")  # the firm's own, for its invoice
    block_id: Mapped[UUID | None] = mapped_column(ForeignKey("funded_block.id", deferrable=True, initially="DEFERRED"), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    proven_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)  # confirmed or declined what the provider offers
    reminded: Mapped[int] = mapped_column(default=0)
