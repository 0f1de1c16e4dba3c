"""The filters of the results page: per facet its values with counts, and the fields for a range or a place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask import url_for
from markupsafe import Markup

from academy.catalogue.api import WEEKDAYS, PartOfDay
from academy.kernel.formats import number_text
from academy.kernel.text import Language
from academy.kernel.translation import _
from academy.search import queries
from academy.search.documents import AT_ANY_TIME
from academy.search.forms import ALL, ASKED_FOR, KILOMETRES, LIMITED, NEARBY, SearchForm
from academy.search.gateway import FacetCount, SearchEngine, SearchResult
from academy.search.index_spec import EC_BANDS, LABELLED, PRICE_BANDS, label_in
from academy.search.pages.drawing import macro
from academy.search.words import facet_name, value_name

# The seven that most people choose by stand open, the others are folded.
OPEN: Final = ("start", "part_of_day", "place", "ec", "level", "price", "provider")
FOLDED: Final = ("sector", "kind", "skill", "mode", "weekday", "certain", "seats", "language")
_REMEMBERED: Final = 10_000
_MOST_VALUES: Final = 50
_SHOWN: Final = 8  # of a facet; what is chosen is always among them, so what folds away is never in force
_LOOKED_UP: Final = 20  # values of a facet that is searched inside
_SHOWN_HERE, _FOLDED_HERE = "\x1c", "\x1d"  # in what is remembered; no name, value or typed text has such characters
_AT_FIRST: Final = 25  # km: what one travels for an evening
_Row = tuple[str, str, int]  # value, its name, how many


def _place_in(order: Sequence[str]) -> Callable[[_Row], int]:
    places = {value: place for place, value in enumerate(order)}
    return lambda row: places.get(row[0], len(places))


# Facets whose values have an order of their own; the others stand by how many there are.
_ORDERS: Final[dict[str, Callable[[_Row], Any]]] = {
    "start": lambda row: "" if row[0] == AT_ANY_TIME else row[0],
    "part_of_day": _place_in([part.value for part in PartOfDay]),
    "ec": _place_in(EC_BANDS), "level": lambda row: row[0], "price": _place_in(PRICE_BANDS), "weekday": _place_in(WEEKDAYS),
    "seats": lambda row: int(row[0]),
}


def _most_first(row: _Row) -> tuple[int, str]:
    return -row[2], row[1]


@dataclass(slots=True)
class ValueView:
    """A value to choose; `count` in the reader's notation, `is_one` where the word after it is in the singular."""

    value: str
    label: str
    count: str
    is_one: bool
    selected: bool


@dataclass(slots=True)
class FieldView:
    """A field for one end of a range, or for the postcode."""

    name: str
    label: str
    value: str
    error: str
    unit: str = ""
    type: str = "text"


@dataclass(slots=True)
class ChoiceView:
    value: str
    label: str
    selected: bool


@dataclass(slots=True)
class BlockView:
    """A facet for its macro. `shown` and `folded` are rows as HTML.

    `inside` is None where one can not search inside; `keep` is the value that keeps the values of such a facet on the page.
    """

    name: str
    label: str
    shown: Markup
    folded: Markup
    folded_count: int
    open: bool
    fields: list[FieldView]
    distances: list[ChoiceView]
    rough: str
    inside: str | None
    keep: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """A block of the filters as HTML; `names` what each chosen value is called, `errors` what is wrong with its fields.

    `is_of_use` tells whether there is something to choose, or something that was filled in.
    """

    name: str
    label: str
    html: Markup
    names: tuple[tuple[str, str], ...]
    errors: tuple[str, ...]
    is_of_use: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address says of one facet. `typed` are (field, text, what is wrong with it)."""

    name: str
    chosen: tuple[str, ...]
    typed: tuple[tuple[str, str, str], ...]
    km: int | None
    is_rough: bool
    inside: str | None
    keep: str


def facet_views(engine: SearchEngine, language: Language, form: SearchForm, found: SearchResult) -> list[FacetView]:
    """Return the facets in the order of the page; the engine is asked again only for values and names that are not in `found`."""
    views = [_facet(engine, language, form, name, found) for name in (*OPEN, *FOLDED)]
    can_look_in = found.total > 0 and not found.degraded
    return [view for view in views if view.is_of_use or (can_look_in and view.name in ASKED_FOR)]


def _facet(engine: SearchEngine, language: Language, form: SearchForm, name: str, found: SearchResult) -> FacetView:
    counts = _counts(engine, language, form, name, found)
    asked = _asked(form, name)
    known = {count.value for count in counts} if asked.chosen else ()
    gone = tuple((value, _name(engine, language, name, value, found)) for value in asked.chosen if value not in known)
    return _drawn(language, asked, counts, gone)


def _counts(engine: SearchEngine, language: Language, form: SearchForm, name: str, found: SearchResult) -> tuple[FacetCount, ...]:
    if name not in ASKED_FOR:
        return found.facets.get(name, ())
    if found.degraded or not (form.look_in == name or form.chosen(name)):
        return ()
    return queries.facet_values(engine, form.query(language), name, form.inside, limit=_LOOKED_UP)


def _name(engine: SearchEngine, language: Language, facet: str, value: str, found: SearchResult) -> str:
    """Return the name of a value, also of one that carries its name in the index and is in no answer; an engine that is away is not asked."""
    if facet not in LABELLED:
        return value_name(language, facet, value)
    return value if found.degraded else label_in(language, queries.label_of(engine, facet, value))


def _asked(form: SearchForm, name: str) -> _Asked:
    fields = (NEARBY,) if name == "place" else LIMITED.get(name, ())
    is_place, is_searched = name == "place" and form.area is not None, name in ASKED_FOR
    return _Asked(
        name, form.chosen(name), tuple((field, form.typed(field), form.sentence(field)) for field in fields if field),
        km=form.km if is_place else _AT_FIRST, is_rough=is_place and form.area is not None and form.area.is_rough,
        inside=form.inside if is_searched else None, keep=ALL if is_searched and form.look_in == name else "",
    )


def _drawn(language: Language, asked: _Asked, counts: Sequence[FacetCount], gone: Iterable[tuple[str, str]]) -> FacetView:
    """Draw a facet; what is chosen stays in it, also when nothing has it any more (`gone`)."""
    rows = _rows(language, asked, counts, gone)
    shown: list[str] = []
    folded: list[str] = []
    for place, (value, label, count) in enumerate(rows):
        selected = value in asked.chosen
        before, after = _choice(language, asked.name, value, label, count == 1, selected)
        (shown if place < _SHOWN or selected else folded).append(f"{before}{number_text(count)}{after}")
    block = _block(language, asked, len(folded), bool(shown))
    return FacetView(
        asked.name, facet_name(language, asked.name),
        Markup(block.replace(_SHOWN_HERE, "".join(shown)).replace(_FOLDED_HERE, "".join(folded))),  # noqa: S704 - made by macros
        names=tuple((value, label) for value, label, _count in rows if value in asked.chosen),
        errors=tuple(sentence for _name, _text, sentence in asked.typed if sentence),
        is_of_use=bool(shown or asked.keep or any(text for _name, text, _sentence in asked.typed)),
    )


@lru_cache(_REMEMBERED)
def _block(language: Language, asked: _Asked, folded: int, has_rows: bool) -> str:  # noqa: FBT001 - the key
    """Return the HTML of a facet with two slots for its rows."""
    return macro("facets", "facet_block", BlockView(
        asked.name, facet_name(language, asked.name), shown=Markup(_SHOWN_HERE if has_rows else ""), folded=Markup(_FOLDED_HERE),  # noqa: S704 - slots
        folded_count=folded, open=asked.name in OPEN or bool(asked.chosen or asked.keep),
        fields=[_field(language, asked.name, *typed) for typed in asked.typed],
        distances=_distances(asked.km) if asked.name == "place" else [],
        rough=_("We kennen deze postcode alleen ongeveer. De afstand kan tientallen kilometers schelen.") if asked.is_rough else "",
        inside=asked.inside, keep=asked.keep,
    ), url_for("search.results"))


def _rows(language: Language, asked: _Asked, counts: Iterable[FacetCount], gone: Iterable[tuple[str, str]]) -> list[_Row]:
    """Return the values in the order of the page."""
    rows = [
        (count.value, label_in(language, count.label) if count.label else value_name(language, asked.name, count.value), count.count)
        for count in counts
    ]
    rows += [(value, label, 0) for value, label in gone]
    rows.sort(key=_ORDERS.get(asked.name, _most_first))
    return [row for place, row in enumerate(rows) if place < _MOST_VALUES or row[0] in asked.chosen]


@lru_cache(_REMEMBERED)
def _choice(_language: Language, facet: str, value: str, label: str, is_one: bool, selected: bool) -> tuple[str, str]:  # noqa: FBT001 - the key
    """Return the HTML of one value to choose, before and after its count."""
    before, _slot, after = macro("facets", "facet_choice", facet, ValueView(value, label, _SHOWN_HERE, is_one, selected)).partition(_SHOWN_HERE)
    return before, after


def _field(language: Language, facet: str, name: str, text: str, sentence: str) -> FieldView:
    """Return a field with what was typed as people write it in this language; a browser shows no day that is none."""
    if name == NEARBY:
        return FieldView(name, _("Jouw postcode"), text, sentence)
    if facet == "start":
        return FieldView(name, _("Start vanaf"), "" if sentence else text, sentence, type="date")
    written = text.replace(".", ",") if language == "nl" and not sentence else text
    return FieldView(name, _("Van") if name == LIMITED[facet][0] else _("Tot en met"), written, sentence, "€" if facet == "price" else "EC")


def _distances(km: int | None) -> list[ChoiceView]:
    """Return how far away it may be."""
    return [
        ChoiceView("", _("Elke afstand"), km is None),
        *(ChoiceView(str(each), _("Binnen %(km)s km", km=each), each == km) for each in KILOMETRES),
    ]
