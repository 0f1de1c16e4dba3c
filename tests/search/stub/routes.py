"""The calls of the server that are documented and that we use, on indexes in memory."""

import re
import threading
from collections.abc import Callable
from typing import Any

from tests.search.stub import filters
from tests.search.stub import settings as index_settings
from tests.search.stub.errors import Refusal, bad, known_only
from tests.search.stub.index import Index, TaskError
from tests.search.stub.searching import IN_MULTI_SEARCH, search
from tests.search.stub.tasks import Queue

Arguments = dict[str, list[str]]
Answer = tuple[int, Any]
_UID = re.compile(r"^[A-Za-z0-9_-]{1,400}$")


class Routes:
    """What the server knows, and the method of each address."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.queue = Queue()
        self.unknown_settings: frozenset[str] = frozenset()
        self._lock = threading.RLock()

    def find(self, method: str, path: str) -> Callable[[Arguments, Any], Answer]:
        """Return what answers, with the parts of the address filled in. Raises Refusal."""
        for known_method, pattern, name in _ADDRESSES:
            found = re.fullmatch(pattern, path)
            if found and known_method == method:
                parts = found.groups()
                return lambda arguments, body: getattr(self, name)(*parts, arguments, body)
        raise Refusal(405 if any(re.fullmatch(pattern, path) for _method, pattern, _name in _ADDRESSES) else 404, "not_found")

    def health(self, _arguments: Arguments, _body: Any) -> Answer:
        return 200, {"status": "available"}

    def version(self, _arguments: Arguments, _body: Any) -> Answer:
        return 200, {"commitSha": "stub", "commitDate": "stub", "pkgVersion": "1.50.0"}

    def stats(self, _arguments: Arguments, _body: Any) -> Answer:
        each = {uid: {"numberOfDocuments": len(index.documents), "isIndexing": False} for uid, index in self.indexes.items()}
        return 200, {"databaseSize": 0, "usedDatabaseSize": 0, "lastUpdate": None, "indexes": each}

    def tasks(self, arguments: Arguments, _body: Any) -> Answer:
        return 200, self.queue.find(arguments)

    def list_indexes(self, arguments: Arguments, _body: Any) -> Answer:
        limit = int(arguments.get("limit", ["20"])[0])
        listed = [_described(uid, index) for uid, index in sorted(self.indexes.items())]
        return 200, {"results": listed[:limit], "offset": 0, "limit": limit, "total": len(listed)}

    def one_index(self, uid: str, _arguments: Arguments, _body: Any) -> Answer:
        return 200, _described(uid, self._index(uid))

    def make_index(self, _arguments: Arguments, body: Any) -> Answer:
        known_only(body, frozenset({"uid", "primaryKey"}), "")
        uid = body.get("uid", "")
        if not _UID.match(uid):
            raise bad("invalid_index_uid")

        def work() -> None:
            if uid in self.indexes:
                raise TaskError("index_already_exists")
            self.indexes[uid] = Index(body.get("primaryKey"))

        return 202, self.queue.add("indexCreation", uid, work)

    def drop_index(self, uid: str, _arguments: Arguments, _body: Any) -> Answer:
        def work() -> None:
            if self.indexes.pop(uid, None) is None:
                raise TaskError("index_not_found")

        return 202, self.queue.add("indexDeletion", uid, work)

    def swap(self, _arguments: Arguments, body: Any) -> Answer:
        pairs = []
        for each in body if isinstance(body, list) else []:
            known_only(each, frozenset({"indexes", "rename"}), "")
            if len(each.get("indexes", ())) != 2:
                raise bad("invalid_swap_indexes")
            pairs.append(tuple(each["indexes"]))
        names = [name for pair in pairs for name in pair]
        if len(set(names)) != len(names):
            raise bad("invalid_swap_duplicate_index_found")

        def work() -> None:
            if not set(names) <= self.indexes.keys():
                raise TaskError("index_not_found")
            with self._lock:
                for one, other in pairs:
                    self.indexes[one], self.indexes[other] = self.indexes[other], self.indexes[one]

        return 202, self.queue.add("indexSwap", None, work, *names)

    def settings(self, uid: str, _arguments: Arguments, _body: Any) -> Answer:
        return 200, self._index(uid).settings.values

    def change_settings(self, uid: str, _arguments: Arguments, body: Any) -> Answer:
        given = index_settings.check(body, self.unknown_settings)

        def work() -> None:
            index = self.indexes.setdefault(uid, Index(None))
            index.settings.change(given)
            index.forget()

        return 202, self.queue.add("settingsUpdate", uid, work)

    def one_setting(self, uid: str, name: str, _arguments: Arguments, _body: Any) -> Answer:
        return 200, self._index(uid).settings[_setting(name)]

    def change_one_setting(self, uid: str, name: str, arguments: Arguments, body: Any) -> Answer:
        return self.change_settings(uid, arguments, {_setting(name): body})

    def add_documents(self, uid: str, arguments: Arguments, body: Any) -> Answer:
        if not _UID.match(uid):
            raise bad("invalid_index_uid")
        if set(arguments) - {"primaryKey", "csvDelimiter", "customMetadata", "skipCreation"}:
            raise bad("bad_request")
        if not isinstance(body, list) or not all(isinstance(document, dict) for document in body):
            raise bad("malformed_payload")

        def work() -> None:
            index = self.indexes.setdefault(uid, Index(None))
            index.primary_key = index.primary_key or arguments.get("primaryKey", ["id"])[0]
            index.put(body)

        return 202, self.queue.add("documentAdditionOrUpdate", uid, work)

    def drop_batch(self, uid: str, _arguments: Arguments, body: Any) -> Answer:
        if not isinstance(body, list):
            raise bad("bad_request")

        def work() -> None:
            if uid not in self.indexes:
                raise TaskError("index_not_found")
            self.indexes[uid].drop(map(str, body))

        return 202, self.queue.add("documentDeletion", uid, work)

    def fetch_documents(self, uid: str, _arguments: Arguments, body: Any) -> Answer:
        known_only(body, frozenset({"offset", "limit", "fields", "retrieveVectors", "filter", "ids", "sort"}), "")
        index = self._index(uid)
        passes = filters.compiled(body.get("filter"), index.settings.allowed(), "invalid_document_filter")
        offset, limit, fields = body.get("offset", 0), body.get("limit", 20), body.get("fields", ["*"])
        found = [document for document in index.documents.values() if passes(document)]
        shown = [
            {name: value for name, value in document.items() if "*" in fields or name in fields} for document in found[offset : offset + limit]
        ]
        return 200, {"results": shown, "offset": offset, "limit": limit, "total": len(found)}

    def search_one(self, uid: str, _arguments: Arguments, body: Any) -> Answer:
        return 200, search(self._index(uid), body)

    def multi_search(self, _arguments: Arguments, body: Any) -> Answer:
        known_only(body, frozenset({"queries", "federation"}), "")
        if body.get("federation") is not None:
            raise bad("bad_request", "this stub does not join lists")
        results = []
        with self._lock:
            for number, asked in enumerate(body.get("queries") or ()):
                try:
                    uid = asked.get("indexUid") if isinstance(asked, dict) else None
                    if uid is None:
                        raise bad("missing_index_uid")
                    results.append({"indexUid": uid} | search(self._index(uid), asked, IN_MULTI_SEARCH))
                except Refusal as refusal:
                    refusal.body["message"] = f"Inside `.queries[{number}]`: {refusal.body['message']}"
                    raise
        return 200, {"results": results}

    def _index(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise Refusal(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]


def _setting(name: str) -> str:
    if name not in index_settings.BY_ADDRESS:
        raise Refusal(404, "not_found")
    return index_settings.BY_ADDRESS[name]


def _described(uid: str, index: Index) -> dict[str, Any]:
    moment = "2026-01-01T00:00:00Z"
    return {"uid": uid, "primaryKey": index.primary_key, "createdAt": moment, "updatedAt": moment}


_INDEX = "/indexes/([^/]+)"
_ADDRESSES = (
    ("GET", "/health", "health"), ("GET", "/version", "version"), ("GET", "/stats", "stats"), ("GET", "/tasks", "tasks"),
    ("GET", "/indexes", "list_indexes"), ("POST", "/indexes", "make_index"), ("POST", "/swap-indexes", "swap"),
    ("POST", "/multi-search", "multi_search"), ("GET", _INDEX, "one_index"), ("DELETE", _INDEX, "drop_index"),
    ("GET", f"{_INDEX}/settings", "settings"), ("PATCH", f"{_INDEX}/settings", "change_settings"),
    ("GET", f"{_INDEX}/settings/([^/]+)", "one_setting"), ("PUT", f"{_INDEX}/settings/([^/]+)", "change_one_setting"),
    ("POST", f"{_INDEX}/documents", "add_documents"), ("POST", f"{_INDEX}/documents/delete-batch", "drop_batch"),
    ("POST", f"{_INDEX}/documents/fetch", "fetch_documents"), ("POST", f"{_INDEX}/search", "search_one"),
)
