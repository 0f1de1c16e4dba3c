"""The result of a module elsewhere, and what follows from it at once: a decision on the ground of the agreement, and its credits. Nobody asks a second time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, aliased

from academy.accounts.api import record
from academy.kernel.db import rows_changed
from academy.kernel.outbox import announce
from academy.recognition.errors.agreeing import AgreementClosed, OutcomesReworded
from academy.recognition.events import AgreementChanged
from academy.recognition.kinds import AgreementState, DecisionGround, Judgement
from academy.recognition.models import Agreement, DecisionAnswer
from academy.recognition.queries import agreements as queries
from academy.recognition.queries.agreements import AgreementFacts
from academy.recognition.queries.outcomes import OutcomeNow, modules_to_claim
from academy.recognition.rules.agreeing import result_by
from academy.recognition.rules.patterns import wording_digest
from academy.recognition.service.booking import About, Answered, book_decision

_S = AgreementState
_WAITS: Final = (_S.SIGNED, _S.NOT_PASSED)  # who failed may try again: the same agreement counts
_REWORDED: Final = "De leeruitkomst is veranderd sinds iedereen tekende."
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
    theirs = (Agreement.host_module_id == module_id, Agreement.person_id.in_(sorted(results)))
    if not _take(session, *theirs, Agreement.state.in_((_S.ASKED, *_WAITS))):  # a last signature at this moment: it waits and sees the result, or we see it
        return
    waiting = queries.agreements_where(session, *theirs, Agreement.state.in_(_WAITS), most=len(results) * 10)
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


def report_result_by_link(session: Session, *, agreement_id: UUID | None, reader_id: UUID | None, is_passed: bool, now: datetime) -> None:
    """Tell, for a school elsewhere, whether the learner passed; what follows is in the same commit. `reader_id` is who is signed in there, if anybody.

    Raises AgreementNotFound, AgreementClosed, NotTheirSignature for the learner, and OutcomesReworded when nothing is left of what was agreed on.
    """
    found = queries.agreement_by_link(session, agreement_id, reader_id=reader_id)
    if not (_book if is_passed else _fail)(session, found, now=now):
        raise OutcomesReworded if is_passed and found.state in _WAITS and now < found.until else AgreementClosed
    note_agreement(session, "agreement-booked" if is_passed else "agreement-not-passed", found, None, now=now)


def book_if_passed_before(session: Session, agreement_id: UUID, *, now: datetime) -> None:
    """Book an agreement that all three signed when its result was there before."""
    found = queries.agreement_by_id(session, agreement_id)
    if found.state is not _S.SIGNED or found.host_module_id is None or not any(each(session, found.person_id, found.host_module_id) for each in _passed):
        return
    if _book(session, found, now=now):
        note_agreement(session, "agreement-booked", found, None, now=now)


def _book(session: Session, found: AgreementFacts, *, now: datetime) -> bool:
    """Write the decision of an agreement and its credits; tells whether there was one to write. Nobody agreed to other words: those are a no, with the reason.

    False too where no outcome is left as it was agreed on: the agreement waits, and its pages say that the board at home has to look.
    """
    if not _hold(session, found.id, *_WAITS, before=now):
        return False
    home, agreed = modules_to_claim(session, [found.home_module_id])[found.home_module_id], dict(found.outcomes)
    answers = [_answered(each, agreed[each.id]) for each in home.outcomes if each.id in agreed]
    if not any(each.judgement is Judgement.YES for each in answers) or found.home_signed_by is None:
        return False
    about = About(found.person_id, found.home_module_id, found.home_provider_id, DecisionGround.AGREEMENT, ground_id=found.id)
    decision_id = book_decision(session, about, answers, signers=[found.home_signed_by], now=now)
    _set(session, found.id, state=_S.BOOKED, decision_id=decision_id, ended_at=now)
    return True


def _answered(outcome: OutcomeNow, digest: str) -> Answered:
    if wording_digest(outcome.wording.in_language("nl")) == digest:
        return Answered(outcome.id, outcome.wording, outcome.worth, Judgement.YES)
    return Answered(outcome.id, outcome.wording, outcome.worth, Judgement.NO, reason=_REWORDED)


def _fail(session: Session, found: AgreementFacts, *, now: datetime) -> bool:
    if not _hold(session, found.id, _S.SIGNED, before=now):
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
    state = _S.NOT_PASSED if has_newer else _S.SIGNED
    _set(session, found.id, state=state, decision_id=None, ended_at=now if has_newer else None, until=result_by(now))  # the new result has its own time
    return True


def _hold(session: Session, agreement_id: UUID, *states: AgreementState, before: datetime | None = None) -> bool:
    """Keep an agreement to this transaction while it is in one of these states, and with `before` not over then; a withdrawal at the same moment finds it changed."""
    in_time = () if before is None else (Agreement.until > before,)
    return _take(session, Agreement.id == agreement_id, Agreement.state.in_(states), *in_time) == 1


def _take(session: Session, *conditions: ColumnElement[bool]) -> int:
    """Keep these agreements to this transaction as they are; returns how many."""
    return rows_changed(session, update(Agreement).where(*conditions).values(state=Agreement.state).execution_options(synchronize_session=False))


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
