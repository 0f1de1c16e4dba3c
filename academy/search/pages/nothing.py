"""When nothing was found: what comes nearest, which choice stands in the way, and topics as a way on. Never a dead end."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from academy.kernel.text import Language
from academy.kernel.translation import _
from academy.search import queries, reading, rules
from academy.search.folding import words_of
from academy.search.forms import SearchForm
from academy.search.gateway import SearchEngine
from academy.search.pages.cards import plain_cards
from academy.search.pages.chips import ChipView
from academy.search.pages.drawing import LinkView, address, counted
from academy.search.pages.topics import sector_links

_NEAR: Final = 4
_FEWER: Final = 4  # each costs one question to the engine
_WORDS: Final = 3  # letters a word must have to be tried alone
_AROUND: Final = '"“”„«»-,;:!?()'  # a full stop may be part of a word


@dataclass(slots=True)
class NothingView:
    """`fewer` lead to what is found with one choice or all other words less, most first; `near` are cards as HTML."""

    fewer: list[LinkView]
    near: Markup
    topics: list[LinkView]


def nothing(engine: SearchEngine, language: Language, path: str, form: SearchForm, chosen: list[ChipView]) -> NothingView:
    """Return the ways on from a page without results."""
    near = queries.near(engine, form.query(language), _NEAR)
    return NothingView(
        fewer=_fewer(engine, language, path, form, chosen),
        near=Markup("".join(f"<li>{card}</li>" for card in plain_cards(language, near))),  # noqa: S704 - made by a macro
        topics=sector_links(engine, language),
    )


def _fewer(engine: SearchEngine, language: Language, path: str, form: SearchForm, chosen: list[ChipView]) -> list[LinkView]:
    """Return what one choice less would give; without choices, what each word gives by itself."""
    tries = [(_("Zonder “%(choice)s”", choice=chip.label), chip.form_without) for chip in chosen[-_FEWER:]]
    if not tries:
        tries = [(_("Alleen “%(word)s”", word=word), SearchForm(q=word)) for word in _words_of(form.q)[:_FEWER] if word != form.q]
    totals = queries.totals(engine, (less.query(language) for _label, less in tries))
    found = sorted(zip(totals, tries, strict=True), key=lambda pair: -pair[0])
    return [counted(label, address(path, less.parameters()), total) for total, (label, less) in found if total]


def _words_of(text: str) -> list[str]:
    """Return the words that can be asked alone, as they were typed: none that must not be there or that is in every sentence."""
    wanted = set(reading.read(text).wanted) - rules.STOP_WORDS
    found: dict[str, str] = {}
    for typed in text.split():
        words = words_of(typed)
        for word in words:
            if word in wanted:
                found.setdefault(word, typed.strip(_AROUND) if len(words) == 1 else word)
    return [typed for word, typed in found.items() if len(word) >= _WORDS]
