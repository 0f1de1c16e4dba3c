"""Two thousand documents of which everything is known, and what a brute force finds in them.

Their words mean nothing, so no stem, compound or synonym blurs what must be found; their values are as awkward as people make them.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Final

from academy.search import reading
from academy.search.folding import folded_code
from academy.search.gateway import Near, Range, SearchDocument, SearchQuery
from academy.search.index_spec import AVAILABILITIES, FACET_NAMES, NUMBERS
from academy.search.language import parts, stems, synonyms
from academy.search.texts import searchable
from tests.search.stub.filters import metres
from tests.search.stub.words import least_errors

SIZE: Final = 2_000
# No two words are within two errors of each other: what is found by an error is what a test mistypes.
_BEGINNINGS: Final = ("balt", "dorg", "fimp", "gulk", "krev", "ponz", "mubs", "radn", "tovf", "zild")
_MIDDLES: Final = ("ado", "ibu", "omi", "ufa")
_ENDS: Final = ("", "mip", "rab", "dulop")
PROVIDERS: Final = {f"maker-{letter}": f"De Maker {letter.upper()}" for letter in "abcdef"}
SKILLS: Final = {f"s{number}": f"Kunde {number}\x1dSkill {number}" for number in range(300)}
AWKWARD: Final = (
    "nl", "NL", "Español", "español", "中文", 'quo"te', "it's", "back\\slash", "a\\", "C++ / C#", "x OR facet_kind = y", "]", "~20~", "été", "🙂",
    "½", "a, b",
)
POINTS: Final = tuple((52 + step / 10, 5 + step / 7) for step in range(10))
_CHOICES: Final = {
    "kind": ("module", "mooc", "programme"), "sector": ("ict", "zorg", "techniek", "handel", "recht"), "level": ("4", "5", "6", "4+"),
    "language": AWKWARD, "mode": ("online", "on_campus"), "place": ("Almere", "Emmeloord", "Lelystad"), "certain": ("yes",),
    "weekday": ("mon", "tue", "wed"), "seats": ("1", "5", "10"), "start": ("2026-09", "2027-02", "any"), "composed": ("yes",),
}


def _means_only_itself(word: str) -> bool:
    return set(stems(word)) <= {word} and not parts(word) and not synonyms((word,))


WORDS: Final = tuple(
    word for start in _BEGINNINGS for middle in _MIDDLES for end in _ENDS if _means_only_itself(word := start + middle + end)
)


def document(title: str, /, *, name: str = "", **values: object) -> SearchDocument:
    """Return a document with what a test cares about: `summary`, `code`, `facets`, `labels`, `numbers`, `availability`, `place`."""
    given: dict[str, object] = {"summary": "", "code": "", "facets": {}, "labels": {}, "numbers": {}, "availability": 0, "place": None} | values
    code = folded_code(str(given["code"]))
    card = json.dumps({"title": title, "summary": given["summary"], "slug": name or title})
    texts = searchable({"title": (title,), "summary": (str(given["summary"]),), "code": (str(given["code"]), code), "skills": _texts(given.get("skills"))})
    return SearchDocument(
        id=f"module:{name or title}", texts=texts, codes=(code,) if code else (), facets=given["facets"],  # type: ignore[arg-type]
        labels=given["labels"], numbers=given["numbers"], availability=given["availability"], place=given["place"],  # type: ignore[arg-type]
        cards={"nl": card, "en": card}, checksum=f"sum-{name or title}",
    )


def _texts(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, tuple) else ()


@cache
def world() -> tuple[SearchDocument, ...]:
    """Return the documents, the same ones each time."""
    dice = random.Random(4)  # noqa: S311 - not for secrets
    return tuple(_any_document(dice, place) for place in range(SIZE))


def _any_document(dice: random.Random, place: int) -> SearchDocument:
    def text(least: int, most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(least, most)))

    provider = dice.choice(list(PROVIDERS))
    skills = dice.sample(list(SKILLS), dice.randint(0, 5))
    facets = {name: tuple(dice.sample(values, dice.randint(0, min(2, len(values))))) for name, values in _CHOICES.items()}
    facets |= {"provider": (provider,), "skill": tuple(skills), "ec": (), "price": (), "part_of_day": ()}
    return document(
        text(2, 4).capitalize(), name=f"{place:04}", summary=text(5, 10), code=f"qx{place}y", facets=facets, skills=(text(1, 2),),
        labels={"provider": {provider: PROVIDERS[provider]}, "skill": {skill: SKILLS[skill] for skill in skills}},
        numbers={name: dice.randint(0, 50) * 100 for name in NUMBERS if dice.random() < 0.7}, availability=dice.randrange(AVAILABILITIES),
        place=dice.choice([None, *POINTS]),
    )


@cache
def _words() -> dict[str, frozenset[str]]:
    return {each.id: frozenset(word for texts in each.texts.values() for text in texts for word in text.split()) for each in world()}


@cache
def _all_words() -> frozenset[str]:
    return frozenset().union(*_words().values())


@cache
def meant_by(word: reading.AskedWord) -> dict[str, int]:
    """Return which words of the world one may mean, with the errors in it; a wrong first letter counts as two."""
    found = {}
    for other in _all_words():
        if other == word.text or (word.is_prefix and other.startswith(word.text)):
            found[other] = 0
        elif word.typos and other.isalpha() and abs(len(other) - len(word.text)) <= word.typos:
            errors = least_errors(word.text, other)
            errors = max(errors, 2) if other[0] != word.text[0] else errors
            if errors <= word.typos and (other[0] == word.text[0] or least_errors(word.text, other) == 1):
                found[other] = errors
    return found


def errors_in(document_: SearchDocument, text: str) -> int | None:
    """Return with how many errors a document has all words of a question; None when it has not."""
    total = 0
    for word in reading.read(text).words:
        meant = meant_by(word)
        found = [meant[each] for each in _words()[document_.id] if each in meant]
        if not found:
            return None
        total += min(found)
    return total


@cache
def matching(text: str) -> tuple[SearchDocument, ...]:
    return tuple(each for each in world() if errors_in(each, text) is not None)


def passes(document_: SearchDocument, query: SearchQuery, *, but: str = "") -> bool:
    chosen = all(set(values) & set(document_.facets.get(name, ())) for name, values in query.filters if name != but)
    return chosen and all(_within(document_.numbers.get(name), bounds) for name, bounds in query.ranges) and _is_near(document_, query.near)


def _within(number: int | None, bounds: Range) -> bool:
    return number is not None and (bounds.least is None or number >= bounds.least) and (bounds.most is None or number <= bounds.most)


def _is_near(document_: SearchDocument, near: Near | None) -> bool:
    return near is None or near.km is None or (document_.place is not None and kilometres(document_, near) <= near.km)


def kilometres(document_: SearchDocument, near: Near) -> float:
    if document_.place is None:
        return float("inf")
    return metres({"lat": document_.place[0], "lng": document_.place[1]}, near.latitude, near.longitude) / 1_000


def found_by(query: SearchQuery) -> set[str]:
    return {each.id for each in matching(query.text) if passes(each, query)}


def counted_by(query: SearchQuery) -> dict[str, Counter[str]]:
    """Return the counts of every facet, each without its own filter."""
    return {
        name: Counter(value for each in matching(query.text) if passes(each, query, but=name) for value in each.facets.get(name, ()))
        for name in FACET_NAMES
    }


def ids(documents: Iterable[SearchDocument]) -> list[str]:
    return [each.id for each in documents]
