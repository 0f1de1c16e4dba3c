"""Reads of providers."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, load_only

from academy.catalogue import facts
from academy.catalogue.errors import ProviderNotFound
from academy.catalogue.models import (
    CodeScheme,
    ExternalCode,
    LearningOutcome,
    Module,
    OutcomeSkill,
    Provider,
    ProviderName,
    PublicationState,
)
from academy.catalogue.queries.copying import SUMMARY, module_summary, provider_facts
from academy.catalogue.queries.programmes import programmes
from academy.kernel.db import rows_as_json

Telling = Callable[[Session, UUID, datetime], str]

_tellings: dict[str, Telling] = {}


def tell_of_providers(name: str, telling: Telling) -> None:
    """Put a sentence about each provider on its public page, in the reader's language, "" for none: a higher room tells what this one can not know."""
    _tellings[name] = telling


def told_of(session: Session, provider_id: UUID, *, now: datetime) -> list[str]:
    """Return what higher rooms tell about a provider."""
    return [told for telling in _tellings.values() if (told := telling(session, provider_id, now))]


def providers(session: Session) -> list[facts.ProviderFacts]:
    """Return all providers by name."""
    names = former_names_of(session)
    rows = session.scalars(select(Provider).order_by(Provider.name))
    return [provider_facts(row, former_names=names.get(row.id, ())) for row in rows]


def modules_training(session: Session, skills: Collection[str]) -> dict[UUID, int]:
    """Return by provider how many of its modules train one of these skills (URIs); none, or past outcomes, count for nothing. One statement, by index."""
    training = (
        select(LearningOutcome.module_id).join(OutcomeSkill, OutcomeSkill.outcome_id == LearningOutcome.id)
        .where(OutcomeSkill.skill_uri.in_(skills), LearningOutcome.left_in_version.is_(None))
    )
    rows = session.execute(
        select(Module.provider_id, func.count()).where(Module.state == PublicationState.PUBLISHED, Module.id.in_(training)).group_by(Module.provider_id),
    )
    return dict(rows.all())


def register_codes(session: Session, *, module_ids: Sequence[UUID] = (), programme_ids: Sequence[UUID] = ()) -> dict[UUID, tuple[str, ...]]:
    """Return the codes that these modules and programmes have in registers (CROHO, CREBO, …), past ones included; at most a few thousand ids."""
    subject = func.coalesce(ExternalCode.module_id, ExternalCode.programme_id)
    wanted = or_(ExternalCode.module_id.in_(module_ids), ExternalCode.programme_id.in_(programme_ids))
    found: dict[UUID, tuple[str, ...]] = {}
    for owner, code in session.execute(select(subject, ExternalCode.value).where(wanted).order_by(ExternalCode.scheme, ExternalCode.value)):
        found[owner] = (*found.get(owner, ()), code)
    return found


def former_names_of(session: Session, provider_ids: Iterable[UUID] | None = None) -> dict[UUID, list[str]]:
    """Return the names of before by provider, latest first."""
    wanted = select(ProviderName.provider_id, ProviderName.name).order_by(ProviderName.used_until.desc(), ProviderName.name)
    if provider_ids is not None:
        wanted = wanted.where(ProviderName.provider_id.in_(list(provider_ids)))
    found: dict[UUID, list[str]] = {}
    for provider_id, name in session.execute(wanted):
        found.setdefault(provider_id, []).append(name)
    return found


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
    """Return a provider with its programmes and one page of its modules, the last one when `page` is past it. Raises ProviderNotFound.

    Names of before, codes and the number of modules come along with the provider: three statements in all.
    """
    found = session.execute(_with_surroundings(session).where(Provider.slug == slug)).one_or_none()
    if found is None:
        raise ProviderNotFound
    provider, names, codes, count = found
    page = max(1, min(page, math.ceil(count / per_page)))
    modules = session.scalars(
        select(Module)
        .where(Module.provider_id == provider.id, Module.state == PublicationState.PUBLISHED)
        .order_by(Module.code, Module.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
        .options(load_only(*SUMMARY)),
    ).all()
    latest_first = sorted(sorted(names), key=lambda row: row[1] or "", reverse=True)
    known_by = sorted((_code_facts(row) for row in codes), key=lambda code: (code.scheme, code.value))
    return facts.ProviderPage(
        provider=provider_facts(provider, former_names=[name for name, _until in latest_first], codes=known_by),
        modules=tuple(module_summary(module, provider.name) for module in modules),
        module_count=count, page=page, per_page=per_page,
        programmes=tuple(programmes(session, provider_id=provider.id)),
    )


def _with_surroundings(session: Session) -> Select[Any]:
    """Select a provider with its names of before, its codes and how many modules it publishes."""
    published = (
        select(func.count(Module.id))
        .where(Module.provider_id == Provider.id, Module.state == PublicationState.PUBLISHED)
        .correlate(Provider)
    )
    return select(
        Provider,
        rows_as_json(
            session, ProviderName.name, ProviderName.used_until,
            of=lambda names: names.where(ProviderName.provider_id == Provider.id), correlate=Provider,
        ),
        rows_as_json(
            session, ExternalCode.scheme, ExternalCode.value, ExternalCode.valid_from, ExternalCode.valid_until,
            of=lambda codes: codes.where(ExternalCode.provider_id == Provider.id), correlate=Provider,
        ),
        published.scalar_subquery(),
    )


def _code_facts(row: list[Any]) -> facts.CodeFacts:
    scheme, value, since, until = row
    return facts.CodeFacts(CodeScheme(scheme), value, _day(since), _day(until))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def provider_by_slug(session: Session, slug: str) -> Provider:
    """Return the provider row. Raises ProviderNotFound."""
    provider = session.scalars(select(Provider).where(Provider.slug == slug)).one_or_none()
    if provider is None:
        raise ProviderNotFound
    return provider
