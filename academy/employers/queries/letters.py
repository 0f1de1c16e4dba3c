"""Reads for letters: what somebody promised for a demand, and which module and class a pool is about."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.models import Pledge, Pool
from academy.employers.queries.pools import pledge_facts


def pledges_for_demand(session: Session, demand_id: UUID) -> list[PledgeFacts]:
    """Return all that was promised for a demand, whatever became of it, the oldest first."""
    rows = select(Pledge).where(Pledge.demand_id == demand_id).order_by(Pledge.id).execution_options(populate_existing=True)
    return [pledge_facts(row) for row in session.scalars(rows)]


def module_of_pool(session: Session, pool: PoolFacts) -> catalogue.ModuleCard | None:
    """Return the module that a pool gathers for; None where it has yet to be made."""
    return None if pool.module_id is None else catalogue.module_cards(session, [pool.module_id]).get(pool.module_id)


def class_of_pool(session: Session, pool: PoolFacts) -> catalogue.OfferingOfModule | None:
    """Return the class that a provider gives for a pool; None while there is none."""
    return None if pool.offering_id is None else catalogue.offerings_by_id(session, [pool.offering_id]).get(pool.offering_id)


def came_by_merger(session: Session, pledge: PledgeFacts) -> bool:
    """Tell whether the pool of a pledge took another in since it was made."""
    merged = select(Pool.id).where(Pool.merged_into == pledge.pool_id, Pool.ended_at >= pledge.made_at).limit(1)
    return session.scalar(merged) is not None
