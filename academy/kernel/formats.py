"""Values in the reader's language and notation; the language is that of the request or letter in hand."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup, escape

from academy.kernel.clock import AMSTERDAM
from academy.kernel.money import Money
from academy.kernel.text import Language, Localized
from academy.kernel.translation import _, reading_language

_NO_BREAK = "\N{NO-BREAK SPACE}"
_REMEMBERED: Final = 10_000  # prices, days and credits in words: putting one into words costs as much as a line of a page


def money(amount: Money) -> str:
    """Return `€ 1.250` or `€ 49,50` in Dutch, `€1,250` in English; `gratis` for nothing."""
    return _("gratis") if amount.is_zero else _euros(reading_language(), amount.cents)


@lru_cache(_REMEMBERED)
def _euros(language: Language, cents: int) -> str:
    whole, dutch = cents % 100 == 0, language == "nl"
    pattern = ("¤ #,##0" if dutch else "¤#,##0") + ("" if whole else ".00")
    euros = Decimal(cents) / 100
    text = format_currency(euros, "EUR", pattern, locale="nl" if dutch else "en", currency_digits=False)
    return text.replace(" ", _NO_BREAK)


def day(value: date) -> str:
    """Return `ma 7 september 2026` or `Mon 7 September 2026`."""
    return format_date(value, "EEE d MMMM y", locale="nl" if reading_language() == "nl" else "en_GB")


def short_day(value: date) -> str:
    """Return `7 sep 2026`."""
    return _short_day(reading_language(), value)


@lru_cache(_REMEMBERED)
def _short_day(language: Language, value: date) -> str:
    text = format_date(value, "d MMM y", locale="nl" if language == "nl" else "en_GB")
    return text.replace(" ", _NO_BREAK)  # a date does not break over two lines


def moment_text(value: datetime) -> str:
    """Return a moment in Amsterdam time: `7 sep 2026, 14:05`."""
    locale = "nl" if reading_language() == "nl" else "en_GB"
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=AMSTERDAM, locale=locale)


def credits_text(value: Decimal) -> str:
    """Return a number of study credits without needless decimals: `10`, `7,5`."""
    return _credits(reading_language(), value)


@lru_cache(_REMEMBERED)
def _credits(language: Language, value: Decimal) -> str:
    return format_decimal(value, "0.#", locale=language)


def in_current_language(text: Localized) -> str:
    return text.in_language(reading_language())


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the reader gets it; `lang` is its language where that is not the reader's, else empty (WCAG 3.1.2)."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def attribute(self) -> Markup:
        """The attribute for the element that holds the text."""
        return Markup(' lang="{}"').format(self.lang) if self.lang else Markup()


def shown(text: Localized) -> Shown:
    """Return the text in the reader's language; where there is none, the other one with its name."""
    wanted = reading_language()
    used = text.language_used(wanted)
    return Shown(text.in_language(wanted), "" if used == wanted else used)


def in_own_language(text: Shown) -> Markup:
    """Return a text for in a sentence, in an element that names its language where that is not the reader's."""
    return Markup("<span{}>{}</span>").format(text.attribute, text.text) if text.lang else escape(text.text)


def number_text(value: int) -> str:
    """Return a count with a sign between thousands: `1.240` in Dutch, `1,240` in English."""
    return f"{value:,}".replace(",", "." if reading_language() == "nl" else ",")


def clock_text(value: time) -> str:
    """Return an hour of the day: `19:00`."""
    return f"{value:%H:%M}"


def paragraphs(text: str) -> Markup:
    """Return plain text as HTML paragraphs, escaped; an empty line starts a new one."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(part)) for part in parts)
