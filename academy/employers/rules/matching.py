"""How well what somebody wants fits what there is, and why: demand with modules, demand with pools. The same answer for the same question, always.

The score is what is learned times the circumstances. *What is learned*: each wanted skill counts 1 when it is offered, 0.7 when a broader or narrower
one is, 0.4 when a related one is, and the mean over the wanted skills is how much is covered; words in common fill half of what is missing.
*Circumstances*: five points that both sides may be clear about (place, slot, price, level, date); one that agrees counts whole, nearly agrees three
quarters, is not known half, disagrees nothing. With all of them against it a match keeps 0.6 of its score: people move their evening for the right
course, and no evening makes up for the wrong one.

How two skills are linked is the same from both sides; how much is covered is not, for a module can teach more than is wanted.
"""

import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from academy.employers.rules.areas import ONLINE, is_beside
from academy.kernel.money import Money
from academy.kernel.text import fold


class Reason(StrEnum):
    """Why two fit, or what speaks against it; whoever shows it puts it in words ("past omdat …")."""

    SKILL = "skill"  # the skill itself
    BROADER = "broader"  # one step broader or narrower
    RELATED = "related"
    WORDS = "words"
    PLACE = "place"
    NEAR = "near"  # in an area beside it
    ONLINE = "online"
    SLOT = "slot"
    PRICE = "price"
    LEVEL = "level"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Because:
    """A reason, and what it is about: wanted skills, words or slots in common, in order; empty where the code says all."""

    reason: Reason
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A fit: `score` above 0 up to 1; `reasons` for it, the weightiest first; `doubts` are the circumstances in which the two do not agree."""

    score: float
    reasons: tuple[Because, ...]
    doubts: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill by its URI, with those one step broader and those related to it."""

    uri: str
    broader: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Side:
    """What can be said on either side; whatever is empty or None is not known, or does not matter.

    `areas` are areas of two digits, and ONLINE; `level` is NLQF ("4+"); `price` is of one seat: at most, or as offered; `day` is the last on which it may
    start, or on which it does.
    """

    key: str
    skills: tuple[Skill, ...] = ()
    words: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    level: str = ""
    price: Money | None = None
    day: date | None = None

    uris: frozenset[str] = field(init=False, repr=False, compare=False)
    broader: frozenset[str] = field(init=False, repr=False, compare=False)
    related: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "uris", frozenset(skill.uri for skill in self.skills))
        object.__setattr__(self, "broader", frozenset().union(*(skill.broader for skill in self.skills)))
        object.__setattr__(self, "related", frozenset().union(*(skill.related for skill in self.skills)))


class Wanted(_Side):
    """What somebody wants: a demand."""


class Offered(_Side):
    """What there is: a module with its next class, or a pool."""


_LINKS: Final = ((Reason.SKILL, 1.0), (Reason.BROADER, 0.7), (Reason.RELATED, 0.4))
_WORDS_FILL: Final = 0.5
_FEWEST_WORDS: Final = 0.25  # of the wanted words, where no skill links the two: fewer is chance
_KEPT: Final = 0.6

_AGREES, _NEARLY, _UNKNOWN, _DISAGREES = 1.0, 0.75, 0.5, 0.0
_WEIGHTS: Final = {Reason.PLACE: 0.25, Reason.SLOT: 0.2, Reason.PRICE: 0.2, Reason.LEVEL: 0.2, Reason.DATE: 0.15}
_NEARLY_PRICE: Final = 110  # per cent of what somebody gives at most
_NEARLY_LEVEL: Final = 1.0

_WORD: Final = re.compile(r"[^\W_]+(?:\+\+|[+#])?")
# Words that every demand and every course has. Not "it": in Dutch that is a trade.
_NO_MEANING: Final = frozenset(_WORD.findall("""
    aan alle als beter bij cursus dat doen de den der die dit door een eigen en er goed graag hebben het hoe iemand iets ik in is je kan kennen
    kunnen kunt leren maar medewerker medewerkers meer mensen met mijn moet moeten naar niet nodig nog of om omgaan onder ons onze ook op over
    personeel te tot training uit van voor wat we werken weten wie wij willen worden zelf zich zij zijn zoals
    a able about an and are as at be better by can course do for from get how i know learn more must my need not of on or our people staff that
    the their they this to use want we what who with work you
"""))


def words_of(text: str) -> frozenset[str]:
    """Return the words in `text` that say what it is about: folded, without the words that every demand and every course has."""
    return frozenset(_WORD.findall(fold(text))) - _NO_MEANING


def fit(wanted: Wanted, offered: Offered) -> Match | None:
    """Return how well the two fit and why; None when nothing links what is wanted to what is learned, or when it is too far away and not online."""
    found = _learned(wanted, offered)
    if found is None:
        return None
    learned, reasons = found
    if wanted.areas and offered.areas and _is_too_far(wanted.areas, offered.areas):
        return None
    circumstances, doubts = 0.0, []
    for reason, how_well, because in _circumstances(wanted, offered):
        circumstances += _WEIGHTS[reason] * how_well
        if because is not None:
            reasons.append(because)
        elif how_well == _DISAGREES:
            doubts.append(reason)
    return Match(round(learned * (_KEPT + (1 - _KEPT) * circumstances), 6), tuple(reasons), tuple(doubts))


def ranked(wanted: Wanted, candidates: Iterable[Offered], most: int = 20) -> list[tuple[Offered, Match]]:
    """Return the best `most` candidates that fit, the best first; of equals the one whose key comes first."""
    found = ((offered, match) for offered in candidates if (match := fit(wanted, offered)) is not None)
    return heapq.nsmallest(most, found, key=lambda each: (-each[1].score, each[0].key))


def _learned(wanted: Wanted, offered: Offered) -> tuple[float, list[Because]] | None:
    covered, reasons = _covered(wanted, offered) if _may_be_linked(wanted, offered) else (0.0, [])
    common = wanted.words & offered.words
    share = len(common) / len(wanted.words) if common else 0.0
    if not covered and share < _FEWEST_WORDS:
        return None
    if common:
        reasons.append(Because(Reason.WORDS, tuple(sorted(common))))
    return covered + (1 - covered) * _WORDS_FILL * share, reasons


def _may_be_linked(wanted: Wanted, offered: Offered) -> bool:
    return not (
        wanted.uris.isdisjoint(offered.uris) and wanted.uris.isdisjoint(offered.broader) and wanted.broader.isdisjoint(offered.uris)
        and wanted.uris.isdisjoint(offered.related) and wanted.related.isdisjoint(offered.uris)
    )


def _covered(wanted: Wanted, offered: Offered) -> tuple[float, list[Because]]:
    """Return which part of the wanted skills is covered, each by its closest link, and which skills by which link."""
    linked: dict[Reason, list[str]] = {reason: [] for reason, _worth in _LINKS}
    for skill in wanted.skills:
        if skill.uri in offered.uris:
            linked[Reason.SKILL].append(skill.uri)
        elif skill.uri in offered.broader or not skill.broader.isdisjoint(offered.uris):
            linked[Reason.BROADER].append(skill.uri)
        elif skill.uri in offered.related or not skill.related.isdisjoint(offered.uris):
            linked[Reason.RELATED].append(skill.uri)
    covered = sum(worth * len(linked[reason]) for reason, worth in _LINKS) / len(wanted.skills)
    return covered, [Because(reason, tuple(sorted(uris))) for reason, uris in linked.items() if uris]


def _circumstances(wanted: Wanted, offered: Offered) -> Iterator[tuple[Reason, float, Because | None]]:
    """Yield per circumstance how well the two agree, and the reason that this is, if any."""
    yield (Reason.PLACE, *_place(wanted.areas, offered.areas))
    yield (Reason.SLOT, *_slot(wanted.slots, offered.slots))
    for reason, how_well in (
        (Reason.PRICE, _price(wanted.price, offered.price)), (Reason.LEVEL, _level(wanted.level, offered.level)), (Reason.DATE, _date(wanted.day, offered.day)),
    ):
        yield reason, how_well, Because(reason) if how_well == _AGREES else None


def _is_too_far(wanted: frozenset[str], offered: frozenset[str]) -> bool:
    return (
        ONLINE not in wanted and ONLINE not in offered and wanted.isdisjoint(offered)
        and not any(is_beside(area, other) for area in wanted for other in offered)
    )


def _place(wanted: frozenset[str], offered: frozenset[str]) -> tuple[float, Because | None]:
    if not wanted or not offered:
        return _UNKNOWN, None
    shared = wanted & offered
    if shared:
        return _AGREES, Because(Reason.ONLINE if shared == {ONLINE} else Reason.PLACE, tuple(sorted(shared - {ONLINE})))
    beside = sorted(other for other in offered if any(is_beside(area, other) for area in wanted))
    return (_NEARLY, Because(Reason.NEAR, tuple(beside))) if beside else (_DISAGREES, None)


def _slot(wanted: frozenset[str], offered: frozenset[str]) -> tuple[float, Because | None]:
    if not wanted or not offered:
        return _UNKNOWN, None
    shared = wanted & offered
    return (_AGREES, Because(Reason.SLOT, tuple(sorted(shared)))) if shared else (_DISAGREES, None)


def _price(most: Money | None, price: Money | None) -> float:
    if most is None or price is None:
        return _UNKNOWN
    if price <= most:
        return _AGREES
    return _NEARLY if price.cents * 100 <= most.cents * _NEARLY_PRICE else _DISAGREES


def _level(wanted: str, offered: str) -> float:
    if not wanted or not offered:
        return _UNKNOWN
    apart = abs(_level_number(wanted) - _level_number(offered))
    return _AGREES if not apart else _NEARLY if apart <= _NEARLY_LEVEL else _DISAGREES


def _level_number(nlqf: str) -> float:
    """Return a level as a number: "4+" lies half-way between "4" and "5"."""
    return float(nlqf.replace("+", ".5"))


def _date(by: date | None, starts_on: date | None) -> float:
    if by is None or starts_on is None:
        return _UNKNOWN
    return _AGREES if starts_on <= by else _DISAGREES
