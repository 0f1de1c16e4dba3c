"""A pathway: the goal, what somebody has, their life, and the steps they chose."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.kernel.db import Base, Cents, Credits, Moment, text_enum
from academy.kernel.money import Money
from academy.pathways.kinds import GoalKind, HasKind, Match, Option, StepReason

_PATHWAY = "pathway.id"


class Pathway(Base):
    """A route that somebody makes. Who has `edit_key` may change it, who has `read_key` may read it; `person_id` once it is kept in an account.

    `version` goes up with every change: of two browsers that change the same version, the second is told.
    """

    __tablename__ = "pathway"
    __table_args__ = (
        CheckConstraint("(goal = 'programme') = (programme_id IS NOT NULL)", name="programme_of_goal"),
        CheckConstraint("(goal = 'occupation') = (occupation_uri <> '')", name="occupation_of_goal"),
        CheckConstraint("hours BETWEEN 1 AND 60", name="hours_in_reach"),
        CheckConstraint("distance >= 0", name="distance_not_negative"),
        CheckConstraint("own_money >= 0 AND employer_money >= 0", name="money_not_negative"),
        CheckConstraint("version >= 1", name="version_from_one"),
        Index("ix_pathway_person", "person_id"),
        Index("ix_pathway_seen_at", "seen_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    edit_key: Mapped[str] = mapped_column(String(40), unique=True)
    read_key: Mapped[str] = mapped_column(String(40), unique=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
    goal: Mapped[GoalKind] = mapped_column(text_enum(GoalKind, "goal"))
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id", deferrable=True, initially="DEFERRED"), index=True)
    occupation_uri: Mapped[str] = mapped_column(String(300), default="")
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)  # URIs: of a goal of skills those, of an occupation the essential ones when it was chosen
    diploma: Mapped[str] = mapped_column(String(10), default="")  # NLQF level of the highest one, "" as long as it is not said
    hours: Mapped[int | None]  # a week; None as long as the life is not told: nothing is calculated before
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)  # `mon-evening`; empty: every time will do
    postcode: Mapped[str] = mapped_column(String(4), default="")  # four digits
    distance: Mapped[int | None]  # km, one way; None: any
    own_money: Mapped[Money | None] = mapped_column(Cents)  # in all; None: no limit
    employer_money: Mapped[Money | None] = mapped_column(Cents)
    starts_on: Mapped[date | None] = mapped_column(Date)  # None: as soon as possible
    chosen: Mapped[Option | None] = mapped_column(text_enum(Option, "chosen"))
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)  # by day: a pathway that nobody looks at goes

    has: Mapped[list["PathwayHas"]] = relationship(lazy="raise_on_sql", order_by="PathwayHas.position", cascade="all, delete-orphan")
    steps: Mapped[list["PathwayStep"]] = relationship(lazy="raise_on_sql", order_by="PathwayStep.position", cascade="all, delete-orphan")


class PathwayHas(Base):
    """Something that somebody says to have. `module_id` is the module that was meant, where one was found; `ec` where they said how many."""

    __tablename__ = "pathway_has"
    __table_args__ = (
        CheckConstraint("ec > 0", name="ec_positive"),
        UniqueConstraint("pathway_id", "position", name="uq_pathway_has_position"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pathway_id: Mapped[UUID] = mapped_column(ForeignKey(_PATHWAY, ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[HasKind] = mapped_column(text_enum(HasKind, "kind"))
    said: Mapped[str] = mapped_column(String(200))
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    for_module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)  # what it may count as
    ec: Mapped[Decimal | None] = mapped_column(Credits)
    fits: Mapped[Match] = mapped_column(text_enum(Match, "fits"))


class PathwayStep(Base):
    """A module in the chosen route, in a class or in one that is expected. What became of it is asked of enrolment and recognition, not kept here."""

    __tablename__ = "pathway_step"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        UniqueConstraint("pathway_id", "module_id", name="uq_pathway_step_module"),
        Index("ix_pathway_step_module_first", "module_id", "first_on"),
        Index("ix_pathway_step_offering", "offering_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pathway_id: Mapped[UUID] = mapped_column(ForeignKey(_PATHWAY, ondelete="CASCADE"))
    position: Mapped[int]
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"))
    offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offering.id", deferrable=True, initially="DEFERRED"))  # None: expected
    course_key: Mapped[str] = mapped_column(String(160))  # as the solver knows it
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    price: Mapped[Money | None] = mapped_column(Cents)  # what the learner would pay when it was planned; None: not known
    distance: Mapped[int | None]  # km, one way
    is_locked: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[StepReason] = mapped_column(text_enum(StepReason, "reason"))


class PathwayWithout(Base):
    """A module that the learner took out: routes do without it."""

    __tablename__ = "pathway_without"

    pathway_id: Mapped[UUID] = mapped_column(ForeignKey(_PATHWAY, ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), primary_key=True, index=True)
