"""Reads of pools and their pledges."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.employers.errors import PledgeNotFound, PoolNotFound
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import COUNTING_PLEDGES, PledgeState
from academy.employers.models import Pledge, Pool
from academy.employers.policy import rights_at
from academy.employers.rules import pooling, slots
from academy.employers.rules.pooling import Standing
from academy.kernel.money import Money


def pool_by_code(session: Session, code: str) -> PoolFacts:
    """Return a pool by the code in its address. Raises PoolNotFound."""
    row = session.scalars(select(Pool).where(Pool.code == code.upper())).one_or_none()
    if row is None:
        raise PoolNotFound
    return facts_of(row)


def pool_by_id(session: Session, pool_id: UUID) -> PoolFacts:
    """Return a pool. Raises PoolNotFound."""
    found = pools_by_id(session, [pool_id])
    if not found:
        raise PoolNotFound
    return found[pool_id]


def pools_by_id(session: Session, pool_ids: Iterable[UUID]) -> dict[UUID, PoolFacts]:
    """Return pools by id."""
    wanted = select(Pool).where(Pool.id.in_(list(pool_ids))).execution_options(populate_existing=True)
    return {row.id: facts_of(row) for row in session.scalars(wanted)}


def locked_pool(session: Session, pool_id: UUID) -> PoolFacts:
    """Return a pool as it is now, kept to this transaction: whoever changes what it holds together waits here. On SQLite the one writer is the lock.

    Raises PoolNotFound.
    """
    row = session.scalars(
        select(Pool).where(Pool.id == pool_id).with_for_update(key_share=True).execution_options(populate_existing=True),
    ).one_or_none()
    if row is None:
        raise PoolNotFound
    return facts_of(row)


def pledges_of(session: Session, pool_id: UUID, states: Iterable[PledgeState] = COUNTING_PLEDGES) -> list[PledgeFacts]:
    """Return the pledges of a pool in these states, the oldest first."""
    rows = session.scalars(
        select(Pledge).where(Pledge.pool_id == pool_id, Pledge.state.in_(list(states))).order_by(Pledge.id)
        .execution_options(populate_existing=True),
    )
    return [pledge_facts(row) for row in rows]


def pledge_by_id(session: Session, pledge_id: UUID | None) -> PledgeFacts:
    """Return a pledge by id, for who holds a link to it. Raises PledgeNotFound."""
    row = None if pledge_id is None else session.get(Pledge, pledge_id, populate_existing=True)
    if row is None:
        raise PledgeNotFound
    return pledge_facts(row)


def pledge_to_act_on(session: Session, actor: accounts.Actor, code: str) -> PledgeFacts:
    """Return a pledge for who made it, or acts for its firm. Raises PledgeNotFound."""
    row = session.scalars(select(Pledge).where(Pledge.code == code.upper())).one_or_none()
    if row is None or not _may_act(session, actor, row):
        raise PledgeNotFound
    return pledge_facts(row)


def _may_act(session: Session, actor: accounts.Actor, row: Pledge) -> bool:
    is_theirs = row.person_id == actor.person_id if row.person_id is not None else row.email == actor.email
    if is_theirs or row.organisation_id is None:
        return is_theirs
    return rights_at(accounts.memberships_of(session, actor.person_id), row.organisation_id).act


def standing_of(pledges: Iterable[PledgeFacts], threshold: int, price: Money | None = None) -> Standing:
    """Return where pledges stand together against a threshold of seats, at a price of one seat when that is known."""
    return pooling.standing_of(terms_of(pledges), threshold, price)


def terms_of(pledges: Iterable[PledgeFacts]) -> list[slots.Pledge]:
    """Return pledges as the rules know them; who named no slot can always."""
    return [
        slots.Pledge(one.id, one.organisation_id or one.id, one.seats, frozenset(one.slots) or slots.ANY_SLOT, one.most_price)
        for one in pledges
    ]


def facts_of(row: Pool) -> PoolFacts:
    return PoolFacts(
        row.id, row.code, row.state, row.title, row.module_id, tuple(row.skills), row.area, row.threshold, row.most_seats, row.price, row.deadline,
        row.extended, row.slot, row.accept_by, row.offering_id, row.starts_on, row.confirm_by, row.told_short_at, row.merged_into, row.made_at,
    )


def pledge_facts(row: Pledge) -> PledgeFacts:
    return PledgeFacts(
        row.id, row.code, row.pool_id, row.demand_id, row.party, row.state, row.email, row.person_id, row.organisation_id,
        "en" if row.language == "en" else "nl", row.seats, tuple(row.slots), row.most_price, row.reference, row.block_id, row.made_at,
        row.answered_at,
    )
