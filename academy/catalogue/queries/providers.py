"""Reads of providers."""

import math
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from academy.catalogue import facts
from academy.catalogue.errors import ProviderNotFound
from academy.catalogue.models import CodeScheme, ExternalCode, Module, Provider, ProviderName, PublicationState
from academy.catalogue.queries.copying import SUMMARY, module_summary, provider_facts
from academy.catalogue.queries.programmes import programmes


def providers(session: Session) -> list[facts.ProviderFacts]:
    """Return all providers by name."""
    names = former_names_of(session)
    rows = session.scalars(select(Provider).order_by(Provider.name))
    return [provider_facts(row, former_names=names.get(row.id, ())) for row in rows]


def former_names_of(session: Session, provider_ids: Iterable[UUID] | None = None) -> dict[UUID, list[str]]:
    """Return the names of before by provider, latest first."""
    wanted = select(ProviderName.provider_id, ProviderName.name).order_by(ProviderName.used_until.desc(), ProviderName.name)
    if provider_ids is not None:
        wanted = wanted.where(ProviderName.provider_id.in_(list(provider_ids)))
    found: dict[UUID, list[str]] = {}
    for provider_id, name in session.execute(wanted):
        found.setdefault(provider_id, []).append(name)
    return found


def codes_of_provider(session: Session, provider_id: UUID) -> list[facts.CodeFacts]:
    """Return the codes of a provider in registers."""
    rows = session.scalars(
        select(ExternalCode).where(ExternalCode.provider_id == provider_id).order_by(ExternalCode.scheme, ExternalCode.value),
    )
    return [facts.CodeFacts(row.scheme, row.value, row.valid_from, row.valid_until) for row in rows]


def providers_by_code(session: Session, scheme: CodeScheme) -> dict[str, str]:
    """Return per code of a register the slug of the provider that has it; a code of two providers says nothing."""
    rows = session.execute(
        select(ExternalCode.value, func.min(Provider.slug))
        .join(Provider, ExternalCode.provider_id == Provider.id)
        .where(ExternalCode.scheme == scheme)
        .group_by(ExternalCode.value)
        .having(func.count(ExternalCode.provider_id.distinct()) == 1),
    )
    return {code: slug for code, slug in rows}  # noqa: C416 - rows of a database are no pairs to the type checker


def provider_page(session: Session, slug: str, *, page: int = 1, per_page: int = 50) -> facts.ProviderPage:
    """Return a provider with its programmes and one page of its modules, the last one when `page` is past it. Raises ProviderNotFound."""
    provider = provider_by_slug(session, slug)
    public = (Module.provider_id == provider.id, Module.state == PublicationState.PUBLISHED)
    count = session.scalars(select(func.count()).select_from(Module).where(*public)).one()
    page = max(1, min(page, math.ceil(count / per_page)))
    modules = session.scalars(
        select(Module)
        .where(*public)
        .order_by(Module.code, Module.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
        .options(load_only(*SUMMARY)),
    ).all()
    names = former_names_of(session, [provider.id]).get(provider.id, [])
    return facts.ProviderPage(
        provider=provider_facts(provider, former_names=names, codes=codes_of_provider(session, provider.id)),
        modules=tuple(module_summary(module, provider.name) for module in modules),
        module_count=count, page=page, per_page=per_page,
        programmes=tuple(programmes(session, provider_id=provider.id)),
    )


def provider_by_slug(session: Session, slug: str) -> Provider:
    """Return the provider row. Raises ProviderNotFound."""
    provider = session.scalars(select(Provider).where(Provider.slug == slug)).one_or_none()
    if provider is None:
        raise ProviderNotFound
    return provider
