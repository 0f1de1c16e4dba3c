"""Reports that are frozen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum
from academy.reports.kinds import SnapshotKind


class Snapshot(Base):
    """All that a report says, as data; its files are made of it, and are the same bytes each time (`files` has the SHA-256 of each). Never changed; only published or taken back."""

    __tablename__ = "report_snapshot"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="ends_after_it_begins"),
        Index("ix_report_snapshot_query_hash", "query_hash"),
        Index("ix_report_snapshot_published_at", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[SnapshotKind] = mapped_column(text_enum(SnapshotKind, "kind"))
    period: Mapped[str] = mapped_column(String(6))
    area: Mapped[str] = mapped_column(String(4))
    sector: Mapped[str] = mapped_column(String(45))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    as_of: Mapped[date] = mapped_column(Date)
    method: Mapped[str] = mapped_column(String(10))
    query_hash: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    data_hash: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)  # None: by itself, or erased
    published_at: Mapped[datetime | None] = mapped_column(Moment)
