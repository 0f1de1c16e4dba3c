"""One harvest from begin to end, and the thread in which the worker has harvests run.

An entry point: it opens its own transactions, and no page is fetched inside one. What a run brings is loaded in one transaction, together
with its end; so a kill leaves the catalogue as it was or as it should be, and the next turn goes on from the spool.
"""

import base64
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from academy.catalogue.api import CodeScheme, ProviderKind, providers_by_code
from academy.exchange import feeds, queries
from academy.exchange.errors import FeedBusy
from academy.exchange.feeds import Order, RunLost
from academy.exchange.findings import Problem, Progress
from academy.exchange.gateway import Credential, FetchProblem, Gateway, HarvestStopped
from academy.exchange.harvesting import RESOURCES, Collected, HarvestPlan, collect
from academy.exchange.loading import Archive, load_supply
from academy.exchange.models import FeedKind
from academy.exchange.ooapi import supply_of
from academy.exchange.spool import SpooledItem, items
from academy.exchange.supply import Supply
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.errors import DatabaseBusy, StorageUnavailable

_log = structlog.get_logger(__name__)

_VERSIONS: Final = {FeedKind.OOAPI5: 5, FeedKind.OOAPI6: 6}
_OFFERINGS_SINCE: Final = timedelta(days=366)  # what began longer ago interests nobody who looks for a course; it stays as it is
_BETWEEN_BEATS: Final = timedelta(seconds=2)
_LAST_PAGE_SECONDS: Final = 2.0


class _Interrupted(Exception):
    """The process was asked to stop."""


@dataclass
class Harvester:
    """Runs harvests: `folder` holds their spools, `environment` the secrets that feeds name."""

    gateway: Gateway
    folder: Path
    environment: Mapping[str, str]
    pause_seconds: float = 0.2
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, feed_id: UUID, *, now: datetime, progress: Progress | None = None) -> str:
        """Fetch, map and load a feed; returns the run's code, whose record says how it went. Raises FeedBusy, FeedNotFound.

        A run that `stopping` interrupts, or that finds the database away, is taken up again at the next turn.
        """
        with database().writing() as session:
            order = feeds.begin_run(session, feed_id, now=now)
        _log.info("harvest.begun", run=order.code, attempt=order.attempt)
        try:
            self._fetch_and_load(order, _Beat(order, self.stopping, progress))
        except HarvestStopped as stop:
            self._fail(order, _problem(stop.problem))
        except RunLost:
            _log.warning("harvest.lost", run=order.code)
        except (_Interrupted, DatabaseBusy, StorageUnavailable) as error:
            self._interrupt(order, error)
        except KeyboardInterrupt as error:
            self._interrupt(order, error)
            raise
        except Exception as error:
            self._fail(order, Problem(None, "", type(error).__name__, "fault", "a fault of ours: it stands in the log"))
            raise
        return order.code

    def _fetch_and_load(self, order: Order, beat: "_Beat") -> None:
        plan = self._plan(order)
        collected = collect(self.gateway, plan, self.folder / order.spool, now=order.started_at, progress=beat)
        beat("map", 0, sum(collected.items.values()))
        with database().reading() as session:
            offerers = providers_by_code(session, CodeScheme.RIO_OFFERER)
        supply = supply_of(
            self._items(order, plan), provider=order.provider_slug, offerers=offerers, today=amsterdam_day(order.started_at),
        )
        for problem in collected.problems:
            supply.report(_problem(problem))
        beat("load", 0, supply.rows)
        now = utc_now()
        with database().writing() as session:
            feeds.keep_run(session, order, now=now)  # first: who lost the run loads nothing
            report = load_supply(
                session, supply, provider_slug=order.provider_slug, provider_name="", provider_kind=ProviderKind.HBO,
                source=order.source, dry_run=False, archive=_archive(order, collected, supply), now=now,
            )
            feeds.finish_run(session, order, report, collected.notices, now=now)
        shutil.rmtree(self.folder / order.spool, ignore_errors=True)
        _log.info("harvest.done", run=order.code, new=report.new, changed=report.changed, refused=report.refused)

    def _plan(self, order: Order) -> HarvestPlan:
        version = _VERSIONS[order.kind]
        return HarvestPlan(
            order.url, version, RESOURCES[version], credential=self._credential(order), route=order.route,
            since=order.started_at - _OFFERINGS_SINCE, pause_seconds=self.pause_seconds,
        )

    def _credential(self, order: Order) -> Credential | None:
        """Return the header that opens the endpoint. Raises HarvestStopped when the secret is not set."""
        if not order.secret_name:
            return None
        secret = self.environment.get(order.secret_name, "").strip()
        if not secret:
            reason = f"the environment variable {order.secret_name} is not set: give it user:password or Bearer and a token"
            raise HarvestStopped(FetchProblem("", 0, "secret-missing", reason))
        if not secret.startswith("Bearer "):
            secret = f"Basic {base64.b64encode(secret.encode()).decode()}"
        return Credential("Authorization", secret, order.secret_name)

    def _items(self, order: Order, plan: HarvestPlan) -> Iterator[SpooledItem]:
        for resource in plan.resources:
            yield from items(self.folder / order.spool, resource.path)

    @staticmethod
    def _interrupt(order: Order, reason: BaseException) -> None:
        _log.warning("harvest.interrupted", run=order.code, reason=type(reason).__name__)
        with suppress(RunLost, DatabaseBusy, StorageUnavailable), database().writing() as session:
            feeds.interrupt_run(session, order, now=utc_now())

    def _fail(self, order: Order, problem: Problem) -> None:
        try:
            with database().writing() as session:
                paused = feeds.fail_run(session, order, [problem], now=utc_now())
        except RunLost:
            _log.warning("harvest.lost", run=order.code)
            return
        shutil.rmtree(self.folder / order.spool, ignore_errors=True)
        _log.warning("harvest.failed", run=order.code, code=problem.code, feed_paused=paused)


def _archive(order: Order, collected: Collected, supply: Supply) -> Archive:
    """Say whether what is not here has vanished at the source: not when a page held what can not be read.

    A course without offerings may answer 404; the list of courses is whole all the same.
    """
    if any(problem.code != "not-found" for problem in collected.problems):
        return Archive.NOTHING
    if not order.is_guarded:
        return Archive.ALL
    return Archive.GUARDED if supply.modules else Archive.NOTHING  # an empty list is more probably a fault than the truth


def _problem(found: FetchProblem) -> Problem:
    page = f"{found.url} page {found.page}" if found.page else found.url
    return Problem(None, "", "", found.code, found.reason, page)


class _Beat:
    """Told of progress, renews the lease and notes the step now and then; raises when the process must stop or lost the run."""

    def __init__(self, order: Order, stopping: threading.Event, progress: Progress | None) -> None:
        self._order = order
        self._stopping = stopping
        self._progress = progress
        self._last: tuple[str, datetime] | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._stopping.is_set():
            raise _Interrupted
        if self._progress is not None:
            self._progress(step, done, total)
        now = utc_now()
        if self._last is not None and self._last[0] == step and now - self._last[1] < _BETWEEN_BEATS:
            return
        self._last = (step, now)
        with database().writing() as session:
            feeds.keep_run(session, self._order, now=now, step=step[:80], done=done, total=total)


_chosen: list[Harvester] = []


def set_harvester(harvester: Harvester) -> None:
    """Choose who runs the harvests of this process."""
    _chosen[:] = [harvester]


def harvester() -> Harvester:
    """Return who runs the harvests of this process."""
    return _chosen[0]


class HarvestThread:
    """Runs what is due beside the worker, so that letters do not wait for a slow endpoint; one harvest at a time."""

    def __init__(self, harvester: Harvester, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._harvester = harvester
        self._clock = clock
        self._thread: threading.Thread | None = None

    def wake(self, now: datetime) -> None:
        """Begin with what is due, unless the thread is at work already."""
        if self._thread is not None and self._thread.is_alive():
            return
        with database().reading() as session:
            due = queries.due_feeds(session, now=now)
        if due and not self._harvester.stopping.is_set():
            self._thread = threading.Thread(target=self._run, args=(due,), name="academy-harvest", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end after the page in hand, and wait a little; a run that does not make it is taken over later."""
        self._harvester.stopping.set()
        if self._thread is not None:
            self._thread.join(_LAST_PAGE_SECONDS)

    def _run(self, due: list[UUID]) -> None:
        for feed_id in due:
            if self._harvester.stopping.is_set():
                return
            try:
                self._harvester.run(feed_id, now=self._clock())
            except FeedBusy:
                continue
            except Exception as error:  # noqa: BLE001 - one feed must not stop the others
                _log.exception("harvest.fault", error=type(error).__name__)
