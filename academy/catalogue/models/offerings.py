"""A module at given dates: when, where, how many, for whom and at what price."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.catalogue.models.kinds import DeliveryMode, OfferingState, PartOfDay, TargetGroup
from academy.catalogue.models.providers import Place
from academy.kernel.db import Base, Cents, LocalizedText, text_enum
from academy.kernel.money import Money
from academy.kernel.text import Localized


class Offering(Base):
    """A module at given dates; `seats` is the maximum, who holds them is known by `enrolment`.

    `weekdays`, `part_of_day` and `place_id` say how it usually goes; meetings that have an hour or a place of their own are sessions.
    """

    __tablename__ = "offering"
    __table_args__ = (
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        CheckConstraint("min_seats >= 0 AND min_seats <= seats", name="min_seats_within_seats"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("flexible_until >= flexible_from", name="flexible_entry_in_order"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("cancel_free_days BETWEEN 1 AND 60", name="cancel_free_days"),
        CheckConstraint("cancel_late_percent BETWEEN 0 AND 100", name="cancel_late_percent"),
        Index("uq_offering_external", "module_id", "external_id", unique=True, sqlite_where=text("external_id <> ''"),
              postgresql_where=text("external_id <> ''")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    module_id: Mapped[UUID] = mapped_column(ForeignKey("module.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(120), default="")
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    state: Mapped[OfferingState] = mapped_column(text_enum(OfferingState, "state"), default=OfferingState.ACTIVE)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    flexible_from: Mapped[date | None] = mapped_column(Date)  # between these days one may step in
    flexible_until: Mapped[date | None] = mapped_column(Date)
    weekdays: Mapped[list[str]] = mapped_column(JSON, default=list)
    part_of_day: Mapped[PartOfDay] = mapped_column(text_enum(PartOfDay, "part_of_day"))
    mode: Mapped[DeliveryMode] = mapped_column(text_enum(DeliveryMode, "mode"))
    language: Mapped[str] = mapped_column(String(10))
    min_seats: Mapped[int] = mapped_column(default=0)  # 0: it goes ahead whoever comes
    seats: Mapped[int]
    decides_on: Mapped[date | None] = mapped_column(Date)  # go or no-go
    guaranteed: Mapped[bool] = mapped_column(default=False)  # "gaat zeker door", said by the provider
    price: Mapped[Money | None] = mapped_column(Cents)  # None: not in euros, or not known
    price_note: Mapped[str] = mapped_column(String(300), default="")
    cancel_free_days: Mapped[int] = mapped_column(default=1)  # giving a seat back costs nothing until so many days before the start
    cancel_late_percent: Mapped[int] = mapped_column(default=0)  # of the price; what it costs after that
    cancel_reason: Mapped[str] = mapped_column(String(2000), default="")  # told to who was enrolled

    place: Mapped[Place | None] = relationship(lazy="raise_on_sql")
    periods: Mapped[list["EnrolmentPeriod"]] = relationship(
        lazy="raise_on_sql", order_by="EnrolmentPeriod.closes_on", cascade="all, delete-orphan",
    )
    sessions: Mapped[list["ClassSession"]] = relationship(
        lazy="raise_on_sql", order_by="ClassSession.position", cascade="all, delete-orphan",
    )


class EnrolmentPeriod(Base):
    """From when until when a target group can enrol; the last day counts until midnight in Amsterdam."""

    __tablename__ = "enrolment_period"
    __table_args__ = (
        UniqueConstraint("offering_id", "target_group", "closes_on", name="uq_enrolment_period"),
        CheckConstraint("closes_on >= opens_on", name="closes_after_opening"),
        CheckConstraint("queue_max > 0", name="queue_max_positive"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id"))
    target_group: Mapped[TargetGroup] = mapped_column(text_enum(TargetGroup, "target_group"))
    opens_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    has_queue: Mapped[bool] = mapped_column(default=False)
    queue_max: Mapped[int | None]
    website: Mapped[str] = mapped_column(String(1000), default="")  # where one enrols, when that is not here


class ClassSession(Base):
    """A meeting: every week on a weekday, or once on a date."""

    __tablename__ = "class_session"
    __table_args__ = (
        UniqueConstraint("offering_id", "position", name="uq_class_session_position"),
        CheckConstraint("(weekday IS NULL) <> (on_date IS NULL)", name="weekday_or_date"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offering.id"))
    position: Mapped[int]
    weekday: Mapped[str | None] = mapped_column(String(3))
    on_date: Mapped[date | None] = mapped_column(Date)
    part_of_day: Mapped[PartOfDay] = mapped_column(text_enum(PartOfDay, "part_of_day"))
    starts_at: Mapped[time | None] = mapped_column(Time)
    ends_at: Mapped[time | None] = mapped_column(Time)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    about: Mapped[Localized] = mapped_column(LocalizedText, default=Localized())

    place: Mapped[Place | None] = relationship(lazy="raise_on_sql")
