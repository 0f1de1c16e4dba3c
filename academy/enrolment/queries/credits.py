"""What people passed and what they are following now, module by module, for thousands at once: the caller has asked who may know it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, Result
from academy.kernel.clock import amsterdam_day

_NONE: Final = Decimal(0)
_FOLLOWING: Final = (EnrolmentState.CONFIRMED, EnrolmentState.FINISHED)  # of what has finished the result comes later


@dataclass(frozen=True)
class ModulePassed:
    """A module with a final result that is enough; `on` is the day on which the exam board said so."""

    module_id: UUID
    ec: Decimal
    on: date


@dataclass(frozen=True)
class Learning:
    """What somebody passed, and the classes (offerings) of modules that they follow and have no final result of: (module, class)."""

    passed: tuple[ModulePassed, ...] = ()
    under_way: tuple[tuple[UUID, UUID], ...] = ()


def people_enrolled() -> Select[UUID]:
    """Select everybody who passed something or follows it."""
    return select(Enrolment.person_id).where(Enrolment.state.in_(_FOLLOWING)).distinct()


def learning_of(session: Session, person_ids: Collection[UUID]) -> Mapping[UUID, Learning]:
    """Return what each of these people passed and follows; a module that was passed twice counts once, with the most credits. Two statements."""
    rows = session.execute(
        select(Enrolment.person_id, Enrolment.offering_id, Result.ec, Result.final_at, Result.is_passed)
        .outerjoin(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id.in_(person_ids), or_(Enrolment.state.in_(_FOLLOWING), Result.final_at.is_not(None)))
        .order_by(Enrolment.person_id, Enrolment.id),
    ).all()
    modules = catalogue.modules_of_offerings(session, {row.offering_id for row in rows}) if rows else {}
    passed: defaultdict[UUID, dict[UUID, ModulePassed]] = defaultdict(dict)
    under_way: defaultdict[UUID, list[tuple[UUID, UUID]]] = defaultdict(list)
    for row in rows:
        module_id = modules[row.offering_id]
        if row.final_at is None:
            under_way[row.person_id].append((module_id, row.offering_id))
        elif row.is_passed:
            found, before = ModulePassed(module_id, row.ec or _NONE, amsterdam_day(row.final_at)), passed[row.person_id].get(module_id)
            passed[row.person_id][module_id] = found if before is None or found.ec > before.ec else before
    return {
        each: Learning(
            tuple(passed[each].values()), tuple((module_id, offering_id) for module_id, offering_id in under_way[each] if module_id not in passed[each]),
        )
        for each in person_ids
    }
