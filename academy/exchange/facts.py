"""Feeds and runs as frozen values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from academy.exchange.findings import Notice, Problem
from academy.exchange.models import FeedKind, FeedState, RunState


@dataclass(frozen=True)
class ImportingProvider:
    """A provider whose imports someone may see and start."""

    id: UUID
    slug: str
    name: str


@dataclass(frozen=True)
class RunFacts:
    """One import; `feed_code` is "" for a file or folder, `total` 0 where it is not known how much there is."""

    code: str
    feed_code: str
    kind: str
    source: str
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    dry_run: bool
    step: str
    done: int
    total: int
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the run for a machine."""
        return asdict(self) | {"started_at": self.started_at.isoformat(), "ended_at": self.ended_at and self.ended_at.isoformat()}


@dataclass(frozen=True)
class FeedFacts:
    """A feed with its last run; `failures` counts those in a row."""

    id: UUID
    code: str
    provider_id: UUID
    kind: FeedKind
    url: str
    route: str
    secret_name: str
    every_hours: int
    is_guarded: bool
    state: FeedState
    failures: int
    last_success_at: datetime | None
    next_run_at: datetime
    last_run: RunFacts | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the feed for a machine, without its runs."""
        last = self.last_success_at
        values = {name: value for name, value in vars(self).items() if name not in {"id", "provider_id", "last_run"}}
        return values | {"last_success_at": last and last.isoformat(), "next_run_at": self.next_run_at.isoformat()}
