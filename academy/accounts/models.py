"""Tables of accounts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.kernel.db import Base, Moment, text_enum


class OrganisationKind(StrEnum):
    PROVIDER = "provider"
    EMPLOYER = "employer"
    SCHOOL = "school"
    FUND = "fund"
    OFFICE = "office"


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


class Person(Base):
    """Someone with an account; the e-mail address is proven, because an account arises from an e-mailed link."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # RFC 5321, lower case
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Organisation(Base):
    """A party that people act for."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind, "kind"))


class Membership(Base):
    """A person acting for an organisation in a role."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role", name="uq_membership_role"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role, "role"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class SignIn(Base):
    """One session on one device; the signed cookie holds its id."""

    __tablename__ = "sign_in"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(60), default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class LinkKind(StrEnum):
    SIGN_IN = "sign_in"  # the address has an account
    WELCOME = "welcome"  # it has none: the link makes one
    ACCOUNT_EXISTS = "account_exists"  # asked to sign up, but has an account


class SignInLink(Base):
    """A link by e-mail, for one use within 15 minutes. Its secret is a signature over the id, so none is stored."""

    __tablename__ = "sign_in_link"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(text_enum(LinkKind, "kind"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(2))
    next_path: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Throttle(Base):
    """How often something was tried in the present window; `key` is a hash, so no address is kept."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    count: Mapped[int]
