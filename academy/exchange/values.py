"""Cells of others turned into our values; pure. What can not be read raises BadValue; what is unknown stays unknown."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final
from urllib.parse import urlsplit

from babel import Locale

from academy.catalogue.api import LEVELS
from academy.kernel.cleaning import clean_line
from academy.kernel.money import FREE, Money

LIST_SEPARATOR: Final = "|"

_HIGHEST_EC: Final = Decimal(240)  # a whole bachelor; a module or an Associate degree is less
_HIGHEST_PRICE: Final = Decimal(1_000_000)
_HIGHEST_HOURS: Final = Decimal(10_000)
_LONGEST_NOTE: Final = 300
_REMEMBERED: Final = 4096  # a column of prices or levels holds the same few values over and over
_LONGEST_NOTHING: Final = 40  # with the spaces around it
_NOTHING: Final = {"", "none", "null", "n/a", "na", "-", "–", "pending", "unknown", "onbekend", "nan"}


class BadValue(Exception):
    """The cell is not what its column asks; `code` is stable, the text says what was expected."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def is_nothing(text: str) -> bool:
    """Tell whether a cell only says that there is nothing: `None`, `pending`, `-`."""
    return len(text) <= _LONGEST_NOTHING and text.strip().casefold() in _NOTHING


# Languages ---------------------------------------------------------------------------------------------------------------------------

_OWN_WORDS: Final = {
    "اللغة العربية": "ar", "mandarin": "zh", "farsi": "fa", "bahasa indonesia": "id", "castellano": "es", "flemish": "nl", "vlaams": "nl",
}
# The languages of the Union, its neighbours and the world's large ones; each costs a file of Babel, so not all 160.
_NAMED_IN_ITSELF: Final = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "fy", "ga", "gl", "he", "hi",
    "hr", "hu", "id", "is", "it", "ja", "ko", "lb", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr",
    "sv", "th", "tr", "uk", "ur", "vi", "zh",
)
_LANGUAGE_LEAD: Final = re.compile(r"^(?:subtitles?|languages?|taal|talen)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Languages:
    """ISO 639 codes where the name is known, else the name as it came; `unknown` repeats the latter."""

    codes: tuple[str, ...]
    unknown: tuple[str, ...]


@cache
def _language_names() -> dict[str, str]:
    """Every language's name in English and in Dutch, from the CLDR that Babel carries."""
    names: dict[str, str] = {}
    for named_in in ("en", "nl"):
        for code, name in Locale(named_in).languages.items():
            if "_" not in str(code):
                names.setdefault(str(code), str(code))
                names.setdefault(str(name).casefold(), str(code))
    return names | _OWN_WORDS


@cache
def _names_in_themselves() -> dict[str, str]:
    """The common languages' names in themselves; apart, because it costs fifty files of Babel, and most files do without."""
    return {str(Locale(code).languages[code]).casefold(): code for code in reversed(_NAMED_IN_ITSELF)}


def language_code(name: str) -> str | None:
    """Return the ISO code of a language named in English, in Dutch or in itself (`Español`, `中文`); None when it is not known."""
    wanted = clean_line(name).casefold()
    bare = re.sub(r"\s*\([^()]*\)$", "", wanted)  # Portuguese (Brazilian)
    tag = re.match(r"([a-z]{2,3})[-_][a-z]{2,4}$", bare)  # nl-NL
    return _known_language(wanted) or _known_language(bare) or (_known_language(tag[1]) if tag else None)


def _known_language(name: str) -> str | None:
    return _language_names().get(name) or _names_in_themselves().get(name)


@lru_cache(maxsize=_REMEMBERED)
def parse_languages(text: str) -> Languages:
    """Read one or more language names; nothing is guessed: no language given is no language."""
    if is_nothing(text):
        return Languages((), ())
    names = [clean_line(part) for part in re.split(r"[,;|/]", _LANGUAGE_LEAD.sub("", clean_line(text)))]
    codes: dict[str, None] = {}
    unknown = []
    for name in names:
        if not name or is_nothing(name):
            continue
        code = language_code(name)
        if code is None:
            unknown.append(name)
        codes[code or name] = None
    return Languages(tuple(codes), tuple(unknown))


# Numbers -----------------------------------------------------------------------------------------------------------------------------

_AMOUNT: Final = re.compile(
    r"(?:(?P<dutch>\d{1,3}(?:[. ]\d{3})+)(?:,(?P<dutch_part>\d{1,2}))?"
    r"|(?P<english>\d{1,3}(?:,\d{3})+)(?:\.(?P<english_part>\d{1,2}))?"
    r"|(?P<plain>\d{1,12})(?:[.,](?P<plain_part>\d{1,4}))?)$",
)


def parse_number(text: str) -> Decimal:
    """Read a number with Dutch or English thousands (`10,438`, `1.250,50`). Raises BadValue."""
    found = _AMOUNT.match(clean_line(text))
    if found is None:
        raise BadValue("not-a-number", "a number is expected")
    for style in ("dutch", "english", "plain"):
        if found[style] is not None:
            return Decimal(f"{re.sub('[., ]', '', found[style])}.{found[f'{style}_part'] or 0}")
    raise AssertionError


_COUNTED: Final = re.compile(r"\s*(?:reviews?|ratings?|viewers|views|enrolled|learners|students)$", re.IGNORECASE)


def parse_count(text: str) -> Decimal:
    """Read a number that may name what it counts (`12,767 reviews`). Raises BadValue."""
    return parse_number(_COUNTED.sub("", clean_line(text)))


def parse_rating(text: str) -> Decimal:
    """Read a rating from 0 to 5 (`4.7`, `4.9stars`). Raises BadValue."""
    found = re.match(r"(\d(?:[.,]\d{1,2})?)\s*(?:stars?|sterren|/\s*5)?$", clean_line(text), re.IGNORECASE)
    if found is None or Decimal(found[1].replace(",", ".")) > 5:  # noqa: PLR2004 - five stars
        raise BadValue("not-a-rating", "a rating from 0 to 5 is expected")
    return Decimal(found[1].replace(",", "."))


@lru_cache(maxsize=_REMEMBERED)
def parse_ec(text: str) -> Decimal | None:
    """Read study credits (`7,5`, `30 EC`); None when empty. Raises BadValue."""
    if is_nothing(text):
        return None
    found = re.match(r"(\d{1,3})(?:[.,](\d{1,3}))?\s*(?:ec|ects|ec's|studiepunten|credits)?$", clean_line(text), re.IGNORECASE)
    if found is None:
        raise BadValue("not-ec", "study credits are expected, such as 10 or 7,5")
    credits_found = Decimal(f"{found[1]}.{found[2] or 0}")
    if credits_found > _HIGHEST_EC:
        raise BadValue("ec-too-high", f"more than {_HIGHEST_EC} EC")
    if credits_found * 10 % 1:
        raise BadValue("ec-too-fine", "study credits have at most one decimal")
    return credits_found.quantize(Decimal("0.1"))


_LEVEL_WORDS: Final = {"ad": "5", "associate degree": "5", "bachelor": "6", "hbo bachelor": "6", "master": "7"}


@lru_cache(maxsize=_REMEMBERED)
def parse_level(text: str) -> str:
    """Read an NLQF level (`5`, `4+`, `NLQF 5`, `Ad`, `mbo 4`); empty when empty. Raises BadValue."""
    if is_nothing(text):
        return ""
    words = re.sub(r"^(?:nlqf|eqf|niveau|level|mbo)[\s-]*", "", clean_line(text).casefold())
    words = re.sub(r"^(?:niveau|level)\s*", "", words)
    level = _LEVEL_WORDS.get(words, words)
    if level not in LEVELS:
        raise BadValue("not-a-level", f"an NLQF level is expected: {', '.join(LEVELS)}")
    return level


_LANGUAGE_LEVEL: Final = re.compile(r"(?:[ABC][12]|[1-4]F)$")


@lru_cache(maxsize=_REMEMBERED)
def parse_language_level(text: str) -> str:
    """Read what one must know of the language: A1 to C2 (CEFR) or 1F to 4F (Dutch reference levels). Raises BadValue."""
    level = clean_line(text).upper()
    if not _LANGUAGE_LEVEL.match(level):
        raise BadValue("not-a-language-level", "a language level is expected: A1 to C2, or 1F to 4F")
    return level


@lru_cache(maxsize=_REMEMBERED)
def parse_eqf(text: str) -> str:
    """Read an EQF level, 1 to 8. Raises BadValue."""
    level = re.sub(r"^eqf[\s-]*", "", clean_line(text).casefold())
    if level not in {str(number) for number in range(1, 9)}:
        raise BadValue("not-a-level", "an EQF level is expected: 1 to 8")
    return level


@lru_cache(maxsize=_REMEMBERED)
def parse_hours(text: str) -> int:
    """Read whole hours (`210`, `210 uur`). Raises BadValue."""
    found = parse_number(re.sub(r"\s*(?:hours?|uur|uren|h)$", "", clean_line(text), flags=re.IGNORECASE))
    if found % 1 or found > _HIGHEST_HOURS:
        raise BadValue("not-hours", f"whole hours are expected, at most {_HIGHEST_HOURS}")
    return int(found)


@lru_cache(maxsize=_REMEMBERED)
def parse_whole(text: str) -> int:
    """Read a whole number of people or places, up to a million. Raises BadValue."""
    found = parse_number(text)
    if found % 1 or found > _HIGHEST_PRICE:
        raise BadValue("not-whole", "a whole number is expected")
    return int(found)


_YES_OR_NO: Final = {
    **dict.fromkeys(("ja", "yes", "true", "waar", "1", "j", "y"), True), **dict.fromkeys(("nee", "no", "false", "onwaar", "0", "n"), False),
}


def parse_yes(text: str) -> bool:
    """Read ja, nee, yes, no, true, false, 1 or 0. Raises BadValue."""
    found = _YES_OR_NO.get(clean_line(text).casefold())
    if found is None:
        raise BadValue("not-yes-or-no", "ja or nee is expected")
    return found


# Prices ------------------------------------------------------------------------------------------------------------------------------

_FREE_WORDS: Final = r"(?:free|gratis|kosteloos)"
_FREE_ONLY: Final = re.compile(rf"{_FREE_WORDS}[.!]?$", re.IGNORECASE)
# The course is free, a certificate costs: the sentence of edX.
_FREE_COURSE: Final = re.compile(rf"{_FREE_WORDS}\b[^a-z]*(?:add|optional|with)?\b.*\b(?:certificate|certificaat)\b", re.IGNORECASE)
_FOREIGN: Final = re.compile(r"[$£¥₹]|\b(?:usd|chf|gbp|sek|nok|dkk|pln|cad|aud|inr|cny|jpy|brl|mxn)\b", re.IGNORECASE)
_EURO_SIGN: Final = re.compile(r"€|\beur(?:o'?s?)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs in euros, None when that is not known; `note` is the sentence as it came when euros do not say it all."""

    amount: Money | None
    note: str = ""


@lru_cache(maxsize=_REMEMBERED)
def parse_price(text: str, *, in_euros: bool) -> Price:
    """Read a price; `in_euros` says what a bare number is. Other currencies are never turned into euros. Raises BadValue."""
    words = clean_line(text)
    if is_nothing(words):
        return Price(None)
    if _FREE_ONLY.match(words):
        return Price(FREE)
    note = words if len(words) <= _LONGEST_NOTE else f"{words[: _LONGEST_NOTE - 1]}…"
    if _FREE_COURSE.match(words) and "trial" not in words.casefold():
        return Price(FREE, note)
    amount = None if _FOREIGN.search(words) else _euros(words, bare_is_euros=in_euros)
    return Price(None, note) if amount is None else Price(amount)


def _euros(words: str, *, bare_is_euros: bool) -> Money | None:
    """Return the amount when the words are nothing but one; None when they say more, or do not say euros. Raises BadValue."""
    bare, signs = _EURO_SIGN.subn("", words)
    try:
        amount = parse_number(re.sub(r",[-–—]+$", "", bare.strip()))
    except BadValue:
        if signs or re.search(_FREE_WORDS, words, re.IGNORECASE):
            return None
        raise BadValue("not-a-price", "a price is expected, such as 495 or € 1.250,00 or gratis") from None
    if not signs and not bare_is_euros:
        return None
    if amount > _HIGHEST_PRICE:
        raise BadValue("price-too-high", f"more than € {_HIGHEST_PRICE}")
    if amount * 100 % 1:
        raise BadValue("not-a-price", "a price has at most two decimals")
    return Money(int(amount * 100))


# Codes, addresses, lists -------------------------------------------------------------------------------------------------------------

_REGISTER_CODE: Final = re.compile(r"\d{5}$")
_REGISTER_CODE_WITH_DOT: Final = re.compile(r"\d{2}\.\d{3}$")


def parse_register_code(text: str) -> tuple[str, bool]:
    """Read a CROHO or CREBO code of five digits; True when a thousands dot was taken out (`25.080`). Raises BadValue."""
    code = clean_line(text)
    if _REGISTER_CODE.match(code):
        return code, False
    if _REGISTER_CODE_WITH_DOT.match(code):
        return code.replace(".", ""), True
    raise BadValue("not-a-register-code", "a register code of five digits is expected")


_PLAIN_URL: Final = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9/._~%=+-]*)?\Z")


def parse_url(text: str) -> str:
    """Read a web address. Raises BadValue for anything but http and https."""
    if _PLAIN_URL.match(text):
        return text
    address = clean_line(text)
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in address
    except ValueError:
        valid = False
    if not valid:
        raise BadValue("not-a-url", "a web address is expected that starts with https:// or http://")
    return address


def parse_words(text: str) -> str:
    """Read words on one line. Raises BadValue when there is no letter in it: then it is a value of another column."""
    words = clean_line(text)
    if not any(char.isalpha() for char in words):
        raise BadValue("not-words", "words are expected")
    return words


def parse_urls(text: str) -> tuple[str, ...]:
    """Read web addresses with spaces and vertical bars between. Raises BadValue."""
    return tuple(parse_url(address) for address in text.replace(LIST_SEPARATOR, " ").split())


_ITEM: Final = re.compile(r"(?:[^,(]|\([^()]*\)|\()+")


def split_list(text: str, *, separator: str = ",") -> tuple[str, ...]:
    """Return the items once each, in order; a comma between brackets does not separate."""
    if not text:
        return ()
    parts = _ITEM.findall(text) if separator == "," and "(" in text else text.split(separator)
    return tuple(dict.fromkeys(item for item in (clean_line(part) for part in parts) if item))


_HOURS_AT_MOST: Final = re.compile(r"less than (\d{1,3}) hours?$", re.IGNORECASE)
_HOURS_EXACTLY: Final = re.compile(r"(\d{1,4}) (?:hours?|uur|uren)$", re.IGNORECASE)


def hours_in(study_load: str) -> int | None:
    """Return the hours of study where a study load says them (`Less Than 2 Hours`, `8 uur`); weeks and ranges do not."""
    words = clean_line(study_load)
    found = _HOURS_AT_MOST.match(words) or _HOURS_EXACTLY.match(words)
    return None if found is None else int(found[1])


_LOAD: Final = re.compile(r"\d.*\b(?:hours?|uur|uren|weeks?|weken|months?|maanden|days?|dagen|minutes?|minuten)\b", re.IGNORECASE)


def parse_study_load(text: str) -> str:
    """Read an effort or a duration, kept in the words it came in. Raises BadValue when it names no time."""
    words = clean_line(text)
    if not _LOAD.search(words):
        raise BadValue("not-a-duration", "a number of hours, weeks or months is expected")
    return words
