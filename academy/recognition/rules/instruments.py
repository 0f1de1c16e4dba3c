"""Instruments: how often and how differently somebody was looked at, and by whom that may be done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from academy.recognition.kinds import InstrumentKind

FEWEST_KINDS: Final = 2  # the portfolio and always a second one (standards.md, A9)


class Unfit(StrEnum):
    """Why somebody may not judge in a file."""

    IS_LEARNER = "is-learner"
    IS_GUIDE = "is-guide"
    ACTS_FOR_EMPLOYER = "acts-for-employer"


@dataclass(frozen=True)
class Instrument:
    """One look at what somebody can do; `done_at` is None as long as it has not taken place and been judged."""

    kind: InstrumentKind
    assessor_id: UUID
    done_at: datetime | None


@dataclass(frozen=True)
class People:
    """Who stands on which side of a file; `employers` are the organisations for which the learner works or that wrote a statement.

    `guided` are all who took a step as its guide, also who is that no more: they never judge or decide in it.
    """

    learner_id: UUID
    guide_id: UUID | None
    employers: frozenset[UUID] = frozenset()
    guided: frozenset[UUID] = frozenset()

    @property
    def on_the_learners_side(self) -> frozenset[UUID | None]:
        return self.guided | {self.learner_id, self.guide_id}


def involved(of: People, assessors: Iterable[UUID]) -> frozenset[UUID | None]:
    """Return all who have a part in a file: its learner, who guides or guided it, and who judged it. None of them decides in it."""
    return of.on_the_learners_side | frozenset(assessors)


def unfit(person_id: UUID, of: People, *, acts_for: Collection[UUID]) -> Unfit | None:
    """Return why somebody who acts for these organisations may not judge in this file, or None when they may.

    Asked again at each step: an assessor may have become the learner's employer since the last one.
    """
    if person_id == of.learner_id:
        return Unfit.IS_LEARNER
    if person_id in of.on_the_learners_side:
        return Unfit.IS_GUIDE
    return Unfit.ACTS_FOR_EMPLOYER if of.employers & frozenset(acts_for) else None


def counting(instruments: Collection[Instrument], of: People) -> tuple[Instrument, ...]:
    """Return the instruments that count: those that took place, judged by somebody who neither is the learner nor guides them."""
    return tuple(each for each in instruments if each.done_at is not None and each.assessor_id not in of.on_the_learners_side)


def has_enough(instruments: Collection[Instrument], of: People) -> bool:
    """Tell whether a report may be written: the portfolio and one of another kind; two interviews are one kind."""
    kinds = {each.kind for each in counting(instruments, of)}
    return InstrumentKind.PORTFOLIO in kinds and len(kinds) >= FEWEST_KINDS
