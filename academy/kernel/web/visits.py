"""How often a network comes: counted in memory, told to the other processes every second; a page waits for no database.

A process refuses on what it knows, so it never lets more than the limit through by itself. What several let through together is bounded
by the limit, and for each of them what comes in between two turns of telling plus `TOLD_FROM` visits of which it need not tell.
"""

import hashlib
import ipaddress
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from academy.kernel.clock import utc_now
from academy.kernel.errors import DatabaseBusy, StorageUnavailable, TooManyVisits
from academy.kernel.web.marks import visits_allowed
from academy.kernel.web.security import LOOPBACK_HOSTS

EXTENSION: Final = "academy-visits"  # under this name the application keeps them
WINDOW: Final = timedelta(minutes=1)
TOLD_FROM: Final = 50  # visits; of a network that comes less often in a minute nothing is ever written
_MOST_NETWORKS: Final = 50_000  # about 15 MB; a crowd larger than this is for what stands before us
_EVERY_SECONDS, _AFTER_FAILURE_SECONDS, _AT_EXIT_SECONDS = 1.0, 5.0, 1.5  # the supervisor waits five seconds at the end (cli.py)

_log = structlog.get_logger(__name__)

# Adds visits by key, to be kept until a moment, to those of all processes; returns what they come to.
Tell = Callable[[Mapping[str, int], datetime], Mapping[str, int]]


def network_of(address: str | None) -> str:
    """Return the network of who asks, as text: an IPv4 address, or the first 64 bits of an IPv6 one, of which a subscriber has them all."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{found.exploded[:19]}::/64"


@dataclass
class _Count:
    known: int = 0  # of all processes together, as far as this one knows
    untold: int = 0


class Visits:
    """The visits to one process in the present minute. Networks are known by a keyed hash, which changes with the minute."""

    def __init__(self, *, secret_key: str, tell: Tell) -> None:
        self._key = hashlib.sha256(f"visits {secret_key}".encode()).digest()
        self._tell = tell
        self._counts: dict[str, _Count] = {}
        self._ends = datetime.min.replace(tzinfo=UTC)
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, page: str, network: str, *, now: datetime) -> int:
        """Count a visit of `network` to `page`; returns how many there were in this minute, as far as this process knows."""
        with self._guard:
            if now >= self._ends:
                self._counts.clear()
                self._ends = datetime.fromtimestamp((now.timestamp() // WINDOW.total_seconds() + 1) * WINDOW.total_seconds(), UTC)
            told = f"{self._ends.timestamp()}\n{page}\n{network}"
            key = hashlib.blake2b(told.encode(), key=self._key, digest_size=32).hexdigest()
            count = self._counts.get(key)
            if count is None:
                count = _Count()
                if len(self._counts) < _MOST_NETWORKS:
                    self._counts[key] = count
            count.known += 1
            count.untold += 1
            return count.known

    def share(self) -> bool:
        """Tell of who comes often and hear of the visits to other processes; False when that failed, and then it is told later."""
        with self._guard:
            ends = self._ends
            often = {key: count.untold for key, count in self._counts.items() if count.untold >= TOLD_FROM}
            for key in often:
                self._counts[key].untold = 0
        if not often:
            return True
        try:
            totals = self._tell(often, ends)
        except (DatabaseBusy, StorageUnavailable, SQLAlchemyError) as error:
            _log.warning("visits.not-told", error=type(error).__name__, networks=len(often))
            self._keep(often, {}, ends)
            return False
        self._keep({}, totals, ends)
        return True

    def _keep(self, untold: Mapping[str, int], totals: Mapping[str, int], ends: datetime) -> None:
        with self._guard:
            if ends != self._ends:
                return  # a new minute has begun
            for key, number in untold.items():
                self._counts[key].untold += number
            for key, total in totals.items():
                self._counts[key].known = total + self._counts[key].untold

    def start(self) -> None:
        """Begin to tell every second; once per web process."""
        self._thread = threading.Thread(target=self._run, name="academy-visits", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; what was not told is over within a minute anyway."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(_AT_EXIT_SECONDS)

    def _run(self) -> None:
        pause = _EVERY_SECONDS
        while not self._ended.wait(pause):
            pause = _EVERY_SECONDS if self.share() else _AFTER_FAILURE_SECONDS


def install(app: Flask, visits: Visits) -> None:
    """Refuse who comes to a page more often than its mark allows. What is asked on this machine itself is not counted."""
    app.extensions[EXTENSION] = visits

    @app.before_request
    def _count() -> None:
        allowed = visits_allowed(app)
        if allowed is None or request.remote_addr in LOOPBACK_HOSTS:
            return
        counted: Visits = app.extensions[EXTENSION]
        if counted.add(request.endpoint or "", network_of(request.remote_addr), now=utc_now()) > allowed:
            raise TooManyVisits
