"""What fits what somebody asks: modules with a class of theirs, and pools; and the demands that fit a module."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, LIVE_PLEDGES, OPEN_DEMANDS, Party, PoolState
from academy.employers.models import Demand, DemandSkill, Pledge, Pool
from academy.employers.queries.demands import facts_of as demand_facts
from academy.employers.queries.pools import facts_of as pool_facts
from academy.employers.queries.pools import pledge_facts, standing_of
from academy.employers.queries.telling import count_of, forms_in, forms_of_text, telling, typed_in
from academy.employers.rules import areas, matching
from academy.employers.rules.matching import Because, Match, Offered, Reason, Skill, Wanted
from academy.employers.rules.pooling import Standing
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.search import api as search
from academy.skills import api as skills

JOINABLE: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED)
MOST_FITS: Final = 5
_LOOKED_AT: Final = 20  # pools of which the pledges are read
_DEMANDS_LOOKED_AT: Final = 500  # open demands that share something with a module


class Asked(Protocol):
    """What somebody asks: a draft, or a demand."""

    @property
    def words(self) -> str: ...
    @property
    def skills(self) -> tuple[str, ...]: ...
    @property
    def slots(self) -> tuple[str, ...]: ...
    @property
    def postcode(self) -> str: ...
    @property
    def online(self) -> bool: ...
    @property
    def level(self) -> str: ...
    @property
    def wanted_by(self) -> date | None: ...
    @property
    def most_price(self) -> Money | None: ...


@dataclass(frozen=True)
class ModuleFit:
    """A module that fits, with the class of it that fits best, if any is open, and why."""

    module: catalogue.ModuleFacts
    offering: catalogue.OfferingFacts | None
    match: Match


@dataclass(frozen=True)
class PoolFit:
    """A pool that fits, where it stands, whether only firms take part, and why it fits."""

    pool: PoolFacts
    standing: Standing
    only_firms: bool
    match: Match


@dataclass(frozen=True)
class DemandFit:
    """A demand that fits a module, and why; for the programme office and for providers: without whoever asks."""

    demand: DemandFacts
    match: Match


def wanted_of(asked: Asked, near: Mapping[str, tuple[frozenset[str], frozenset[str]]]) -> Wanted:
    """Return what somebody asks as the rules compare it, without its words: which of those tell most depends on what there is.

    `near` are the skills close to those asked, as `skills.near_skills` tells.
    """
    at = {areas.area_of(asked.postcode)} if asked.postcode else set[str]()
    return Wanted(
        "", tuple(Skill(uri, *near.get(uri, (frozenset(), frozenset()))) for uri in asked.skills), frozenset(),
        frozenset(at | ({areas.ONLINE} if asked.online else set())), frozenset(asked.slots), asked.level, asked.most_price, asked.wanted_by,
    )


def fitting_modules(
    session: Session, wanted: Wanted, words: str, module_ids: Sequence[UUID], *, now: datetime, most: int = MOST_FITS,
) -> list[ModuleFit]:
    """Return those of these modules that fit, the best first: four statements. `words` are those that were typed."""
    if not module_ids:
        return []
    modules = list(catalogue.module_facts(session, today=amsterdam_day(now), module_ids=module_ids))
    there = [(module, offering, offered_by(module, offering)) for module in modules for offering in _open_classes(module, now)]
    typed = telling(words, count_of({module.id: offered.words for module, _class, offered in there}.values()))
    wanted = replace(wanted, words=frozenset(typed))
    best: dict[UUID, ModuleFit] = {}
    for module, offering, offered in there:
        match = matching.fit(wanted, offered)
        if match is not None and (module.id not in best or match.score > best[module.id].match.score):
            best[module.id] = ModuleFit(module, offering, _as_typed(match, typed))
    return sorted(best.values(), key=lambda one: (-one.match.score, one.module.id.hex))[:most]


def _open_classes(module: catalogue.ModuleFacts, now: datetime) -> Sequence[catalogue.OfferingFacts | None]:
    """Return the classes that one can enrol in; None where there is none: the module alone."""
    return [one for one in module.offerings if one.is_open(now)] or (None,)


def offered_by(module: catalogue.ModuleFacts, offering: catalogue.OfferingFacts | None) -> Offered:
    """Return a module with one of its classes as the rules compare it; without a class nothing is known of when and where."""
    texts = (module.title, module.summary or module.description, *(outcome.text for outcome in module.outcomes))
    words = forms_in(part for text in texts for part in (text.nl, text.en))
    uris = dict.fromkeys(tag.uri for outcome in module.outcomes for tag in outcome.skills)
    price = module.price if offering is None else offering.price
    at, slots, day = (frozenset[str](), frozenset[str](), None) if offering is None else (_areas(offering), _slots(offering), offering.starts_on)
    return Offered(module.id.hex, tuple(map(Skill, uris)), words, at, slots, module.nlqf, price, day)


def _areas(offering: catalogue.OfferingFacts) -> frozenset[str]:
    """Return where a class is: online, near the place it names, or where nobody knows."""
    if offering.mode is catalogue.DeliveryMode.ONLINE:
        return frozenset({areas.ONLINE})
    place = offering.place
    if place is None or place.latitude is None or place.longitude is None:
        return frozenset()
    return frozenset({search.nearest_area(place.latitude, place.longitude)})


def _slots(offering: catalogue.OfferingFacts) -> frozenset[str]:
    """Return the moments of the week of a class; none where no day is fixed. A class of the whole day takes the morning and the afternoon."""
    whole = (catalogue.PartOfDay.MORNING, catalogue.PartOfDay.AFTERNOON)
    parts = whole if offering.part_of_day is catalogue.PartOfDay.DAY else (offering.part_of_day,)
    return frozenset(f"{day}-{part.value}" for day in offering.weekdays for part in parts if part is not catalogue.PartOfDay.ANY)


def fitting_pools(session: Session, wanted: Wanted, words: str, *, today: date, but: Iterable[UUID] = (), most: int = MOST_FITS) -> list[PoolFit]:
    """Return the pools that fit and can be joined, the best first, those in `but` left out: two statements.

    First by outcome and place; of the best the pledges are read, for the moments that they share. One in which nobody counts yet, because who began
    it has not proven their address, is nobody else's to see.
    """
    open_now = select(
        Pool.id, Pool.title, Pool.skills, Pool.area, Pool.price,
    ).where(Pool.state.in_(JOINABLE), Pool.deadline >= today, Pool.id.not_in(list(but)), _somebody_counts())
    by_key = {
        row.id.hex: Offered(row.id.hex, tuple(map(Skill, row.skills)), forms_of_text(row.title), frozenset({row.area}), price=row.price)
        for row in session.execute(open_now)
    }
    typed = telling(words, count_of(offered.words for offered in by_key.values()))
    wanted = replace(wanted, words=frozenset(typed))
    near = [offered for offered, _match in matching.ranked(wanted, by_key.values(), _LOOKED_AT)]
    if not near:
        return []
    ids = [UUID(hex=one.key) for one in near]
    rows = session.execute(
        select(Pool, Pledge).join(Pledge, Pledge.pool_id == Pool.id).where(Pool.id.in_(ids), Pledge.state.in_(COUNTING_PLEDGES)).order_by(Pledge.id),
    )
    pools: dict[str, tuple[PoolFacts, list[PledgeFacts]]] = {}
    for pool, pledge in rows:
        pools.setdefault(pool.id.hex, (pool_facts(pool), []))[1].append(pledge_facts(pledge))
    with_slots = [replace(one, slots=frozenset(slot for pledge in pools[one.key][1] for slot in pledge.slots)) for one in near if one.key in pools]
    return [_pool_fit(*pools[one.key], _as_typed(match, typed)) for one, match in matching.ranked(wanted, with_slots, most)]


def _somebody_counts() -> ColumnElement[bool]:
    return exists().where(Pledge.pool_id == Pool.id, Pledge.state.in_(COUNTING_PLEDGES))


def _pool_fit(pool: PoolFacts, pledges: list[PledgeFacts], match: Match) -> PoolFit:
    return PoolFit(pool, standing_of(pledges, pool.threshold, pool.price), all(one.party is Party.EMPLOYER for one in pledges), match)


@dataclass(frozen=True)
class Joined:
    """A pledge made for a demand, its pool, and where that stands."""

    pledge: PledgeFacts
    pool: PoolFacts
    standing: Standing


def pools_joined(session: Session, demand_ids: Collection[UUID]) -> dict[UUID, list[Joined]]:
    """Return by demand the live pledges made for it: two statements."""
    mine = session.execute(
        select(Pledge, Pool).join(Pool, Pool.id == Pledge.pool_id).where(Pledge.demand_id.in_(demand_ids), Pledge.state.in_(LIVE_PLEDGES)).order_by(Pledge.id),
    ).all()
    others: dict[UUID, list[PledgeFacts]] = {}
    counting = select(Pledge).where(Pledge.pool_id.in_({pool.id for _pledge, pool in mine}), Pledge.state.in_(COUNTING_PLEDGES))
    for row in session.scalars(counting) if mine else ():
        others.setdefault(row.pool_id, []).append(pledge_facts(row))
    found: dict[UUID, list[Joined]] = {demand_id: [] for demand_id in demand_ids}
    for pledge, pool in mine:
        if pledge.demand_id is not None:
            standing = standing_of(others.get(pool.id, ()), pool.threshold, pool.price)
            found[pledge.demand_id].append(Joined(pledge_facts(pledge), pool_facts(pool), standing))
    return found


def fitting_demands(session: Session, module: catalogue.ModuleFacts, *, now: datetime, most: int = 20) -> list[DemandFit]:
    """Return open demands that a module fits, the best first, by the class of it that fits each best; four statements at most."""
    near = skills.near_skills(session, {tag.uri for outcome in module.outcomes for tag in outcome.skills})
    offered = [
        replace(one, skills=tuple(Skill(skill.uri, *near.get(skill.uri, (frozenset(), frozenset()))) for skill in one.skills))
        for one in (offered_by(module, offering) for offering in _open_classes(module, now))
    ]
    best = heapq.nsmallest(most, _fits(session, offered), key=lambda each: (-each[1].score, each[0].hex))
    rows = {row.id: row for row in session.scalars(select(Demand).where(Demand.id.in_([key for key, _match in best])))} if best else {}
    there = [(rows[key], match) for key, match in best if key in rows]
    facts = demand_facts(session, [row for row, _match in there])
    return [DemandFit(demand, _as_typed(match, typed_in(demand.words))) for demand, (_row, match) in zip(facts, there, strict=True)]


def _fits(session: Session, offered: Sequence[Offered]) -> Iterator[tuple[UUID, Match]]:
    """Yield the open demands that one of `offered` fits, with their best match: of those that share most skills and words with it the rest is read."""
    shared = _shared(session, offered)
    columns = (Demand.id, Demand.slots, Demand.postcode, Demand.online, Demand.level, Demand.wanted_by, Demand.most_price)
    for row in session.execute(select(*columns).where(Demand.id.in_(shared))):
        words, uris = shared[row.id]
        at = {areas.area_of(row.postcode)} if row.postcode else set[str]()
        wanted = Wanted(
            row.id.hex, tuple(map(Skill, uris)), words, frozenset(at | ({areas.ONLINE} if row.online else set())), frozenset(row.slots), row.level,
            row.most_price, row.wanted_by,
        )
        found = [match for one in offered if (match := matching.fit(wanted, one)) is not None]
        if found:
            yield row.id, max(found, key=lambda match: match.score)


def _shared(session: Session, offered: Sequence[Offered]) -> dict[UUID, tuple[frozenset[str], list[str]]]:
    """Return the telling words and the skills of the open demands that share most of them with what is offered."""
    taught = frozenset[str]().union(*(uris for one in offered for uris in (one.uris, one.broader, one.related)))
    about = frozenset[str]().union(*(one.words for one in offered))
    asked: dict[UUID, list[str]] = {}
    of_open = select(DemandSkill.demand_id, DemandSkill.skill_uri).join(Demand, Demand.id == DemandSkill.demand_id).where(Demand.state.in_(OPEN_DEMANDS))
    for demand_id, uri in session.execute(of_open):
        asked.setdefault(demand_id, []).append(uri)
    texts = dict(session.execute(select(Demand.id, Demand.words).where(Demand.state.in_(OPEN_DEMANDS))).all())
    known = count_of(forms_of_text(text) for text in texts.values())
    found: dict[UUID, tuple[frozenset[str], list[str]]] = {}
    share: dict[UUID, float] = {}
    for demand_id, text in texts.items():
        uris = asked.get(demand_id, [])
        if not taught.isdisjoint(uris) or not forms_of_text(text).isdisjoint(about):
            words = frozenset(telling(text, known))
            found[demand_id] = (words, uris)
            share[demand_id] = len(words & about) / max(1, len(words)) + len(taught.intersection(uris)) / max(1, len(uris))
    return {demand_id: found[demand_id] for demand_id in heapq.nlargest(_DEMANDS_LOOKED_AT, share, key=lambda each: (share[each], each.hex))}


def _as_typed(match: Match, typed: Mapping[str, str]) -> Match:
    """Return a match that tells words in common as they were typed (by stem), not as their stems."""
    reasons = (
        Because(each.reason, tuple(sorted(typed.get(word, word) for word in each.about))) if each.reason is Reason.WORDS else each
        for each in match.reasons
    )
    return replace(match, reasons=tuple(reasons))
