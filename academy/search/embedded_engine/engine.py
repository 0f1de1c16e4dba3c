"""SearchEngine on tantivy: opens, writes, switches.

A reader looks at two file stamps per search, so a commit or a switch by another process is seen at the next search. A writer
holds the folder for one operation: several processes may write, one after the other.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import tantivy

from academy.search.embedded_engine.folder import IndexFolder, Stamp, guarded, stamp
from academy.search.embedded_engine.schema import SCHEMA, stored
from academy.search.embedded_engine.snapshot import Names, Snapshot
from academy.search.embedded_engine.vocabulary import Vocabulary
from academy.search.gateway import (
    Changes,
    FacetCount,
    IndexNotWritten,
    IndexUnusable,
    SearchDocument,
    SearchQuery,
    SearchResult,
)
from academy.search.index_spec import FACET_NAMES

_SMALL_HEAP: Final = 15_000_000  # bytes
_REST: Final = 20  # times as long as learning the words took, before they are learned again
_LARGE_HEAP: Final = 256_000_000  # keeps a rebuild in one segment, which answers fastest


class EmbeddedEngine:
    """SearchEngine on tantivy in `folder`; `wait_seconds` is how long a writer waits for its turn."""

    def __init__(self, folder: Path, *, wait_seconds: float = 10) -> None:
        self._folder = IndexFolder(folder, wait_seconds=wait_seconds)
        self._opening = threading.Lock()
        self._learning = False
        self._learn_at = 0.0
        self._names = Names()
        self._snapshot: Snapshot | None = None
        self._index: tuple[Path, tantivy.Index] | None = None
        self._meta = self._folder.pointer
        self._stamps: tuple[Stamp, Stamp] | None = None

    def search(self, query: SearchQuery) -> SearchResult:
        started = time.perf_counter()
        with guarded():
            found = self._present().search(query)
        return replace(found, took_ms=(time.perf_counter() - started) * 1000)

    def facet_values(self, query: SearchQuery, facet: str, inside: str, *, limit: int = 20) -> tuple[FacetCount, ...]:
        with guarded():
            return self._present().facet_values(query, facet, inside, limit)

    def contents(self, provider: str | None = None) -> Mapping[str, str]:
        with guarded():
            return self._present().contents(provider)

    def check(self) -> None:
        with guarded():
            present = self._present()
            # What is in hand goes on answering when files are gone or damaged; whoever opens the index next must get answers too.
            index = tantivy.Index.open(str(self._folder.present()))
            index.config_reader("manual")
            index.reload()
            Snapshot(index.searcher(), present.vocabulary).search(SearchQuery(facets=FACET_NAMES))

    def apply(self, read: Callable[[], Changes]) -> None:
        with self._folder.turn():
            directory = self._folder.present()
            changes = read()
            if not changes.documents and not changes.dropped:
                return
            with guarded():
                index = tantivy.Index.open(str(directory))
            with guarded(IndexNotWritten):
                writer = index.writer(_SMALL_HEAP, 1)
                for gone in (*changes.dropped, *(document.id for document in changes.documents)):
                    writer.delete_documents_by_term("id", gone)
                for document in changes.documents:
                    writer.add_document(stored(document))
                writer.commit()
                writer.wait_merging_threads()  # a writer that is let go of earlier never merges, and searching gets slower

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        number = 0
        with self._folder.turn(), guarded(IndexNotWritten), self._folder.replacement() as directory:
            writer = tantivy.Index(SCHEMA, str(directory)).writer(_LARGE_HEAP, 1)
            try:
                for number, document in enumerate(documents, start=1):  # noqa: B007 - the count is what is returned
                    writer.add_document(stored(document))
                writer.commit()
            except BaseException:
                writer.rollback()  # or its thread goes on writing in a directory that is being removed
                raise
            writer.wait_merging_threads()
        return number

    def close(self) -> None:
        with self._opening:
            self._snapshot, self._index, self._stamps = None, None, None

    def _present(self) -> Snapshot:
        """Return the newest state; two file stamps tell whether it is in hand already."""
        snapshot = self._snapshot
        try:
            if snapshot is not None and self._stamps == (stamp(self._folder.pointer), stamp(self._meta)):
                return snapshot
        except IndexUnusable:  # the directory in hand is gone; the pointer may name another one by now
            pass
        with self._opening:
            return self._open()

    def _open(self) -> Snapshot:
        pointed = stamp(self._folder.pointer)  # stamps first: what changes while we read is seen the next time
        directory = self._folder.present()
        meta = directory / "meta.json"
        stamps = (pointed, stamp(meta))
        if self._snapshot is not None and self._stamps == stamps:  # another thread was first
            return self._snapshot
        known = self._snapshot.vocabulary if self._snapshot and self._index and self._index[0] == directory else None
        if known is None or self._index is None:
            self._names = Names()
            index = tantivy.Index.open(str(directory))
            index.config_reader("manual")
            self._index = (directory, index)
        self._index[1].reload()
        searcher = self._index[1].searcher()
        snapshot = Snapshot(searcher, known or Vocabulary(searcher), self._names)
        self._snapshot, self._stamps, self._meta = snapshot, stamps, meta
        if known is not None and not self._learning:  # new words are found at once, and can be mistyped a moment later
            self._learning = True
            threading.Thread(target=self._learn_words, daemon=True).start()
        return snapshot

    def _learn_words(self) -> None:
        try:
            while not self._have_learned():
                pass
        except BaseException:
            self._learning = False
            raise

    def _have_learned(self) -> bool:
        """Learn the words of the state in hand; False when another state came meanwhile."""
        time.sleep(max(0, self._learn_at - time.monotonic()))
        started, snapshot = time.monotonic(), self._snapshot
        vocabulary = None if snapshot is None else Vocabulary(snapshot.searcher)
        self._learn_at = time.monotonic() + _REST * (time.monotonic() - started)
        with self._opening:
            if self._snapshot is not snapshot:
                return False
            self._learning = False  # here, so that who opens the next state after this starts a thread of its own
            if snapshot is not None and vocabulary is not None:
                self._snapshot = Snapshot(snapshot.searcher, vocabulary, self._names)
            return True
