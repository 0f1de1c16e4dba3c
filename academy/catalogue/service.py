"""Use cases of the catalogue."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from slugify import slugify
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from academy.accounts import api as accounts
from academy.catalogue.drafts import ModuleDraft, OfferingDraft, PlaceDraft, ProgrammeDraft, ProviderDraft, UpsertCount
from academy.catalogue.events import ModuleChanged, ProgrammeArranged, ProviderImported
from academy.catalogue.models import (
    LearningOutcome,
    Module,
    Offering,
    Place,
    Programme,
    ProgrammeModule,
    Provider,
)
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

_LISTS = ("languages", "sectors", "topics", "variants")
_BATCH = 500


def register_provider(session: Session, draft: ProviderDraft) -> UUID:
    """Create the provider with its organisation, or bring it up to date; returns its id."""
    provider = session.scalars(select(Provider).where(Provider.slug == draft.slug)).one_or_none()
    if provider is None:
        organisation_id = accounts.register_organisation(
            session, slug=draft.slug, name=draft.name, kind=accounts.OrganisationKind.PROVIDER,
        )
        provider = Provider(id=organisation_id, slug=draft.slug)
        session.add(provider)
    for field in fields(draft):
        setattr(provider, field.name, getattr(draft, field.name))
    session.flush()
    return provider.id


def register_place(session: Session, draft: PlaceDraft) -> UUID:
    """Create the place, or bring it up to date; returns its id."""
    place = session.scalars(select(Place).where(Place.key == draft.key)).one_or_none()
    if place is None:
        place = Place(id=new_id(), key=draft.key)
        session.add(place)
    for field in fields(draft):
        setattr(place, field.name, getattr(draft, field.name))
    session.flush()
    return place.id


def upsert_modules(
    session: Session, *, provider_id: UUID, drafts: Sequence[ModuleDraft], now: datetime,
) -> UpsertCount:
    """Create or change the provider's modules by external id; what is the same is not touched.

    Nothing is announced per module: the caller announces once, with `finish_import`.
    """
    count = UpsertCount()
    for start in range(0, len(drafts), _BATCH):
        batch = drafts[start : start + _BATCH]
        known = {
            module.external_id: module
            for module in session.scalars(
                select(Module)
                .where(Module.provider_id == provider_id, Module.external_id.in_([d.external_id for d in batch]))
                .options(selectinload(Module.outcomes)),
            )
        }
        slugs = _taken_slugs(session, Module, [_slug(draft.title.nl or draft.title.en) for draft in batch])
        for draft in batch:
            module = known.get(draft.external_id)
            if module is None:
                module = Module(id=new_id(), provider_id=provider_id, slug=_free_slug(draft, slugs), outcomes=[])
                known[draft.external_id] = module
                _apply(module, draft)
                _apply_outcomes(session, module, draft)
                module.changed_at = now
                session.add(module)
                count.new.append(draft.external_id)
            elif _apply(module, draft) | _apply_outcomes(session, module, draft):
                module.changed_at = now
                count.changed.append(draft.external_id)
            else:
                count.same.append(draft.external_id)
        session.flush()
    return count


def upsert_programmes(
    session: Session, *, provider_id: UUID, drafts: Sequence[ProgrammeDraft], now: datetime,
) -> UpsertCount:
    """Create or change the provider's programmes by external id; what is the same is not touched."""
    count = UpsertCount()
    known = {
        row.external_id: row
        for row in session.scalars(select(Programme).where(Programme.provider_id == provider_id))
    }
    slugs = _taken_slugs(session, Programme, [_slug(draft.title.nl or draft.title.en) for draft in drafts])
    for draft in drafts:
        programme = known.get(draft.external_id)
        if programme is None:
            programme = Programme(id=new_id(), provider_id=provider_id, slug=_free_slug(draft, slugs))
            _apply(programme, draft)
            programme.changed_at = now
            session.add(programme)
            known[draft.external_id] = programme
            count.new.append(draft.external_id)
        elif _apply(programme, draft):
            programme.changed_at = now
            count.changed.append(draft.external_id)
        else:
            count.same.append(draft.external_id)
    session.flush()
    return count


def finish_import(session: Session, *, provider_id: UUID) -> None:
    """Announce once that this provider's supply changed."""
    announce(session, ProviderImported(provider_id))


def arrange_programme(session: Session, *, programme_external_id: str, provider_id: UUID,
                      parts: Sequence[tuple[str, UUID, int]]) -> None:
    """Set the modules of a programme: (external id, provider id, half-year) in order; announced when anything differs."""
    programme = session.scalars(
        select(Programme)
        .where(Programme.provider_id == provider_id, Programme.external_id == programme_external_id)
        .options(selectinload(Programme.parts)),
    ).one()
    existing = {part.module_id: part for part in programme.parts}
    before = _arrangement(programme)
    arranged = []
    for position, (external_id, module_provider_id, period) in enumerate(parts, start=1):
        module_id = session.scalars(
            select(Module.id).where(Module.provider_id == module_provider_id, Module.external_id == external_id),
        ).one()
        part = existing.get(module_id) or ProgrammeModule(programme_id=programme.id, module_id=module_id)
        part.period, part.position = period, position
        arranged.append(part)
    programme.parts = arranged
    session.flush()
    if _arrangement(programme) != before:
        announce(session, ProgrammeArranged(programme.id))


def _arrangement(programme: Programme) -> list[tuple[UUID, int]]:
    return [(part.module_id, part.period) for part in programme.parts]


def open_offering(session: Session, *, provider_id: UUID, module_external_id: str, draft: OfferingDraft) -> str:
    """Open an offering of a module for enrolment; returns its code for people."""
    module_id = session.scalars(
        select(Module.id).where(Module.provider_id == provider_id, Module.external_id == module_external_id),
    ).one()
    place_id = None
    if draft.place_key is not None:
        place_id = session.scalars(select(Place.id).where(Place.key == draft.place_key)).one()
    offering = Offering(
        id=new_id(), code=short_code(), module_id=module_id, place_id=place_id, starts_on=draft.starts_on,
        ends_on=draft.ends_on, enrol_until=draft.enrol_until, weekdays=list(draft.weekdays),
        part_of_day=draft.part_of_day, mode=draft.mode, language=draft.language, seats=draft.seats, price=draft.price,
    )
    session.add(offering)
    session.flush()
    announce(session, ModuleChanged(module_id))
    return offering.code


def _apply(row: Any, draft: ModuleDraft | ProgrammeDraft) -> bool:  # noqa: ANN401 - a module or a programme
    """Copy the draft's plain values; tells whether anything differed."""
    differs = False
    for field in fields(draft):
        if field.name == "outcomes":
            continue
        value = getattr(draft, field.name)
        value = list(value) if field.name in _LISTS else value
        if getattr(row, field.name) != value:
            setattr(row, field.name, value)
            differs = True
    return differs


def _apply_outcomes(session: Session, module: Module, draft: ModuleDraft) -> bool:
    """Give the module the draft's outcomes; one whose text stays keeps its id wherever it goes, a reworded one where it stood."""
    before = list(module.outcomes)
    if tuple(outcome.text for outcome in before) == draft.outcomes:
        return False
    spare = list(before)
    same = [_taken(spare, [outcome for outcome in spare if outcome.text == text]) for text in draft.outcomes]
    chosen = [
        found or _taken(spare, before[place : place + 1]) or LearningOutcome(id=new_id())
        for place, found in enumerate(same)
    ]
    module.outcomes = [outcome for outcome in before if outcome not in spare]
    for position, outcome in enumerate(chosen, start=1):
        if outcome in before and outcome.position != position:
            outcome.position = -position  # two may change places, and a position is unique at every moment
    if before:
        session.flush()
    for position, (outcome, text) in enumerate(zip(chosen, draft.outcomes, strict=True), start=1):
        outcome.position, outcome.text = position, text
    module.outcomes = chosen
    return True


def _taken(spare: list[LearningOutcome], wanted: Sequence[LearningOutcome]) -> LearningOutcome | None:
    """Take the first of `wanted` that is still to spare."""
    found = next((outcome for outcome in wanted if outcome in spare), None)
    if found is not None:
        spare.remove(found)
    return found


def _slug(title: str) -> str:
    return slugify(title, max_length=90, word_boundary=True) or "module"


def _taken_slugs(session: Session, table: type[Module | Programme], wanted: Sequence[str]) -> set[str]:
    return set(session.scalars(select(table.slug).where(table.slug.in_(set(wanted)))))


def _free_slug(draft: ModuleDraft | ProgrammeDraft, taken: set[str]) -> str:
    """Return a readable slug; where the title is taken, a short code makes it its own."""
    slug = _slug(draft.title.nl or draft.title.en)
    if slug in taken:
        slug = f"{slug}-{short_code(6).lower()}"
    taken.add(slug)
    return slug
