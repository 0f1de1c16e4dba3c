"""Pools and demand as a provider sees them: numbers and moments. Names of firms only of those that confirmed a class of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.errors import PoolClosed, PoolNotYours
from academy.employers.facts import DemandFacts, PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, DemandState, PledgeState, PoolState
from academy.employers.models import Demand, Pledge, Pool
from academy.employers.queries.demands import facts_of as demand_facts
from academy.employers.queries.matching import offered_by, wanted_of
from academy.employers.queries.pools import facts_of as pool_facts
from academy.employers.queries.pools import pledge_facts
from academy.employers.queries.telling import count_of, telling
from academy.employers.rules import matching
from academy.employers.rules.pooling import Standing
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.skills import api as skills

_UNDER_WAY: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL, PoolState.CONFIRMED)
_MINE: Final = (*_UNDER_WAY, PoolState.STARTED)
_WITHOUT_MODULE: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED)
_NAMED: Final = (PledgeState.CONFIRMED, PledgeState.PLACED)
_MOST_POOLS: Final = 500
_LOOKED_AT: Final = 200  # the newest demands that nobody answered
_SHOWN: Final = 20


@dataclass(frozen=True)
class PoolSeen:
    """A pool, where it stands, and the module it gathers for; None where it has yet to be made."""

    pool: PoolFacts
    standing: Standing
    card: catalogue.ModuleCard | None


@dataclass(frozen=True)
class DemandSeen:
    """A demand that nobody answered, without whoever asks; `fits` is the module of this provider that fits it best, as (slug, title), if any."""

    demand: DemandFacts
    fits: tuple[str, Localized] | None


@dataclass(frozen=True)
class ProviderPools:
    """What waits at a provider, what it said yes to, what gathers for it, what it could give, and what nobody serves yet."""

    there: catalogue.Workspace
    asked: tuple[PoolSeen, ...]
    accepted: tuple[PoolSeen, ...]
    gathering: tuple[PoolSeen, ...]
    without_module: tuple[PoolSeen, ...]
    demands: tuple[DemandSeen, ...]


@dataclass(frozen=True)
class PoolAtProvider:
    """One pool at a provider, with its pledges that count and, of those that confirmed, the names of the firms by id."""

    there: catalogue.Workspace
    seen: PoolSeen
    pledges: tuple[PledgeFacts, ...]
    names: Mapping[UUID, str]
    offering_code: str = ""  # of the class that it became

    def seats(self, *states: PledgeState) -> int:
        """How many seats stand in one of these states."""
        return sum(one.seats for one in self.pledges if one.state in states)

    def number(self, state: PledgeState) -> int:
        """How many pledges stand in a state."""
        return sum(one.state is state for one in self.pledges)


def pools_for(session: Session, actor: Actor, provider_slug: str, *, now: datetime) -> ProviderPools:
    """Return the pools and the demand of interest to a provider, what waits for its answer first. Raises ProviderNotFound."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    rows = [pool_facts(row) for row in session.scalars(
        select(Pool).where(Pool.state.in_(_UNDER_WAY)).order_by(Pool.accept_by, Pool.deadline, Pool.id).limit(_MOST_POOLS),
    )]
    cards = catalogue.module_cards(session, {one.module_id for one in rows if one.module_id is not None})
    mine = [one for one in rows if one.module_id in cards and cards[one.module_id].provider_id == there.provider.id]
    open_to_all = [one for one in rows if one.module_id is None and one.state in _WITHOUT_MODULE]
    seen = _seen(session, [*mine, *open_to_all], cards)

    def of(pools: Iterable[PoolFacts], *states: PoolState) -> tuple[PoolSeen, ...]:
        return tuple(seen[one.id] for one in pools if one.state in states)

    return ProviderPools(
        there, of(mine, PoolState.ASKED), of(mine, PoolState.PROVISIONAL, PoolState.CONFIRMED), of(mine, PoolState.IDEA, PoolState.GATHERING),
        of(open_to_all, *_WITHOUT_MODULE), demands_for(session, there, today=amsterdam_day(now)),
    )


def number_asked(session: Session, there: catalogue.Workspace) -> int:
    """Return how many pools wait for an answer of a provider."""
    asked = session.scalars(select(Pool.module_id).where(Pool.state == PoolState.ASKED, Pool.module_id.is_not(None))).all()
    cards = catalogue.module_cards(session, {module_id for module_id in asked if module_id is not None})
    return sum(module_id in cards and cards[module_id].provider_id == there.provider.id for module_id in asked)


def _seen(session: Session, pools: Sequence[PoolFacts], cards: Mapping[UUID, catalogue.ModuleCard]) -> dict[UUID, PoolSeen]:
    pledges = pledges_of_pools(session, [one.id for one in pools])
    return {
        one.id: PoolSeen(one, queries.standing_of(pledges.get(one.id, ()), one.threshold, one.price), cards.get(one.module_id) if one.module_id else None)
        for one in pools
    }


def pledges_of_pools(session: Session, pool_ids: Sequence[UUID], states: Iterable[PledgeState] = COUNTING_PLEDGES) -> dict[UUID, list[PledgeFacts]]:
    """Return the pledges of pools in these states, by pool, the oldest first."""
    found: dict[UUID, list[PledgeFacts]] = {}
    wanted = select(Pledge).where(Pledge.pool_id.in_(pool_ids), Pledge.state.in_(list(states))).order_by(Pledge.id)
    for row in session.scalars(wanted) if pool_ids else ():
        found.setdefault(row.pool_id, []).append(pledge_facts(row))
    return found


def demands_for(session: Session, there: catalogue.Workspace, *, today: date) -> tuple[DemandSeen, ...]:
    """Return demand that nobody answered: first what a module of this provider fits, the best first, then the newest that none does."""
    newest = session.scalars(select(Demand).where(Demand.state == DemandState.OPEN).order_by(Demand.id.desc()).limit(_LOOKED_AT)).all()
    demands = demand_facts(session, newest)
    if not demands:
        return ()
    modules = list(catalogue.module_facts(session, today=today, provider_id=there.provider.id))
    offered = {module.id.hex: (offered_by(module, None), (module.slug, module.title)) for module in modules}
    near = skills.near_skills(session, {uri for one in demands for uri in one.skills})
    known = count_of(each.words for each, _module in offered.values())
    fitting, others = list[tuple[float, DemandSeen]](), list[DemandSeen]()
    for one in demands:
        wanted = replace(wanted_of(one, near), words=frozenset(telling(one.words, known)))
        best = matching.ranked(wanted, [each for each, _module in offered.values()], 1)
        if best:
            fitting.append((best[0][1].score, DemandSeen(one, offered[best[0][0].key][1])))
        else:
            others.append(DemandSeen(one, None))
    fitting.sort(key=lambda each: -each[0])
    return (*(one for _score, one in fitting[:_SHOWN]), *others[:_SHOWN])


def pool_at(session: Session, actor: Actor, provider_slug: str, code: str) -> PoolAtProvider:
    """Return a pool of this provider's module, or one that any provider can take. Raises ProviderNotFound, PoolNotFound, PoolNotYours."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    pool = queries.pool_by_code(session, code)
    card = catalogue.module_cards(session, [pool.module_id]).get(pool.module_id) if pool.module_id else None
    is_mine = card is not None and card.provider_id == there.provider.id and pool.state in _MINE
    if not is_mine and not (pool.module_id is None and pool.state in _WITHOUT_MODULE):
        raise PoolNotYours
    pledges = queries.pledges_of(session, pool.id, (*COUNTING_PLEDGES, PledgeState.PLACED))
    firms = {one.organisation_id for one in pledges if one.state in _NAMED and one.organisation_id is not None} if is_mine else set()
    standing = queries.standing_of(pledges, pool.threshold, pool.price)
    names = accounts.organisation_names(session, firms) if firms else {}
    classes = catalogue.offerings_by_id(session, [pool.offering_id]) if is_mine and pool.offering_id is not None else {}
    return PoolAtProvider(
        there, PoolSeen(pool, standing, card), tuple(pledges), names, next((one.offering.code for one in classes.values()), ""),
    )


def pool_to_decline(session: Session, actor: Actor, provider_slug: str, code: str) -> PoolAtProvider:
    """Return a pool of this provider's own module that waits for its answer. Raises ProviderNotFound, PoolNotFound, PoolNotYours, PoolClosed once it does not."""
    found = pool_at(session, actor, provider_slug, code)
    if found.seen.card is None or not found.there.rights.plan:
        raise PoolNotYours
    if found.seen.pool.state is not PoolState.ASKED:
        raise PoolClosed(found.seen.pool.code)
    return found


def standing_at(found: PoolAtProvider, price: Money | None) -> Standing:
    """Return where a pool stands at the price of an offer."""
    counting = [one for one in found.pledges if one.state in COUNTING_PLEDGES]
    return queries.standing_of(counting, found.seen.pool.threshold, price)
