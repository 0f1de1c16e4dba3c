"""What the tables of other rooms tell of how ready providers are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from academy.accounts.models import Membership, Role
from academy.catalogue.models import (
    EnrolmentPeriod,
    LearningOutcome,
    Module,
    ModuleKind,
    Offering,
    OfferingState,
    OutcomeSkill,
    PublicationState,
    TargetGroup,
)
from academy.enrolment.models import Enrolment, Result
from academy.kernel.clock import begin_of_day
from academy.reports.rules.participating import Supplied

_PUBLIC = (Module.state == PublicationState.PUBLISHED, Module.kind != ModuleKind.TAILORED)


def supplied(session: Session, provider_ids: Collection[UUID], *, as_of: date) -> Mapping[UUID, Supplied]:
    """Return by provider what is there of what it needs; of one that has nothing too. Five statements.

    Members, modules and classes are as the tables have them now; a class is open on the day before `as_of`, and results were final before it began.
    """
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for statement in (_members(provider_ids), _modules(provider_ids), _tagged(provider_ids), _classes(provider_ids, as_of), _results(provider_ids, as_of)):
        for row in session.execute(statement).mappings():
            counts[row["provider_id"]] |= {name: number for name, number in row.items() if name != "provider_id"}
    known = {each.name for each in fields(Supplied)}
    assert all(known.issuperset(found) for found in counts.values())
    return {provider_id: Supplied(**counts[provider_id]) for provider_id in provider_ids}


def _members(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    board = case((Membership.role == Role.EXAM_BOARD, Membership.person_id))
    return (
        select(Membership.organisation_id.label("provider_id"), func.count(Membership.person_id.distinct()).label("members"), func.count(board.distinct()).label("board"))
        .where(Membership.organisation_id.in_(ids)).group_by(Membership.organisation_id)
    )


def _modules(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    priced = func.count(case((or_(Module.price.is_not(None), Module.price_note != ""), 1)))
    return (
        select(Module.provider_id, func.count().label("modules"), priced.label("with_price"), func.count(case((Module.source != "", 1))).label("fed"))
        .where(Module.provider_id.in_(ids), *_PUBLIC).group_by(Module.provider_id)
    )


def _tagged(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    return (
        select(Module.provider_id, func.count(Module.id.distinct()).label("with_skills"))
        .join(LearningOutcome, and_(LearningOutcome.module_id == Module.id, LearningOutcome.left_in_version.is_(None)))
        .join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .where(Module.provider_id.in_(ids), *_PUBLIC).group_by(Module.provider_id)
    )


def _classes(ids: Collection[UUID], as_of: date) -> Select[*tuple[Any, ...]]:
    day = as_of - timedelta(days=1)
    return (
        select(Module.provider_id, func.count(Offering.id.distinct()).label("classes"))
        .join(Offering, Offering.module_id == Module.id).join(EnrolmentPeriod, EnrolmentPeriod.offering_id == Offering.id)
        .where(
            Module.provider_id.in_(ids), *_PUBLIC, Offering.state == OfferingState.ACTIVE, EnrolmentPeriod.target_group == TargetGroup.PUBLIC,
            EnrolmentPeriod.closes_on >= day, or_(EnrolmentPeriod.opens_on.is_(None), EnrolmentPeriod.opens_on <= day),
        )
        .group_by(Module.provider_id)
    )


def _results(ids: Collection[UUID], as_of: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Module.provider_id, func.count(Result.enrolment_id).label("results"))
        .join(Offering, Offering.module_id == Module.id).join(Enrolment, Enrolment.offering_id == Offering.id).join(Result, Result.enrolment_id == Enrolment.id)
        .where(Module.provider_id.in_(ids), Result.final_at < begin_of_day(as_of))
        .group_by(Module.provider_id)
    )
