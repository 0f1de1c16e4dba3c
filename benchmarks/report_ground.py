"""A made-up region that searched, asked and waited for three years: rows of every room that reports read, most of them for few of 2,000 skills."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate, islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from academy.accounts.models import Organisation, OrganisationKind, Person, SizeClass
from academy.catalogue.models import (
    DeliveryMode,
    LearningOutcome,
    Module,
    ModuleKind,
    Offering,
    OfferingState,
    OutcomeSkill,
    PartOfDay,
    Provider,
    ProviderKind,
    PublicationState,
)
from academy.catalogue.taxonomy import current
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.employers.models import Demand, DemandSkill, Pledge, Pool
from academy.enrolment.kinds import EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, SeatPool
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Base, Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.pathways.models import RouteBlocker
from academy.recognition.kinds import DecisionGround, DecisionState, Judgement
from academy.recognition.models import Decision, DecisionAnswer
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchEvent
from academy.skills.models import ConceptStatus, LabelKind, Skill, SkillKind, SkillLabel

SKILLS: Final = 2_000
_PER_MILLION: Final = {
    "searches": 700_000, "waiting": 200_000, "demands": 40_000, "pledges": 40_000, "wishes": 5_000, "blocked": 5_000, "refused": 10_000, "people": 60_000, "firms": 16_000,
}
_BATCH: Final = 5_000
_DAYS: Final = 3 * 365
_PER_POOL: Final = 4
_PROVIDER: Final = UUID(int=7)
_WAITED: Final = timedelta(days=45)
_STILL_WAITING: Final = 0.3  # of one place of each person
_AREAS: Final = (*("13",) * 60, *(f"{each}" for each in range(10, 99)))
_SLOTS: Final = ("mon-evening", "tue-evening", "wed-morning", "thu-afternoon", "sat-morning")


@dataclass(frozen=True)
class Region:
    """How much of everything there is, and the moment at which it ends."""

    events: int
    now: datetime
    chance: random.Random

    def number(self, what: str) -> int:
        return max(1, _PER_MILLION[what] * self.events // 1_000_000)

    def moment(self) -> datetime:
        return self.now - timedelta(days=self.chance.randrange(1, _DAYS), minutes=self.chance.randrange(1_440))

    def skill(self) -> int:
        """Return a skill by Zipf's law."""
        return self.chance.choices(range(SKILLS), cum_weights=_WEIGHTS)[0]

    def person(self) -> UUID:
        return _id("person", self.chance.randrange(self.number("people")))

    def firm(self) -> UUID:
        return _id("firm", self.chance.randrange(self.number("firms")))

    def postcode(self) -> str:
        return f"{self.chance.choice(_AREAS)}{self.chance.randrange(10, 99)}"

    def slots(self) -> list[str]:
        return self.chance.sample(_SLOTS, self.chance.randrange(4))


_WEIGHTS: Final = list(accumulate(1 / (place + 1) for place in range(SKILLS)))
_KINDS: Final = ("person", "firm", "module", "outcome", "offering", "seats", "enrolment", "demand", "pool", "pledge", "wish", "blocker", "decision")


def fill(database: Database, events: int, now: datetime) -> None:
    """Write a region with so many events, in transactions of some thousands of rows; the same for the same number."""
    region = Region(events, now, random.Random(11))
    for count, table, row in (
        (SKILLS, Skill, _skill), (SKILLS, SkillLabel, _label), (region.number("people"), Person, _person),
        (region.number("firms"), Organisation, _firm), (1, Organisation, _school), (1, Provider, _provider), (SKILLS, Module, _module), (SKILLS, LearningOutcome, _outcome),
        (SKILLS, OutcomeSkill, _outcome_skill), (SKILLS, Offering, _offering), (SKILLS, SeatPool, _seats), (region.number("waiting"), Enrolment, _waiting),
        (region.number("demands"), Demand, _demand), (region.number("demands"), DemandSkill, _demand_skill), (region.number("pledges") // _PER_POOL + 1, Pool, _pool),
        (region.number("pledges"), Pledge, _pledge), (region.number("wishes"), SavedSearch, _wish), (region.number("blocked"), RouteBlocker, _blocker),
        (region.number("refused"), Decision, _decision), (region.number("refused"), DecisionAnswer, _answer), (region.number("searches"), SearchEvent, _search),
    ):
        _write(database, table, count, region, row)


def _write(database: Database, table: type[Base], count: int, region: Region, row: Callable[[Region, int], dict[str, Any]]) -> None:
    rows: Iterator[dict[str, Any]] = (row(region, number) for number in range(count))
    while batch := list(islice(rows, _BATCH)):
        with database.writing() as session:
            session.execute(insert(table), batch)


def _id(kind: str, number: int) -> UUID:
    return UUID(int=(_KINDS.index(kind) + 1 << 64) + number)


def _uri(number: int) -> str:
    return f"http://data.europa.eu/esco/skill/{number:036d}"


def _name(number: int) -> str:
    return f"vaardigheid {number}"


def _skill(_region: Region, number: int) -> dict[str, Any]:
    return {"uri": _uri(number), "scheme": "esco", "kind": SkillKind.SKILL, "first_version": "1", "last_version": "1", "status": ConceptStatus.RELEASED, "description": ""}


def _label(_region: Region, number: int) -> dict[str, Any]:
    return {"skill_uri": _uri(number), "language": "nl", "folded": _name(number), "kind": LabelKind.PREFERRED, "text": _name(number)}


def _person(region: Region, number: int) -> dict[str, Any]:
    today = amsterdam_day(region.now)
    return {"id": _id("person", number), "email": f"p{number}@example.test", "name": f"P {number}", "language": "nl", "created_at": region.now, "seen_on": today}


def _firm(region: Region, number: int) -> dict[str, Any]:
    return {
        "id": _id("firm", number), "slug": f"bedrijf-{number}", "name": f"Bedrijf {number}", "kind": OrganisationKind.EMPLOYER,
        "size_class": region.chance.choice(tuple(SizeClass)), "sector": region.chance.choice(tuple(current().sectors)), "created_at": region.now,
    }


def _school(region: Region, _number: int) -> dict[str, Any]:
    return {"id": _PROVIDER, "slug": "hogeschool", "name": "Hogeschool", "kind": OrganisationKind.PROVIDER, "created_at": region.now}


def _provider(_region: Region, _number: int) -> dict[str, Any]:
    return {"id": _PROVIDER, "slug": "hogeschool", "name": "Hogeschool", "kind": ProviderKind.HBO, "city": "Almere"}


def _module(region: Region, number: int) -> dict[str, Any]:
    return {
        "id": _id("module", number), "provider_id": _PROVIDER, "slug": f"module-{number}", "code": f"M{number}", "external_id": f"M{number}", "kind": ModuleKind.LOOSE_MODULE,
        "title": Localized(_name(number), _name(number)), "state": PublicationState.PUBLISHED, "changed_at": region.now, "languages": ["nl"],
        "sectors": [region.chance.choice(tuple(current().sectors))], "version": 1,
    }


def _outcome(_region: Region, number: int) -> dict[str, Any]:
    return {"id": _id("outcome", number), "module_id": _id("module", number), "position": 1, "text": Localized(_name(number))}


def _outcome_skill(_region: Region, number: int) -> dict[str, Any]:
    return {"outcome_id": _id("outcome", number), "skill_uri": _uri(number), "scheme_version": "1", "label": Localized(_name(number), _name(number))}


def _offering(region: Region, number: int) -> dict[str, Any]:
    first = amsterdam_day(region.now) + timedelta(days=region.chance.randrange(-300, 150))
    return {
        "id": _id("offering", number), "code": f"C{number}", "module_id": _id("module", number), "state": OfferingState.ACTIVE, "starts_on": first,
        "ends_on": first + timedelta(days=60), "part_of_day": PartOfDay.EVENING, "mode": DeliveryMode.ONLINE, "language": "nl", "seats": 20,
    }


def _seats(region: Region, number: int) -> dict[str, Any]:
    return {"id": _id("seats", number), "offering_id": _id("offering", number), "kind": PoolKind.PUBLIC, "capacity": 20, "taken": region.chance.randint(0, 20)}


def _waiting(region: Region, number: int) -> dict[str, Any]:
    at, place = region.moment(), region.skill()
    is_waiting = number < region.number("people") and region.chance.random() < _STILL_WAITING  # one place at most in each line
    return {
        "id": _id("enrolment", number), "code": f"E{number}", "offering_id": _id("offering", place), "pool_id": _id("seats", place),
        "person_id": _id("person", number % region.number("people")), "module_version": 1, "state": EnrolmentState.WAITING if is_waiting else EnrolmentState.EXPIRED,
        "asked_at": at, "queued_at": at, "when_can_you": region.slots(), "ended_at": None if is_waiting else min(at + _WAITED, region.now),
    }


def _demand(region: Region, number: int) -> dict[str, Any]:
    at, is_firm = region.moment(), region.chance.random() < 0.5  # noqa: PLR2004 - half of them
    return {
        "id": _id("demand", number), "code": f"V{number}", "party": Party.EMPLOYER if is_firm else Party.CITIZEN, "state": DemandState.LAPSED, "email": f"d{number}@example.test",
        "person_id": region.person(), "organisation_id": region.firm() if is_firm else None, "language": "nl", "words": "Iets leren",
        "people": region.chance.randint(1, 9) if is_firm else 1, "slots": region.slots(), "postcode": region.postcode(), "made_at": at, "proven_at": at,
        "ended_at": min(at + 2 * _WAITED, region.now),
    }


def _demand_skill(region: Region, number: int) -> dict[str, Any]:
    return {"demand_id": _id("demand", number), "skill_uri": _uri(region.skill())}


def _pool(region: Region, number: int) -> dict[str, Any]:
    return {
        "id": _id("pool", number), "code": f"G{number}", "state": PoolState.GATHERING, "title": "Samen leren", "language": "nl", "skills": [_uri(region.skill())],
        "area": region.chance.choice(_AREAS), "threshold": 2, "most_seats": 20, "price": Money(300_00), "deadline": amsterdam_day(region.now) + timedelta(days=30),
        "made_at": region.moment(),
    }


def _pledge(region: Region, number: int) -> dict[str, Any]:
    at, is_firm = region.moment(), region.chance.random() < 0.5  # noqa: PLR2004 - half of them
    return {
        "id": _id("pledge", number), "code": f"T{number}", "pool_id": _id("pool", number // _PER_POOL), "party": Party.EMPLOYER if is_firm else Party.CITIZEN,
        "state": PledgeState.OPEN, "email": f"t{number}@example.test", "person_id": region.person(), "organisation_id": region.firm() if is_firm else None, "language": "nl",
        "seats": region.chance.randint(1, 5) if is_firm else 1, "slots": region.slots(), "most_price": Money(300_00), "made_at": at, "proven_at": at,
    }


def _wish(region: Region, number: int) -> dict[str, Any]:
    terms = _name(region.skill())
    return {
        "id": _id("wish", number), "kind": SavedKind.WISH, "state": SavedState.ACTIVE, "email": f"w{number}@example.test", "language": "nl", "query": terms, "parameters": [],
        "terms": terms, "fingerprint": f"{number:064}", "created_at": region.moment(), "looked_at": region.now,
    }


def _blocker(region: Region, number: int) -> dict[str, Any]:
    return {
        "id": _id("blocker", number), "module_id": None, "subject": _uri(region.skill()), "limits": [], "parts": [], "area": region.chance.choice(_AREAS),
        "found_at": region.moment(), "ended_at": None,
    }


def _decision(region: Region, number: int) -> dict[str, Any]:
    at = region.moment()
    return {
        "id": _id("decision", number), "number": f"B{number}", "ground": DecisionGround.EQUIVALENCE, "person_id": region.person(), "module_id": _id("module", number % SKILLS),
        "provider_id": _PROVIDER, "state": DecisionState.REFUSED, "decided_at": at, "appeal_until": at + _WAITED, "counts": Decimal(0), "beyond": Decimal(0), "digest": "",
    }


def _answer(_region: Region, number: int) -> dict[str, Any]:
    wording = Localized(_name(number % SKILLS))
    return {"decision_id": _id("decision", number), "outcome_id": _id("outcome", number % SKILLS), "wording": wording, "judgement": Judgement.NO, "ec": Decimal(0)}


def _search(region: Region, number: int) -> dict[str, Any]:
    hits = region.chance.choice((0, 0, 1, 2, 8, 30, 60))
    return {
        "id": number + 1, "day": amsterdam_day(region.moment()), "hour": region.chance.randrange(24), "language": "nl", "terms": _name(region.skill()), "redacted": False,
        "filters": {}, "choices": 0, "sort": "best", "hits": hits, "looser": False,
    }
