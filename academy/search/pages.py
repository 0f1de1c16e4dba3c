"""Finished values for the pages of search: cards and counts in the reader's words, with links.

Thirty cards per page: words and notations are remembered per language, addresses are made once per page.
"""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from flask import current_app, url_for
from markupsafe import Markup

from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.formats import credits_text, money, number_text, short_day
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import _, _l, ngettext, reading_language
from academy.search import queries
from academy.search.documents import PROGRAMME
from academy.search.forms import SearchForm
from academy.search.gateway import MARK_END, MARK_START, FacetCount, Hit, SearchEngine, SearchResult
from academy.search.index_spec import FACET_NAMES, FACETS, SORTS

_REMEMBERED: Final = 20_000
_MOST_VALUES: Final = 50
_SHOWN: Final = 8  # of a facet; what is chosen comes first, so what folds away is never in force
_OPEN_FACETS: Final = 3
_SUGGESTED: Final = 6
# Stand-ins for the texts that are highlighted per search; control characters, so no text of a card.
_TITLE_HERE, _SUMMARY_HERE = "\x02t\x03", "\x02s\x03"
_cards: dict[tuple[Language, str, str], tuple[str, str, str]] = {}  # (language, document, its version) → HTML around the texts

_FACET_LABELS: Final = {
    "kind": _l("Soort"), "sector": _l("Richting"), "provider": _l("Aanbieder"), "level": _l("Niveau"), "ec": _l("Omvang"),
    "language": _l("Taal"), "mode": _l("Lesvorm"), "part_of_day": _l("Dagdeel"), "weekday": _l("Lesdag"), "price": _l("Prijs"),
}
_SORT_LABELS: Final = {"best": _l("Beste match"), "start": _l("Startdatum"), "price": _l("Prijs"), "ec": _l("Omvang")}
_EC_LABELS: Final = {
    "0": _l("Geen EC"), "1-5": _l("1 tot en met 5 EC"), "6-10": _l("6 tot en met 10 EC"), "11-20": _l("11 tot en met 20 EC"),
    "more": _l("Meer dan 20 EC"),
}
_PRICE_LABELS: Final = {
    "free": _l("Gratis"), "to-250": _l("Tot en met € 250"), "to-500": _l("€ 250 tot en met € 500"),
    "to-1000": _l("€ 500 tot en met € 1.000"), "more": _l("Meer dan € 1.000"), "unknown": _l("Prijs onbekend"),
}


@dataclass(slots=True)
class HitView:
    """One result card."""

    url: str
    title: str
    summary: str
    kind_label: str
    provider: str
    ec: str
    level_label: str
    mode_label: str
    part_of_day_label: str
    place: str
    starts: str
    price: str
    seats_label: str
    seats_state: str


@dataclass(slots=True)
class FacetValueView:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(slots=True)
class FacetView:
    name: str
    label: str
    values: list[FacetValueView]
    shown: Markup  # the first values as HTML
    folded: Markup  # the other ones
    folded_count: int
    open: bool


@dataclass(slots=True)
class ChipView:
    label: str
    url_without: str


@dataclass(slots=True)
class SortView:
    value: str
    label: str
    selected: bool


@dataclass(slots=True)
class LinkView:
    """A page number, or a gap when `number` is None."""

    number: int | None
    url: str
    current: bool


@dataclass(slots=True)
class PaginationView:
    page: int
    pages: int
    previous_url: str | None
    next_url: str | None
    links: list[LinkView]


@dataclass(slots=True)
class SuggestionView:
    label: str
    url: str


@dataclass(slots=True)
class SearchView:
    """The page of results."""

    q: str
    total: int
    took_ms: int
    looser: bool
    degraded: bool
    hits: Markup  # the cards as HTML
    facets: list[FacetView]
    chips: list[ChipView]
    clear_url: str
    sorts: list[SortView]
    pagination: PaginationView
    suggestions: list[SuggestionView]


def search_view(engine: SearchEngine, form: SearchForm, found: SearchResult) -> SearchView:
    """Return the page for `found`; the engine is asked again only for names and suggestions that are not in it."""
    path, language = url_for("search.results"), reading_language()
    facets = [_facet_view(engine, language, form, name, found.facets.get(name, ())) for name in FACET_NAMES]
    return SearchView(
        q=form.q,
        total=found.total,
        took_ms=round(found.took_ms),
        looser=found.looser,
        degraded=found.degraded,
        hits=Markup("".join(f"<li>{hit}</li>" for hit in _hit_views(language, found.hits))),  # noqa: S704 - made by a macro
        facets=facets,
        chips=[
            ChipView(value.label, _address(path, form.without(facet.name, value.value).parameters()))
            for facet in facets for value in facet.values if value.selected
        ],
        clear_url=_address(path, SearchForm(q=form.q, sort=form.sort).parameters()),
        sorts=[SortView(sort, _name(language, "sort", sort), sort == form.sort) for sort in SORTS],
        pagination=_pagination(path, form, found),
        suggestions=[] if found.total else _suggestions(engine, language, path),
    )


def home_values(front: queries.Front) -> dict[str, Any]:
    """Return what the home page shows."""
    path, language = url_for("search.results"), reading_language()
    prefix = _prefix("catalogue.programme_page")
    return {
        "total": front.total,
        "sectors": [
            {"value": sector.value, "label": _value_label(language, "sector", sector.value), "count": sector.count,
             "url": _address(path, [("sector", sector.value)])}
            for sector in front.sectors
        ],
        "programmes": [_programme_card(hit.card, prefix) for hit in front.programmes],
    }


def similar_values(slug: str, found: queries.Similar) -> dict[str, Any]:
    """Return the page of what resembles a module."""
    return {
        "title": found.title,
        "module_url": url_for("enrolment.module_page", slug=slug) if found.title else "",
        "degraded": found.degraded,
        "hits": [Markup(hit) for hit in _hit_views(reading_language(), found.hits)],  # noqa: S704 - made by a macro
    }


def _programme_card(card: Any, prefix: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
    language = reading_language()
    return {
        "title": card["title"], "summary": card["summary"], "url": prefix + card["slug"], "provider": card["provider"],
        "variants_label": ", ".join(catalogue.variant_word(variant) for variant in card["variants"]),
        "ec": _ec(language, card["ec"]), "module_count": card["module_count"],
        "sector_label": _value_label(language, "sector", card["sector"]),
    }


def _hit_views(language: Language, hits: Iterable[Hit]) -> list[str]:
    """Return the cards as HTML: made once per card and language, then only the marked texts are put in."""
    module, programme = _prefix("enrolment.module_page"), _prefix("catalogue.programme_page")
    views = []
    for hit in hits:
        slug, kind = hit.card["slug"], hit.card["kind"]
        key = (language, hit.id, hit.version)
        parts = _cards.get(key)
        if parts is None:
            if len(_cards) >= _REMEMBERED:
                _cards.clear()
            parts = _cards[key] = _card(language, (programme if kind == PROGRAMME else module) + slug, hit.card)
        before, between, after = parts
        views.append(f"{before}{_marked(hit.title)}{between}{_marked(hit.summary)}{after}")
    return views


def _card(language: Language, url: str, card: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the HTML of a card around its title and around its summary."""
    seats = card.get("seats")
    view = HitView(
        url=url,
        title=_TITLE_HERE,
        summary=_SUMMARY_HERE if card["summary"] else "",
        kind_label=_value_label(language, "kind", card["kind"]),
        provider=card["provider"],
        ec=_ec(language, card["ec"]),
        level_label=_value_label(language, "level", card["level"]),
        mode_label=_value_label(language, "mode", card.get("mode", "")),
        part_of_day_label=_value_label(language, "part_of_day", card.get("part_of_day", "")),
        place=card["place"],
        starts=_day(language, card.get("starts", "")),
        price=_price(language, card.get("price")) or card.get("price_note", ""),
        seats_label="" if seats is None else _seats(language, seats),
        seats_state="" if seats is None else enrolment.seats_state(seats),
    )
    card_html = _macro("hit_card", view)
    before, _here, rest = card_html.partition(_TITLE_HERE)
    between, _here, after = rest.partition(_SUMMARY_HERE)
    return before, between, after


@lru_cache(_REMEMBERED)
def _choice(language: Language, facet: str, value: str, label: str, count: int, selected: bool) -> str:  # noqa: ARG001, FBT001, PLR0917 - the key
    """Return the HTML of one value to choose."""
    return _macro("facet_choice", facet, FacetValueView(value, label, count, selected))


def _macro(name: str, *values: object) -> str:
    """Return what a macro of `macros/learning.html` makes of `values`, as plain text that is safe HTML: the macro escaped it."""
    made: Markup = getattr(current_app.jinja_env.get_template("macros/learning.html").module, name)(*values)
    return made.encode().decode()  # a Markup would escape whatever is joined to it, again and again


def _marked(text: str) -> str:
    """Escape, then turn the engine's marks into elements; nothing of the text itself becomes one."""
    safe = html.escape(text)
    return safe.replace(MARK_START, "<mark>").replace(MARK_END, "</mark>") if MARK_START in safe else safe


def _prefix(endpoint: str) -> str:
    """Return the address of a page up to its slug; slugs need no escaping, and making an address costs as much as a card."""
    return url_for(endpoint, slug="-").removesuffix("-")


def _address(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _facet_view(
    engine: SearchEngine, language: Language, form: SearchForm, name: str, counts: Iterable[FacetCount],
) -> FacetView:
    chosen = form.chosen(name)
    values = [
        FacetValueView(count.value, count.label or _value_label(language, name, count.value), count.count, count.value in chosen)
        for count in counts
    ]
    # What is chosen stays visible, also when nothing has it any more.
    for value in set(chosen) - {view.value for view in values}:
        label = queries.label_of(engine, name, value) if name in _LABELLED else _value_label(language, name, value)
        values.append(FacetValueView(value, label, 0, selected=True))
    values.sort(key=lambda view: (not view.selected, -view.count, view.label))
    values = values[:_MOST_VALUES]
    rows = [_choice(language, name, view.value, view.label, view.count, view.selected) for view in values]
    return FacetView(
        name, _name(language, "facet", name), values,
        shown=Markup("".join(rows[:_SHOWN])),  # noqa: S704 - made by a macro
        folded=Markup("".join(rows[_SHOWN:])),  # noqa: S704 - made by a macro
        folded_count=max(0, len(rows) - _SHOWN),
        open=bool(chosen) or name in FACET_NAMES[:_OPEN_FACETS],
    )


_LABELLED: Final = frozenset(facet.name for facet in FACETS if facet.carries_label)


def _pagination(path: str, form: SearchForm, found: SearchResult) -> PaginationView:
    page, pages = found.page, found.pages

    def at(number: int) -> str:
        return _address(path, form.parameters(page=number))

    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    links: list[LinkView] = []
    for number in shown:
        if links and number - (links[-1].number or 0) > 1:
            links.append(LinkView(None, "", current=False))
        links.append(LinkView(number, at(number), number == page))
    return PaginationView(
        page, pages, at(page - 1) if page > 1 else None, at(page + 1) if page < pages else None, links,
    )


def _suggestions(engine: SearchEngine, language: Language, path: str) -> list[SuggestionView]:
    """Return the largest sectors, as a way on from an empty page."""
    sectors = queries.front(engine, language).sectors[:_SUGGESTED]
    return [
        SuggestionView(_value_label(language, "sector", sector.value), _address(path, [("sector", sector.value)]))
        for sector in sectors
    ]


# The language is part of the key only: the functions below write in the language of the request, which is the same.


@lru_cache(_REMEMBERED)
def _name(_language: str, kind: str, name: str) -> str:
    return str(_FACET_LABELS[name] if kind == "facet" else _SORT_LABELS[name])


@lru_cache(_REMEMBERED)
def _value_label(_language: str, facet: str, value: str) -> str:
    """Return the name of a value; one that we do not know is shown as it came."""
    if not value:
        return ""
    try:
        return _WORDS[facet](value)
    except (KeyError, ValueError):
        return value


_WORDS: Final[dict[str, Callable[[str], str]]] = {
    "kind": lambda value: _("Opleiding") if value == PROGRAMME else catalogue.kind_word(catalogue.ModuleKind(value)),
    "sector": catalogue.sector_word,
    "level": catalogue.level_word,
    "ec": lambda value: str(_EC_LABELS[value]),
    "language": catalogue.language_word,
    "mode": lambda value: catalogue.mode_word(catalogue.DeliveryMode(value)),
    "part_of_day": lambda value: catalogue.part_of_day_word(catalogue.PartOfDay(value)),
    "weekday": catalogue.weekday_word,
    "price": lambda value: str(_PRICE_LABELS[value]),
}


@lru_cache(_REMEMBERED)
def _ec(_language: str, ec: str) -> str:
    return credits_text(Decimal(ec)) if ec else ""


@lru_cache(_REMEMBERED)
def _day(_language: str, day: str) -> str:
    return short_day(date.fromisoformat(day)) if day else ""


@lru_cache(_REMEMBERED)
def _price(_language: str, cents: int | None) -> str:
    return "" if cents is None else money(Money(cents))


@lru_cache(_REMEMBERED)
def _seats(_language: str, left: int) -> str:
    if left <= 0:
        return _("Vol")
    if enrolment.seats_state(left) == "few":
        return ngettext("Nog %(num)s plek", "Nog %(num)s plekken", left)
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", left, num=number_text(left))
