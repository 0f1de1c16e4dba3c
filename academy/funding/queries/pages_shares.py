"""Shares that wait for a yes, for who gives it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, people
from academy.funding.kinds import ShareState
from academy.funding.models import FundedSeat, FundingRule, FundingShare, FundingSource
from academy.funding.queries.pages_sources import Keeper, keeper
from academy.kernel.errors import NotFound
from academy.kernel.money import Money
from academy.kernel.text import Localized

MOST = 200  # on one page; the most urgent first


@dataclass(frozen=True)
class AskedShare:
    """A share that waits for a yes, with whose seat it is; `evidence` is what the rule asks to see."""

    id: UUID
    who: str
    email: str
    what: str
    delivered_from: date
    delivered_until: date
    source_slug: str
    source_name: Localized
    rule_name: Localized
    evidence: tuple[str, ...]
    amount: Money
    price: Money
    approve_until: datetime


def keeper_for_approving(session: Session, actor: Actor, slug: str) -> Keeper:
    """Return an organisation for who says yes or no to shares there. Raises NotFound."""
    found = keeper(session, actor, slug)
    if not found.rights.approve:
        raise NotFound
    return found


def asked_shares(session: Session, there: Keeper) -> list[AskedShare]:
    """Return the shares of an organisation that wait for a yes, the first to lapse first; at most `MOST`."""
    return _asked(session, FundingShare.organisation_id == there.organisation_id)


def asked_share(session: Session, there: Keeper, share_id: UUID) -> AskedShare:
    """Return one of them. Raises NotFound, also when it was answered."""
    found = _asked(session, FundingShare.organisation_id == there.organisation_id, FundingShare.id == share_id)
    if not found:
        raise NotFound
    return found[0]


def _asked(session: Session, *wanted: ColumnElement[bool]) -> list[AskedShare]:
    rows = session.execute(
        select(FundingShare, FundedSeat, FundingSource.slug, FundingSource.name, FundingRule.name, FundingRule.evidence)
        .join(FundedSeat, FundedSeat.id == FundingShare.seat_id)
        .join(FundingSource, FundingSource.id == FundingShare.source_id)
        .join(FundingRule, FundingRule.id == FundingShare.rule_id)
        .where(FundingShare.state == ShareState.RESERVED, FundingShare.approve_until.is_not(None), *wanted)
        .order_by(FundingShare.approve_until, FundingShare.id)
        .limit(MOST),
    ).all()
    known = people(session, {row[1].person_id for row in rows if row[1].person_id is not None})
    return [
        AskedShare(
            share.id, known[seat.person_id].name, known[seat.person_id].email, seat.description, seat.delivered_from, seat.delivered_until,
            slug, source_name, rule_name, tuple(evidence), share.amount, seat.price, share.approve_until,
        )
        for share, seat, slug, source_name, rule_name, evidence in rows
        if share.approve_until is not None and seat.person_id in known
    ]
