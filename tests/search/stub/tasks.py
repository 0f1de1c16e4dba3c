"""The queue: whatever writes is a task, done later by one worker in the order in which it came."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.search.stub.errors import Refusal
from tests.search.stub.index import TaskError

_WAITS = ("enqueued", "processing")


@dataclass
class Task:
    uid: int
    index: str | None
    kind: str
    work: Callable[[], None]
    about: tuple[str, ...]
    status: str = "enqueued"
    error: dict[str, str] | None = None

    def summary(self) -> dict[str, Any]:
        return {"taskUid": self.uid, "indexUid": self.index, "status": "enqueued", "type": self.kind, "enqueuedAt": _now()}

    def whole(self) -> dict[str, Any]:
        return {
            "uid": self.uid, "batchUid": None, "indexUid": self.index, "status": self.status, "type": self.kind, "canceledBy": None,
            "details": {}, "error": self.error, "duration": None, "enqueuedAt": _now(), "startedAt": None, "finishedAt": None,
        }


def _now() -> str:
    """Return a moment without a fraction of a second: one in a million is such, and clients stumble over it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"  # noqa: TID251 - a server has its own clock


class Queue:
    """Tasks, and the thread that does them.

    `failing` maps a kind of task to the code it fails with; `hides_swaps` is what a key for some indexes only sees: tasks of no index
    are not shown.
    """

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.failing: dict[str, str] = {}
        self.hides_swaps = False
        self._held = False
        self._changed = threading.Condition()
        self._stopped = False
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def hold(self) -> None:
        with self._changed:
            self._held = True

    def release(self) -> None:
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._worker.join()

    def add(self, kind: str, index: str | None, work: Callable[[], None], *about: str) -> dict[str, Any]:
        """Enqueue; `about` are the indexes a task without one is about."""
        with self._changed:
            task = Task(len(self.tasks), index, kind, work, about or ((index,) if index else ()))
            self.tasks.append(task)
            self._changed.notify_all()
            return task.summary()

    def find(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        """Return the tasks asked for by `uids`, `statuses`, `indexUids`, `types`; newest first, at most `limit`."""
        known = {"uids", "statuses", "indexUids", "types", "limit", "from"}
        for name in asked:
            if name not in known:
                raise Refusal(400, "bad_request", f"Unknown parameter `{name}`")
        given = {name: values[0].split(",") for name, values in asked.items()}
        for status in given.get("statuses", ()):
            if status not in {*_WAITS, "succeeded", "failed", "canceled"}:
                raise Refusal(400, "invalid_task_statuses")
        with self._changed:
            found = [
                task for task in reversed(self.tasks)
                if (task.index or not self.hides_swaps) and ("uids" not in given or str(task.uid) in given["uids"]) and ("statuses" not in given or task.status in given["statuses"])
                and ("indexUids" not in given or set(task.about) & set(given["indexUids"])) and ("types" not in given or task.kind in given["types"])
            ]
            limit = int(given.get("limit", ["20"])[0])
            return {"results": [task.whole() for task in found[:limit]], "total": len(found), "limit": limit, "from": None, "next": None}

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or (not self._held and any(task.status == "enqueued" for task in self.tasks)))
                if self._stopped:
                    return
                task = next(task for task in self.tasks if task.status == "enqueued")
                task.status = "processing"
            code = self.failing.get(task.kind, "")
            try:
                if not code:
                    task.work()
            except TaskError as error:
                code = error.code
            with self._changed:
                task.error = {"message": code, "code": code, "type": "invalid_request", "link": ""} if code else None
                task.status = "failed" if code else "succeeded"
