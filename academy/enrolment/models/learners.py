"""What learners say of themselves on the way to a class."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment


class EntryClaim(Base):
    """The highest diploma that a person says to have; nobody has checked it."""

    __tablename__ = "entry_claim"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), primary_key=True)
    nlqf: Mapped[str] = mapped_column(String(10))
    diploma: Mapped[str] = mapped_column(String(200), default="")
    claimed_at: Mapped[datetime] = mapped_column(Moment)


class NewsWish(Base):
    """A person wants to hear when a module has room, or a new class; told once."""

    __tablename__ = "news_wish"
    __table_args__ = (UniqueConstraint("person_id", "module_id", name="uq_news_wish"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"))
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id", deferrable=True, initially="DEFERRED"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
