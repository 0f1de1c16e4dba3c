"""Modules: created or changed by the provider's own key, each published change a version."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from academy.catalogue import contents, prerequisites
from academy.catalogue.contents import PackedModule
from academy.catalogue.drafts import ModuleDraft, OutcomeDraft, UpsertCount
from academy.catalogue.models import (
    ExternalCode,
    LearningOutcome,
    Module,
    ModuleVersion,
    OutcomeSkill,
    PublicationAct,
    PublicationState,
    PublicationStep,
)
from academy.catalogue.service.prices import note_price
from academy.catalogue.service.providing import set_codes
from academy.catalogue.service.slugs import Slugs
from academy.catalogue.service.tagging import Tags, tags_for
from academy.kernel.ids import new_id

_LISTS = ("languages", "sectors", "topics", "modes", "assessments")
_ELSEWHERE = ("outcomes", "codes", "prerequisites")
_COLUMNS = tuple(field.name for field in fields(ModuleDraft) if field.name not in _ELSEWHERE)
_BATCH = 500


def upsert_modules(
    session: Session, *, provider_id: UUID, drafts: Sequence[ModuleDraft | PackedModule], now: datetime, source: str = "",
) -> UpsertCount:
    """Create or change the provider's modules by external id; what is the same is not touched, and a packed draft of it not even read.

    Nothing is announced per module: the caller announces once, with `finish_import`, which also looks up the modules that
    prerequisites name. What an import had archived comes back; what a person archived stays so.
    """
    count, origin = UpsertCount(), _Origin(provider_id, source, now)
    for start in range(0, len(drafts), _BATCH):
        count.add(_upsert_batch(session, origin, drafts[start : start + _BATCH]))
    return count


@dataclass(frozen=True)
class _Origin:
    """Whose modules these are, where they come from, and when."""

    provider_id: UUID
    source: str
    now: datetime


def _upsert_batch(session: Session, origin: _Origin, batch: Sequence[ModuleDraft | PackedModule]) -> UpsertCount:
    count = UpsertCount()
    known = _known(session, origin.provider_id, [draft.external_id for draft in batch])
    new: dict[str, tuple[ModuleDraft, str]] = {}
    other: dict[UUID, tuple[ModuleDraft, str]] = {}
    for draft in batch:
        row, digest = known.get(draft.external_id), contents.digest(draft)
        if row is None and draft.external_id not in new:
            new[draft.external_id] = _unpacked(draft), digest
        elif row is not None and (row.digest != digest or row.vanished_at is not None or row.source != origin.source):
            other[row.id] = _unpacked(draft), digest
        else:
            count.same.append(draft.external_id)
    tags = tags_for(session, (draft for found in (new, other) for draft, _digest in found.values()))
    _insert(session, origin, list(new.values()), tags)
    count.new += new
    for module in _with_outcomes(session, list(other)):
        draft, digest = other[module.id]
        differs = apply_content(session, module, draft, now=origin.now, tags=tags) | _restore(session, module, origin.now)
        module.digest, module.source = digest, origin.source
        (count.changed if differs else count.same).append(draft.external_id)
    session.flush()
    return count


def _unpacked(draft: ModuleDraft | PackedModule) -> ModuleDraft:
    return contents.unpack(draft) if isinstance(draft, PackedModule) else draft


def _known(session: Session, provider_id: UUID, external_ids: Sequence[str]) -> dict[str, Any]:
    rows = session.execute(
        select(Module.external_id, Module.id, Module.digest, Module.vanished_at, Module.source)
        .where(Module.provider_id == provider_id, Module.external_id.in_(external_ids)),
    )
    return {row.external_id: row for row in rows}


def _with_outcomes(session: Session, ids: Sequence[UUID]) -> Sequence[Module]:
    if not ids:
        return []
    return session.scalars(
        select(Module).where(Module.id.in_(ids)).options(selectinload(Module.outcomes).selectinload(LearningOutcome.skills)),
    ).all()


def _insert(session: Session, origin: _Origin, drafts: Sequence[tuple[ModuleDraft, str]], tags: Tags) -> None:
    """Insert new modules in bulk: a first import is hundreds of thousands of rows."""
    if not drafts:
        return
    slugs = Slugs(session, Module, [draft.title for draft, _digest in drafts])
    modules, outcomes, skills, codes = [], [], [], []
    for draft, digest in drafts:
        module_id = new_id()
        modules.append({
            **_columns(draft), "id": module_id, "provider_id": origin.provider_id, "slug": slugs.for_title(draft.title),
            "source": origin.source, "digest": digest, "changed_at": origin.now,
        })
        for position, outcome in enumerate(draft.outcomes, start=1):
            outcome_id = new_id()
            outcomes.append({"id": outcome_id, "module_id": module_id, "position": position, "text": outcome.text})
            skills += [{"outcome_id": outcome_id, **tag} for tag in tags.of(outcome)]
        codes += [{"id": new_id(), "module_id": module_id, **vars(code)} for code in draft.codes]
    for table, rows in ((Module, modules), (LearningOutcome, outcomes), (OutcomeSkill, skills), (ExternalCode, codes)):
        if rows:
            session.execute(insert(cast("Table", table.__table__)), rows)  # past the ORM, which would keep track of every row


def _columns(draft: ModuleDraft) -> dict[str, Any]:
    """Return the draft's values as the table keeps them."""
    found = {name: getattr(draft, name) for name in _COLUMNS}
    for name in _LISTS:
        found[name] = list(found[name])
    found["prerequisites"] = None if draft.prerequisites is None else prerequisites.as_json(draft.prerequisites)
    return found


def apply_content(session: Session, module: Module, draft: ModuleDraft, *, now: datetime, tags: Tags) -> bool:
    """Give the module the draft's content; tells whether anything differed.

    A change to what is published keeps the former content as a version, so that who enrolled on it stays on it.
    """
    before = contents.draft_of(module)
    codes_differ = set_codes(session, ExternalCode.module_id, module.id, draft.codes)
    if contents.as_json(before) == contents.as_json(draft):
        return codes_differ
    if module.state is PublicationState.PUBLISHED:
        session.add(ModuleVersion(
            module_id=module.id, number=module.version, content=contents.as_json(before), replaced_at=now,
        ))
        module.version += 1
        note_price(session, module_id=module.id, was=before.price, becomes=draft.price, now=now)
    for name, value in _columns(draft).items():
        if getattr(module, name) != value:
            setattr(module, name, value)
    if before.outcomes != draft.outcomes:
        _apply_outcomes(session, module, draft.outcomes, tags)
    module.changed_at = now
    return True


def _restore(session: Session, module: Module, now: datetime) -> bool:
    if module.vanished_at is None:
        return False
    module.vanished_at, module.state, module.changed_at = None, PublicationState.PUBLISHED, now
    session.add(PublicationStep(
        id=new_id(), module_id=module.id, version=module.version, act=PublicationAct.RESTORED, by_office=False, at=now,
        reason="The source has it again.",
    ))
    return True


def _apply_outcomes(session: Session, module: Module, drafts: Sequence[OutcomeDraft], tags: Tags) -> None:
    """Give the module these outcomes; one whose text stays keeps its id wherever it goes, a reworded one where it stood.

    One that leaves stays as a row: what was decided about it keeps its meaning.
    """
    before = list(module.outcomes)
    spare = list(before)
    same = [_taken(spare, [outcome for outcome in spare if outcome.text == draft.text]) for draft in drafts]
    chosen = [
        found or _taken(spare, before[place : place + 1]) or LearningOutcome(id=new_id(), skills=[])
        for place, found in enumerate(same)
    ]
    for outcome in spare:
        outcome.left_in_version = module.version
    for outcome in before:
        outcome.position = -outcome.position  # two may change places, and a position is unique at every moment
    session.flush()
    for position, (outcome, draft) in enumerate(zip(chosen, drafts, strict=True), start=1):
        outcome.module_id, outcome.position, outcome.text = module.id, position, draft.text
        if {tag.skill_uri for tag in outcome.skills} != set(draft.skills):
            _apply_skills(outcome, draft, tags)
    session.add_all(chosen)
    set_committed_value(module, "outcomes", chosen)


def _apply_skills(outcome: LearningOutcome, draft: OutcomeDraft, tags: Tags) -> None:
    """Tag the outcome; a tag that stays keeps the words and version it was given with."""
    there = {tag.skill_uri: tag for tag in outcome.skills}
    outcome.skills = [there.get(tag["skill_uri"]) or OutcomeSkill(**tag) for tag in tags.of(draft)]


def _taken(spare: list[LearningOutcome], wanted: Sequence[LearningOutcome]) -> LearningOutcome | None:
    """Take the first of `wanted` that is still to spare."""
    found = next((outcome for outcome in wanted if outcome in spare), None)
    if found is not None:
        spare.remove(found)
    return found
