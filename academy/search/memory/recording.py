"""Search events are put aside in the process and written in batches by a thread, so that no page waits for them or fails with them."""

import random
import re
import secrets
import threading
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.db import database
from academy.kernel.errors import DatabaseBusy, StorageUnavailable
from academy.kernel.text import Language
from academy.search.folding import words_of
from academy.search.memory.redaction import redact
from academy.search.models import SearchEvent

_log = structlog.get_logger(__name__)
_BATCH: Final = 200
_MOST_WAITING: Final = 2_000
_EVERY_SECONDS, _AFTER_FAILURE_SECONDS, _AT_EXIT_SECONDS = 1.0, 5.0, 1.5  # the supervisor waits five seconds at the end (cli.py)
_LONGEST_TERMS: Final = 200
_NO_FILTERS: Final = {"q", "sort", "page"}
_OWN_CODE: Final = re.compile(r"20\d{2}-\d{2}(?:-\d{2})?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # months and days; skills
_HITS_KEPT: Final = 1_000_000_000


class Recorder:
    """Search events on their way to the database. When it is away the oldest are dropped, and a line in the log counts them."""

    def __init__(self, *, most: int = _MOST_WAITING) -> None:
        self._waiting: deque[dict[str, Any]] = deque()
        self._most = most
        self._dropped = 0
        self._guard = threading.Lock()
        self._one_writer = threading.Lock()
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, event: dict[str, Any]) -> None:
        """Put an event aside; never waits for the database."""
        with self._guard:
            self._waiting.append(event)
            self._drop_oldest()
            enough = len(self._waiting) >= _BATCH
        if enough:
            self._woken.set()

    def start(self) -> None:
        """Begin to write every second, or sooner when there is a batch; once per web process."""
        self._thread = threading.Thread(target=self._run, name="academy-search-events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end; a database that is away is not waited for longer than 1.5 s."""
        self._ended.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(_AT_EXIT_SECONDS)

    def flush(self) -> bool:
        """Write everything that waits, a statement per batch; False when the database did not take it, and then it is kept."""
        with self._one_writer:
            while batch := self._take():
                try:
                    with database().writing() as session:
                        session.execute(insert(SearchEvent), batch)
                except (DatabaseBusy, StorageUnavailable, SQLAlchemyError) as error:
                    self._give_back(batch, error)
                    return False
        return True

    def _run(self) -> None:
        pause = _EVERY_SECONDS
        while not self._ended.is_set():
            self._woken.wait(pause)
            self._woken.clear()
            pause = _EVERY_SECONDS if self.flush() else _AFTER_FAILURE_SECONDS
        self.flush()

    def _take(self) -> list[dict[str, Any]]:
        with self._guard:
            batch = list(islice(self._waiting, _BATCH))
            for _event in batch:
                self._waiting.popleft()
        random.shuffle(batch)  # so that the order in the table is not the order in which someone typed
        return batch

    def _give_back(self, batch: list[dict[str, Any]], error: Exception) -> None:
        with self._guard:
            self._waiting.extendleft(reversed(batch))
            self._drop_oldest()
            dropped, self._dropped = self._dropped, 0
        self._woken.clear()  # not at once again
        _log.warning("search.events-wait", error=type(error).__name__, waiting=len(self._waiting), dropped=dropped)

    def _drop_oldest(self) -> None:
        while len(self._waiting) > self._most:
            self._waiting.popleft()
            self._dropped += 1


_recorder: list[Recorder] = [Recorder()]


def set_recorder(recorder: Recorder) -> None:
    """Make `recorder` the one that `recorder()` returns in this process."""
    _recorder[:] = [recorder]


def recorder() -> Recorder:
    """Return the recorder of this process."""
    return _recorder[0]


def record_search(
    *, text: str, filters: Iterable[tuple[str, str]], total: int, looser: bool, language: Language, now: datetime, sort: str = "best",
) -> None:
    """Put one asked page of results aside, to be written within a second; without SQL, and it never fails the page.

    `filters` are the names and values of the address of the page. `total` counts the hits, `looser` says that they have only some of the words.
    """
    plain, redacted = redact(text)
    kept = _filters(filters)
    recorder().put({
        "id": secrets.randbits(63), "day": amsterdam_day(now), "hour": now.astimezone(AMSTERDAM).hour, "language": language,
        "terms": terms_of(plain), "redacted": redacted, "filters": kept, "choices": sum(map(len, kept.values())), "sort": sort,
        "hits": min(total, _HITS_KEPT), "looser": looser,
    })


def terms_of(text: str) -> str:
    """Return the folded words of `text` with a space between them, as many as fit in the column."""
    terms = " ".join(words_of(text))
    return terms if len(terms) <= _LONGEST_TERMS else terms[: _LONGEST_TERMS + 1].rpartition(" ")[0]


def _filters(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        kept = _harmless(value) if name not in _NO_FILTERS else ""
        if kept:
            found.setdefault(name, []).append(kept)
    return found


def _harmless(value: str) -> str:
    """Return the value of a filter: mostly a code of ours, but what stands in an address may be typed by hand."""
    if value.isalpha() or _OWN_CODE.fullmatch(value):
        return value
    plain, removed = redact(value)
    return plain if removed else value
