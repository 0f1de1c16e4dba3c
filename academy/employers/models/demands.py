"""What somebody wants people to be able to do, in words and in skills."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.employers.kinds import DemandState, Party
from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money


class Demand(Base):
    """A question to all providers. Until its letter was followed it is unproven: nobody sees it but who wrote it, and it counts for nothing."""

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 500", name="people_in_reach"),
        CheckConstraint("most_price > 0", name="most_price_positive"),
        CheckConstraint("state IN ('unproven', 'withdrawn') OR proven_at IS NOT NULL", name="proven_at_a_moment"),
        CheckConstraint("state IN ('unproven', 'withdrawn') OR person_id IS NOT NULL", name="proven_by_a_person"),
        CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered_at_a_moment"),
        CheckConstraint("(state IN ('met', 'withdrawn', 'lapsed')) = (ended_at IS NOT NULL)", name="ended_at_a_moment"),
        Index("ix_demand_state_answer_by", "state", "answer_by"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[UUID | None] = mapped_column(Uuid, unique=True)  # of the form that was sent: sent again, it is the same demand
    party: Mapped[Party] = mapped_column(text_enum(Party, "party"))
    state: Mapped[DemandState] = mapped_column(text_enum(DemandState, "state"))
    email: Mapped[str] = mapped_column(String(254), index=True)  # as it was typed; it is theirs once proven
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    kvk_number: Mapped[str] = mapped_column(String(8), default="")  # as it was typed, of an employer
    language: Mapped[str] = mapped_column(String(2))
    words: Mapped[str] = mapped_column(String(500))  # what people must be able to do; addresses and numbers were taken out
    people: Mapped[int]
    slots: Mapped[list[str]] = mapped_column(JSON, default=list)  # any of these moments of the week: `tue-evening`; none: any
    postcode: Mapped[str] = mapped_column(String(4), default="")  # four digits; "" is wherever
    online: Mapped[bool] = mapped_column(default=False)  # online is good too
    level: Mapped[str] = mapped_column(String(4), default="")  # NLQF
    wanted_by: Mapped[date | None] = mapped_column(Date)
    most_price: Mapped[Money | None] = mapped_column(Cents)  # of one seat, with VAT
    made_at: Mapped[datetime] = mapped_column(Moment)
    proven_at: Mapped[datetime | None] = mapped_column(Moment)
    answer_by: Mapped[datetime | None] = mapped_column(Moment)  # when somebody should have answered
    answered_at: Mapped[datetime | None] = mapped_column(Moment)  # the first reply, of whoever: the lead time is measured to here
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class DemandSkill(Base):
    """A skill of the classification that was recognised in the words, and that who wrote them kept."""

    __tablename__ = "demand_skill"

    demand_id: Mapped[UUID] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True)
    skill_uri: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
