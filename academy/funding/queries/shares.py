"""Reads of seats that somebody pays, and of their shares."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.funding.errors import ShareNotFound
from academy.funding.facts import ShareFacts, ShareInWork, SplitFacts, VatDecision
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingRule, FundingShare, FundingSource, ShareStep
from academy.funding.policy import rights_at
from academy.kernel.text import Localized

_MOST_AT_ONCE: Final = 50


def locked_seat(session: Session, seat_id: UUID) -> FundedSeat | None:
    """Return a seat and keep it to this transaction: whoever changes its shares does this first. None for one that costs nothing."""
    return session.scalars(
        select(FundedSeat).where(FundedSeat.id == seat_id).with_for_update(key_share=True).execution_options(populate_existing=True),
    ).one_or_none()


def locked_shares(session: Session, seat_id: UUID) -> Sequence[FundingShare]:
    """Return the shares of a seat that is kept to this transaction, as they are now, the first payer first."""
    return session.scalars(
        select(FundingShare).where(FundingShare.seat_id == seat_id).order_by(FundingShare.position).execution_options(populate_existing=True),
    ).all()


def split_of(session: Session, seat_ids: Iterable[UUID]) -> dict[UUID, SplitFacts]:
    """Return who pays what of these seats; one that costs nothing is not in it."""
    rows = session.execute(_shares().where(FundedSeat.id.in_(list(seat_ids))).order_by(FundingShare.seat_id, FundingShare.position)).all()
    seats: dict[UUID, FundedSeat] = {}
    shares: dict[UUID, list[ShareFacts]] = {}
    for seat, share, source, rule in rows:
        seats[seat.id] = seat
        shares.setdefault(seat.id, []).append(_share_facts(share, source, rule))
    return {seat_id: _split_facts(seat, shares[seat_id]) for seat_id, seat in seats.items()}


def share_for_letter(session: Session, share_id: UUID) -> ShareInWork | None:
    """Return a share with its seat and source, of a source; None when it is gone, the learner's own, or of seats without a name."""
    row = session.execute(_shares().where(FundingShare.id == share_id)).one_or_none()
    if row is None or row[2] is None:
        return None
    seat, share, source, rule = row
    person_id = seat.person_id
    if person_id is None:
        return None
    return ShareInWork(
        share=_share_facts(share, source, rule), owner_id=source.owner_id, person_id=person_id, offering_id=seat.offering_id,
        description=seat.description, language=seat.language, delivered_from=seat.delivered_from, delivered_until=seat.delivered_until,
        price=seat.price, asked_at=seat.made_at,
    )


def share_for_deciding(session: Session, actor: accounts.Actor, share_id: UUID) -> ShareInWork:
    """Return a share for who may say yes or no to it. Raises ShareNotFound."""
    found = share_for_letter(session, share_id)
    if found is None or not rights_at(accounts.memberships_of(session, actor.person_id), found.owner_id).approve:
        raise ShareNotFound
    return found


def refusal_of(session: Session, share_id: UUID) -> str:
    """Return why a source does not pay a share, in the words of who said so; "" where nobody answered in time."""
    note = session.scalar(
        select(ShareStep.note)
        .where(ShareStep.share_id == share_id, ShareStep.to_state == ShareState.RELEASED, ShareStep.by_id.is_not(None))
        .order_by(ShareStep.id.desc()).limit(1),
    )
    return note or ""


def shares_to_lapse(session: Session, *, now: datetime) -> list[UUID]:
    """Return the shares that nobody approved in time, the oldest first, some at a time."""
    return list(session.scalars(
        select(FundingShare.id)
        .where(FundingShare.state == ShareState.RESERVED, FundingShare.approve_until <= now)
        .order_by(FundingShare.approve_until).limit(_MOST_AT_ONCE),
    ))


def _shares() -> Select[FundedSeat, FundingShare, FundingSource, FundingRule]:
    return (
        select(FundedSeat, FundingShare, FundingSource, FundingRule)
        .join(FundingShare, FundingShare.seat_id == FundedSeat.id)
        .outerjoin(FundingSource, FundingSource.id == FundingShare.source_id)
        .outerjoin(FundingRule, FundingRule.id == FundingShare.rule_id)
        .execution_options(populate_existing=True)
    )


def _split_facts(seat: FundedSeat, shares: Sequence[ShareFacts]) -> SplitFacts:
    assert seat.person_id is not None, "seats without a name have no enrolment to ask for them by"
    return SplitFacts(
        seat_id=seat.id, person_id=seat.person_id, description=seat.description, price=seat.price,
        vat=VatDecision(seat.vat_reason, seat.vat_rate, seat.vat), made_at=seat.made_at, confirmed_at=seat.confirmed_at, ended_at=seat.ended_at,
        kept=seat.kept, shares=tuple(shares),
    )


def _share_facts(row: FundingShare, source: FundingSource | None, rule: FundingRule | None) -> ShareFacts:
    return ShareFacts(
        id=row.id, seat_id=row.seat_id, position=row.position, kind=row.kind, category=row.category, source_id=row.source_id,
        source_name=Localized() if source is None else source.name, organisation_id=row.organisation_id, amount=row.amount, vat=row.vat,
        refunded=row.refunded, state=row.state, approve_until=row.approve_until, fallback=None if rule is None else rule.fallback,
        evidence=() if rule is None else tuple(rule.evidence), payment_id=row.payment_id, invoice_id=row.invoice_id,
    )
