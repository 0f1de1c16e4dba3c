"""What the programme office sets going to fill a gap."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.reports.kinds import CommissionInviteState, CommissionState

_LIVE = text("state NOT IN ('started', 'closed')")


class Commission(Base):
    """A gap that providers are asked to fill; at most one is under way per subject and area."""

    __tablename__ = "commission"
    __table_args__ = (
        CheckConstraint("wanted >= 0", name="wanted_not_negative"),
        CheckConstraint("(state IN ('started', 'closed')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
        CheckConstraint("state <> 'closed' OR reason <> ''", name="closed_with_a_reason"),
        Index("uq_commission_live", "subject", "area", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[CommissionState] = mapped_column(text_enum(CommissionState, "state"))
    subject: Mapped[str] = mapped_column(String(300), index=True)  # the gap: a skill's URI, or `module:<hex>`
    period: Mapped[str] = mapped_column(String(6))
    area: Mapped[str] = mapped_column(String(4))
    sector: Mapped[str] = mapped_column(String(45))
    wanted: Mapped[int]  # people, as it was told then
    note: Mapped[str] = mapped_column(String(2000), default="")  # what providers should know
    answer_by: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(2000), default="")  # why it was closed


class CommissionInvite(Base):
    """A provider that was asked, and the module with which it fills the gap."""

    __tablename__ = "commission_invite"
    __table_args__ = (CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_at_a_moment"),)

    commission_id: Mapped[UUID] = mapped_column(ForeignKey("commission.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"), primary_key=True, index=True)
    state: Mapped[CommissionInviteState] = mapped_column(text_enum(CommissionInviteState, "state"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(String(1000), default="")  # of the provider
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)


class CommissionStep(Base):
    """One change of a commission: from which state to which, when and by whom. Rows are only added."""

    __tablename__ = "commission_step"
    __table_args__ = (Index("ix_commission_step_commission_id", "commission_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    commission_id: Mapped[UUID] = mapped_column(ForeignKey("commission.id", ondelete="CASCADE"))
    from_state: Mapped[CommissionState | None] = mapped_column(text_enum(CommissionState, "from_state"))
    to_state: Mapped[CommissionState] = mapped_column(text_enum(CommissionState, "to_state"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: by itself
