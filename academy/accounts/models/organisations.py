"""Parties that people act for, and in which role."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.kernel.db import Base, Moment, text_enum


class OrganisationKind(StrEnum):
    PROVIDER = "provider"
    EMPLOYER = "employer"
    SCHOOL = "school"
    FUND = "fund"
    SOCIAL_PARTNER = "social_partner"
    OFFICE = "office"


class SizeClass(StrEnum):
    """How many people work there; 89 % of the firms have fewer than five."""

    ALONE = "alone"
    UNDER_5 = "under_5"
    UNDER_50 = "under_50"
    UNDER_250 = "under_250"
    LARGE = "large"


class Role(StrEnum):
    OWNER = "owner"
    EDITOR = "editor"
    PLANNER = "planner"
    TEACHER = "teacher"
    ASSESSOR = "assessor"
    EXAM_BOARD = "exam_board"
    BUYER = "buyer"
    APPROVER = "approver"
    READER = "reader"
    DEAN = "dean"
    FUND_MANAGER = "fund_manager"
    OFFICE = "office"


class Organisation(Base):
    """A party that people act for. One that was closed keeps its row: its seats and invoices point to it."""

    __tablename__ = "organisation"
    __table_args__ = (  # a closed one has no numbers, so its firm can come back
        Index("uq_organisation_kvk_number", "kvk_number", unique=True, sqlite_where=text("kvk_number <> ''"), postgresql_where=text("kvk_number <> ''")),
        Index("uq_organisation_vat_id", "vat_id", unique=True, sqlite_where=text("vat_id <> ''"), postgresql_where=text("vat_id <> ''")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind, "kind"))
    kvk_number: Mapped[str] = mapped_column(String(8), default="")  # of the Dutch trade register
    vat_id: Mapped[str] = mapped_column(String(20), default="")  # with the letters of the country: NL…, BE…
    country: Mapped[str] = mapped_column(String(2), default="NL")  # ISO 3166-1
    size_class: Mapped[SizeClass | None] = mapped_column(text_enum(SizeClass, "size_class"))
    sector: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class Membership(Base):
    """A person acting for an organisation in a role."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role", name="uq_membership_role"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role, "role"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Invitation(Base):
    """A letter that asks someone to act for an organisation in a role; of use once, until it expires or is taken back."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="ends_once"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(text_enum(Role, "role"))
    language: Mapped[str] = mapped_column(String(2))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
