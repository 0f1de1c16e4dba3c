"""Precedents: when two claims are the same, what was decided then, and what may be decided so again by itself (product.md, B8).

A pattern is one outcome, in the words that were decided on, with the evidence that was shown for it. Its key is a text that is equal for equal patterns,
on every machine and for good: decisions are found by it through one index.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from academy.kernel.text import fold, json_text
from academy.recognition.kinds import NAMED_BY_SOURCE, EvidenceKind, Judgement

_VERSION: Final = 1  # of what a key is made of; another one finds nothing that was decided before
_BETWEEN: Final = re.compile(r"[\W_]+")
VALID_YEARS: Final = 5  # how long a decision may be repeated: ours, the law names no term; a trade changes, and then people look again


@dataclass(frozen=True)
class Shown:
    """A piece of evidence as far as others can have the same: who gave it (a register, school, firm or platform) and what they call it.

    Of what is one person's own (their work, a statement) only the kind is the same for others.
    """

    kind: EvidenceKind
    source: str = ""
    code: str = ""

    @property
    def is_named(self) -> bool:
        """Whether its source gave it a name by which it is the same for everybody."""
        return self.kind in NAMED_BY_SOURCE and bool(_plain(self.source) and _plain(self.code))


@dataclass(frozen=True)
class Pattern:
    """`wording` is the outcome's text: one that is reworded keeps its id in the catalogue, and what was decided on other words is no precedent."""

    outcome_id: UUID
    wording: str
    shown: frozenset[Shown]

    @property
    def key(self) -> str:
        """64 hexadecimal digits, the same whatever the order, case, accents and spacing in which it was typed."""
        items = sorted({(each.kind.value, _plain(each.source), _plain(each.code)) if each.is_named else (each.kind.value, "", "") for each in self.shown})
        return _digest(_VERSION, self.outcome_id.hex, _plain(self.wording), items)

    @property
    def is_documentary(self) -> bool:
        """Whether all of it has a name of its source: only then another person can have shown the very same."""
        return bool(self.shown) and all(each.is_named for each in self.shown)


@dataclass(frozen=True)
class Precedent:
    """What an exam board decided on a pattern; it may be used on and before `valid_until`, None for always."""

    decision_id: UUID
    judgement: Judgement
    decided_on: date
    valid_until: date | None = None
    part: str = ""


@dataclass(frozen=True)
class Given:
    """One answer that was given to a pattern: how often, and by which decisions, the newest first (all of them, or the newest few)."""

    judgement: Judgement
    part: str
    number: int
    newest: tuple[UUID, ...]


@dataclass(frozen=True)
class Approval:
    """A board's word that a pattern is granted by itself from now on, with at least so many parents; on and before `until`."""

    fewest_parents: int
    until: date


def wording_digest(wording: str) -> str:
    """Return 64 hexadecimal digits of an outcome's words: equal as long as they say the same, whatever the spacing, case and signs between them."""
    return _digest(_VERSION, _plain(wording))


def part_key(part: str) -> str:
    """Return what makes two parts of an outcome the same answer: 64 hexadecimal digits, or nothing for no part."""
    plain = _plain(part)
    return _digest(_VERSION, plain) if plain else ""


def source_key(kind: EvidenceKind, source: str, code: str) -> str:
    """Return 64 hexadecimal digits that are the same for the same paper of everybody, however its source and code were typed."""
    return _digest(_VERSION, kind.value, _plain(source), _plain(code))


def repeatable_until(decided_on: date) -> date:
    """Return the last day on which a decision may be repeated: so many years after it, on 28 February for a leap day."""
    try:
        return decided_on.replace(year=decided_on.year + VALID_YEARS)
    except ValueError:
        return date(decided_on.year + VALID_YEARS, 2, 28)


def tally(precedents: Iterable[Precedent], today: date) -> list[Given]:
    """Count the precedents of one pattern that are valid today, per answer, most first; what is counted beforehand must be the same as this."""
    answers: defaultdict[tuple[Judgement, str], list[Precedent]] = defaultdict(list)
    for each in precedents:
        if each.valid_until is None or today <= each.valid_until:
            answers[each.judgement, _plain(each.part)].append(each)
    found = [sorted(group, key=_age, reverse=True) for group in answers.values()]
    given = [Given(group[0].judgement, group[0].part, len(group), tuple(each.decision_id for each in group)) for group in found]
    return sorted(given, key=lambda each: (-each.number, each.judgement.value, _plain(each.part)))


def proposal(given: Collection[Given]) -> Given | None:
    """Return the answer that a pattern had each time, with its parents; None when it had none or several: then people look."""
    return next(iter(given)) if len(given) == 1 else None


def may_approve_itself(pattern: Pattern, found: Given | None, approval: Approval | None, today: date) -> bool:
    """Tell whether a pattern is granted without a person looking: never a refusal or a part, and never on what is one person's own."""
    if found is None or approval is None or today > approval.until:
        return False
    return pattern.is_documentary and found.judgement is Judgement.YES and found.number >= max(approval.fewest_parents, 1)


def all_approve_themselves(verdicts: Collection[bool]) -> bool:
    """Tell whether a whole request is granted by itself: every outcome of it, or a person decides on all."""
    return bool(verdicts) and all(verdicts)


def _age(precedent: Precedent) -> tuple[date, UUID]:
    return precedent.decided_on, precedent.decision_id


def _plain(text: str) -> str:
    """Return words and numbers only: `CREBO  25.648` is `crebo 25 648`."""
    return _BETWEEN.sub(" ", fold(text)).strip()


def _digest(*written: object) -> str:
    return hashlib.sha256(json_text(list(written)).encode()).hexdigest()
