"""Being signed in, and the ways in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models.people import Person
from academy.kernel.db import Base, Moment, text_enum


class SignInMethod(StrEnum):
    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - the name of a way in
    PASSKEY = "passkey"
    IDENTITY_PROVIDER = "identity_provider"


class SignIn(Base):
    """One session on one device; the signed cookie holds its id. What ended stays a while, as the history that someone can check."""

    __tablename__ = "sign_in"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(60), default="")
    method: Mapped[SignInMethod] = mapped_column(text_enum(SignInMethod, "method"), default=SignInMethod.LINK)
    started_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    second_factor_at: Mapped[datetime | None] = mapped_column(Moment)  # when a second proof was given in this session
    acting_for: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))

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


class Challenge(Base):
    """What a passkey must sign; of use once, for five minutes. `person_id` is None when anyone's passkey will do."""

    __tablename__ = "challenge"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    nonce: Mapped[bytes] = mapped_column(LargeBinary(64))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
