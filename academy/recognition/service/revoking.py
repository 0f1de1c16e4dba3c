"""Taking back a decision that no file led to: an agreement on a result that proved wrong, a test on a certificate that is not what it says."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.recognition.errors.patterns import DecisionStands
from academy.recognition.kinds import AgreementState, DecisionGround, Judgement, LocalTestState
from academy.recognition.models import Agreement, Decision, DecisionAnswer, LocalTest
from academy.recognition.queries.board import board_at
from academy.recognition.service.booking import About, Answered, book_decision

REVOCABLE: Final = (DecisionGround.AGREEMENT, DecisionGround.MAPPING)  # that on an equivalence has its own page, beside its paper


def revoke_decision(session: Session, *, actor: Actor, provider_slug: str, number: str, reason: str, now: datetime) -> str:
    """Replace a decision on an agreement or a test by one that grants nothing, with the reason; returns its number. What it rested on ends with it.

    Raises ProviderNotFound for who does not sit in the exam board, and DecisionStands when it does not count any more, is of another kind, or about the actor.
    """
    desk = board_at(session, actor, provider_slug)
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    row = session.scalars(select(Decision).where(
        Decision.number == number.upper(), Decision.provider_id == desk.provider_id, Decision.ground.in_(REVOCABLE), Decision.replaces_id.is_(None),
        Decision.id.not_in(replaced), Decision.person_id != actor.person_id,
    )).one_or_none()
    why = reason.strip()
    if row is None or not why:
        raise DecisionStands
    said = session.scalars(select(DecisionAnswer).where(DecisionAnswer.decision_id == row.id))
    answers = [Answered(each.outcome_id, each.wording, each.ec, Judgement.NO, reason=why) for each in said]
    about = About(row.person_id, row.module_id, row.provider_id, row.ground, ground_id=row.ground_id, replaces=row.id)
    _end_ground(session, row.id, why, now=now)
    decision_id = book_decision(session, about, answers, signers={actor.person_id}, now=now)
    record(
        session, "decision-revoked", actor_id=actor.person_id, now=now, organisation_id=desk.provider_id, person_id=row.person_id, about="recognition_decision",
        about_id=row.id, details={"decision": row.number},
    )
    return session.get_one(Decision, decision_id).number


def _end_ground(session: Session, decision_id: UUID, reason: str, *, now: datetime) -> None:
    """End the agreement, or fail the test, on which a decision rested: a new one can be made."""
    agreement = update(Agreement).where(Agreement.decision_id == decision_id).values(state=AgreementState.ENDED, decision_id=None, ended_at=now, reason=reason)
    test = update(LocalTest).where(LocalTest.decision_id == decision_id).values(state=LocalTestState.FAILED, decision_id=None, reason=reason)
    for ending in (agreement, test):
        session.execute(ending.execution_options(synchronize_session=False))
