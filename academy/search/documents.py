"""From facts to index documents; pure: the same facts, seats and moment give the same document.

Cards hold codes and plain values in one language; `pages` put them into words when they are shown, so a better translation needs
no new index.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from academy.catalogue.api import (
    DeliveryMode,
    ModuleFacts,
    ModuleKind,
    OfferingFacts,
    OfferingState,
    PartOfDay,
    PlaceFacts,
    ProgrammeSummary,
    ProviderFacts,
    SkillTag,
    TargetGroup,
)
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.kernel.text import LANGUAGES, Localized
from academy.search.folding import clean, folded_code
from academy.search.gateway import SearchDocument
from academy.search.index_spec import ANY_TIME, CLOSED, DAY_ZERO, LATER, OPEN_NOW, SOON, in_both
from academy.search.texts import searchable

MODULE: Final = "module"  # what the id of its document begins with
PROGRAMME: Final = "programme"
AT_ANY_TIME: Final = "any"  # instead of a month: begins when you want
SOON_DAYS: Final = 45
_SUMMARY_LENGTH: Final = 220
_EC_BANDS: Final = ((0, "0"), (5, "1-5"), (10, "6-10"), (20, "11-20"))
_PRICE_BANDS: Final = ((0, "free"), (250_00, "to-250"), (500_00, "to-500"), (1000_00, "to-1000"))
SEATS: Final = (1, 5, 10)  # at least so many left in one class


def module_document(
    module: ModuleFacts, *, seats_left: Mapping[UUID, int], now: datetime, skill_words: Mapping[str, tuple[str, ...]] | None = None,
    codes: tuple[str, ...] = (),
) -> SearchDocument:
    """Return the document of a module.

    An offering that `seats_left` does not name has all its seats free. `skill_words` are other names of skills, by their URI. `codes` are
    those of registers.
    """
    choices = [offering for offering in module.offerings if offering.is_open(now)]
    coming = [offering for offering in module.offerings if offering not in choices and _opens_on(offering, now)]
    left = {offering.id: max(0, seats_left.get(offering.id, offering.seats)) for offering in choices}
    free = [offering for offering in choices if left[offering.id]]
    shown = next(iter([*free, *coming, *choices]), None)
    price = module.price if shown is None else shown.price
    today = amsterdam_day(now)
    modes, parts, starts = _ways_of_taking_part(module, [*choices, *coming], today)
    place = None if shown is None else shown.place
    tags = [tag for outcome in module.outcomes for tag in outcome.skills]
    card = {
        "slug": module.slug, "kind": module.kind.value, "provider": _provider_words(module.institution, module.provider),
        "ec": _number(module.ec), "level": module.nlqf, "mode": modes[0] if modes else "",
        "part_of_day": parts[0] if parts else "", "starts": "" if shown is None else shown.starts_on.isoformat(),
        "opens": _iso(_opens_on(shown, now)) if shown is not None and shown.id not in left else "",
        "begun": shown is not None and shown.starts_on < today,
        "sector": module.sectors[0] if module.sectors else "", "price": None if price is None else price.cents, "price_note": clean(module.price_note),
        "seats": left.get(shown.id) if shown is not None and not shown.enrolment_website else None,
        "certain": shown is not None and shown.guaranteed,
    }
    return _document(
        document_id=f"{MODULE}:{module.id}",
        title=module.title,
        summary=module.summary or module.description,
        place=_place_words(place),
        texts={
            "skills": (text for tag in tags for text in (*_both(tag.label), *(skill_words or {}).get(tag.uri, ()))),
            "provider": (module.provider.name, *module.provider.former_names, module.institution),
            "outcomes": (text for outcome in module.outcomes for text in _both(outcome.text)),
            "summary": (*_both(module.summary or module.description), *module.topics),
        },
        codes=(module.code, *codes),
        card=card,
        facets={
            "kind": (module.kind.value,), "sector": module.sectors, "provider": (module.provider.slug,),
            "level": (module.nlqf,), "ec": (_ec_band(module.ec),),
            "language": (*module.languages, *(offering.language for offering in choices)), "mode": modes, "start": starts,
            "place": (offering.place.city for offering in (*choices, *coming) if offering.place is not None),
            "part_of_day": parts, "weekday": [day for offering in (*choices, *coming) for day in offering.weekdays],
            "price": (_price_band(price),), "certain": ("yes",) if any(offering.guaranteed for offering in choices) else (),
            "seats": [str(least) for least in SEATS if any(number >= least for number in left.values())],
            "skill": (skill_value(tag.uri) for tag in tags),
        },
        labels={
            "provider": {module.provider.slug: clean(module.provider.name)},
            "skill": {skill_value(tag.uri): _label(tag) for tag in tags},
        },
        numbers={
            "start": None if shown is None else (shown.starts_on - DAY_ZERO).days, "price": None if price is None else price.cents,
            "ec": None if module.ec is None else int(module.ec * 10),
        },
        availability=_availability(module, free, coming, now),
        where=None if place is None or place.latitude is None or place.longitude is None else (place.latitude, place.longitude),
    )


def programme_document(programme: ProgrammeSummary, codes: tuple[str, ...] = ()) -> SearchDocument:
    """Return the document of a programme with its `codes` in registers; one whose modules we know can be begun with one of them."""
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
        texts={
            "provider": (programme.provider_name,),
            "summary": (*_both(programme.summary), "Associate degree" if programme.nlqf == "5" else ""),
        },
        codes=(programme.code, *codes),
        card=card,
        facets={
            "kind": (PROGRAMME,), "sector": programme.sectors, "provider": (programme.provider_slug,),
            "level": (programme.nlqf,), "ec": (_ec_band(programme.ec),), "composed": ("yes",) if composed else (),
        },
        labels={"provider": {programme.provider_slug: clean(programme.provider_name)}},
        numbers={"ec": None if programme.ec is None else int(programme.ec * 10)},
        availability=ANY_TIME if composed else CLOSED,
        where=None,
    )


def skill_value(uri: str) -> str:
    """Return what a skill is called in an address: the end of its URI, which is unique within its scheme."""
    return uri.rstrip("/").rsplit("/", 1)[-1]


def _document(  # noqa: PLR0917 - one private maker, called by name
    document_id: str, title: Localized, summary: Localized, place: Localized, texts: Mapping[str, Iterable[str]], codes: tuple[str, ...],
    card: Mapping[str, Any], facets: Mapping[str, Iterable[str]], labels: Mapping[str, Mapping[str, str]],
    numbers: Mapping[str, int | None], availability: int, where: tuple[float, float] | None,
) -> SearchDocument:
    joined = tuple(dict.fromkeys(filter(None, map(folded_code, codes))))
    words = {name: tuple(found) for name, found in texts.items()}
    cards = {
        language: json.dumps({
            **card, "title": clean(title.in_language(language)), "summary": cropped(summary.in_language(language)),
            "place": clean(place.in_language(language)),
        }, ensure_ascii=False, sort_keys=True)
        for language in LANGUAGES
    }
    document = SearchDocument(
        id=document_id,
        texts=searchable({**words, "title": _both(title), "code": (*codes, *joined)}),
        codes=joined,
        facets={
            name: tuple(dict.fromkeys(cleaned for value in values if (cleaned := clean(value)))) for name, values in facets.items()
        },
        labels=labels,
        numbers={name: number for name, number in numbers.items() if number is not None},
        availability=availability,
        place=where,
        cards=cards,
    )
    return _with_checksum(document)


def _with_checksum(document: SearchDocument) -> SearchDocument:
    values = {**vars(document), "checksum": hashlib.sha256(repr(document).encode()).hexdigest()[:16]}
    return SearchDocument(**values)


def _opens_on(offering: OfferingFacts, now: datetime) -> date | None:
    """Return the first day in the future on which the public can enrol; None when there is none."""
    today = amsterdam_day(now)
    if offering.state is not OfferingState.ACTIVE:
        return None
    days = (period.opens_on for period in offering.periods if period.target_group is TargetGroup.PUBLIC and period.opens_on is not None)
    return min((day for day in days if day > today), default=None)


def _availability(module: ModuleFacts, free: list[OfferingFacts], coming: list[OfferingFacts], now: datetime) -> int:
    """Return the rank: open now, at any time, opens soon, opens later, closed or full (the rule on the page about the order of results)."""
    if free:
        return OPEN_NOW
    if not module.offerings and module.kind is ModuleKind.MOOC:
        return ANY_TIME
    days = [day for offering in coming if (day := _opens_on(offering, now)) is not None]
    if not days:
        return CLOSED
    return SOON if min(days) <= amsterdam_day(now) + timedelta(days=SOON_DAYS) else LATER


def _ways_of_taking_part(module: ModuleFacts, offerings: list[OfferingFacts], today: date) -> tuple[list[str], list[str], list[str]]:
    """Return modes, parts of the day and months; a MOOC without dates is online, at one's own pace, at any time.

    What has begun and is still open can be begun now: at any time.
    """
    if not offerings and module.kind is ModuleKind.MOOC:
        return [DeliveryMode.ONLINE.value], [PartOfDay.ANY.value], [AT_ANY_TIME]
    months = [AT_ANY_TIME if offering.starts_on < today else f"{offering.starts_on:%Y-%m}" for offering in offerings]
    return [offering.mode.value for offering in offerings], [offering.part_of_day.value for offering in offerings], months


def _label(tag: SkillTag) -> str:
    return in_both(clean(tag.label.in_language("nl")), clean(tag.label.in_language("en")))


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def cropped(text: str) -> str:
    """Return the beginning of `text` for a card, cut between words."""
    line = clean(text)
    if len(line) <= _SUMMARY_LENGTH:
        return line
    return line[:_SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.- ") + "…"


def _provider_words(institution: str, provider: ProviderFacts) -> str:
    maker = clean(institution)
    return f"{maker} via {clean(provider.name)}" if maker and maker != clean(provider.name) else clean(provider.name)


def _place_words(place: PlaceFacts | None) -> Localized:
    if place is None:
        return Localized()
    named = (
        name if not place.city or place.city in name else f"{name}, {place.city}"
        for name in (place.name.in_language("nl"), place.name.in_language("en"))
    )
    return Localized(*named)


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
