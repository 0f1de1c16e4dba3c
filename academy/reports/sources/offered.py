"""What is offered, with the skills that it trains, as the catalogue says it now."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from academy.catalogue.models import LearningOutcome, Module, ModuleKind, OutcomeSkill, Provider, PublicationState
from academy.kernel.text import Localized
from academy.reports.kinds import MODULE
from academy.reports.rules.complementing import Trained


@dataclass(frozen=True, slots=True)
class Offered:
    """A public module with the texts of its outcomes, and whose it is."""

    trained: Trained
    slug: str
    title: Localized
    outcomes: tuple[Localized, ...]
    provider_slug: str
    provider_name: str


def offered(session: Session) -> tuple[Offered, ...]:
    """Return all public modules except those made for one employer, by name of the provider and then by slug: three statements."""
    public = (Module.state == PublicationState.PUBLISHED, Module.kind != ModuleKind.TAILORED)
    rows = session.execute(
        select(Module.id, OutcomeSkill.skill_uri).distinct()
        .join(LearningOutcome, LearningOutcome.module_id == Module.id).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .where(*public, LearningOutcome.left_in_version.is_(None)),
    )
    skills: dict[UUID, set[str]] = {}
    for module_id, uri in rows:
        skills.setdefault(module_id, set()).add(uri)
    outcomes: dict[UUID, list[Localized]] = {}
    texts = select(LearningOutcome.module_id, LearningOutcome.text).join(Module, Module.id == LearningOutcome.module_id)
    for module_id, text in session.execute(texts.where(*public, LearningOutcome.left_in_version.is_(None)).order_by(LearningOutcome.position, LearningOutcome.id)):
        outcomes.setdefault(module_id, []).append(text)
    modules = session.execute(
        select(Module.id, Module.slug, Module.title, Provider.id, Provider.slug, Provider.name).join(Provider, Provider.id == Module.provider_id).where(*public),
    )
    found = (
        Offered(Trained(module_id, provider_id, frozenset(skills.get(module_id, ()))), slug, title, tuple(outcomes.get(module_id, ())), provider_slug, name)
        for module_id, slug, title, provider_id, provider_slug, name in modules
    )
    return tuple(sorted(found, key=lambda each: (each.provider_name.casefold(), each.provider_slug, each.slug)))


def modules_to_name(session: Session, provider_id: UUID, skill: str) -> tuple[tuple[UUID, Localized, bool], ...]:
    """Return what a provider can name as the module with which it fills a gap: (id, title, whether it trains the skill) of each that it keeps, also in work.

    What trains the skill comes first, then by title. Modules made for one employer are left out, for nobody else can enrol in them. One statement.
    """
    trains = exists().where(
        LearningOutcome.module_id == Module.id, LearningOutcome.left_in_version.is_(None), OutcomeSkill.outcome_id == LearningOutcome.id,
        OutcomeSkill.skill_uri == skill,
    )
    rows = session.execute(
        select(Module.id, Module.title, trains.label("trains"))
        .where(Module.provider_id == provider_id, Module.kind != ModuleKind.TAILORED, Module.state != PublicationState.ARCHIVED),
    )
    found = [(module_id, title, bool(trains_it) or skill == f"{MODULE}{module_id.hex}") for module_id, title, trains_it in rows]
    return tuple(sorted(found, key=lambda each: (not each[2], each[1].in_language("nl").casefold(), each[0])))
