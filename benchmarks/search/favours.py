"""Whether some providers come first among equals: over the seven orders that days have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from academy.search import reading
from academy.search.gateway import SearchDocument, SearchEngine, SearchQuery
from academy.search.index_spec import DAYS
from academy.search.neutrality import Exposure, exposures, neutrality
from benchmarks.search.words import NOUNS

_TOP: Final = 10


def favours(engine: SearchEngine, documents: Sequence[SearchDocument], *, words: int) -> dict[str, float]:
    """Ask `words` single words of `documents`, which are in the index, and return how far places differ from shares among equals."""
    nouns = [*NOUNS["nl"], *NOUNS["en"]]
    asked = nouns[:: len(nouns) // words][:words]
    found = neutrality(_exposures(engine, asked, {document.id: document for document in documents}))
    return {
        "places in a top ten": found.places,
        "share of places that chance would give to others": found.distance,
        "largest gap of a provider": abs(found.largest_gap),
    }


def _exposures(engine: SearchEngine, asked: Iterable[str], documents: Mapping[str, SearchDocument]) -> Iterator[Exposure]:
    for word in asked:
        question = reading.read(word)
        listed = engine.search(SearchQuery(word, per_page=len(documents)))
        matching = [documents[hit.id] for hit in listed.hits if hit.id in documents]
        if len(matching) > _TOP and not listed.looser:
            for day in range(DAYS):
                top = engine.search(SearchQuery(word, per_page=_TOP, day=day)).hits
                yield from exposures(question, [documents[hit.id] for hit in top if hit.id in documents], matching)
