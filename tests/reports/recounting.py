"""Random rows of all rooms, what was written of them in plain words, and the cells counted from those words: one cell at a time, with nothing of the program."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from academy.accounts.models import Person, SizeClass
from academy.catalogue.models import DeliveryMode, OfferingState
from academy.employers.kinds import DemandState, PledgeState, PoolState
from academy.enrolment.kinds import EnrolmentState
from academy.recognition.kinds import Judgement
from academy.search.models import SavedState
from tests.reports.world import ALMERE, CLOUD, DUTCH, NAMES, WELDING, ZWOLLE, Rows

AS_OF: Final = date(2026, 8, 20)
FIRST: Final = date(2023, 10, 1)  # of the twelve quarters that are counted
CLUSTERS: Final = {"ict": "c:ict-media", "zorg": "c:health", "welzijn": "c:health", "agrofood": None, "": None}
QUARTERS: Final = tuple(f"{year}-{number}" for year in range(2023, 2027) for number in range(1, 5))[3:-1]

_AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_URIS: Final = (CLOUD, WELDING, DUTCH)
_SECTORS: Final = ("ict", "zorg", "welzijn", "agrofood", "")
_POSTCODES: Final = ("1315", "1322", "8011", "")
# The last moments of a quarter and the first of the next one, in Amsterdam and in UTC.
_EDGES: Final = tuple(datetime(*at, tzinfo=UTC) for at in (
    (2025, 12, 31, 22, 59), (2025, 12, 31, 23, 0), (2026, 3, 31, 21, 59), (2026, 3, 31, 22, 0), (2026, 8, 19, 21, 59), (2026, 8, 19, 22, 0), (2023, 9, 30, 21, 59), (2023, 9, 30, 22, 0),
))


class Said(NamedTuple):
    """A want in plain words: from when until when, of whom, for which skills. A firm is wanted for `people`; `cents` are pledged."""

    source: str
    who: object
    is_firm: bool
    need: object
    begun: datetime
    ended: datetime | None
    skills: tuple[str, ...]
    area: str
    sector: str
    line: str
    people: int = 1
    cents: int = 0


class Sought(NamedTuple):
    day: date
    skill: str
    sector: str


class Told(NamedTuple):
    """What was sought, as far as it may be told: for no skill where it was sought too little."""

    quarter: str
    skill: str
    sector: str


class Planned(NamedTuple):
    starts_on: date  # from then on nobody enters it
    skills: tuple[str, ...]
    area: str
    sectors: tuple[str, ...]
    seats: int
    free: int


class Numbers(NamedTuple):
    """What stands in a cell, before anything is hidden."""

    people: int
    firms: int
    seats: int
    cents_of_people: int
    cents_of_firms: int
    searches: int
    places: int
    free: int


@dataclass
class Writer:
    """Writes random rows, and notes in plain words what counts."""

    rows: Rows
    random: Random
    said: list[Said] = field(default_factory=list)
    sought: list[Sought] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    _people: list[UUID] = field(default_factory=list)
    _firms: list[tuple[UUID, str, bool]] = field(default_factory=list)
    modules: list[tuple[UUID, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)  # (id, its skills, else itself; sectors)

    def write(self, number: int) -> None:
        """Write so many rows of every kind."""
        self.rows.skills()
        self._people = [self.rows.person() for _each in range(number // 2)]
        for sector in self.random.choices((*_SECTORS, "no-sector-of-ours"), k=number // 4):
            alone = self.random.random() < 0.3
            self._firms.append((self.rows.firm(sector, SizeClass.ALONE if alone else SizeClass.UNDER_5), sector if sector in CLUSTERS else "", alone))
        for _each in range(8):
            skills, sectors = self._some(_URIS, 2), self._some(_SECTORS[:-1], 2)
            module_id = self.rows.module(*skills, sectors=sectors)
            self.modules.append((module_id, skills or (f"module:{module_id.hex}",), sectors))
        for _each in range(number):
            for write in (self._demand, self._pledge, self._waiting, self._wish, self._refused, self._blocked, self._search, self._class):
                write()

    def _demand(self) -> None:
        at, ended = self._times()
        state = self.random.choice((DemandState.OPEN, DemandState.MET, DemandState.LAPSED, DemandState.WITHDRAWN, DemandState.UNPROVEN))
        ended = None if state in {DemandState.OPEN, DemandState.UNPROVEN} else ended or at + timedelta(days=100)
        skills, postcode, (language, is_english) = self._some(_URIS, 2), self.random.choice(_POSTCODES), self._language()
        who, sector, is_firm, firm, person = self._asker()
        number = self.random.randint(1, 6)
        demand_id = self.rows.demand(
            *skills, firm=firm, by=person, at=at, state=state, postcode=postcode, ended_at=ended, people=number, language=language,
        )
        line = "7d" if is_english else "7c" if firm is None else "7a"
        taken_back = state is DemandState.WITHDRAWN and ended is not None and _day(ended) < AS_OF
        if state is not DemandState.UNPROVEN and not taken_back:
            self.said.append(Said("demand", who, is_firm, demand_id, at, ended, skills or ("",), postcode[:2], sector, line, number))
        if state is DemandState.OPEN and self.random.random() < 0.5:
            self._pledged(demand_id, who, sector, is_firm, firm, person)

    def _pledge(self) -> None:
        who, sector, is_firm, firm, person = self._asker()
        self._pledged(None, who, sector, is_firm, firm, person)

    def _pledged(self, demand_id: UUID | None, who: object, sector: str, is_firm: bool, firm: UUID | None, person: UUID) -> None:
        module_id, skills, sectors = self.random.choice(self.modules) if self.random.random() < 0.5 else (None, (), ())
        named, area, price = self._some(_URIS, 2), self.random.choice(("13", "80", "")), self.random.choice((None, 300_00))
        at, most, seats = self._times()[0], self.random.choice((None, 450_00)), self.random.randint(1, 5)
        states = [PledgeState.OPEN, PledgeState.WITHDRAWN, PledgeState.LAPSED, PledgeState.UNPROVEN] + ([PledgeState.PLACED] if firm is None else [])
        state = self.random.choice(states)
        proven = None if state is PledgeState.UNPROVEN else at
        answered = at + timedelta(days=120) if state is PledgeState.PLACED else None
        (language, is_english) = self._language()
        pool_id = self.rows.pool(*named, module_id=None, area=area, price=price) if module_id is None else self._pool_of(module_id, area, price)
        pledge_id = self.rows.pledge(
            pool_id, firm=firm, by=person, at=at, demand_id=demand_id, state=state, proven_at=proven, answered_at=answered, seats=seats, most=most, language=language,
        )
        if state in {PledgeState.OPEN, PledgeState.PLACED}:
            self.said.append(Said(
                "pledge", who, is_firm, demand_id or pledge_id, at, answered, skills or named or ("",), area,
                sector or (sectors[0] if sectors else ""), "7d" if is_english else "7c" if firm is None else "7a", seats, seats * (most or price or 0),
            ))

    def _pool_of(self, module_id: UUID, area: str, price: int | None) -> UUID:
        return self.rows.pool(module_id=module_id, area=area, price=price, state=PoolState.LAPSED)  # of open ones there is one per module and area

    def _waiting(self) -> None:
        module_id, skills, sectors = self.random.choice(self.modules)
        at, left_at = self._times()
        (language, is_english), person, place = self._language(), self.random.choice(self._people), self.random.choice((ALMERE, ZWOLLE, None))
        area = "" if place is None else {ALMERE: "13", ZWOLLE: "80"}[place]
        offering_id = self.rows.offering(module_id, seats=0, starts_on=date(2020, 1, 1), language=language, at=place)
        state = self.random.choice((None, EnrolmentState.OFFERED)) if left_at else None
        self.rows.waiting(offering_id, by=person, at=at, left_at=left_at, state=None if state is None else EnrolmentState.CONFIRMED)
        self.said.append(Said("waiting", person, False, "", at, left_at, skills, area, sectors[0] if sectors else "", "7d" if is_english else "7c"))

    def _wish(self) -> None:
        uri = self.random.choice(_URIS)
        name = NAMES[uri][0] if self.random.random() < 0.7 else "iets anders"
        person, at = self.random.choice(self._people), self._times()[0]
        email, who = self.random.choice(((self._address(person), person), (f"n{self.random.randint(0, 30)}@example.test", None), (None, None)))
        sectors = self._some(("ict", "zorg"), 2)
        state = self.random.choice((SavedState.ACTIVE, SavedState.ACTIVE, SavedState.WAITING))
        if email is None and state is SavedState.ACTIVE and FIRST <= _day(at) < AS_OF:
            self.sought.append(Sought(_day(at), "" if name == "iets anders" else uri, sectors[0] if len(sectors) == 1 else ""))
        try_again = email is not None and any(each.source == "wish" and each.who == (who or email) for each in self.said)
        if try_again:
            return
        self.rows.wish(name.casefold(), email=email, at=at, parameters=[("sector", each) for each in sectors], state=state)
        if state is SavedState.ACTIVE and email is not None:
            self.said.append(Said("wish", who or email, False, "", at, None, ("" if name == "iets anders" else uri,), "", sectors[0] if len(sectors) == 1 else "", "7c"))

    def _address(self, person: UUID) -> str:
        found = self.rows.session.get(Person, person)
        assert found is not None
        return found.email

    def _refused(self) -> None:
        module_id, trained, sectors = self.random.choice(self.modules)
        skills, person = self._some(_URIS, 2), self.random.choice(self._people)
        outcome_id = self.rows.outcome(module_id, *skills, position=9, left_in_version=1)  # it left the module: the decision keeps its meaning
        judgement, at = self.random.choice(tuple(Judgement)), self._times()[0]
        decision_id = self.rows.refused(outcome_id, module_id, by=person, at=at, judgement=judgement)
        replaced_at = at + timedelta(days=self.random.randint(1, 400)) if self.random.random() < 0.3 else None
        if replaced_at is not None:
            self.rows.refused(outcome_id, module_id, by=person, at=replaced_at, judgement=Judgement.YES, replaces=decision_id)
        stands = replaced_at is None or _day(replaced_at) >= AS_OF
        if judgement is not Judgement.YES and stands:
            self.said.append(Said("refused", person, False, "", at, at, skills or trained, "", sectors[0] if sectors else "", "7b"))

    def _blocked(self) -> None:
        at, ended = self._times()
        module_id, skills, sectors = self.random.choice(self.modules) if self.random.random() < 0.5 else (None, (self.random.choice(_URIS),), ())
        person = self.random.choice((None, self.random.choice(self._people)))
        pathway_id, area = self.rows.pathway(person), self.random.choice(("13", "80", ""))
        self.rows.blocked(skill="" if module_id else skills[0], module_id=module_id, at=at, ended_at=ended, area=area, pathway_id=pathway_id)
        self.said.append(Said("blocked", person or pathway_id, False, "", at, ended, skills, area, sectors[0] if sectors else "", "7b"))

    def _search(self) -> None:
        uri, day = self.random.choice((*_URIS, "")), _day(self._times()[0])
        language = self.random.choice((0, 1))
        name, hits, looser = NAMES.get(uri, ("iets anders", "something else"))[language].casefold(), self.random.choice((0, 2, 3, 40)), self.random.random() < 0.2
        sectors = self._some(("ict", "agrofood", "no-sector-of-ours"), 2)
        self.rows.searches(name, on=day, hits=hits, looser=looser, language=self.random.choice(("nl", "en")), filters={"sector": list(sectors), "mode": ["online"]} if sectors else {})
        if (hits < 3 or looser) and FIRST <= day < AS_OF:
            self.sought.append(Sought(day, uri, sectors[0] if len(sectors) == 1 and sectors[0] in CLUSTERS else ""))

    def _class(self) -> None:
        module_id, skills, sectors = self.random.choice(self.modules)
        seats, place = self.random.randint(5, 30), self.random.choice((ALMERE, ZWOLLE, None))
        sponsored, taken, has_pools = self.random.randint(0, 4), self.random.randint(0, 1), self.random.random() < 0.8
        mode, state = self.random.choice((DeliveryMode.ON_CAMPUS, DeliveryMode.ONLINE)), self.random.choice((OfferingState.ACTIVE, OfferingState.ACTIVE, OfferingState.CONCEPT))
        starts_on = date(2023, 1, 1) + timedelta(days=self.random.randint(0, 1700))
        self.rows.offering(
            module_id, starts_on=starts_on, seats=seats, taken=taken if has_pools else None, sponsored=sponsored if has_pools else 0, at=place, mode=mode, state=state,
        )
        if state is OfferingState.ACTIVE:
            area = {ALMERE: "13", ZWOLLE: "80"}.get(place, "") if place and mode is DeliveryMode.ON_CAMPUS else ""
            self.planned.append(Planned(starts_on, skills, area, sectors, seats, seats - taken - sponsored if has_pools else seats))

    def _asker(self) -> tuple[object, str, bool, UUID | None, UUID]:
        """Return (who counts, sector, whether it is a firm, the firm, the person who acts)."""
        person = self.random.choice(self._people)
        if self.random.random() < 0.4:
            return person, "", False, None, person
        firm, sector, alone = self.random.choice(self._firms)
        return (person, sector, False, firm, person) if alone else (firm, sector, True, firm, person)

    def _times(self) -> tuple[datetime, datetime | None]:
        """Return when something began, before, in or after what is counted, and when it ended if it did."""
        at = self.random.choice(_EDGES) if self.random.random() < 0.2 else datetime(2023, 6, 1, 12, tzinfo=UTC) + timedelta(hours=self.random.randint(0, 29_000))
        return at, self.random.choice((None, at + timedelta(days=self.random.randint(0, 300))))

    def _some(self, of: tuple[str, ...], most: int) -> tuple[str, ...]:
        return tuple(self.random.sample(of, self.random.randint(0, most)))

    def _language(self) -> tuple[str, bool]:
        is_english = self.random.random() < 0.2
        return "en" if is_english else "nl", is_english


@dataclass
class Recount:
    """Counts one cell at a time out of what was said."""

    said: list[Said]
    sought: list[Sought]
    planned: list[Planned]

    def __post_init__(self) -> None:
        periods = {*QUARTERS, *(each[:4] for each in QUARTERS)}
        self._said = {period: [one for one in self.said if any(quarter.startswith(period) for quarter in _quarters(one))] for period in periods}
        self._sought = {period: [one for one in _told(self.sought) if one.quarter.startswith(period)] for period in periods}
        self._planned = {period: [one for one in self.planned if any(quarter.startswith(period) for quarter in _served(one))] for period in periods}

    def at(self, period: str, skill: str, area: str, sector: str, source: str) -> Numbers:
        """Count the cell of this key."""
        people: set[object] = set()
        firms: set[object] = set()
        most: dict[object, tuple[bool, int, int]] = defaultdict(lambda: (False, 0, 0))
        for one in self._said[period]:
            fits = source in {"*", one.source, one.line} and area in {"*", one.area} and _fits(sector, one.sector) and _has(one.skills, skill)
            if not fits:
                continue
            (firms if one.is_firm else people).add(one.who)
            need = (one.who, one.need)
            most[need] = (one.is_firm, max(most[need][1], one.people), max(most[need][2], one.cents))
        seats = sum(number for is_firm, number, _cents in most.values() if is_firm)
        cents = [sum(pledged for is_firm, _number, pledged in most.values() if is_firm is whose) for whose in (False, True)]
        searches = sum(
            area == "*" and (sector == "*" if source == "search" else source == "*" and _fits(sector, one.sector)) and _has((one.skill,), skill)
            for one in self._sought[period]
        )
        classes = [
            one for one in self._planned[period]
            if source == "*" and (area == "*" or one.area in {area, ""}) and any(_fits(sector, each) for each in one.sectors or ("",)) and _has(one.skills, skill)
        ]
        return Numbers(len(people), len(firms), seats, cents[0], cents[1], searches, sum(one.seats for one in classes), sum(one.free for one in classes if not _is_over(one, period)))


def keys(modules: Collection[UUID]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the key of every cell that there can be."""
    sectors = {*CLUSTERS, *filter(None, CLUSTERS.values()), "*"}
    for period in {*QUARTERS, *(each[:4] for each in QUARTERS)}:
        for skill in (*_URIS, *(f"module:{each.hex}" for each in modules), "", "*"):
            for area in ("13", "80", "", "*"):
                for sector in sectors:
                    yield period, skill, area, sector, "*"
            for source in ("demand", "pledge", "waiting", "search", "wish", "refused", "blocked", *(("7a", "7b", "7c", "7d") if skill == "*" else ())):
                yield period, skill, "*", "*", source


def _day(moment: datetime) -> date:
    return moment.astimezone(_AMSTERDAM).date()


def _quarter(day: date) -> str:
    return f"{day.year}-{1 + (day.month - 1) // 3}"


def _quarters(one: Said) -> list[str]:
    begun = _day(one.begun)
    if begun >= AS_OF:
        return []
    last = _quarter(AS_OF - timedelta(days=1)) if one.ended is None else _quarter(_day(one.ended))
    return [quarter for quarter in QUARTERS if _quarter(begun) <= quarter <= last]


def _told(sought: list[Sought]) -> list[Told]:
    days: dict[Told, list[date]] = defaultdict(list)
    for one in sought:
        days[Told(_quarter(one.day), one.skill, one.sector)].append(one.day)
    return [each if len(there) >= 3 and len(set(there)) >= 2 else each._replace(skill="") for each, there in days.items() for _one in there]


def _is_over(one: Planned, period: str) -> bool:
    return one.starts_on < AS_OF and _quarter(AS_OF - timedelta(days=1)).startswith(period)


def _served(one: Planned) -> list[str]:
    every = [f"{year}-{number}" for year in range(2022, 2029) for number in range(1, 5)]
    starts = every.index(_quarter(one.starts_on))
    return [quarter for quarter in every[starts - 2 : starts + 1] if quarter in QUARTERS]


def _fits(wanted: str, sector: str) -> bool:
    return wanted in {"*", sector, CLUSTERS[sector]}


def _has(skills: tuple[str, ...], wanted: str) -> bool:
    return wanted == "*" or wanted in skills
