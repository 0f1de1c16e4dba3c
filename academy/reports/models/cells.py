"""What the roll-up keeps: only what may be told. No person and no firm stands in it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment


class ReportRun(Base):
    """The roll-up that the cells come from: one row at most, written with them."""

    __tablename__ = "report_run"
    __table_args__ = (CheckConstraint("signals >= 0 AND cells >= 0", name="counts_not_negative"),)

    as_of: Mapped[date] = mapped_column(Date, primary_key=True)  # what happened before this day, in Amsterdam
    made_at: Mapped[datetime] = mapped_column(Moment)
    method: Mapped[str] = mapped_column(String(10))
    signals: Mapped[int]
    cells: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class ReportCell(Base):
    """A cell, as `rules.signals.Cell`: None is hidden."""

    __tablename__ = "report_cell"
    __table_args__ = (
        CheckConstraint("people >= 10", name="people_not_few"),  # nobody finds fewer here, whatever page or program asks
        CheckConstraint("firms >= 0 AND searches >= 0 AND score >= 0", name="counts_not_negative"),
        CheckConstraint("free BETWEEN 0 AND places", name="free_within_places"),
        CheckConstraint("urgency BETWEEN 100 AND 200", name="urgency_in_reach"),
        Index("ix_report_cell_view", "period", "area", "sector", "source", "score"),
        {"sqlite_with_rowid": False},
    )

    period: Mapped[str] = mapped_column(String(6), primary_key=True)
    skill: Mapped[str] = mapped_column(String(300), primary_key=True)
    area: Mapped[str] = mapped_column(String(4), primary_key=True)
    sector: Mapped[str] = mapped_column(String(45), primary_key=True)
    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    people: Mapped[int | None]  # None: nobody, or hidden; `is_hidden` tells them apart
    is_hidden: Mapped[bool]  # fewer than ten people, or hidden because of them
    firms: Mapped[int]
    seats: Mapped[int | None]
    cents: Mapped[int | None] = mapped_column(BigInteger)  # a region may pledge more than 21 million euros
    searches: Mapped[int]
    urgency: Mapped[int]
    places: Mapped[int]
    free: Mapped[int]
    score: Mapped[int]


class ReportSlot(Base):
    """How many people can at a moment of the week; None is hidden."""

    __tablename__ = "report_slot"
    __table_args__ = (CheckConstraint("people >= 10", name="people_not_few"), {"sqlite_with_rowid": False})

    period: Mapped[str] = mapped_column(String(6), primary_key=True)
    skill: Mapped[str] = mapped_column(String(300), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    people: Mapped[int | None]
