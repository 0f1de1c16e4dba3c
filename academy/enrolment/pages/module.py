"""The page of a module: its facts in the reader's words, and the page itself as long as nothing it shows has changed.

What anonymous visitors see depends on the language, what the database says (the fingerprint of the page, the seats) and the day. Those
are the key under which the page is remembered, so a price or a seat that changed is never shown as it was (docs/decisions/0013).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import render_template, url_for
from markupsafe import Markup

from academy.catalogue import api as catalogue
from academy.enrolment.pages.offering import offering_row
from academy.enrolment.queries import Seats
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, day, in_current_language, money, paragraphs, shown
from academy.kernel.money import Money
from academy.kernel.translation import _, reading_language
from academy.kernel.web import address_of, public_address

_REMEMBERED: Final = 300  # pages, some 30 kB each
_MOST_PRICES: Final = 24


@dataclass(frozen=True)
class ModuleView:
    """A whole page: `body` and `structured_data` are HTML and JSON-LD that are safe to put in."""

    title: str
    summary: str
    has_button: bool
    structured_data: Markup
    body: Markup


_pages: dict[tuple[object, ...], ModuleView] = {}


def module_view(
    page: catalogue.ModulePage, *, seats: Mapping[UUID, Seats], mine: Mapping[UUID, str], quotes: Mapping[UUID, funding.Quote], now: datetime,
) -> ModuleView:
    """Return the page; `mine` are the codes of the visitor's own enrolments by offering, `quotes` who pays along for this visitor.

    A page with one of these is not remembered.
    """
    if mine or quotes:
        return _made(page, seats, mine, quotes, now)
    key = (reading_language(), page.fingerprint, tuple(sorted(((id_.int, found) for id_, found in seats.items()), key=_by_id)),
           amsterdam_day(now))
    view = _pages.get(key)
    if view is None:
        if len(_pages) >= _REMEMBERED:
            _pages.clear()
        view = _pages[key] = _made(page, seats, mine, quotes, now)
    return view


def _by_id(one: tuple[int, Seats]) -> int:
    return one[0]


def forget() -> None:
    """Let go of all pages; for measuring what the first visitor costs."""
    _pages.clear()


def _made(
    page: catalogue.ModulePage, seats: Mapping[UUID, Seats], mine: Mapping[UUID, str], quotes: Mapping[UUID, funding.Quote], now: datetime,
) -> ModuleView:
    values = module_values(page, seats=seats, mine=mine, quotes=quotes, now=now)
    data = catalogue.course_data(
        page, language=reading_language(), address=public_address(address_of("enrolment.module_page", page.module.slug)),
        provider_address=public_address(values["provider"]["url"]),
        left={offering_id: found.left for offering_id, found in seats.items()}, now=now,
    )
    return ModuleView(
        title=str(values["title"]), summary=str(values["summary"]),
        has_button=bool(values["first"] and values["first"]["enrol_url"]),
        structured_data=Markup(catalogue.json_ld(data)),  # noqa: S704 - json_ld leaves no sign of HTML
        body=Markup(render_template("enrolment/module_body.html", module=values)),  # noqa: S704 - made by a template
    )


def module_values(
    page: catalogue.ModulePage, *, seats: Mapping[UUID, Seats], mine: Mapping[UUID, str], quotes: Mapping[UUID, funding.Quote], now: datetime,
) -> dict[str, Any]:
    """Return what the page shows."""
    module = page.module
    hours = module.hours or (catalogue.hours_of_study(module.ec) if module.ec else None)
    offerings = [
        offering_row(
            offering, module_slug=module.slug, seats=seats.get(offering.id, Seats(offering.seats, 0)), hours=hours, my_code=mine.get(offering.id),
            quote=quotes.get(offering.id), now=now,
        )
        for offering in module.offerings
    ]
    sector = module.sectors[0] if module.sectors else ""
    mine_here = next((row for row in offerings if row["mine_url"]), None)
    open_here = next((row for row in offerings if row["enrol_url"]), None)
    open_elsewhere = next((row for row in offerings if row["enrol_until"]), None)
    return {
        **_story(page),
        "slug": module.slug,
        "kind_label": catalogue.kind_word(module.kind),
        "code": module.code,
        "ec": "" if module.ec is None else credits_text(module.ec),
        "hours": hours,
        "level_label": catalogue.level_word(module.nlqf),
        "level_codes": catalogue.level_codes(module.nlqf, module.eqf),
        "language": _language(module),
        "assessment": _listed([catalogue.assessment_word(form) for form in module.assessments]),
        "certificate": "" if module.certificate is None else catalogue.certificate_word(module.certificate),
        "sector_label": catalogue.sector_word(sector),
        "sector_url": url_for("search.results", sector=sector) if sector else url_for("search.results"),
        "provider": _provider(module),
        "website": module.website,
        "price": (money(module.price) if module.price is not None else module.price_note) or _("Prijs nog niet bekend"),
        "prices": _price_steps(page), "is_free": _is_free(module), "payers_url": url_for("situation.who_pays"),
        "price_note": module.price_note if module.price is not None else "",
        "modes": _listed([catalogue.mode_word(mode) for mode in _modes(module)]),
        "offerings": offerings,
        "mine": mine_here,
        "first": mine_here or open_here or open_elsewhere or (offerings[0] if offerings else None),
        "similar_url": url_for("search.similar", slug=module.slug), "groups_url": url_for("gathering.for_modules", of=module.id),
    }


def _price_steps(page: catalogue.ModulePage) -> list[str]:
    """Return each change of a price in a sentence, the last one first."""
    starts = {one.id: day(one.starts_on) for one in page.module.offerings}

    def of(offering_id: UUID | None) -> str:
        if offering_id is None:
            return _("de module")
        return _("de start op %(day)s", day=starts[offering_id]) if offering_id in starts else _("een eerdere start")

    def price(amount: Money | None) -> str:
        return _("niet bekend") if amount is None else money(amount)

    return [
        _("%(day)s: %(what)s ging van %(was)s naar %(becomes)s.", day=day(amsterdam_day(one.changed_at)), what=of(one.offering_id), was=price(one.was),
          becomes=price(one.becomes))
        for one in page.prices[:_MOST_PRICES]
    ]


def _is_free(module: catalogue.ModuleFacts) -> bool:
    """Tell whether nothing of it costs money, as far as we know."""
    prices = [offering.price for offering in module.offerings] or [module.price]
    return all(price is not None and price.is_zero for price in prices)


def _story(page: catalogue.ModulePage) -> dict[str, Any]:
    """Return the texts: promise, outcomes, for whom, what comes before and after."""
    module = page.module
    needed = {(link.provider_slug, link.external_id): link for link in page.needed}
    description = shown(module.description)
    return {
        "title": shown(module.title),
        "summary": shown(module.summary),
        "description": description,
        "paragraphs": paragraphs(description.text),
        "outcomes": [
            {"text": shown(outcome.text), "skills": [shown(tag.label) for tag in outcome.skills]} for outcome in module.outcomes
        ],
        "has_skills": any(outcome.skills for outcome in module.outcomes),
        "programmes": [
            {"title": shown(title), "url": address_of("catalogue.programme_page", slug)} for slug, title in page.programmes
        ],
        "entry": shown(module.entry),
        "entry_paragraphs": paragraphs(in_current_language(module.entry)),
        "prerequisites": None if module.prerequisites is None else _node(module.prerequisites, module.provider.slug, needed),
        "next": [{"title": shown(link.title), "url": address_of("enrolment.module_page", link.slug)} for link in page.next],
    }


def _provider(module: catalogue.ModuleFacts) -> dict[str, Any]:
    provider = module.provider
    return {
        "name": provider.name, "city": provider.city, "url": address_of("catalogue.provider_page", provider.slug),
        "email": provider.contact_email, "phone": provider.contact_phone, "website": provider.website,
        "institution": module.institution if module.institution != provider.name else "",
    }


def _language(module: catalogue.ModuleFacts) -> str:
    spoken = _listed([catalogue.language_word(language) for language in module.languages])
    if not module.language_level:
        return spoken
    return _("%(languages)s, op niveau %(level)s", languages=spoken, level=module.language_level) if spoken else module.language_level


def _modes(module: catalogue.ModuleFacts) -> list[catalogue.DeliveryMode]:
    return list(dict.fromkeys([*module.modes, *(offering.mode for offering in module.offerings)]))


def _listed(words: list[str]) -> str:
    """Return `project, portfolio en gesprek`."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no "and"
        return "".join(words)
    return _("%(first)s en %(last)s", first=", ".join(words[:-1]), last=words[-1])


_Links = Mapping[tuple[str, str], catalogue.ModuleLink]


def _node(needed: catalogue.Prerequisite, provider: str, links: _Links) -> dict[str, Any]:
    """Return what one must have as a tree of `all`, `any` and leaves; a leaf has words, and a link where the module is here."""
    match needed:
        case catalogue.AllOf(items):
            return {"kind": "all", "items": [_node(item, provider, links) for item in items]}
        case catalogue.AnyOf(items):
            return {"kind": "any", "items": [_node(item, provider, links) for item in items]}
        case catalogue.ModulePassed():
            link = links.get((needed.provider or provider, needed.external_id))
            return {
                "kind": "leaf",
                "words": shown(link.title) if link else leaf_words(needed),
                "url": address_of("enrolment.module_page", link.slug) if link else "",
                "note": _("minstens %(ec)s EC", ec=credits_text(needed.ec)) if needed.ec is not None else "",
            }
        case _:
            return {"kind": "leaf", "words": leaf_words(needed), "url": "", "note": ""}


def leaf_words(needed: catalogue.Prerequisite) -> str:
    """Return one thing that one must have, in words; a module by its code."""
    match needed:
        case catalogue.ModulePassed():
            return _("Module %(code)s", code=needed.external_id)
        case catalogue.CreditsReached(ec, True):
            return _("%(ec)s EC uit het eerste jaar", ec=credits_text(ec))
        case catalogue.CreditsReached(ec):
            return _("%(ec)s EC van de opleiding", ec=credits_text(ec))
        case catalogue.LevelReached(nlqf):
            return _("een diploma op %(level)s of hoger", level=catalogue.level_word(nlqf))
        case catalogue.YearReached(year):
            return _("toegelaten tot jaar %(year)s van de opleiding", year=year)
        case _:
            return ""
