"""Suggestions while someone types: titles first, then skills, sectors and providers that begin so; the last row searches for the words."""

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from flask import url_for
from markupsafe import Markup

from academy.kernel.formats import number_text
from academy.kernel.text import Language
from academy.kernel.translation import _, reading_language
from academy.search import queries
from academy.search.folding import words_of
from academy.search.forms import SearchForm
from academy.search.gateway import FacetCount, SearchEngine
from academy.search.index_spec import label_in
from academy.search.occupations import find_occupations
from academy.search.pages.cards import marked, url_of
from academy.search.pages.drawing import address
from academy.search.pages.occupations import occupation_url
from academy.search.words import value_name

_VALUES, _OCCUPATIONS = 3, 2


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One row; `note` says what it is, `title` may hold marks."""

    title: Markup
    note: str
    url: str


def suggestion_values(engine: SearchEngine, form: SearchForm) -> dict[str, Any]:
    """Return the rows for what is typed so far; nothing typed gives none."""
    if not form.q:
        return {"rows": [], "q": "", "results_url": ""}
    path, language = url_for("search.results"), reading_language()
    found = queries.suggested(engine, form.q, language)
    occupations = () if found.degraded else find_occupations(form.q, language, _OCCUPATIONS)
    rows = [
        SuggestionView(Markup(marked(hit.title)), _about(language, hit.card), url_of(hit.card))  # noqa: S704 - escaped
        for hit in found.hits
    ]
    rows += [
        SuggestionView(Markup(marked(hit.title)), _("Beroep"), occupation_url(hit.card))  # noqa: S704 - escaped
        for hit in occupations
    ]
    return {"rows": rows + _values(language, path, form.q, found), "q": form.q, "results_url": address(path, [("q", form.q)])}


def _about(language: Language, card: Any) -> str:  # noqa: ANN401 - JSON
    return " · ".join(part for part in (value_name(language, "kind", card["kind"]), card["provider"]) if part)


def _values(language: Language, path: str, typed: str, found: queries.Suggested) -> list[SuggestionView]:
    """Return at most three: in turns a skill, a sector and a provider."""
    sectors = [one for one in found.sectors if _begins(value_name(language, "sector", one.value), typed)]
    kinds = (
        [_value(language, path, facet, note, one) for one in values]
        for facet, note, values in (
            ("skill", _("Vaardigheid"), found.skills), ("sector", _("Richting"), sectors), ("provider", _("Aanbieder"), found.providers),
        )
    )
    in_turns = (row for row in chain.from_iterable(zip_longest(*kinds)) if row is not None)
    return [row for row, _place in zip(in_turns, range(_VALUES), strict=False)]


def _value(language: Language, path: str, facet: str, note: str, count: FacetCount) -> SuggestionView:
    name = label_in(language, count.label) if count.label else value_name(language, facet, count.value)
    return SuggestionView(Markup.escape(name), f"{note} · {number_text(count.count)}", address(path, [(facet, count.value)]))


def _begins(name: str, typed: str) -> bool:
    """Tell whether each word typed begins a word of the name."""
    words = words_of(name)
    return all(any(word.startswith(begin) for word in words) for begin in words_of(typed)) and bool(words_of(typed))
