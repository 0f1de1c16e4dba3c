"""Feeds that are fetched by the clock, and what every import did."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import Base, Moment, text_enum


class FeedKind(StrEnum):
    OOAPI5 = "ooapi5"
    OOAPI6 = "ooapi6"


class FeedState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # by a person, or because it failed too often in a row


class RunState(StrEnum):
    RUNNING = "running"
    INTERRUPTED = "interrupted"  # stopped in good order; the next turn goes on from its spool
    DONE = "done"
    FAILED = "failed"


UNFINISHED: Final = (RunState.RUNNING, RunState.INTERRUPTED)
KEPT_PROBLEMS: Final = 200  # of a run, and as many notices


class Feed(Base):
    """An endpoint of a provider that is fetched every so many hours."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("provider_id", "url", "route", name="uq_feed_provider_url"),
        CheckConstraint("every_hours > 0", name="every_hours_positive"),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    kind: Mapped[FeedKind] = mapped_column(text_enum(FeedKind, "kind"))
    url: Mapped[str] = mapped_column(String(1000))
    route: Mapped[str] = mapped_column(String(100), default="")  # the endpoint's name at a gateway of SURFeduhub
    secret_name: Mapped[str] = mapped_column(String(100), default="")  # the environment variable that holds it, never the secret
    every_hours: Mapped[int]
    is_guarded: Mapped[bool] = mapped_column(default=True)  # much that vanishes at once is withheld from the archive
    state: Mapped[FeedState] = mapped_column(text_enum(FeedState, "state"), default=FeedState.ACTIVE)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    next_run_at: Mapped[datetime] = mapped_column(Moment, index=True)


class ImportRun(Base):
    """One import of a feed, file or folder: how far it is, what it did, and why not everything was taken.

    `attempt` counts the processes that worked on it: one that lost the run to another finds a higher number and stops.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("(state IN ('running', 'interrupted')) = (ended_at IS NULL)", name="ended_when_finished"),
        CheckConstraint("attempt > 0", name="attempt_positive"),
        Index("uq_import_run_unfinished", "feed_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_import_run_provider_started", "provider_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("provider.id", deferrable=True, initially="DEFERRED"))
    feed_id: Mapped[UUID | None] = mapped_column(ForeignKey("feed.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120))
    state: Mapped[RunState] = mapped_column(text_enum(RunState, "state"))
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    dry_run: Mapped[bool] = mapped_column(default=False)
    attempt: Mapped[int] = mapped_column(default=1)
    lease_until: Mapped[datetime] = mapped_column(Moment)  # until then no other process takes it over
    spool: Mapped[str] = mapped_column(String(60), default="")  # the folder of what was fetched, below the data directory
    step: Mapped[str] = mapped_column(String(80), default="")  # what it is doing now, as far as `done` of `total` (0: not known)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # the first KEPT_PROBLEMS
    notices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
