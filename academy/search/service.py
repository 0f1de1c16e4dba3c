"""Use cases of search: find, and keep the index equal to the catalogue."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.text import Language
from academy.search import highlight, queries, reading, rules
from academy.search.documents import module_document, programme_document
from academy.search.folding import clean
from academy.search.gateway import (
    Changes,
    EngineUnavailable,
    Hit,
    IndexUnusable,
    SearchDocument,
    SearchEngine,
    SearchQuery,
    SearchResult,
)
from academy.skills import api as skills

_BATCH = 500
_MOST_WITHOUT_ENGINE = 90  # modules: three pages
_AROUND_WORDS = "\"'“”‘’„«»()[]{}<>.,:;!?…-"  # noqa: RUF001 - what stands around words
Progress = Callable[[int, int], None]

_current: list[SearchEngine] = []


@dataclass(frozen=True)
class ModulesFound:
    """Ids of modules; `degraded` when the engine was away, and the list is what the database could tell."""

    ids: tuple[UUID, ...]
    degraded: bool = False


def set_engine(engine: SearchEngine) -> None:
    """Make `engine` the one that `engine()` returns in this process."""
    _current[:] = [engine]


def engine() -> SearchEngine:
    """Return the engine of this process, set once at start-up."""
    return _current[0]


def find(query: SearchQuery, *, now: datetime) -> SearchResult:
    """Return the engine's answer; when it is away, the modules whose title has the words, from the database (`degraded`)."""
    found = queries.search(engine(), query)
    return _find_in_catalogue(query, now) if found.degraded else found


def front(language: Language) -> queries.Front:
    """Return what the home page shows; when the engine is away, the programmes from the database."""
    found = queries.front(engine(), language)
    if not found.degraded:
        return found
    with database().reading() as session:
        programmes = [programme for programme in catalogue.programmes(session) if programme.module_count]
    documents = (programme_document(programme) for programme in programmes[: queries.PROGRAMMES_AT_HOME])
    return replace(found, programmes=tuple(_hit(document, SearchQuery(language=language)) for document in documents))


def similar(slug: str, language: Language) -> queries.Similar:
    """Return modules that resemble the one at this address, from the index alone."""
    return queries.similar(engine(), slug, language)


def modules_with(words: Sequence[str], language: Language, *, limit: int, now: datetime) -> ModulesFound:
    """Return modules that have some of `words`, folded, best first: one question. When the engine is away, those with the longest one in their title."""
    query = SearchQuery(text=" ".join(words), filters=(queries.MODULES,), per_page=limit, language=language, some=True)
    if not words:
        return ModulesFound(())
    found = queries.search(engine(), query)
    if found.degraded:
        found = _find_in_catalogue(replace(query, text=max(words, key=len)), now)
    return ModulesFound(tuple(UUID(hit.id.partition(":")[2]) for hit in found.hits), found.degraded)


def _find_in_catalogue(query: SearchQuery, now: datetime) -> SearchResult:
    """Answer without counts and filters, on at most three pages."""
    typed = (bare for word in clean(query.text).lower().split() if (bare := word.strip(_AROUND_WORDS)))
    words = [word for word in typed if word not in rules.STOP_WORDS][: rules.MAX_WORDS]
    if query.text and not words:
        return SearchResult(degraded=True)
    with database().reading() as session:
        found = catalogue.modules_by_words(session, words, today=amsterdam_day(now), limit=_MOST_WITHOUT_ENGINE)
        pages = rules.pages_of(len(found), query.per_page)
        page = min(query.page, pages)
        shown = found[(page - 1) * query.per_page : page * query.per_page]
        hits = tuple(_hit(document, query) for document in _module_documents(session, shown, now=now))
    return SearchResult(hits, len(found), page=page, pages=pages, degraded=True)


def _hit(document: SearchDocument, query: SearchQuery) -> Hit:
    card = json.loads(document.cards[query.language])
    wanted = tuple(word.text for word in reading.read(query.text).words)
    title, summary = (highlight.mark(card[name], frozenset(), wanted) for name in ("title", "summary"))
    return Hit(document.id, document.checksum, card, title, summary)


def ask_first_question() -> None:
    """Have the index opened and its words read (2 s at 100,000 modules), so that the first visitor of a process does not wait for it."""
    with suppress(EngineUnavailable):
        engine().search(SearchQuery())


def needs_rebuild() -> bool:
    """Tell whether there is no index that this release can read."""
    return queries.needs_rebuild(engine())


def rebuild(*, progress: Progress | None = None, now: datetime | None = None) -> int:
    """Fill a new index from the catalogue and switch to it; returns the number of documents. `progress` gets (done, total)."""
    return engine().rebuild(_all_documents(now or utc_now(), progress or _silent))


def _silent(_done: int, _total: int) -> None:
    """Report to nobody."""


def _all_documents(now: datetime, progress: Progress) -> Iterator[SearchDocument]:
    # The transaction starts when the engine asks for the first document, so when it is our turn to write.
    with database().reading() as session:
        programmes = catalogue.programmes(session)
        total = len(programmes) + len(catalogue.published_module_ids(session))
        progress(0, total)
        for done, document in enumerate(_documents(session, programmes, now=now), start=1):
            yield document
            if done % _BATCH == 0 or done == total:
                progress(done, total)


def _documents(
    session: Session, programmes: Iterable[catalogue.ProgrammeSummary], *, now: datetime, provider_id: UUID | None = None,
) -> Iterator[SearchDocument]:
    yield from _programme_documents(session, programmes)
    facts = catalogue.module_facts(session, today=amsterdam_day(now), provider_id=provider_id)
    while batch := list(islice(facts, _BATCH)):
        yield from _module_documents(session, batch, now=now)


def _module_documents(
    session: Session, modules: Sequence[catalogue.ModuleFacts], *, now: datetime,
) -> Iterator[SearchDocument]:
    left = enrolment.seats_left(session, [offering.id for module in modules for offering in module.offerings])
    tagged = {tag.uri for module in modules for outcome in module.outcomes for tag in outcome.skills}
    words = skills.other_names(session, tagged) if tagged else {}
    codes = catalogue.register_codes(session, module_ids=[module.id for module in modules])
    return (
        module_document(module, seats_left=left, now=now, skill_words=words, codes=codes.get(module.id, ())) for module in modules
    )


def _programme_documents(session: Session, programmes: Iterable[catalogue.ProgrammeSummary]) -> Iterator[SearchDocument]:
    waiting = iter(programmes)
    while batch := list(islice(waiting, _BATCH)):
        codes = catalogue.register_codes(session, programme_ids=[programme.id for programme in batch])
        yield from (programme_document(programme, codes.get(programme.id, ())) for programme in batch)


def refresh_modules(module_ids: Sequence[UUID], *, now: datetime) -> None:
    """Bring the documents of these modules to the present state; what is published no more is dropped."""

    def read() -> Changes:
        with database().reading() as session:
            facts = list(catalogue.module_facts(session, today=amsterdam_day(now), module_ids=module_ids))
            documents = tuple(_module_documents(session, facts, now=now))
        present = {document.id for document in documents}
        return Changes(documents, tuple(gone for each in module_ids if (gone := f"module:{each}") not in present))

    _apply(read, now)


def refresh_provider(provider_id: UUID, *, now: datetime) -> None:
    """Bring all documents of a provider to the present state; only what differs is written."""

    def read() -> Changes:
        with database().reading() as session:
            slug = next((found.slug for found in catalogue.providers(session) if found.id == provider_id), "")
            programmes = catalogue.programmes(session, provider_id=provider_id)
            return _changes(_documents(session, programmes, now=now, provider_id=provider_id), engine().contents(slug))

    _apply(read, now)


def refresh_programme(programme_id: UUID, *, now: datetime) -> None:
    """Bring the document of this programme to the present state; one that is published no more is dropped."""

    def read() -> Changes:
        with database().reading() as session:
            documents = tuple(_programme_documents(session, catalogue.programmes(session, programme_ids=[programme_id])))
        return Changes(documents, () if documents else (f"programme:{programme_id}",))

    _apply(read, now)


def refresh_programmes_and_gone(*, now: datetime) -> tuple[Mapping[str, str], list[UUID]]:
    """Write the programmes that differ and drop what is published no more; returns what the index has of modules, and all modules to compare."""
    known = engine().contents()
    with database().reading() as session:
        ids = list(catalogue.published_module_ids(session))
        differing = _changes(_programme_documents(session, catalogue.programmes(session)), {key: known[key] for key in known if key.startswith("programme:")})
    present = {f"module:{module_id}" for module_id in ids}
    gone = [UUID(key.partition(":")[2]) for key in known if key.startswith("module:") and key not in present]
    for programme in (*(document.id for document in differing.documents), *differing.dropped):
        refresh_programme(UUID(programme.partition(":")[2]), now=now)
    if gone:
        refresh_modules(gone, now=now)
    return known, ids


def refresh_differing(module_ids: Sequence[UUID], known: Mapping[str, str], *, now: datetime) -> None:
    """Bring those of these modules to the present state whose document is not as in `known` (id → checksum)."""
    with database().reading() as session:
        facts = list(catalogue.module_facts(session, today=amsterdam_day(now), module_ids=module_ids))
        documents = list(_module_documents(session, facts, now=now))
    differing = [document.id for document in documents if known.get(document.id) != document.checksum]
    if differing:
        refresh_modules([UUID(document_id.partition(":")[2]) for document_id in differing], now=now)


def _changes(documents: Iterable[SearchDocument], known: Mapping[str, str]) -> Changes:
    differing, gone = [], set(known)
    for document in documents:
        gone.discard(document.id)
        if known.get(document.id) != document.checksum:
            differing.append(document)
    return Changes(tuple(differing), tuple(sorted(gone)))


def refresh_offering(offering_id: UUID, *, now: datetime) -> None:
    """Bring the module of this offering to the present state."""
    with database().reading() as session:
        found = catalogue.offerings_by_id(session, [offering_id])
    refresh_modules([of.offering.module_id for of in found.values()], now=now)


def _apply(read: Callable[[], Changes], now: datetime) -> None:
    try:
        engine().apply(read)
    except IndexUnusable:
        rebuild(now=now)


@dataclass(frozen=True)
class Difference:
    """Ids of documents that are not in the index, differ from the catalogue, or should not be there."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        return not (self.missing or self.stale or self.extra)


def audit(*, now: datetime | None = None) -> Difference:
    """Compare the index with the catalogue. Raises EngineUnavailable."""
    found = engine().contents()
    expected = {document.id: document.checksum for document in _all_documents(now or utc_now(), _silent)}
    return Difference(
        missing=tuple(sorted(expected.keys() - found.keys())),
        stale=tuple(sorted(key for key, checksum in expected.items() if key in found and found[key] != checksum)),
        extra=tuple(sorted(found.keys() - expected.keys())),
    )
