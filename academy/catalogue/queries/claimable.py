"""Modules as what somebody may claim to have learned already: their outcomes by id, in the words of today."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import LearningOutcome, Module, OutcomeSkill, Provider, PublicationState
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class ClaimableModule:
    """A module of any state; `outcomes` are (id, text) in their order, `hours` of study where known, `ec` None where it has no credits."""

    id: UUID
    slug: str
    code: str
    external_id: str
    title: Localized
    version: int
    provider_id: UUID
    provider_slug: str
    provider_name: str
    ec: Decimal | None
    hours: int | None
    price: Money | None
    is_public: bool
    outcomes: tuple[tuple[UUID, Localized], ...]
    nlqf: str


def claimable_module_id(session: Session, slug: str) -> UUID | None:
    """Return the id of the public module with this slug, or None."""
    return session.scalars(select(Module.id).where(Module.slug == slug, Module.state == PublicationState.PUBLISHED)).one_or_none()


def claimable_modules(session: Session, module_ids: Collection[UUID]) -> dict[UUID, ClaimableModule]:
    """Return modules with their present outcomes, by id: two statements."""
    outcomes: dict[UUID, list[tuple[UUID, Localized]]] = {}
    there = select(LearningOutcome.module_id, LearningOutcome.id, LearningOutcome.text).where(
        LearningOutcome.module_id.in_(module_ids), LearningOutcome.left_in_version.is_(None),
    )
    for module_id, outcome_id, words in session.execute(there.order_by(LearningOutcome.position)):
        outcomes.setdefault(module_id, []).append((outcome_id, words))
    rows = session.execute(
        select(
            Module.id, Module.slug, Module.code, Module.external_id, Module.title, Module.version, Provider.id, Provider.slug, Provider.name, Module.ec, Module.hours,
            Module.price, Module.state, Module.nlqf,
        ).join(Provider, Provider.id == Module.provider_id).where(Module.id.in_(module_ids)),
    )
    return {
        module_id: ClaimableModule(
            module_id, slug, code, external_id, title, version, provider_id, provider_slug, provider_name, ec, hours, price, state is PublicationState.PUBLISHED,
            tuple(outcomes.get(module_id, ())), nlqf,
        )
        for module_id, slug, code, external_id, title, version, provider_id, provider_slug, provider_name, ec, hours, price, state, nlqf in rows
    }


def skills_of_modules(session: Session, module_ids: Collection[UUID]) -> dict[UUID, dict[str, Localized]]:
    """Return the skills that the present outcomes of modules train, as {URI: name}; nothing of a module without. One statement."""
    found: dict[UUID, dict[str, Localized]] = {}
    rows = session.execute(
        select(LearningOutcome.module_id, OutcomeSkill.skill_uri, OutcomeSkill.label).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .where(LearningOutcome.module_id.in_(module_ids), LearningOutcome.left_in_version.is_(None)).order_by(OutcomeSkill.skill_uri),
    )
    for module_id, uri, label in rows:
        found.setdefault(module_id, {})[uri] = label
    return found
