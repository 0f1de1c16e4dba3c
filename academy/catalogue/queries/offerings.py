"""Reads of offerings."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from academy.catalogue import facts
from academy.catalogue.errors import OfferingNotFound
from academy.catalogue.models import (
    ClassSession,
    DeliveryMode,
    Module,
    ModuleKind,
    Offering,
    OfferingState,
    Place,
    Provider,
    PublicationState,
)
from academy.catalogue.prerequisites import from_json
from academy.catalogue.queries.copying import localized, offering_facts, place_facts
from academy.catalogue.queries.offering_json import credits_from, offering_cells, offering_from, offering_sessions
from academy.kernel.db import row_as_text

_PUBLIC_STATES = (OfferingState.ACTIVE, OfferingState.CANCELLED, OfferingState.INACTIVE)
_REMEMBERED: Final = 2_000  # offerings, some 5 kB each
_OF_MODULE: Final = (
    Module.slug, Module.title, Module.version, Module.external_id, Module.entry, Module.prerequisites, Module.ec, Provider.id, Provider.name,
    Provider.slug, Module.kind,
)


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
    by_code, _by_id = _statements(session)
    said = session.scalars(by_code, {"code": code.upper()}).one_or_none()
    if said is None:
        raise OfferingNotFound
    return _of_module(said)


def offering_for_calendar(session: Session, code: str) -> facts.OfferingOfModule:
    """Return an offering with its meetings. Raises OfferingNotFound, also for a concept."""
    found = offering_for_enrolment(session, code)
    return replace(found, offering=replace(found.offering, sessions=offering_sessions(session, found.offering.id)))


def offerings_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, facts.OfferingOfModule]:
    """Return offerings with their module, whatever their state: who is enrolled keeps seeing them."""
    _by_code, by_id = _statements(session)
    rows = [_of_module(said) for said in session.scalars(by_id, {"ids": list(ids)})]
    return {found.offering.id: found for found in rows}


def offering_with_code(session: Session, code: str) -> facts.OfferingOfModule:
    """Return the offering with this code, whatever its state; the caller checks who asks. Raises OfferingNotFound."""
    offering_id = session.scalar(select(Offering.id).where(Offering.code == code.upper()))
    if offering_id is None:
        raise OfferingNotFound
    return offerings_by_id(session, [offering_id])[offering_id]


def offering_of_provider(session: Session, provider_slug: str, code: str) -> facts.OfferingOfModule:
    """Return an offering of this provider with its meetings, whatever its state; the caller checks who asks. Raises OfferingNotFound."""
    offering_id = session.scalar(
        select(Offering.id).join(Module, Module.id == Offering.module_id).join(Provider, Provider.id == Module.provider_id)
        .where(Offering.code == code.upper(), Provider.slug == provider_slug),
    )
    if offering_id is None:
        raise OfferingNotFound
    return with_meetings(session, offerings_by_id(session, [offering_id]).values())[0]


def with_meetings(session: Session, found: Iterable[facts.OfferingOfModule]) -> list[facts.OfferingOfModule]:
    """Fill in the meetings of these offerings, in their order."""
    offerings = list(found)
    rows = session.scalars(
        select(ClassSession)
        .where(ClassSession.offering_id.in_([each.offering.id for each in offerings]))
        .options(joinedload(ClassSession.place)).order_by(ClassSession.offering_id, ClassSession.position),
    ).all()
    meetings: defaultdict[UUID, list[facts.SessionFacts]] = defaultdict(list)
    for row in rows:
        meetings[row.offering_id].append(facts.SessionFacts(
            row.part_of_day, row.weekday, row.on_date, row.starts_at, row.ends_at, row.about, place_facts(row.place),
        ))
    return [replace(each, offering=replace(each.offering, sessions=tuple(meetings[each.offering.id]))) for each in offerings]


def online_offerings_ahead(session: Session, module_id: UUID, *, today: date) -> list[facts.OfferingFacts]:
    """Return what of a module is given online and has not ended, in order of start."""
    rows = session.scalars(still_ahead(today).where(Offering.module_id == module_id, Offering.mode == DeliveryMode.ONLINE)).unique().all()
    return [offering_facts(row) for row in rows]


def ended_offerings(today: date) -> Select[UUID]:
    """Select the offerings whose last day is before `today`, and that went ahead."""
    return select(Offering.id).where(Offering.ends_on < today, Offering.state != OfferingState.CANCELLED)


def offerings_at(provider_id: UUID) -> Select[UUID]:
    """Select all offerings of a provider."""
    return select(Offering.id).join(Module, Module.id == Offering.module_id).where(Module.provider_id == provider_id)


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


_prepared: dict[str, tuple[Select[str], Select[str]]] = {}


def _statements(session: Session) -> tuple[Select[str], Select[str]]:
    """Return what asks for offerings by code, as the public does, and by id: made once per kind of database, for making costs more than running."""
    dialect = session.get_bind().dialect.name
    if dialect not in _prepared:
        said = (
            select(row_as_text(session, *_OF_MODULE, *offering_cells(session, with_sessions=False)))
            .select_from(Offering)
            .join(Module, Module.id == Offering.module_id)
            .join(Provider, Provider.id == Module.provider_id)
            .outerjoin(Place, Place.id == Offering.place_id)
        )
        _prepared[dialect] = (
            said.where(
                Offering.code == bindparam("code"), Offering.state.in_(_PUBLIC_STATES), Module.state == PublicationState.PUBLISHED,
            ),
            said.where(Offering.id.in_(bindparam("ids", expanding=True))),
        )
    return _prepared[dialect]


@lru_cache(_REMEMBERED)
def _of_module(said: str) -> facts.OfferingOfModule:
    """Return what the database said; the same text means the same, so it is read once (docs/decisions/0013)."""
    cells = json.loads(said)
    slug, title, version, external_id, entry, prerequisites, ec, provider_id, provider_name, provider_slug, kind = cells[: len(_OF_MODULE)]
    return facts.OfferingOfModule(
        offering=offering_from(cells[len(_OF_MODULE) :]), module_slug=slug, module_title=localized(title), provider_name=provider_name,
        provider_id=UUID(provider_id), version=version, external_id=external_id, provider_slug=provider_slug, entry=localized(entry),
        prerequisites=None if prerequisites is None else from_json(prerequisites), ec=credits_from(ec), module_kind=ModuleKind(kind),
    )
