"""Reads for pages of modules: who gathers for them. Numbers, moments and an area; never who."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, Party
from academy.employers.models import Pledge, Pool
from academy.employers.queries import pools
from academy.employers.rules.pooling import MAY_MERGE, Standing

_MOST: Final = 6


@dataclass(frozen=True)
class PoolBeside:
    """A pool that gathers for a module, where it stands, and whether only firms take part."""

    pool: PoolFacts
    standing: Standing
    only_firms: bool
    module: catalogue.ModuleCard


def gathering_for(session: Session, module_ids: Collection[UUID]) -> list[PoolBeside]:
    """Return the pools that gather for modules that can be found, the nearest to their threshold first, six at most.

    One statement, and one more where something gathers. Who has yet to prove their address counts for nothing, and a pool of nobody else is not there.
    """
    rows = session.execute(
        select(Pool, Pledge).join(Pledge, Pledge.pool_id == Pool.id)
        .where(Pool.module_id.in_(list(module_ids)), Pool.state.in_(MAY_MERGE), Pledge.state.in_(COUNTING_PLEDGES)).order_by(Pool.id, Pledge.id),
    )
    pledges: dict[PoolFacts, list[PledgeFacts]] = {}
    for row, pledge in rows:
        pledges.setdefault(pools.facts_of(row), []).append(pools.pledge_facts(pledge))
    cards = catalogue.module_cards(session, {pool.module_id for pool in pledges if pool.module_id is not None})
    found = [
        PoolBeside(pool, pools.standing_of(there, pool.threshold), all(each.party is Party.EMPLOYER for each in there), cards[pool.module_id])
        for pool, there in pledges.items() if pool.module_id in cards and cards[pool.module_id].is_public
    ]
    return sorted(found, key=lambda each: (each.standing.short, each.pool.deadline, each.pool.id))[:_MOST]
