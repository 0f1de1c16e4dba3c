"""Whether the order of results favours a provider: its places in the top ten against its share of what is equally relevant; pure.

After the neutrality indicators that the Caisse des Dépôts publishes of Mon Compte Formation: 0 is neutral.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from academy.search.gateway import SearchDocument
from academy.search.index_spec import ATTRIBUTES
from academy.search.reading import AskedWord, Question

_NOWHERE: Final = len(ATTRIBUTES)


@dataclass(frozen=True)
class Exposure:
    """A place in a top ten: whose module has it, and how many equally relevant modules each provider has, that one included."""

    provider: str
    equals: Mapping[str, int]


@dataclass(frozen=True)
class Neutrality:
    """`distance` is the share of all `places` that would have to change hands (total variation, 0 to 1); `largest_gap` is the part of one provider.

    `largest_gap` above 0 means that `provider` has more places than its share, below 0 fewer.
    """

    places: int
    distance: float
    largest_gap: float
    provider: str


def neutrality(exposures: Iterable[Exposure]) -> Neutrality:
    """Compare the places that providers have with those that chance would give them among equals. No places are neutral."""
    gaps: Counter[str] = Counter()
    places = 0
    expected: dict[str, float] = {}
    for exposure in exposures:
        places += 1
        gaps[exposure.provider] += 1
        equals = sum(exposure.equals.values())
        for provider, number in exposure.equals.items():
            expected[provider] = expected.get(provider, 0.0) + number / equals
    if not places:
        return Neutrality(0, 0.0, 0.0, "")
    shares = {provider: (gaps[provider] - expected.get(provider, 0.0)) / places for provider in {*gaps, *expected}}
    largest = max(shares, key=lambda provider: (abs(shares[provider]), provider))
    return Neutrality(places, sum(map(abs, shares.values())) / 2, shares[largest], largest)


def exposures(question: Question, top: Sequence[SearchDocument], matching: Iterable[SearchDocument]) -> Iterator[Exposure]:
    """Yield the places of `top`; equally relevant is what has the words in the same kinds of text and is as available."""
    equals: dict[tuple[int, ...], Counter[str]] = {}
    for document in matching:
        equals.setdefault(_relevance(question, document), Counter()).update([_provider(document)])
    for document in top:
        yield Exposure(_provider(document), equals[_relevance(question, document)])


def _provider(document: SearchDocument) -> str:
    return next(iter(document.facets.get("provider", ())), "")


def _relevance(question: Question, document: SearchDocument) -> tuple[int, ...]:
    """Return where each word stands first, in the order of ATTRIBUTES, and the availability."""
    words = {name: {word for text in texts for word in text.split()} for name, texts in document.texts.items()}
    return (*(_first_place(word, words) for word in question.words), document.availability)


def _first_place(asked: AskedWord, words: Mapping[str, set[str]]) -> int:
    for place, attribute in enumerate(ATTRIBUTES):
        present = words.get(attribute.name, set())
        if asked.text in present or (attribute.is_forms and present.intersection(asked.forms)):
            return place
    return _NOWHERE
