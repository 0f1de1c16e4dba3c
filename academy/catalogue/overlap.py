"""Which published modules resemble a new one: what a provider adds should be new beside what Windesheim, Aeres and others offer.

Two modules are compared by what one can do afterwards (counts three times), by the skills their outcomes are tagged with (twice) and by
title (once); what one of the two lacks does not count. A title alone proves little: it gives at most one half. Each whole level of
difference takes off a tenth. Texts are compared within one language; rare words weigh more, and everyday ones nothing.

From 0.6 an overlap is strong: look before you publish. From 0.35 there is some, worth showing. Found by reading pairs of 1,451
courses of Dutch universities (no skills, 80 repeated names); how texts are weighed was adjusted on the same pairs, so they prove no more
than that it does there what people expect. From 0.8 on stood copies and the same course in two parts ("Taalverwerving modern
Turks 1" and "2"; "Vakdidactiek Duits 2" and "Geschiedenis 2", whose outcomes are word for word the same). From 0.6 courses that share
whole outcomes ("Water Treatment" and "Biological Water Treatment"). Between 0.35 and 0.6 neighbours ("Sociology" and "Sociology of
Health") and equal titles of which one has no outcomes. Under 0.25 what only shares a field ("Studio Participative Planning" and "Studio
Strategic Planning": 0.20). In the demo only "Python voor beginners" and "Programmeren in Python" are strong (0.67): two of their outcomes are
the same. What it can not see is the same outcome in quite other words: two courses "Microeconomics" get 0.25, and as their only reason
that the titles are the same.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from heapq import nlargest
from math import fsum, log, sqrt
from typing import Final

from academy.kernel.text import LANGUAGES, Language, Localized, fold

STRONG: Final = 0.6
SOME: Final = 0.35

_WEIGHT_OF_OUTCOMES: Final = 3
_WEIGHT_OF_SKILLS: Final = 2
_WEIGHT_OF_TITLE: Final = 1
_LEAST_WEIGHT: Final = 2  # by which a title alone is divided
_SAME_TITLE: Final = 0.85
_SIMILAR: Final = 0.4  # from here two outcomes are a pair
_SHARED: Final = 0.3  # from here shared skills are a reason
_OFF_PER_LEVEL: Final = 0.1
_LOOKED_AT_CLOSELY: Final = 100
_FEW: Final = 3  # so many are compared in full where only the nearest is asked for
_EVERYDAY: Final = 5  # of many profiles one in five has the word: "after successful completion of this course"
_MANY: Final = 50


class Reason(StrEnum):
    SAME_TITLE = "same-title"
    SHARED_SKILLS = "shared-skills"
    SIMILAR_OUTCOMES = "similar-outcomes"


@dataclass(frozen=True)
class Profile:
    """What of a module is compared. `skills` are URIs; `level` is NLQF (`4+` exists; empty is unknown); `key` says whose it is."""

    key: str
    title: Localized
    outcomes: tuple[Localized, ...] = ()
    skills: frozenset[str] = frozenset()
    level: str = ""
    ec: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two outcomes that resemble each other, by their places from 0; `likeness` is 0 to 1."""

    mine: int
    other: int
    likeness: float


@dataclass(frozen=True)
class Overlap:
    """How much of one published module resembles mine; `score` is 0 to 1, the pairs come with the most alike first."""

    key: str
    score: float
    shared_skills: frozenset[str]
    pairs: tuple[Pair, ...]
    reasons: tuple[Reason, ...]


def overlaps(mine: Profile, others: Iterable[Profile], limit: int = 5) -> tuple[Overlap, ...]:
    """Return at most `limit` modules that resemble mine, the most alike first; of equal ones first who is nearest in EC, then by key.

    `others` may be tens of thousands: all are read once for how rare words are, the 100 that share most of mine are compared in full.
    A profile with the key of mine is mine and is passed over.
    """
    vocabulary = _Vocabulary()
    my_words = vocabulary.of_profile(mine)
    words_seen, skills_seen, profiles = Counter(my_words), Counter(mine.skills), 1
    sharing: list[_Candidate] = []
    for other in others:
        if other.key == mine.key:
            continue
        profiles += 1
        words = vocabulary.of_profile(other)
        words_seen.update(words)
        skills_seen.update(other.skills)
        shared = my_words & words
        if shared or not mine.skills.isdisjoint(other.skills):
            sharing.append(_Candidate(other, shared, len(words)))
    comparison = _Comparison(mine, vocabulary, _Rarity(words_seen, profiles), _Rarity(skills_seen, profiles))
    near = nlargest(_LOOKED_AT_CLOSELY, sharing, key=lambda one: (comparison.promise(one), one.profile.key))
    found = [(comparison.with_(one.profile), _apart_in_ec(mine, one.profile)) for one in near]
    found.sort(key=lambda one: (-one[0].score, one[1], one[0].key))
    return tuple(overlap for overlap, _apart in found[:limit] if overlap.score > 0)


def nearest(mine: Sequence[Profile], others: Sequence[Profile]) -> dict[str, Overlap]:
    """Return which of `others` each of `mine` resembles most by title and outcomes, by its key; one that resembles none is left out. Skills do not count.

    For thousands beside hundreds at once: every profile is read once, and each of mine is compared in full with the few that share most of its rare words.
    """
    vocabulary = _Vocabulary()
    words = {each.key: vocabulary.of_profile(each) for each in (*mine, *others)}
    rarity = _Rarity(Counter(word for each in words.values() for word in each), len(words))
    by_key, having = {each.key: each for each in others}, dict[str, list[Profile]]()
    for other in others:
        for word in words[other.key]:
            having.setdefault(word, []).append(other)
    found: dict[str, Overlap] = {}
    for one in mine:
        promises: dict[str, float] = {}
        for word in sorted(words[one.key] & having.keys()):  # in order: the sum of floats depends on it
            for other in having[word] if rarity.of(word) else ():
                promises[other.key] = promises.get(other.key, 0.0) + rarity.of(word) ** 2 / sqrt(len(words[other.key]))
        comparison = _Comparison(replace(one, skills=frozenset()), vocabulary, rarity, _Rarity({}, 0))
        best = nlargest(_FEW, promises.items(), key=lambda each: (each[1], each[0]))
        compared = sorted((comparison.with_(by_key[key]) for key, _promise in best if key != one.key), key=lambda each: (-each.score, each.key))
        if compared and compared[0].score > 0:
            found[one.key] = compared[0]
    return found


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A profile that shares something with mine: which words, and how many different words it has in all."""

    profile: Profile
    shared: frozenset[str]
    size: int


# From text to words

_WORD: Final = re.compile(r"[^\W_]+(?:\+\+|#)?")  # c++ and c# are words
_DOUBLE: Final = re.compile(r"([a-z])\1")
_SHORTEST_STEM: Final = 3


def _those(words: str) -> frozenset[str]:
    return frozenset(words.split())


_STOP_WORDS: Final[Mapping[Language, frozenset[str]]] = {
    "nl": _those(
        "aan af al alle als ander andere bij daar daarna dan dat de deze die dit doe doen door een eigen elk elke en er haar heb hebt heeft "
        "hem hen het hij hoe hun ik in is je jij jou jouw kan kun kunnen kunt leer leert maar mag me meer men met mijn moet na naar niet nog nu of om "
        "onder ook op over per te tot tussen u uit uw van via voor waar waarom wanneer wat weet welk welke werd wie wij word worden wordt "
        "ze zelf zich zij zijn zo zonder zoals cursus cursussen deelnemer deelnemers module modules student studenten",
    ),
    "en": _those(
        "a able about after all also an and are as at be been being between both by can do does each for from has have having how "
        "if in into is it its know learn may more most must not of on one or other own such than that the their them then there these they "
        "this those through to understand up use used using was were what when where which who why will with you your "
        "course courses module modules student students",
    ),
}


def _dutch(word: str) -> str:
    """Return one stem for `maken`, `maakt` and `maakte`, for `module` and `modules`; rough, but equally rough for all."""
    stem = f"{word[:-len('heden')]}heid" if word.endswith("heden") else word
    stem = _without(_DOUBLE.sub(r"\1", stem), "s", "en", "s", "e", "t", "d")
    return stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1], stem[-1])  # schrijven, schrijft; lezen, leest


def _english(word: str) -> str:
    """Return one stem for `design`, `designs`, `designed` and `designing`."""
    stem = f"{word[:-len('ies')]}y" if word.endswith("ies") else word
    return _without(_DOUBLE.sub(r"\1", stem), "s", "ing", "ed", "e")


def _without(word: str, *endings: str) -> str:
    for ending in endings:
        if len(word) - len(ending) >= _SHORTEST_STEM:
            word = word.removesuffix(ending)
    return word


_STEMMERS: Final[Mapping[Language, Callable[[str], str]]] = {"nl": _dutch, "en": _english}


class _Stems(dict[str, str]):
    """The stem of every word met in one language, with the language in front: `en:die` is not `nl:die`. Empty for a word that says nothing."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> str:
        empty = word in _STOP_WORDS[self._language] or (len(word) == 1 and word.isalpha())
        stem = self[word] = "" if empty else f"{self._language}:{_STEMMERS[self._language](word)}"
        return stem


class _Vocabulary:
    """The words of texts, by their stems."""

    def __init__(self) -> None:
        self._stems: Mapping[Language, _Stems] = {language: _Stems(language) for language in LANGUAGES}

    def of_text(self, text: str, language: Language) -> list[str]:
        stems = self._stems[language]
        return [stem for word in _WORD.findall(fold(text)) if (stem := stems[word])]

    def of_profile(self, profile: Profile) -> frozenset[str]:
        texts = (profile.title, *profile.outcomes)
        dutch, english = " ".join([text.nl for text in texts]), " ".join([text.en for text in texts])
        return frozenset([*self.of_text(dutch, "nl"), *self.of_text(english, "en")])


# From words to likeness

_Vector = Mapping[str, float]  # a weight for each word, of length 1 together; empty when there is nothing to compare


@dataclass(frozen=True)
class _Rarity:
    """How much a word or skill says: little when many profiles have it."""

    having: Mapping[str, int]
    profiles: int

    def of(self, word: str) -> float:
        share = self.profiles / self.having[word]
        return 0.0 if share < _EVERYDAY and self.profiles >= _MANY else log(1 + share)

    def of_all(self, words: Iterable[str]) -> float:
        return fsum(self.of(word) for word in words)  # exact, so that the order in which a set gives its words does not count


@dataclass(frozen=True)
class _Comparison:
    """Mine against one other after the other."""

    mine: Profile
    vocabulary: _Vocabulary
    words: _Rarity
    skills: _Rarity

    def promise(self, other: _Candidate) -> float:
        """Return a rough likeness, to choose whom to compare in full."""
        of_words = fsum(self.words.of(word) ** 2 for word in other.shared) / sqrt(max(other.size, 1))
        shared = self.mine.skills & other.profile.skills
        return of_words + fsum(self.skills.of(skill) ** 2 for skill in shared) / sqrt(max(len(other.profile.skills), 1))

    def with_(self, other: Profile) -> Overlap:
        """Return the overlap; the docstring of this file says how the score is made."""
        title = _likeness(self._title, self._vectors(other.title))
        outcomes = self._vectors_of_outcomes(other)
        pairs = _pairs(self._outcomes, outcomes)
        skills = self._likeness_of_skills(other)
        parts: list[tuple[int, float]] = []
        if title is not None:
            parts.append((_WEIGHT_OF_TITLE, title))
        if any(_comparable(mine, outcome) for mine in self._outcomes for outcome in outcomes):
            number = sum(any(outcome.values()) for outcome in (*self._outcomes, *outcomes))  # a heading above the outcomes has no own words
            parts.append((_WEIGHT_OF_OUTCOMES, 2 * fsum(pair.likeness for pair in pairs) / number))
        if skills is not None:
            parts.append((_WEIGHT_OF_SKILLS, skills))
        weight = max(_LEAST_WEIGHT, sum(weight for weight, _likeness in parts))
        score = fsum(weight * likeness for weight, likeness in parts) / weight
        reasons = {
            Reason.SAME_TITLE: title is not None and title >= _SAME_TITLE,
            Reason.SHARED_SKILLS: skills is not None and skills >= _SHARED,
            Reason.SIMILAR_OUTCOMES: bool(pairs),
        }
        return Overlap(
            other.key, round(score * (1 - _OFF_PER_LEVEL * _levels_apart(self.mine.level, other.level)), 4),
            self.mine.skills & other.skills, pairs, tuple(reason for reason, holds in reasons.items() if holds),
        )

    @cached_property
    def _title(self) -> Mapping[Language, _Vector]:
        return self._vectors(self.mine.title)

    @cached_property
    def _outcomes(self) -> Sequence[Mapping[Language, _Vector]]:
        return self._vectors_of_outcomes(self.mine)

    def _vectors_of_outcomes(self, profile: Profile) -> Sequence[Mapping[Language, _Vector]]:
        return [self._vectors(outcome) for outcome in profile.outcomes]

    def _vectors(self, text: Localized) -> Mapping[Language, _Vector]:
        return {"nl": self._vector(text.nl, "nl"), "en": self._vector(text.en, "en")}

    def _vector(self, text: str, language: Language) -> _Vector:
        weights = {word: times * self.words.of(word) for word, times in Counter(self.vocabulary.of_text(text, language)).items()}
        length = sqrt(fsum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items() if weight}

    def _likeness_of_skills(self, other: Profile) -> float | None:
        if not self.mine.skills or not other.skills:
            return None
        both = self.skills.of_all(self.mine.skills) + self.skills.of_all(other.skills)
        return 2 * self.skills.of_all(self.mine.skills & other.skills) / both


def _comparable(mine: Mapping[Language, _Vector], other: Mapping[Language, _Vector]) -> bool:
    return any(mine[language] and other[language] for language in LANGUAGES)


def _likeness(mine: Mapping[Language, _Vector], other: Mapping[Language, _Vector]) -> float | None:
    """Return the cosine in the language in which the two are most alike, 0 to 1; None when they share no language."""
    found = [
        fsum(weight * other[language].get(word, 0.0) for word, weight in mine[language].items())
        for language in LANGUAGES if mine[language] and other[language]
    ]
    return min(1.0, max(found)) if found else None


def _pairs(mine: Sequence[Mapping[Language, _Vector]], others: Sequence[Mapping[Language, _Vector]]) -> tuple[Pair, ...]:
    """Match the outcomes one to one, the most alike first."""
    found = [
        Pair(here, there, round(likeness, 4))
        for here, one in enumerate(mine) for there, other in enumerate(others)
        if (likeness := _likeness(one, other)) is not None and likeness >= _SIMILAR
    ]
    found.sort(key=lambda pair: (-pair.likeness, pair.mine, pair.other))
    used_here, used_there, chosen = set[int](), set[int](), list[Pair]()
    for pair in found:
        if pair.mine not in used_here and pair.other not in used_there:
            used_here.add(pair.mine)
            used_there.add(pair.other)
            chosen.append(pair)
    return tuple(chosen)


_HEIGHTS: Final = {"1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0, "4+": 4.5, "5": 5.0, "6": 6.0, "7": 7.0, "8": 8.0}


def _levels_apart(one: str, other: str) -> int:
    """Return the whole NLQF levels between two; 0 when one is not known."""
    if one not in _HEIGHTS or other not in _HEIGHTS:
        return 0
    return int(abs(_HEIGHTS[one] - _HEIGHTS[other]))


def _apart_in_ec(one: Profile, other: Profile) -> Decimal:
    return Decimal("Infinity") if one.ec is None or other.ec is None else abs(one.ec - other.ec)
