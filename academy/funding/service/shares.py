"""From one state of a share to the next: the only way, and it writes down who, when and why. The seat is kept to the transaction by the caller."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.funding import queries, rules
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingRule, FundingShare, ShareStep
from academy.funding.service import budgets
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.money import Money

SPENT_STATES: Final = frozenset({ShareState.INVOICED, ShareState.PAID, ShareState.SETTLED})


def add(session: Session, share: FundingShare, *, now: datetime, by: UUID | None = None, note: str = "") -> None:
    """Add a share with the first step of its history. Raises ValueError for a state in which none begins."""
    _check(None, share.state)
    session.add(share)
    session.flush()
    session.add(ShareStep(id=new_id(), share_id=share.id, from_state=None, to_state=share.state, at=now, by_id=by, note=note))


def move(
    session: Session, share: FundingShare, to: ShareState, *, now: datetime, by: UUID | None = None, note: str = "",
    **values: Any,  # noqa: ANN401 - columns
) -> None:
    """Take a share to a state, with other columns; DatabaseBusy asks to start over when somebody was quicker.

    Raises ValueError for a way that is none of `rules.states.WAYS`.
    """
    before = share.state
    _check(before, to)
    changed = rows_changed(
        session, update(FundingShare).where(FundingShare.id == share.id, FundingShare.state == before).values(state=to, **values),
    )
    if changed != 1:
        raise DatabaseBusy
    session.add(ShareStep(id=new_id(), share_id=share.id, from_state=before, to_state=to, at=now, by_id=by, note=note))


def _check(was: ShareState | None, becomes: ShareState) -> None:
    if not rules.may_follow(was, becomes):
        message = f"{was} is not followed by {becomes}"
        raise ValueError(message)


def take(session: Session, seat: FundedSeat, share: FundingShare, amount: Money) -> bool:
    """Promise so much more for a share out of its budget and its yearly caps; False, and nothing changed, when one of them has not that much."""
    if share.budget_id is not None and not budgets.earmark(session, share.budget_id, amount):
        return False
    first_id, caps = _caps(session, seat, share)
    for place, (subject_id, most) in enumerate(caps):
        if not budgets.use_cap(session, rule_id=first_id, subject_id=subject_id, year=_year(seat), amount=amount, most=most):
            for used_by, _most in caps[:place]:
                budgets.free_cap(session, rule_id=first_id, subject_id=used_by, year=_year(seat), amount=amount)
            if share.budget_id is not None:
                budgets.release(session, share.budget_id, amount)
            return False
    return True


def free(session: Session, seat: FundedSeat, share: FundingShare, amount: Money) -> None:
    """Put so much of a share back where it came from: what was promised or spent of a budget, and what was used of yearly caps."""
    if share.budget_id is not None and share.state in SPENT_STATES:
        budgets.give_back(session, share.budget_id, amount)
    elif share.budget_id is not None:
        budgets.release(session, share.budget_id, amount)
    first_id, caps = _caps(session, seat, share)
    for subject_id, _most in caps:
        budgets.free_cap(session, rule_id=first_id, subject_id=subject_id, year=_year(seat), amount=amount)


def _caps(session: Session, seat: FundedSeat, share: FundingShare) -> tuple[UUID, list[tuple[UUID, Money]]]:
    """Return under which rule the yearly caps of a share are counted, and for whom with how much at most, in one order everywhere."""
    rule = None if share.rule_id is None else session.get(FundingRule, share.rule_id)
    if rule is None or rules.yearly_caps(rule) == (None, None, None):
        return share.id, []
    subjects = rules.subjects_of_caps(seat.person_id, share.firm_id, seat.supplier_id)
    return queries.first_of(session, rule), sorted(
        ((subject_id, most) for subject_id, most in zip(subjects, rules.yearly_caps(rule), strict=True) if subject_id is not None and most is not None), key=lambda one: one[0],
    )


def _year(seat: FundedSeat) -> int:
    return amsterdam_day(seat.made_at).year
