"""What search asks of an engine, in our words; one file per engine implements it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from academy.kernel.text import Language

# Around matched words in the texts of a hit: they can not occur in a document and survive HTML escaping.
MARK_START, MARK_END = "\x02", "\x03"


class EngineUnavailable(Exception):
    """The engine can not answer now."""


class IndexUnusable(EngineUnavailable):
    """There is no index, it is damaged, or it was made for another release: only a rebuild helps."""


class IndexBusy(EngineUnavailable):
    """Someone else writes to the index and did not finish in time: later again."""


@dataclass(frozen=True)
class SearchDocument:
    """One findable thing. `titles`, `words` and `codes` are folded (see folding.py); `orders` are sort keys, lowest first.

    `facets` maps a facet to its distinct values, `labels` a facet to the name of its one value where the value itself is no
    name, `cards` a language to the JSON of the result card; `title` and `summary` in it are highlighted.
    """

    id: str
    titles: tuple[str, ...]
    words: str
    codes: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    orders: Mapping[str, int]
    cards: Mapping[Language, str]
    checksum: str = field(compare=False)


@dataclass(frozen=True)
class Changes:
    """What to write in one commit: documents to put in place of those with the same id, and ids to drop."""

    documents: tuple[SearchDocument, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchQuery:
    """A question. `filters` are (facet, values): any of the values, all of the facets; `page` counts from 1.

    With `some`, one of the words is enough, as it stands: for what resembles something, not for what someone typed.
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facets: tuple[str, ...] = ()
    sort: str = "best"
    page: int = 1
    per_page: int = 30
    language: Language = "nl"
    some: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: its card, and the card's title and summary with marks around matched words; `version` changes when the card does."""

    id: str
    version: str
    card: Mapping[str, Any]
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many documents have this value; `label` only where the facet carries one."""

    value: str
    count: int
    label: str = ""


@dataclass(frozen=True)
class SearchResult:
    """An answer. `page` is the page given, which is the last one when a later page was asked; `took_ms` is engine time."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    looser: bool = False
    degraded: bool = False
    took_ms: float = 0.0


class SearchEngine(Protocol):
    """An index of documents. Every method raises EngineUnavailable when the engine can not do it now."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer `query`: all words must match; when nothing does, documents with some of them (`looser`)."""

    def apply(self, read: Callable[[], Changes]) -> None:
        """Call `read` when it is this writer's turn, so that no older state is written after a newer one, and write in one commit."""

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Fill a new index from `documents` and switch to it; searches go on meanwhile. Returns how many were written."""

    def contents(self, provider: str | None = None) -> Mapping[str, str]:
        """Return id → checksum of every document (of one provider)."""

    def check(self) -> None:
        """Raise IndexUnusable when only a rebuild helps."""

    def close(self) -> None:
        """Let go of files."""
