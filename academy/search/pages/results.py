"""The page of results: its whole state is in its address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for
from markupsafe import Markup

from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import reading_language
from academy.search.documents import MODULE
from academy.search.forms import SearchForm
from academy.search.gateway import Hit, SearchEngine, SearchResult
from academy.search.index_spec import SORTS
from academy.search.pages.cards import cards
from academy.search.pages.chips import ChipView, chips
from academy.search.pages.drawing import LinkView, address
from academy.search.pages.facets import ChoiceView, FacetView, facet_views
from academy.search.pages.nothing import NothingView, nothing
from academy.search.pages.occupations import named_by
from academy.search.words import sort_name

_BY_DISTANCE: Final = "distance"
_ENOUGH: Final = 4


@dataclass(slots=True)
class PageLinkView:
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
    links: list[PageLinkView]


@dataclass(slots=True)
class WrongView:
    """A field that could not be read: on a telephone the field itself is out of sight."""

    label: str
    sentence: str


@dataclass(slots=True)
class SearchView:
    """The page of results; `nothing` is there when there is no result, `kept` are (name, value) of fields that the page does not show."""

    q: str
    total: int
    looser: bool
    resembled: str  # the words of which only look-alikes were found, each between quotes
    is_poor: bool  # little or only half found: worth a wish
    degraded: bool
    hits: Markup  # the cards as HTML
    groups_url: str  # who gathers for the modules among them, empty where none is
    facets: list[FacetView]
    chips: list[ChipView]
    clear_url: str
    sorts: list[ChoiceView]
    kept: list[tuple[str, str]]
    wrong: list[WrongView]
    question: list[tuple[str, str]]  # what saving and wishing take along
    pagination: PaginationView
    nothing: NothingView | None
    occupations: list[LinkView]


def search_view(engine: SearchEngine, form: SearchForm, found: SearchResult, own: Mapping[str, Money]) -> SearchView:
    """Return the page for `found`; `own` is what the visitor pays of hits for which somebody pays along."""
    path, language = url_for("search.results"), reading_language()
    facets = facet_views(engine, language, form, found)
    chosen = chips(language, path, form, facets)
    has_order = found.total > 1
    return SearchView(
        q=form.q,
        total=found.total,
        looser=found.looser,
        resembled=", ".join(f"“{word}”" for word in found.resembled),
        is_poor=found.looser or found.total < _ENOUGH,
        degraded=found.degraded,
        hits=Markup("".join(f"<li>{card}</li>" for card in cards(language, found.hits, own))),  # noqa: S704 - made by a macro
        groups_url=_groups_url(found.hits),
        facets=facets,
        chips=chosen,
        clear_url=address(path, form.words_only().parameters()),
        sorts=_sorts(language, form) if has_order else [],
        kept=[("sort", form.sort)] if form.sort != SORTS[0] and not has_order else [],
        wrong=[WrongView(facet.label, sentence) for facet in facets for sentence in facet.errors],
        question=form.question(),
        pagination=_pagination(path, form, found),
        nothing=None if found.hits or found.degraded else nothing(engine, language, path, form, chosen),
        occupations=[] if found.degraded else named_by(form.q, language),
    )


def _groups_url(hits: Iterable[Hit]) -> str:
    ids = [id_ for kind, _colon, id_ in (hit.id.partition(":") for hit in hits) if kind == MODULE]
    return url_for("gathering.for_modules", of=ids) if ids else ""


def clean_address(form: SearchForm) -> str:
    """Return the address of the page without the fields that nobody filled in."""
    return address(url_for("search.results"), form.parameters(page=form.page))


def _sorts(language: Language, form: SearchForm) -> list[ChoiceView]:
    """Return the orders to choose from; by distance only where it is said from where."""
    return [ChoiceView(sort, sort_name(language, sort), sort == form.sort) for sort in SORTS if form.area or sort != _BY_DISTANCE]


def _pagination(path: str, form: SearchForm, found: SearchResult) -> PaginationView:
    page, pages = found.page, found.pages

    def at(number: int) -> str:
        return address(path, form.parameters(page=number))

    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    links: list[PageLinkView] = []
    for number in shown:
        if links and number - (links[-1].number or 0) > 1:
            links.append(PageLinkView(None, "", current=False))
        links.append(PageLinkView(number, at(number), number == page))
    return PaginationView(
        page, pages, at(page - 1) if page > 1 else None, at(page + 1) if page < pages else None, links,
    )
