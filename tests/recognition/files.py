"""A file at any point of its way, its people, and steps with defaults that are right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from academy.recognition.kinds import ALWAYS_MET, FileState, InstrumentKind, Judgement, Route, Who
from academy.recognition.rules.deciding import Answer, File, Step, decision_of
from academy.recognition.rules.instruments import Instrument, People

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=400)
LEARNER, GUIDE, ASSESSOR, OTHER_ASSESSOR, BOARD, OTHER_OF_BOARD, STRANGER = (UUID(int=number) for number in range(1, 8))
PROVIDER, OTHER_PROVIDER, EMPLOYER = (UUID(int=number) for number in range(11, 14))
OUTCOMES = tuple(UUID(int=number) for number in range(21, 24))
DIPLOMA, WORK, OF_ANOTHER = (UUID(int=number) for number in range(31, 34))
DECISION, OTHER_DECISION = UUID(int=41), UUID(int=42)
YES, PARTLY, NO = Judgement.YES, Judgement.PARTLY, Judgement.NO

_ROLES = {Who.LEARNER: LEARNER, Who.GUIDE: GUIDE, Who.ASSESSOR: ASSESSOR, Who.EXAM_BOARD: BOARD, Who.WORKER: None}
DECISIONS = {FileState.GRANTED: (YES, YES, YES), FileState.PARTIALLY_GRANTED: (YES, PARTLY, NO), FileState.REFUSED: (NO, NO, NO)}


def instrument(kind: InstrumentKind, by: UUID = ASSESSOR, *, done: bool = True) -> Instrument:
    return Instrument(kind, by, NOW if done else None)


def answers(*judgements: Judgement) -> tuple[Answer, ...]:
    """Answer the outcomes in this order, each as it should be."""
    return tuple(
        Answer(
            outcome, judgement, part="the second half" if judgement is PARTLY else "", reason="because",
            evidence=frozenset() if judgement is NO else frozenset({WORK}), met=frozenset() if judgement is NO else ALWAYS_MET,
        )
        for outcome, judgement in zip(OUTCOMES, judgements, strict=True)
    )


def a_file(state: FileState, **values: Any) -> File:
    """Return a file of the education route in which all has been done that the way to any state asks."""
    file = File(
        state=state, route=Route.EDUCATION, people=People(LEARNER, GUIDE, frozenset({EMPLOYER})), provider_id=PROVIDER, outcomes=OUTCOMES, since=NOW, idle_since=NOW,
        told=(NOW + timedelta(days=30), NOW + timedelta(days=60)), agreement=frozenset({Who.LEARNER, Who.GUIDE}), is_stated=True, evidence=frozenset({DIPLOMA, WORK}),
        instruments=(instrument(InstrumentKind.PORTFOLIO), instrument(InstrumentKind.INTERVIEW)), decision_id=DECISION,
    )
    return replace(file, **values)


def a_step(becomes: FileState, who: Who, **values: Any) -> Step:
    """Return a step of this part that nothing is wrong with."""
    given = DECISIONS.get(becomes, (YES, YES, NO))
    step = Step(becomes=becomes, who=who, person_id=_ROLES[who])
    if who is Who.EXAM_BOARD:
        replaced = DECISION if becomes is FileState.REVISED else None
        step = replace(step, provider_id=PROVIDER, signers=frozenset({BOARD}), answers=answers(*given), replaces=replaced)
        assert becomes not in DECISIONS or decision_of(step.answers) is becomes
    if becomes is FileState.REPORT_ISSUED:
        step = replace(step, answers=answers(*given))
    return replace(step, **values)
