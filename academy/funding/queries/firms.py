"""Reads of what an organisation has for learning, for the pages of rooms above: the caller has checked who looks."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.funding.facts import BudgetFacts
from academy.funding.kinds import ShareState
from academy.funding.models import Budget, FundingShare, FundingSource
from academy.kernel.text import Localized


@dataclass(frozen=True)
class FirmMoney:
    """The budgets of an organisation that run on a day, each with the name of its source, and how many shares wait for its yes."""

    budgets: tuple[tuple[Localized, BudgetFacts], ...]
    to_approve: int


def firm_money(session: Session, organisation_id: UUID, *, on: date) -> FirmMoney:
    """Return what an organisation has to spend on a day, the oldest source first."""
    rows = session.execute(
        select(FundingSource.name, Budget).join(Budget, Budget.source_id == FundingSource.id)
        .where(FundingSource.owner_id == organisation_id, Budget.from_on <= on, Budget.until_on >= on).order_by(FundingSource.id, Budget.from_on)
        .execution_options(populate_existing=True),
    ).all()
    waiting = select(func.count()).select_from(FundingShare).where(
        FundingShare.organisation_id == organisation_id, FundingShare.state == ShareState.RESERVED, FundingShare.approve_until.is_not(None),
    )
    return FirmMoney(
        tuple(
            (name, BudgetFacts(row.id, row.source_id, row.name, row.from_on, row.until_on, row.amount, row.earmarked, row.spent))
            for name, row in rows
        ),
        session.scalars(waiting).one(),
    )
