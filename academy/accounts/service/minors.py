"""Use cases of who is younger than sixteen: asking a parent, guardian or dean, and their answer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import ApprovalGone, ApprovalNeeded, SignInNeeded, TooManyAttempts
from academy.accounts.events import ApprovalAsked
from academy.accounts.models import Approval, ApprovalState, Person
from academy.accounts.queries import Actor
from academy.accounts.queries import minors as queries
from academy.accounts.queries.factors import hold
from academy.accounts.service import trail
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce


def declare_age(session: Session, *, actor: Actor, is_minor: bool, now: datetime) -> None:
    """Keep whether the actor is younger than sixteen; no birth date is asked. Saying the same again changes nothing."""
    changed = session.scalar(
        update(Person)
        .where(Person.id == actor.person_id, Person.is_minor != is_minor, Person.erased_at.is_(None))
        .values(is_minor=is_minor)
        .returning(Person.id),
    )
    if changed is not None:
        trail.record(
            session, "age-declared", actor_id=actor.person_id, person_id=actor.person_id, now=now, details={"under-sixteen": is_minor},
        )


def ask_approval(session: Session, *, actor: Actor, email: str, name: str, now: datetime) -> None:
    """Have a letter sent to a parent, guardian or dean.

    Raises TooManyAttempts, because the letter goes to an address of the actor's choice, and NotFound for who has just left.
    """
    hold(session, actor)  # two at once count each other
    today = select(func.count()).where(Approval.person_id == actor.person_id, Approval.asked_at > now - rules.APPROVAL_WINDOW)
    if (session.scalar(today) or 0) >= rules.APPROVALS_PER_WINDOW:
        raise TooManyAttempts
    approval_id = new_id()
    session.add(Approval(
        id=approval_id, person_id=actor.person_id, email=email, name=rules.clean_name(name), state=ApprovalState.ASKED, asked_at=now,
    ))
    session.flush()
    announce(session, ApprovalAsked(approval_id))
    trail.record(
        session, "approval-asked", actor_id=actor.person_id, person_id=actor.person_id, now=now, about="approval", about_id=approval_id,
    )


def answer_approval(session: Session, *, approval_id: UUID | None, is_given: bool, now: datetime) -> None:
    """Keep the answer of who got the letter, once and within thirty days. Raises ApprovalGone."""
    state = ApprovalState.GIVEN if is_given else ApprovalState.REFUSED
    minor_id = session.scalar(
        update(Approval)
        .where(Approval.id == approval_id, Approval.state == ApprovalState.ASKED, Approval.asked_at > now - rules.APPROVAL_LIFETIME)
        .values(state=state, answered_at=now)
        .returning(Approval.person_id),
    )
    if minor_id is None:
        raise ApprovalGone
    trail.record(session, f"approval-{state.value}", actor_id=None, person_id=minor_id, now=now, about="approval", about_id=approval_id)


_HELD: Final = select(Person.is_minor, Person.erased_at).where(Person.id == bindparam("person_id")).with_for_update(read=True, key_share=True)


def check_may_enrol(session: Session, person_id: UUID) -> None:
    """Refuse who is younger than sixteen and has no approval. Raises ApprovalNeeded, and SignInNeeded for who has just left.

    The row of the person is held until the caller's transaction ends, so that nobody leaves while enrolling.
    """
    is_minor, erased_at = session.execute(_HELD, {"person_id": person_id}).one()
    if erased_at is not None:
        raise SignInNeeded
    if is_minor and queries.approval_of(session, person_id) is not ApprovalState.GIVEN:
        raise ApprovalNeeded
