"""Rows of every room that reports read, written as they stand in the tables: what reports count is what is there, whatever use case made it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

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
    Place,
    PlaceKind,
    Provider,
    ProviderKind,
    PublicationState,
)
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.employers.models import Demand, DemandSkill, Pledge, Pool
from academy.enrolment.kinds import EnrolmentState, PoolKind, Why
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatPool
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized, fold
from academy.pathways.kinds import GoalKind
from academy.pathways.models import Pathway, RouteBlocker
from academy.recognition.kinds import DecisionGround, DecisionState, Judgement
from academy.recognition.models import Decision, DecisionAnswer
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchEvent
from academy.skills.models import ConceptStatus, LabelKind, Skill, SkillKind, SkillLabel

CLOUD, WELDING, DUTCH = "http://esco/cloud", "http://esco/welding", "http://esco/dutch"  # skills
NAMES: Final = {CLOUD: ("cloudbeheer", "cloud management"), WELDING: ("lassen", "welding"), DUTCH: ("Nederlands spreken", "speak Dutch")}
ALMERE, ZWOLLE = (52.37, 5.22), (52.51, 6.09)  # areas 13 and 80

_numbers = itertools.count(1)


@dataclass
class Rows:
    """Writes rows with defaults; a test names only what matters to it. `now` is the moment of what says no other."""

    session: Session
    now: datetime
    provider_id: UUID = field(default_factory=new_id)
    _has_provider: bool = False
    _skills: set[str] = field(default_factory=set)

    def person(self, email: str = "") -> UUID:
        """Make a person; returns their id."""
        number = next(_numbers)
        person = Person(id=new_id(), email=email or f"p{number}@example.test", name=f"Persoon {number}", language="nl", created_at=self.now, seen_on=amsterdam_day(self.now))
        self._put(person)
        return person.id

    def firm(self, sector: str = "", size: SizeClass | None = SizeClass.UNDER_5, kind: OrganisationKind = OrganisationKind.EMPLOYER) -> UUID:
        number = next(_numbers)
        firm = Organisation(id=new_id(), slug=f"bedrijf-{number}", name=f"Bedrijf {number}", kind=kind, size_class=size, sector=sector, created_at=self.now)
        self._put(firm)
        return firm.id

    def skill(self, uri: str, *, kind: SkillKind = SkillKind.SKILL, **names: str) -> str:
        """Make a skill with its preferred names by language; returns its URI."""
        self._skills.add(uri)
        self._put(Skill(uri=uri, scheme="esco", kind=kind, first_version="1", last_version="1", status=ConceptStatus.RELEASED, description=""))
        for language, name in names.items():
            self.name(uri, name, language, LabelKind.PREFERRED)
        return uri

    def name(self, uri: str, name: str, language: str = "nl", kind: LabelKind = LabelKind.ALTERNATIVE) -> None:
        self._put(SkillLabel(skill_uri=uri, language=language, folded=fold(name), kind=kind, text=name))

    def skills(self) -> None:
        """Make the skills of NAMES, as far as they are not there."""
        for uri in NAMES.keys() - self._skills:
            dutch, english = NAMES[uri]
            self.skill(uri, nl=dutch, en=english)

    def module(self, *skills: str, sectors: Sequence[str] = (), state: PublicationState = PublicationState.PUBLISHED, **values: Any) -> UUID:
        """Make a module with one outcome of these skills; returns its id."""
        self._provide()
        number = next(_numbers)
        module = Module(**{
            "id": new_id(), "provider_id": self.provider_id, "slug": f"module-{number}", "code": f"M-{number}", "external_id": f"M-{number}", "kind": ModuleKind.LOOSE_MODULE,
            "title": Localized(f"Module {number}", f"Module {number}"), "state": state, "changed_at": self.now, "sectors": list(sectors), "languages": ["nl"], "version": 1,
        } | values)
        self._put(module)
        self.outcome(module.id, *skills)
        return module.id

    def outcome(self, module_id: UUID, *skills: str, position: int = 1, left_in_version: int | None = None) -> UUID:
        if not self._skills.issuperset(skills):
            self.skills()
        outcome = LearningOutcome(id=new_id(), module_id=module_id, position=position, text=Localized("Je kunt het.", "You can do it."), left_in_version=left_in_version)
        self._put(outcome)
        for uri in skills:
            self._put(OutcomeSkill(outcome_id=outcome.id, skill_uri=uri, scheme_version="1", label=Localized(uri, uri)))
        return outcome.id

    def offering(
        self, module_id: UUID, *, starts_on: date | None = None, seats: int = 20, taken: int | None = 0, at: tuple[float, float] | None = None, sponsored: int = 0,
        mode: DeliveryMode = DeliveryMode.ON_CAMPUS, state: OfferingState = OfferingState.ACTIVE, language: str = "nl", flexible_until: date | None = None,
    ) -> UUID:
        """Make a class with its public seats and those of a sponsor; `taken` None: it has no pools. Returns its id."""
        first = starts_on or amsterdam_day(self.now)
        place = None
        if at is not None:
            place = Place(id=new_id(), key=f"plek-{next(_numbers)}", name=Localized("Plek", "Place"), kind=PlaceKind.CAMPUS, latitude=at[0], longitude=at[1])
            self._put(place)
        offering = Offering(
            id=new_id(), code=f"C{next(_numbers)}", module_id=module_id, place_id=place and place.id, state=state, starts_on=first, ends_on=first + timedelta(days=60),
            flexible_from=first if flexible_until else None, flexible_until=flexible_until, part_of_day=PartOfDay.EVENING, mode=mode, language=language, seats=seats,
        )
        self._put(offering)
        if taken is not None:
            self._put(SeatPool(id=new_id(), offering_id=offering.id, kind=PoolKind.PUBLIC, capacity=seats - sponsored, taken=taken))
        if sponsored:
            pool = SeatPool(id=new_id(), offering_id=offering.id, kind=PoolKind.SPONSOR, name="Van een bedrijf", sponsor_id=self.firm(), capacity=sponsored, taken=0)
            self._put(pool)
        return offering.id

    def demand(
        self, *skills: str, firm: UUID | None = None, by: UUID | None = None, at: datetime | None = None, state: DemandState = DemandState.OPEN, postcode: str = "",
        ended_at: datetime | None = None, **values: Any,
    ) -> UUID:
        """Make a demand of a firm, else of a citizen; its letter was followed at once."""
        moment = at or self.now
        proven = None if state is DemandState.UNPROVEN else moment
        demand = Demand(**{
            "id": new_id(), "code": f"V{next(_numbers)}", "party": Party.CITIZEN if firm is None else Party.EMPLOYER, "state": state, "email": f"d{next(_numbers)}@example.test",
            "person_id": by or self.person(), "organisation_id": firm, "language": "nl", "words": "Iets leren", "people": 1, "slots": [], "postcode": postcode,
            "made_at": moment, "proven_at": proven, "answered_at": proven if state is DemandState.ANSWERED else None, "ended_at": ended_at,
        } | values)
        self._put(demand)
        for uri in skills:
            self._put(DemandSkill(demand_id=demand.id, skill_uri=uri))
        return demand.id

    def pool(self, *skills: str, module_id: UUID | None = None, area: str = "13", state: PoolState = PoolState.GATHERING, price: int | None = None) -> UUID:
        pool = Pool(
            id=new_id(), code=f"G{next(_numbers)}", state=state, title="Samen leren", language="nl", module_id=module_id, skills=list(skills), area=area, threshold=2,
            most_seats=20, price=None if price is None else Money(price), deadline=amsterdam_day(self.now) + timedelta(days=30), made_at=self.now,
            ended_at=self.now if state is PoolState.LAPSED else None,
        )
        self._put(pool)
        return pool.id

    def pledge(self, pool_id: UUID, *, firm: UUID | None = None, by: UUID | None = None, at: datetime | None = None, **values: Any) -> UUID:
        moment = at or self.now
        most = values.pop("most", None)
        pledge = Pledge(**{
            "id": new_id(), "code": f"T{next(_numbers)}", "pool_id": pool_id, "party": Party.CITIZEN if firm is None else Party.EMPLOYER, "state": PledgeState.OPEN,
            "email": f"t{next(_numbers)}@example.test", "person_id": by or self.person(), "organisation_id": firm, "language": "nl", "seats": 1, "slots": [],
            "most_price": None if most is None else Money(most), "made_at": moment, "proven_at": moment,
        } | values)
        self._put(pledge)
        return pledge.id

    def waiting(
        self, offering_id: UUID, *, by: UUID | None = None, at: datetime | None = None, left_at: datetime | None = None, state: EnrolmentState | None = None, slots: Sequence[str] = (),
    ) -> UUID:
        """Put somebody in line; who left is waiting no more: expired, unless a state is given."""
        moment = at or self.now
        pool_id = self._public_pool(offering_id)
        now_in = state or (EnrolmentState.WAITING if left_at is None else EnrolmentState.EXPIRED)
        has_ended = now_in in {EnrolmentState.EXPIRED, EnrolmentState.CANCELLED}
        row = Enrolment(
            id=new_id(), code=f"E{next(_numbers)}", offering_id=offering_id, pool_id=pool_id, person_id=by or self.person(), module_version=1, state=now_in,
            asked_at=moment, queued_at=moment, when_can_you=list(slots), ended_at=(left_at or moment) if has_ended else None,
            confirmed_at=moment if now_in is EnrolmentState.CONFIRMED else None,
        )
        self._put(row)
        if left_at is not None:
            self._put(EnrolmentStep(id=new_id(), enrolment_id=row.id, from_state=EnrolmentState.WAITING, to_state=now_in, why=Why.SEAT_CAME_FREE, at=left_at))
        return row.id

    def wish(self, terms: str, *, email: str | None = None, at: datetime | None = None, language: str = "nl", parameters: Sequence[tuple[str, str]] = (),
             state: SavedState = SavedState.ACTIVE) -> UUID:
        moment = at or self.now
        row = SavedSearch(
            id=new_id(), kind=SavedKind.WISH, state=state, email=email, language=language, query=terms, parameters=[list(each) for each in parameters], terms=terms,
            fingerprint=f"{next(_numbers):064}", people=None, created_at=moment, looked_at=moment,
        )
        self._put(row)
        return row.id

    def refused(
        self, outcome_id: UUID, module_id: UUID, *, by: UUID | None = None, at: datetime | None = None, judgement: Judgement = Judgement.NO, replaces: UUID | None = None,
    ) -> UUID:
        moment = at or self.now
        decision = Decision(
            id=new_id(), number=f"B{next(_numbers)}", ground=DecisionGround.EQUIVALENCE, person_id=by or self.person(), module_id=module_id, provider_id=self.provider_id,
            state=DecisionState.REFUSED if replaces is None else DecisionState.REVISED, decided_at=moment, appeal_until=moment + timedelta(days=42), replaces_id=replaces,
            counts=Decimal(0), beyond=Decimal(0), digest="",
        )
        self._put(decision)
        self._put(DecisionAnswer(decision_id=decision.id, outcome_id=outcome_id, wording=Localized("Je kunt het.", "You can do it."), judgement=judgement, ec=Decimal(0)))
        return decision.id

    def blocked(self, *, skill: str = "", module_id: UUID | None = None, at: datetime | None = None, ended_at: datetime | None = None, **values: Any) -> UUID:
        row = RouteBlocker(**{
            "id": new_id(), "module_id": module_id, "subject": skill if module_id is None else module_id.hex, "limits": [], "parts": [], "area": "13",
            "found_at": at or self.now, "ended_at": ended_at,
        } | values)
        self._put(row)
        return row.id

    def pathway(self, by: UUID | None = None) -> UUID:
        number = next(_numbers)
        row = Pathway(
            id=new_id(), edit_key=f"edit-{number}", read_key=f"read-{number}", person_id=by, goal=GoalKind.SKILLS, skills=[], made_at=self.now, changed_at=self.now, seen_at=self.now,
        )
        self._put(row)
        return row.id

    def searches(
        self, terms: str, times: int = 1, *, on: date | None = None, hits: int = 0, looser: bool = False, language: str = "nl", filters: dict[str, list[str]] | None = None,
    ) -> None:
        for _each in range(times):
            self._put(SearchEvent(
                id=next(_numbers), day=on or amsterdam_day(self.now), hour=10, language=language, terms=terms, redacted=False, filters=filters or {},
                choices=sum(map(len, (filters or {}).values())), sort="best", hits=hits, looser=looser,
            ))

    def _public_pool(self, offering_id: UUID) -> UUID:
        return next(each.id for each in self.session.query(SeatPool).filter_by(offering_id=offering_id, kind=PoolKind.PUBLIC))

    def _provide(self) -> None:
        if self._has_provider:
            return
        self._has_provider = True
        self._put(Organisation(
            id=self.provider_id, slug=f"opleider-{self.provider_id.hex[-8:]}", name="Opleider", kind=OrganisationKind.PROVIDER, created_at=self.now,
        ))
        self._put(Provider(id=self.provider_id, slug=f"opleider-{self.provider_id.hex[-8:]}", name="Opleider", kind=ProviderKind.HBO, city="Almere"))

    def _put(self, row: Any) -> None:
        self.session.add(row)
        self.session.flush()


def fill(session: Session, now: datetime) -> dict[str, UUID]:
    """Write what a small region looks like: twelve people in Almere who wait for cloud management, four firms that ask for it, and a class that is nearly full.

    Eleven wish to weld, who live nobody knows where, and Dutch is sought in vain only. Returns the ids of the module (`module`), its class (`class`) and the pool (`pool`).
    """
    rows = Rows(session, now)
    rows.skills()
    module_id = rows.module(CLOUD, sectors=("ict",), title=Localized("Cloud beheren", "Managing clouds"))
    full = rows.offering(module_id, seats=20, taken=18, at=ALMERE, starts_on=amsterdam_day(now) + timedelta(days=20))
    before = now - timedelta(days=1)
    for number in range(12):
        rows.waiting(full, by=rows.person(), at=before, slots=("tue-evening",) if number % 2 else ("tue-evening", "sat-morning"))
    pool_id = rows.pool(module_id=module_id, price=400_00)
    for number in range(4):
        firm, person = rows.firm("ict" if number else "zorg"), rows.person()
        demand_id = rows.demand(CLOUD, firm=firm, by=person, people=3 + number, postcode="1322", at=before, slots=["wed-evening"])
        if number < 3:
            rows.pledge(pool_id, firm=firm, by=person, demand_id=demand_id, seats=3 + number, most=450_00, at=before)
    for _each in range(11):
        rows.wish("lassen", email=f"w{next(_numbers)}@example.test", at=before)
    yesterday = amsterdam_day(before)
    rows.searches("nederlands spreken", 4, on=yesterday)
    rows.searches("nederlands spreken", on=yesterday - timedelta(days=1))
    rows.searches("cloudbeheer", 6, on=yesterday, filters={"sector": ["ict"]})
    rows.searches("cloudbeheer", on=yesterday - timedelta(days=1), filters={"sector": ["ict"]})
    return {"module": module_id, "class": full, "pool": pool_id}
