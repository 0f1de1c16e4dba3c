"""What belongs to an import as a whole: what vanished, what prerequisites mean, and the news."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from academy.catalogue import prerequisites
from academy.catalogue.events import ProviderImported
from academy.catalogue.models import (
    Module,
    ModulePrerequisite,
    Offering,
    OfferingState,
    Programme,
    Provider,
    PublicationAct,
    PublicationState,
    PublicationStep,
)
from academy.catalogue.queries import modules_by_name
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce

_BATCH = 1000


@dataclass(frozen=True)
class MissingSupply:
    """What came from `source` before and is not in it now, as (id, external id), out of `known` that are public."""

    source: str
    known: int
    modules: tuple[tuple[UUID, str], ...]
    programmes: tuple[tuple[UUID, str], ...]

    @property
    def count(self) -> int:
        return len(self.modules) + len(self.programmes)


def missing_supply(session: Session, *, provider_id: UUID, source: str, is_seen: Callable[[str], bool]) -> MissingSupply:
    """Compare the published modules and programmes that came from `source` before with what `is_seen` in it now, by external id."""
    known, missing = 0, []
    for table in (Module, Programme):
        rows = session.execute(
            select(table.id, table.external_id)
            .where(table.provider_id == provider_id, table.source == source, table.state == PublicationState.PUBLISHED)
            .execution_options(yield_per=_BATCH),
        )
        gone = []
        for row_id, external_id in rows:
            known += 1
            if not is_seen(external_id):
                gone.append((row_id, external_id))
        missing.append(tuple(gone))
    return MissingSupply(source, known, *missing)


def archive_missing(session: Session, missing: MissingSupply, *, now: datetime) -> list[str]:
    """Archive what is missing; returns the external ids. Enrolments and versions survive, and it comes back when the source has it again."""
    values = {"state": PublicationState.ARCHIVED, "vanished_at": now, "changed_at": now}
    for start in range(0, len(missing.modules), _BATCH):
        ids = [module_id for module_id, _key in missing.modules[start : start + _BATCH]]
        versions = dict(session.execute(select(Module.id, Module.version).where(Module.id.in_(ids))).all())
        session.execute(update(Module).where(Module.id.in_(ids)).values(values))
        session.execute(insert(PublicationStep), [
            {"id": new_id(), "module_id": module_id, "version": versions[module_id], "act": PublicationAct.ARCHIVED,
             "by_office": False, "at": now, "reason": f"No longer in {missing.source}."}
            for module_id in ids
        ])
    for start in range(0, len(missing.programmes), _BATCH):
        ids = [programme_id for programme_id, _key in missing.programmes[start : start + _BATCH]]
        session.execute(update(Programme).where(Programme.id.in_(ids)).values(values))
    return [external_id for _id, external_id in (*missing.modules, *missing.programmes)]


def switch_off_missing_offerings(
    session: Session, *, provider_id: UUID, source: str, is_seen: Callable[[str, str], bool], now: datetime,
) -> list[str]:
    """Make inactive what came from `source` before, is still to begin and is not in it now.

    Returns the external ids of those whose module is still there; the others went with it. `is_seen` gets the external ids of module and offering. What has begun goes on: a source may leave out its past. Enrolments survive.
    """
    rows = session.execute(
        select(Offering.id, Offering.external_id, Module.external_id, Module.state)
        .join(Module, Module.id == Offering.module_id)
        .where(
            Module.provider_id == provider_id, Offering.source == source, Offering.external_id != "",
            Offering.state.in_((OfferingState.ACTIVE, OfferingState.CONCEPT)), Offering.starts_on > amsterdam_day(now),
        ),
    )
    gone = [(offering_id, key, state) for offering_id, key, module, state in rows if not is_seen(module, key)]
    for start in range(0, len(gone), _BATCH):
        ids = [offering_id for offering_id, _key, _state in gone[start : start + _BATCH]]
        session.execute(update(Offering).where(Offering.id.in_(ids)).values(state=OfferingState.INACTIVE))
    return [key for _offering_id, key, state in gone if state is PublicationState.PUBLISHED]


def finish_import(session: Session, *, provider_id: UUID) -> tuple[tuple[str, str], ...]:
    """Look up the modules that prerequisites name and announce once that this provider's supply changed.

    Returns the prerequisites that name a module which is not there, as (module, needed) by external id.
    """
    unknown = link_prerequisites(session, provider_id=provider_id)
    announce(session, ProviderImported(provider_id))
    return unknown


def link_prerequisites(session: Session, *, provider_id: UUID) -> tuple[tuple[str, str], ...]:
    """Keep beside each expression the modules it names; returns (module, needed) by external id where there is none.

    What stays the same is not written again. Goes in batches, so that memory does not grow with the provider's supply.
    """
    own = session.scalars(select(Provider.slug).where(Provider.id == provider_id)).one()
    without = select(Module.id).where(Module.provider_id == provider_id, Module.prerequisites.is_(None))
    session.execute(delete(ModulePrerequisite).where(ModulePrerequisite.module_id.in_(without)))
    unknown: list[tuple[str, str]] = []
    rows: Sequence[Any] = ()
    while rows := _with_prerequisites(session, provider_id, after=rows[-1].id if rows else None):
        named = {
            row.id: (row.external_id, [(leaf.provider or own, leaf.external_id) for leaf in prerequisites.modules_in(
                prerequisites.from_json(row.prerequisites))])
            for row in rows
        }
        ids = modules_by_name(session, {name for _external_id, names in named.values() for name in names})
        _set_links(session, list(named), {
            (module_id, ids[name]) for module_id, (_key, names) in named.items() for name in names
            if name in ids and ids[name] != module_id
        })
        unknown += ((external_id, key) for external_id, names in named.values() for slug, key in names if (slug, key) not in ids)
    return tuple(unknown)


def _with_prerequisites(session: Session, provider_id: UUID, *, after: UUID | None) -> Sequence[Any]:
    statement = (
        select(Module.id, Module.external_id, Module.prerequisites)
        .where(Module.provider_id == provider_id, Module.prerequisites.is_not(None))
        .order_by(Module.id)
        .limit(_BATCH)
    )
    return session.execute(statement if after is None else statement.where(Module.id > after)).all()


def _set_links(session: Session, module_ids: Sequence[UUID], wanted: set[tuple[UUID, UUID]]) -> None:
    link = ModulePrerequisite
    rows = session.execute(select(link.module_id, link.needed_id).where(link.module_id.in_(module_ids)))
    there = {(module_id, needed_id) for module_id, needed_id in rows}
    for module_id, needed_id in sorted(there - wanted):
        session.execute(delete(link).where(link.module_id == module_id, link.needed_id == needed_id))
    if new := sorted(wanted - there):
        session.execute(insert(link), [{"module_id": module_id, "needed_id": needed_id} for module_id, needed_id in new])


def prerequisite_graph(session: Session) -> dict[UUID, frozenset[UUID]]:
    """Return per module the modules it names as prerequisites, of all providers."""
    graph: dict[UUID, set[UUID]] = {}
    for module_id, needed_id in session.execute(select(ModulePrerequisite.module_id, ModulePrerequisite.needed_id)):
        graph.setdefault(module_id, set()).add(needed_id)
    return {module_id: frozenset(needed) for module_id, needed in graph.items()}
