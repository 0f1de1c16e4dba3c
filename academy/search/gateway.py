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


class IndexNotWritten(EngineUnavailable):
    """What was to be written is not there, and what was there before still is: a full disk, a task that failed. Later again."""


class IndexBusy(EngineUnavailable):
    """Someone else writes to the index and did not finish in time: later again."""


@dataclass(frozen=True)
class SearchDocument:
    """One findable thing, prepared for every engine (see documents.py); what each field is for stands in index_spec.py.

    `texts` maps a searchable attribute to its folded texts. `codes` are spelled as folding.folded_code does. `facets` maps a
    facet to its distinct values, `labels` a facet to the names of values that are no names themselves. `numbers` hold only what is
    known. `availability` is a rank, lowest first. `place` is (latitude, longitude) in degrees. `cards` maps a language to the JSON
    of the result card; `title` and `summary` in it are highlighted.
    """

    id: str
    texts: Mapping[str, tuple[str, ...]]
    codes: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, int]
    availability: int
    place: tuple[float, float] | None
    cards: Mapping[Language, str]
    checksum: str = field(default="", compare=False)


@dataclass(frozen=True)
class Changes:
    """What to write in one commit: documents to put in place of those with the same id, and ids to drop."""

    documents: tuple[SearchDocument, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Near:
    """Within `km` kilometres of a point in degrees, as the crow flies; with `km` None only an order, nothing is left out."""

    latitude: float
    longitude: float
    km: float | None = None


@dataclass(frozen=True)
class Range:
    """From `least` to `most`, both included; None is open. What lacks the number is never within."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class SearchQuery:
    """A question. All `filters`, `ranges` and `near` hold at once; `page` counts from 1.

    `filters` are (facet, values): any of the values. `ranges` are (number, Range). The `sort` "distance" needs `near`. `day` chooses
    the order of equals (0 to 6). With `only_titles` words are looked for in titles and codes alone. With `some`, one of the words is
    enough, as it stands: for what resembles something, not for what someone typed.
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, Range], ...] = ()
    near: Near | None = None
    facets: tuple[str, ...] = ()
    sort: str = "best"
    page: int = 1
    per_page: int = 30
    language: Language = "nl"
    day: int = 0
    only_titles: bool = False
    some: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: its card, and the card's title and summary with marks around matched words; `version` changes when the card does."""

    id: str
    version: str
    card: Mapping[str, Any]
    title: str
    summary: str
    km: float | None = None  # how far, where the question said from where


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many documents have this value; `label` only where the facet carries one."""

    value: str
    count: int
    label: str = ""


@dataclass(frozen=True)
class SearchResult:
    """An answer. `page` is the page given, which is the last one when a later page was asked; `took_ms` is engine time.

    `resembled` are words of the question, folded, that no document has in any form: what is found has words that look like them. Only
    the embedded engine can tell.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    looser: bool = False
    degraded: bool = False
    resembled: tuple[str, ...] = ()
    took_ms: float = 0.0


class SearchEngine(Protocol):
    """An index of documents. Every method raises EngineUnavailable when the engine can not do it now."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer `query`: all words must match; when nothing does, documents with some of them (`looser`)."""

    def facet_values(self, query: SearchQuery, facet: str, inside: str, *, limit: int = 20) -> tuple[FacetCount, ...]:
        """Return the values of `facet`, its own filter apart, whose name has words that begin with those of `inside`; most first."""

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
