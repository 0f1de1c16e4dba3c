"""Every sentence for people passes here: Dutch stands in the code and is the key, English in `translations/en`.

The language is that of the request or letter in hand, set once by `kernel.web`; looking a sentence up costs no more than a dictionary
(docs/decisions/0007).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import cast

from babel.support import NullTranslations, Translations

from academy.kernel.text import DEFAULT_LANGUAGE, Language

_FOLDER = Path(__file__).resolve().parent.parent / "translations"
_language: ContextVar[Language] = ContextVar("language", default=DEFAULT_LANGUAGE)


def reading_language() -> Language:
    """Return the language of the request or letter in hand; Dutch where there is none."""
    return _language.get()


def set_language(language: Language) -> None:
    """Choose the language for the rest of this request."""
    _language.set(language)


@contextmanager
def reading_in(language: Language) -> Iterator[None]:
    """Choose the language for a while."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _english() -> NullTranslations:
    return Translations.load(_FOLDER, ["en"])


def gettext(sentence: str, **values: object) -> str:
    """Return `sentence` in the reader's language, with `%(name)s` filled in."""
    text = sentence if _language.get() == "nl" else _english().gettext(sentence)
    return text % values if values else text


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Return the form for `number`, which is `%(num)s` in the sentence."""
    return form_for(one, many, number) % {"num": number, **values}


def form_for(one: str, many: str, number: int) -> str:
    """Return the form for `number` with nothing filled in: templates do that themselves."""
    if _language.get() == "nl":
        return one if number == 1 else many
    return _english().ngettext(one, many, number)


class LazyText:
    """A sentence that is translated when it is shown, for words fixed when a module is loaded."""

    __slots__ = ("_sentence",)

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def __str__(self) -> str:
        return gettext(self._sentence)

    def __mod__(self, values: object) -> str:
        return str(self) % values


def lazy_gettext(sentence: str) -> str:
    """Return a sentence that is translated when it is shown; to the type checker it is text, as to WTForms and templates."""
    return cast("str", LazyText(sentence))


_ = gettext
_l = lazy_gettext
