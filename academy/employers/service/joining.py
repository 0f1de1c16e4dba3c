"""From a question to a pool: joining one with what was asked, or beginning one."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers.drafts import PledgeDraft
from academy.employers.facts import DemandFacts
from academy.employers.kinds import OPEN_POOLS
from academy.employers.models import Demand, Pool
from academy.employers.service import gathering, pledging


def join_for_demand(
    session: Session, *, demand: DemandFacts, pool_code: str, module_slug: str, actor: Actor | None, next_path: str, now: datetime,
) -> str:
    """Promise to a pool what a demand asks: to the one named, else to one that begins for a module, else for the question itself; returns the pool's code.

    The caller has checked who may. Raises PoolNotFound, ModuleNotFound and what `make_pledge` raises.
    """
    code = pool_code or (_begin_for_module(session, demand, module_slug, now=now) if module_slug else _begin_for_itself(session, demand, now=now))
    draft = PledgeDraft(demand.party, demand.email, demand.language, demand.people, demand.slots, demand.most_price)
    pledging.make_pledge(session, pool_code=code, draft=draft, actor=actor, demand_id=demand.id, next_path=next_path, now=now)
    return code


def _begin_for_module(session: Session, demand: DemandFacts, module_slug: str, *, now: datetime) -> str:
    return gathering.begin_pool(session, demand=demand, module=_module(session, module_slug), now=now)


def _begin_for_itself(session: Session, demand: DemandFacts, *, now: datetime) -> str:
    """Return the pool for the question itself: pressed again, also in the same moment, it is the same one."""
    there = _begun_before(session, demand)
    if there is None:
        _keep(session, demand)
        there = _begun_before(session, demand)
    return there or gathering.begin_pool(session, demand=demand, module=None, now=now)


def _keep(session: Session, demand: DemandFacts) -> None:
    """Keep a question to this transaction: who begins a pool for it at the same moment waits, and finds this one."""
    kept = update(Demand).where(Demand.id == demand.id).values(code=Demand.code)
    session.execute(kept.execution_options(synchronize_session=False))


def _begun_before(session: Session, demand: DemandFacts) -> str | None:
    return session.scalar(select(Pool.code).where(Pool.begun_by == demand.id, Pool.module_id.is_(None), Pool.state.in_(OPEN_POOLS)))


def _module(session: Session, slug: str) -> catalogue.ModuleCard:
    named = catalogue.modules_by_slug(session, [slug]).get(slug)
    card = catalogue.module_cards(session, [named.id]).get(named.id) if named is not None else None
    if card is None or not card.is_public:
        raise catalogue.ModuleNotFound
    return card
