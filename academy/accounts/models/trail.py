"""The audit trail: who did what, when, and to whom; each entry sealed together with the one before it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment

_Number = BigInteger().with_variant(Integer(), "sqlite")


class TrailEntry(Base):
    """One act. `seal` is a hash over this entry and the seal before it, so nothing is changed or left out unseen. Only ever added to.

    It has no foreign keys: the trail outlives what it is about.
    """

    __tablename__ = "trail_entry"
    __table_args__ = (Index("ix_trail_entry_person_id", "person_id", "number"), Index("ix_trail_entry_about_id", "about_id", "number"))

    number: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=False)  # 1, 2, 3 …
    at: Mapped[datetime] = mapped_column(Moment)
    act: Mapped[str] = mapped_column(String(60))  # "membership-added"
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)  # None: the platform itself
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)  # for which the actor acted
    person_id: Mapped[UUID | None] = mapped_column(Uuid)  # whom it concerns, who may read it
    about: Mapped[str] = mapped_column(String(40), default="")  # the kind of thing: "enrolment"
    about_id: Mapped[UUID | None] = mapped_column(Uuid)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # codes and numbers, never words about people
    seal: Mapped[str] = mapped_column(String(64))  # SHA-256, hexadecimal


class TrailEnd(Base):
    """Where the trail ends: one row, locked by whoever adds an entry."""

    __tablename__ = "trail_end"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(_Number)
    seal: Mapped[str] = mapped_column(String(64))
