"""Text in the two languages of the platform."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Language = Literal["nl", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "nl"


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
