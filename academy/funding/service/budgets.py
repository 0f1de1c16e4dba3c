"""Budgets and yearly caps. The only statements that change what is used of them stand here, each guarded; a CHECK is the second line.

Order of locks everywhere: the seat, then budgets by ascending id, then caps.
"""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.funding.models import Budget, CapUse
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money


def earmark(session: Session, budget_id: UUID, amount: Money) -> bool:
    """Promise so much of a budget; False when it does not have that much left."""
    return rows_changed(
        session,
        update(Budget)
        .where(Budget.id == budget_id, Budget.earmarked + Budget.spent + amount <= Budget.amount)
        .values(earmarked=Budget.earmarked + amount)
        .execution_options(synchronize_session=False),
    ) == 1


def spend(session: Session, budget_id: UUID, amount: Money) -> None:
    """Turn what was promised into what is spent; never clamped, so that spending twice fails on the CHECK."""
    _change(session, budget_id, earmarked=-amount, spent=amount)


def release(session: Session, budget_id: UUID, amount: Money) -> None:
    """Take a promise back; never clamped, so that a double release fails on the CHECK."""
    _change(session, budget_id, earmarked=-amount, spent=FREE)


def give_back(session: Session, budget_id: UUID, amount: Money) -> None:
    """Put money back that was spent; never clamped either."""
    _change(session, budget_id, earmarked=FREE, spent=-amount)


def _change(session: Session, budget_id: UUID, *, earmarked: Money, spent: Money) -> None:
    session.execute(
        update(Budget)
        .where(Budget.id == budget_id)
        .values(earmarked=Budget.earmarked + earmarked, spent=Budget.spent + spent)
        .execution_options(synchronize_session=False),
    )


def use_cap(session: Session, *, rule_id: UUID, subject_id: UUID, year: int, amount: Money, most: Money) -> bool:
    """Use so much of a yearly cap of a person or a firm; False when not that much is left. `rule_id` is the first of rules that follow each other."""
    session.execute(
        insert_for(session, CapUse)
        .values(id=new_id(), rule_id=rule_id, subject_id=subject_id, year=year, most=most, used=FREE)
        .on_conflict_do_nothing(),
    )
    return rows_changed(
        session,
        update(CapUse)
        .where(
            CapUse.rule_id == rule_id, CapUse.subject_id == subject_id, CapUse.year == year, CapUse.used + amount <= most,
        )
        .values(used=CapUse.used + amount, most=most)  # the cap of the rule that counts now
        .execution_options(synchronize_session=False),
    ) == 1


def free_cap(session: Session, *, rule_id: UUID, subject_id: UUID, year: int, amount: Money) -> None:
    """Give back what was used of a yearly cap; never clamped."""
    session.execute(
        update(CapUse)
        .where(CapUse.rule_id == rule_id, CapUse.subject_id == subject_id, CapUse.year == year)
        .values(used=CapUse.used - amount)
        .execution_options(synchronize_session=False),
    )
