"""Reads of blocks: seats that an organisation bought before it knew who comes."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding.facts import BlockFacts
from academy.funding.kinds import BlockState
from academy.funding.models import FundedBlock
from academy.kernel.errors import NotFound

_OPEN = (BlockState.PROMISED, BlockState.ORDERED)


def block(session: Session, block_id: UUID) -> BlockFacts:
    """Return a block as it is now. Raises NotFound."""
    row = session.get(FundedBlock, block_id, populate_existing=True)
    if row is None:
        raise NotFound
    return _facts(row)


def lock_block(session: Session, block_id: UUID) -> None:
    """Keep a block to this transaction: of what belongs to it, its budget comes after it."""
    session.execute(select(FundedBlock.id).where(FundedBlock.id == block_id).with_for_update(key_share=True))


def references_of(session: Session, block_ids: Iterable[UUID]) -> dict[UUID | None, str]:
    """Return what who bought these blocks calls them in its own books, "" where nothing."""
    wanted = list(block_ids)
    if not wanted:
        return {}
    return dict(session.execute(select(FundedBlock.id, FundedBlock.reference).where(FundedBlock.id.in_(wanted))).all())


def blocks_of(session: Session, organisation_id: UUID) -> list[BlockFacts]:
    """Return the blocks of an organisation, the newest first."""
    return _all(session.scalars(
        select(FundedBlock).where(FundedBlock.organisation_id == organisation_id).order_by(FundedBlock.id.desc())
        .execution_options(populate_existing=True),
    ))


def blocks_at(session: Session, offering_id: UUID) -> list[BlockFacts]:
    """Return the blocks of a class, the oldest first."""
    return _all(session.scalars(
        select(FundedBlock).where(FundedBlock.offering_id == offering_id).order_by(FundedBlock.id).execution_options(populate_existing=True),
    ))


def offerings_with_open_blocks(session: Session) -> list[UUID]:
    """Return the classes that have a block which is not closed."""
    return list(session.scalars(select(FundedBlock.offering_id).where(FundedBlock.state.in_(_OPEN)).distinct()))


def _all(rows: Iterable[FundedBlock]) -> list[BlockFacts]:
    return [_facts(row) for row in rows]


def _facts(row: FundedBlock) -> BlockFacts:
    return BlockFacts(
        row.id, row.organisation_id, row.offering_id, row.supplier_id, row.source_id, row.budget_id, row.state, row.seats, row.named, row.price, row.vat,
        row.reference, row.made_at,
    )
