"""Reads about who is younger than sixteen, and what a parent, guardian or dean said."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import ApprovalGone
from academy.accounts.models import Approval, ApprovalState, Person
from academy.kernel.clock import amsterdam_day


@dataclass(frozen=True)
class AskedFacts:
    """One who was asked, and what they said."""

    name: str
    email: str
    state: ApprovalState
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class MinorFacts:
    """Whether someone says to be younger than sixteen, and who was asked, the newest first."""

    is_minor: bool
    asked: tuple[AskedFacts, ...]


@dataclass(frozen=True)
class OpenApproval:
    """An approval that can still be answered: who is asked, and for whom; the minor's address is masked."""

    id: UUID
    email: str
    minor_name: str
    minor_email: str
    until: date
    language: str


def minor_of(session: Session, person_id: UUID) -> MinorFacts:
    """Return what someone says about being younger than sixteen, and who was asked to approve."""
    rows = session.scalars(select(Approval).where(Approval.person_id == person_id).order_by(Approval.asked_at.desc()))
    return MinorFacts(
        session.scalars(select(Person.is_minor).where(Person.id == person_id)).one(),
        tuple(AskedFacts(row.name, row.email, row.state, row.asked_at, row.answered_at) for row in rows),
    )


def approval_of(session: Session, person_id: UUID) -> ApprovalState | None:
    """Return the last answer; None when nobody answered."""
    answered = select(Approval.state).where(Approval.person_id == person_id, Approval.answered_at.is_not(None))
    return session.scalars(answered.order_by(Approval.answered_at.desc(), Approval.id.desc()).limit(1)).one_or_none()


def open_approval(session: Session, approval_id: UUID | None, *, now: datetime) -> OpenApproval:
    """Return an approval that waits for an answer. Raises ApprovalGone."""
    row = None if approval_id is None else session.get(Approval, approval_id)
    if row is None or row.state is not ApprovalState.ASKED or row.asked_at <= now - rules.APPROVAL_LIFETIME:
        raise ApprovalGone
    minor = session.get_one(Person, row.person_id)
    until = amsterdam_day(row.asked_at + rules.APPROVAL_LIFETIME)
    return OpenApproval(row.id, row.email, minor.name, rules.masked(minor.email), until, minor.language)


def approval_for_letter(session: Session, approval_id: UUID, *, now: datetime) -> OpenApproval | None:
    """Return what the letter asks; None when that has no sense any more."""
    try:
        return open_approval(session, approval_id, now=now)
    except ApprovalGone:
        return None
