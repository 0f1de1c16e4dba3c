"""One index: documents, where their words stand, and what near words there are."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import Any, TypeVar, cast

from tests.search.stub import words
from tests.search.stub.settings import Settings

Made = TypeVar("Made")
Place = tuple[int, int]  # number of the attribute, place in it
_ID = re.compile(r"^[A-Za-z0-9_-]{1,511}$")


class TaskError(Exception):
    """Why a task failed, by the documented code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Index:
    """Documents in the order in which they came, and an inverted index made when someone first asks."""

    def __init__(self, primary_key: str | None) -> None:
        self.primary_key = primary_key
        self.settings = Settings()
        self.documents: dict[str, dict[str, Any]] = {}

    def put(self, documents: Iterable[dict[str, Any]]) -> None:
        """Take the documents, all or none."""
        taken = {}
        for document in documents:
            key = document.get(self.primary_key or "id")
            if key is None:
                raise TaskError("missing_document_id")
            if not _ID.match(str(key)):
                raise TaskError("invalid_document_id")
            if "_geo" in document and not _is_point(document["_geo"]):
                raise TaskError("invalid_document_geo_field")
            taken[str(key)] = document
        self.documents |= taken
        self.forget()

    def drop(self, ids: Iterable[str]) -> None:
        for each in ids:
            self.documents.pop(each, None)
        self.forget()

    def forget(self) -> None:
        """Make the inverted index anew when it is needed next."""
        for name in ("_made", "vocabulary", "inside_words", "synonyms", "_memory"):
            self.__dict__.pop(name, None)

    @cached_property
    def _memory(self) -> dict[Hashable, Any]:
        return {}

    def remembered(self, what: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made for this before, until the index changes."""
        memory = self._memory
        if what not in memory:
            memory[what] = make()
        return cast("Made", memory[what])

    @property
    def attributes(self) -> list[str]:
        return list(self.settings["searchableAttributes"])

    @cached_property
    def inside_words(self) -> frozenset[str]:
        return frozenset(self.settings["nonSeparatorTokens"])

    def whole_texts(self, key: str) -> list[tuple[int, list[str]]]:
        """Return all words of each attribute of a document, with its number."""
        return [
            (number, [word for word, _place in words.placed(_texts(self.documents[key], name), self.inside_words)])
            for number, name in enumerate(self.attributes)
        ]

    @cached_property
    def _made(self) -> dict[str, dict[str, list[Place]]]:
        """Word → document → places."""
        made: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        for key, document in self.documents.items():
            for number, name in enumerate(self.attributes):
                for word, place in words.placed(_texts(document, name), self.inside_words):
                    made[word][key].append((number, place))
        return made

    @cached_property
    def vocabulary(self) -> words.Vocabulary:
        return words.Vocabulary(self._made)

    @cached_property
    def synonyms(self) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
        def split(text: str) -> tuple[str, ...]:
            return tuple(word for word, _place in words.placed([text], self.inside_words))

        return {split(key): [split(other) for other in others] for key, others in self.settings["synonyms"].items()}

    @property
    def exact_only(self) -> frozenset[int]:
        """Attributes in which no errors are forgiven."""
        exact = self.settings["typoTolerance"]["disableOnAttributes"]
        return frozenset(number for number, name in enumerate(self.attributes) if name in exact)

    def knows(self, word: str) -> bool:
        return word in self._made

    def places(self, word: str, within: frozenset[int] | None) -> dict[str, list[Place]]:
        """Return document → places of a word, in some attributes only if so asked."""
        found = self._made.get(word, {})
        if within is None:
            return found
        kept = {key: [place for place in places if place[0] in within] for key, places in found.items()}
        return {key: places for key, places in kept.items() if places}

    def together(self, phrase: tuple[str, ...], within: frozenset[int] | None) -> dict[str, list[Place]]:
        """Return document → where the first of these words stands with the others right behind it."""
        each = [self.places(word, within) for word in phrase]
        found = {}
        for key in set(each[0]).intersection(*each[1:]):
            following = [set(places[key]) for places in each[1:]]
            starts = [
                (number, place) for number, place in each[0][key]
                if all((number, place + step) in places for step, places in enumerate(following, start=1))
            ]
            if starts:
                found[key] = starts
        return found

    def best_split(self, word: str) -> tuple[str, str] | None:
        """Return the two words that a word is made of and that stand side by side most often."""
        best, most = None, 0
        for cut in range(1, len(word)):
            pair = (word[:cut], word[cut:])
            if self.knows(pair[0]) and self.knows(pair[1]) and (number := len(self.together(pair, None))) > most:
                best, most = pair, number
        return best


def _texts(document: dict[str, Any], name: str) -> list[str]:
    texts = document.get(name, [])
    return [texts] if isinstance(texts, str) else texts


def _is_point(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(given.get(name), int | float) for name in ("lat", "lng"))
