"""What the catalogue offers in the words of schema.org (release 30), for machines that read our pages; pure.

Addresses arrive whole. What is not known is left out: schema.org has no word for it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from academy.catalogue import facts
from academy.catalogue.models import DeliveryMode, OfferingState, ProviderKind, TargetGroup
from academy.catalogue.rules import WEEKDAYS
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.kernel.text import Language

_ESCO: Final = "https://esco.ec.europa.eu"
_DAYS: Final = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
_MODES: Final = {
    DeliveryMode.ON_CAMPUS: "onsite", DeliveryMode.ONLINE: "online", DeliveryMode.IN_COMPANY: "onsite", DeliveryMode.BLENDED: "blended",
}
_VARIANTS: Final = {"voltijd": "full-time", "deeltijd": "part-time", "duaal": "work-study"}
_INSTITUTIONS: Final = {ProviderKind.HBO, ProviderKind.UNIVERSITY}
_OPEN, _SOLD_OUT, _PRE_ORDER, _CLOSED = "InStock", "SoldOut", "PreOrder", "Discontinued"

Node = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """One entry of a list: `kind` is the type of schema.org."""

    kind: str
    address: str
    name: str
    description: str = ""
    provider: str = ""


def json_ld(node: Node) -> str:
    """Return the node as JSON-LD that can stand between the tags of a script: no sign of it is read as HTML."""
    text = json.dumps({"@context": "https://schema.org", **node}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def course_data(
    page: facts.ModulePage, *, language: Language, address: str, provider_address: str, left: Mapping[UUID, int], now: datetime,
) -> Node:
    """Return a module as a Course with an instance per offering; an offering that `left` does not name has all its seats free."""
    module = page.module
    return _known({
        "@type": "Course",
        "@id": address,
        "url": address,
        "courseCode": module.code,
        "name": module.title.in_language(language),
        "description": (module.summary or module.description or module.title).in_language(language),
        "inLanguage": list(module.languages),
        "educationalLevel": _level(module.nlqf, module.eqf),
        "numberOfCredits": _credits(module.ec),
        "timeRequired": f"PT{module.hours}H" if module.hours else None,
        "coursePrerequisites": [
            *([module.entry.in_language(language)] if module.entry else []), *(link.title.in_language(language) for link in page.needed),
        ],
        "teaches": [
            *(outcome.text.in_language(language) for outcome in module.outcomes),
            *(_skill(tag, language) for outcome in module.outcomes for tag in outcome.skills),
        ],
        "provider": _organisation(module.provider, provider_address),
        "offers": _offer(module.price, address=address) if not module.offerings else None,
        "hasCourseInstance": [
            _instance(offering, language, address, left=left.get(offering.id, offering.seats), now=now) for offering in module.offerings
        ],
    })


def programme_data(page: facts.ProgrammePage, *, language: Language, address: str, provider_address: str, courses: Iterable[Listed]) -> Node:
    """Return a degree programme with the modules that are published here."""
    summary = page.summary
    intake = next((intake for intake in page.intakes if intake.state is OfferingState.ACTIVE), None)
    return _known({
        "@type": "EducationalOccupationalProgram",
        "@id": address,
        "url": address,
        "name": summary.title.in_language(language),
        "description": (summary.summary or page.description or summary.title).in_language(language),
        "inLanguage": list(page.languages),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": code.scheme.value.upper(), "value": code.value} for code in page.codes
        ],
        "provider": {"@type": "CollegeOrUniversity", "@id": provider_address, "name": summary.provider_name, "url": provider_address},
        "programPrerequisites": page.entry.in_language(language),
        "educationalProgramMode": [_VARIANTS[variant] for variant in summary.variants if variant in _VARIANTS],
        "educationalCredentialAwarded": "Associate degree" if summary.nlqf == "5" else None,
        "numberOfCredits": _credits(summary.ec),
        "timeToComplete": f"P{page.months}M" if page.months else None,
        "startDate": _day(intake.starts_on if intake else None),
        "applicationStartDate": _day(intake.opens_on if intake else None),
        "applicationDeadline": _day(intake.closes_on if intake else None),
        "maximumEnrollment": intake.seats if intake else None,
        "offers": _offer(intake.price, address=address) if intake else None,
        "hasCourse": [_listed(one) for one in courses],
    })


def provider_data(found: facts.ProviderFacts, *, language: Language, address: str) -> Node:
    """Return who teaches."""
    return _known({
        **_organisation(found, address),
        "description": found.summary.in_language(language),
        "alternateName": list(found.former_names),
        "email": found.contact_email,
        "telephone": found.contact_phone,
        "sameAs": found.website,
        "address": _known({"@type": "PostalAddress", "addressLocality": found.city, "addressCountry": found.country}),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": code.scheme.value.upper(), "value": code.value} for code in found.codes
        ],
    })


def list_data(entries: Iterable[Listed], *, name: str, start: int = 1) -> Node:
    """Return a page that lists; `start` is the place of its first entry in the whole list."""
    return {
        "@type": "ItemList",
        "name": name,
        "itemListElement": [
            {"@type": "ListItem", "position": position, "item": _listed(entry)} for position, entry in enumerate(entries, start=start)
        ],
    }


def _listed(entry: Listed) -> Node:
    by = {"@type": "Organization", "name": entry.provider} if entry.provider else None
    return _known({
        "@type": entry.kind, "@id": entry.address, "url": entry.address, "name": entry.name,
        "description": entry.description or entry.name, "provider": by,
    })


def _instance(offering: facts.OfferingFacts, language: Language, address: str, *, left: int, now: datetime) -> Node:
    return _known({
        "@type": "CourseInstance",
        "@id": f"{address}#{offering.code}",
        "courseMode": _MODES[offering.mode],
        "inLanguage": offering.language,
        "startDate": _day(offering.starts_on),
        "endDate": _day(offering.ends_on),
        "maximumAttendeeCapacity": offering.seats,
        "remainingAttendeeCapacity": max(0, left),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/" + (
            "OnlineEventAttendanceMode" if offering.mode is DeliveryMode.ONLINE
            else "MixedEventAttendanceMode" if offering.mode is DeliveryMode.BLENDED else "OfflineEventAttendanceMode"
        ),
        "courseSchedule": _schedule(offering),
        "location": _place(offering.place, language, address),
        "offers": _offer(
            offering.price, address=address, availability=_availability(offering, left, now), opens_on=_opens(offering),
            closes_on=offering.enrol_until,
        ),
    })


def _schedule(offering: facts.OfferingFacts) -> list[Node]:
    """Return when it meets every week: with hours where sessions tell them."""
    weekly = [meeting for meeting in offering.sessions if meeting.weekday]
    frame = {"@type": "Schedule", "repeatFrequency": "P1W", "startDate": _day(offering.starts_on), "endDate": _day(offering.ends_on),
             "scheduleTimezone": "Europe/Amsterdam"}
    if weekly:
        return [
            _known({
                **frame, "byDay": f"https://schema.org/{_DAYS[meeting.weekday or '']}",
                "startTime": meeting.starts_at.isoformat() if meeting.starts_at else None,
                "endTime": meeting.ends_at.isoformat() if meeting.ends_at else None,
            })
            for meeting in weekly
        ]
    days = [f"https://schema.org/{_DAYS[day]}" for day in offering.weekdays if day in _DAYS]
    return [{**frame, "byDay": days}] if days else []


def _place(place: facts.PlaceFacts | None, language: Language, address: str) -> Node:
    if place is None:
        return {"@type": "VirtualLocation", "url": address}
    geo = None
    if place.latitude is not None and place.longitude is not None:
        geo = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return _known({
        "@type": "Place", "name": place.name.in_language(language), "geo": geo,
        "address": _known({
            "@type": "PostalAddress", "streetAddress": place.street_address, "addressLocality": place.city, "addressCountry": "NL",
        }),
    })


def _offer(
    price: Money | None, *, address: str, availability: str = "", opens_on: date | None = None, closes_on: date | None = None,
) -> Node | None:
    """Return the price; nothing when it is not known in euros."""
    if price is None:
        return None
    return _known({
        "@type": "Offer", "url": address, "price": f"{price.cents // 100}.{price.cents % 100:02}", "priceCurrency": "EUR",
        "category": "Free" if price.is_zero else "Paid",
        "availability": f"https://schema.org/{availability}" if availability else None,
        "validFrom": _day(opens_on), "validThrough": _day(closes_on),
    })


def _availability(offering: facts.OfferingFacts, left: int, now: datetime) -> str:
    if left <= 0:
        return _SOLD_OUT
    if offering.is_open(now):
        return _OPEN
    first = _opens(offering)
    return _PRE_ORDER if first is not None and first > amsterdam_day(now) else _CLOSED


def _opens(offering: facts.OfferingFacts) -> date | None:
    """Return the first day on which the public can enrol; None when it always could."""
    days = [period.opens_on for period in offering.periods if period.target_group is TargetGroup.PUBLIC]
    return min((day for day in days if day is not None), default=None) if all(days) else None


def _organisation(found: facts.ProviderFacts, address: str) -> Node:
    kind = "CollegeOrUniversity" if found.kind in _INSTITUTIONS else "EducationalOrganization"
    return {"@type": kind if found.kind is not ProviderKind.REGISTER else "Organization", "@id": address, "name": found.name, "url": address}


def _skill(tag: facts.SkillTag, language: Language) -> Node:
    return {"@type": "DefinedTerm", "termCode": tag.uri, "name": tag.label.in_language(language), "inDefinedTermSet": _ESCO}


def _level(nlqf: str, eqf: str) -> str:
    return " / ".join(f"{name} {level}" for name, level in (("NLQF", nlqf), ("EQF", eqf)) if level)


def _credits(ec: Decimal | None) -> float | int | None:
    if ec is None:
        return None
    return int(ec) if ec == int(ec) else float(ec)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _known(node: Node) -> Node:
    """Leave out what is not known."""
    return {name: value for name, value in node.items() if value is not None and value not in ("", [], {})}
