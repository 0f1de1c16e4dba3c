"""The address of a results page, and what it asks for: whatever is typed in it becomes a sane question or a refusal."""

from dataclasses import dataclass, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from academy.catalogue.api import WEEKDAYS, DeliveryMode, ModuleKind, PartOfDay
from academy.kernel.text import Language
from academy.search.documents import PROGRAMME
from academy.search.errors import QueryTooLong
from academy.search.folding import clean
from academy.search.gateway import SearchQuery
from academy.search.index_spec import EC_BANDS, FACET_NAMES, PRICE_BANDS, SORTS
from academy.search.rules import MAX_CHARACTERS

_FURTHEST_PAGE: Final = 1_000_000
_MOST_VALUES, _LONGEST_VALUE = 20, 100
# Facets whose values we choose ourselves; the values of the others come with the supply.
_KNOWN_VALUES: Final[dict[str, frozenset[str]]] = {
    "kind": frozenset({PROGRAMME, *(kind.value for kind in ModuleKind)}),
    "ec": frozenset(EC_BANDS),
    "mode": frozenset(mode.value for mode in DeliveryMode),
    "part_of_day": frozenset(part.value for part in PartOfDay),
    "weekday": frozenset(WEEKDAYS),
    "price": frozenset(PRICE_BANDS),
}
Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class SearchForm:
    """What the address of a results page says; `filters` as in SearchQuery."""

    q: str = ""
    filters: Filters = ()
    sort: str = "best"
    page: int = 1

    def query(self, language: Language) -> SearchQuery:
        return SearchQuery(
            text=self.q, filters=self.filters, facets=FACET_NAMES, sort=self.sort, page=self.page, language=language,
        )

    def parameters(self, *, page: int = 1) -> list[tuple[str, str]]:
        """Return the address back, without what says nothing."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name, values in self.filters for value in values]
        pairs += [("sort", self.sort)] if self.sort != SORTS[0] else []
        return pairs + ([("page", str(page))] if page > 1 else [])

    def chosen(self, name: str) -> tuple[str, ...]:
        return dict(self.filters).get(name, ())

    def without(self, name: str, value: str) -> "SearchForm":
        """Return the form with one choice less."""
        kept = ((facet, tuple(v for v in values if (facet, v) != (name, value))) for facet, values in self.filters)
        return replace(self, filters=tuple((facet, values) for facet, values in kept if values))


def read_address(arguments: MultiDict[str, str]) -> SearchForm:
    """Return what the address asks: an unknown sort is the best match, no number is page 1, values we never gave are left out.

    Raises QueryTooLong.
    """
    q = clean(arguments.get("q", ""))
    if len(q) > MAX_CHARACTERS:
        raise QueryTooLong
    filters = tuple((name, values) for name in FACET_NAMES if (values := _values(name, arguments.getlist(name))))
    sort = arguments.get("sort", "")
    return SearchForm(q, filters, sort if sort in SORTS else SORTS[0], _page(arguments.get("page", "")))


def _values(name: str, given: list[str]) -> tuple[str, ...]:
    values = (clean(value) for value in dict.fromkeys(given))
    known = _KNOWN_VALUES.get(name)
    sane = (value for value in values if value and len(value) <= _LONGEST_VALUE and (known is None or value in known))
    return tuple(sane)[:_MOST_VALUES]


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        return 1
    return min(max(1, int(text[:10])), _FURTHEST_PAGE)
