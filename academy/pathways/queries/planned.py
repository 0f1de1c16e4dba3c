"""What learners plan with one provider, and at which times more of them could finish: demand for its timetable, without a person (capability B7)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard, PartOfDay
from academy.kernel.clock import amsterdam_day
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.pathways.models import Pathway, PathwayStep, SlotAdvice
from academy.pathways.rules.periods import beginning_of
from academy.pathways.rules.small_groups import shown_groups

_TIMES: Final = 3  # that are told of one module in one period
_SLOTS: Final = 3  # that are advised for one module


@dataclass(frozen=True)
class Time:
    """When a class is given: its days of the week and part of the day; neither for one that is not planned yet."""

    weekdays: tuple[str, ...] = ()
    part: PartOfDay | None = None


@dataclass(frozen=True)
class PlannedModule:
    """How many people plan a module in the period that begins on `first_on`, and in classes at which times; None where a number would tell of few."""

    module: ModuleCard
    first_on: date
    people: int
    times: tuple[tuple[Time, int | None], ...]


@dataclass(frozen=True)
class BetterTime:
    """How many people more could finish if a module were given at (weekday 0 to 6, part of the day 0 to 2)."""

    module: ModuleCard
    weekday: int
    part: int
    people: int
    counted_at: datetime


@dataclass(frozen=True)
class ProviderDemand:
    """What is planned with a provider, the first period first, and the better times, most people first."""

    workspace: catalogue.Workspace
    planned: tuple[PlannedModule, ...]
    better: tuple[BetterTime, ...]


def planned_at(session: Session, actor: Actor, provider_slug: str, *, now: datetime) -> ProviderDemand:
    """Return the demand for the modules of a provider to who works there; of fewer than ten people nothing. Raises ProviderNotFound. At most eight statements."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    module_ids = catalogue.published_module_ids(session, provider_id=there.provider.id)
    groups = _groups(session, module_ids, today=amsterdam_day(now))
    better = _better(session, module_ids)
    cards = catalogue.module_cards(session, {module_id for module_id, _first_on in groups} | {row.module_id for row in better})
    planned = [
        PlannedModule(cards[module_id], first_on, len(times), shown_groups(times, most=_TIMES)) for (module_id, first_on), times in groups.items()
    ]
    return ProviderDemand(
        there, tuple(sorted(planned, key=lambda each: (each.first_on, -each.people, each.module.slug))),
        tuple(BetterTime(cards[row.module_id], *divmod(row.slot, 3), row.people, row.counted_at) for row in better),
    )


def _groups(session: Session, module_ids: Collection[UUID], *, today: date) -> dict[tuple[UUID, date], list[Time]]:
    """Return by (module, first day of the period) the time of each person, where they are ten or more."""
    person = func.coalesce(Pathway.person_id, Pathway.id)
    rows = session.execute(
        select(PathwayStep.module_id, PathwayStep.first_on, PathwayStep.offering_id, person).join(Pathway, Pathway.id == PathwayStep.pathway_id)
        .where(PathwayStep.module_id.in_(module_ids), PathwayStep.last_on >= today, Pathway.chosen.is_not(None)).order_by(Pathway.changed_at, Pathway.id),
    ).all()
    people: dict[tuple[UUID, date], dict[UUID, UUID | None]] = defaultdict(dict)
    for module_id, first_on, offering_id, person_id in rows:
        people[module_id, beginning_of(first_on)][person_id] = offering_id  # of two pathways of one person the one that was changed last
    enough = {key: classes for key, classes in people.items() if len(classes) >= LEAST_PEOPLE}
    named = {each for classes in enough.values() for each in classes.values() if each is not None}
    offerings = catalogue.offerings_by_id(session, named) if named else {}
    times = {offering_id: Time(found.offering.weekdays, found.offering.part_of_day) for offering_id, found in offerings.items()}
    return {key: [times.get(each, Time()) if each is not None else Time() for each in classes.values()] for key, classes in enough.items()}


def _better(session: Session, module_ids: Collection[UUID]) -> Sequence[SlotAdvice]:
    """Return the advice that ten people or more gain by, the best times of each module."""
    rows = session.scalars(
        select(SlotAdvice).where(SlotAdvice.module_id.in_(module_ids), SlotAdvice.people >= LEAST_PEOPLE)
        .order_by(SlotAdvice.people.desc(), SlotAdvice.module_id, SlotAdvice.slot),
    ).all()
    found: dict[UUID, list[SlotAdvice]] = defaultdict(list)
    for row in rows:
        if len(found[row.module_id]) < _SLOTS:
            found[row.module_id].append(row)
    return [row for row in rows if row in found[row.module_id]]
