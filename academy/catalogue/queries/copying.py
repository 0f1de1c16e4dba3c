"""Rows to facts."""

from collections.abc import Sequence
from typing import Final

from academy.catalogue import facts
from academy.catalogue.models import (
    AssessmentForm,
    DeliveryMode,
    EnrolmentPeriod,
    Module,
    Offering,
    Place,
    Programme,
    Provider,
)
from academy.catalogue.prerequisites import from_json
from academy.kernel.text import Localized


def localized(value: dict[str, str] | None) -> Localized:
    """Read a text in two languages out of JSON that the database put together."""
    return Localized() if value is None else Localized(value.get("nl", ""), value.get("en", ""))


def provider_facts(row: Provider, *, former_names: Sequence[str] = (), codes: Sequence[facts.CodeFacts] = ()) -> facts.ProviderFacts:
    return facts.ProviderFacts(
        id=row.id, slug=row.slug, name=row.name, kind=row.kind, summary=row.summary, city=row.city, country=row.country,
        website=row.website, contact_email=row.contact_email, contact_phone=row.contact_phone,
        is_trusted=row.trusted_at is not None, former_names=tuple(former_names), codes=tuple(codes),
    )


def place_facts(row: Place | None) -> facts.PlaceFacts | None:
    if row is None:
        return None
    return facts.PlaceFacts(
        id=row.id, key=row.key, name=row.name, kind=row.kind, street_address=row.street_address, city=row.city,
        capacity=row.capacity, step_free=row.step_free, accessibility=row.accessibility, latitude=row.latitude,
        longitude=row.longitude,
    )


def offering_facts(row: Offering) -> facts.OfferingFacts:
    """Copy an offering row with its place and periods, which must have been loaded."""
    return facts.OfferingFacts(
        id=row.id, code=row.code, module_id=row.module_id, state=row.state, starts_on=row.starts_on,
        ends_on=row.ends_on, flexible_from=row.flexible_from, flexible_until=row.flexible_until,
        weekdays=tuple(row.weekdays), part_of_day=row.part_of_day, mode=row.mode, language=row.language,
        min_seats=row.min_seats, seats=row.seats, decides_on=row.decides_on, guaranteed=row.guaranteed,
        price=row.price, price_note=row.price_note, place=place_facts(row.place),
        periods=tuple(_period_facts(period) for period in row.periods),
        cancel_free_days=row.cancel_free_days, cancel_late_percent=row.cancel_late_percent,
    )


def _period_facts(row: EnrolmentPeriod) -> facts.PeriodFacts:
    return facts.PeriodFacts(row.target_group, row.opens_on, row.closes_on, row.has_queue, row.queue_max, row.website)


def module_facts(
    module: Module, *, provider: facts.ProviderFacts, outcomes: tuple[facts.OutcomeFacts, ...], offerings: Sequence[Offering],
) -> facts.ModuleFacts:
    return facts.ModuleFacts(
        id=module.id, slug=module.slug, code=module.code, external_id=module.external_id, kind=module.kind, state=module.state,
        version=module.version, title=module.title, summary=module.summary, description=module.description, entry=module.entry,
        prerequisites=None if module.prerequisites is None else from_json(module.prerequisites),
        institution=module.institution, website=module.website, ec=module.ec, hours=module.hours, nlqf=module.nlqf, eqf=module.eqf,
        languages=tuple(module.languages), language_level=module.language_level,
        modes=tuple(DeliveryMode(mode) for mode in module.modes),
        assessments=tuple(AssessmentForm(form) for form in module.assessments), certificate=module.certificate,
        sectors=tuple(module.sectors), topics=tuple(module.topics), price=module.price, price_note=module.price_note,
        changed_at=module.changed_at, provider=provider, outcomes=outcomes,
        offerings=tuple(offering_facts(row) for row in offerings),
    )


# What a summary is made of: a list of many modules reads no more.
SUMMARY: Final = (
    Module.slug, Module.code, Module.external_id, Module.kind, Module.title, Module.ec, Module.price, Module.state,
)


def module_summary(module: Module, provider_name: str) -> facts.ModuleSummary:
    return facts.ModuleSummary(
        id=module.id, slug=module.slug, code=module.code, external_id=module.external_id, kind=module.kind, title=module.title,
        ec=module.ec, price=module.price, provider_name=provider_name,
    )


def programme_summary(programme: Programme, module_count: int) -> facts.ProgrammeSummary:
    return facts.ProgrammeSummary(
        id=programme.id, slug=programme.slug, code=programme.code, type=programme.type, title=programme.title,
        summary=programme.summary, provider_name=programme.provider.name, provider_slug=programme.provider.slug,
        sectors=tuple(programme.sectors), variants=tuple(programme.variants), nlqf=programme.nlqf, ec=programme.ec,
        module_count=module_count,
    )
