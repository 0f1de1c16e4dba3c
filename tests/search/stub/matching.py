"""Which documents a question matches and how well: every rule computed for every document, nothing clever."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tests.search.stub import words
from tests.search.stub.index import Index, Place

_FURTHEST = 4  # how near words stand counts up to here
_MOST_ONE, _MOST_TWO, _MOST_BEGINNINGS = 150, 50, 1000
_LONGEST_JOINED = 3


@dataclass(frozen=True)
class Way:
    """One way in which words of the question may stand in a text: as a phrase, with so many errors."""

    phrase: tuple[str, ...]
    errors: int
    is_exact: bool


class Term:
    """Words `first` to `last` of the question, and in which documents they are found how well."""

    def __init__(self, index: Index, first: int, last: int, ways: list[Way], within: frozenset[int] | None) -> None:
        self.first, self.last = first, last
        self.index, self.ways, self.within = index, ways, within

    @cached_property
    def errors(self) -> dict[str, int]:
        """Document → fewest errors."""
        found: dict[str, int] = {}
        for way in sorted(self.ways, key=lambda way: -way.errors):
            for key in self._places(way):
                found[key] = way.errors
        return found

    @cached_property
    def best_places(self) -> dict[str, list[Place]]:
        """Document → the places with the fewest errors."""
        found: dict[str, list[Place]] = {}
        for way in self.ways:
            for key, places in self._places(way).items():
                if self.errors[key] == way.errors:
                    found.setdefault(key, []).extend(places)
        return found

    @cached_property
    def exact(self) -> set[str]:
        return {key for way in self.ways if way.is_exact for key in self._places(way)}

    def _places(self, way: Way) -> dict[str, list[Place]]:
        within = self.within
        if way.errors:
            every = frozenset(range(len(self.index.attributes)))
            within = (every if within is None else within) - self.index.exact_only
        return self.index.places(way.phrase[0], within) if len(way.phrase) == 1 else self.index.together(way.phrase, within)


class Question:
    """A question read against an index."""

    def __init__(self, index: Index, text: str, within: frozenset[int] | None) -> None:
        self.index, self.within = index, within
        self.asked = words.read(text, index.inside_words)
        self.count = len(self.asked.terms)
        self.terms = [term for first in range(self.count) for term in self._terms_from(first)]

    @property
    def is_empty(self) -> bool:
        return not self.asked.terms

    def left_out(self) -> set[str]:
        found: set[str] = set()
        for phrase in self.asked.without:
            found |= set(self.index.places(phrase[0], None) if len(phrase) == 1 else self.index.together(phrase, None))
        return found

    def matching(self, optional: frozenset[int] = frozenset()) -> set[str]:
        """Return the documents with all words, those at `optional` places apart."""
        reached: list[set[str]] = [set() for _place in range(self.count + 1)]
        reached[self.count] = set(self.index.documents)
        for place in range(self.count - 1, -1, -1):
            found = set(reached[place + 1]) if place in optional else set()
            for term in self.terms:
                if term.first == place:
                    found |= term.errors.keys() & reached[term.last + 1]
            reached[place] = found
        return reached[0]

    def optional(self) -> frozenset[int]:
        """Return the words that «frequency» may leave out: the commonest first, all but the rarest; phrases never."""
        singles = [term for term in self.terms if term.first == term.last]
        frequency = {term.first: len(self._docs_at(term.first)) or 10**12 for term in singles}
        free = {place for place in frequency if isinstance(self.asked.terms[place], str)}
        if len(free) < len(frequency):
            return frozenset(free)
        rarest = min(frequency.values())
        return frozenset(place for place in free if frequency[place] != rarest)

    def _docs_at(self, place: int) -> set[str]:
        return {key for term in self.terms if term.first <= place <= term.last for key in term.errors}

    def best_path(self, key: str) -> tuple[int, int, list[Term]]:
        """Return how many words of the question a document lacks, with how many errors it has the others, and how."""
        best: list[tuple[int, int, list[Term]]] = [(0, 0, [])] * (self.count + 1)
        for place in range(self.count - 1, -1, -1):
            lacks, errors, rest = best[place + 1]
            found = (lacks + 1, errors, rest)
            for term in self.terms:
                if term.first == place and key in term.errors:
                    lacks, errors, rest = best[term.last + 1]
                    found = min(found, (lacks, errors + term.errors[key], [term, *rest]), key=lambda each: each[:2])
            best[place] = found
        return best[0]

    def rules(self, key: str) -> dict[str, int | tuple[int, ...]]:
        """Return what the rules about text say of a document; less is better."""
        lacks, errors, path = self.best_path(key)
        places = [(term, term.best_places[key]) for term in path]
        apart = sum(_nearest(one, other) for (_a, one), (_b, other) in pairwise(places))
        rank = sum(min(number for number, _place in found) * (term.last - term.first + 1) for term, found in places)
        position = sum(min(_cost(abs(place - self.asked.places[term.first])) for _number, place in found) for term, found in places)
        inexact = lacks + sum(term.last - term.first + 1 for term, _found in places if key not in term.exact)
        whole = 0 if self._is_whole_text(key) else 1
        return {
            "words": lacks, "typo": errors, "proximity": apart, "attribute": rank * 10 + position, "attributeRank": rank,
            "wordPosition": position, "exactness": (whole, inexact),
        }

    def _is_whole_text(self, key: str) -> bool:
        asked = [word for term in self.asked.terms for word in ([term] if isinstance(term, str) else term)]
        texts = self.index.remembered(("texts", key), lambda: self.index.whole_texts(key))
        return any(text == asked and (self.within is None or number in self.within) for number, text in texts)

    def matched_words(self) -> set[str]:
        """Return the words of documents that are shown as matching."""
        return {word for term in self.terms for way in term.ways for word in way.phrase}

    def _terms_from(self, first: int) -> list[Term]:
        found = []
        for last in range(first, min(first + _LONGEST_JOINED, self.count)):
            together = self.asked.terms[first : last + 1]
            if first == last or all(isinstance(each, str) for each in together):
                ways = self._ways(together, is_beginning=self.asked.last_is_prefix and last == self.count - 1)
                found.append(Term(self.index, first, last, ways, self.within))
        return found

    def _ways(self, together: list[str | tuple[str, ...]], *, is_beginning: bool) -> list[Way]:
        if isinstance(together[0], tuple):
            return [Way(together[0], 0, is_exact=True)]
        split = tuple(str(each) for each in together)
        word, joined = "".join(split), len(split) - 1
        vocabulary = self.index.vocabulary
        ways = [Way((word,), 0, is_exact=not joined)]
        ways += [Way(other, 0, is_exact=False) for other in self.index.synonyms.get(split, ())]
        if is_beginning:
            beginnings = [other for other in vocabulary.beginning_with(word) if other != word]
            ways += [Way((other,), 0, is_exact=False) for other in beginnings[:_MOST_BEGINNINGS]]
        budget = max(0, self._budget(word) - joined)
        near = sorted(vocabulary.near(word, budget, as_beginning=is_beginning).items()) if budget else []
        for errors, most in ((1, _MOST_ONE), (2, _MOST_TWO)):
            ways += [Way((other,), errors, is_exact=False) for other in [each for each, number in near if number == errors and self._is_forgiven(each)][:most]]
        pair = self.index.best_split(word)
        if pair and pair != split:
            ways.append(Way(pair, 1, is_exact=False))
        return ways

    def _budget(self, word: str) -> int:
        tolerance = self.index.settings["typoTolerance"]
        if not tolerance["enabled"] or word in tolerance["disableOnWords"]:
            return 0
        least = tolerance["minWordSizeForTypos"]
        return 2 if len(word) >= least["twoTypos"] else 1 if len(word) >= least["oneTypo"] else 0

    def _is_forgiven(self, word: str) -> bool:
        return not (self.index.settings["typoTolerance"]["disableOnNumbers"] and not any(sign.isalpha() for sign in word))


def _nearest(ones: list[Place], others: list[Place]) -> int:
    """Return how near one of these stands to one of those; behind it counts one more."""
    best = _FURTHEST
    for number, place in ones:
        for another, further in others:
            if number == another and further != place:
                best = min(best, further - place if further > place else place - further + 1)
    return best


def _cost(distance: int) -> int:
    steps = (0, 1, 4, 7, 11, 16, 24, 64, 256, 1024)
    return next((cost for cost, most in enumerate(steps) if distance <= most), len(steps))
