"""Reads about publishing: what happened to a module, what it said before, what waits for the programme office, what resembles it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from academy.accounts import api as accounts
from academy.catalogue import contents, facts
from academy.catalogue.drafts import ModuleDraft
from academy.catalogue.errors import ModuleNotFound
from academy.catalogue.models import (
    LearningOutcome,
    Module,
    ModuleVersion,
    OutcomeSkill,
    Provider,
    PublicationAct,
    PublicationState,
    PublicationStep,
)
from academy.catalogue.overlap import SOME, Overlap, Profile, overlaps
from academy.catalogue.policy import Rights, may_check
from academy.catalogue.queries import copying, workspace
from academy.catalogue.queries.modules import in_title
from academy.kernel.db import rows_as_json
from academy.kernel.text import Localized

APPROVALS: Final = 3  # modules that the programme office checks before it trusts a provider
_MOST_CANDIDATES: Final = 1000
_SHOWN: Final = 5
_LONG_WORD: Final = 5  # letters: shorter words are in every title
_PAGE: Final = 100


@dataclass(frozen=True)
class Step:
    """A step with the name of who took it; "" for an import."""

    facts: facts.StepFacts
    person: str


@dataclass(frozen=True)
class Version:
    """What a module said; `replaced_at` is None for the present version."""

    number: int
    content: ModuleDraft
    replaced_at: datetime | None


@dataclass(frozen=True)
class History:
    """What happened to a module, newest first, and each of its versions, newest first."""

    steps: tuple[Step, ...]
    versions: tuple[Version, ...]


def history(session: Session, module: workspace.ModuleInWork) -> History:
    """Return the history of a module that the reader may see; at most a hundred steps and versions."""
    steps = session.scalars(
        select(PublicationStep).where(PublicationStep.module_id == module.id)
        .order_by(PublicationStep.at.desc(), PublicationStep.id.desc()).limit(_PAGE),
    ).all()
    former = session.scalars(
        select(ModuleVersion).where(ModuleVersion.module_id == module.id).order_by(ModuleVersion.number.desc()).limit(_PAGE),
    )
    names = accounts.people(session, {step.person_id for step in steps if step.person_id is not None})
    return History(
        tuple(Step(_step(row), names[row.person_id].name if row.person_id else "") for row in steps),
        (
            Version(module.version, module.public, None),
            *(Version(row.number, contents.from_json(row.content), row.replaced_at) for row in former),
        ),
    )


def _step(row: PublicationStep) -> facts.StepFacts:
    return facts.StepFacts(row.act, row.version, row.person_id, row.by_office, row.at, row.reason)


@dataclass(frozen=True)
class ModuleVersionFacts:
    """What a module said in one of its versions."""

    number: int
    content: ModuleDraft


def module_version(session: Session, module_id: UUID, number: int) -> ModuleVersionFacts:
    """Return a module as it was in version `number`; the present one when that is it. Raises ModuleNotFound."""
    former = session.get(ModuleVersion, (module_id, number))
    if former is not None:
        return ModuleVersionFacts(number, contents.from_json(former.content))
    row = session.scalars(
        workspace.whole_modules().where(Module.id == module_id, Module.version == number),
    ).one_or_none()
    if row is None:
        raise ModuleNotFound
    return ModuleVersionFacts(number, contents.draft_of(row))


# The desk of the programme office


@dataclass(frozen=True)
class Check:
    """A module that waits for the programme office; `approved` counts what it approved of the provider before."""

    slug: str
    title: Localized
    provider_name: str
    since: datetime
    approved: int


def require_office(session: Session, actor: accounts.Actor) -> None:
    """Let only the programme office pass. Raises ModuleNotFound."""
    if not may_check(accounts.memberships_of(session, actor.person_id)):
        raise ModuleNotFound


def checks(session: Session, actor: accounts.Actor) -> tuple[Check, ...]:
    """Return what waits for the programme office, the oldest first; at most a hundred. Raises ModuleNotFound for others."""
    require_office(session, actor)
    submitted = (
        select(func.max(PublicationStep.at))
        .where(PublicationStep.module_id == Module.id, PublicationStep.act == PublicationAct.SUBMITTED)
        .correlate(Module).scalar_subquery()
    )
    asked = func.coalesce(submitted, Module.changed_at)
    rows = session.execute(
        select(Module, asked.label("asked"))
        .where(Module.state == PublicationState.CHECK)
        .options(joinedload(Module.provider))
        .order_by(asked, Module.id).limit(_PAGE),
    ).all()
    approved = {provider_id: approvals(session, provider_id) for provider_id in {module.provider_id for module, _at in rows}}
    return tuple(
        Check(module.slug, module.title, module.provider.name, since, approved[module.provider_id])
        for module, since in rows
    )


def module_for_check(session: Session, actor: accounts.Actor, module_slug: str) -> workspace.ModuleInWork:
    """Return a module that waits for the programme office. Raises ModuleNotFound, also for one that does not wait."""
    require_office(session, actor)
    row = session.scalars(
        workspace.whole_modules()
        .where(Module.slug == module_slug, Module.state == PublicationState.CHECK).options(joinedload(Module.provider)),
    ).one_or_none()
    if row is None:
        raise ModuleNotFound
    nothing = Rights(read=True, plan=False, edit=False)
    return workspace.of_row(session, row, workspace.Workspace(copying.provider_facts(row.provider), nothing))


def approvals(session: Session, provider_id: UUID) -> int:
    """Return how many modules of a provider the programme office approved."""
    return session.scalars(
        select(func.count(PublicationStep.module_id.distinct()))
        .join(Module, Module.id == PublicationStep.module_id)
        .where(Module.provider_id == provider_id, PublicationStep.by_office, PublicationStep.act == PublicationAct.PUBLISHED),
    ).one()


@dataclass(frozen=True)
class CheckOutcome:
    """What the programme office decided, for a letter to who submitted the module."""

    act: PublicationAct
    reason: str
    module_slug: str
    module_title: Localized
    provider_slug: str
    provider_name: str
    submitter_id: UUID


def check_outcome(session: Session, step_id: UUID) -> CheckOutcome | None:
    """Return the decision of a step; None when nobody submitted the module."""
    found = session.execute(
        select(PublicationStep, Module, Provider)
        .join(Module, Module.id == PublicationStep.module_id).join(Provider, Provider.id == Module.provider_id)
        .where(PublicationStep.id == step_id),
    ).one_or_none()
    if found is None:
        return None
    step, module, provider = found
    submitter = session.scalars(
        select(PublicationStep.person_id)
        .where(
            PublicationStep.module_id == module.id, PublicationStep.act == PublicationAct.SUBMITTED, PublicationStep.at <= step.at,
        )
        .order_by(PublicationStep.at.desc(), PublicationStep.id.desc()).limit(1),
    ).first()
    if submitter is None:
        return None
    return CheckOutcome(step.act, step.reason, module.slug, module.title, provider.slug, provider.name, submitter)


# What resembles it (requirement R26)


@dataclass(frozen=True)
class Resembling:
    """A published module that resembles mine, with how much and why."""

    overlap: Overlap
    slug: str
    title: Localized
    provider_name: str
    outcomes: tuple[Localized, ...]


def resembling(session: Session, module: workspace.ModuleInWork) -> tuple[Resembling, ...]:
    """Return at most five published modules that resemble this one enough to be worth showing, the most alike first.

    Read are the thousand of all providers that share most at first sight: a skill, then a long word of the title, then a sector.
    """
    mine = _profile(str(module.id), module.content)
    others: dict[str, tuple[Profile, Any]] = {}
    for row in session.execute(_candidates(session, module)):
        skills = frozenset(str(uri) for _outcome, uri in row.skills)
        outcomes = tuple(copying.localized(text) for _position, text in sorted(row.outcomes, key=lambda one: one[0]))
        others[str(row.id)] = Profile(str(row.id), row.title, outcomes, skills, row.nlqf, row.ec), row
    found = overlaps(mine, (profile for profile, _row in others.values()), _SHOWN)
    return tuple(
        Resembling(one, row.slug, row.title, row.provider, profile.outcomes)
        for one in found if one.score >= SOME for profile, row in (others[one.key],)
    )


def _profile(key: str, draft: ModuleDraft) -> Profile:
    skills = frozenset(uri for outcome in draft.outcomes for uri in outcome.skills)
    return Profile(key, draft.title, tuple(outcome.text for outcome in draft.outcomes), skills, draft.nlqf, draft.ec)


def _candidates(session: Session, module: workspace.ModuleInWork) -> Any:  # noqa: ANN401 - a Select of seven columns
    draft = module.content
    words = sorted({word for text in (draft.title.nl, draft.title.en) for word in text.split() if len(word) >= _LONG_WORD})
    uris = sorted({uri for outcome in draft.outcomes for uri in outcome.skills})
    shares_skill = Module.id.in_(
        select(LearningOutcome.module_id).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .where(OutcomeSkill.skill_uri.in_(uris)),
    )
    nearness = case((shares_skill, 0), (or_(*(in_title(word) for word in words)) if words else Module.id.is_(None), 1), else_=2)
    return (
        select(
            Module.id, Module.slug, Module.title, Module.nlqf, Module.ec, Provider.name.label("provider"),
            _outcomes(session).label("outcomes"), _skills(session).label("skills"),
        )
        .join(Provider, Provider.id == Module.provider_id)
        .where(Module.state == PublicationState.PUBLISHED, Module.id != module.id)
        .order_by(nearness, Module.changed_at.desc(), Module.id)
        .limit(_MOST_CANDIDATES)
    )


def _outcomes(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, LearningOutcome.position, LearningOutcome.text,
        of=lambda found: found.where(LearningOutcome.module_id == Module.id, LearningOutcome.left_in_version.is_(None)),
        correlate=Module,
    )


def _skills(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, OutcomeSkill.outcome_id, OutcomeSkill.skill_uri,
        of=lambda found: found.join(LearningOutcome, LearningOutcome.id == OutcomeSkill.outcome_id).where(
            LearningOutcome.module_id == Module.id, LearningOutcome.left_in_version.is_(None),
        ),
        correlate=Module,
    )


def module_choices(session: Session, provider_id: UUID, *, besides: UUID) -> Sequence[tuple[str, Localized]]:
    """Return (external id, title) of the provider's modules that another can ask for, by title; at most five hundred."""
    rows = session.execute(
        select(Module.external_id, Module.title)
        .where(Module.provider_id == provider_id, Module.state == PublicationState.PUBLISHED, Module.id != besides).limit(5 * _PAGE),
    )
    return sorted(((external_id, title) for external_id, title in rows), key=lambda one: (one[1].nl or one[1].en).casefold())
