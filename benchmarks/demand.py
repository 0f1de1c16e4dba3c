"""What fits a question, and which questions fit a module, at 100,000 modules and 10,000 open questions: on a made-up catalogue, through the real index and SQLite.

The questions are titles of modules of another catalogue, as somebody would put them, with a place, moments and a budget; one in five began a pool.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from academy.accounts.models import Person
from academy.catalogue import api as catalogue
from academy.catalogue.models import EnrolmentPeriod, LearningOutcome, Module, Offering, OutcomeSkill, PublicationState
from academy.employers.drafts import DemandDraft
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.employers.models import Demand, DemandSkill, Pledge, Pool
from academy.employers.queries.matching import fitting_demands
from academy.employers.rules import SLOTS
from academy.employers.service.matching import matches_for
from academy.kernel import migrations
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Base, Database, database, set_database
from academy.kernel.money import Money
from academy.kernel.text import Localized, fold
from academy.search import service as search
from academy.search.embedded_engine import EmbeddedEngine
from academy.skills.api import SkillKind
from academy.skills.models import ConceptStatus, LabelKind, SchemeVersion, Skill, SkillBroader, SkillLabel
from benchmarks.outcome import Outcome
from benchmarks.search.catalogue import MadeUp, made_up, prepared, skills

MODULES, QUICK_MODULES = 100_000, 4_000
DEMANDS, QUICK_DEMANDS = 10_000, 1_000
MOST_SECONDS: Final = 1
_PER_POOL: Final = 5
_ASKED, _QUICK_ASKED = 100, 20
_OFFERED, _QUICK_OFFERED = 20, 5
_GROUP: Final = 30  # skills under one broader skill
_BATCH: Final = 5_000
_URI: Final = "http://data.europa.eu/esco/skill/{}"
_PERSON: Final = UUID(int=1)
_PROVIDER: Final = "hogeschool"
_POSTCODES: Final = ("1315", "1333", "8232", "1211", "3811", "")


def measure(*, quick: bool) -> Outcome:
    """Fill an installation, then ask: seconds from the words to the list, the longest of which is the one that counts."""
    modules, demands = (QUICK_MODULES, QUICK_DEMANDS) if quick else (MODULES, DEMANDS)
    asked, offered = (_QUICK_ASKED, _QUICK_OFFERED) if quick else (_ASKED, _OFFERED)
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        set_database(Database(f"sqlite:///{Path(folder) / 'academy.db'}"))
        migrations.upgrade(database())
        now = utc_now()
        _fill(modules, demands, now)
        _index(Path(folder), modules)
        questions = _questions(asked + 1, seed=3)
        found = _spent(partial(matches_for, one, language="nl", now=now) for one in questions)
        fits = _spent(_asked_about(number, now) for number in range(offered + 1))
        database().close()
    figures: dict[str, float | None] = {"modules": modules, "open questions": demands, "pools": demands // _PER_POOL}
    figures |= _figures("match list", found) | _figures("questions for a module", fits)
    return Outcome("demand", figures, {"match list, s: p95": MOST_SECONDS, "questions for a module, s: p95": MOST_SECONDS})


def _spent(works: Iterable[Callable[[], object]]) -> list[float]:
    """Return the seconds of each but the first, which reads what is kept after it."""
    spent = []
    for work in works:
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return spent[1:]


def _figures(name: str, spent: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(spent, n=20, method="inclusive")
    return {f"{name}, s: p50": round(cuts[9], 3), f"{name}, s: p95": round(cuts[18], 3)}


def _asked_about(number: int, now: datetime) -> Callable[[], object]:
    def ask() -> object:
        with database().reading() as session:
            [module] = catalogue.module_facts(session, today=amsterdam_day(now), module_ids=[_id(number)])
            return fitting_demands(session, module, now=now)

    return ask


def _questions(count: int, *, seed: int) -> list[DemandDraft]:
    """Return what people ask: the words of a title, and what they say of when, where and how much."""
    chance = random.Random(seed)
    return [
        DemandDraft(
            Party.EMPLOYER, f"{seed}-{module.number}@example.nl", "nl", f"Onze mensen moeten {module.title.lower()} leren", chance.randint(1, 6),
            tuple(chance.sample(SLOTS, chance.choice((0, 2, 5)))), skills=tuple(_URI.format(each.value) for each in module.skills[: chance.randint(0, 3)]),
            postcode=chance.choice(_POSTCODES), online=chance.random() < 0.4, most_price=Money(chance.choice((250_00, 500_00, 1_000_00))),  # noqa: PLR2004
        )
        for module in made_up(count, seed=seed)
    ]


# Filling


def _fill(modules: int, demands: int, now: datetime) -> None:
    with database().writing() as session:
        _add(session, Person, [{"id": _PERSON, "email": "bench@example.nl", "name": "Bench", "language": "nl", "created_at": now}])
        _add_skills(session, now)
        provider_id = catalogue.register_provider(session, catalogue.ProviderDraft(_PROVIDER, "Hogeschool", catalogue.ProviderKind.HBO))
    rows = made_up(modules)
    while batch := list(islice(rows, _BATCH)):
        with database().writing() as session:
            _add_modules(session, batch, provider_id, now)
    with database().writing() as session:
        _add_demands(session, _questions(demands, seed=2), now)


def _add(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _id(number: int) -> UUID:
    return UUID(int=number + 1)


def _add_skills(session: Session, now: datetime) -> None:
    """Add the skills of the made-up catalogue, with names in both languages and others, in groups."""
    all_skills = skills()
    groups = [_URI.format(f"group-{number}") for number in range(-(-len(all_skills) // _GROUP))]
    common = {"scheme": "esco", "first_version": "1.1.1", "last_version": "1.1.1", "status": ConceptStatus.RELEASED, "description": ""}
    _add(session, SchemeVersion, [{"scheme": "esco", "version": "1.1.1", "loaded_at": now, "counts": {}}])
    _add(session, Skill, [{**common, "uri": uri, "kind": SkillKind.GROUP} for uri in groups])
    _add(session, Skill, [{**common, "uri": _URI.format(each.value), "kind": SkillKind.SKILL} for each in all_skills])
    labels = {
        (_URI.format(each.value), language, fold(text)): {
            "skill_uri": _URI.format(each.value), "language": language, "folded": fold(text), "kind": kind, "text": text,
        }
        for each in all_skills for language, name in (("nl", each.dutch), ("en", each.english))
        for kind, text in ((LabelKind.PREFERRED, name), *((LabelKind.ALTERNATIVE, f"{name} {number}") for number in range(4)))
    }
    _add(session, SkillLabel, list(labels.values()))
    _add(session, SkillBroader, [
        {"skill_uri": _URI.format(each.value), "broader_uri": groups[number // _GROUP]} for number, each in enumerate(all_skills)
    ])


def _add_modules(session: Session, batch: list[MadeUp], provider_id: UUID, now: datetime) -> None:
    """Add modules with their outcomes and skills; two in three have a class that one can enrol in."""
    today = amsterdam_day(now)
    _add(session, Module, [
        {
            "id": _id(each.number), "provider_id": provider_id, "slug": f"module-{each.number}", "code": f"M{each.number}", "external_id": f"M{each.number}",
            "kind": catalogue.ModuleKind.LOOSE_MODULE, "title": Localized(each.title), "summary": Localized(each.summary), "nlqf": "5",
            "price": Money(each.numbers.get("price", 300_00)), "state": PublicationState.PUBLISHED, "changed_at": now,
        }
        for each in batch
    ])
    outcomes = [(each, place, text) for each in batch for place, text in enumerate(each.outcomes)]
    _add(session, LearningOutcome, [
        {"id": _outcome(each.number, place), "module_id": _id(each.number), "position": place, "text": Localized(text)} for each, place, text in outcomes
    ])
    _add(session, OutcomeSkill, [
        {"outcome_id": _outcome(each.number, 0), "skill_uri": _URI.format(skill.value), "scheme_version": "1.1.1", "label": Localized(skill.dutch, skill.english)}
        for each in batch for skill in each.skills
    ])
    with_class = [each for each in batch if each.number % 3]
    _add(session, Offering, [_class_of(each, today) for each in with_class])
    _add(session, EnrolmentPeriod, [
        {
            "id": _outcome(each.number, 98), "offering_id": _outcome(each.number, 99), "target_group": catalogue.TargetGroup.PUBLIC,
            "closes_on": today + timedelta(days=30),
        }
        for each in with_class
    ])


def _class_of(each: MadeUp, today: date) -> dict[str, Any]:
    first = today + timedelta(days=40 + each.number % 300)
    return {
        "id": _outcome(each.number, 99), "code": f"C{each.number}", "module_id": _id(each.number), "starts_on": first, "ends_on": first + timedelta(days=60),
        "weekdays": ["tue"], "part_of_day": catalogue.PartOfDay.EVENING, "mode": catalogue.DeliveryMode.ONLINE, "language": "nl", "seats": 20,
        "price": Money(each.numbers.get("price", 300_00)),
    }


def _outcome(number: int, place: int) -> UUID:
    return UUID(int=((number + 1) << 16) + place + (1 << 90))


def _add_demands(session: Session, questions: list[DemandDraft], now: datetime) -> None:
    """Add open questions; every fifth began a pool, which it and the four after it take part in."""
    there = [(_id(number), each) for number, each in enumerate(questions)]
    _add(session, Demand, [
        {
            "id": key, "code": f"D{key.int}", "party": each.party, "state": DemandState.OPEN, "email": each.email, "person_id": _PERSON, "language": "nl",
            "words": each.words, "people": each.people, "slots": list(each.slots), "postcode": each.postcode, "online": each.online,
            "most_price": each.most_price, "made_at": now, "proven_at": now, "answer_by": now,
        }
        for key, each in there
    ])
    _add(session, DemandSkill, [{"demand_id": key, "skill_uri": uri} for key, each in there for uri in each.skills])
    first = there[::_PER_POOL]
    _add(session, Pool, [
        {
            "id": key, "code": f"P{key.int}", "state": PoolState.GATHERING, "title": each.words[:160], "language": "nl", "skills": list(each.skills),
            "area": each.postcode[:2], "threshold": 12, "most_seats": 40, "deadline": amsterdam_day(now) + timedelta(days=40), "begun_by": key, "made_at": now,
        }
        for key, each in first
    ])
    _add(session, Pledge, [
        {
            "id": key, "code": f"L{key.int}", "pool_id": first[number // _PER_POOL][0], "demand_id": key, "party": each.party, "state": PledgeState.OPEN,
            "email": each.email, "person_id": _PERSON, "language": "nl", "seats": each.people, "slots": list(each.slots), "made_at": now, "proven_at": now,
        }
        for number, (key, each) in enumerate(there)
    ])


def _index(folder: Path, modules: int) -> None:
    """Make the index of the same modules, from the catalogue's own words."""
    engine = EmbeddedEngine(folder / "search")
    engine.rebuild(_documents(modules))
    search.set_engine(engine)


def _documents(modules: int) -> Iterator[Any]:
    return (replace(prepared(each), id=f"module:{_id(each.number)}") for each in made_up(modules))
