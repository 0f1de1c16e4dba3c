"""Who paid what, for the programme office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, memberships_of
from academy.funding.kinds import PayerCategory, ShareState
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.policy import sees_all_payers
from academy.kernel.clock import end_of_day
from academy.kernel.errors import NotFound
from academy.kernel.money import FREE, Money

CATEGORIES: Final = (PayerCategory.EDUCATION, PayerCategory.EMPLOYERS, PayerCategory.INDIVIDUALS, PayerCategory.SECTOR)
LEAST_SEATS: Final = 10  # an amount of fewer seats may be one person's: it stays hidden (DESIGN §5)
_PAID: Final = (ShareState.INVOICED, ShareState.PAID, ShareState.SETTLED)


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    def back(self, quarters: int) -> "Quarter":
        """Return the quarter that was so many before this one."""
        year, number = divmod(4 * self.year + self.number - 1 - quarters, 4)
        return Quarter(year, number + 1)


@dataclass(frozen=True)
class Paid:
    """What one category paid in one quarter, for how many seats; `amount` is None when so few seats are behind it that it stays hidden."""

    quarter: Quarter
    category: PayerCategory
    seats: int
    amount: Money | None


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def paid_by_category(session: Session, actor: Actor, *, today: date, quarters: int) -> Sequence[Paid]:
    """Return what each of the four categories paid in the last `quarters`, this one included, oldest first; with every pair there.

    Counted are shares that are paid or invoiced, less what went back, in the quarter in which the seat was confirmed. Raises NotFound to
    whoever does not read for the programme office.
    """
    if not sees_all_payers(memberships_of(session, actor.person_id)):
        raise NotFound
    last = quarter_of(today)
    wanted = [last.back(number) for number in reversed(range(quarters))]
    starts = [end_of_day(one.first_day - timedelta(days=1)) for one in wanted]
    # Compared with Amsterdam midnights, because no two databases cut moments into quarters in the same way.
    at = case(*((FundedSeat.confirmed_at >= start, number) for number, start in reversed(list(enumerate(starts)))))
    shares = (
        select(FundedSeat.id, at.label("at"), FundingShare.category, (FundingShare.amount - FundingShare.refunded).label("paid"))
        .join(FundingShare, FundingShare.seat_id == FundedSeat.id)
        .where(
            FundedSeat.confirmed_at >= starts[0], FundingShare.state.in_(_PAID), FundingShare.category.in_(CATEGORIES),
            FundingShare.amount > FundingShare.refunded,
        )
        .subquery()
    )
    rows = session.execute(
        select(shares.c.at, shares.c.category, func.count(shares.c.id.distinct()), func.sum(shares.c.paid))
        .group_by(shares.c.at, shares.c.category),
    )
    found = {(number, category): (seats, paid) for number, category, seats, paid in rows}
    return [
        _paid(quarter, category, *found.get((number, category), (0, FREE)))
        for number, quarter in enumerate(wanted) for category in CATEGORIES
    ]


def _paid(quarter: Quarter, category: PayerCategory, seats: int, amount: Money) -> Paid:
    return Paid(quarter, category, seats, None if 0 < seats < LEAST_SEATS else amount)
