"""Reads of offerings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from academy.catalogue import facts
from academy.catalogue.errors import OfferingNotFound
from academy.catalogue.models import Module, Offering, OfferingState, PublicationState
from academy.catalogue.prerequisites import Prerequisite, from_json
from academy.catalogue.queries.copying import offering_facts
from academy.catalogue.queries.module_page import offering_sessions

_PUBLIC_STATES = (OfferingState.ACTIVE, OfferingState.CANCELLED, OfferingState.INACTIVE)


def with_surroundings() -> Select[Offering]:
    """Select offerings with place and periods; make the rows unique."""
    return select(Offering).options(joinedload(Offering.place), joinedload(Offering.periods))


def still_ahead(today: date) -> Select[Offering]:
    """Select what one may still take part in, in order of start; make the rows unique."""
    return (
        with_surroundings()
        .where(Offering.state == OfferingState.ACTIVE, Offering.ends_on >= today)
        .order_by(Offering.starts_on, Offering.code)
    )


def offering_for_enrolment(session: Session, code: str) -> facts.OfferingOfModule:
    """Return the offering that a person asks for by its code. Raises OfferingNotFound, also for a concept and for a module no longer offered."""
    row = session.scalars(
        with_surroundings()
        .join(Module, Module.id == Offering.module_id)
        .where(
            Offering.code == code.upper(), Offering.state.in_(_PUBLIC_STATES), Module.state == PublicationState.PUBLISHED,
        ),
    ).unique().one_or_none()
    if row is None:
        raise OfferingNotFound
    return _with_modules(session, [row])[0]


def offering_for_calendar(session: Session, code: str) -> facts.OfferingOfModule:
    """Return an offering with its meetings. Raises OfferingNotFound, also for a concept."""
    found = offering_for_enrolment(session, code)
    return replace(found, offering=replace(found.offering, sessions=offering_sessions(session, found.offering.id)))


def offerings_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, facts.OfferingOfModule]:
    """Return offerings with their module, whatever their state: who is enrolled keeps seeing them."""
    rows = session.scalars(with_surroundings().where(Offering.id.in_(list(ids)))).unique().all()
    return {found.offering.id: found for found in _with_modules(session, rows)}


def cancel_reason(session: Session, offering_id: UUID) -> str:
    """Return why the provider called an offering off; "" when it did not, or gave no reason."""
    return session.scalars(select(Offering.cancel_reason).where(Offering.id == offering_id)).one_or_none() or ""


def seats_offered(session: Session, *, provider_id: UUID, offering_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many seats the provider offers in those of these offerings that are its own."""
    found = session.execute(
        select(Offering.id, Offering.seats)
        .join(Module, Module.id == Offering.module_id)
        .where(Module.provider_id == provider_id, Offering.id.in_(list(offering_ids))),
    )
    return dict(found.all())


def unfinished_offerings(session: Session, provider_id: UUID, *, today: date) -> list[UUID]:
    """Return the offerings of a provider that have not ended yet."""
    return list(session.scalars(
        select(Offering.id).join(Module, Module.id == Offering.module_id).where(Module.provider_id == provider_id, Offering.ends_on >= today),
    ))


def _with_modules(session: Session, rows: Sequence[Offering]) -> list[facts.OfferingOfModule]:
    modules = {
        module.id: module
        for module in session.scalars(
            select(Module)
            .where(Module.id.in_({row.module_id for row in rows}))
            .options(joinedload(Module.provider)),
        )
    }
    return [
        facts.OfferingOfModule(
            offering=offering_facts(row),
            module_slug=modules[row.module_id].slug,
            module_title=modules[row.module_id].title,
            provider_name=modules[row.module_id].provider.name,
            provider_id=modules[row.module_id].provider_id,
            version=modules[row.module_id].version,
            external_id=modules[row.module_id].external_id,
            provider_slug=modules[row.module_id].provider.slug,
            entry=modules[row.module_id].entry,
            prerequisites=_asked(modules[row.module_id]),
            ec=modules[row.module_id].ec,
        )
        for row in rows
    ]


def _asked(module: Module) -> Prerequisite | None:
    return None if module.prerequisites is None else from_json(module.prerequisites)
