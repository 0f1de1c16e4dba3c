"""Finished values for the pages of the catalogue: facts in the reader's words and links."""

import math
from collections.abc import Iterable
from typing import Any

from babel import Locale
from flask import url_for
from markupsafe import Markup

from academy.catalogue import facts, structured_data, words
from academy.kernel.formats import credits_text, in_current_language, money, number_text, shown
from academy.kernel.money import Money
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.web import address_of, public_address


def programme_card(programme: facts.ProgrammeSummary) -> dict[str, Any]:
    """Return a programme for its card."""
    sector = programme.sectors[0] if programme.sectors else ""
    return {
        "title": shown(programme.title),
        "summary": shown(programme.summary),
        "url": address_of("catalogue.programme_page", programme.slug),
        "provider": programme.provider_name,
        "variants_label": ", ".join(words.variant_word(variant) for variant in programme.variants),
        "ec": credits_text(programme.ec) if programme.ec else "",
        "module_count": programme.module_count,
        "sector_label": words.sector_word(sector) if sector else "",
        "code": programme.code,
    }


def module_row(module: facts.ModuleSummary) -> dict[str, Any]:
    """Return a module for a list."""
    return {
        "title": shown(module.title),
        "url": address_of("enrolment.module_page", module.slug),
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
        "url": address_of("catalogue.provider_page", provider.slug),
        "city": provider.city,
        "country": _abroad(provider.country),
        "kind_label": words.provider_kind_word(provider.kind),
        "summary": shown(provider.summary),
        "former_names": _("voorheen %(names)s", names=", ".join(provider.former_names)) if provider.former_names else "",
        "codes": [(words.code_word(code.scheme), code.value) for code in provider.codes],
        "email": provider.contact_email,
        "phone": provider.contact_phone,
        "website": provider.website,
    }


def provider_page_values(found: facts.ProviderPage) -> dict[str, Any]:
    """Return the page of a provider: its programmes, and one page of its modules."""
    first = (found.page - 1) * found.per_page
    shown_words = "" if found.module_count <= found.per_page else _(
        "%(first)s tot en met %(last)s van %(count)s", first=number_text(first + 1), last=number_text(first + len(found.modules)),
        count=number_text(found.module_count),
    )
    return {
        "provider": provider_values(found.provider),
        "modules": [module_row(module) for module in found.modules],
        "module_count": found.module_count,
        "module_words": ngettext("%(count)s module", "%(count)s modules", found.module_count, count=number_text(found.module_count)),
        "shown": shown_words,
        "programmes": [programme_card(programme) for programme in found.programmes] if found.page == 1 else [],
        "pages": _pages(found),
        "page": found.page,
        "structured_data": json_ld(_provider_data(found), list_of_modules(found.modules, name=found.provider.name, start=first + 1)),
    }


def _pages(found: facts.ProviderPage) -> dict[str, Any]:
    """Return the links to the other pages, in the shape that the macro for paging wants."""
    def at(number: int) -> str:
        return url_for("catalogue.provider_page", slug=found.provider.slug, page=number if number > 1 else None, _anchor="modules")

    page, pages = found.page, max(1, math.ceil(found.module_count / found.per_page))
    links: list[dict[str, Any]] = []
    for number in sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)}):
        if links and number - links[-1]["number"] > 1:
            links.append({"number": None, "url": "", "current": False})
        links.append({"number": number, "url": at(number), "current": number == page})
    return {
        "pages": pages, "links": links, "previous_url": at(page - 1) if page > 1 else None,
        "next_url": at(page + 1) if page < pages else None,
    }


def _provider_data(found: facts.ProviderPage) -> structured_data.Node:
    address = public_address(address_of("catalogue.provider_page", found.provider.slug))
    return structured_data.provider_data(found.provider, language=reading_language(), address=address)


def list_of_modules(modules: Iterable[facts.ModuleSummary], *, name: str, start: int = 1) -> structured_data.Node:
    """Return modules for machines that read lists."""
    return structured_data.list_data((listed_module(module) for module in modules), name=name, start=start)


def listed_module(module: facts.ModuleSummary) -> structured_data.Listed:
    """Return a module as an entry of such a list."""
    return structured_data.Listed(
        "Course", public_address(address_of("enrolment.module_page", module.slug)), in_current_language(module.title),
        provider=module.provider_name,
    )


def list_of_programmes(programmes: Iterable[facts.ProgrammeSummary]) -> structured_data.Node:
    """Return programmes for machines that read lists."""
    return structured_data.list_data(
        (
            structured_data.Listed(
                "EducationalOccupationalProgram", public_address(address_of("catalogue.programme_page", one.slug)),
                in_current_language(one.title), in_current_language(one.summary), one.provider_name,
            )
            for one in programmes
        ),
        name=_("Opleidingen"),
    )


def json_ld(*nodes: structured_data.Node) -> Markup:
    """Return the nodes as safe text for one data block."""
    data = nodes[0] if len(nodes) == 1 else {"@graph": list(nodes)}
    return Markup(structured_data.json_ld(data))  # noqa: S704 - json_ld leaves no sign of HTML
