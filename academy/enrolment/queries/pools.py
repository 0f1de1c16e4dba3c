"""Reads of the pools of a class, for who plans it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, organisation_names
from academy.catalogue import api as catalogue
from academy.enrolment.errors import PoolNotFound
from academy.enrolment.kinds import PoolKind
from academy.enrolment.models import SeatCode, SeatPool
from academy.enrolment.queries.waiting import LineFacts, line_of


@dataclass(frozen=True)
class PoolFacts:
    """The seats of a class for one group; `codes_left` is how many seats its codes still open, `opens_up_at` None for who is open to all.

    `sponsor` is the name of the organisation whose seats they are, "" for a group without one; with `is_block` it bought them, and gives them out itself.
    """

    id: UUID
    name: str
    is_public: bool
    capacity: int
    taken: int
    opens_up_at: datetime | None
    codes_left: int
    sponsor: str = ""
    is_block: bool = False
    awaits_draw: bool = False  # its seats are yet to be drawn by lot, and can not be moved


@dataclass(frozen=True)
class PoolsFacts:
    """A class with its pools, that for everyone first, and its line."""

    work: catalogue.OfferingInWork
    pools: Sequence[PoolFacts]
    line: LineFacts

    @property
    def public_left(self) -> int:
        """The free seats for everyone: what can be kept apart. All of them, before the first was asked for."""
        if not self.pools:
            return self.work.offering.seats
        return sum(pool.capacity - pool.taken for pool in self.pools if pool.is_public and not pool.awaits_draw)

    def kept_apart(self, pool_id: UUID) -> PoolFacts:
        """Return the pool with this id. Raises PoolNotFound, also for the seats for everyone and for those of a block."""
        found = next((pool for pool in self.pools if pool.id == pool_id and not pool.is_public and not pool.is_block), None)
        if found is None:
            raise PoolNotFound
        return found


def pools_of(session: Session, actor: Actor, provider_slug: str, code: str) -> PoolsFacts:
    """Return the pools of a class; none before the first seat was asked for or kept apart. Raises ProviderNotFound, OfferingNotFound."""
    work = catalogue.offering_for_planning(session, actor, provider_slug, code)
    left = (
        select(func.sum(SeatCode.uses - SeatCode.used)).where(SeatCode.pool_id == SeatPool.id).correlate(SeatPool).scalar_subquery()
    )
    rows = session.execute(
        select(SeatPool, func.coalesce(left, 0)).where(SeatPool.offering_id == work.offering.id)
        .order_by(SeatPool.kind != PoolKind.PUBLIC, SeatPool.name),
    ).all()
    sponsor_ids = [row.sponsor_id for row, _left in rows if row.sponsor_id]
    names = organisation_names(session, sponsor_ids) if sponsor_ids else {}
    return PoolsFacts(work, [
        PoolFacts(
            row.id, row.name, row.kind is PoolKind.PUBLIC, row.capacity, row.taken, row.opens_up_at, codes_left,
            names[row.sponsor_id] if row.sponsor_id else "", row.block_id is not None, row.awaits_draw,
        )
        for row, codes_left in rows
    ], line_of(session, work.offering.id))
