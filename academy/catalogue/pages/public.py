"""Finished values for the pages of the catalogue: facts in the reader's words and links."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from babel import Locale
from flask import url_for

from academy.catalogue import facts, words
from academy.kernel.formats import credits_text, in_current_language, money, paragraphs
from academy.kernel.money import Money
from academy.kernel.translation import _, reading_language


def programme_card(programme: facts.ProgrammeSummary) -> dict[str, Any]:
    """Return a programme for its card."""
    sector = programme.sectors[0] if programme.sectors else ""
    return {
        "title": in_current_language(programme.title),
        "summary": in_current_language(programme.summary),
        "url": url_for("catalogue.programme_page", slug=programme.slug),
        "provider": programme.provider_name,
        "variants_label": ", ".join(words.variant_word(variant) for variant in programme.variants),
        "ec": credits_text(programme.ec) if programme.ec else "",
        "module_count": programme.module_count,
        "sector_label": words.sector_word(sector) if sector else "",
        "code": programme.code,
    }


def programme_values(page: facts.ProgrammePage) -> dict[str, Any]:
    """Return what the page of a programme shows."""
    summary = page.summary
    return {
        **programme_card(summary),
        "description": paragraphs(in_current_language(page.description)),
        "provider_name": summary.provider_name,
        "provider_url": url_for("catalogue.provider_page", slug=summary.provider_slug),
        "level_label": words.level_word(summary.nlqf),
    }


def period_values(page: facts.ProgrammePage) -> list[dict[str, Any]]:
    """Return the half-years of a programme with their modules and the sum of their credits."""
    periods: dict[int, list[facts.ModuleSummary]] = {}
    for leaf in _leaves(page.requirements):
        if leaf.module is not None and leaf.is_published:
            periods.setdefault(leaf.period or 0, []).append(leaf.module)
    return [
        {
            "label": _("Halfjaar %(number)s", number=period),
            "ec": credits_text(sum((module.ec or Decimal(0) for module in modules), Decimal(0))),
            "modules": [module_row(module) for module in modules],
        }
        for period, modules in sorted(periods.items())
    ]


def _leaves(part: facts.RequirementFacts | None) -> Iterator[facts.RequirementFacts]:
    if part is None:
        return
    if part.module is not None:
        yield part
    for item in part.items:
        yield from _leaves(item)


def module_row(module: facts.ModuleSummary) -> dict[str, Any]:
    """Return a module for a list."""
    return {
        "title": in_current_language(module.title),
        "url": url_for("enrolment.module_page", slug=module.slug),
        "ec": credits_text(module.ec) if module.ec else "",
        "price": price_text(module.price),
        "provider": module.provider_name,
        "kind_label": words.kind_word(module.kind),
    }


def price_text(price: Money | None) -> str:
    """Return a price; empty when it is not known."""
    return "" if price is None else money(price)


def _abroad(country: str) -> str:
    """Return the name of another country; empty at home."""
    return "" if country in {"", "NL"} else str(Locale(reading_language()).territories.get(country, country))


def provider_values(provider: facts.ProviderFacts) -> dict[str, Any]:
    """Return a provider for its card and page."""
    return {
        "name": provider.name,
        "slug": provider.slug,
        "url": url_for("catalogue.provider_page", slug=provider.slug),
        "city": provider.city,
        "country": _abroad(provider.country),
        "kind_label": words.provider_kind_word(provider.kind),
        "summary": in_current_language(provider.summary),
        "former_name": ", ".join(provider.former_names),
        "website": provider.website,
    }
