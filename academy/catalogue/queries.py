"""Reads of the catalogue; frozen facts come out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Select, func, or_, select, type_coerce
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from academy.catalogue import facts
from academy.catalogue.errors import ModuleNotFound, OfferingNotFound, ProviderNotFound
from academy.catalogue.models import (
    LearningOutcome,
    Module,
    Offering,
    OfferingState,
    Place,
    Programme,
    ProgrammeModule,
    Provider,
    PublicationState,
)
from academy.kernel.text import LANGUAGES

_BATCH = 500


def module_page(session: Session, slug: str, *, today: date) -> facts.ModulePage:
    """Return the page of a published module in two statements. Raises ModuleNotFound."""
    statement = (
        select(Module)
        .join(Module.provider)
        .outerjoin(Module.outcomes)
        .outerjoin(Module.places_in_programmes)
        .outerjoin(ProgrammeModule.programme)
        .where(Module.slug == slug, Module.state == PublicationState.PUBLISHED)
        .options(
            contains_eager(Module.provider),
            contains_eager(Module.outcomes),
            contains_eager(Module.places_in_programmes).contains_eager(ProgrammeModule.programme),
        )
        .order_by(LearningOutcome.position)
    )
    module = session.scalars(statement).unique().one_or_none()
    if module is None:
        raise ModuleNotFound
    rows = session.scalars(
        _offerings_still_ahead(today).where(Offering.module_id == module.id).options(joinedload(Offering.place)),
    ).all()
    counted_in = (part.programme for part in module.places_in_programmes)
    named = {row.slug: row.title for row in counted_in if row.state is PublicationState.PUBLISHED}
    return facts.ModulePage(_module_facts(module, rows), tuple(sorted(named.items(), key=lambda item: item[0])))


def module_facts(
    session: Session, *, today: date, module_ids: Sequence[UUID] | None = None, provider_id: UUID | None = None,
) -> Iterator[facts.ModuleFacts]:
    """Yield published modules in batches of 500, so that memory stays flat; for the search index."""
    wanted = select(Module.id).where(Module.state == PublicationState.PUBLISHED).order_by(Module.id)
    if module_ids is not None:
        wanted = wanted.where(Module.id.in_(module_ids))
    if provider_id is not None:
        wanted = wanted.where(Module.provider_id == provider_id)
    ids = session.scalars(wanted).all()
    for start in range(0, len(ids), _BATCH):
        yield from _facts_of(session, ids[start : start + _BATCH], today)
        session.expunge_all()


def _facts_of(session: Session, ids: Sequence[UUID], today: date) -> Iterator[facts.ModuleFacts]:
    modules = session.scalars(
        select(Module)
        .where(Module.id.in_(ids))
        .order_by(Module.id)
        .options(joinedload(Module.provider), selectinload(Module.outcomes)),
    ).all()
    rows: dict[UUID, list[Offering]] = {}
    offerings = _offerings_still_ahead(today).where(Offering.module_id.in_(ids)).options(joinedload(Offering.place))
    for offering in session.scalars(offerings):
        rows.setdefault(offering.module_id, []).append(offering)
    for module in modules:
        yield _module_facts(module, rows.get(module.id, []))


def modules_by_words(session: Session, words: Sequence[str], *, today: date, limit: int) -> list[facts.ModuleFacts]:
    """Return up to `limit` published modules that have every one of `words` in a title, by title; for when no index can tell."""
    titles = [type_coerce(Module.title, JSON)[language].as_string() for language in LANGUAGES]
    shown = func.lower(func.coalesce(*(func.nullif(title, "") for title in titles)))
    ids = session.scalars(
        select(Module.id)
        .where(Module.state == PublicationState.PUBLISHED, *(_is_in(titles, word) for word in words))
        .order_by(shown, Module.id)
        .limit(limit),
    ).all()
    found = {module.id: module for module in _facts_of(session, ids, today)}
    return [found[module_id] for module_id in ids]


def _is_in(texts: Iterable[ColumnElement[str]], word: str) -> ColumnElement[bool]:
    return or_(*(func.lower(text).contains(word.lower(), autoescape=True) for text in texts))


def published_module_ids(session: Session, *, provider_id: UUID | None = None) -> set[UUID]:
    """Return the ids of all published modules (of one provider)."""
    wanted = select(Module.id).where(Module.state == PublicationState.PUBLISHED)
    if provider_id is not None:
        wanted = wanted.where(Module.provider_id == provider_id)
    return set(session.scalars(wanted))


def programmes(
    session: Session, *, provider_id: UUID | None = None, programme_ids: Sequence[UUID] | None = None,
) -> list[facts.ProgrammeSummary]:
    """Return the published programmes by title, with the number of their published modules."""
    counts = (
        select(ProgrammeModule.programme_id, func.count().label("modules"))
        .join(ProgrammeModule.module)
        .where(Module.state == PublicationState.PUBLISHED)
        .group_by(ProgrammeModule.programme_id)
        .subquery()
    )
    statement = (
        select(Programme, func.coalesce(counts.c.modules, 0))
        .outerjoin(counts, counts.c.programme_id == Programme.id)
        .where(Programme.state == PublicationState.PUBLISHED)
        .options(joinedload(Programme.provider))
    )
    if provider_id is not None:
        statement = statement.where(Programme.provider_id == provider_id)
    if programme_ids is not None:
        statement = statement.where(Programme.id.in_(programme_ids))
    found = [_programme_summary(row, count) for row, count in session.execute(statement)]
    # Programmes that we can show from the inside come first; a register's bare names after them.
    return sorted(found, key=lambda programme: (programme.module_count == 0, programme.title.nl.casefold()))


def programme_page(session: Session, slug: str) -> facts.ProgrammePage:
    """Return a programme with its modules by half-year, in two statements. Raises ModuleNotFound."""
    programme = session.scalars(
        select(Programme)
        .where(Programme.slug == slug, Programme.state == PublicationState.PUBLISHED)
        .options(joinedload(Programme.provider)),
    ).one_or_none()
    if programme is None:
        raise ModuleNotFound
    parts = session.scalars(
        select(ProgrammeModule)
        .join(ProgrammeModule.module)
        .join(Module.provider)
        .where(ProgrammeModule.programme_id == programme.id, Module.state == PublicationState.PUBLISHED)
        .options(contains_eager(ProgrammeModule.module).contains_eager(Module.provider))
        .order_by(ProgrammeModule.period, ProgrammeModule.position),
    ).all()
    periods: dict[int, list[facts.ModuleSummary]] = {}
    for part in parts:
        periods.setdefault(part.period, []).append(_module_summary(part.module))
    return facts.ProgrammePage(
        summary=_programme_summary(programme, len(parts)),
        description=programme.description,
        periods=tuple((period, tuple(modules)) for period, modules in periods.items()),
    )


def providers(session: Session) -> list[facts.ProviderFacts]:
    """Return all providers by name."""
    return [provider_facts(row) for row in session.scalars(select(Provider).order_by(Provider.name))]


def provider_page(session: Session, slug: str, *, limit: int = 200) -> facts.ProviderPage:
    """Return a provider with its programmes and up to `limit` modules. Raises ProviderNotFound."""
    provider = provider_by_slug(session, slug)
    modules = session.scalars(
        select(Module)
        .where(Module.provider_id == provider.id, Module.state == PublicationState.PUBLISHED)
        .options(joinedload(Module.provider))
        .order_by(Module.code, Module.id)
        .limit(limit),
    ).all()
    return facts.ProviderPage(
        provider=provider_facts(provider),
        modules=tuple(_module_summary(module) for module in modules),
        programmes=tuple(programmes(session, provider_id=provider.id)),
    )


def provider_by_slug(session: Session, slug: str) -> Provider:
    """Return the provider row. Raises ProviderNotFound."""
    provider = session.scalars(select(Provider).where(Provider.slug == slug)).one_or_none()
    if provider is None:
        raise ProviderNotFound
    return provider


def offering_for_enrolment(session: Session, code: str) -> facts.OfferingOfModule:
    """Return the offering that a person asks for by its code. Raises OfferingNotFound."""
    row = session.scalars(_offering_with_module().where(Offering.code == code.upper())).one_or_none()
    if row is None:
        raise OfferingNotFound
    return _offerings_with_modules(session, [row])[0]


def offerings_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, facts.OfferingOfModule]:
    """Return offerings with their module, whatever their state: who is enrolled keeps seeing them."""
    rows = session.scalars(_offering_with_module().where(Offering.id.in_(list(ids)))).all()
    return {found.offering.id: found for found in _offerings_with_modules(session, rows)}


def _offering_with_module() -> Select[Offering]:
    return select(Offering).options(joinedload(Offering.place))


def _offerings_with_modules(session: Session, rows: Sequence[Offering]) -> list[facts.OfferingOfModule]:
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
        )
        for row in rows
    ]


def _offerings_still_ahead(today: date) -> Select[Offering]:
    return (
        select(Offering)
        .where(Offering.state == OfferingState.ACTIVE, Offering.ends_on >= today)
        .order_by(Offering.starts_on, Offering.code)
    )


def provider_facts(row: Provider) -> facts.ProviderFacts:
    """Copy a provider row."""
    return facts.ProviderFacts(
        id=row.id, slug=row.slug, name=row.name, former_name=row.former_name, kind=row.kind, summary=row.summary,
        city=row.city, country=row.country, website=row.website,
    )


def offering_facts(row: Offering) -> facts.OfferingFacts:
    """Copy an offering row with its place."""
    return facts.OfferingFacts(
        id=row.id, code=row.code, module_id=row.module_id, state=row.state, starts_on=row.starts_on,
        ends_on=row.ends_on, enrol_until=row.enrol_until, weekdays=tuple(row.weekdays), part_of_day=row.part_of_day,
        mode=row.mode, language=row.language, seats=row.seats, price=row.price, place=_place_facts(row.place),
    )


def _place_facts(row: Place | None) -> facts.PlaceFacts | None:
    if row is None:
        return None
    return facts.PlaceFacts(row.name, row.kind, row.street_address, row.city, row.step_free)


def _module_facts(module: Module, offerings: Sequence[Offering]) -> facts.ModuleFacts:
    return facts.ModuleFacts(
        id=module.id, slug=module.slug, code=module.code, kind=module.kind, title=module.title,
        summary=module.summary, description=module.description, institution=module.institution,
        website=module.website, ec=module.ec, level=module.level, languages=tuple(module.languages),
        sectors=tuple(module.sectors), topics=tuple(module.topics), price=module.price, price_note=module.price_note,
        provider=provider_facts(module.provider), outcomes=tuple(outcome.text for outcome in module.outcomes),
        offerings=tuple(offering_facts(row) for row in offerings),
    )


def _module_summary(module: Module) -> facts.ModuleSummary:
    return facts.ModuleSummary(
        id=module.id, slug=module.slug, code=module.code, kind=module.kind, title=module.title, ec=module.ec,
        price=module.price, provider_name=module.provider.name,
    )


def _programme_summary(programme: Programme, module_count: int) -> facts.ProgrammeSummary:
    return facts.ProgrammeSummary(
        id=programme.id, slug=programme.slug, code=programme.code, title=programme.title, summary=programme.summary,
        provider_name=programme.provider.name, provider_slug=programme.provider.slug,
        sectors=tuple(programme.sectors), variants=tuple(programme.variants), level=programme.level, ec=programme.ec,
        module_count=module_count,
    )
