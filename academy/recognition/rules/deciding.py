"""What must be true before a file goes a step further: the one place that is asked before every change of its state.

The table in `states.py` says which steps there are and whose they are; here stands what besides must be true of the file. Source: standards.md, section
4.4, guards 1 to 9.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from academy.recognition.kinds import (
    ALWAYS_MET,
    DECIDED,
    AnswerFault,
    Criterion,
    FileState,
    InstrumentKind,
    Judgement,
    Route,
    Who,
    WhyNot,
)
from academy.recognition.rules.clocks import appeal_until, archives_at, contest_until, is_over, lapses_at
from academy.recognition.rules.instruments import Instrument, People, counting, has_enough, involved, unfit
from academy.recognition.rules.states import way

_F = FileState


@dataclass(frozen=True)
class Answer:
    """What is said of one outcome: `part` is which part of it, of partly; `met` are the criteria that its evidence meets."""

    outcome_id: UUID
    judgement: Judgement
    part: str = ""
    reason: str = ""
    evidence: frozenset[UUID] = frozenset()
    met: frozenset[Criterion] = frozenset()


@dataclass(frozen=True)
class File:
    """A file as it stands, to judge a step by. `since` is from when it is in its state, `idle_since` when its learner last did something.

    `provider_id` is the awarding one, `signatures` how many members of its board sign a decision; `decision_id` is the decision that counts and
    `decided_by` who signed it.
    """

    state: FileState
    route: Route
    people: People
    provider_id: UUID
    outcomes: tuple[UUID, ...]
    since: datetime
    idle_since: datetime
    told: tuple[datetime, ...] = ()
    agreement: frozenset[Who] = frozenset()
    is_stated: bool = False
    evidence: frozenset[UUID] = frozenset()
    instruments: tuple[Instrument, ...] = ()
    signatures: int = 1
    decision_id: UUID | None = None
    decided_by: frozenset[UUID] = frozenset()
    lapsed_from: FileState | None = None


@dataclass(frozen=True)
class Step:
    """What somebody wants to do with a file. `person_id` is None for the clock; `provider_id` is whose exam board they sit in.

    `signers` are those who sign a decision, the person included; `replaces` is the decision that this one takes the place of.
    """

    becomes: FileState
    who: Who
    person_id: UUID | None = None
    provider_id: UUID | None = None
    acts_for: frozenset[UUID] = frozenset()
    answers: tuple[Answer, ...] = ()
    signers: frozenset[UUID] = frozenset()
    replaces: UUID | None = None


def answer_faults(asked: Collection[UUID], answers: Sequence[Answer]) -> list[tuple[UUID, AnswerFault]]:
    """Return what is wrong with a decision: every outcome is answered once, partly says which part, no and partly say why."""
    times = Counter(each.outcome_id for each in answers)
    faults = [(each, AnswerFault.MISSING) for each in asked if not times[each]]
    faults += [(each, AnswerFault.TWICE) for each, number in times.items() if number > 1]
    faults += [(each, AnswerFault.NOT_ASKED) for each in times if each not in asked]
    faults += [(each.outcome_id, AnswerFault.NO_PART) for each in answers if (each.judgement is Judgement.PARTLY) != bool(each.part.strip())]
    faults += [(each.outcome_id, AnswerFault.NO_REASON) for each in answers if each.judgement is not Judgement.YES and not each.reason.strip()]
    return faults


def report_faults(asked: Collection[UUID], answers: Sequence[Answer], evidence: Collection[UUID]) -> list[tuple[UUID, AnswerFault]]:
    """Return what is wrong with a report: as a decision, and each answer has its reason, each yes and partly its evidence, of this file.

    A yes rests on evidence that is authentic, relevant and current.
    """
    faults = answer_faults(asked, answers)
    faults += [(each.outcome_id, AnswerFault.NO_REASON) for each in answers if each.judgement is Judgement.YES and not each.reason.strip()]
    faults += [(each.outcome_id, AnswerFault.NO_EVIDENCE) for each in answers if each.judgement is not Judgement.NO and not each.evidence]
    faults += [(each.outcome_id, AnswerFault.NOT_OF_THIS_FILE) for each in answers if not each.evidence <= frozenset(evidence)]
    faults += [(each.outcome_id, AnswerFault.CRITERIA) for each in answers if each.judgement is Judgement.YES and not each.met >= ALWAYS_MET]
    return faults


def decision_of(answers: Collection[Answer]) -> FileState:
    """Return what these answers come down to: granted, partially granted or refused; it follows from them and is not chosen. Raises ValueError for none."""
    given = {each.judgement for each in answers}
    if not given:
        raise ValueError("a decision answers at least one outcome")
    if given == {Judgement.YES}:
        return _F.GRANTED
    return _F.REFUSED if given == {Judgement.NO} else _F.PARTIALLY_GRANTED


def granted(answers: Collection[Answer]) -> frozenset[UUID]:
    """Return the outcomes that were granted whole: those that earn credits."""
    return frozenset(each.outcome_id for each in answers if each.judgement is Judgement.YES)


def why_not(file: File, step: Step, now: datetime) -> WhyNot | None:
    """Return the first reason why a file does not go this step, or None when it does.

    `file` is as it is with what the step itself brings: an instrument that took place, a statement that is given, is in it already.
    """
    found = way(file.state, step.becomes)
    if found is None:
        return WhyNot.NO_WAY
    if found.route not in {None, file.route}:
        return WhyNot.OTHER_ROUTE
    if step.who not in found.who or not _is_theirs(file, step):
        return WhyNot.NOT_THEIRS
    return next((each.reason for each in _CHECKS if each.concerns(file, step) and not each.holds(file, step, now)), None)


def _is_theirs(file: File, step: Step) -> bool:
    if step.who is Who.LEARNER:
        return step.person_id == file.people.learner_id
    if step.who is Who.GUIDE:
        return step.person_id is not None and step.person_id == file.people.guide_id
    return (step.person_id is None) == (step.who is Who.WORKER)


@dataclass(frozen=True)
class _Check:
    """Something that must be true of a step that it concerns."""

    reason: WhyNot
    concerns: Callable[[File, Step], bool]
    holds: Callable[[File, Step, datetime], bool]


def _to(*states: FileState) -> Callable[[File, Step], bool]:
    return lambda _file, step: step.becomes in states


def _of_board(_file: File, step: Step) -> bool:
    return step.who is Who.EXAM_BOARD


def _contests(file: File, step: Step) -> bool:
    return file.state is _F.LAPSED and step.who is Who.LEARNER


def _judges(file: File, step: Step) -> bool:
    """Tell whether somebody judges here; who stands back, from the portfolio or from a second look, may do so because they may not judge."""
    return step.who is Who.ASSESSOR and (file.state, step.becomes) not in {(_F.ASSESSMENT_PLANNED, _F.PORTFOLIO_SUBMITTED), (_F.SECOND_PLANNED, _F.ASSESSED)}


def _is_fit(file: File, step: Step, _now: datetime) -> bool:
    return step.person_id is not None and unfit(step.person_id, file.people, acts_for=step.acts_for) is None


def _has_portfolio(file: File, _step: Step, _now: datetime) -> bool:
    return any(each.kind is InstrumentKind.PORTFOLIO for each in counting(file.instruments, file.people))


def _is_signed_by_others(file: File, step: Step, _now: datetime) -> bool:
    inside = involved(file.people, (each.assessor_id for each in file.instruments))
    return not step.signers & (inside | (file.decided_by if file.state is _F.APPEALED else set()))


def _has_signatures(file: File, step: Step, _now: datetime) -> bool:
    return step.person_id in step.signers and len(step.signers) >= file.signatures


def _names_what_it_replaces(file: File, step: Step, _now: datetime) -> bool:
    if step.becomes is not _F.REVISED:
        return step.replaces is None
    return step.replaces is not None and step.replaces == file.decision_id


def _has_ended(ends: datetime | None, now: datetime) -> bool:
    return ends is not None and is_over(ends, now)


# In this order: the first that does not hold is the answer.
_CHECKS: Final = (
    _Check(WhyNot.UNFIT, _judges, _is_fit),
    _Check(WhyNot.UNSIGNED, _to(_F.PORTFOLIO_OPEN), lambda file, _step, _now: {Who.LEARNER, Who.GUIDE} <= file.agreement),
    _Check(WhyNot.NOT_STATED, _to(_F.PORTFOLIO_SUBMITTED), lambda file, step, _now: file.is_stated or step.who is Who.ASSESSOR),
    _Check(WhyNot.FEW_INSTRUMENTS, _to(_F.ASSESSED), _has_portfolio),
    _Check(WhyNot.OTHER_BOARD, _of_board, lambda file, step, _now: step.provider_id == file.provider_id),
    _Check(
        WhyNot.FEW_INSTRUMENTS, lambda _file, step: step.becomes in {_F.SECOND_DONE, _F.REPORT_ISSUED} or step.who is Who.EXAM_BOARD,
        lambda file, _step, _now: has_enough(file.instruments, file.people),
    ),
    _Check(WhyNot.ANSWERS, _to(_F.REPORT_ISSUED), lambda file, step, _now: not report_faults(file.outcomes, step.answers, file.evidence)),
    _Check(WhyNot.INVOLVED, _of_board, _is_signed_by_others),
    _Check(WhyNot.FEW_SIGNATURES, _of_board, _has_signatures),
    _Check(WhyNot.NAMES_ANOTHER, _of_board, _names_what_it_replaces),
    _Check(WhyNot.ANSWERS, _to(*DECIDED, _F.REVISED), lambda file, step, _now: not answer_faults(file.outcomes, step.answers)),
    _Check(WhyNot.OTHER_DECISION, _to(*DECIDED), lambda _file, step, _now: decision_of(step.answers) is step.becomes),
    _Check(WhyNot.TOO_LATE, _to(_F.APPEALED), lambda file, _step, now: not is_over(appeal_until(file.since), now)),
    _Check(WhyNot.TOO_EARLY, _to(_F.LAPSED), lambda file, _step, now: _has_ended(lapses_at(file.idle_since, file.told), now)),
    _Check(WhyNot.TOO_EARLY, _to(_F.ARCHIVED), lambda file, _step, now: _has_ended(archives_at(file.state, file.since), now)),
    _Check(WhyNot.NOT_WHERE_IT_WAS, _contests, lambda file, step, _now: step.becomes is file.lapsed_from),
    _Check(WhyNot.TOO_LATE, _contests, lambda file, _step, now: not is_over(contest_until(file.since), now)),
)
