"""Offerings of courses to drafts of offerings, of programmes to intakes; prices, enrolment periods and places."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from academy.catalogue.api import (
    DeliveryMode,
    IntakeDraft,
    ModuleDraft,
    OfferingDraft,
    OfferingState,
    PeriodDraft,
    PlaceDraft,
    PlaceKind,
    TargetGroup,
)
from academy.exchange.ooapi import consumers, learning
from academy.exchange.ooapi.fields import Payload
from academy.exchange.ooapi.vocabulary import COST_TYPES, STATES, TARGET_GROUPS, key_of
from academy.kernel.cleaning import clean_line
from academy.kernel.money import Money
from academy.kernel.text import Localized, fold

_LONGEST_KEY: Final = 80
_LONGEST_NOTE: Final = 300
_LONGEST_URL: Final = 1000
_MOST_PEOPLE: Final = 1_000_000
_VISITED: Final = ("teaching", "visit")  # the kinds of address where one goes; the others are for letters and lorries


@dataclass(frozen=True)
class _Run:
    """What offerings of courses and of programmes have in common."""

    starts_on: date
    ends_on: date | None
    state: OfferingState
    periods: tuple[PeriodDraft, ...]
    price: Money | None
    price_note: str


def offering(item: Payload, external_id: str, module: ModuleDraft, provider: str) -> tuple[OfferingDraft | None, PlaceDraft | None]:
    """Map an offering of a course, with its place; no offering when the item has problems, or is a concept without dates.

    What the offering does not say about language and mode is taken from the module.
    """
    run = _run(item)
    ends_on = None if run is None else run.ends_on
    if run is not None and ends_on is None:
        item.refuse(item.first_of("endDateTime", "endDate"), "empty", "an offering has a last day")
    seats, min_seats = _seats(item)
    flexible_from, flexible_until = item.in_order(*_names(item, "flexibleEntryPeriodStart", "flexibleEntryPeriodEnd"))
    place = _place(item, provider)
    mode, language = _mode(item, module, place), _language(item, module)
    if run is None or ends_on is None or item.problems:
        return None, place
    draft = OfferingDraft(
        starts_on=run.starts_on, ends_on=ends_on, mode=mode, language=language, seats=seats, price=run.price, periods=run.periods,
        place_key=None if place is None else place.key, external_id=external_id, state=run.state, min_seats=min_seats,
        flexible_from=flexible_from, flexible_until=flexible_until, price_note=run.price_note,
    )
    return draft, place


def intake(item: Payload, external_id: str, variants: tuple[str, ...]) -> IntakeDraft | None:
    """Map an offering of a programme; None as for one of a course."""
    run = _run(item)
    seats = item.count("maxNumberStudents")
    if run is None or item.problems:
        return None
    period = next((each for each in run.periods if each.target_group is TargetGroup.PUBLIC), None)
    return IntakeDraft(
        external_id=external_id, starts_on=run.starts_on, ends_on=run.ends_on, opens_on=period.opens_on if period else None,
        closes_on=period.closes_on if period else None, state=run.state, variant=variants[0] if variants else "", seats=seats,
        price=run.price, price_note=run.price_note,
    )


def _run(item: Payload) -> _Run | None:
    item.title()
    item.code()
    state = item.known("state", STATES, strict=True) or OfferingState.ACTIVE
    first, last = _names(item, "start", "end")
    starts_on, ends_on = item.in_order(first, last)
    if starts_on is None and not item.has(first):
        if state is OfferingState.CONCEPT:  # v6 asks for dates from the state `active` on
            item.remark(first, "concept-without-dates", "a concept without dates is left out")
        else:
            item.refuse(first, "empty", "an offering has a first day")
    price, note = _price(item)
    if starts_on is None or (item.has(last) and ends_on is None):
        return None
    return _Run(starts_on, ends_on, state, tuple(_periods(item, starts_on, ends_on)), price, note)


def _names(item: Payload, first: str, last: str) -> tuple[str, str]:
    """Return the names of two fields: `startDate` or `startDateTime`, and flexible entry without a suffix in v5."""
    endings = ("DateTime", "Date", "")
    return item.first_of(*(first + each for each in endings)), item.first_of(*(last + each for each in endings))


# Enrolment ---------------------------------------------------------------------------------------------------------------------------


def _periods(item: Payload, starts_on: date, ends_on: date | None) -> Iterator[PeriodDraft]:
    """Yield when whom can enrol, once per group and last day; nothing where enrolment is closed, or nobody says when it is."""
    path, said = consumers.rio(item)
    if key_of(str(said.get("registrationStatus", "open"))) == "closed":
        item.remark(f"{path}.registrationStatus", "enrolment-closed", "the offering is closed for enrolment")
        return
    if item.has("enrolmentPeriods"):
        found: dict[tuple[TargetGroup, date], PeriodDraft] = {}
        for where, period in item.objects("enrolmentPeriods"):
            for draft in _period(item, where, period, starts_on):
                found.setdefault((draft.target_group, draft.closes_on), _within(item, where, draft, ends_on))
        yield from found.values()
        return
    opens, closes = item.in_order("enrollStartDate", "enrollEndDate")
    if opens is None and closes is None:
        item.remark("enrollEndDate", "enrolment-unknown", "nobody says when one can enrol: enrolment is closed")
        return
    if closes is None:
        item.remark("enrollEndDate", "enrol-end-missing", "enrolment is taken to close on the first day")
    yield _within(item, "enrollEndDate", PeriodDraft(closes or max(starts_on, opens or starts_on), opens), ends_on)


def _within(item: Payload, path: str, period: PeriodDraft, ends_on: date | None) -> PeriodDraft:
    if ends_on is not None and period.closes_on > ends_on:
        item.refuse(path, "closes-after-end", f"enrolment closes after the offering has ended, on {ends_on}", period.closes_on)
    return period


def _period(item: Payload, path: str, said: Mapping[str, Any], starts_on: date) -> Iterator[PeriodDraft]:
    opens = item.day_of(f"{path}.startDateTime", said.get("startDateTime"))
    closes = item.day_of(f"{path}.endDateTime", said.get("endDateTime"), ends=True)
    if closes is None:
        item.remark(f"{path}.endDateTime", "enrol-end-missing", "enrolment is taken to close on the first day")
        closes = max(starts_on, opens or starts_on)
    if opens is not None and closes < opens:
        item.refuse(f"{path}.endDateTime", "end-before-start", f"this is before startDateTime ({opens})", closes)
        return
    url = said.get("enrolmentUrl")
    is_address = isinstance(url, str) and url.startswith(("https://", "http://")) and url.isprintable() and len(url) <= _LONGEST_URL
    for group in _groups(item, path, said):
        yield PeriodDraft(
            closes_on=closes, opens_on=opens, target_group=group, has_queue=said.get("queueEnabled") is True,
            queue_max=_people(said.get("maxQueuedNumberStudents")), website=str(url) if is_address else "",
        )


def _groups(item: Payload, path: str, said: Mapping[str, Any]) -> Iterator[TargetGroup]:
    """Yield for whom; a group that we do not know is left out: opening its period to all would be wrong."""
    words = said.get("targetGroups")
    if not words:
        yield TargetGroup.PUBLIC
    for word in words if isinstance(words, list) else [words] if words else []:
        if key_of(str(word)) in TARGET_GROUPS:
            yield TARGET_GROUPS[key_of(str(word))]
        else:
            item.remark(f"{path}.targetGroups", "group-unknown", "a target group that we do not know; its period is left out", word)


def _people(value: Any) -> int | None:  # noqa: ANN401 - whatever JSON holds
    """Return a number of people above zero, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST_PEOPLE else None


# Seats, price ------------------------------------------------------------------------------------------------------------------------


def _seats(item: Payload) -> tuple[int, int]:
    """Return most and least participants; without a most there is no seat to sell."""
    most, least = item.count("maxNumberStudents"), item.count("minNumberStudents") or 0
    if most is None:
        item.remark("maxNumberStudents", "seats-unknown", "no number of seats: none can be taken here")
        return 0, 0
    if least > most:
        item.refuse("minNumberStudents", "min-above-max", f"this is more than maxNumberStudents ({most})", least)
    return most, least


def _price(item: Payload) -> tuple[Money | None, str]:
    """Return the total costs in euros; another currency is kept in words and never turned into euros."""
    found: tuple[Money | None, str] = (None, "")
    for path, cost in item.objects("priceInformation"):
        kind, currency = key_of(str(cost.get("costType") or "")), str(cost.get("currency") or "").upper()
        if kind not in COST_TYPES:
            item.remark(f"{path}.costType", "word-unknown", "no kind of costs in the standard; left out", kind)
            continue
        if kind != "total costs" or cost.get("amount") in (None, ""):
            continue
        amount = item.euros(f"{path}.amount", cost["amount"])
        if currency == "EUR":
            found = (amount, "")
        elif amount is not None:
            words = clean_line(f"{currency} {cost['amount']}")[:_LONGEST_NOTE]
            item.remark(f"{path}.currency", "price-not-in-euros", "kept in words; an amount without EUR is not turned into euros", words)
            found = (None, words)
    return found


# How and where -----------------------------------------------------------------------------------------------------------------------


def _mode(item: Payload, module: ModuleDraft, place: PlaceDraft | None) -> DeliveryMode:
    found = learning.modes(item) or module.modes
    if not found:
        item.remark("modeOfDelivery", "mode-unknown", "nobody says how it is taught: online, or on campus where there is an address")
        return DeliveryMode.ONLINE if place is None else DeliveryMode.ON_CAMPUS
    return found[0] if len(found) == 1 else DeliveryMode.BLENDED


def _language(item: Payload, module: ModuleDraft) -> str:
    found = learning.languages(item) or module.languages
    if not found:
        item.remark("teachingLanguage", "language-missing", "nobody says in which language: Dutch is taken")
    return found[0] if found else "nl"


def _place(item: Payload, provider: str) -> PlaceDraft | None:
    """Return the place of the first room, else of the first address where one goes; it is kept under the provider's name."""
    for _path, room in item.objects(item.first_of("rooms", "room")):
        building = room.get("building")
        address = building.get("address") if isinstance(building, Mapping) else None
        name = item.text_of("rooms.name", room.get("name"), line=True)
        if name and isinstance(address, Mapping):
            return _place_at(item, address, provider, name=name, capacity=_people(room.get("totalSeats")))
    addresses = [address for _path, address in item.objects("addresses")]
    for kind in _VISITED:
        for address in addresses:
            if address.get("addressType") == kind and (address.get("street") or address.get("city")):
                return _place_at(item, address, provider)
    return None


def _place_at(
    item: Payload, address: Mapping[str, Any], provider: str, *, name: Localized | None = None, capacity: int | None = None,
) -> PlaceDraft:
    street = clean_line(f"{address.get('street') or ''} {address.get('streetNumber') or ''}")[:200]
    city = clean_line(str(address.get("city") or ""))[:100]
    latitude, longitude = _point(item, address.get("geolocation") or address.get("geoLocation"))
    shown = name or Localized(nl=", ".join(filter(None, (street, city))))
    words = fold(" ".join([provider, city, street, *((name.nl or name.en,) if name else ())]))
    return PlaceDraft(
        key=_key_of(words), name=shown, kind=PlaceKind.CAMPUS, street_address=street, city=city, capacity=capacity,
        latitude=latitude, longitude=longitude, provider=provider,
    )


def _key_of(words: str) -> str:
    """Return the words as a key; long ones are cut, and told apart by a digest of the whole."""
    key = "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in words).split())
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 9]}-{hashlib.blake2b(words.encode(), digest_size=4).hexdigest()}"


def _point(item: Payload, said: Any) -> tuple[float | None, float | None]:  # noqa: ANN401 - whatever JSON holds
    try:
        latitude, longitude = float(said["latitude"]), float(said["longitude"])
    except (KeyError, TypeError, ValueError):
        return None, None
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:  # noqa: PLR2004 - degrees on earth
        return latitude, longitude
    item.remark("addresses.geolocation", "not-on-earth", "degrees that are not on earth; left out", f"{latitude} {longitude}")
    return None, None
