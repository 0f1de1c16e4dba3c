"""What a learner asks an employer by letter, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.funding.kinds import AskState
from academy.kernel.db import Base, Cents, Moment, text_enum
from academy.kernel.money import Money


class EmployerAsk(Base):
    """A letter to an employer: whether it pays what is the learner's of one seat. The link in it is signed; no secret of it is kept.

    While it waits, the learner's own share of the seat has a moment until when it is answered.
    """

    __tablename__ = "employer_ask"
    __table_args__ = (
        CheckConstraint("(state = 'wanted') = (asked_at IS NULL)", name="asked_at_a_moment"),
        CheckConstraint("(asked_at IS NULL) = (until IS NULL)", name="until_a_moment"),
        CheckConstraint("reminded BETWEEN 0 AND 2", name="reminded_at_most_twice"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("state NOT IN ('approved', 'part') OR (organisation_id IS NOT NULL AND amount IS NOT NULL)", name="a_yes_has_a_payer"),
        Index("ix_employer_ask_state_asked_at", "state", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(Uuid, index=True)  # of the enrolment; its price is split once the letter goes
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("employer_ask.id"), index=True)  # that was passed on to the firm itself
    email: Mapped[str] = mapped_column(String(254), index=True)  # of the employer, as the learner gave it
    why: Mapped[str] = mapped_column(String(300))  # the learner's line, for the page behind the link only
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[AskState] = mapped_column(text_enum(AskState, "state"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    reminded: Mapped[int] = mapped_column(default=0)  # how many reminders went
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    signer: Mapped[str] = mapped_column(String(120), default="")  # who said so, in their own words
    amount: Mapped[Money | None] = mapped_column(Cents)  # what the employer pays
    reason: Mapped[str] = mapped_column(String(500), default="")  # of a no, for the learner
