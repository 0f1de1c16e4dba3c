"""Who has an account, and how they prove that it is theirs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment


class Person(Base):
    """Someone with an account; the address is proven: an account arises from an e-mailed link or at a trusted identity provider.

    Who erased the account keeps the row, without name and address, for what the law makes us keep (`erased_at`).
    """

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # RFC 5321, lower case; of who is erased no address at all
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(Moment)
    # The name as an identity provider has checked it, for formal decisions and credentials; "" when none has.
    validated_name: Mapped[str] = mapped_column(String(120), default="")
    is_minor: Mapped[bool] = mapped_column(default=False)
    seen_on: Mapped[date | None] = mapped_column(Date, index=True)  # of the last sign-in; None: the address is not proven yet
    warned_on: Mapped[date | None] = mapped_column(Date)  # told that an account nobody uses ends; emptied by signing in
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class Identity(Base):
    """A person at an identity provider. Issuer and subject together are the key: an e-mail address there may change hands."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_identity_issuer"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))  # OpenID Connect Core 2: at most 255 ASCII characters
    email: Mapped[str] = mapped_column(String(254), default="")
    linked_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime] = mapped_column(Moment)


class Passkey(Base):
    """A key pair of a device or a password manager; we hold the public half."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)  # WebAuthn 3: at most 1,023 bytes
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class AuthenticatorApp(Base):
    """The secret shared with an authenticator app (TOTP, RFC 6238), encrypted; counts from `confirmed_at` on."""

    __tablename__ = "authenticator_app"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(300))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(default=0)  # the half minute of the last code: no code works twice


class RecoveryCode(Base):
    """A code on paper for who lost the second factor; works once."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))  # SHA-256: the code has 50 random bits or more
    used_at: Mapped[datetime | None] = mapped_column(Moment)
