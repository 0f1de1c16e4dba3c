"""Text in the two languages of the platform."""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import orjson

Language = Literal["nl", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "nl"
SITE_NAME: Final = "AD Academy Almere"  # on pages, papers and where a browser or phone asks for whom; the same in both languages
_WITHOUT_ACCENT: Final = str.maketrans({  # letters whose stroke or ligature is no accent to take off
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i",
})


@dataclass(frozen=True, slots=True)
class Localized:
    """The same text in Dutch and in English; either may be empty, then the other serves."""

    nl: str = ""
    en: str = ""

    def in_language(self, language: Language) -> str:
        """Return the text in `language`, else in the other one."""
        first, second = (self.nl, self.en) if language == "nl" else (self.en, self.nl)
        return first or second

    def language_used(self, language: Language) -> Language:
        """Return the language of what `in_language` gives."""
        other: Language = "en" if language == "nl" else "nl"
        return language if (self.nl if language == "nl" else self.en) or not self else other

    def __bool__(self) -> bool:
        return bool(self.nl or self.en)


def fold(text: str) -> str:
    """Return `text` in lower case without accents: the form in which words are compared."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(_WITHOUT_ACCENT)


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return `value` as JSON with its keys in order, so that the same value is the same text."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # half a character, or a number of more than 64 bits
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
