"""The result of a module elsewhere, and what follows from it at once: a decision on the ground of the agreement, and its credits. Nobody asks a second time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from academy.accounts.api import record
from academy.kernel.db import rows_changed
from academy.kernel.outbox import announce
from academy.recognition.errors.agreeing import AgreementClosed
from academy.recognition.events import AgreementChanged
from academy.recognition.kinds import AgreementState, DecisionGround, Judgement
from academy.recognition.models import Agreement, DecisionAnswer
from academy.recognition.queries import agreements as queries
from academy.recognition.queries.agreements import AgreementFacts
from academy.recognition.queries.outcomes import modules_to_claim
from academy.recognition.service.booking import About, Answered, book_decision

_S = AgreementState
_WAITS: Final = (_S.SIGNED, _S.NOT_PASSED)  # who failed may try again: the same agreement counts
_TAKEN_BACK: Final = "Het resultaat van de module elders wordt opnieuw bekeken."

Passed = Callable[[Session, UUID, UUID], bool]
_passed: list[Passed] = []


def learn_results_from(passed: Passed) -> None:
    """Let a higher room tell whether a person has passed a module here for good: a result can be there before the last signature."""
    _passed[:] = [passed]


def book_agreed_results(session: Session, *, module_id: UUID, results: Mapping[UUID, bool], by: UUID | None, now: datetime) -> None:
    """Act on final results of a module, as {person: passed}, in the transaction that makes them final. One statement where nobody has an agreement.

    A person who passed gets what was agreed, once, however often it is told; who did not can still pass later.
    """
    waiting = queries.agreements_where(
        session, Agreement.host_module_id == module_id, Agreement.person_id.in_(sorted(results)), Agreement.state.in_(_WAITS), most=len(results) * 10,
    )
    done = [each for each in waiting if (_book if results[each.person_id] else _fail)(session, each, now=now)]
    for each in done:
        note_agreement(session, "agreement-booked" if results[each.person_id] else "agreement-not-passed", each, by, now=now)


def take_back_agreed_results(session: Session, *, module_id: UUID, person_id: UUID, by: UUID | None, now: datetime) -> None:
    """Undo what followed from a result that is looked at again: a decision that replaces the other ends the credits, and the agreement waits for the result."""
    booked = queries.agreements_where(
        session, Agreement.host_module_id == module_id, Agreement.person_id == person_id, Agreement.state.in_((_S.BOOKED, _S.NOT_PASSED)), most=10,
    )
    done = [each for each in booked if _take_back(session, each, now=now)]
    for each in done:
        note_agreement(session, "agreement-taken-back", each, by, now=now)


def report_result_by_link(session: Session, *, agreement_id: UUID | None, is_passed: bool, now: datetime) -> None:
    """Tell, for a school elsewhere, whether the learner passed; what follows is in the same commit. Raises AgreementNotFound, AgreementClosed."""
    found = queries.agreement_by_link(session, agreement_id)
    if not (_book if is_passed else _fail)(session, found, now=now):
        raise AgreementClosed
    note_agreement(session, "agreement-booked" if is_passed else "agreement-not-passed", found, None, now=now)


def book_if_passed_before(session: Session, agreement_id: UUID, *, now: datetime) -> None:
    """Book an agreement that all three signed when its result was there before."""
    found = queries.agreement_by_id(session, agreement_id)
    if found.state is not _S.SIGNED or found.host_module_id is None or not any(each(session, found.person_id, found.host_module_id) for each in _passed):
        return
    if _book(session, found, now=now):
        note_agreement(session, "agreement-booked", found, None, now=now)


def _book(session: Session, found: AgreementFacts, *, now: datetime) -> bool:
    """Write the decision of an agreement and its credits; tells whether there was one to write. False too where no agreed outcome is left in the module."""
    if not _hold(session, found.id, *_WAITS):
        return False
    home, agreed = modules_to_claim(session, [found.home_module_id])[found.home_module_id], {outcome_id for outcome_id, _digest in found.outcomes}
    answers = [Answered(each.id, each.wording, each.worth, Judgement.YES) for each in home.outcomes if each.id in agreed]
    if not answers or found.home_signed_by is None:
        return False
    about = About(found.person_id, found.home_module_id, found.home_provider_id, DecisionGround.AGREEMENT, ground_id=found.id)
    decision_id = book_decision(session, about, answers, signers=[found.home_signed_by], now=now)
    _set(session, found.id, state=_S.BOOKED, decision_id=decision_id, ended_at=now)
    return True


def _fail(session: Session, found: AgreementFacts, *, now: datetime) -> bool:
    if not _hold(session, found.id, _S.SIGNED):
        return False
    _set(session, found.id, state=_S.NOT_PASSED, ended_at=now)
    return True


def _take_back(session: Session, found: AgreementFacts, *, now: datetime) -> bool:
    if not _hold(session, found.id, found.state):
        return False
    if found.decision_id is not None and found.home_signed_by is not None:
        rows: Sequence[DecisionAnswer] = session.scalars(select(DecisionAnswer).where(DecisionAnswer.decision_id == found.decision_id)).all()
        answers = [Answered(row.outcome_id, row.wording, row.ec, Judgement.NO, reason=_TAKEN_BACK) for row in rows]
        about = About(found.person_id, found.home_module_id, found.home_provider_id, DecisionGround.AGREEMENT, ground_id=found.id, replaces=found.decision_id)
        book_decision(session, about, answers, signers=[found.home_signed_by], now=now)
    other = aliased(Agreement)
    newer = select(other.id).where(
        other.person_id == found.person_id, other.home_module_id == found.home_module_id, other.state.in_((_S.ASKED, _S.SIGNED)), other.id != found.id,
    )
    has_newer = session.scalars(newer).first() is not None  # one agreement waits per module; a passed result counts for either
    _set(session, found.id, state=_S.NOT_PASSED if has_newer else _S.SIGNED, decision_id=None, ended_at=now if has_newer else None)
    return True


def _hold(session: Session, agreement_id: UUID, *states: AgreementState) -> bool:
    """Keep an agreement to this transaction while it is in one of these states: a withdrawal at the same moment waits, and finds it changed."""
    holding = update(Agreement).where(Agreement.id == agreement_id, Agreement.state.in_(states)).values(state=Agreement.state)
    return rows_changed(session, holding.execution_options(synchronize_session=False)) == 1


def _set(session: Session, agreement_id: UUID, **values: object) -> None:
    """Change an agreement that is held."""
    session.execute(update(Agreement).where(Agreement.id == agreement_id).values(**values).execution_options(synchronize_session=False))
    announce(session, AgreementChanged(agreement_id))


def note_agreement(session: Session, act: str, found: AgreementFacts, actor_id: UUID | None, *, now: datetime) -> None:
    """Write a line of an agreement in the audit trail; call it last."""
    record(
        session, act, actor_id=actor_id, now=now, organisation_id=found.home_provider_id, person_id=found.person_id, about="learning_agreement", about_id=found.id,
        details={"agreement": found.code},
    )
