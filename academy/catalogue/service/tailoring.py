"""A module that was made to order: drafted in the catalogue of who proposed it, with its class as a concept. Its provider completes and publishes it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.completeness import WARNINGS, offering_faults
from academy.catalogue.drafts import ModuleDraft, OfferingDraft
from academy.catalogue.errors import OfferingFaulty
from academy.catalogue.models import (
    Module,
    ModuleKind,
    OfferingState,
    PublicationAct,
    PublicationState,
    PublicationStep,
)
from academy.catalogue.service.modules import apply_content
from academy.catalogue.service.offerings import open_offering
from academy.catalogue.service.slugs import Slugs
from academy.catalogue.service.tagging import tags_for
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.text import Localized


def draft_tailored(session: Session, *, provider_id: UUID, module: ModuleDraft, offering: OfferingDraft, now: datetime) -> str:
    """Draft a module of a provider whose proposal was chosen, and its class as a concept; returns the class's code.

    Nobody of the provider is asked again: who sent the proposal had the right to. The same key is the same module, as a class once more. Raises
    OfferingFaulty, also for a class without a price or that began already, and PlaceNotFound.
    """
    today = amsterdam_day(now)
    if offering.price is None or offering.starts_on <= today or set(offering_faults(offering, today=today)) - WARNINGS:
        raise OfferingFaulty
    key = (Module.provider_id == provider_id) & (Module.external_id == module.external_id)
    if session.scalar(select(Module.id).where(key)) is None:
        _start(session, provider_id, replace(module, kind=ModuleKind.TAILORED), now)
    concept = replace(offering, state=OfferingState.CONCEPT)
    return open_offering(session, provider_id=provider_id, module_external_id=module.external_id, draft=concept)


def _start(session: Session, provider_id: UUID, draft: ModuleDraft, now: datetime) -> None:
    row = Module(
        id=new_id(), provider_id=provider_id, slug=Slugs(session, Module, [draft.title]).for_title(draft.title), external_id=draft.external_id,
        code=draft.code, kind=draft.kind, title=Localized(), state=PublicationState.DRAFT, version=1, outcomes=[], languages=[], modes=[],
        assessments=[], sectors=[], topics=[], changed_at=now, summary=Localized(), description=Localized(), entry=Localized(), price_note="",
        institution="", website="", nlqf="", eqf="", language_level="",
    )
    session.add(row)
    session.flush()
    apply_content(session, row, draft, now=now, tags=tags_for(session, [draft]))
    session.add(PublicationStep(
        id=new_id(), module_id=row.id, version=1, act=PublicationAct.CREATED, by_office=False, at=now, reason="A proposal was chosen.",
    ))
    session.flush()
