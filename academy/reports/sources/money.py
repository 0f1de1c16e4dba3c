"""Who paid, of which budgets, and which seats were paid and stayed empty: read of funding, enrolment and the catalogue, added up by the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, case, exists, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from academy.catalogue.models import Offering
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Attendance, Enrolment
from academy.funding.kinds import PayerCategory, ShareState, SourceKind
from academy.funding.models import Budget, FundedBlock, FundedSeat, FundingShare, FundingSource
from academy.funding.words import category_words
from academy.kernel.clock import begin_of_day
from academy.kernel.money import FREE
from academy.kernel.text import Localized
from academy.reports.rules.paying import Cell, Counted
from academy.reports.rules.quarters import first_day, last_day, year_of

__all__ = ["CATEGORIES", "BudgetUse", "absent_seats", "budgets", "category_words", "paid", "unnamed_seats"]

CATEGORIES: Final = (PayerCategory.EDUCATION, PayerCategory.EMPLOYERS, PayerCategory.INDIVIDUALS, PayerCategory.SECTOR)
_PAID: Final = (ShareState.INVOICED, ShareState.PAID, ShareState.SETTLED)  # promised is not paid
_OWED: Final = (*_PAID, ShareState.APPROVED)
_USED: Final = (*_OWED, ShareState.RESERVED)
_SAT: Final = (EnrolmentState.CONFIRMED, EnrolmentState.FINISHED)
_DAY: Final = timedelta(days=1)
_LEFT: Final = FundingShare.amount - FundingShare.refunded
_FIRMS: Final = func.count(FundingShare.organisation_id.distinct())


@dataclass(frozen=True)
class BudgetUse:
    """A budget with how much of it is used, and for how many different people; of an employer: for how many with budgets of employers together.

    Amounts are cents. Seats of a block without a name are nobody's.
    """

    source: Localized
    kind: str
    name: str
    from_on: date
    until_on: date
    amount: int
    earmarked: int
    spent: int
    people_earmarked: int
    people_spent: int
    owner_id: UUID


def paid(session: Session, quarters: Sequence[str], *, as_of: date) -> dict[Cell, Counted]:
    """Return what each category paid in each of these quarters, which follow each other, and in their years. Two statements.

    Shares that are paid or invoiced, less what went back, in the quarter in which the seat was sure; confirmed before `as_of`.
    """
    return _by_period(
        session, quarters, lambda at: select(
            at.label("at"), FundingShare.category, func.count(FundedSeat.person_id.distinct()), _FIRMS, func.count(), func.sum(_LEFT),
        ).join(FundingShare, FundingShare.seat_id == FundedSeat.id).where(
            FundedSeat.confirmed_at >= begin_of_day(first_day(quarters[0])), FundedSeat.confirmed_at < begin_of_day(min(as_of, last_day(quarters[-1]) + _DAY)),
            FundingShare.state.in_(_PAID), FundingShare.category.in_(CATEGORIES), FundingShare.amount > FundingShare.refunded,
        ), lambda period: FundedSeat.confirmed_at >= begin_of_day(first_day(period)),
    )


def unnamed_seats(session: Session, quarters: Sequence[str], *, as_of: date) -> dict[Cell, Counted]:
    """Return the seats of blocks without a name when their class began, in the quarter and year of that: of firms, and of no person. Two statements."""
    return _by_period(
        session, quarters, lambda at: select(
            at.label("at"), FundingShare.category, literal(0), _FIRMS, func.sum(FundedBlock.seats - FundedBlock.named), func.sum(_LEFT),
        ).select_from(FundedSeat).join(FundingShare, FundingShare.seat_id == FundedSeat.id).join(FundedBlock, FundedBlock.id == FundedSeat.block_id).where(
            FundedSeat.person_id.is_(None), FundedSeat.ended_at.is_(None), FundingShare.state.in_(_OWED),
            FundedSeat.delivered_from.between(first_day(quarters[0]), min(as_of - _DAY, last_day(quarters[-1]))),
        ), lambda period: FundedSeat.delivered_from >= first_day(period),
    )


def absent_seats(session: Session, quarters: Sequence[str], *, as_of: date) -> dict[Cell, Counted]:
    """Return the paid seats of who was never seen, in the quarter and year in which their class began. Two statements.

    A class counts when it was over before `as_of`, a learner when the provider noted of a day that they were not there, and nobody ever that they were.
    """
    def noted(seen: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists(select(Attendance.enrolment_id).where(Attendance.enrolment_id == Enrolment.id, seen))

    return _by_period(
        session, quarters, lambda at: select(
            at.label("at"), FundingShare.category, func.count(Enrolment.person_id.distinct()), _FIRMS, func.count(), func.sum(_LEFT),
        ).select_from(Enrolment).join(Offering, Offering.id == Enrolment.offering_id).join(FundedSeat,
        FundedSeat.id == func.coalesce(Enrolment.seat_id, Enrolment.id))
        .join(FundingShare, FundingShare.seat_id == FundedSeat.id).where(
            Offering.starts_on.between(first_day(quarters[0]), last_day(quarters[-1])), Offering.ends_on < as_of, Enrolment.state.in_(_SAT),
            FundingShare.state.in_(_OWED), FundingShare.category.in_(CATEGORIES), FundingShare.amount > FundingShare.refunded,
            noted(Attendance.by_provider.is_(False)), ~noted(or_(Attendance.by_provider.is_(True), Attendance.by_learner.is_(True))),
        ), lambda period: Offering.starts_on >= first_day(period),
    )


def _by_period(
    session: Session, quarters: Sequence[str], ask: Callable[[ColumnElement[int]], Select[*tuple[Any, ...]]], begins: Callable[[str], ColumnElement[bool]],
) -> dict[Cell, Counted]:
    """Ask once by quarter and once by year: different people are no sum of quarters.

    `begins` tells of a row whether it is of a period or a later one: no two databases cut moments into quarters in the same way.
    """
    found: dict[Cell, Counted] = {}
    for periods in (list(quarters), sorted({year_of(each) for each in quarters})):
        at = case(*((begins(period), number) for number, period in reversed(list(enumerate(periods)))))
        rows = ask(at).group_by("at", FundingShare.category)
        for number, category, people, firms, seats, cents in session.execute(rows):
            found[Cell(category.value, periods[number])] = Counted(people, firms, int(seats or 0), (cents or FREE).cents)
    return found


def budgets(session: Session, *, from_on: date, until_on: date) -> list[BudgetUse]:
    """Return the budgets that ran between two days, except of discounts, with what is used of them now; in the order of their names. Two statements."""
    people = {key: (earmarked, spent) for key, earmarked, spent in session.execute(_people_of_budgets(from_on, until_on))}
    rows = session.execute(
        select(FundingSource, Budget).join(Budget, Budget.source_id == FundingSource.id)
        .where(FundingSource.kind != SourceKind.PROVIDER_DISCOUNT, Budget.from_on <= until_on, Budget.until_on >= from_on),
    )
    found = [
        BudgetUse(
            source.name, source.kind.value, budget.name, budget.from_on, budget.until_on, budget.amount.cents, budget.earmarked.cents, budget.spent.cents,
            *people.get(None if source.kind is SourceKind.EMPLOYER else budget.id, (0, 0)), source.owner_id,
        )
        for source, budget in rows
    ]
    return sorted(found, key=lambda each: (each.source.nl.casefold() or each.source.en.casefold(), each.from_on, each.name, each.amount))


def _people_of_budgets(from_on: date, until_on: date) -> Select[*tuple[Any, ...]]:
    """Return a statement that counts people of what is earmarked and of what is spent, by budget; those of employers together, under None."""
    is_spent, together = FundingShare.state.in_(_PAID), case((FundingSource.kind == SourceKind.EMPLOYER, None), else_=FundingShare.budget_id)
    earmarked, spent = (func.count(case((those, FundedSeat.person_id)).distinct()) for those in (~is_spent, is_spent))
    return (
        select(type_coerce(together, Uuid()).label("budget"), earmarked, spent)
        .join(Budget, Budget.id == FundingShare.budget_id).join(FundingSource, FundingSource.id == Budget.source_id).join(FundedSeat, FundedSeat.id == FundingShare.seat_id)
        .where(FundingShare.state.in_(_USED), FundingShare.amount > FundingShare.refunded, Budget.from_on <= until_on, Budget.until_on >= from_on).group_by("budget")
    )
