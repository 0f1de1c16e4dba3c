"""The worker: delivers the outbox and runs the jobs that come round by the clock."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from academy.kernel import outbox
from academy.kernel.clock import utc_now
from academy.kernel.db import Database

_log = structlog.get_logger(__name__)
_TRY_AGAIN = timedelta(seconds=10)


class AlreadyDelivered(Exception):
    """Another worker closed the message first; this transaction is undone."""


class DeliveryEndsWorker(Exception):
    """No attempt came back, not even as an error."""


def _nothing_to_stop() -> None:
    """Do nothing: most jobs end by themselves."""


@dataclass
class Job:
    """Something that must happen every `interval`; `run` gets the moment and opens its own transactions.

    What fails is tried again after ten seconds, or sooner when its interval is shorter; the other jobs go on. A job that works in a
    thread of its own gives `stop`, which asks that to end.
    """

    name: str
    interval: timedelta
    run: Callable[[datetime], None]
    stop: Callable[[], None] = _nothing_to_stop
    due: datetime | None = None


class Worker:
    """Delivers messages one by one until it is told to stop."""

    def __init__(self, database: Database, jobs: list[Job], *, lease: timedelta = outbox.LEASE) -> None:
        self.database = database
        self.jobs = jobs
        self.lease = lease
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask the loop to end after the message in hand."""
        self._stop.set()

    def run(self, *, pause_seconds: float = 0.2) -> None:
        """Work until `stop`. A database that is away is waited for, never a reason to end."""
        while not self._stop.is_set():
            try:
                delivered = self.deliver_due()
                self._run_jobs()
            except Exception as error:  # the loop must outlive any single fault
                _log.exception("worker.turn-failed", error=type(error).__name__)
                self._stop.wait(2)
                continue
            if not delivered:
                self._stop.wait(pause_seconds)
        for job in self.jobs:
            job.stop()

    def deliver_due(self) -> int:
        """Deliver what is due now; returns the number of messages tried. An idle turn only reads."""
        now = utc_now()
        with self.database.reading() as session:
            if not outbox.is_due(session, now=now):
                return 0
        with self.database.writing() as session:
            messages = outbox.claim(session, now=now, lease=self.lease)
        for number, message in enumerate(messages):
            # A delivery is begun only in the first half of the lease, so that it ends before another worker may take it over.
            if self._stop.is_set() or utc_now() - now >= self.lease / 2:
                with self.database.writing() as session:
                    outbox.give_back(session, messages[number:])
                break
            self._deliver(message)
        return len(messages)

    def drain(self) -> None:
        """Deliver until nothing is due; for start-up, commands and tests."""
        while self.deliver_due():
            pass

    def _deliver(self, message: outbox.OutboxMessage) -> None:
        subscriber = outbox.subscriber_named(message.subscriber)
        try:
            if message.attempts > outbox.MAX_ATTEMPTS:  # its deliveries end the process itself
                raise DeliveryEndsWorker  # noqa: TRY301 - goes to a person
            if subscriber is None:
                raise LookupError(message.subscriber)  # noqa: TRY301 - a message for a subscriber of another release waits
            event = outbox.event_from(subscriber, message.payload)
            if subscriber.outside is not None:
                subscriber.outside(event, utc_now())
            with self.database.writing() as session:
                if subscriber.inside is not None:
                    subscriber.inside(session, event, utc_now())
                if not outbox.mark_done(session, message.id, now=utc_now()) and subscriber.inside is not None:
                    raise AlreadyDelivered  # noqa: TRY301 - undoes the effect
        except AlreadyDelivered:
            _log.info("outbox.already-delivered", message=str(message.id))
        except Exception as error:  # any fault means: later again
            _log.warning("outbox.delivery-failed", message=str(message.id), subscriber=message.subscriber,
                         error=type(error).__name__, attempts=message.attempts)
            with self.database.writing() as session:
                outbox.mark_failed(session, message, error, now=utc_now())

    def _run_jobs(self) -> None:
        now = utc_now()
        for job in self.jobs:
            if job.due is not None and now < job.due:
                continue
            job.due = now + job.interval
            try:
                job.run(now)
            except Exception as error:  # one job must not stop the others
                _log.exception("worker.job-failed", job=job.name, error=type(error).__name__)
                job.due = now + min(job.interval, _TRY_AGAIN)
