"""Reads of a provider's workspace: each function loads and checks; to who may not come here nothing exists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from academy.accounts import api as accounts
from academy.catalogue import contents, facts
from academy.catalogue.completeness import Completeness, completeness
from academy.catalogue.drafts import CodeDraft, ModuleDraft, OfferingDraft, PeriodDraft, SessionDraft
from academy.catalogue.errors import ModuleNotFound, OfferingNotFound, PlaceNotFound, ProviderNotFound
from academy.catalogue.models import (
    ClassSession,
    ExternalCode,
    LearningOutcome,
    Module,
    Offering,
    OfferingState,
    Place,
    Provider,
    PublicationAct,
    PublicationState,
    PublicationStep,
    WorkingCopy,
)
from academy.catalogue.policy import Rights, rights_at
from academy.catalogue.queries import copying
from academy.catalogue.queries.modules import in_title, shown_title
from academy.kernel.text import Localized

MODULES_PER_PAGE = 50
_MOST_TASKS = 20


@dataclass(frozen=True)
class Workspace:
    """A provider as seen by someone who works there."""

    provider: facts.ProviderFacts
    rights: Rights


@dataclass(frozen=True)
class OfferingInWork:
    """An offering with its whole draft, sessions included, and why it was called off."""

    workspace: Workspace
    module_id: UUID
    module_slug: str
    module_title: Localized
    module_is_public: bool
    offering: facts.OfferingFacts
    draft: OfferingDraft
    cancel_reason: str


@dataclass(frozen=True)
class ModuleInWork:
    """A module as its keepers see it: `content` has the changes that are not public yet, `public` is what visitors read."""

    workspace: Workspace
    id: UUID
    slug: str
    state: PublicationState
    version: int
    source: str
    changed_at: datetime
    content: ModuleDraft
    public: ModuleDraft
    has_changes: bool
    offerings: tuple[facts.OfferingFacts, ...]
    offering_drafts: tuple[OfferingDraft, ...]
    is_code_taken: bool

    @property
    def digest(self) -> str:
        """What someone has seen when they change it or decide about it: what is written, and what visitors read meanwhile."""
        return contents.digest(self.content) + contents.digest(self.public)

    def completeness(self, today: date) -> Completeness:
        return completeness(self.content, self.offering_drafts, today=today, is_code_taken=self.is_code_taken)


# Who


def workspace_for_reading(session: Session, actor: accounts.Actor, provider_slug: str) -> Workspace:
    """Return the workspace for who may read there. Raises ProviderNotFound."""
    found = _workspace(session, actor, provider_slug)
    if not found.rights.read:
        raise ProviderNotFound
    return found


def workspace_for_answering(session: Session, actor: accounts.Actor, provider_slug: str) -> Workspace:
    """Return the workspace for who answers learners: admits them, or says that they paid. Raises ProviderNotFound."""
    found = _workspace(session, actor, provider_slug)
    if not (found.rights.admit or found.rights.plan):
        raise ProviderNotFound
    return found


def _workspace(session: Session, actor: accounts.Actor, provider_slug: str) -> Workspace:
    row = session.scalars(select(Provider).where(Provider.slug == provider_slug)).one_or_none()
    if row is None:
        raise ProviderNotFound
    return Workspace(copying.provider_facts(row), rights_at(accounts.memberships_of(session, actor.person_id), row.id))


def workspace_for_editing(session: Session, actor: accounts.Actor, provider_slug: str) -> Workspace:
    """Return the workspace for who may change modules. Raises ProviderNotFound."""
    found = workspace_for_reading(session, actor, provider_slug)
    if not found.rights.edit:
        raise ProviderNotFound
    return found


def workspace_for_planning(session: Session, actor: accounts.Actor, provider_slug: str) -> Workspace:
    """Return the workspace for who may plan classes and keep places. Raises ProviderNotFound."""
    found = workspace_for_reading(session, actor, provider_slug)
    if not found.rights.plan:
        raise ProviderNotFound
    return found


# Modules


def whole_modules() -> Select[Module]:
    """Select modules with all that their score depends on."""
    return select(Module).options(
        selectinload(Module.outcomes).selectinload(LearningOutcome.skills),
        selectinload(Module.offerings).options(
            joinedload(Offering.place), selectinload(Offering.periods), selectinload(Offering.sessions).joinedload(ClassSession.place),
        ),
    )


def module_in_work(session: Session, actor: accounts.Actor, provider_slug: str, module_slug: str) -> ModuleInWork:
    """Return a module for who may read at its provider. Raises ProviderNotFound, ModuleNotFound."""
    return _module(session, workspace_for_reading(session, actor, provider_slug), module_slug)


def module_for_editing(session: Session, actor: accounts.Actor, provider_slug: str, module_slug: str) -> ModuleInWork:
    """Return a module for who may change it. Raises ProviderNotFound, ModuleNotFound."""
    return _module(session, workspace_for_editing(session, actor, provider_slug), module_slug)


def module_for_planning(session: Session, actor: accounts.Actor, provider_slug: str, module_slug: str) -> ModuleInWork:
    """Return a module for who may plan its classes. Raises ProviderNotFound, ModuleNotFound."""
    return _module(session, workspace_for_planning(session, actor, provider_slug), module_slug)


def _module(session: Session, there: Workspace, module_slug: str) -> ModuleInWork:
    row = session.scalars(
        whole_modules().where(Module.slug == module_slug, Module.provider_id == there.provider.id),
    ).one_or_none()
    if row is None:
        raise ModuleNotFound
    return of_row(session, row, there)


def of_row(session: Session, row: Module, there: Workspace) -> ModuleInWork:
    """Copy a whole module with its changes."""
    public = replace(contents.draft_of(row), codes=codes_of(session, row.id))
    copy = session.get(WorkingCopy, row.id)
    content = public if copy is None else replace(contents.from_json(copy.content), codes=public.codes)
    taken = bool(content.code) and session.scalars(
        select(Module.id).where(
            Module.provider_id == row.provider_id, Module.code == content.code, Module.id != row.id,
            Module.state != PublicationState.ARCHIVED,
        ).limit(1),
    ).first() is not None
    return ModuleInWork(
        workspace=there, id=row.id, slug=row.slug, state=row.state, version=row.version, source=row.source, changed_at=row.changed_at,
        content=content, public=public, has_changes=copy is not None,
        offerings=tuple(copying.offering_facts(one) for one in row.offerings),
        offering_drafts=tuple(offering_draft(one) for one in row.offerings), is_code_taken=taken,
    )


def codes_of(session: Session, module_id: UUID) -> tuple[CodeDraft, ...]:
    """Return the module's codes in registers; they are no part of its versions."""
    rows = session.scalars(select(ExternalCode).where(ExternalCode.module_id == module_id).order_by(ExternalCode.id))
    return tuple(CodeDraft(row.scheme, row.value, row.valid_from, row.valid_until) for row in rows)


@dataclass(frozen=True)
class ModuleRow:
    """A module in the table of a workspace; `classes` counts those that are not over."""

    slug: str
    code: str
    title: Localized
    state: PublicationState
    source: str
    has_changes: bool
    score: int
    classes: int


@dataclass(frozen=True)
class ModuleTable:
    rows: tuple[ModuleRow, ...]
    count: int


def module_table(session: Session, provider_id: UUID, *, words: Sequence[str], page: int, today: date) -> ModuleTable:
    """Return a page of the provider's modules by title, archived ones last, with the words in title or code; `page` counts from 1."""
    wanted = [Module.provider_id == provider_id]
    wanted += [or_(in_title(word), func.lower(Module.code).contains(word.lower(), autoescape=True)) for word in words]
    count = session.scalars(select(func.count()).select_from(Module).where(*wanted)).one()
    modules = session.scalars(
        whole_modules()
        .where(*wanted)
        .order_by(Module.state == PublicationState.ARCHIVED, shown_title(), Module.id)
        .limit(MODULES_PER_PAGE).offset((page - 1) * MODULES_PER_PAGE),
    ).all()
    copies = {
        copy.module_id: copy.content
        for copy in session.scalars(select(WorkingCopy).where(WorkingCopy.module_id.in_([module.id for module in modules])))
    }
    return ModuleTable(tuple(_table_row(module, copies.get(module.id), today) for module in modules), count)


def _table_row(module: Module, changes: dict[str, object] | None, today: date) -> ModuleRow:
    content = contents.draft_of(module) if changes is None else contents.from_json(changes)
    offerings = [offering_draft(one) for one in module.offerings]
    ahead = [one for one in offerings if one.ends_on >= today and one.state in {OfferingState.ACTIVE, OfferingState.CONCEPT}]
    return ModuleRow(
        module.slug, module.code, content.title, module.state, module.source, changes is not None,
        completeness(content, offerings, today=today).score, len(ahead),
    )


# To do


@dataclass(frozen=True)
class Task:
    """Something that waits for a person: a module and, when it came back, why."""

    kind: str  # draft, sent_back, changes, check
    slug: str
    title: Localized
    reason: str
    since: datetime


def tasks(session: Session, provider_id: UUID) -> tuple[Task, ...]:
    """Return what waits at a provider, sent back first, then the longest waiting; at most twenty of each kind."""
    drafts = session.scalars(
        select(Module)
        .where(Module.provider_id == provider_id, Module.state.in_((PublicationState.DRAFT, PublicationState.CHECK)))
        .order_by(Module.changed_at).limit(2 * _MOST_TASKS),
    ).all()
    steps = last_steps(session, [module.id for module in drafts])
    found = [_task(module, steps.get(module.id)) for module in drafts]
    found += [
        Task("changes", slug, copying.localized(content.get("title")), "", saved_at)
        for slug, content, saved_at in session.execute(
            select(Module.slug, WorkingCopy.content, WorkingCopy.saved_at)
            .join(WorkingCopy, WorkingCopy.module_id == Module.id)
            .where(Module.provider_id == provider_id)
            .order_by(WorkingCopy.saved_at).limit(_MOST_TASKS),
        )
    ]
    order = ("sent_back", "draft", "changes", "check")
    return tuple(sorted(found, key=lambda task: (order.index(task.kind), task.since)))


def _task(module: Module, step: PublicationStep | None) -> Task:
    if module.state is PublicationState.CHECK:
        return Task("check", module.slug, module.title, "", module.changed_at if step is None else step.at)
    if step is not None and step.act is PublicationAct.SENT_BACK:
        return Task("sent_back", module.slug, module.title, step.reason, step.at)
    return Task("draft", module.slug, module.title, "", module.changed_at)


def last_steps(session: Session, module_ids: Sequence[UUID]) -> dict[UUID, PublicationStep]:
    """Return the newest step of each module."""
    rows = session.scalars(
        select(PublicationStep).where(PublicationStep.module_id.in_(module_ids)).order_by(PublicationStep.at, PublicationStep.id),
    )
    return {row.module_id: row for row in rows}


# Offerings and places


def offering_for_reading(session: Session, actor: accounts.Actor, provider_slug: str, code: str) -> OfferingInWork:
    """Return an offering for who may read at its provider. Raises ProviderNotFound, OfferingNotFound."""
    return _offering(session, workspace_for_reading(session, actor, provider_slug), code)


def offering_for_planning(session: Session, actor: accounts.Actor, provider_slug: str, code: str) -> OfferingInWork:
    """Return an offering for who may plan it. Raises ProviderNotFound, OfferingNotFound."""
    return _offering(session, workspace_for_planning(session, actor, provider_slug), code)


def _offering(session: Session, there: Workspace, code: str) -> OfferingInWork:
    found = session.execute(
        _offerings().where(Offering.code == code.upper(), Module.provider_id == there.provider.id),
    ).one_or_none()
    if found is None:
        raise OfferingNotFound
    return _offering_in_work(there, *found)


def _offerings() -> Select[Offering, Module]:
    return select(Offering, Module).join(Module, Module.id == Offering.module_id).options(
        joinedload(Offering.place), selectinload(Offering.periods), selectinload(Offering.sessions).joinedload(ClassSession.place),
    )


def _offering_in_work(there: Workspace, row: Offering, module: Module) -> OfferingInWork:
    return OfferingInWork(
        there, module.id, module.slug, module.title, module.state is PublicationState.PUBLISHED, copying.offering_facts(row),
        offering_draft(row), row.cancel_reason,
    )


def in_work(session: Session, there: Workspace, *wanted: ColumnElement[bool]) -> tuple[OfferingInWork, ...]:
    """Return the offerings of a provider that are wanted, the first start first; at most fifty."""
    rows = session.execute(
        _offerings().where(Module.provider_id == there.provider.id, *wanted)
        .order_by(Offering.starts_on, Offering.code).limit(MODULES_PER_PAGE),
    )
    return tuple(_offering_in_work(there, *row) for row in rows)


def offering_draft(row: Offering) -> OfferingDraft:
    """Return what the row says as a draft; its place, periods and sessions have been loaded."""
    return OfferingDraft(
        starts_on=row.starts_on, ends_on=row.ends_on, mode=row.mode, language=row.language, seats=row.seats, price=row.price,
        periods=tuple(
            PeriodDraft(one.closes_on, one.opens_on, one.target_group, one.has_queue, one.queue_max, one.website) for one in row.periods
        ),
        part_of_day=row.part_of_day, weekdays=tuple(row.weekdays), place_key=_key(row.place),
        sessions=tuple(
            SessionDraft(one.part_of_day, one.weekday, one.on_date, one.starts_at, one.ends_at, _key(one.place), one.about)
            for one in row.sessions
        ),
        external_id=row.external_id, state=row.state, min_seats=row.min_seats, decides_on=row.decides_on, guaranteed=row.guaranteed,
        flexible_from=row.flexible_from, flexible_until=row.flexible_until, price_note=row.price_note,
        cancel_free_days=row.cancel_free_days, cancel_late_percent=row.cancel_late_percent,
    )


def _key(place: Place | None) -> str | None:
    return None if place is None else place.key


def places(session: Session, provider_id: UUID) -> tuple[facts.PlaceFacts, ...]:
    """Return the places a provider can choose: its own and the region's, by name."""
    rows = session.scalars(select(Place).where(or_(Place.provider_id == provider_id, Place.provider_id.is_(None))))
    found = [copied for row in rows if (copied := copying.place_facts(row)) is not None]
    return tuple(sorted(found, key=lambda place: (place.name.nl or place.name.en).casefold()))


def own_place_keys(session: Session, provider_id: UUID) -> set[str]:
    """Return the keys of the places whose entry the provider keeps."""
    return set(session.scalars(select(Place.key).where(Place.provider_id == provider_id)))


def own_place(session: Session, provider_id: UUID, key: str) -> facts.PlaceFacts:
    """Return a place whose entry the provider keeps. Raises PlaceNotFound."""
    row = session.scalars(select(Place).where(Place.key == key, Place.provider_id == provider_id)).one_or_none()
    found = copying.place_facts(row)
    if found is None:
        raise PlaceNotFound
    return found
