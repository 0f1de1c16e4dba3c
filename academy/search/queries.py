"""Reads of the index; an engine that is away gives an empty, `degraded` answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleKind
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.search import reading
from academy.search.documents import PROGRAMME
from academy.search.gateway import (
    EngineUnavailable,
    FacetCount,
    Hit,
    IndexUnusable,
    SearchEngine,
    SearchQuery,
    SearchResult,
)

_log = structlog.get_logger(__name__)
PROGRAMMES_AT_HOME = 12
SIMILAR = 4
MODULES = ("kind", tuple(kind.value for kind in ModuleKind))
_TITLES_SUGGESTED = 6
_VALUES_SUGGESTED = 3
_SHORTEST_BEGINNING = 4  # letters; fewer resemble everything


@dataclass(frozen=True)
class Front:
    """What the home page shows of the index."""

    total: int
    sectors: tuple[FacetCount, ...]
    programmes: tuple[Hit, ...]
    degraded: bool = False


def search(engine: SearchEngine, query: SearchQuery) -> SearchResult:
    """Return the engine's answer, equals in the order of today."""
    try:
        return engine.search(replace(query, day=amsterdam_day(utc_now()).weekday()))
    except EngineUnavailable as error:
        _log.warning("search.engine-unavailable", error=type(error).__name__, reason=str(error))
        return SearchResult(degraded=True)


def needs_rebuild(engine: SearchEngine) -> bool:
    """Tell whether there is no index that this release can read."""
    try:
        engine.check()
    except IndexUnusable:
        return True
    return False


def front(engine: SearchEngine, language: Language) -> Front:
    """Return the sectors with their numbers, and the programmes whose modules we know."""
    everything = search(engine, SearchQuery(facets=("sector",), per_page=1, language=language))
    composed = SearchQuery(filters=(("composed", ("yes",)),), per_page=PROGRAMMES_AT_HOME, language=language)
    if everything.degraded:
        return Front(0, (), (), degraded=True)
    found = search(engine, composed)
    return Front(everything.total, _most_first(everything, "sector"), found.hits, found.degraded)


@dataclass(frozen=True)
class Similar:
    """Modules that resemble one; `title` is that one's, empty when the index does not have it (any more)."""

    title: str
    hits: tuple[Hit, ...]
    degraded: bool = False


def similar(engine: SearchEngine, slug: str, language: Language) -> Similar:
    """Return what resembles the module at this address: first its words within its sector, then its words, then its sector."""
    about = slug.replace("-", " ")
    known = search(engine, SearchQuery(text=about, filters=(MODULES,), per_page=10, language=language))
    if known.degraded:
        return Similar("", (), degraded=True)
    itself = next((hit for hit in known.hits if hit.card["slug"] == slug), None)
    title = str(itself.card["title"]) if itself else ""
    sector = (("sector", (str(itself.card["sector"]),)),) if itself and itself.card["sector"] else ()
    asked = [(title or about, sector), (title or about, ()), *([("", sector)] if sector else [])]
    found: dict[str, Hit] = {}
    for text, filters in asked:
        answer = search(engine, SearchQuery(text=text, filters=(MODULES, *filters), per_page=SIMILAR + 1, language=language, some=True))
        for hit in answer.hits:
            if hit.card["slug"] != slug:
                found.setdefault(hit.id, replace(hit, title=hit.card["title"], summary=hit.card["summary"]))  # without marks
    return Similar(title, tuple(found.values())[:SIMILAR])


def label_of(engine: SearchEngine, facet: str, value: str) -> str:
    """Return the name of a value that carries its label in the index, also when nothing else in the answer has it."""
    found = search(engine, SearchQuery(filters=((facet, (value,)),), facets=(facet,), per_page=1))
    return next((count.label for count in found.facets.get(facet, ()) if count.value == value), "") or value


def facet_values(engine: SearchEngine, query: SearchQuery, facet: str, inside: str, *, limit: int) -> tuple[FacetCount, ...]:
    """Return the values of a facet whose names have words that begin so; none when the engine is away."""
    try:
        return engine.facet_values(query, facet, inside, limit=limit)
    except EngineUnavailable as error:
        _log.warning("search.engine-unavailable", error=type(error).__name__, reason=str(error))
        return ()


@dataclass(frozen=True)
class Suggested:
    """What someone may mean who is still typing."""

    hits: tuple[Hit, ...] = ()
    skills: tuple[FacetCount, ...] = ()
    providers: tuple[FacetCount, ...] = ()
    sectors: tuple[FacetCount, ...] = ()  # all of them: which begin so is for who knows their names
    degraded: bool = False


def suggested(engine: SearchEngine, text: str, language: Language) -> Suggested:
    """Return what has `text` in its title, else anywhere; and the skills and providers with words that begin so.

    Nothing for what asks for nothing, as punctuation, or only says what must not be there.
    """
    if not reading.read(text).wanted:
        return Suggested()
    titles = SearchQuery(text=text, only_titles=True, per_page=_TITLES_SUGGESTED, language=language)
    found = search(engine, titles)
    if found.degraded:
        return Suggested(degraded=True)
    if not found.hits or found.looser:
        found = search(engine, replace(titles, only_titles=False))
    everything = SearchQuery(facets=("sector",), per_page=1, language=language)
    skills, providers = (
        facet_values(engine, SearchQuery(language=language, only_titles=True), facet, text, limit=_VALUES_SUGGESTED) for facet in ("skill", "provider")
    )
    return Suggested(found.hits, skills, providers, _most_first(search(engine, everything), "sector"))


@dataclass(frozen=True)
class OfTopic:
    """What the index has of a topic; `total` counts modules and programmes."""

    total: int = 0
    modules: tuple[Hit, ...] = ()
    programmes: tuple[Hit, ...] = ()
    skills: tuple[FacetCount, ...] = ()
    providers: tuple[FacetCount, ...] = ()
    degraded: bool = False


def of_topic(engine: SearchEngine, query: SearchQuery, *, modules: int, programmes: int, values: int) -> OfTopic:
    """Return at most so many modules, programmes, and skills and providers of what `query` finds."""
    whole = search(engine, replace(query, facets=("provider",), per_page=1))
    if whole.degraded or whole.looser:
        return OfTopic(degraded=whole.degraded)

    def of_kind(kind: tuple[str, tuple[str, ...]], number: int) -> tuple[Hit, ...]:
        return search(engine, replace(query, filters=(*query.filters, kind), facets=(), per_page=number)).hits

    skills = facet_values(engine, replace(query, facets=()), "skill", "", limit=values)
    return OfTopic(
        whole.total, of_kind(MODULES, modules), of_kind(("kind", (PROGRAMME,)), programmes), skills, _most_first(whole, "provider")[:values],
    )


def near(engine: SearchEngine, query: SearchQuery, limit: int) -> tuple[Hit, ...]:
    """Return what comes nearest to a question that found nothing: the words alone, one of them, or the beginning of the longest.

    What must not be there stays away.
    """
    question = reading.read(query.text)
    longest = max(question.wanted, key=len, default="")
    if not longest:
        return ()
    words = SearchQuery(text=query.text, per_page=limit, language=query.language)
    without = [f'-"{" ".join(phrase)}"' for phrase in question.without]
    lengths = (len(longest) * 2 // 3, len(longest) // 2, len(longest) // 3)
    beginnings = (" ".join((*without, longest[:length])) for length in lengths if length >= _SHORTEST_BEGINNING)
    tries = [words, replace(words, some=True), *(replace(words, text=beginning, only_titles=True) for beginning in beginnings)]
    return next((hits for attempt in tries if (hits := search(engine, attempt).hits)), ())


def totals(engine: SearchEngine, queries: Iterable[SearchQuery]) -> list[int]:
    """Return how many each of `queries` finds with all its words."""
    found = (search(engine, replace(query, facets=(), per_page=1, page=1)) for query in queries)
    return [0 if each.looser else each.total for each in found]


def _most_first(found: SearchResult, facet: str) -> tuple[FacetCount, ...]:
    return tuple(sorted(found.facets.get(facet, ()), key=lambda count: (-count.count, count.label or count.value)))


def own_prices(session: Session, actor: Actor, hits: Iterable[Hit], *, now: datetime) -> dict[str, Money]:
    """Return what this learner pays of the class on the card, by hit for which somebody pays along; of who told us nothing, nothing.

    As on the page of a module it is from what is remembered of the rules, without what yearly caps still have.
    """
    priced = {hit.card["slug"]: hit for hit in hits if hit.card.get("price") and hit.card.get("starts")}
    situation = funding.situation_of(session, actor.person_id, email=actor.email) if priced else funding.Situation()
    if situation == funding.Situation():
        return {}
    named = catalogue.modules_by_slug(session, priced)
    sold = {
        hit.id: funding.Sold(there.id, there.kind.value, there.provider_id, Money(hit.card["price"]), date.fromisoformat(hit.card["starts"]))
        for slug, hit in priced.items() if (there := named.get(slug)) is not None
    }
    quotes = funding.quotes(session, list(sold.values()), situation=situation, is_business=False, now=now)
    return {hit_id: quote.own for hit_id, quote in zip(sold, quotes, strict=True) if quote.parts}
