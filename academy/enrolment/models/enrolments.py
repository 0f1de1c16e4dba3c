"""A person's place in an offering, how it came to stand where it stands, and who enrolled together."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.enrolment.kinds import LIVE_STATES, EnrolmentState, WaitsFor, Why
from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money

_LIVE = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in LIVE_STATES)))


class EnrolmentGroup(Base):
    """People who were enrolled together, all or none."""

    __tablename__ = "enrolment_group"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class Enrolment(Base):
    """A person's place in an offering: at most one live one per person and offering."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("uq_enrolment_live", "offering_id", "person_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_enrolment_pool_id_state", "pool_id", "state", "queued_at"),
        Index("ix_enrolment_until", "until"),
        CheckConstraint("block_id IS NULL OR is_business", name="block_is_business"),
        CheckConstraint("cancel_free_days BETWEEN 1 AND 60", name="cancel_free_days"),
        CheckConstraint("cancel_late_percent BETWEEN 0 AND 100", name="cancel_late_percent"),
        CheckConstraint("module_version >= 1", name="module_version_from_one"),
        CheckConstraint("(state IN ('requested', 'held', 'offered')) = (until IS NOT NULL)", name="kept_until_a_moment"),
        CheckConstraint("(state IN ('requested', 'held')) = (waits_for IS NOT NULL)", name="waits_for_somebody"),
        CheckConstraint("state <> 'waiting' OR queued_at IS NOT NULL", name="waits_in_line"),
        CheckConstraint("state NOT IN ('confirmed', 'finished') OR confirmed_at IS NOT NULL", name="confirmed_at_a_moment"),
        CheckConstraint("(state IN ('refused', 'cancelled', 'withdrawn', 'expired')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[UUID | None] = mapped_column(Uuid, unique=True)  # of the form that was sent: sent again, it is the same request
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("seat_pool.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    seat_code: Mapped[str | None] = mapped_column(ForeignKey("seat_code.code"), index=True)  # that led to the pool; it works again when the seat is given up
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment_group.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(Uuid)  # the enrolment under whose id the seat was paid, where that is not this one
    block_id: Mapped[UUID | None] = mapped_column(  # of the seats that were bought unnamed, and that this one is of
        ForeignKey("funded_block.id", deferrable=True, initially="DEFERRED"), index=True,
    )
    module_version: Mapped[int]  # what the module said on enrolling is what one gets
    state: Mapped[EnrolmentState] = mapped_column(text_enum(EnrolmentState, "state"))
    waits_for: Mapped[WaitsFor | None] = mapped_column(text_enum(WaitsFor, "waits_for"))
    until: Mapped[datetime | None] = mapped_column(Moment)  # the seat is kept so long
    extended: Mapped[int] = mapped_column(default=0)  # how often its end was put off
    asked_at: Mapped[datetime] = mapped_column(Moment)
    queued_at: Mapped[datetime | None] = mapped_column(Moment)  # the order of the waiting list
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)  # the contract exists from here (BW 6:230o)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    is_business: Mapped[bool] = mapped_column(default=False)  # an organisation bought it: the fourteen days are the consumer's
    early_start_asked_at: Mapped[datetime | None] = mapped_column(Moment)  # the express request to begin within the fourteen days (BW 6:230s)
    statement: Mapped[str] = mapped_column(String(2000), default="")  # what the learner tells the provider about admission
    when_can_you: Mapped[list[str]] = mapped_column(JSON, default=list)  # of who waits: `mon-evening`
    most_price: Mapped[Money | None] = mapped_column(Cents)  # of who waits: what one would pay oneself
    agreed_price: Mapped[Money | None] = mapped_column(Cents)  # of the class when its learner agreed to it; a later one changes no contract
    cancel_free_days: Mapped[int] = mapped_column(default=1)  # the offering's rule as it was agreed; a later one changes no contract
    cancel_late_percent: Mapped[int] = mapped_column(default=0)
    wants_study_group: Mapped[bool] = mapped_column(default=False)
    remote_state: Mapped[str | None] = mapped_column(String(20))  # what the home institution says (OOAPI remoteState); never ours


class EnrolmentStep(Base):
    """One change of an enrolment: from which state to which, when, by whom and why. Rows are only added."""

    __tablename__ = "enrolment_step"
    __table_args__ = (Index("ix_enrolment_step_enrolment_id", "enrolment_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    from_state: Mapped[EnrolmentState | None] = mapped_column(text_enum(EnrolmentState, "from_state"))
    to_state: Mapped[EnrolmentState] = mapped_column(text_enum(EnrolmentState, "to_state"))
    why: Mapped[Why] = mapped_column(text_enum(Why, "why"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: by itself
    note: Mapped[str] = mapped_column(String(2000), default="")  # the reason in words, for the learner to read
