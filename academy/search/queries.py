"""Reads of the index; an engine that is away gives an empty, `degraded` answer."""

from dataclasses import dataclass, replace

import structlog

from academy.catalogue.api import ModuleKind
from academy.kernel.text import Language
from academy.search.gateway import EngineUnavailable, FacetCount, Hit, SearchEngine, SearchQuery, SearchResult

_log = structlog.get_logger(__name__)
PROGRAMMES_AT_HOME = 12
SIMILAR = 4
_MODULES = ("kind", tuple(kind.value for kind in ModuleKind))


@dataclass(frozen=True)
class Front:
    """What the home page shows of the index."""

    total: int
    sectors: tuple[FacetCount, ...]
    programmes: tuple[Hit, ...]
    degraded: bool = False


def search(engine: SearchEngine, query: SearchQuery) -> SearchResult:
    """Return the engine's answer."""
    try:
        return engine.search(query)
    except EngineUnavailable as error:
        _log.warning("search.engine-unavailable", error=type(error).__name__, reason=str(error))
        return SearchResult(degraded=True)


def front(engine: SearchEngine, language: Language) -> Front:
    """Return the sectors with their numbers, and the programmes whose modules we know."""
    everything = search(engine, SearchQuery(facets=("sector",), per_page=1, language=language))
    composed = SearchQuery(filters=(("composed", ("yes",)),), per_page=PROGRAMMES_AT_HOME, language=language)
    if everything.degraded:
        return Front(0, (), (), degraded=True)
    found = search(engine, composed)
    return Front(everything.total, everything.facets.get("sector", ()), found.hits, found.degraded)


@dataclass(frozen=True)
class Similar:
    """Modules that resemble one; `title` is that one's, empty when the index does not have it (any more)."""

    title: str
    hits: tuple[Hit, ...]
    degraded: bool = False


def similar(engine: SearchEngine, slug: str, language: Language) -> Similar:
    """Return what resembles the module at this address: first its words within its sector, then its words, then its sector."""
    about = slug.replace("-", " ")
    known = search(engine, SearchQuery(text=about, filters=(_MODULES,), per_page=10, language=language))
    if known.degraded:
        return Similar("", (), degraded=True)
    itself = next((hit for hit in known.hits if hit.card["slug"] == slug), None)
    title = str(itself.card["title"]) if itself else ""
    sector = (("sector", (str(itself.card["sector"]),)),) if itself and itself.card["sector"] else ()
    asked = [(title or about, sector), (title or about, ()), *([("", sector)] if sector else [])]
    found: dict[str, Hit] = {}
    for text, filters in asked:
        answer = search(engine, SearchQuery(text=text, filters=(_MODULES, *filters), per_page=SIMILAR + 1, language=language, some=True))
        for hit in answer.hits:
            if hit.card["slug"] != slug:
                found.setdefault(hit.id, replace(hit, title=hit.card["title"], summary=hit.card["summary"]))  # without marks
    return Similar(title, tuple(found.values())[:SIMILAR])


def label_of(engine: SearchEngine, facet: str, value: str) -> str:
    """Return the name of a value that carries its label in the index, also when nothing else in the answer has it."""
    found = search(engine, SearchQuery(filters=((facet, (value,)),), facets=(facet,), per_page=1))
    return next((count.label for count in found.facets.get(facet, ()) if count.value == value), "") or value
