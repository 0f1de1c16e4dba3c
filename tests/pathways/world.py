"""A small Associate degree with classes in evenings and by day, another provider with alternatives, a learner and who works there.

Periods begin on 1 September, 15 November, 1 February and 20 April; the world's moment is 1 September 2026, so that period 0 begins that day.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role, add_membership
from academy.catalogue import api as catalogue
from academy.catalogue.models import LearningOutcome, Module, Offering, OutcomeSkill
from academy.enrolment.kinds import EnrolmentState, PoolKind, ResultScale
from academy.enrolment.models import Enrolment, Result, SeatPool
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import GoalKind, HasKind, Match
from academy.pathways.models import Pathway, PathwayHas, PathwayWithout
from academy.pathways.queries.pathways import pathway_by_id
from academy.pathways.queries.supply import forget_supply
from academy.recognition.kinds import DecisionGround, EvidenceKind, Judgement
from academy.recognition.models import Equivalence, EquivalenceOutcome
from academy.recognition.queries.outcomes import modules_to_claim
from academy.recognition.rules.patterns import source_key, wording_digest
from academy.recognition.service.booking import About, Answered, book_decision
from academy.skills.models import ConceptStatus, Skill, SkillKind
from tests import builders

SLUG, OTHER = "windesheim", "aeres"
EC: Final = Decimal(5)
NETWORKS, PROGRAMMING = "http://esco/networks", "http://esco/programming"  # skills
AUTUMN, WINTER, SPRING, SUMMER = date(2026, 9, 7), date(2026, 11, 16), date(2027, 2, 1), date(2027, 4, 20)  # in which classes begin
LENGTH: Final = timedelta(days=63)
_KIND = catalogue.RequirementKind
_EVENING, _DAY = catalogue.PartOfDay.EVENING, catalogue.PartOfDay.DAY


class Class(NamedTuple):
    """A class of the world as it is written below."""

    module: str
    starts_on: date
    weekday: str
    part: catalogue.PartOfDay = _EVENING
    place: str | None = "almere"
    price: int = 300_00
    seats: int = 20


# What each module needs first, in the words of a file.
MODULES: Final = {"NET-01": "", "PRG-01": "", "PRG-02": "PRG-01", "DAT-01": "", "SEC-01": "NET-01 & ec>=10", "UX-01": "level>=4"}
OTHERS: Final = {"CLD-01": "", "NETA-01": ""}  # of Aeres
CLASSES: Final = (
    Class("NET-01", AUTUMN, "mon"), Class("NET-01", AUTUMN, "thu", _DAY, "lelystad", 200_00), Class("PRG-01", AUTUMN, "tue"),
    Class("PRG-02", WINTER, "tue"), Class("DAT-01", WINTER, "mon"), Class("SEC-01", SPRING, "mon"), Class("UX-01", SPRING, "tue", _DAY),
    Class("CLD-01", SPRING, "wed", _EVENING, "lelystad"), Class("NETA-01", AUTUMN, "wed", _EVENING, None, 0),
)


@dataclass
class World:
    """People by their part, modules by their key; `run` is a transaction of its own. Classes are by (module, weekday)."""

    database: Database
    now: datetime
    provider_id: UUID
    other_id: UUID
    programme_id: UUID
    programme_slug: str
    modules: dict[str, UUID]
    slugs: dict[str, str]
    classes: dict[tuple[str, str], str]  # codes
    learner: Actor
    planner: Actor
    board: Actor
    owner: Actor
    stranger: Actor
    slug: str = SLUG

    def run(self, act: Callable[..., Any], **what: Any) -> Any:
        """Let somebody do something, at the world's moment unless it says otherwise."""
        with self._changing() as session:
            return act(session, **({"now": self.now} | what))

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """Open a transaction, and read the supply again afterwards: it is remembered for half a minute, in which a test happens."""
        with self.database.writing() as session:
            yield session
        forget_supply()

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)

    def facts(self, pathway_id: UUID) -> PathwayFacts:
        with self.database.reading() as session:
            found = pathway_by_id(session, pathway_id)
            assert found is not None
            return found

    def pathway(self, *, of: Actor | None = None, has: Collection[tuple[str, Match]] = (), without: Collection[str] = (), **values: Any) -> PathwayFacts:
        """Make a pathway to the programme for who has twenty hours a week; `has` are (module that it counts as, how far)."""
        columns: dict[str, Any] = {"goal": GoalKind.PROGRAMME, "hours": 20} | values
        if columns["goal"] is GoalKind.PROGRAMME:
            columns.setdefault("programme_id", self.programme_id)
        with self.database.writing() as session:
            row = Pathway(
                id=new_id(), edit_key=f"edit-{new_id().hex}", read_key=f"read-{new_id().hex}", person_id=None if of is None else of.person_id,
                made_at=self.now, changed_at=self.now, seen_at=self.now, **columns,
            )
            row.has = [
                PathwayHas(id=new_id(), position=position, kind=HasKind.COURSE, said=key, for_module_id=self.modules[key], fits=fits)
                for position, (key, fits) in enumerate(has)
            ]
            session.add(row)
            session.flush()
            session.add_all(PathwayWithout(pathway_id=row.id, module_id=self.modules[key]) for key in without)
            pathway_id = row.id
        return self.facts(pathway_id)

    def person(self, name: str, *roles: Role, at: UUID | None = None) -> Actor:
        """Return somebody new, with roles at the provider, or at another organisation."""
        with self.database.writing() as session:
            return person_in(session, self.now, name, at or self.provider_id, *roles)

    def open_class(self, of: Class) -> str:
        with self._changing() as session:
            return class_in(session, self.now, self.other_id if of.module in OTHERS else self.provider_id, of)

    def enrol(self, of: Actor, key: str, weekday: str) -> UUID:
        """Put somebody in a class that has begun or will, whatever it costs; returns the enrolment."""
        with self._changing() as session:
            return enrolled_in(session, self.now, of, self.classes[key, weekday])

    def passed(self, of: Actor, key: str, weekday: str, *, is_passed: bool = True) -> UUID:
        """Let somebody have a final result."""
        with self._changing() as session:
            enrolment_id = enrolled_in(session, self.now, of, self.classes[key, weekday])
            session.add(Result(
                enrolment_id=enrolment_id, scale=ResultScale.GRADE_0_10, grade="8.0" if is_passed else "4.0", is_passed=is_passed, ec=EC if is_passed else Decimal(0),
                entered_at=self.now, entered_by=self.planner.person_id, final_at=self.now, final_by=self.board.person_id,
            ))
        return enrolment_id

    def recognised(self, of: Actor, key: str, *, outcomes: int = 2) -> None:
        """Let a board grant the first outcomes of a module, each worth half of it."""
        with self.database.writing() as session:
            recognised_in(session, self, of, key, outcomes)

    def equivalence(self, key: str, source: str, code: str, *, kind: EvidenceKind = EvidenceKind.MODULE_ELSEWHERE) -> None:
        """Publish that whoever has this gets all outcomes of a module, from today, for a year."""
        with self._changing() as session:
            equivalence_in(session, self, key, kind, source, code)


def person_in(session: Session, now: datetime, name: str, organisation_id: UUID, *roles: Role) -> Actor:
    """Make somebody who is signed in, with these roles somewhere."""
    actor = builders.actor(session, now, name=name)
    for role in roles:
        add_membership(session, person_id=actor.person_id, organisation_id=organisation_id, role=role)
    return actor


def make_world(database: Database, now: datetime) -> World:
    with database.writing() as session:
        provider_id, other_id = builders.provider(session, SLUG), builders.provider(session, OTHER, "Aeres Hogeschool")
        _places(session)
        _modules(session, now, provider_id, MODULES)
        _modules(session, now, other_id, OTHERS)
        catalogue.link_prerequisites(session, provider_id=provider_id)
        programme_id = _programme(session, now, provider_id)
        rows = session.execute(select(Module.external_id, Module.id, Module.slug)).all()
        _skills(session, {row.external_id: row.id for row in rows})
        classes = {(each.module, each.weekday): class_in(session, now, other_id if each.module in OTHERS else provider_id, each) for each in CLASSES}

        def somebody(name: str, *roles: Role) -> Actor:
            return person_in(session, now, name, provider_id, *roles)

        return World(
            database, now, provider_id, other_id, programme_id, "ad-ict", {row.external_id: row.id for row in rows}, {row.external_id: row.slug for row in rows}, classes,
            learner=somebody("Sam de Vries"), planner=somebody("Piet Planner", Role.PLANNER), board=somebody("Bea Bestuur", Role.EXAM_BOARD),
            owner=somebody("Els Eigenaar", Role.OWNER), stranger=somebody("Wim Vreemd"),
        )


def _places(session: Session) -> None:
    for key, north, east in (("almere", 52.37, 5.22), ("lelystad", 52.51, 5.47)):
        catalogue.register_place(session, catalogue.PlaceDraft(
            key=key, name=Localized(key.title()), city=key.title(), kind=catalogue.PlaceKind.CAMPUS, latitude=north, longitude=east,
        ))


def _modules(session: Session, now: datetime, provider_id: UUID, keys: dict[str, str]) -> None:
    """Make modules of 5 EC (140 hours) with two outcomes each."""
    for key, needs in keys.items():
        builders.module(
            session, now, provider_id=provider_id, external_id=key, code=key, title=Localized(f"Module {key}", f"Module {key} in English"), ec=EC, hours=140,
            prerequisites=catalogue.parse_prerequisites(needs), price=Money(300_00),
            outcomes=(catalogue.OutcomeDraft(Localized(f"Je kunt {key}.")), catalogue.OutcomeDraft(Localized(f"Je legt {key} uit."))),
        )


def _programme(session: Session, now: datetime, provider_id: UUID) -> UUID:
    """Make a degree of 30 EC: a core of 20, and 10 of choice; 15 of them at the provider itself."""
    def leaf(key: str, provider: str = "") -> catalogue.RequirementDraft:
        return catalogue.RequirementDraft(_KIND.MODULE, module=key, provider=provider)

    core = catalogue.RequirementDraft(_KIND.ALL_OF, Localized("Kern", "Core"), items=tuple(leaf(key) for key in ("NET-01", "PRG-01", "PRG-02", "DAT-01")))
    choice = catalogue.RequirementDraft(
        _KIND.CREDITS_OF, Localized("Keuze", "Choice"), ec=Decimal(10), items=(leaf("SEC-01"), leaf("UX-01"), leaf("CLD-01", OTHER)),
    )
    draft = catalogue.ProgrammeDraft(
        "AD ICT", "AD ICT", Localized("AD ICT"), ec=Decimal(30), nlqf="5", entry_nlqf="4", ec_at_provider=Decimal(15),
        requirements=catalogue.RequirementDraft(_KIND.ALL_OF, Localized("AD ICT"), items=(core, choice)),
    )
    catalogue.upsert_programmes(session, provider_id=provider_id, drafts=[draft], now=now)
    [found] = catalogue.programmes(session, provider_id=provider_id)
    return found.id


def _skills(session: Session, modules: dict[str, UUID]) -> None:
    """Let modules train skills: networks by two providers, programming by one."""
    for uri in (NETWORKS, PROGRAMMING):
        session.add(Skill(
            uri=uri, scheme="esco", kind=SkillKind.SKILL, reuse_level=None, first_version="1", last_version="1", status=ConceptStatus.RELEASED, description="",
        ))
    session.flush()
    for key, uri in (("NET-01", NETWORKS), ("NETA-01", NETWORKS), ("PRG-01", PROGRAMMING)):
        first = select(LearningOutcome.id).where(LearningOutcome.module_id == modules[key]).order_by(LearningOutcome.position).limit(1)
        session.add(OutcomeSkill(outcome_id=session.scalars(first).one(), skill_uri=uri, scheme_version="1", label=Localized(uri.rpartition("/")[2])))


def class_in(session: Session, now: datetime, provider_id: UUID, of: Class) -> str:
    """Open a class; returns its code."""
    return catalogue.open_offering(session, provider_id=provider_id, module_external_id=of.module, draft=catalogue.OfferingDraft(
        starts_on=of.starts_on, ends_on=of.starts_on + LENGTH, periods=(catalogue.PeriodDraft(closes_on=of.starts_on - timedelta(days=3)),),
        mode=catalogue.DeliveryMode.ONLINE if of.place is None else catalogue.DeliveryMode.ON_CAMPUS, part_of_day=of.part, weekdays=(of.weekday,),
        language="nl", seats=of.seats, price=Money(of.price), place_key=of.place,
    ))


def enrolled_in(session: Session, now: datetime, of: Actor, code: str) -> UUID:
    """Write that somebody has a seat for sure, in the class's public pool."""
    offering = session.scalars(select(Offering).where(Offering.code == code)).one()
    pool = session.scalars(select(SeatPool).where(SeatPool.offering_id == offering.id, SeatPool.kind == PoolKind.PUBLIC)).one_or_none()
    if pool is None:
        pool = SeatPool(id=new_id(), offering_id=offering.id, kind=PoolKind.PUBLIC, capacity=offering.seats, taken=0)
        session.add(pool)
    pool.taken += 1
    session.flush()
    row = Enrolment(
        id=new_id(), code=short_code(), offering_id=offering.id, pool_id=pool.id, person_id=of.person_id, module_version=1, state=EnrolmentState.CONFIRMED,
        asked_at=now, confirmed_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def recognised_in(session: Session, world: World, of: Actor, key: str, number: int) -> None:
    """Let the board grant the first outcomes of a module."""
    module = modules_to_claim(session, [world.modules[key]])[world.modules[key]]
    about = About(of.person_id, module.id, module.provider_id, DecisionGround.EQUIVALENCE)
    answers = [Answered(each.id, each.wording, each.worth, Judgement.YES) for each in module.outcomes[:number]]
    book_decision(session, about=about, answers=answers, signers=[world.board.person_id], now=world.now)


def equivalence_in(session: Session, world: World, key: str, kind: EvidenceKind, source: str, code: str) -> None:
    module = modules_to_claim(session, [world.modules[key]])[world.modules[key]]
    row = Equivalence(
        id=new_id(), code=short_code(), provider_id=module.provider_id, module_id=module.id, kind=kind, title=f"{source} {code}", source=source, source_code=code,
        source_key=source_key(kind, source, code), reason="gelijk", valid_from=amsterdam_day(world.now), valid_until=amsterdam_day(world.now) + timedelta(days=365),
        drafted_at=world.now, published_at=world.now, published_by=world.board.person_id,
    )
    session.add(row)
    session.flush()
    session.add_all(
        EquivalenceOutcome(equivalence_id=row.id, outcome_id=each.id, wording_digest=wording_digest(each.wording.in_language("nl"))) for each in module.outcomes
    )
