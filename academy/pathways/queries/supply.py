"""What there is to learn for a goal: modules, their classes over the years, and how many seats are left; remembered for half a minute, for it is of nobody."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleKind, ModuleToTake, OfferingFacts, OfferingState, TargetGroup
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.pathways.queries.goals import modules_counting, with_others
from academy.pathways.queries.repeating import GIVEN_BEFORE, expected
from academy.pathways.rules.periods import last_day, periods_of

_REMEMBERED_FOR: Final = timedelta(seconds=30)
_MOST_REMEMBERED: Final = 50  # goals


@dataclass(frozen=True, slots=True)
class Given:
    """A module in a class from `first` to `last`, periods of those ahead; `of` is the class, or what an expected one is like, `later` so much before.

    Without a class: one begins when one wants, and has one period for it.
    """

    key: str
    module: ModuleToTake
    of: OfferingFacts | None
    starts_on: date
    ends_on: date
    first: int
    last: int
    later: timedelta = timedelta(0)
    seats_left: int | None = None
    is_expected: bool = False


@dataclass(frozen=True)
class Supply:
    """Modules by id, among them all that others need; their classes; which modules count as which; free seats by class, where some are taken.

    `courses` remembers what was made of it, by life (`queries.offers`).
    """

    modules: Mapping[UUID, ModuleToTake]
    classes: Mapping[UUID, Sequence[OfferingFacts]]
    counts_as: Mapping[UUID, tuple[UUID, ...]]
    left: Mapping[UUID, int]
    at: datetime
    courses: dict[Any, Any] = field(default_factory=dict, compare=False)

    def given(self, first_on: Sequence[date], *, today: date) -> Iterator[Given]:
        """Yield what one can take in these periods, as it is planned and as it is expected."""
        for module_id, module in self.modules.items():
            if module.is_public:
                yield from _given(module, self.classes.get(module_id, ()), self.left, first_on, today)


_kept: Final[OrderedDict[tuple[str, frozenset[UUID]], Supply]] = OrderedDict()
_lock: Final = Lock()


def forget_supply() -> None:
    """Read the supply again at the next question."""
    with _lock:
        _kept.clear()


def supply_of(session: Session, module_ids: frozenset[UUID], *, now: datetime) -> Supply:
    """Return what there is of these modules, what counts as them and what they need, at most half a minute old: at most seven statements."""
    key = (str(database().url), module_ids)
    with _lock:
        kept = _kept.get(key)
    if kept is not None and kept.at <= now < kept.at + _REMEMBERED_FOR:
        return kept
    found = _read(session, module_ids, now=now)
    with _lock:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > _MOST_REMEMBERED:
            _kept.popitem(last=False)
    return found


def _read(session: Session, module_ids: frozenset[UUID], *, now: datetime) -> Supply:
    today = amsterdam_day(now)
    counts_as = modules_counting(session, module_ids, now=now)
    modules = catalogue.modules_to_take(session, with_others(module_ids, counts_as))
    classes: dict[UUID, list[OfferingFacts]] = {}
    for each in catalogue.classes_since(session, modules, since=today - GIVEN_BEFORE):
        classes.setdefault(each.module_id, []).append(each)
    ahead = [each.id for found in classes.values() for each in found if each.ends_on >= today]
    left = {offering_id: found.left for offering_id, found in enrolment.seats(session, ahead).items() if found.draw is None or found.draw.drawn_at is not None}
    return Supply(modules, classes, counts_as, left, now)


def _given(module: ModuleToTake, classes: Iterable[OfferingFacts], left: Mapping[UUID, int], first_on: Sequence[date], today: date) -> Iterator[Given]:
    found = tuple(classes)
    planned = [each for each in found if each.state is OfferingState.ACTIVE and _can_enrol(each, today)]
    is_always = module.kind is ModuleKind.MOOC and not planned
    for each in planned:
        seats_left = left.get(each.id, each.seats)
        if seats_left > 0:
            yield from _planned(module, each, seats_left, first_on)
    if is_always:
        yield from (Given(f"{module.slug}@{first}", module, None, first, last_day(first), number, number) for number, first in enumerate(first_on))
        return
    for one in expected(found, first_on, today=today):
        starts_on, ends_on = one.of.starts_on + one.later, one.of.ends_on + one.later
        if (periods := periods_of(starts_on, ends_on, first_on)) is not None:
            key = f"{module.slug}@{one.first}" + (f".{one.number + 1}" if one.number else "")
            yield Given(key, module, one.of, starts_on, ends_on, *periods, one.later, is_expected=True)


def _planned(module: ModuleToTake, of: OfferingFacts, seats_left: int, first_on: Sequence[date]) -> Iterator[Given]:
    """Yield a class in its periods; one that one can step into on many days, once for every period that it leaves room for."""
    if of.flexible_from is None or of.flexible_until is None:
        if (periods := periods_of(of.starts_on, of.ends_on, first_on)) is not None:
            yield Given(of.code, module, of, of.starts_on, of.ends_on, *periods, seats_left=seats_left)
        return
    for number, first in enumerate(first_on):
        if max(of.flexible_from, of.starts_on) <= first <= of.flexible_until and last_day(first) <= of.ends_on:
            yield Given(f"{of.code}@{first}", module, of, first, last_day(first), number, number, seats_left=seats_left)


def _can_enrol(each: OfferingFacts, today: date) -> bool:
    """Tell whether the public can enrol, now or later."""
    return any(period.target_group is TargetGroup.PUBLIC and period.closes_on >= today for period in each.periods)
