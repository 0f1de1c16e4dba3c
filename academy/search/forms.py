"""The address of a results page, and what it asks for: whatever is typed in it becomes a sane question or a refusal.

An address is never refused for a limit or a postcode: the field says what is wrong with it, and the rest is answered.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Field

from academy.catalogue.api import WEEKDAYS, DeliveryMode, ModuleKind, PartOfDay
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import _
from academy.kernel.web.fields import DayField, EurosField, NumberField
from academy.kernel.web.forms import PlainForm
from academy.search import postcodes
from academy.search.documents import PROGRAMME, SEATS
from academy.search.errors import QueryTooLong
from academy.search.folding import clean
from academy.search.gateway import Near, Range, SearchQuery
from academy.search.index_spec import DAY_ZERO, EC_BANDS, FACET_NAMES, FACETS, PRICE_BANDS, SORTS
from academy.search.postcodes import PostcodeArea
from academy.search.rules import MAX_CHARACTERS

KILOMETRES: Final = (5, 10, 25, 50)
COUNTED: Final = tuple(facet.name for facet in FACETS if not facet.many)  # on every page
ASKED_FOR: Final = tuple(facet.name for facet in FACETS if facet.many)  # only where one looks for its values
# What can be limited, with the fields of its lowest and its highest.
LIMITED: Final = {"price": ("price_from", "price_to"), "ec": ("ec_from", "ec_to"), "start": ("start_from", "")}
NEARBY: Final = "postcode"
ALL: Final = "*"  # shows the values of a facet without words to look for
_BY_DISTANCE: Final = "distance"
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
    "certain": frozenset({"yes"}),
    "seats": frozenset(str(least) for least in SEATS),
}
Filters = tuple[tuple[str, tuple[str, ...]], ...]


class _Limits(PlainForm):
    """The limits as people write them."""

    price_from = EurosField()
    price_to = EurosField()
    ec_from = NumberField()
    ec_to = NumberField()
    start_from = DayField("")


@dataclass(frozen=True)
class Limit:
    """One end of a range: its field, how the address says it, and the number in the unit of the index."""

    name: str
    text: str
    number: int


@dataclass(frozen=True)
class Wrong:
    """A field that could not be read: what was typed, and the sentence for it."""

    name: str
    typed: str
    sentence: str


@dataclass(frozen=True)
class SearchForm:
    """What the address of a results page says; `filters` as in SearchQuery. `km` is None where any distance will do.

    `look_in` is a facet of many values whose values are to be shown, those with a word that begins as in `inside`.
    """

    q: str = ""
    filters: Filters = ()
    limits: tuple[Limit, ...] = ()
    area: PostcodeArea | None = None
    km: int | None = None
    sort: str = SORTS[0]
    look_in: str = ""
    inside: str = ""
    page: int = 1
    wrong: tuple[Wrong, ...] = ()

    def query(self, language: Language) -> SearchQuery:
        return SearchQuery(
            text=self.q, filters=self.filters, ranges=self.ranges(), near=self._near(), facets=COUNTED, sort=self.sort,
            page=self.page, language=language,
        )

    def ranges(self) -> tuple[tuple[str, Range], ...]:
        numbers = {limit.name: limit.number for limit in self.limits}
        pairs = ((name, Range(numbers.get(least), numbers.get(most))) for name, (least, most) in LIMITED.items())
        return tuple((name, found) for name, found in pairs if found != Range())

    def _near(self) -> Near | None:
        return None if self.area is None else Near(self.area.latitude, self.area.longitude, self.km)

    def parameters(self, *, page: int = 1) -> list[tuple[str, str]]:
        """Return the address back, without what says nothing."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name, values in self.filters for value in values]
        pairs += [(limit.name, limit.text) for limit in self.limits]
        pairs += [(NEARBY, self.area.digits)] if self.area else []
        pairs += [("km", str(self.km))] if self.km else []
        pairs += [(wrong.name, wrong.typed) for wrong in self.wrong]
        pairs += [("sort", self.sort)] if self.sort != SORTS[0] else []
        pairs += [(f"in_{self.look_in}", self.inside or ALL)] if self.look_in else []
        return pairs + ([("page", str(page))] if page > 1 else [])

    def question(self) -> list[tuple[str, str]]:
        """Return the address of what is asked alone: without order, page, what could not be read and what is looked up on the page."""
        return replace(self, sort=SORTS[0], look_in="", inside="", wrong=()).parameters()

    def chosen(self, facet: str) -> tuple[str, ...]:
        return dict(self.filters).get(facet, ())

    def typed(self, name: str) -> str:
        """Return what stands in a field, as it was typed where that could not be read."""
        found = {limit.name: limit.text for limit in self.limits} | {wrong.name: wrong.typed for wrong in self.wrong}
        return (self.area.digits if self.area else found.get(name, "")) if name == NEARBY else found.get(name, "")

    def sentence(self, name: str) -> str:
        """Return what is wrong with a field; empty when nothing is."""
        return next((wrong.sentence for wrong in self.wrong if wrong.name == name), "")

    def with_value(self, facet: str, value: str) -> "SearchForm":
        """Return the form with one choice more, on its first page."""
        chosen = {**dict(self.filters), facet: (*self.chosen(facet), value)}
        return replace(self, filters=_in_order(chosen), page=1)

    def without(self, name: str, value: str = "") -> "SearchForm":
        """Return the form with one choice less: a value of a facet or, without `value`, a range or the postcode."""
        if value:
            kept = {facet: tuple(v for v in values if (facet, v) != (name, value)) for facet, values in self.filters}
            return replace(self, filters=_in_order(kept), page=1)
        if name == NEARBY:
            return replace(self, area=None, km=None, sort=SORTS[0] if self.sort == _BY_DISTANCE else self.sort, page=1)
        return replace(self, limits=tuple(limit for limit in self.limits if limit.name not in LIMITED[name]), page=1)

    def words_only(self) -> "SearchForm":
        """Return the form without any choice."""
        return SearchForm(q=self.q, sort=SORTS[0] if self.sort == _BY_DISTANCE else self.sort)


def read_address(arguments: MultiDict[str, str]) -> SearchForm:
    """Return what the address asks: an unknown sort is the best match, no number is page 1, values we never gave are left out.

    Raises QueryTooLong.
    """
    q = clean(arguments.get("q", ""))
    if len(q) > MAX_CHARACTERS:
        raise QueryTooLong
    filters = _in_order({name: _values(name, arguments.getlist(name)) for name in FACET_NAMES if name in arguments})
    limits, wrong = _limits(arguments)
    area, not_there = _area(arguments.get(NEARBY, ""))
    sort = arguments.get("sort", "")
    look_in, inside = next(((name, text) for name in ASKED_FOR if (text := _first(arguments.getlist(f"in_{name}")))), ("", ""))
    return SearchForm(
        q, filters, limits, area, _kilometres(arguments.get("km", "")) if area else None,
        sort if sort in SORTS and (area or sort != _BY_DISTANCE) else SORTS[0],
        look_in, inside.strip(ALL), _page(arguments.get("page", "")), (*wrong, *not_there),
    )


def has_empty_fields(arguments: MultiDict[str, str]) -> bool:
    """Tell whether a form was sent as browsers do it, with the fields that nobody filled in."""
    return any(not value for _name, value in arguments.items(multi=True))


def _first(given: list[str]) -> str:
    return next((typed[:_LONGEST_VALUE] for text in given if (typed := clean(text))), "")


def _in_order(chosen: dict[str, tuple[str, ...]]) -> Filters:
    return tuple((name, chosen[name]) for name in FACET_NAMES if chosen.get(name))


def _values(name: str, given: list[str]) -> tuple[str, ...]:
    values = (clean(value) for value in dict.fromkeys(given))
    known = _KNOWN_VALUES.get(name)
    sane = (value for value in values if value and len(value) <= _LONGEST_VALUE and (known is None or value in known))
    return tuple(sane)[:_MOST_VALUES]


def _limits(arguments: MultiDict[str, str]) -> tuple[tuple[Limit, ...], tuple[Wrong, ...]]:
    """Return the limits that could be read and those that could not; a lowest above its highest changes places with it."""
    typed = MultiDict({name: text for ends in LIMITED.values() for name in ends if (text := clean(arguments.get(name, "")))})
    if not typed:
        return (), ()
    fields = _Limits(typed)
    fields.validate()
    wrong = tuple(
        Wrong(field.name, typed[field.name][:_LONGEST_VALUE], str(field.errors[0])) for field in fields if field.errors
    )
    read = {field.name: _limit(field) for field in fields if not field.errors and field.data is not None}
    for least, most in LIMITED.values():
        if least in read and most in read and read[least].number > read[most].number:
            read[least], read[most] = replace(read[most], name=least), replace(read[least], name=most)
    return tuple(read[field.name] for field in fields if field.name in read), wrong


def _limit(field: Field) -> Limit:
    value = field.data
    if isinstance(value, Money):
        return Limit(field.name, f"{Decimal(value.cents) / 100:f}", value.cents)
    if isinstance(value, date):
        return Limit(field.name, value.isoformat(), max(0, (value - DAY_ZERO).days))
    return Limit(field.name, f"{value.normalize():f}", int(value * 10))


def _area(text: str) -> tuple[PostcodeArea | None, tuple[Wrong, ...]]:
    typed = clean(text)[:_LONGEST_VALUE]
    if not typed:
        return None, ()
    digits = postcodes.read(typed)
    area = postcodes.locate(digits) if digits else None
    return area, () if area else (Wrong(NEARBY, typed, _("Deze postcode kennen we niet. Typ vier cijfers, bijvoorbeeld 1315.")),)


def _kilometres(text: str) -> int | None:
    return next((km for km in KILOMETRES if str(km) == text), None)


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        return 1
    return min(max(1, int(text[:10])), _FURTHEST_PAGE)
