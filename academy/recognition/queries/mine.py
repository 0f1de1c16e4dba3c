"""A learner's own files: which there are, and one of them with everything that is shown of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.recognition.facts import ClaimedOutcome, FileFacts, InstrumentFacts
from academy.recognition.kinds import DECIDED, FileState, Route, Who
from academy.recognition.models import Credit, Decision, FileEvidence, InstrumentAnswer, RecognitionFile
from academy.recognition.queries.files import facts_of, file_of_learner
from academy.recognition.queries.outcomes import ModuleToClaim, modules_to_claim
from academy.recognition.queries.portfolio import (
    ReportFacts,
    StepFacts,
    history_of,
    instruments_of,
    outcomes_of,
    report_of,
)
from academy.recognition.rules.deciding import Answer

ENDED = (*DECIDED, FileState.CONFIRMED, FileState.REVISED, FileState.WITHDRAWN, FileState.LAPSED, FileState.ARCHIVED)


@dataclass(frozen=True)
class DecisionFacts:
    """The decision that counts for a file."""

    number: str
    decided_at: datetime
    appeal_until: datetime


@dataclass(frozen=True)
class MyFile:
    """A file with its module as it is today; `evidence` is how much of it there is, `names` of who took a step as guide or assessor."""

    facts: FileFacts
    module: ModuleToClaim
    outcomes: tuple[ClaimedOutcome, ...]
    evidence: int
    history: tuple[StepFacts, ...]
    instruments: tuple[InstrumentFacts, ...]
    decision: DecisionFacts | None
    names: dict[UUID, str]
    advised_at: datetime | None
    former_code: str

    @property
    def booked_at(self) -> datetime | None:
        """When an assessor looks next, of what is booked and not done."""
        return next((each.planned_at for each in self.instruments if each.planned_at is not None and each.done_at is None), None)


@dataclass(frozen=True)
class Said:
    """What an assessor said of one outcome with one instrument."""

    instrument: InstrumentFacts
    answers: tuple[Answer, ...]


def code_of_request(session: Session, person_id: UUID, request_key: UUID | None) -> str | None:
    """Return the file that this request of this person made already."""
    if request_key is None:
        return None
    return session.scalars(select(RecognitionFile.code).where(RecognitionFile.request_key == request_key, RecognitionFile.person_id == person_id)).one_or_none()


def counting_outcomes(session: Session, person_id: UUID, module_id: UUID) -> frozenset[UUID]:
    """Return the outcomes of a module that count for a person already, on whatever ground."""
    mine = (Credit.person_id == person_id, Credit.module_id == module_id, Credit.ended_at.is_(None))
    return frozenset(session.scalars(select(Credit.outcome_id).where(*mine)))


def former_of(session: Session, person_id: UUID, module_id: UUID) -> UUID | None:
    """Return the last file of a person on a module that was decided on: a new one asks for what it left."""
    before = select(RecognitionFile.id).where(
        RecognitionFile.person_id == person_id, RecognitionFile.module_id == module_id, RecognitionFile.decision_id.is_not(None),
    )
    return session.scalars(before.order_by(RecognitionFile.id.desc()).limit(1)).one_or_none()


def live_files(session: Session, person_id: UUID, module_id: UUID) -> dict[Route, str]:
    """Return the codes of the files that a person has under way on a module, by route."""
    wanted = select(RecognitionFile.route, RecognitionFile.code).where(
        RecognitionFile.person_id == person_id, RecognitionFile.module_id == module_id, RecognitionFile.state.not_in(ENDED),
    )
    return dict(session.execute(wanted).all())


def files_of(session: Session, actor: Actor) -> tuple[tuple[FileFacts, ModuleToClaim], ...]:
    """Return the actor's files with their modules, the newest first: four statements."""
    rows = session.scalars(select(RecognitionFile).where(RecognitionFile.person_id == actor.person_id).order_by(RecognitionFile.id.desc())).all()
    modules = modules_to_claim(session, {row.module_id for row in rows})
    return tuple((facts_of(row), modules[row.module_id]) for row in rows)


def file_in_full(session: Session, actor: Actor, code: str) -> MyFile:
    """Return the actor's file with what its page shows. Raises FileNotFound."""
    facts = file_of_learner(session, actor, code)
    history = history_of(session, facts.id)
    more = session.execute(
        select(RecognitionFile.advised_at, select(func.count()).where(FileEvidence.file_id == facts.id).scalar_subquery()).where(RecognitionFile.id == facts.id),
    ).one()
    instruments = instruments_of(session, facts.id)
    people = {each.by_id for each in history if each.who in {Who.GUIDE, Who.ASSESSOR} and each.by_id is not None}
    people |= {each.assessor_id for each in instruments} | ({facts.guide_id} if facts.guide_id else set())
    return MyFile(
        facts, modules_to_claim(session, [facts.module_id])[facts.module_id], outcomes_of(session, facts.id), more[1], history, instruments, _decision(session, facts),
        {person_id: one.name for person_id, one in accounts.people(session, people).items()}, more[0], _code_of(session, facts.former_id),
    )


def said_of(session: Session, file_id: UUID) -> tuple[tuple[Said, ...], ReportFacts | None]:
    """Return what assessors said of a file, with each instrument that is done, and their report: what its learner may read of themselves."""
    done = [each for each in instruments_of(session, file_id) if each.done_at is not None]
    by_instrument: dict[UUID, list[Answer]] = {}
    rows = session.scalars(select(InstrumentAnswer).where(InstrumentAnswer.instrument_id.in_([each.id for each in done])))
    for row in rows:
        by_instrument.setdefault(row.instrument_id, []).append(Answer(row.outcome_id, row.judgement, row.part, row.reason))
    return tuple(Said(each, tuple(by_instrument.get(each.id, ()))) for each in done), report_of(session, file_id)


def _decision(session: Session, facts: FileFacts) -> DecisionFacts | None:
    if facts.decision_id is None:
        return None
    found = session.execute(select(Decision.number, Decision.decided_at, Decision.appeal_until).where(Decision.id == facts.decision_id)).one()
    return DecisionFacts(*found)


def _code_of(session: Session, file_id: UUID | None) -> str:
    if file_id is None:
        return ""
    return session.scalars(select(RecognitionFile.code).where(RecognitionFile.id == file_id)).one()
