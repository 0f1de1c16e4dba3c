"""Money for learning: whose it is, by which rules it pays, how much of it there is and how much is used."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.funding.kinds import Basis, Fallback, PayerCategory, SourceKind
from academy.kernel.db import Base, Cents, LocalizedText, Moment, text_enum
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized


class FundingSource(Base):
    """Somebody's money for learning. `owner_id` manages it and is invoiced: an employer, a fund, an office, a provider."""

    __tablename__ = "funding_source"
    __table_args__ = (
        CheckConstraint("kind <> 'learner'", name="learners_need_none"),
        CheckConstraint("open_until IS NULL OR open_from <= open_until", name="ends_after_it_begins"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)
    kind: Mapped[SourceKind] = mapped_column(text_enum(SourceKind, "kind"))
    category: Mapped[PayerCategory] = mapped_column(text_enum(PayerCategory, "category"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True)
    explanation: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())
    open_from: Mapped[date] = mapped_column(Date)
    open_until: Mapped[date | None] = mapped_column(Date)  # the last day on which it promises anything
    made_at: Mapped[datetime] = mapped_column(Moment)


class FundingRule(Base):
    """How much of which seats a source pays. Once it counts it is never changed: another `follows_id` it, from its own day."""

    __tablename__ = "funding_rule"
    __table_args__ = (
        CheckConstraint("1 <= percentage AND percentage <= 10000", name="percentage_above_zero_to_whole"),
        CheckConstraint("cap_seat > 0 AND cap_person_year > 0 AND cap_firm_year > 0 AND cap_provider_year > 0", name="caps_positive"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="ends_after_it_begins"),
        Index("ix_funding_rule_source_id_valid_from", "source_id", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("funding_source.id"))
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("funding_rule.id"), unique=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)
    valid_from: Mapped[date] = mapped_column(Date)  # by the day on which the seat is asked
    valid_until: Mapped[date | None] = mapped_column(Date)
    # How much
    percentage: Mapped[int]  # in hundredths of a per cent: 5000 is half
    basis: Mapped[Basis] = mapped_column(text_enum(Basis, "basis"), default=Basis.INCLUDING_VAT)
    cap_seat: Mapped[Money | None] = mapped_column(Cents)
    cap_person_year: Mapped[Money | None] = mapped_column(Cents)  # per person and calendar year
    cap_firm_year: Mapped[Money | None] = mapped_column(Cents)
    cap_provider_year: Mapped[Money | None] = mapped_column(Cents)  # what seats of one provider get of it
    # In which order, and beside what
    position: Mapped[int]  # the lowest first, over all sources
    stacks: Mapped[bool] = mapped_column(default=True)  # beside other sources than the learner; otherwise only alone
    # Of which seats, for whom; an empty list asks nothing
    module_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    excluded_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    provider_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    sectors: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the employer
    size_classes: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the employer
    postcodes: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the learner: "1300-1379" or "1315"
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    # How it is approved
    needs_approval: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)  # what the learner has to show, in words
    fallback: Mapped[Fallback] = mapped_column(text_enum(Fallback, "fallback"), default=Fallback.LEARNER)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))


class Budget(Base):
    """How much a source has for seats asked in a period. Only the guarded UPDATEs of `service/budgets.py` touch what is used of it."""

    __tablename__ = "budget"
    __table_args__ = (
        CheckConstraint("earmarked >= 0 AND spent >= 0", name="used_not_negative"),
        CheckConstraint("earmarked + spent <= amount", name="never_exceeded"),
        CheckConstraint("from_on <= until_on", name="ends_after_it_begins"),
        Index("ix_budget_source_id_from_on", "source_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("funding_source.id"))
    name: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Money] = mapped_column(Cents)
    earmarked: Mapped[Money] = mapped_column(Cents, default=FREE)
    spent: Mapped[Money] = mapped_column(Cents, default=FREE)


class CapUse(Base):
    """How much of a yearly cap is used, by a person, a firm or the seats of a provider; `most` is the cap, so that the database can hold it."""

    __tablename__ = "cap_use"
    __table_args__ = (
        UniqueConstraint("rule_id", "subject_id", "year", name="uq_cap_use"),
        CheckConstraint("0 <= used AND used <= most", name="never_exceeded"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("funding_rule.id"))
    subject_id: Mapped[UUID] = mapped_column(Uuid)  # a person or an organisation
    year: Mapped[int]
    most: Mapped[Money] = mapped_column(Cents)
    used: Mapped[Money] = mapped_column(Cents, default=FREE)


class Beneficiary(Base):
    """Whom an employer lets use its budget, by e-mail address: most have no account yet."""

    __tablename__ = "beneficiary"
    __table_args__ = (UniqueConstraint("source_id", "email", name="uq_beneficiary"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("funding_source.id"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    added_at: Mapped[datetime] = mapped_column(Moment)


class Situation(Base):
    """What a learner tells of themselves to see who pays: asked for nothing else, and theirs to take back."""

    __tablename__ = "funding_situation"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    birth_year: Mapped[int | None]
    postcode: Mapped[str] = mapped_column(String(4), default="")  # the four digits
    sector: Mapped[str] = mapped_column(String(60), default="")  # of the employer
    size_class: Mapped[str] = mapped_column(String(20), default="")  # of the employer
    changed_at: Mapped[datetime] = mapped_column(Moment)
