"""What a route of modules is made of: programmes to follow, modules with all that they need, and their classes over the years; a few statements for thousands."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from academy.catalogue import facts
from academy.catalogue.errors import ProgrammeNotFound
from academy.catalogue.models import (
    LearningOutcome,
    Module,
    ModuleKind,
    ModulePrerequisite,
    Offering,
    OfferingState,
    OutcomeSkill,
    Place,
    Programme,
    Provider,
    PublicationState,
)
from academy.catalogue.prerequisites import Prerequisite, from_json
from academy.catalogue.queries.offering_json import offering_cells, offering_from
from academy.catalogue.queries.programmes import requirements_of
from academy.kernel.db import row_as_text
from academy.kernel.money import Money
from academy.kernel.text import Localized

_REMEMBERED: Final = 10_000  # classes, some 5 kB each
_TAKEN: Final = (
    Module.slug, Module.external_id, Module.code, Module.title, Module.kind, Module.provider_id, Module.ec, Module.hours, Module.nlqf, Module.price,
    Module.prerequisites, Module.state,
)
_IN_TIMETABLE: Final = (OfferingState.ACTIVE, OfferingState.INACTIVE, OfferingState.CANCELLED)  # now, before, or until it was called off


@dataclass(frozen=True)
class ProgrammeToFollow:
    """A programme by what it asks; `requirements` is None when nothing is known of that."""

    id: UUID
    slug: str
    title: Localized
    provider_id: UUID
    provider_slug: str
    provider_name: str
    ec: Decimal | None
    ec_at_provider: Decimal | None
    entry_nlqf: str
    nlqf: str
    requirements: facts.RequirementFacts | None


@dataclass(frozen=True, slots=True)
class ModuleToTake:
    """A module as a part of a route; `is_public` is False for one that is no longer offered, or was never."""

    id: UUID
    slug: str
    external_id: str
    code: str
    title: Localized
    kind: ModuleKind
    provider_id: UUID
    provider_slug: str
    provider_name: str
    ec: Decimal | None
    hours: int | None
    nlqf: str
    price: Money | None
    prerequisites: Prerequisite | None
    is_public: bool


def programme_to_follow(session: Session, programme_id: UUID) -> ProgrammeToFollow:
    """Return a public programme with what it asks: two statements. Raises ProgrammeNotFound."""
    row = session.execute(
        select(Programme, Provider.slug, Provider.name).join(Provider, Provider.id == Programme.provider_id)
        .where(Programme.id == programme_id, Programme.state == PublicationState.PUBLISHED),
    ).one_or_none()
    if row is None:
        raise ProgrammeNotFound
    programme, slug, name = row
    return ProgrammeToFollow(
        programme.id, programme.slug, programme.title, programme.provider_id, slug, name, programme.ec, programme.ec_at_provider, programme.entry_nlqf,
        programme.nlqf, requirements_of(session, programme_id),
    )


def modules_to_take(session: Session, module_ids: Collection[UUID]) -> dict[UUID, ModuleToTake]:
    """Return these modules and all that they need, and what those need, and so on: one statement."""
    first = select(Module.id.label("id")).where(Module.id.in_(module_ids)).cte("needed", recursive=True)
    every = first.union(select(ModulePrerequisite.needed_id).join(first, first.c.id == ModulePrerequisite.module_id))
    rows = session.execute(
        select(Module, Provider.slug, Provider.name).join(Provider, Provider.id == Module.provider_id).where(Module.id.in_(select(every.c.id)))
        .options(load_only(*_TAKEN)),
    )
    return {
        row.id: ModuleToTake(
            row.id, row.slug, row.external_id, row.code, row.title, row.kind, row.provider_id, slug, name, row.ec, row.hours, row.nlqf, row.price,
            None if row.prerequisites is None else from_json(row.prerequisites), row.state is PublicationState.PUBLISHED,
        )
        for row, slug, name in rows
    }


def modules_by_skill(session: Session, skills: Collection[str]) -> dict[str, tuple[UUID, ...]]:
    """Return by skill (URI) the public modules that train it today, except those made for one employer: one statement, by index."""
    rows = session.execute(
        select(OutcomeSkill.skill_uri, Module.id).distinct()
        .join(LearningOutcome, LearningOutcome.id == OutcomeSkill.outcome_id).join(Module, Module.id == LearningOutcome.module_id)
        .where(
            OutcomeSkill.skill_uri.in_(skills), LearningOutcome.left_in_version.is_(None), Module.state == PublicationState.PUBLISHED,
            Module.kind != ModuleKind.TAILORED,
        ).order_by(OutcomeSkill.skill_uri, Module.id),
    )
    found: dict[str, list[UUID]] = {uri: [] for uri in skills}
    for uri, module_id in rows:
        found[uri].append(module_id)
    return {uri: tuple(ids) for uri, ids in found.items()}


def classes_since(session: Session, module_ids: Collection[UUID], *, since: date) -> list[facts.OfferingFacts]:
    """Return the classes of these modules that begin on a day or later, given already or not or called off, with their meetings, in order of start: one statement."""
    said = (
        select(row_as_text(session, *offering_cells(session, with_sessions=True)))
        .select_from(Offering).outerjoin(Place, Place.id == Offering.place_id)
        .where(Offering.module_id.in_(module_ids), Offering.state.in_(_IN_TIMETABLE), Offering.starts_on >= since)
    )
    return sorted((_offering(each) for each in session.scalars(said)), key=lambda each: (each.starts_on, each.code))


def modules_with_codes(session: Session, codes: Collection[str]) -> list[tuple[UUID, str, frozenset[str]]]:
    """Return the public modules that have one of these codes, in any case of letters: (id, code, names of who gives them) each."""
    rows = session.execute(
        select(Module.id, Module.code, Module.institution, Provider.name, Provider.slug).join(Provider, Provider.id == Module.provider_id)
        .where(func.lower(Module.code).in_([each.lower() for each in codes]), Module.state == PublicationState.PUBLISHED).order_by(Module.id),
    )
    return [(module_id, code, frozenset(filter(None, names))) for module_id, code, *names in rows]


def modules_of_offerings(session: Session, offering_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the module of each of these offerings, whatever their state."""
    return dict(session.execute(select(Offering.id, Offering.module_id).where(Offering.id.in_(offering_ids))).all())


@lru_cache(_REMEMBERED)
def _offering(said: str) -> facts.OfferingFacts:
    """Return what the database said; the same text means the same, so it is read once (docs/decisions/0013)."""
    return offering_from(json.loads(said))
