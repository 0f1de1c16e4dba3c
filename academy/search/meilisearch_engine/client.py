"""Talking with the server: the official client, one per thread, with its connections kept and its silences broken.

Of the client 0.43 that we know: it changes shared headers per request, so threads must not share one; it opens a connection per
call; it waits for ever; it sends `null` for what is empty; it chokes on a whole second in a timestamp; it takes a failed task for a
finished one. So writes and tasks go through its transport and are read here.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import urlencode

import meilisearch
import orjson
import requests
from meilisearch._httprequests import HttpRequests
from meilisearch.config import Config
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)

from academy.search.gateway import EngineUnavailable, IndexUnusable

Json = dict[str, Any]

_ASKED_BY_POST: Final = ("search", "fetch")  # how the address of a question ends
_FAILED: Final = frozenset({"failed", "canceled"})
_REFUSES_US: Final = (401, 403)
_ITS_OWN_FAULT: Final = 500
_NOT_FOUND: Final = "index_not_found"
# What a server says of a question that does not fit the settings of its index.
_OTHER_SETTINGS: Final = frozenset({
    "invalid_search_attributes_to_search_on", "invalid_search_facets", "invalid_search_filter", "invalid_search_sort",
    "invalid_document_filter", "invalid_multi_search_query_facets",
})
_TASKS_PER_QUESTION: Final = 200  # so that an address stays short
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.5  # seconds between looks at the queue


class TaskFailed(EngineUnavailable):
    """The server took a task and could not do it; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the server did not do a task: {code}")
        self.code = code


class NoAnswerInTime(EngineUnavailable):
    """The server stays silent."""

    def __init__(self) -> None:
        super().__init__("the server did not answer in time")


class Refused(EngineUnavailable):
    """The server does not accept what we send; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the server does not accept this: {code}")
        self.code = code


class _PooledRequests(HttpRequests):
    """The client's transport over the connections of one session."""

    def __init__(self, config: Config, session: requests.Session) -> None:
        super().__init__(config)
        self._session = session

    def send_request(self, http_method: Callable[..., Any], path: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on as it is
        send = partial(super().send_request, getattr(self._session, http_method.__name__), path, *arguments, **options)
        try:
            return send()
        except MeilisearchCommunicationError:
            # A server closes connections that rest for some seconds, perhaps just as we ask. To ask again does no harm; to write again might.
            if http_method.__name__ != "get" and not path.endswith(_ASKED_BY_POST):
                raise
            return send()


class _Clients(threading.local):
    """What a thread has for itself: a session with two clients on it, one for readers and one for writers."""

    def __init__(self, url: str, key: str, read_seconds: float, write_seconds: float) -> None:
        session = requests.Session()
        session.trust_env = False  # or a .netrc replaces our key
        self.session = session
        self.reader, self.writer = (_client(url, key, seconds, session) for seconds in (read_seconds, write_seconds))


def _client(url: str, key: str, seconds: float, session: requests.Session) -> meilisearch.Client:
    made = meilisearch.Client(url, key or None)
    made.config.timeout = seconds  # type: ignore[assignment] # requests takes parts of a second as well
    made.http = made.task_handler.http = _PooledRequests(made.config, session)
    return made


class Server:
    """The calls that we use, in any thread. Every method raises EngineUnavailable, with no word of the key or the address."""

    def __init__(self, url: str, key: str, *, read_seconds: float, write_seconds: float, rest_seconds: float) -> None:
        self._own = _Clients(url.rstrip("/"), key.strip(), read_seconds, write_seconds)
        self._rest_seconds = rest_seconds
        self._silent_until = 0.0  # by the monotonic clock; 0 while the server answers

    def search(self, queries: Sequence[Json]) -> list[Json]:
        """Return the answers to several queries, in one round."""
        with self._unless_silent(), _translated():
            answer = self._own.reader.multi_search(list(queries))
            return list(answer["results"])

    def setting(self, index: str, name: str) -> Any:  # noqa: ANN401 - a list, a map, a number
        """Return one setting of an index."""
        with _translated():
            return self._own.reader.http.get(f"indexes/{index}/settings/{name}")

    def documents(self, index: str, *, fields: Sequence[str], where: str | None, offset: int, limit: int) -> list[Json]:
        """Return these fields of the documents that pass the filter `where`."""
        asked: Json = {"fields": list(fields), "offset": offset, "limit": limit}
        if where is not None:
            asked["filter"] = where
        with _translated():
            answer = self._own.writer.http.post(f"indexes/{index}/documents/fetch", asked)
            return list(answer["results"])

    def indexes(self) -> set[str]:
        """Return the names of all indexes."""
        with _translated():
            return {found["uid"] for found in self._own.writer.http.get("indexes?limit=1000")["results"]}

    def create(self, index: str) -> int:
        """Enqueue making an empty index; like all that enqueue, returns the task."""
        return self._write(lambda http: http.post("indexes", {"uid": index, "primaryKey": "id"}))

    def delete(self, index: str) -> int:
        """Enqueue dropping an index."""
        return self._write(lambda http: http.delete(f"indexes/{index}"))

    def set(self, index: str, settings: Json) -> int:
        """Enqueue a change of settings. Raises Refused for one that this release does not know."""
        return self._write(lambda http: http.patch(f"indexes/{index}/settings", settings))

    def set_synonyms(self, index: str, synonyms: Mapping[str, Sequence[str]]) -> int:
        """Enqueue other synonyms in place of the ones there."""
        return self._write(lambda http: http.put(f"indexes/{index}/settings/synonyms", dict(synonyms)))

    def put(self, index: str, documents: Sequence[Json]) -> int:
        """Enqueue documents, in place of those with the same id. `documents` must not be empty."""
        return self._write(lambda http: http.post(f"indexes/{index}/documents?primaryKey=id", orjson.dumps(documents)))

    def drop(self, index: str, ids: Sequence[str]) -> int:
        """Enqueue dropping documents. `ids` must not be empty: the server would take it for no condition at all."""
        return self._write(lambda http: http.post(f"indexes/{index}/documents/delete-batch", orjson.dumps(ids)))

    def swap(self, one: str, other: str) -> int:
        """Enqueue exchanging the names of two indexes, at once for every reader."""
        return self._write(lambda http: http.post("swap-indexes", [{"indexes": [one, other]}]))

    def wait_for(self, tasks: Iterable[int], *, seconds: float) -> None:
        """Return when all these tasks are done. Raises TaskFailed for the first that failed."""
        left, patience = sorted(set(tasks)), _Patience(seconds)
        while left:
            now = left[:_TASKS_PER_QUESTION]
            for task in self._tasks(uids=now, limit=len(now)):
                status = task["status"]
                if status in _FAILED:
                    raise _failure(task)
                if status == "succeeded":
                    left.remove(task["uid"])
            if left[: len(now)] == now:
                patience.pause()

    def wait_for_swap(self, task: int, *, index: str, displayed: str, seconds: float) -> None:
        """Return when `index` displays this attribute. A key for some indexes only is shown no swaps, so the task alone does not tell."""
        patience = _Patience(seconds)
        while displayed not in self.setting(index, "displayed-attributes"):
            for shown in self._tasks(uids=[task], limit=1):
                if shown["status"] in _FAILED:
                    raise _failure(shown)
            patience.pause()

    def wait_for_empty_queue(self, indexes: Sequence[str], *, seconds: float) -> None:
        """Return when no task for one of these indexes waits or is at work."""
        patience = _Patience(seconds)
        while self._tasks(indexUids=indexes, statuses=["enqueued", "processing"], limit=1):
            patience.pause()

    def close(self) -> None:
        """Close the connections of this thread; those of others go with their threads."""
        self._own.session.close()

    @contextmanager
    def _unless_silent(self) -> Iterator[None]:
        """Leave a server alone for a moment that did not answer in time: or all threads wait for it, and no page of the house comes."""
        if monotonic() < self._silent_until:
            raise NoAnswerInTime
        if self._silent_until:  # one tries again, the others need not wait for it
            self._silent_until = monotonic() + self._rest_seconds
        try:
            yield
        except NoAnswerInTime:
            self._silent_until = monotonic() + self._rest_seconds
            raise
        self._silent_until = 0.0

    def _tasks(self, *, limit: int, **which: Iterable[object]) -> list[Json]:
        asked = {name: ",".join(map(str, values)) for name, values in which.items()}
        with _translated():
            return list(self._own.reader.http.get(f"tasks?{urlencode({**asked, 'limit': limit})}")["results"])

    def _write(self, send: Callable[[HttpRequests], Json]) -> int:
        with _translated():
            return int(send(self._own.writer.http)["taskUid"])


class _Patience:
    """Pauses that grow, and end."""

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds
        self._next = _FIRST_PAUSE

    def pause(self) -> None:
        if monotonic() >= self._until:
            raise EngineUnavailable("the server did not finish its tasks in time")
        sleep(self._next)
        self._next = min(self._next * 1.5, _LONGEST_PAUSE)


def _failure(task: Json) -> EngineUnavailable:
    code = str((task.get("error") or {}).get("code") or task["status"])
    return IndexUnusable("the index is gone") if code == _NOT_FOUND else TaskFailed(code)


@contextmanager
def _translated() -> Iterator[None]:
    """Say in our words what went wrong; texts of the client may hold the address, and those about headers the key."""
    try:
        yield
    except MeilisearchApiError as error:
        raise _meaning_of(error.status_code, error.code or "no code") from None
    except MeilisearchTimeoutError:
        raise NoAnswerInTime from None
    except (MeilisearchError, requests.RequestException) as error:
        raise EngineUnavailable(f"there is no connection to the server ({type(error).__name__})") from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise EngineUnavailable(f"what the server said can not be read ({type(error).__name__})") from None


def _meaning_of(status: int, code: str) -> EngineUnavailable:
    if code == _NOT_FOUND:
        return IndexUnusable("there is no index")
    if code in _OTHER_SETTINGS:
        return IndexUnusable(f"the index has other settings ({code})")
    if status in _REFUSES_US:
        return EngineUnavailable(f"the server refuses our key ({code})")
    if status >= _ITS_OWN_FAULT:
        return EngineUnavailable(f"the server is in trouble ({status}, {code})")
    return Refused(code)
