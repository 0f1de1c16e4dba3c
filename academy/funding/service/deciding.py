"""Yes or no to a share. Who says nothing in time says no; then the one pays who agreed to beforehand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.funding import queries
from academy.funding.errors import EvidenceNotSeen, ShareDecided
from academy.funding.events import SeatDecided, SeatUnfunded, ShareAsked, ShareRefused
from academy.funding.facts import ShareInWork
from academy.funding.kinds import Fallback, ShareState, SourceKind
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.service import shares
from academy.funding.service.ending import end_locked
from academy.funding.service.reserving import approve_until, own_share
from academy.kernel.money import FREE
from academy.kernel.outbox import announce

_LONGEST_NOTE: Final = 500
_NOBODY_ANSWERED: Final = "nobody answered in time"


def approve_share(session: Session, *, actor: Actor, share_id: UUID, seen: Collection[str] = (), now: datetime) -> None:
    """Say yes to a share, having `seen` all the evidence that its rule asks for. Raises ShareNotFound, ShareDecided, EvidenceNotSeen."""
    work = queries.share_for_deciding(session, actor, share_id)
    seat, share, others = _waiting(session, work, now)
    if not set(seen).issuperset(work.share.evidence):
        raise EvidenceNotSeen
    note = "; ".join(work.share.evidence)[:_LONGEST_NOTE]
    shares.move(session, share, ShareState.APPROVED, now=now, by=actor.person_id, note=note, approve_until=None)
    _tell_when_decided(session, seat, others)
    _record(session, "share-approved", actor, work, now)


def refuse_share(session: Session, *, actor: Actor, share_id: UUID, reason: str, now: datetime) -> None:
    """Say no to a share; the learner reads the reason. Raises ShareNotFound, ShareDecided."""
    work = queries.share_for_deciding(session, actor, share_id)
    seat, share, others = _waiting(session, work, now)
    _pass_on(session, seat, share, others, fallback=work.share.fallback, by=actor.person_id, note=reason[:_LONGEST_NOTE], now=now)
    _record(session, "share-refused", actor, work, now)


def lapse_due(session: Session, *, now: datetime) -> int:
    """Take as refused what nobody answered in time, some at a time; returns how many there were. Repeatable."""
    due = queries.shares_to_lapse(session, now=now)
    for share_id in due:
        work = queries.share_for_letter(session, share_id)
        if work is None:
            _end_unanswered(session, share_id, now=now)
            continue
        seat, share, others = _seat_and_shares(session, work)
        if share.state is ShareState.RESERVED and share.approve_until is not None and share.approve_until <= now:
            _pass_on(session, seat, share, others, fallback=work.share.fallback, by=None, note=_NOBODY_ANSWERED, now=now)
    return len(due)


def _end_unanswered(session: Session, share_id: UUID, *, now: datetime) -> None:
    """Give a seat back of which no employer answered by letter, or whose learner did not agree to pay what it left; nothing of it is owed."""
    seat_id = session.scalar(select(FundingShare.seat_id).where(FundingShare.id == share_id))
    seat = None if seat_id is None else queries.locked_seat(session, seat_id)
    own = None if seat is None else queries.own_share_of(queries.locked_shares(session, seat.id))
    if seat is not None and own is not None and own.approve_until is not None and own.approve_until <= now:
        end_locked(session, seat, owed=FREE, now=now)
        announce(session, SeatUnfunded(seat.id))


def _seat_and_shares(session: Session, work: ShareInWork) -> tuple[FundedSeat, FundingShare, list[FundingShare]]:
    """Return a share as it is now, with its seat kept to this transaction, and the other shares of that."""
    seat = queries.locked_seat(session, work.share.seat_id)
    assert seat is not None
    there = queries.locked_shares(session, seat.id)
    share = next(one for one in there if one.id == work.share.id)
    return seat, share, [one for one in there if one is not share]


def _waiting(session: Session, work: ShareInWork, now: datetime) -> tuple[FundedSeat, FundingShare, list[FundingShare]]:
    seat, share, others = _seat_and_shares(session, work)
    if share.state is not ShareState.RESERVED or share.approve_until is None or share.approve_until <= now:
        raise ShareDecided
    return seat, share, others


def _pass_on(
    session: Session, seat: FundedSeat, share: FundingShare, others: list[FundingShare], *, fallback: Fallback | None, by: UUID | None, note: str,
    now: datetime,
) -> None:
    """Let go of a share, and give its amount to who agreed to pay it then; where nobody did, the seat is given back."""
    shares.free(session, seat, share, share.amount)
    shares.move(session, share, ShareState.RELEASED, now=now, by=by, note=note, approve_until=None)
    announce(session, ShareRefused(share.id))
    if fallback is Fallback.LEARNER:
        _learner_pays(session, seat, share, others, now=now)
    elif fallback is not Fallback.EMPLOYER or not _employer_pays(session, seat, share, others, now=now):
        end_locked(session, seat, owed=FREE, now=now)
        announce(session, SeatUnfunded(seat.id))
        return
    _tell_when_decided(session, seat, others)


def _learner_pays(session: Session, seat: FundedSeat, share: FundingShare, others: Sequence[FundingShare], *, now: datetime) -> None:
    own = next((one for one in others if one.kind is SourceKind.LEARNER and one.state is ShareState.RESERVED), None)
    if own is None:
        last = max(one.position for one in [share, *others])
        shares.add(session, own_share(seat, position=last + 1, amount=share.amount, vat=share.vat), now=now, note="instead of a source")
    else:
        shares.move(
            session, own, own.state, now=now, note="instead of a source", amount=own.amount + share.amount, vat=own.vat + share.vat,
        )


def _employer_pays(session: Session, seat: FundedSeat, share: FundingShare, others: Sequence[FundingShare], *, now: datetime) -> bool:
    """Ask the employer who pays of this seat already to pay this too; False when there is none, or its budget has not that much."""
    paying = (ShareState.RESERVED, ShareState.APPROVED)
    # What a firm agreed to by letter is for one sum: it has no rule by which more could be asked.
    employer = next((one for one in others if one.kind is SourceKind.EMPLOYER and one.rule_id is not None and one.state in paying), None)
    if employer is None or not shares.take(session, seat, employer, share.amount):
        return False
    shares.move(
        session, employer, ShareState.RESERVED, now=now, note="instead of a source", amount=employer.amount + share.amount,
        vat=employer.vat + share.vat, approve_until=approve_until(seat, now),
    )
    announce(session, ShareAsked(employer.id))
    return True


def _tell_when_decided(session: Session, seat: FundedSeat, others: Sequence[FundingShare]) -> None:
    if all(one.approve_until is None for one in others):
        announce(session, SeatDecided(seat.id))


def _record(session: Session, act: str, actor: Actor, work: ShareInWork, now: datetime) -> None:
    record(
        session, act, actor_id=actor.person_id, organisation_id=work.owner_id, person_id=work.person_id, about="funding_share",
        about_id=work.share.id, now=now,
    )
