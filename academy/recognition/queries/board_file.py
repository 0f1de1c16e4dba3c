"""One file as its exam board sees it: what is claimed, shown, reported and was decided before; and what of it a decision rests on."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_as_json
from academy.kernel.text import json_text
from academy.recognition.errors import StepRefused
from academy.recognition.facts import ClaimedOutcome, EvidenceFacts, FileFacts
from academy.recognition.kinds import EvidenceKind, FileState, InstrumentKind, Judgement, Who, WhyNot
from academy.recognition.models import (
    Credit,
    Decision,
    DecisionAnswer,
    DecisionDraft,
    DecisionSignature,
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileOutcome,
    FileStep,
    InstrumentUse,
    RecognisedTotal,
    RecognitionFile,
    Report,
    ReportAnswer,
    ReportEvidence,
    Terms,
)
from academy.recognition.queries import precedents
from academy.recognition.queries.files import DEFAULT_TERMS, Desk, file_for_board
from academy.recognition.queries.library import said_of
from academy.recognition.queries.outcomes import wording_of
from academy.recognition.queries.portfolio import answer_of, evidence_facts
from academy.recognition.rules import patterns
from academy.recognition.rules.credits import Counted, earned, total_of
from academy.recognition.rules.deciding import Answer
from academy.recognition.rules.instruments import People, involved
from academy.recognition.rules.patterns import Given, Pattern, Shown

_NONE: Final = Decimal(0)


@dataclass(frozen=True)
class Draft:
    """A decision that waits for its second signature. `why` answers an appeal, or says why a decision is revised; without answers it stands."""

    answers: tuple[Answer, ...]
    why: str
    digest: str
    made_by: UUID
    made_at: datetime


@dataclass(frozen=True)
class Look:
    """One look of an assessor at what the learner can do."""

    kind: InstrumentKind
    assessor_id: UUID
    is_done: bool


@dataclass(frozen=True)
class Live:
    """Credits of one outcome that a learner has, by which decision."""

    outcome_id: UUID
    module_id: UUID
    decision_id: UUID
    ec: Decimal


@dataclass(frozen=True)
class Before:
    """What was decided before on an outcome with this evidence, most given first; `proposal` when each time the same, with the `reason` of the newest."""

    given: tuple[Given, ...]
    parents: tuple[str, ...]
    proposal: Given | None
    reason: str = ""


@dataclass(frozen=True)
class Question:
    """One outcome to decide on: what is claimed and shown, what the report says, and what the decision says that counts now."""

    outcome: ClaimedOutcome
    evidence: tuple[EvidenceFacts, ...]
    report: Answer | None
    before: Before
    decided: Answer | None


@dataclass(frozen=True)
class Beside:
    """What hangs on a file besides its outcomes; `live` is what counts for its learner at this provider, `total` how many EC of that."""

    report_number: str
    report_digest: str
    reported_by: UUID | None
    draft: Draft | None
    most_ec: Decimal | None
    signatures: int
    total: Decimal
    live: tuple[Live, ...]
    looks: tuple[Look, ...]
    signed_by: frozenset[UUID]
    guided: frozenset[UUID]
    decision_number: str


@dataclass(frozen=True)
class BoardFile:
    """All of one screen. `seen` is the digest of what a decision rests on; `names` are those of the learner, the assessors and who signed, `said`
    is what statements say of each outcome.
    """

    desk: Desk
    file: FileFacts
    module: catalogue.ModuleCard
    questions: tuple[Question, ...]
    other_evidence: tuple[EvidenceFacts, ...]
    beside: Beside
    names: dict[UUID, str]
    said: dict[UUID, dict[UUID, Judgement]]
    seen: str
    appeal: str

    @property
    def is_repeat(self) -> bool:
        """Whether every outcome was decided before, each time in the same way."""
        return self.file.state is FileState.EXEMPTION_REQUESTED and all(each.before.proposal is not None for each in self.questions)

    def credits(self, granted: Collection[UUID]) -> Counted:
        """Return the EC that granting these outcomes brings, and what of them is beyond the provider's maximum; what counts already brings nothing."""
        worth = {each.outcome.id: each.outcome.worth for each in self.questions}
        live = self.beside.live
        kept = {each.outcome_id for each in live if each.decision_id == self.file.decision_id and each.outcome_id in granted}
        ended = sum((each.ec for each in live if each.decision_id == self.file.decision_id and each.outcome_id not in granted), _NONE)
        asked = earned(worth, set(granted) - {each.outcome_id for each in live})
        of_module = sum((each.ec for each in live if each.module_id == self.file.module_id), _NONE) - ended
        added = min(asked, max((self.module.ec or _NONE) - of_module, _NONE))  # all of a module never more than it has
        before, stood = self.beside.total, sum((each.ec for each in live), _NONE)
        after = total_of(before, live=stood, added=added, ended=ended, maximum=self.beside.most_ec)
        new = min(max(after - min(before, stood - ended), _NONE), added)
        return Counted(new + earned(worth, kept), asked - new)


def board_file(session: Session, actor: Actor, provider_slug: str, code: str, *, now: datetime) -> BoardFile:
    """Return a file to a member of its board: ten statements, however much evidence there is. One more each: where a statement is shown,
    where something else than yes was decided before, and on the day that a precedent ends.

    Raises FileNotFound, ProviderNotFound, and StepRefused for who guided, judged or is the learner.
    """
    desk, file = file_for_board(session, actor, provider_slug, code)
    beside = _beside(session, file)
    check_outsider(file, beside, actor)
    evidence = _evidence(session, file)
    questions = _questions(session, file, evidence, now)
    people = {file.person_id, *beside.signed_by, *(each.assessor_id for each in beside.looks), *([beside.draft.made_by] if beside.draft else [])}
    statements = [each.id for each in evidence if each.kind is EvidenceKind.STATEMENT]
    used = {each.id for question in questions for each in question.evidence}
    return BoardFile(
        desk, file, catalogue.module_cards(session, [file.module_id])[file.module_id], questions, tuple(each for each in evidence if each.id not in used), beside,
        {person_id: one.name for person_id, one in accounts.people(session, people).items()},
        said_of(session, statements) if statements else {},
        _digest(file, beside, [each.id for each in evidence]), _appeal(session, file),
    )


def check_outsider(file: FileFacts, beside: Beside, actor: Actor) -> None:
    """Raise StepRefused for who has a part in a file: nobody decides on what they asked, guided, also before, or judged."""
    people = People(file.person_id, file.guide_id, guided=beside.guided)
    if actor.person_id in involved(people, (each.assessor_id for each in beside.looks)):
        raise StepRefused(WhyNot.INVOLVED)


def seen_now(session: Session, file: FileFacts) -> str:
    """Return the digest of what a decision on this file rests on at this moment; two statements."""
    return _digest(file, _beside(session, file), session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == file.id)).all())


def _digest(file: FileFacts, beside: Beside, evidence_ids: Iterable[UUID]) -> str:
    """Return 64 hexadecimal digits, other when the file went a step, its evidence or its draft is another than before."""
    decision = file.decision_id.hex if file.decision_id else ""
    rests_on = [
        file.id.hex, file.state.value, file.since.isoformat(), decision, beside.report_digest, beside.draft.digest if beside.draft else "",
        sorted(each.hex for each in evidence_ids),
    ]
    return hashlib.sha256(json_text(rests_on).encode()).hexdigest()


def _beside(session: Session, file: FileFacts) -> Beside:
    """Read what hangs on a file: one statement."""
    looks = rows_as_json(
        session, InstrumentUse.kind, InstrumentUse.assessor_id, InstrumentUse.done_at.is_not(None),
        of=lambda found: found.where(InstrumentUse.file_id == RecognitionFile.id, InstrumentUse.called_off_at.is_(None)), correlate=RecognitionFile,
    )
    counting = rows_as_json(
        session, Credit.outcome_id, Credit.module_id, Credit.decision_id, Credit.ec,
        of=lambda found: found.where(Credit.person_id == RecognitionFile.person_id, Credit.provider_id == RecognitionFile.provider_id, Credit.ended_at.is_(None)),
        correlate=RecognitionFile,
    )
    signed = rows_as_json(
        session, DecisionSignature.person_id, of=lambda found: found.where(DecisionSignature.decision_id == RecognitionFile.decision_id), correlate=RecognitionFile,
    )
    guiding = rows_as_json(
        session, FileStep.by_id, of=lambda found: found.where(FileStep.file_id == RecognitionFile.id, FileStep.who == Who.GUIDE, FileStep.by_id.is_not(None)),
        correlate=RecognitionFile,
    )
    row = session.execute(
        select(Report, DecisionDraft, Decision.number, Terms.most_ec, Terms.signatures, RecognisedTotal.ec, looks, counting, signed, guiding).select_from(RecognitionFile)
        .outerjoin(Report, Report.file_id == RecognitionFile.id).outerjoin(DecisionDraft, DecisionDraft.file_id == RecognitionFile.id)
        .outerjoin(Decision, Decision.id == RecognitionFile.decision_id).outerjoin(Terms, Terms.provider_id == RecognitionFile.provider_id)
        .outerjoin(RecognisedTotal, (RecognisedTotal.provider_id == RecognitionFile.provider_id) & (RecognisedTotal.person_id == RecognitionFile.person_id))
        .where(RecognitionFile.id == file.id).execution_options(populate_existing=True),
    ).one()
    report, draft, number, most_ec, signatures, total, looked, credits_of, signers, guides = row
    live = tuple(Live(UUID(outcome_id), UUID(module_id), UUID(decision_id), Decimal(tenths) / 10) for outcome_id, module_id, decision_id, tenths in credits_of)
    return Beside(
        report.number if report else "", report.digest if report else "", report.issued_by if report else None, draft_of(draft, file), most_ec,
        signatures or DEFAULT_TERMS.signatures, total or _NONE, live,
        tuple(Look(_kind(kind), UUID(assessor_id), bool(is_done)) for kind, assessor_id, is_done in looked), frozenset(UUID(each[0]) for each in signers),
        frozenset(UUID(each[0]) for each in guides), number or "",
    )


def _kind(written: str) -> InstrumentKind:
    return InstrumentKind(written)


def draft_of(row: DecisionDraft | None, file: FileFacts) -> Draft | None:
    """Copy a draft; the answer that is about the decision itself is why that stands, or is revised."""
    if row is None:
        return None
    said = [answer_in(each) for each in row.answers]
    why = next((each.reason for each in said if each.outcome_id == file.decision_id), "")
    return Draft(tuple(each for each in said if each.outcome_id != file.decision_id), why, row.digest, row.made_by, row.made_at)


def answer_in(kept: dict[str, Any]) -> Answer:
    """Return an answer as a draft keeps it."""
    return Answer(UUID(hex=kept["outcome"]), Judgement(kept["judgement"]), kept["part"], kept["reason"])


def _evidence(session: Session, file: FileFacts) -> tuple[EvidenceFacts, ...]:
    """Read the evidence of a file with the outcomes it is for: one statement."""
    rows = session.execute(
        select(Evidence, EvidenceFor.outcome_id).join(FileEvidence, FileEvidence.evidence_id == Evidence.id)
        .outerjoin(EvidenceFor, (EvidenceFor.file_id == FileEvidence.file_id) & (EvidenceFor.evidence_id == Evidence.id))
        .where(FileEvidence.file_id == file.id).order_by(FileEvidence.added_at, Evidence.id),
    ).all()
    links: dict[Evidence, list[UUID]] = {}
    for row in rows:
        outcome_id: UUID | None = row[1]  # None: for no outcome
        links.setdefault(row[0], []).extend([] if outcome_id is None else [outcome_id])
    return tuple(evidence_facts(row, outcomes) for row, outcomes in links.items())


def _questions(session: Session, file: FileFacts, evidence: tuple[EvidenceFacts, ...], now: datetime) -> tuple[Question, ...]:
    resting = rows_as_json(
        session, ReportEvidence.evidence_id,
        of=lambda found: found.where(ReportEvidence.file_id == FileOutcome.file_id, ReportEvidence.outcome_id == FileOutcome.outcome_id), correlate=FileOutcome,
    )
    read = session.execute(
        select(FileOutcome, ReportAnswer, DecisionAnswer, resting)
        .outerjoin(ReportAnswer, (ReportAnswer.file_id == FileOutcome.file_id) & (ReportAnswer.outcome_id == FileOutcome.outcome_id))
        .outerjoin(DecisionAnswer, (DecisionAnswer.decision_id == file.decision_id) & (DecisionAnswer.outcome_id == FileOutcome.outcome_id))
        .where(FileOutcome.file_id == file.id).order_by(FileOutcome.position),
    ).all()
    rows: list[tuple[FileOutcome, ReportAnswer | None, DecisionAnswer | None]] = [(each[0], each[1], each[2]) for each in read]
    rests = {each[0].outcome_id: {UUID(evidence_id) for (evidence_id,) in each[3]} for each in read}
    shown = {row.outcome_id: _shown_for(row.outcome_id, evidence, rests.get(row.outcome_id, set())) for row, _report, _decided in rows}
    before = _before(session, file, [row for row, _report, _decided in rows], shown, now)
    return tuple(
        Question(
            ClaimedOutcome(row.outcome_id, row.wording, row.worth, row.self_judgement, row.self_example, row.missing),
            tuple(shown[row.outcome_id]),
            answer_of(report, rests.get(row.outcome_id, set())) if report else None, before[row.outcome_id],
            Answer(row.outcome_id, decided.judgement, decided.part, decided.reason) if decided else None,
        )
        for row, report, decided in rows
    )


def _shown_for(outcome_id: UUID, evidence: Iterable[EvidenceFacts], rests_on: Collection[UUID]) -> list[EvidenceFacts]:
    """Return the evidence for an outcome, what the report rests on first."""
    return sorted((each for each in evidence if outcome_id in each.outcomes), key=lambda each: each.id not in rests_on)


def _before(session: Session, file: FileFacts, rows: list[FileOutcome], shown: dict[UUID, list[EvidenceFacts]], now: datetime) -> dict[UUID, Before]:
    """Return what was decided before, per outcome; a file that is decided is not compared with itself."""
    if file.state is not FileState.EXEMPTION_REQUESTED:
        return {row.outcome_id: Before((), (), None) for row in rows}
    asked = {
        row.outcome_id: Pattern(row.outcome_id, wording_of(row.wording), frozenset(Shown(each.kind, each.source, each.code) for each in shown[row.outcome_id]))
        for row in rows
    }
    found = precedents.found_for(session, file.provider_id, asked.values(), amsterdam_day(now))
    known = {outcome_id: found.get(pattern.key, precedents.Found()) for outcome_id, pattern in asked.items()}
    proposals = {outcome_id: patterns.proposal(each.given) for outcome_id, each in known.items()}
    reasons = _reasons(session, proposals)
    return {
        outcome_id: Before(each.given, each.parents, proposals[outcome_id], reasons.get(outcome_id, "")) for outcome_id, each in known.items()
    }


def _reasons(session: Session, proposals: dict[UUID, Given | None]) -> dict[UUID, str]:
    """Return the reason that was given last where the proposal is not yes: one statement, none where all are."""
    newest = {outcome_id: each.newest[0] for outcome_id, each in proposals.items() if each is not None and each.judgement is not Judgement.YES and each.newest}
    if not newest:
        return {}
    rows = session.execute(
        select(DecisionAnswer.outcome_id, DecisionAnswer.decision_id, DecisionAnswer.reason)
        .where(DecisionAnswer.decision_id.in_(newest.values()), DecisionAnswer.outcome_id.in_(newest)),
    )
    return {outcome_id: reason for outcome_id, decision_id, reason in rows if newest[outcome_id] == decision_id}


def _appeal(session: Session, file: FileFacts) -> str:
    """Return what the learner says against the decision, "" where nobody appealed."""
    if file.state is not FileState.APPEALED:
        return ""
    said = select(FileStep.why).where(FileStep.file_id == file.id, FileStep.to_state == FileState.APPEALED).order_by(FileStep.id.desc()).limit(1)
    return session.scalars(said).one_or_none() or ""
