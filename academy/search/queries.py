"""Reads of the index; an engine that is away gives an empty, `degraded` answer."""

from dataclasses import dataclass

import structlog

from academy.kernel.text import Language
from academy.search.gateway import EngineUnavailable, FacetCount, Hit, SearchEngine, SearchQuery, SearchResult

_log = structlog.get_logger(__name__)
PROGRAMMES_AT_HOME = 12


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


def label_of(engine: SearchEngine, facet: str, value: str) -> str:
    """Return the name of a value that carries its label in the index, also when nothing else in the answer has it."""
    found = search(engine, SearchQuery(filters=((facet, (value,)),), facets=(facet,), per_page=1))
    return next((count.label for count in found.facets.get(facet, ()) if count.value == value), "") or value
