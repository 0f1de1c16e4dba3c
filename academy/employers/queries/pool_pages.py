"""Reads for the pages of pools: what gathers near somebody, one pool, and one pledge by the link in its letter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, literal, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.employers.errors import PledgeNotYours
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, LIVE_PLEDGES, OPEN_POOLS, PledgeState, PoolState
from academy.employers.models import Pledge, Pool, PoolStep
from academy.employers.policy import firms_of, rights_at
from academy.employers.queries import pools
from academy.employers.rules.areas import ONLINE, is_beside
from academy.employers.rules.clocks import short_decided_until
from academy.employers.rules.pooling import Standing
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import Localized
from academy.payments import api as payments

PER_PAGE: Final = 24
_AREAS: Final = tuple(f"{number}" for number in range(10, 100))


@dataclass(frozen=True)
class PoolInView:
    """A pool as anybody sees it: where it stands, and the module that it is for, where there is one."""

    pool: PoolFacts
    standing: Standing
    module: catalogue.ModuleCard | None


@dataclass(frozen=True)
class StepFacts:
    """A change of a pool; `note` is ours, never what somebody wrote."""

    from_state: PoolState | None
    to_state: PoolState
    at: datetime
    note: str


@dataclass(frozen=True)
class PoolInFull:
    """A pool with how it came to stand where it stands, the class that is offered to it, and the pledge of who looks."""

    view: PoolInView
    steps: tuple[StepFacts, ...]
    offering: catalogue.OfferingOfModule | None
    merged_into: PoolFacts | None
    mine: PledgeFacts | None


@dataclass(frozen=True)
class PledgeByLetter:
    """A pledge as who made it sees it. `budgets` have enough for its seats; `asks_billing`: nobody said yet where an invoice goes."""

    pledge: PledgeFacts
    full: PoolInFull
    confirmed: int
    firm: accounts.OrganisationFacts | None
    asks_billing: bool
    budgets: tuple[tuple[Localized, funding.BudgetFacts], ...]

    @property
    def pool(self) -> PoolFacts:
        return self.full.view.pool

    @property
    def is_to_confirm(self) -> bool:
        return self.pledge.state is PledgeState.ASKED and self.pool.state is PoolState.PROVISIONAL and self.full.offering is not None

    @property
    def answer_by(self) -> datetime | None:
        """Until when there is something to choose."""
        if self.pool.told_short_at is not None:
            return short_decided_until(self.pool.told_short_at)
        return self.pool.confirm_by


def open_pools(session: Session, *, area: str | None, only_online: bool, page: int) -> tuple[list[PoolInView], int]:
    """Return a page of the pools that gather, and how many there are: near `area` first, then nearest to their threshold, then who ends first."""
    seats = select(func.coalesce(func.sum(Pledge.seats), 0)).where(Pledge.pool_id == Pool.id, Pledge.state.in_(COUNTING_PLEDGES)).scalar_subquery()
    somebody = exists().where(Pledge.pool_id == Pool.id, Pledge.state.in_(COUNTING_PLEDGES))  # whose address is proven: else its words are a stranger's
    gathers = [Pool.state.in_(OPEN_POOLS), somebody, *([Pool.area == ONLINE] if only_online else [])]
    number = session.scalar(select(func.count()).select_from(Pool).where(*gathers)) or 0
    rows = session.scalars(
        select(Pool).where(*gathers).order_by(_far(area), Pool.threshold - seats, Pool.deadline, Pool.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE),
    )
    return _in_view(session, [pools.facts_of(row) for row in rows]), number


def _far(area: str | None) -> ColumnElement[int]:
    """Return how far pools are from an area: in it, beside it, online, elsewhere; the same for all when no area is named."""
    if not area:
        return literal(0)
    beside = [other for other in _AREAS if is_beside(area, other)]
    return case((Pool.area == area, 0), (Pool.area.in_(beside), 1), (Pool.area == ONLINE, 2), else_=3)


def _in_view(session: Session, found: Sequence[PoolFacts]) -> list[PoolInView]:
    pledges: dict[UUID, list[PledgeFacts]] = {one.id: [] for one in found}
    rows = session.scalars(select(Pledge).where(Pledge.pool_id.in_(pledges), Pledge.state.in_(COUNTING_PLEDGES)).order_by(Pledge.id)) if found else ()
    for row in rows:
        pledges[row.pool_id].append(pools.pledge_facts(row))
    cards = catalogue.module_cards(session, {one.module_id for one in found if one.module_id is not None})
    return [
        PoolInView(_without_strangers_words(one, pledges[one.id]), pools.standing_of(pledges[one.id], one.threshold), cards.get(one.module_id) if one.module_id is not None else None) for one in found
    ]


def _without_strangers_words(pool: PoolFacts, pledges: Sequence[PledgeFacts]) -> PoolFacts:
    """Return a pool as everybody may read it: the words of who has yet to prove their address are not shown to others."""
    return pool if pool.module_id is not None or pledges or pool.state not in OPEN_POOLS else replace(pool, title=pool.code)


def pool_in_full(session: Session, code: str, actor: accounts.Actor | None) -> PoolInFull:
    """Return a pool by the code in its address. Raises PoolNotFound."""
    return _full(session, pools.pool_by_code(session, code), actor)


def _full(session: Session, pool: PoolFacts, actor: accounts.Actor | None) -> PoolInFull:
    steps = session.execute(
        select(PoolStep.from_state, PoolStep.to_state, PoolStep.at, PoolStep.note).where(PoolStep.pool_id == pool.id).order_by(PoolStep.id),
    )
    return PoolInFull(
        _in_view(session, [pool])[0], tuple(StepFacts(*row) for row in steps),
        catalogue.offerings_by_id(session, [pool.offering_id]).get(pool.offering_id) if pool.offering_id is not None else None,
        pools.pools_by_id(session, [pool.merged_into]).get(pool.merged_into) if pool.merged_into is not None else None,
        None if actor is None else _pledge_of(session, pool.id, actor),
    )


def _pledge_of(session: Session, pool_id: UUID, actor: accounts.Actor) -> PledgeFacts | None:
    row = session.scalars(
        select(Pledge).where(Pledge.pool_id == pool_id, Pledge.email == actor.email, Pledge.state.in_(LIVE_PLEDGES)),
    ).one_or_none()
    return None if row is None else pools.pledge_facts(row)


def pledge_by_letter(session: Session, pledge_id: UUID | None, *, now: datetime) -> PledgeByLetter:
    """Return a pledge for who holds the link of its letter. Raises PledgeNotFound, and PledgeNotYours when they act for its firm no more."""
    pledge = pools.pledge_by_id(session, pledge_id)
    firm = None
    if pledge.organisation_id is not None and pledge.person_id is not None:
        if not rights_at(accounts.memberships_of(session, pledge.person_id), pledge.organisation_id).act:
            raise PledgeNotYours
        firm = accounts.organisation(session, pledge.organisation_id)
    full = _full(session, pools.pool_by_id(session, pledge.pool_id), None)
    confirmed = sum(one.seats for one in pools.pledges_of(session, pledge.pool_id, [PledgeState.CONFIRMED, PledgeState.PLACED]))
    asks_billing = firm is not None and payments.billing_details_of(session, firm.id) is None
    return PledgeByLetter(pledge, full, confirmed, firm, asks_billing, _budgets(session, pledge, full, now=now))


def _budgets(session: Session, pledge: PledgeFacts, full: PoolInFull, *, now: datetime) -> tuple[tuple[Localized, funding.BudgetFacts], ...]:
    price = full.view.pool.price
    if pledge.state is not PledgeState.ASKED or pledge.organisation_id is None or price is None or price.is_zero:
        return ()
    there = funding.firm_money(session, pledge.organisation_id, on=amsterdam_day(now)).budgets
    return tuple(each for each in there if each[1].left.cents >= price.cents * pledge.seats)


def firms_to_choose(session: Session, actor: accounts.Actor) -> list[tuple[UUID, str]]:
    """Return the firms and schools for which somebody may promise seats, by name."""
    mine = firms_of(accounts.memberships_of(session, actor.person_id))
    return sorted(((one.organisation_id, one.organisation_name) for one in mine), key=lambda each: each[1].casefold())
