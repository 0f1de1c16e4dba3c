"""Who was there and what they reached, in batches of which can be told what may be told; and which share of them it is."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.kernel.small_groups import by_fives
from academy.reports.kinds import Side
from academy.reports.queries.opinions import by_provider
from academy.reports.rules.asking import LEAST
from academy.reports.rules.batches import Batch, settled, told_parts
from academy.reports.rules.quarters import quarter_of
from academy.reports.rules.ratios import mean
from academy.reports.rules.shares import Parted, share_of, together, told_beside
from academy.reports.sources import experience as source
from academy.reports.sources.experience import ClassFacts, Presence, Reached

_PEOPLE: Final = LEAST[Side.LEARNER]
ByCohort = Mapping[str, Sequence[Batch]]  # by the quarter in which the class started
Measured = Mapping[UUID, Sequence[Presence]] | Mapping[UUID, Sequence[Reached]]  # by class


def presence_of(session: Session, classes: Iterable[ClassFacts], *, before: date) -> dict[UUID, list[Presence]]:
    """Return who was there, of classes of which that can not change any more."""
    return source.presence_in(session, [each.id for each in classes if not source.can_presence_change(each, today=before)], before=before)


def results_of(session: Session, classes: Iterable[ClassFacts], *, before: date) -> dict[UUID, list[Reached]]:
    """Return what was reached, of classes that are over and of which all results are final."""
    return source.results_in(session, [each.id for each in classes if each.ends_on < before], before=before)


def batches_of(classes: Iterable[ClassFacts], found: Measured, *, part: Callable[[ClassFacts], str] = by_provider) -> list[Batch]:
    """Return each class of which anything is known as a batch."""
    return [
        Batch(one.ends_on, one.id.hex, part(one), frozenset(each.person_id for each in there), len({each.person_id for each in there}), parted=parted_of(there))
        for one in classes if (there := found.get(one.id))
    ]


def parted_of(there: Collection[Presence | Reached]) -> Parted:
    """Return at how many meetings people were and were not, or how many results are a pass and are not."""
    halves = [(each.present, each.said - each.present) if isinstance(each, Presence) else (int(each.is_passed), int(not each.is_passed)) for each in there]
    return Parted(
        sum(part for part, _rest in halves), sum(rest for _part, rest in halves),
        frozenset(each.person_id for each, (part, _rest) in zip(there, halves, strict=True) if part),
        frozenset(each.person_id for each, (_part, rest) in zip(there, halves, strict=True) if rest),
    )


def told_by_cohort(classes: Iterable[ClassFacts], batches: Iterable[Batch]) -> dict[str, list[Batch]]:
    """Return what may be told of each quarter."""
    cohort_of = {each.id.hex: quarter_of(each.starts_on) for each in classes}
    found: dict[str, list[Batch]] = {}
    for batch in batches:
        found.setdefault(cohort_of[batch.key], []).append(batch)
    return {cohort: settled(there, least=_PEOPLE) for cohort, there in sorted(found.items())}


def parted_together(batches: Iterable[Batch]) -> Parted:
    """Return what batches have together."""
    return together(each.parted for each in batches)


def share_in(told: ByCohort) -> int | None:
    """Return the share in the quarters of which it is told, together."""
    return share_of(parted_together(there) for there in told.values())


def shares_by_part(told: ByCohort) -> dict[str, int | None]:
    """Return the share of each part of which anything may be told beside the quarters as a whole; None where the share may not."""
    found: dict[str, list[Parted]] = defaultdict(list)
    for whole in told.values():
        parts = told_parts(whole, least=_PEOPLE)
        known = {batch.key for batches in parts.values() for batch in batches}
        there = {name: parted_together(batches) for name, batches in parts.items()}
        shown = told_beside(there, parted_together(each for each in whole if each.key not in known))
        for name in there:
            found[name] += [shown[name]] if name in shown else []
    return {name: share_of(parted) for name, parted in found.items()}


# Who passed a language module first, beside who did not

Compared = tuple[int, int | None, int | None, int | None]  # with a result, passed, grade, attendance; the last three in tenths


def compared(
    classes: Iterable[ClassFacts], presence: Mapping[UUID, Sequence[Presence]], results: Mapping[UUID, Sequence[Reached]], passed_on: Mapping[UUID, date],
) -> dict[bool, Compared]:
    """Return by whether somebody passed a language module before their class began what they reached, of quarters of which it is told of both; else nothing.

    It is of the classes that are told of elsewhere too, so that nothing is left of those beside it; and a year is what its quarters are, together.
    """
    over = list(classes)
    by_id = {each.id.hex: each for each in over}
    reached, came = (told_by_cohort(over, batches_of(over, each)) for each in (results, presence))
    noted = {batch.key for batches in came.values() for batch in batches}
    there = {of: each for of, each in presence.items() if of.hex in noted}
    quarters = [each for whole in reached.values() if (each := _quarter([by_id[batch.key] for batch in whole], there, results, passed_on))]
    return {has: _of_group(quarters, has=has) for has in (True, False)} if quarters else {}


@dataclass(frozen=True)
class _Quarter:
    """Both groups of a quarter; `others` followed a language module."""

    groups: Mapping[bool, Sequence[tuple[Reached, Presence | None]]]
    others: Sequence[Reached]

    @property
    def is_told(self) -> bool:
        """Tell whether neither group, nor what is left of the quarter, is of a few."""
        sizes = [len(_people(each for each, _there in group)) for group in self.groups.values()]
        return min(sizes) >= _PEOPLE and (not self.others or len(_people(self.others)) >= _PEOPLE)

    def passed(self) -> dict[bool, Parted]:
        """Return who passed of both groups; nothing unless of both it is told, beside the others."""
        return _of_both({has: parted_of([each for each, _there in group]) for has, group in self.groups.items()}, parted_of(self.others))

    def present(self) -> dict[bool, Parted]:
        """Return who was there of both groups; nothing unless of both it is told."""
        return _of_both({has: parted_of([there for _each, there in group if there]) for has, group in self.groups.items()}, Parted())


def _of_both(parts: Mapping[bool, Parted], others: Parted) -> dict[bool, Parted]:
    return dict(parts) if len(told_beside({str(has): each for has, each in parts.items()}, others)) == len(parts) else {}


def _quarter(
    classes: Iterable[ClassFacts], presence: Mapping[UUID, Sequence[Presence]], results: Mapping[UUID, Sequence[Reached]], passed_on: Mapping[UUID, date],
) -> _Quarter | None:
    groups: dict[bool, list[tuple[Reached, Presence | None]]] = {True: [], False: []}
    others: list[Reached] = []
    for one in classes:
        if one.is_language:
            others += results[one.id]
            continue
        there = {each.person_id: each for each in presence.get(one.id, ())}
        for each in results[one.id]:
            groups[passed_on.get(each.person_id, date.max) < one.starts_on].append((each, there.get(each.person_id)))
    found = _Quarter(groups, others)
    return found if found.is_told else None


def _people(found: Iterable[Reached]) -> frozenset[UUID]:
    return frozenset(each.person_id for each in found)


def _of_group(quarters: Sequence[_Quarter], *, has: bool) -> Compared:
    groups = [[reached for reached, _there in each.groups[has]] for each in quarters]
    graded = [[each for each in group if each.tenths is not None] for group in groups]
    grades = [each.tenths or 0 for group in graded if len(_people(group)) >= _PEOPLE for each in group]
    return (
        sum(by_fives(len(_people(group))) for group in groups), share_of(each[has] for quarter in quarters if (each := quarter.passed())),
        mean(sum(grades), 10 * len(grades)), share_of(each[has] for quarter in quarters if (each := quarter.present())),
    )
