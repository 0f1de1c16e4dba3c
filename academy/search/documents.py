"""From facts to index documents; pure: the same facts, seats and moment give the same document.

Cards hold codes and plain values in one language; `pages.py` puts them into words when they are shown, so a better
translation needs no new index.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from academy.catalogue.api import (
    DeliveryMode,
    ModuleFacts,
    ModuleKind,
    OfferingFacts,
    PartOfDay,
    ProgrammeSummary,
    ProviderFacts,
)
from academy.kernel.money import Money
from academy.kernel.text import LANGUAGES, Localized
from academy.search.folding import clean, folded_code, plain_forms, words_of
from academy.search.gateway import SearchDocument
from academy.search.index_spec import NOT_KNOWN, ORDER_BITS, ORDER_TITLE_BITS

PROGRAMME: Final = "programme"
_SUMMARY_LENGTH: Final = 220
_DAY_ZERO: Final = date(2020, 1, 1)
# Among equal matches: what starts soonest comes first; these follow in this order (days since _DAY_ZERO stay far below).
_COMPOSED_PROGRAMME, _ANY_TIME, _NO_OFFERING, _BARE_PROGRAMME, _FULL = 100_000, 100_001, 100_002, 100_003, 100_004
_LETTER_BITS: Final = 5
_EC_BANDS: Final = ((0, "0"), (5, "1-5"), (10, "6-10"), (20, "11-20"))
_PRICE_BANDS: Final = ((0, "free"), (250_00, "to-250"), (500_00, "to-500"), (1000_00, "to-1000"))


def module_document(module: ModuleFacts, *, seats_left: Mapping[UUID, int], now: datetime) -> SearchDocument:
    """Return the document of a module; an offering that `seats_left` does not name has all its seats free."""
    offerings = [offering for offering in module.offerings if offering.is_open(now)]
    left = {offering.id: seats_left.get(offering.id, offering.seats) for offering in offerings}
    shown = next((offering for offering in offerings if left[offering.id] > 0), offerings[0] if offerings else None)
    price = module.price if shown is None else shown.price
    start = NOT_KNOWN if shown is None else (shown.starts_on - _DAY_ZERO).days
    if shown is not None:
        availability = start if left[shown.id] > 0 else _FULL
    else:
        availability = _ANY_TIME if module.kind is ModuleKind.MOOC else _NO_OFFERING
    modes, parts = _ways_of_taking_part(module, offerings)
    card = {
        "slug": module.slug, "kind": module.kind.value, "provider": _provider_words(module.institution, module.provider),
        "ec": _number(module.ec), "level": module.nlqf, "mode": modes[0] if modes else "",
        "part_of_day": parts[0] if parts else "", "starts": "" if shown is None else shown.starts_on.isoformat(),
        "sector": module.sectors[0] if module.sectors else "", "price": None if price is None else price.cents, "price_note": clean(module.price_note),
        "seats": None if shown is None or shown.enrolment_website else max(0, left[shown.id]),
    }
    place = None if shown is None else shown.place
    return _document(
        document_id=f"module:{module.id}",
        title=module.title,
        summary=module.summary or module.description,
        place=Localized() if place is None else Localized(
            _place_words(place.name.in_language("nl"), place.city), _place_words(place.name.in_language("en"), place.city),
        ),
        texts=(
            *_both(module.summary), *(text for outcome in module.outcomes for text in _both(outcome.text)),
            *(text for outcome in module.outcomes for tag in outcome.skills for text in _both(tag.label)),
            module.provider.name, *module.provider.former_names, module.institution, *module.topics,
        ),
        code=module.code,
        card=card,
        facets={
            "kind": (module.kind.value,), "sector": module.sectors, "provider": (module.provider.slug,),
            "level": (module.nlqf,), "ec": (_ec_band(module.ec),),
            "language": (*module.languages, *(offering.language for offering in offerings)), "mode": modes,
            "part_of_day": parts, "weekday": [day for offering in offerings for day in offering.weekdays],
            "price": (_price_band(price),),
        },
        labels={"provider": module.provider.name},
        orders={
            "best": availability, "start": start, "price": NOT_KNOWN if price is None else price.cents,
            "ec": NOT_KNOWN if module.ec is None else int(module.ec * 10),
        },
    )


def programme_document(programme: ProgrammeSummary) -> SearchDocument:
    """Return the document of a programme."""
    composed = programme.module_count > 0
    card = {
        "slug": programme.slug, "kind": PROGRAMME, "provider": clean(programme.provider_name), "ec": _number(programme.ec),
        "level": programme.nlqf, "variants": list(programme.variants), "module_count": programme.module_count,
        "sector": programme.sectors[0] if programme.sectors else "",
    }
    return _document(
        document_id=f"programme:{programme.id}",
        title=programme.title,
        summary=programme.summary,
        place=Localized(),
        texts=(*_both(programme.summary), programme.provider_name, "Associate degree" if programme.nlqf == "5" else ""),
        code=programme.code,
        card=card,
        facets={
            "kind": (PROGRAMME,), "sector": programme.sectors, "provider": (programme.provider_slug,),
            "level": (programme.nlqf,), "ec": (_ec_band(programme.ec),), "composed": ("yes",) if composed else (),
        },
        labels={"provider": programme.provider_name},
        orders={
            "best": _COMPOSED_PROGRAMME if composed else _BARE_PROGRAMME, "start": NOT_KNOWN, "price": NOT_KNOWN,
            "ec": NOT_KNOWN if programme.ec is None else int(programme.ec * 10),
        },
    )


def _document(  # noqa: PLR0917 - one private maker, called by name
    document_id: str, title: Localized, summary: Localized, place: Localized, texts: Iterable[str], code: str,
    card: Mapping[str, Any], facets: Mapping[str, Iterable[str]], labels: Mapping[str, str], orders: Mapping[str, int],
) -> SearchDocument:
    titles = [words for text in _both(title) if (words := words_of(text))]
    words = [word for text in (*_both(title), *texts, code) for word in words_of(text)]
    joined = folded_code(code)
    cards = {
        language: json.dumps({
            **card, "title": clean(title.in_language(language)), "summary": cropped(summary.in_language(language)),
            "place": clean(place.in_language(language)),
        }, ensure_ascii=False, sort_keys=True)
        for language in LANGUAGES
    }
    document = SearchDocument(
        id=document_id,
        titles=tuple(dict.fromkeys(" ".join(words) for words in titles)),
        words=" ".join([*words, *([joined] if joined else []), *dict.fromkeys(plain_forms(words))]),
        codes=(joined,) if joined else (),
        facets={
            name: tuple(dict.fromkeys(cleaned for value in values if (cleaned := clean(value)))) for name, values in facets.items()
        },
        labels={name: clean(label) for name, label in labels.items()},
        orders={name: _sort_key(value, titles[0] if titles else []) for name, value in orders.items()},
        cards=cards,
        checksum="",
    )
    return _with_checksum(document)


def _with_checksum(document: SearchDocument) -> SearchDocument:
    values = {**vars(document), "checksum": hashlib.sha256(repr(document).encode()).hexdigest()[:16]}
    return SearchDocument(**values)


def _sort_key(value: int, title: list[str]) -> int:
    """Return one number that orders by value and then by the first letters of the title."""
    letters = 0
    room = ORDER_TITLE_BITS // _LETTER_BITS
    for letter in " ".join(title)[:room].ljust(room):
        letters = letters << _LETTER_BITS | _letter_rank(letter)
    return min(max(value, 0), (1 << ORDER_BITS) - 1) << ORDER_TITLE_BITS | letters


def _letter_rank(letter: str) -> int:
    """Rank a folded character in 5 bits: space, digit, a to z, anything else."""
    if letter == " ":
        return 0
    if letter.isdecimal():
        return 1
    return ord(letter) - ord("a") + 2 if "a" <= letter <= "z" else 28


def _ways_of_taking_part(module: ModuleFacts, offerings: list[OfferingFacts]) -> tuple[list[str], list[str]]:
    """Return modes and parts of the day; a MOOC without dates is online, at one's own pace."""
    if not offerings and module.kind is ModuleKind.MOOC:
        return [DeliveryMode.ONLINE.value], [PartOfDay.ANY.value]
    return [offering.mode.value for offering in offerings], [offering.part_of_day.value for offering in offerings]


def cropped(text: str) -> str:
    """Return the beginning of `text` for a card, cut between words."""
    line = clean(text)
    if len(line) <= _SUMMARY_LENGTH:
        return line
    return line[:_SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.- ") + "…"


def _provider_words(institution: str, provider: ProviderFacts) -> str:
    maker = clean(institution)
    return f"{maker} via {clean(provider.name)}" if maker and maker != clean(provider.name) else clean(provider.name)


def _place_words(name: str, city: str) -> str:
    return name if not city or city in name else f"{name}, {city}"


def _both(text: Localized) -> tuple[str, ...]:
    return (text.nl, text.en)


def _number(value: Decimal | None) -> str:
    return "" if value is None else str(value.normalize() + 0)


def _ec_band(ec: Decimal | None) -> str:
    if ec is None:
        return ""
    return next((band for limit, band in _EC_BANDS if ec <= limit), "more")


def _price_band(price: Money | None) -> str:
    if price is None:
        return "unknown"
    return next((band for limit, band in _PRICE_BANDS if price.cents <= limit), "more")
