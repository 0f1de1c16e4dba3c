"""What is in a file: its outcomes, the evidence for each, what assessors said, and its history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.recognition.facts import ClaimedOutcome, EvidenceFacts, InstrumentFacts
from academy.recognition.kinds import Criterion, FileState, Judgement, Who
from academy.recognition.models import (
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileOutcome,
    FileStep,
    InstrumentUse,
    Report,
    ReportAnswer,
    ReportEvidence,
)
from academy.recognition.rules.deciding import Answer


@dataclass(frozen=True)
class StepFacts:
    """A step that a file went; `by_id` is None for the clock."""

    was: FileState | None
    becomes: FileState
    at: datetime
    by_id: UUID | None
    who: Who
    why: str


@dataclass(frozen=True)
class ReportFacts:
    """What the assessors concluded of each outcome."""

    number: str
    issued_at: datetime
    issued_by: UUID
    digest: str
    answers: tuple[Answer, ...]


def outcomes_of(session: Session, file_id: UUID) -> tuple[ClaimedOutcome, ...]:
    """Return the outcomes of a file, in their order: one statement."""
    rows = session.scalars(select(FileOutcome).where(FileOutcome.file_id == file_id).order_by(FileOutcome.position))
    return tuple(ClaimedOutcome(row.outcome_id, row.wording, row.worth, row.self_judgement, row.self_example, row.missing) for row in rows)


def evidence_of(session: Session, file_id: UUID) -> tuple[EvidenceFacts, ...]:
    """Return the evidence that is used in a file, each with the outcomes it is for, as it was added: two statements, however much there is."""
    rows = session.scalars(
        select(Evidence).join(FileEvidence, FileEvidence.evidence_id == Evidence.id).where(FileEvidence.file_id == file_id).order_by(FileEvidence.added_at, Evidence.id),
    ).all()
    links: dict[UUID, list[UUID]] = {}
    for evidence_id, outcome_id in session.execute(select(EvidenceFor.evidence_id, EvidenceFor.outcome_id).where(EvidenceFor.file_id == file_id)):
        links.setdefault(evidence_id, []).append(outcome_id)
    return tuple(evidence_facts(row, links.get(row.id, ())) for row in rows)


def evidence_facts(row: Evidence, outcomes: Collection[UUID] = ()) -> EvidenceFacts:
    """Copy a row."""
    return EvidenceFacts(
        row.id, row.person_id, row.kind, row.title, row.source, row.code, row.earned_on, row.url, row.text, row.stored_name, row.filename, row.media, row.size,
        row.sha256, row.is_kept, row.added_at, tuple(sorted(outcomes)),
    )


def instruments_of(session: Session, file_id: UUID) -> tuple[InstrumentFacts, ...]:
    """Return the instruments of a file that were not called off, as they were begun."""
    rows = session.scalars(select(InstrumentUse).where(InstrumentUse.file_id == file_id, InstrumentUse.called_off_at.is_(None)).order_by(InstrumentUse.id))
    return tuple(
        InstrumentFacts(row.id, row.kind, row.assessor_id, row.slot_id, row.begun_at, row.planned_at, row.done_at, row.notes) for row in rows
    )


def report_of(session: Session, file_id: UUID) -> ReportFacts | None:
    """Return the report of a file, None as long as there is none: three statements."""
    row = session.get(Report, file_id)
    if row is None:
        return None
    rests: dict[UUID, set[UUID]] = {}
    for outcome_id, evidence_id in session.execute(select(ReportEvidence.outcome_id, ReportEvidence.evidence_id).where(ReportEvidence.file_id == file_id)):
        rests.setdefault(outcome_id, set()).add(evidence_id)
    said = session.scalars(select(ReportAnswer).where(ReportAnswer.file_id == file_id))
    return ReportFacts(row.number, row.issued_at, row.issued_by, row.digest, tuple(answer_of(one, rests.get(one.outcome_id, set())) for one in said))


def answer_of(row: ReportAnswer, evidence: Collection[UUID] = ()) -> Answer:
    """Copy an answer of a report."""
    met = frozenset(Criterion(each) for each in row.met)
    return Answer(row.outcome_id, Judgement(row.judgement), row.part, row.reason, frozenset(evidence), met)


def history_of(session: Session, file_id: UUID) -> tuple[StepFacts, ...]:
    """Return every step that a file went, the first one first."""
    rows = session.scalars(select(FileStep).where(FileStep.file_id == file_id).order_by(FileStep.id))
    return tuple(StepFacts(row.from_state, row.to_state, row.at, row.by_id, row.who, row.why) for row in rows)
