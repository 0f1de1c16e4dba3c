"""Reads of what decides the VAT of a provider's modules, for who keeps its catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.funding.kinds import SupplyKind
from academy.funding.models import ModuleTax, ProviderTax
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class StatusFacts:
    """What a provider is to the tax office from a day on."""

    from_on: date
    is_recognised: bool
    is_in_crkbo: bool


@dataclass(frozen=True)
class TaxedModule:
    """A module and what it is to the tax office where somebody said so; else its kind says it."""

    id: UUID
    slug: str
    title: Localized
    kind: catalogue.ModuleKind
    price: Money | None
    supply: SupplyKind | None


@dataclass(frozen=True)
class TaxFacts:
    """A provider with what was said of it, the latest day first, and one page of its published modules."""

    there: catalogue.Workspace
    statuses: tuple[StatusFacts, ...]
    modules: tuple[TaxedModule, ...]
    count: int
    page: int
    pages: int

    def status_on(self, day: date) -> StatusFacts | None:
        return status_on(self.statuses, day)


@dataclass(frozen=True)
class ModuleTaxFacts:
    """One module of a provider, for who decides what it is to the tax office."""

    there: catalogue.Workspace
    statuses: tuple[StatusFacts, ...]
    module: TaxedModule


def status_on(statuses: Sequence[StatusFacts], day: date) -> StatusFacts | None:
    """Return what the provider is on a day; None when nobody said."""
    return max((one for one in statuses if one.from_on <= day), key=lambda one: one.from_on, default=None)


def taxes_of(session: Session, actor: Actor, provider_slug: str, *, page: int) -> TaxFacts:
    """Return what decides the VAT of a provider; `page` counts from 1. Raises ProviderNotFound."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    found = catalogue.provider_page(session, provider_slug, page=page)
    said = _said_of(session, [one.id for one in found.modules])
    modules = tuple(TaxedModule(one.id, one.slug, one.title, one.kind, one.price, said.get(one.id)) for one in found.modules)
    return TaxFacts(there, _statuses(session, there.provider.id), modules, found.module_count, found.page, -(-found.module_count // found.per_page))


def module_tax(session: Session, actor: Actor, provider_slug: str, module_slug: str) -> ModuleTaxFacts:
    """Return what decides the VAT of one module, for who may change it. Raises ProviderNotFound, ModuleNotFound."""
    work = catalogue.module_for_planning(session, actor, provider_slug, module_slug)
    if not work.workspace.rights.edit:
        raise catalogue.ProviderNotFound
    said = _said_of(session, [work.id])
    module = TaxedModule(work.id, work.slug, work.public.title, work.public.kind, work.public.price, said.get(work.id))
    return ModuleTaxFacts(work.workspace, _statuses(session, work.workspace.provider.id), module)


def _statuses(session: Session, provider_id: UUID) -> tuple[StatusFacts, ...]:
    rows = session.scalars(select(ProviderTax).where(ProviderTax.provider_id == provider_id).order_by(ProviderTax.from_on.desc()))
    return tuple(StatusFacts(row.from_on, row.is_recognised, row.is_in_crkbo) for row in rows)


def _said_of(session: Session, module_ids: Sequence[UUID]) -> dict[UUID, SupplyKind]:
    rows = session.execute(select(ModuleTax.module_id, ModuleTax.supply).where(ModuleTax.module_id.in_(module_ids)))
    return {module_id: supply for module_id, supply in rows}  # noqa: C416 - a result has keys of its own, so dict() takes it for a mapping
