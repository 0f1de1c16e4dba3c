"""The codes of search in the reader's words, remembered per language: thirty cards a page need hundreds of them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date

from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.formats import credits_text, money, number_text, short_day
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import _, _l, ngettext
from academy.search.documents import AT_ANY_TIME, PROGRAMME
from academy.search.index_spec import DAY_ZERO

_REMEMBERED: Final = 20_000

_FACETS: Final = {
    "kind": _l("Soort"), "sector": _l("Richting"), "provider": _l("Aanbieder"), "level": _l("Niveau"), "ec": _l("Omvang"),
    "language": _l("Taal"), "mode": _l("Lesvorm"), "part_of_day": _l("Dagdeel"), "weekday": _l("Lesdag"), "price": _l("Prijs"),
    "start": _l("Start"), "place": _l("Plaats"), "certain": _l("Zekerheid"), "seats": _l("Vrije plekken"), "skill": _l("Vaardigheden"),
}
_SORTS: Final = {
    "best": _l("Beste match"), "start": _l("Startdatum"), "price": _l("Prijs"), "ec": _l("Omvang"), "distance": _l("Afstand"),
}
_EC_BANDS: Final = {
    "0": _l("Geen EC"), "1-5": _l("1 tot en met 5 EC"), "6-10": _l("6 tot en met 10 EC"), "11-20": _l("11 tot en met 20 EC"),
    "more": _l("Meer dan 20 EC"),
}
_PRICE_BANDS: Final = {
    "free": _l("Gratis"), "to-250": _l("Tot en met € 250"), "to-500": _l("€ 250 tot en met € 500"),
    "to-1000": _l("€ 500 tot en met € 1.000"), "more": _l("Meer dan € 1.000"), "unknown": _l("Prijs onbekend"),
}

# The language is the first argument for the key only: these write in the language of the request, which is the same.


@lru_cache(_REMEMBERED)
def facet_name(_language: Language, facet: str) -> str:
    return str(_FACETS[facet])


@lru_cache(_REMEMBERED)
def sort_name(_language: Language, sort: str) -> str:
    return str(_SORTS[sort])


@lru_cache(_REMEMBERED)
def value_name(language: Language, facet: str, value: str) -> str:
    """Return the name of a value of a facet; one that we do not know is shown as it came."""
    if not value:
        return ""
    try:
        return _month(language, value) if facet == "start" else _NAMED[facet](value)
    except (KeyError, ValueError):
        return value


_NAMED: Final[dict[str, Callable[[str], str]]] = {
    "kind": lambda value: _("Opleiding") if value == PROGRAMME else catalogue.kind_word(catalogue.ModuleKind(value)),
    "sector": catalogue.sector_word,
    "level": catalogue.level_word,
    "ec": lambda value: str(_EC_BANDS[value]),
    "language": catalogue.language_word,
    "mode": lambda value: catalogue.mode_word(catalogue.DeliveryMode(value)),
    "part_of_day": lambda value: catalogue.part_of_day_word(catalogue.PartOfDay(value)),
    "weekday": catalogue.weekday_word,
    "price": lambda value: str(_PRICE_BANDS[value]),
    "certain": lambda _value: _("Gaat zeker door"),
    "seats": lambda value: ngettext("Minstens %(num)s plek vrij", "Minstens %(num)s plekken vrij", int(value)),
}


def _month(language: Language, value: str) -> str:
    """Return `januari 2027` for `2027-01`."""
    if value == AT_ANY_TIME:
        return _("Wanneer je wilt")
    return format_date(date.fromisoformat(f"{value}-01"), "MMMM y", locale="nl" if language == "nl" else "en_GB")


@lru_cache(_REMEMBERED)
def credits_words(_language: Language, ec: str) -> str:
    return credits_text(Decimal(ec)) if ec else ""


@lru_cache(_REMEMBERED)
def day_words(_language: Language, day: str) -> str:
    return short_day(date.fromisoformat(day)) if day else ""


@lru_cache(_REMEMBERED)
def price_words(_language: Language, cents: int | None) -> str:
    return "" if cents is None else money(Money(cents))


@lru_cache(_REMEMBERED)
def seats_words(_language: Language, left: int) -> str:
    if left <= 0:
        return _("Vol")
    if enrolment.seats_state(left) == "few":
        return ngettext("Nog %(num)s plek", "Nog %(num)s plekken", left)
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", left, num=number_text(left))


def distance_words(language: Language, km: float) -> str:
    """Return `op ongeveer 4 km`: the centre of a postcode area is no front door."""
    return _kilometres(language, max(1, round(km)))


@lru_cache(_REMEMBERED)
def _kilometres(_language: Language, km: int) -> str:
    return _("op ongeveer %(km)s km", km=km)


def limit_words(language: Language, number: str, least: int | None, most: int | None) -> str:
    """Return a range in words, in the unit of the index: cents, tenths of a credit, days since DAY_ZERO."""
    if number == "start":
        return _("Start vanaf %(day)s", day=short_day(_day_of(least or 0)))
    lowest, highest = (None if value is None else _amount(language, number, value) for value in (least, most))
    if lowest is None:
        return _("Tot en met %(most)s", most=highest)
    return _("Vanaf %(least)s", least=lowest) if highest is None else _("%(least)s tot en met %(most)s", least=lowest, most=highest)


def _amount(language: Language, number: str, value: int) -> str:
    return price_words(language, value) if number == "price" else f"{credits_words(language, str(Decimal(value) / 10))} EC"


def _day_of(number: int) -> date:
    return date.fromordinal(DAY_ZERO.toordinal() + number)
