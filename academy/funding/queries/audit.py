"""Whether everything adds up: each price is its shares, and budgets and yearly caps are used by exactly the shares that there are."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.funding.kinds import BlockState, ShareState
from academy.funding.models import Budget, CapUse, FundedBlock, FundedSeat, FundingRule, FundingShare
from academy.funding.queries.rules import first_of
from academy.funding.rules.caps import subjects_of_caps, yearly_caps
from academy.kernel.clock import amsterdam_day

_SPENT = (ShareState.INVOICED, ShareState.PAID, ShareState.SETTLED)


@dataclass(frozen=True)
class Audit:
    """The ids of what does not add up: seats, budgets, and rows of yearly caps."""

    seats: tuple[UUID, ...]
    budgets: tuple[UUID, ...]
    caps: tuple[UUID, ...]


def audit(session: Session) -> Audit:
    """Compare seats with their shares, and budgets and caps with the shares that use them. Reads all of it."""
    prices: Counter[UUID] = Counter()
    earmarked: Counter[UUID] = Counter()
    spent: Counter[UUID] = Counter()
    capped: Counter[tuple[UUID, UUID, int]] = Counter()
    seats = {seat.id: seat for seat in session.scalars(select(FundedSeat).execution_options(populate_existing=True))}
    rules = {rule.id: rule for rule in session.scalars(select(FundingRule))}
    for share in session.scalars(select(FundingShare).execution_options(populate_existing=True)):
        if share.state is ShareState.RELEASED:
            continue
        remains, seat = (share.amount - share.refunded).cents, seats[share.seat_id]
        prices[seat.id] += share.amount.cents
        if share.budget_id is not None:
            (spent if share.state in _SPENT else earmarked)[share.budget_id] += remains
        if share.rule_id is not None:
            rule, year = rules[share.rule_id], amsterdam_day(seat.made_at).year
            subjects = subjects_of_caps(seat.person_id, share.firm_id, seat.supplier_id)
            for subject_id, cap in zip(subjects, yearly_caps(rule), strict=True):
                if subject_id is not None and cap is not None:
                    capped[first_of(session, rule), subject_id, year] += remains
    blocks = select(FundedBlock).where(FundedBlock.state != BlockState.CLOSED, FundedBlock.budget_id.is_not(None))
    for block in session.scalars(blocks.execution_options(populate_existing=True)):  # what has no name yet is promised by the block itself
        assert block.budget_id is not None
        earmarked[block.budget_id] += (block.seats - block.named) * block.price.cents
    budgets = session.scalars(select(Budget).execution_options(populate_existing=True))
    caps = session.scalars(select(CapUse).execution_options(populate_existing=True))
    return Audit(
        tuple(seat.id for seat in seats.values() if seat.ended_at is None and prices[seat.id] != seat.price.cents),
        tuple(row.id for row in budgets if (row.earmarked.cents, row.spent.cents) != (earmarked[row.id], spent[row.id])),
        tuple(row.id for row in caps if row.used.cents != capped[row.rule_id, row.subject_id, row.year]),
    )
