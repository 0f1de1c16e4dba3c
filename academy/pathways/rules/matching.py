"""How far what somebody says to have counts for a goal (product.md, B2: Match, Maybe or Miss).

What is said are free words. They count only where nothing is left to judge: but for words that say nothing ("ik heb … gehaald bij …"), a year and who gave it,
they are the title or the code of a module that counts, or of a paper that an exam board published; no other module that may be meant has that name; and the
credits, where they are said, are those. Whatever else looks like it is for an exam board to decide. Every word that is left over makes it unlike.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final
from uuid import UUID

from academy.kernel.text import fold
from academy.pathways.kinds import HasKind, Match

Words = tuple[str, ...]

_WORD: Final = re.compile(r"[^\W_]+(?:\+\+|#)?")  # c++ and c# are words
_CREDITS: Final = re.compile(r"(?<![\w.,])([+-]?\s?\d[\d.,]*)\s?(?:ects|ecs?|studiepunt(?:en)?|credits?|sp)\b")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def _those(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SAYS_NOTHING: Final = _those(
    "aan afgerond al behaald bij de deze een gehaald geslaagd haalde heb het hier ik in is met mijn module op te uit van vak voor voldoende ze "
    "a already an and at completed en for from have i my of on passed the this to with",
)
_OF_DIPLOMA: Final = frozenset({"diploma", "crebo", "mbo", "hbo", "wo", "havo", "vwo", "bachelor", "master", "propedeuse"})
_OF_EXPERIENCE: Final = _those(
    "baan banen ervaring gewerkt jaar jaren stage werk werkervaring werkte werkzaam vrijwilliger vrijwilligerswerk "
    "experience internship job volunteer worked working years",
)
_SHORTEST_CODE: Final = 4  # letters and digits: shorter ones are words as well
_CREBO: Final = re.compile(r"\d{5}")


_OF_PAPERS: Final = _those("basis beginners certificaat course cursus niveau opleiding training vaardigheden werken basics beginner certificate level programme skills")


class Why(StrEnum):
    """Why something counts, may count or does not."""

    SAME = "same"  # it is this module
    COUNTS_AS = "counts-as"  # the goal counts it as this module
    EQUIVALENT = "equivalent"  # a board published that it counts
    AFTER_TEST = "after-test"  # a board published that it counts after a test here
    SEVERAL = "several"  # more modules have this name
    OTHER_CREDITS = "other-credits"  # the name is the same and the credits are not
    DECIDED = "decided"  # a board lets this go by itself for who asks recognition
    SKILL = "skill"  # a skill that the module trains is in the words
    ALIKE = "alike"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody typed. `ec` is what they said of credits, None for nothing; `is_clear` is False where that can not be read, or is said twice."""

    text: str
    words: Words
    ec: Decimal | None
    is_clear: bool
    kind: HasKind

    @property
    def crebo_codes(self) -> tuple[str, ...]:
        """The numbers of five digits: how the register of mbo diplomas calls one."""
        return tuple(word for word in self.words if _CREBO.fullmatch(word))


@dataclass(frozen=True, slots=True)
class Here:
    """A module of the catalogue that may be meant, its names in words. `counts_as` is the module of the goal that it counts as, or itself; None for none."""

    id: UUID
    titles: tuple[Words, ...]
    codes: tuple[Words, ...]
    giver: frozenset[str]
    ec: Decimal | None
    counts_as: UUID | None


@dataclass(frozen=True, slots=True)
class Paper:
    """What an exam board published: who has this gets so many EC of a module, or the whole module. `board` is shown."""

    module_id: UUID
    titles: tuple[Words, ...]
    codes: tuple[Words, ...]
    giver: frozenset[str]
    ec: Decimal
    is_whole: bool
    board: str
    needs_test: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """A module of the goal that looks like what was said, how much (0 to 1) and by what; `about` is shown."""

    module_id: UUID
    score: float
    why: Why
    about: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer, one per module of the goal. `ec` are the EC that count, or may; None for those of the module as a whole. `module_id` is what was meant."""

    fits: Match
    why: Why
    kind: HasKind
    for_module_id: UUID | None = None
    module_id: UUID | None = None
    ec: Decimal | None = None
    about: str = ""


def read(text: str) -> Said:
    """Return what was typed with its credits taken out."""
    folded = fold(text)
    numbers = [_number(found) for found in _CREDITS.findall(folded)]
    words = tuple(_WORD.findall(_CREDITS.sub(" ", folded)))
    ec = numbers[0] if len(numbers) == 1 else None
    return Said(text, words, ec, not numbers or ec is not None, _kind(words))


def words_of(text: str) -> Words:
    """Return the words of a name that say something."""
    return tuple(word for word in _WORD.findall(fold(text)) if word not in _SAYS_NOTHING)


def is_common(word: str) -> bool:
    """Tell whether a word says nothing about what was learned."""
    return any(word in words for words in (_SAYS_NOTHING, _OF_DIPLOMA, _OF_EXPERIENCE, _OF_PAPERS))


def fitting(said: Said, modules: Sequence[Here], papers: Iterable[Paper], likes: Iterable[Like], credits_of: Mapping[UUID, Decimal | None]) -> tuple[Fit, ...]:
    """Return how far it counts: one answer, or one for each module that a paper counts for. `credits_of` are the EC of the goal's modules."""
    meant = _meant(said, modules)
    here = meant[0].id if len(meant) == 1 else None
    kind = HasKind.MODULE if meant else said.kind
    counting = [each for each in meant if each.counts_as is not None]
    if counting:
        return (_as_module(said, meant, counting[0]),)
    found = _on_paper(said, papers, kind, here)
    if found:
        return found
    like = max(likes, key=lambda each: (each.score, each.module_id), default=None)
    if like is None:
        return (Fit(Match.MISS, Why.NOTHING, kind, module_id=here, ec=said.ec),)
    return (Fit(Match.MAYBE, like.why, kind, like.module_id, here, _at_most(said.ec, credits_of.get(like.module_id)), like.about),)


def meant_by(said: Said, modules: Sequence[Here]) -> Here | None:
    """Return the one module that is meant by name; None for none, and for several."""
    meant = _meant(said, modules)
    return meant[0] if len(meant) == 1 else None


def _meant(said: Said, modules: Sequence[Here]) -> list[Here]:
    """Return the modules whose name was said: of who was named too, where somebody was."""
    found = [each for each in modules if _is_named(said, each.titles, each.codes, each.giver)]
    named = [each for each in found if not each.giver.isdisjoint(said.words)]
    return named or found


def _as_module(said: Said, meant: Sequence[Here], one: Here) -> Fit:
    if len(meant) > 1:
        return Fit(Match.MAYBE, Why.SEVERAL, HasKind.MODULE, one.counts_as, None, _at_most(said.ec, one.ec))
    if said.ec is not None and one.ec is not None and said.ec != one.ec:
        return Fit(Match.MAYBE, Why.OTHER_CREDITS, HasKind.MODULE, one.counts_as, one.id, _at_most(said.ec, one.ec))
    return Fit(Match.MATCH, Why.SAME if one.counts_as == one.id else Why.COUNTS_AS, HasKind.MODULE, one.counts_as, one.id)


def _on_paper(said: Said, papers: Iterable[Paper], kind: HasKind, here: UUID | None) -> tuple[Fit, ...]:
    best: dict[UUID, Paper] = {}
    for each in papers:
        if _is_named(said, each.titles, each.codes, each.giver) and (each.module_id not in best or _worth(each) > _worth(best[each.module_id])):
            best[each.module_id] = each
    return tuple(
        Fit(Match.MATCH, Why.AFTER_TEST if each.needs_test else Why.EQUIVALENT, kind, each.module_id, here, None if each.is_whole else each.ec, each.board)
        for each in best.values()
    )


def _worth(paper: Paper) -> tuple[bool, Decimal, bool]:
    return paper.is_whole, paper.ec, not paper.needs_test


def _is_named(said: Said, titles: Collection[Words], codes: Collection[Words], giver: Collection[str]) -> bool:
    """Tell whether the words are a title, or a code with words of the title, and who gave it; nothing else."""
    told = tuple(word for word in said.words if word not in _SAYS_NOTHING and not _YEAR.fullmatch(word))
    for code in codes:
        rest = _without(told, code)
        if rest is not None and all(word in giver or any(word in title for title in titles) for word in rest):
            return True
    bare = _besides(told, giver)
    return bool(told) and any(told == title or (bare and bare == _besides(title, giver)) for title in titles)


def _without(words: Words, code: Words) -> Words | None:
    """Return the words around a code; None where it does not stand there in one piece, or is too short to be one."""
    if len("".join(code)) < _SHORTEST_CODE or not any(char.isdigit() for word in code for char in word):
        return None
    for start in range(len(words) - len(code) + 1):
        if words[start : start + len(code)] == code:
            return words[:start] + words[start + len(code) :]
    return None


def _besides(words: Words, giver: Collection[str]) -> Words:
    return tuple(word for word in words if word not in giver)


def _kind(words: Words) -> HasKind:
    if not _OF_EXPERIENCE.isdisjoint(words):
        return HasKind.EXPERIENCE
    return HasKind.DIPLOMA if not _OF_DIPLOMA.isdisjoint(words) else HasKind.COURSE


def _number(written: str) -> Decimal | None:
    plain = written.replace(" ", "").rstrip(".,")
    plain = re.sub(r"[.,]", "", plain) if _THOUSANDS.fullmatch(plain) else plain.replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _at_most(said: Decimal | None, whole: Decimal | None) -> Decimal | None:
    found = [each for each in (said, whole) if each is not None]
    return min(found) if found else None
