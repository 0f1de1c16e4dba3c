"""What becomes of pathways: changes outside them, advice, and what stands in the way, which is demand."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Credits, Moment, text_enum
from academy.pathways.kinds import ChangeKind

_OPEN = text("ended_at IS NULL")
_UNTOLD = text("told_at IS NULL AND settled_at IS NULL")


class PathwayChange(Base):
    """Something happened that concerns a step; `cause_id` (a module, class, result, decision) makes that it is noted once.

    Settled: the learner looked after it. Told: a letter named it, to who has the pathway in their account.
    """

    __tablename__ = "pathway_change"
    __table_args__ = (
        UniqueConstraint("pathway_id", "kind", "cause_id", name="uq_pathway_change_cause"),
        Index("ix_pathway_change_open", "pathway_id", "settled_at"),
        Index("ix_pathway_change_untold", "noted_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pathway_id: Mapped[UUID] = mapped_column(ForeignKey("pathway.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind] = mapped_column(text_enum(ChangeKind, "kind"))
    cause_id: Mapped[UUID] = mapped_column(Uuid)
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    ec: Mapped[Decimal | None] = mapped_column(Credits)  # of a credit that was granted or ended
    noted_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)


class PathwayAdvice(Base):
    """What a school dean or adviser with the link wrote about a pathway; the learner may remove it."""

    __tablename__ = "pathway_advice"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pathway_id: Mapped[UUID] = mapped_column(ForeignKey("pathway.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(String(2000))
    signed: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # of who was signed in
    given_at: Mapped[datetime] = mapped_column(Moment)


class RouteBlocker(Base):
    """The smallest reason for which there was no route: a module or a skill, and the limits that keep it out. Demand, without a person.

    One open row per pathway and requirement; when the pathway goes, the row stays without it, so that the demand of a year can be counted.
    """

    __tablename__ = "route_blocker"
    __table_args__ = (
        CheckConstraint("module_id IS NULL OR subject <> ''", name="module_is_subject"),
        Index("uq_route_blocker_open", "pathway_id", "subject", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_route_blocker_module", "module_id", "found_at"),
        Index("ix_route_blocker_found_at", "found_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pathway_id: Mapped[UUID | None] = mapped_column(ForeignKey("pathway.id", ondelete="SET NULL"))
    programme_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme.id", deferrable=True, initially="DEFERRED"), index=True)
    module_id: Mapped[UUID | None] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"))
    subject: Mapped[str] = mapped_column(String(300), default="")  # the module's id in hex, the skill's URI, or "" for the route as a whole
    limits: Mapped[list[str]] = mapped_column(JSON, default=list)  # of `Limit`
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)  # the times one has, as in the pathway
    distance: Mapped[int | None]
    area: Mapped[str] = mapped_column(String(2), default="")  # the first two digits of the postcode
    found_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # a route was found, or the learner changed course


class SlotAdvice(Base):
    """How many saved pathways without a route would have one if the module were given at this time (capability B7); counted at night."""

    __tablename__ = "slot_advice"
    __table_args__ = (CheckConstraint("people > 0", name="people_positive"), CheckConstraint("slot BETWEEN 0 AND 20", name="slot_of_a_week"))

    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # weekday * 3 + part of the day
    people: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(Moment)


class KeptAnswer(Base):
    """What the solver answered to a question, by a digest of that question: the same question is not calculated twice. No personal data."""

    __tablename__ = "kept_answer"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[dict[str, object]] = mapped_column(JSON)
    solved_at: Mapped[datetime] = mapped_column(Moment, index=True)


class CreditRule(Base):
    """What credits must be to count for a programme; without a row every level and every age counts."""

    __tablename__ = "credit_rule"
    __table_args__ = (CheckConstraint("valid_years BETWEEN 1 AND 50", name="years_in_reach"),)

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    least_nlqf: Mapped[str] = mapped_column(String(10), default="")
    valid_years: Mapped[int | None]  # since the result or the decision
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
