"""From a first draft to what visitors read, and back: every step recorded with who, when and why."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, memberships_of, record
from academy.catalogue import contents, prerequisites
from academy.catalogue.drafts import ModuleDraft
from academy.catalogue.errors import (
    ChangedMeanwhile,
    NotComplete,
    NotInThisState,
    OverlapUnexplained,
    PrerequisitesGoRound,
)
from academy.catalogue.events import ModuleChanged, ModuleChecked
from academy.catalogue.models import (
    Module,
    ModulePrerequisite,
    OfferingState,
    Provider,
    PublicationAct,
    PublicationState,
    PublicationStep,
    WorkingCopy,
)
from academy.catalogue.overlap import STRONG
from academy.catalogue.policy import may_check
from academy.catalogue.queries import publication, workspace
from academy.catalogue.queries.workspace import ModuleInWork
from academy.catalogue.service.importing import prerequisite_graph
from academy.catalogue.service.modules import apply_content
from academy.catalogue.service.slugs import Slugs
from academy.catalogue.service.tagging import tags_for
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.kernel.text import Localized

_OPEN: Final = (PublicationState.DRAFT, PublicationState.CHECK, PublicationState.PUBLISHED)


def start_module(session: Session, *, actor: Actor, provider_slug: str, draft: ModuleDraft, now: datetime) -> str:
    """Make a draft that only its keepers see; returns its slug. Its key is its code, where that is free. Raises ProviderNotFound."""
    there = workspace.workspace_for_editing(session, actor, provider_slug)
    taken = session.scalars(
        select(Module.id).where(Module.provider_id == there.provider.id, Module.external_id == draft.code),
    ).one_or_none()
    content = replace(draft, external_id=draft.code if draft.code and taken is None else short_code())
    module = Module(
        id=new_id(), provider_id=there.provider.id, slug=Slugs(session, Module, [draft.title]).for_title(draft.title),
        external_id=content.external_id, code=content.code, kind=content.kind, title=Localized(), state=PublicationState.DRAFT,
        version=1, outcomes=[], languages=[], modes=[], assessments=[], sectors=[], topics=[], changed_at=now,
        summary=Localized(), description=Localized(), entry=Localized(), price_note="", institution="", website="", nlqf="", eqf="",
        language_level="",
    )
    session.add(module)
    session.flush()
    apply_content(session, module, content, now=now, tags=tags_for(session, [content]))
    _record(session, module, PublicationAct.CREATED, actor, now)
    session.flush()
    return module.slug


def save_module(
    session: Session, *, actor: Actor, provider_slug: str, module_slug: str, draft: ModuleDraft, seen: str, now: datetime,
) -> None:
    """Keep what someone wrote, complete or not: in the draft itself, of a published module beside what visitors read.

    `seen` is the digest of what they began with. Raises ModuleNotFound, NotInThisState for an archived one, and ChangedMeanwhile when
    somebody else, or an import, was first.
    """
    _wait_for_turn(session, module_slug)
    work = workspace.module_for_editing(session, actor, provider_slug, module_slug)
    module = _locked(session, work, _OPEN)
    if seen != work.digest:
        raise ChangedMeanwhile(provider_slug, module_slug)
    content = replace(draft, external_id=module.external_id, codes=work.public.codes)
    if module.state is not PublicationState.PUBLISHED:
        apply_content(session, module, content, now=now, tags=tags_for(session, [content]))
        return
    copy = session.get(WorkingCopy, module.id)
    if contents.as_json(content) != contents.as_json(work.public):
        session.merge(WorkingCopy(module_id=module.id, content=contents.as_json(content), saved_at=now, saved_by=actor.person_id))
    elif copy is not None:
        session.delete(copy)
    session.flush()


def discard_changes(session: Session, *, actor: Actor, provider_slug: str, module_slug: str) -> None:
    """Throw away the changes that are not public yet. Raises ModuleNotFound."""
    _wait_for_turn(session, module_slug)
    work = workspace.module_for_editing(session, actor, provider_slug, module_slug)
    session.execute(delete(WorkingCopy).where(WorkingCopy.module_id == work.id))


def publish(
    session: Session, *, actor: Actor, provider_slug: str, module_slug: str, seen: str, reason: str, now: datetime,
) -> PublicationState:
    """Publish a draft, or the changes of a published module; returns the state it is in then.

    The first modules of a provider go to the programme office instead. `seen` is the digest of what the person saw with the overlap beside
    it; a strong overlap asks for a reason. Raises ModuleNotFound, NotInThisState, ChangedMeanwhile, NotComplete, OverlapUnexplained,
    PrerequisitesGoRound.
    """
    _wait_for_turn(session, module_slug)
    work = workspace.module_for_editing(session, actor, provider_slug, module_slug)
    module = _locked(session, work, (PublicationState.DRAFT, PublicationState.PUBLISHED))
    if work.state is PublicationState.PUBLISHED and not work.has_changes:
        raise NotInThisState(provider_slug, module_slug)
    if seen != work.digest:
        raise ChangedMeanwhile(provider_slug, module_slug)
    if not work.completeness(amsterdam_day(now)).is_enough:
        raise NotComplete(provider_slug, module_slug)
    if not reason.strip() and any(one.overlap.score >= STRONG for one in publication.resembling(session, work)):
        raise OverlapUnexplained(provider_slug, module_slug)
    _link_prerequisites(session, work)
    if module.state is PublicationState.PUBLISHED:
        act = PublicationAct.CHANGED
        _publish_changes(session, module, work, now)
    elif work.workspace.provider.is_trusted:
        act = PublicationAct.PUBLISHED
        _make_public(session, module, work, now)
    else:
        act = PublicationAct.SUBMITTED
        module.state, module.changed_at = PublicationState.CHECK, now
    _record(session, module, act, actor, now, reason=reason)
    _add_to_trail(session, module, act, actor, now)
    return module.state


def approve(session: Session, *, actor: Actor, module_slug: str, seen: str, now: datetime) -> None:
    """Publish a module for the programme office; the third of a provider makes it trusted. Raises ModuleNotFound, ChangedMeanwhile."""
    _wait_for_turn(session, module_slug)
    work = publication.module_for_check(session, actor, module_slug)
    module = _locked(session, work, (PublicationState.CHECK,))
    if seen != work.digest:
        raise ChangedMeanwhile(work.workspace.provider.slug, module_slug)
    _make_public(session, module, work, now)
    step_id = _record(session, module, PublicationAct.PUBLISHED, actor, now, by_office=True)
    session.flush()
    provider = session.get_one(Provider, module.provider_id)
    if provider.trusted_at is None and publication.approvals(session, provider.id) >= publication.APPROVALS:
        trust_provider(session, provider_id=provider.id, now=now)
    announce(session, ModuleChecked(step_id))
    _add_to_trail(session, module, PublicationAct.PUBLISHED, actor, now, by_office=True)


def send_back(session: Session, *, actor: Actor, module_slug: str, reason: str, now: datetime) -> None:
    """Return a module to its provider with what must change. Raises ModuleNotFound."""
    _wait_for_turn(session, module_slug)
    work = publication.module_for_check(session, actor, module_slug)
    module = _locked(session, work, (PublicationState.CHECK,))
    module.state, module.changed_at = PublicationState.DRAFT, now
    step_id = _record(session, module, PublicationAct.SENT_BACK, actor, now, reason=reason, by_office=True)
    announce(session, ModuleChecked(step_id))
    _add_to_trail(session, module, PublicationAct.SENT_BACK, actor, now, by_office=True)


def archive(session: Session, *, actor: Actor, provider_slug: str, module_slug: str, reason: str, now: datetime) -> None:
    """Take a module away from visitors; who is enrolled keeps it. Raises ModuleNotFound, NotInThisState."""
    _wait_for_turn(session, module_slug)
    work = workspace.module_for_editing(session, actor, provider_slug, module_slug)
    module = _locked(session, work, _OPEN)
    module.state, module.changed_at = PublicationState.ARCHIVED, now
    _record(session, module, PublicationAct.ARCHIVED, actor, now, reason=reason)
    announce(session, ModuleChanged(module.id))
    _add_to_trail(session, module, PublicationAct.ARCHIVED, actor, now)


def restore(session: Session, *, actor: Actor, provider_slug: str, module_slug: str, now: datetime) -> None:
    """Bring an archived module back to what it was: public when it ever was, else a draft. Raises ModuleNotFound, NotInThisState."""
    _wait_for_turn(session, module_slug)
    work = workspace.module_for_editing(session, actor, provider_slug, module_slug)
    module = _locked(session, work, (PublicationState.ARCHIVED,))
    acts = set(session.scalars(select(PublicationStep.act).where(PublicationStep.module_id == module.id)))
    # What an import made has no step that it was created or published: it was public from the first moment.
    was_public = PublicationAct.CREATED not in acts or PublicationAct.PUBLISHED in acts
    module.state = PublicationState.PUBLISHED if was_public else PublicationState.DRAFT
    module.vanished_at, module.changed_at = None, now
    _record(session, module, PublicationAct.RESTORED, actor, now)
    announce(session, ModuleChanged(module.id))
    _add_to_trail(session, module, PublicationAct.RESTORED, actor, now)


def trust_provider(session: Session, *, provider_id: UUID, now: datetime) -> None:
    """Let a provider publish without the programme office; one that is trusted stays so."""
    provider = session.get_one(Provider, provider_id)
    provider.trusted_at = provider.trusted_at or now


def _wait_for_turn(session: Session, module_slug: str) -> None:
    """Let who is busy with this module finish, so that what is read next is how they left it."""
    session.execute(select(Module.id).where(Module.slug == module_slug).with_for_update())


def _locked(session: Session, work: ModuleInWork, states: tuple[PublicationState, ...]) -> Module:
    """Return the module's row for a change that fits only these states. Raises NotInThisState."""
    row = session.scalars(
        workspace.whole_modules().where(Module.id == work.id).with_for_update(of=Module).execution_options(populate_existing=True),
    ).one()
    if row.state not in states:
        raise NotInThisState(work.workspace.provider.slug, work.slug)
    return row


def _make_public(session: Session, module: Module, work: ModuleInWork, now: datetime) -> None:
    """Let visitors in, and open the classes that were made along with the module."""
    content = _with_delivery(work)
    apply_content(session, module, content, now=now, tags=tags_for(session, [content]))
    module.state, module.changed_at = PublicationState.PUBLISHED, now
    for offering in module.offerings:
        if offering.state is OfferingState.CONCEPT and offering.starts_on >= amsterdam_day(now):
            offering.state = OfferingState.ACTIVE
    announce(session, ModuleChanged(module.id))


def _publish_changes(session: Session, module: Module, work: ModuleInWork, now: datetime) -> None:
    content = _with_delivery(work)
    apply_content(session, module, content, now=now, tags=tags_for(session, [content]))
    session.execute(delete(WorkingCopy).where(WorkingCopy.module_id == module.id))
    announce(session, ModuleChanged(module.id))


def _with_delivery(work: ModuleInWork) -> ModuleDraft:
    """Say how one can follow the module, where only its classes say so."""
    if work.content.modes:
        return work.content
    return replace(work.content, modes=tuple(dict.fromkeys(one.mode for one in work.offerings if one.state is not OfferingState.CANCELLED)))


def _link_prerequisites(session: Session, work: ModuleInWork) -> None:
    """Keep the modules that the expression names. Raises PrerequisitesGoRound."""
    own = work.workspace.provider.slug
    names = {(one.provider or own, one.external_id) for one in prerequisites.modules_in(work.content.prerequisites)}
    rows = session.execute(
        select(Provider.slug, Module.external_id, Module.id).join(Module.provider)
        .where(Provider.slug.in_({slug for slug, _key in names}), Module.external_id.in_({key for _slug, key in names})),
    )
    needed = {module_id for slug, external_id, module_id in rows if (slug, external_id) in names}
    graph = {str(module_id): frozenset(map(str, ids)) for module_id, ids in prerequisite_graph(session).items()}
    graph[str(work.id)] = frozenset(map(str, needed))
    if any(str(work.id) in circle for circle in prerequisites.circles(graph)):  # two imports may have made one elsewhere
        raise PrerequisitesGoRound(own, work.slug)
    session.execute(delete(ModulePrerequisite).where(ModulePrerequisite.module_id == work.id))
    if needed:
        session.execute(insert(ModulePrerequisite), [{"module_id": work.id, "needed_id": one} for one in sorted(needed)])


def _record(
    session: Session, module: Module, act: PublicationAct, actor: Actor, now: datetime, *, reason: str = "", by_office: bool = False,
) -> UUID:
    step = PublicationStep(
        id=new_id(), module_id=module.id, version=module.version, act=act, by_office=by_office, person_id=actor.person_id, at=now,
        reason=reason.strip(),
    )
    session.add(step)
    return step.id


def _add_to_trail(
    session: Session, module: Module, act: PublicationAct, actor: Actor, now: datetime, *, by_office: bool = False,
) -> None:
    """Put a decision in the audit trail, for the provider or the programme office; the last statement of a use case."""
    organisation_id = module.provider_id
    if by_office:
        organisation_id = next(one.organisation_id for one in memberships_of(session, actor.person_id) if may_check([one]))
    record(
        session, f"module-{act.replace('_', '-')}", actor_id=actor.person_id, now=now, organisation_id=organisation_id, about="module",
        about_id=module.id, details={"module": module.slug, "version": module.version},
    )
