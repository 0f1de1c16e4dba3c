"""Programmes, what they ask, and when one can begin."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from academy.catalogue import contents
from academy.catalogue.drafts import IntakeDraft, ProgrammeDraft, RequirementDraft, UpsertCount
from academy.catalogue.errors import ModuleNotFound
from academy.catalogue.events import ProgrammeArranged
from academy.catalogue.models import (
    ExternalCode,
    Intake,
    Module,
    Programme,
    ProgrammePartner,
    Provider,
    PublicationState,
    Requirement,
    RequirementKind,
)
from academy.catalogue.service.providing import set_codes
from academy.catalogue.service.slugs import Slugs
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce

_LISTS = ("sectors", "variants", "languages", "partners")
_ELSEWHERE = ("codes", "requirements", "intakes", "partner_providers", "parent")


def upsert_programmes(
    session: Session, *, provider_id: UUID, drafts: Sequence[ProgrammeDraft], now: datetime, source: str = "",
) -> UpsertCount:
    """Create or change the provider's programmes by external id; what is the same is not touched.

    Raises ModuleNotFound when a requirement names a module that is not there: the caller reports those beforehand.
    """
    count = UpsertCount()
    known = {
        row.external_id: row
        for row in session.scalars(
            select(Programme).where(Programme.provider_id == provider_id).options(selectinload(Programme.intakes)),
        )
    }
    slugs = Slugs(session, Programme, [draft.title for draft in drafts])
    for draft in drafts:
        programme, digest = known.get(draft.external_id), contents.digest(draft)
        if programme is None:
            programme = Programme(
                id=new_id(), provider_id=provider_id, slug=slugs.for_title(draft.title), changed_at=now, intakes=[],
            )
            _apply_columns(programme, draft)
            session.add(programme)
            session.flush()
            known[draft.external_id] = programme
            _apply_rows(session, programme, draft)
            count.new.append(draft.external_id)
        elif programme.digest == digest and programme.vanished_at is None and programme.source == source:
            count.same.append(draft.external_id)
        elif _apply_columns(programme, draft) | _apply_rows(session, programme, draft) | _restore(programme):
            programme.changed_at = now
            count.changed.append(draft.external_id)
        else:
            count.same.append(draft.external_id)
            programme.source = source  # the digest stays: a draft that says less, as without intakes, is no other content
            continue
        programme.digest, programme.source = digest, source
    for draft in drafts:
        parent = known.get(draft.parent) if draft.parent else None
        known[draft.external_id].parent_id = None if parent is None else parent.id
    session.flush()
    return count


def _restore(programme: Programme) -> bool:
    if programme.vanished_at is None:
        return False
    programme.vanished_at, programme.state = None, PublicationState.PUBLISHED
    return True


def _apply_columns(programme: Programme, draft: ProgrammeDraft) -> bool:
    differs = False
    for field in fields(draft):
        if field.name in _ELSEWHERE:
            continue
        value = getattr(draft, field.name)
        value = list(value) if field.name in _LISTS else value
        if getattr(programme, field.name) != value:
            setattr(programme, field.name, value)
            differs = True
    return differs


def _apply_rows(session: Session, programme: Programme, draft: ProgrammeDraft) -> bool:
    differs = set_codes(session, ExternalCode.programme_id, programme.id, draft.codes)
    differs |= _set_partners(session, programme.id, draft.partner_providers)
    if draft.intakes is not None:
        differs |= _apply_intakes(programme, draft.intakes)
    if draft.requirements is not None:
        differs |= require(session, programme, draft.requirements)
    return differs


def _set_partners(session: Session, programme_id: UUID, slugs: Sequence[str]) -> bool:
    wanted = set(session.scalars(select(Provider.id).where(Provider.slug.in_(slugs)))) if slugs else set()
    there = set(session.scalars(select(ProgrammePartner.provider_id).where(ProgrammePartner.programme_id == programme_id)))
    if wanted == there:
        return False
    session.execute(delete(ProgrammePartner).where(ProgrammePartner.programme_id == programme_id))
    session.add_all(ProgrammePartner(programme_id=programme_id, provider_id=provider_id) for provider_id in sorted(wanted))
    return True


def _apply_intakes(programme: Programme, drafts: Sequence[IntakeDraft]) -> bool:
    there = {intake.external_id: intake for intake in programme.intakes}
    wanted = {draft.external_id: draft for draft in drafts}
    differs = there.keys() != wanted.keys()
    programme.intakes = [there.get(key) or Intake(id=new_id(), external_id=key) for key in wanted]
    for row, draft in zip(programme.intakes, wanted.values(), strict=True):
        for name, value in vars(draft).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                differs = True
    return differs


def require(session: Session, programme: Programme, wanted: RequirementDraft) -> bool:
    """Set what the programme asks; tells whether anything differed, and announces it. Raises ModuleNotFound."""
    modules = _modules(session, programme.provider_id, wanted)
    rows = list(_rows(programme.id, programme.provider_id, wanted, modules))
    there = session.execute(
        select(*(getattr(Requirement, name) for name in rows[0])).where(Requirement.programme_id == programme.id),
    ).mappings()
    if _shape([dict(row) for row in there]) == _shape(rows):
        return False
    session.execute(delete(Requirement).where(Requirement.programme_id == programme.id))
    session.execute(insert(Requirement), rows)
    announce(session, ProgrammeArranged(programme.id))
    return True


def _shape(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the tree without its ids, so that two trees can be compared."""
    below: dict[UUID | None, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["position"]):
        below.setdefault(row["parent_id"], []).append(row)

    def of(parent: UUID | None) -> list[Any]:
        return [
            [row["kind"], row["title"], row["ec"], row["number"], row["module_id"], row["period"], of(row["id"])]
            for row in below.get(parent, ())
        ]

    return of(None)


def _rows(
    programme_id: UUID, provider_id: UUID, draft: RequirementDraft, modules: Mapping[tuple[str, str], UUID], *,
    parent_id: UUID | None = None, position: int = 1,
) -> Iterator[dict[str, Any]]:
    node_id = new_id()
    yield {
        "id": node_id, "programme_id": programme_id, "parent_id": parent_id, "position": position, "kind": draft.kind,
        "title": draft.title, "ec": draft.ec, "number": draft.number, "period": draft.period,
        "module_id": modules[draft.provider, draft.module] if draft.kind is RequirementKind.MODULE else None,
    }
    for place, item in enumerate(draft.items, start=1):
        yield from _rows(programme_id, provider_id, item, modules, parent_id=node_id, position=place)


def leaves(draft: RequirementDraft) -> Iterator[RequirementDraft]:
    """Yield the modules that the tree names."""
    if draft.kind is RequirementKind.MODULE:
        yield draft
    for item in draft.items:
        yield from leaves(item)


def _modules(session: Session, provider_id: UUID, draft: RequirementDraft) -> dict[tuple[str, str], UUID]:
    """Return the ids of the modules named, by (provider's slug, "" for the programme's own; external id)."""
    wanted = {(leaf.provider, leaf.module) for leaf in leaves(draft)}
    own = session.scalars(select(Provider.slug).where(Provider.id == provider_id)).one()
    rows = session.execute(
        select(Provider.slug, Module.external_id, Module.id)
        .join(Module.provider)
        .where(Provider.slug.in_({slug or own for slug, _key in wanted}), Module.external_id.in_({key for _slug, key in wanted})),
    )
    by_name = {(slug, external_id): module_id for slug, external_id, module_id in rows}
    found = {(slug, key): by_name[slug or own, key] for slug, key in wanted if (slug or own, key) in by_name}
    if len(found) < len(wanted):
        raise ModuleNotFound
    return found
