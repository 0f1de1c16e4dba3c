"""What a learner does with their own file: open it, say what they can, ask for a guide, sign, send, and what comes after the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.recognition.errors import FileClosed, FileThere, StepRefused
from academy.recognition.errors.claiming import AnswersMissing, NothingLeft, NothingShown, NothingToProve, ReasonMissing
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import OPEN_TO_EVIDENCE, Advice, FileState, Judgement, Route, Who, WhyNot
from academy.recognition.models import DecisionDraft, EvidenceFor, FileEvidence, FileOutcome, FileParty, RecognitionFile
from academy.recognition.policy import employers_of
from academy.recognition.queries.files import file_by_id, file_of_learner, rule_file, terms_of
from academy.recognition.queries.mine import code_of_request, counting_outcomes, former_of
from academy.recognition.queries.outcomes import ModuleToClaim, OutcomeNow, module_to_claim, modules_to_claim
from academy.recognition.queries.portfolio import report_of
from academy.recognition.rules.deciding import Step
from academy.recognition.service.history import add_step, move, step_of
from academy.recognition.service.patterns import grant_by_pattern
from academy.recognition.service.slots import end_bookings, end_share

LONGEST_EXAMPLE: Final = 2000
LONGEST_REASON: Final = 2000
_LONGEST_EMPLOYER: Final = 200
_F = FileState


@dataclass(frozen=True)
class Said:
    """What a learner says of one outcome: whether they can do it, None as long as they have not decided, and an example of when they did."""

    judgement: Judgement | None
    example: str = ""


def open_file(
    session: Session, *, actor: Actor, module_slug: str, route: Route, answers: Mapping[UUID, Said], employer: str = "", request_key: UUID | None = None, now: datetime,
) -> str:
    """Keep a self-scan as a file in draft; returns its code. Outcomes that count for the learner already are not asked again.

    The same form sent again is the same file. Raises ModuleNotFound, NotRecognisable, NothingLeft, FileThere where one is under way on this route, and
    ApprovalNeeded for who is younger than sixteen.
    """
    again = code_of_request(session, actor.person_id, request_key)
    if again is not None:
        return again
    accounts.check_may_enrol(session, actor.person_id)
    module = module_to_claim(session, module_slug)
    former = former_of(session, actor.person_id, module.id)
    return _open(session, actor, module, route, answers, employer=employer, request_key=request_key, former_id=former, now=now)


def _open(
    session: Session, actor: Actor, module: ModuleToClaim, route: Route, answers: Mapping[UUID, Said], *,
    employer: str, request_key: UUID | None, former_id: UUID | None, now: datetime,
) -> str:
    granted = counting_outcomes(session, actor.person_id, module.id)
    left = [each for each in module.outcomes if each.id not in granted]
    if not left:
        raise NothingLeft
    file_id, code = new_id(), short_code()
    row = RecognitionFile(
        id=file_id, code=code, person_id=actor.person_id, module_id=module.id, module_version=module.version, provider_id=module.provider_id, route=route, state=_F.DRAFT,
        since=now, idle_since=now, employer=employer.strip()[:_LONGEST_EMPLOYER], fee=terms_of(session, module.provider_id).fee, made_at=now,
        request_key=request_key, former_id=former_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the index says it, also when two are opened at once
        same = code_of_request(session, actor.person_id, request_key)
        if same is None:
            raise FileThere from error
        return same
    session.add_all(_outcome(file_id, position, each, answers.get(each.id)) for position, each in enumerate(left))
    session.add_all(FileParty(file_id=file_id, organisation_id=firm) for firm in sorted(employers_of(accounts.memberships_of(session, actor.person_id))))
    add_step(session, file_id, None, step_of(_F.DRAFT, Who.LEARNER, actor), now=now)
    _record(session, "file-opened", actor, file_by_id(session, file_id), now=now)
    return code


def _outcome(file_id: UUID, position: int, outcome: OutcomeNow, said: Said | None) -> FileOutcome:
    return FileOutcome(
        file_id=file_id, outcome_id=outcome.id, position=position, wording=outcome.wording, worth=outcome.worth,
        self_judgement=said.judgement if said else None, self_example=_example(said) if said else "",
    )


def _example(said: Said) -> str:
    return said.example.strip()[:LONGEST_EXAMPLE]


def answer_outcomes(session: Session, *, actor: Actor, code: str, answers: Mapping[UUID, Said], employer: str | None = None, now: datetime) -> None:
    """Say of outcomes what one can, until the portfolio is sent and while it is incomplete; what is not named stays. Raises FileNotFound, FileClosed."""
    words = {} if employer is None else {"employer": employer.strip()[:_LONGEST_EMPLOYER]}
    found = _held(session, actor, code, *OPEN_TO_EVIDENCE, now=now, **words)
    for row in _outcomes(session, found.id):
        said = answers.get(row.outcome_id)
        if said is not None:
            row.self_judgement, row.self_example = said.judgement, _example(said)


def ask_intake(session: Session, *, actor: Actor, code: str, stated: bool, now: datetime) -> None:
    """Ask for a guide. With `stated` the learner signs the agreement and states that all of it is their own: what they filled in is sent as soon as the guide signs.

    Raises FileNotFound, AnswersMissing, NothingToProve, NothingShown where something is stated about no evidence, StepRefused.
    """
    found = file_of_learner(session, actor, code)
    if found.state is not _F.DRAFT:
        raise StepRefused(WhyNot.NO_WAY)
    _check_answers(session, found.id)
    if stated:
        _check_evidence(session, found.id)
    signed: dict[str, Any] = {"learner_signed_at": now, "stated_at": now} if stated else {}
    move(session, found.id, step_of(_F.INTAKE_PLANNED, Who.LEARNER, actor), now=now, **signed)
    _record(session, "file-intake-asked", actor, found, now=now)


def ask_intake_again(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Ask for another talk after an advice against; what was signed before is open again. Raises FileNotFound, StepRefused."""
    found = file_of_learner(session, actor, code)
    if found.state is not _F.INTAKE_DONE or found.advice is not Advice.AGAINST:
        raise StepRefused(WhyNot.NO_WAY)
    cleared: dict[str, Any] = {"advice": None, "advised_at": None, "advice_reason": "", "learner_signed_at": None, "guide_signed_at": None}
    move(session, found.id, step_of(_F.INTAKE_PLANNED, Who.LEARNER, actor), now=now, **cleared)
    _record(session, "file-intake-asked", actor, found, now=now)


def sign_agreement(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Sign the agreement, also against the advice of the guide. The second signature opens the portfolio, and sends it where it was stated to be one's own before.

    Raises FileNotFound, FileClosed where there is nothing to sign, StepRefused.
    """
    found = _held(session, actor, code, _F.INTAKE_DONE, now=now, learner_signed_at=now)
    there = rule_file(session, found.id)
    if Who.GUIDE in there.agreement:
        move(session, found.id, step_of(_F.PORTFOLIO_OPEN, Who.LEARNER, actor), now=now)
        if there.is_stated:
            move(session, found.id, step_of(_F.PORTFOLIO_SUBMITTED, Who.LEARNER, actor), now=now)
    _record(session, "file-signed", actor, found, now=now)


def send_portfolio(session: Session, *, actor: Actor, code: str, stated: bool, now: datetime) -> None:
    """Send what is shown to be judged, or send it again with what was missing; it is stated anew to be one's own.

    Raises FileNotFound, FileClosed, AnswersMissing, NothingToProve, NothingShown, and StepRefused where it is not stated.
    """
    if not stated:
        raise StepRefused(WhyNot.NOT_STATED)
    found = _held(session, actor, code, _F.PORTFOLIO_OPEN, _F.PORTFOLIO_INCOMPLETE, now=now, stated_at=now)
    _check_answers(session, found.id)
    _check_evidence(session, found.id)
    move(session, found.id, step_of(_F.PORTFOLIO_SUBMITTED, Who.LEARNER, actor), now=now)
    _record(session, "file-sent", actor, found, now=now)


def start_anew(session: Session, *, actor: Actor, code: str, now: datetime) -> str:
    """Begin again on the outcomes as the module has them today; returns the code of the new file.

    The one that was is withdrawn; answers and evidence for outcomes that are still there go along. Raises FileNotFound, StepRefused, ModuleNotFound,
    NotRecognisable, NothingLeft.
    """
    found = file_of_learner(session, actor, code)
    said = {row.outcome_id: Said(row.self_judgement, row.self_example) for row in _outcomes(session, found.id)}
    module = modules_to_claim(session, [found.module_id])[found.module_id]
    if not module.is_public:
        raise catalogue.ModuleNotFound
    withdraw_file(session, actor=actor, code=code, now=now)
    made = _open(session, actor, module, found.route, said, employer=found.employer, request_key=None, former_id=found.id, now=now)
    _carry_evidence(session, found.id, file_of_learner(session, actor, made).id, now=now)
    return made


# Ending, and what comes after the report


def withdraw_file(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Take a file back: from this commit on nobody sees its evidence any more, and time that was booked is free again. Raises FileNotFound, StepRefused."""
    found = file_of_learner(session, actor, code)
    move(session, found.id, step_of(_F.WITHDRAWN, Who.LEARNER, actor), now=now)
    _end_draft(session, found.id)
    end_bookings(session, found.id, now=now)
    end_share(session, found.id, None, now=now)
    _record(session, "file-withdrawn", actor, found, now=now)


def contest_lapse(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Have a file that lapsed go on where it was. Raises FileNotFound, StepRefused, and FileThere where another was opened since."""
    found = file_of_learner(session, actor, code)
    if found.lapsed_from is None:
        raise StepRefused(WhyNot.NO_WAY)
    report = report_of(session, found.id)  # a report that is there still says what it said
    step = Step(found.lapsed_from, Who.LEARNER, actor.person_id, answers=report.answers if report else ())
    try:
        with session.begin_nested():
            move(session, found.id, step, now=now)
    except IntegrityError as error:  # the index says it
        raise FileThere from error
    _record(session, "file-lapse-contested", actor, found, now=now)


def request_exemption(session: Session, *, actor: Actor, code: str, now: datetime) -> bool:
    """Ask the exam board for an exemption; tells whether it is granted at once, because the board approved that this repeats. Raises FileNotFound, StepRefused."""
    found = file_of_learner(session, actor, code)
    move(session, found.id, step_of(_F.EXEMPTION_REQUESTED, Who.LEARNER, actor), now=now)
    is_granted = grant_by_pattern(session, found.id, now)
    _record(session, "file-exemption-requested", actor, found, now=now)  # last: who holds the trail waits for nobody
    return is_granted


def appeal(session: Session, *, actor: Actor, code: str, reason: str, now: datetime) -> None:
    """Appeal against a decision, within six weeks, with a reason. Raises FileNotFound, ReasonMissing, StepRefused."""
    found = file_of_learner(session, actor, code)
    if not reason.strip():
        raise ReasonMissing
    move(session, found.id, step_of(_F.APPEALED, Who.LEARNER, actor), now=now, why=reason.strip()[:LONGEST_REASON])
    _record(session, "file-appealed", actor, found, now=now)


def take_appeal_back(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Take an appeal back: the decision stands. Raises FileNotFound, StepRefused."""
    found = file_of_learner(session, actor, code)
    move(session, found.id, step_of(_F.CONFIRMED, Who.LEARNER, actor), now=now)
    _end_draft(session, found.id)
    _record(session, "file-appeal-withdrawn", actor, found, now=now)


# What these share


def _held(session: Session, actor: Actor, code: str, *states: FileState, now: datetime, **values: Any) -> FileFacts:  # noqa: ANN401 - columns
    """Return the actor's file, held in one of these states until the transaction ends: what they do here counts as doing something."""
    found = file_of_learner(session, actor, code)
    held = update(RecognitionFile).where(RecognitionFile.id == found.id, RecognitionFile.state.in_(states))
    held = held.values(idle_since=now, told_first_at=None, told_second_at=None, **values)
    if rows_changed(session, held.execution_options(synchronize_session=False)) != 1:
        raise FileClosed
    return found


def _end_draft(session: Session, file_id: UUID) -> None:
    """Take away what waits for a second signature of the board; whoever makes or signs one holds the file first, as who moved it does."""
    session.execute(delete(DecisionDraft).where(DecisionDraft.file_id == file_id).execution_options(synchronize_session=False))


def _outcomes(session: Session, file_id: UUID) -> list[FileOutcome]:
    wanted = select(FileOutcome).where(FileOutcome.file_id == file_id).order_by(FileOutcome.position)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def _check_answers(session: Session, file_id: UUID) -> None:
    rows = _outcomes(session, file_id)
    if any(row.self_judgement is None or (row.self_judgement is not Judgement.NO and not row.self_example) for row in rows):
        raise AnswersMissing
    if all(row.self_judgement is Judgement.NO for row in rows):
        raise NothingToProve


def _check_evidence(session: Session, file_id: UUID) -> None:
    if session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == file_id).limit(1)).one_or_none() is None:
        raise NothingShown


def _carry_evidence(session: Session, former_id: UUID, file_id: UUID, *, now: datetime) -> None:
    """Use the evidence of one file in another, for the outcomes that both have."""
    shared = {row.outcome_id for row in _outcomes(session, file_id)}
    pieces = session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == former_id).order_by(FileEvidence.added_at)).all()
    session.add_all(FileEvidence(file_id=file_id, evidence_id=each, added_at=now) for each in pieces)
    session.flush()
    links = session.execute(select(EvidenceFor.evidence_id, EvidenceFor.outcome_id).where(EvidenceFor.file_id == former_id)).all()
    session.add_all(EvidenceFor(file_id=file_id, evidence_id=piece, outcome_id=outcome) for piece, outcome in links if outcome in shared)
    session.flush()


def _record(session: Session, act: str, actor: Actor, file: FileFacts, *, now: datetime) -> None:
    accounts.record(
        session, act, actor_id=actor.person_id, now=now, person_id=file.person_id, organisation_id=file.provider_id, about="recognition_file", about_id=file.id,
        details={"file": file.code},
    )
