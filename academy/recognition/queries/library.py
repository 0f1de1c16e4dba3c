"""The library of somebody's own evidence: what is in it, where it is used, who may see it and who did."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, PersonFacts, Role, TrailFacts
from academy.recognition.errors.evidence import EvidenceNotFound
from academy.recognition.facts import EvidenceFacts, FileFacts
from academy.recognition.kinds import OPEN_TO_EVIDENCE, STANDING, FileState, Judgement, LocalTestState, Route
from academy.recognition.models import EmployerStatement, Evidence, FileEvidence, FileShare, LocalTest, RecognitionFile
from academy.recognition.policy import rights_at
from academy.recognition.queries.files import facts_of, may_see_evidence
from academy.recognition.queries.mappings import provider_of_test_with
from academy.recognition.queries.portfolio import evidence_facts

LOOKS: Final = ("evidence-seen", "evidence-downloaded")
LOOK_AT_FILE: Final = "file-seen"
_MOST_LOOKS: Final = 200  # that one page tells of; the whole trail is on a page of its own
_LETS_GO: Final = (*OPEN_TO_EVIDENCE, FileState.WITHDRAWN, FileState.ARCHIVED)


@dataclass(frozen=True)
class UsedIn:
    """A file that uses a piece of evidence; of one that lapsed `state` is where it was before."""

    file_id: UUID
    code: str
    module_id: UUID
    route: Route
    state: FileState
    is_lapsed: bool

    @property
    def holds(self) -> bool:
        """Tell whether the file rests on it: it was sent and neither taken back nor archived."""
        return self.state not in _LETS_GO

    @property
    def is_decided(self) -> bool:
        """Tell whether the file is at its end: what it used goes by itself."""
        return self.state in STANDING or (self.state is FileState.REPORT_ISSUED and self.route is Route.LABOUR_MARKET)


@dataclass(frozen=True)
class Piece:
    """A piece of evidence in the library, and the files that use it, the oldest first."""

    facts: EvidenceFacts
    used_in: tuple[UsedIn, ...]


@dataclass(frozen=True)
class Taken:
    """How much of a library is taken: pieces, and bytes of their files."""

    pieces: int
    size: int


@dataclass(frozen=True)
class Seen:
    """Evidence as somebody else may see it, for which provider they do, or as its owner, for none."""

    facts: EvidenceFacts
    provider_id: UUID | None


@dataclass(frozen=True)
class Shared:
    """That the evidence of a file is or was shared with an assessor."""

    assessor_id: UUID
    given_at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True)
class StatementFacts:
    """What somebody at work was asked; name and address are empty when they were forgotten."""

    id: UUID
    file_id: UUID
    employer: str
    name: str
    email: str
    language: str
    asked_at: datetime
    until: datetime
    answered_at: datetime | None
    declined_at: datetime | None
    answers: dict[UUID, Judgement]
    evidence_id: UUID | None

    def is_open(self, now: datetime) -> bool:
        return self.answered_at is None and self.declined_at is None and now < self.until


def library_of(session: Session, person_id: UUID) -> tuple[Piece, ...]:
    """Return somebody's evidence, the newest first, with where it is used: two statements, however much there is."""
    rows = session.scalars(select(Evidence).where(Evidence.person_id == person_id).order_by(Evidence.added_at.desc(), Evidence.id.desc())).all()
    uses = uses_of(session, [row.id for row in rows])
    return tuple(Piece(evidence_facts(row), uses.get(row.id, ())) for row in rows)


def piece_of(session: Session, actor: Actor, evidence_id: UUID) -> Piece:
    """Return one piece of the actor's own. Raises EvidenceNotFound."""
    row = session.scalars(select(Evidence).where(Evidence.id == evidence_id, Evidence.person_id == actor.person_id)).one_or_none()
    if row is None:
        raise EvidenceNotFound
    return Piece(evidence_facts(row), uses_of(session, [row.id]).get(row.id, ()))


def uses_of(session: Session, evidence_ids: Collection[UUID]) -> dict[UUID, tuple[UsedIn, ...]]:
    """Return which files use these pieces, the oldest file first; of those that are not used there is nothing."""
    found: dict[UUID, tuple[UsedIn, ...]] = {}
    wanted = (
        select(FileEvidence.evidence_id, RecognitionFile)
        .join(RecognitionFile, RecognitionFile.id == FileEvidence.file_id)
        .where(FileEvidence.evidence_id.in_(evidence_ids)).order_by(RecognitionFile.id).execution_options(populate_existing=True)
    )
    for evidence_id, row in session.execute(wanted):
        is_lapsed = row.state is FileState.LAPSED
        use = UsedIn(row.id, row.code, row.module_id, row.route, (row.lapsed_from if is_lapsed else None) or row.state, is_lapsed)
        found[evidence_id] = (*found.get(evidence_id, ()), use)
    return found


def booked_for_test(session: Session, evidence_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these pieces is the certificate of a test that is booked and not judged yet."""
    wanted = select(LocalTest.evidence_id).where(LocalTest.evidence_id.in_(evidence_ids), LocalTest.state == LocalTestState.BOOKED)
    return frozenset(each for each in session.scalars(wanted) if each is not None)


def taken_of(session: Session, person_id: UUID) -> Taken:
    """Return how much somebody keeps."""
    row = session.execute(select(func.count(), func.coalesce(func.sum(Evidence.size), 0)).where(Evidence.person_id == person_id)).one()
    return Taken(int(row[0]), int(row[1]))


def evidence_to_see(session: Session, actor: Actor, evidence_id: UUID) -> Seen:
    """Return evidence to its owner, and to who may see it now in a file that uses it. Raises EvidenceNotFound."""
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise EvidenceNotFound
    if row.person_id == actor.person_id:
        return Seen(evidence_facts(row), None)
    memberships = accounts.memberships_of(session, actor.person_id)
    for file in _files_with(session, evidence_id):
        if may_see_evidence(session, actor.person_id, file, rights_at(memberships, file.provider_id), memberships):
            return Seen(evidence_facts(row), file.provider_id)
    tested_at = provider_of_test_with(session, actor, evidence_id)
    if tested_at is None:
        raise EvidenceNotFound
    return Seen(evidence_facts(row), tested_at)


def _files_with(session: Session, evidence_id: UUID) -> Iterable[FileFacts]:
    wanted = select(RecognitionFile).join(FileEvidence, FileEvidence.file_id == RecognitionFile.id).where(FileEvidence.evidence_id == evidence_id)
    return [facts_of(row) for row in session.scalars(wanted.order_by(RecognitionFile.id))]


def looks_at(session: Session, piece: Piece) -> list[TrailFacts]:
    """Return who looked at a piece or took it away, or saw a file with it, for its owner."""
    about_ids = [piece.facts.id, *(each.file_id for each in piece.used_in)]
    return accounts.looks_at(session, (*LOOKS, LOOK_AT_FILE), about_ids=about_ids, person_id=piece.facts.person_id, most=_MOST_LOOKS)


def known_by_name(session: Session, file_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return whom the learner of these files knows by name: with whom they shared them, and who guides them."""
    shared = session.scalars(select(FileShare.assessor_id).where(FileShare.file_id.in_(file_ids)))
    guides = session.scalars(select(RecognitionFile.guide_id).where(RecognitionFile.id.in_(file_ids), RecognitionFile.guide_id.is_not(None)))
    return frozenset(each for each in (*shared, *guides) if each is not None)


def shares_of(session: Session, file_id: UUID) -> tuple[Shared, ...]:
    """Return with whom a file is or was shared, as it was given."""
    rows = session.scalars(select(FileShare).where(FileShare.file_id == file_id).order_by(FileShare.given_at, FileShare.assessor_id))
    return tuple(Shared(row.assessor_id, row.given_at, row.taken_back_at) for row in rows)


def assessors_for(session: Session, file: FileFacts) -> list[PersonFacts]:
    """Return who may judge a file: the assessors of its provider, but its learner and its guide."""
    found = accounts.people_in_role(session, Role.ASSESSOR, organisation_id=file.provider_id)
    return [one for one in found if one.id not in {file.person_id, file.guide_id}]


def people_around(session: Session, file: FileFacts, shares: Collection[Shared]) -> dict[UUID, PersonFacts]:
    """Return the guide of a file, and with whom it is or was shared, by id."""
    ids = [each.assessor_id for each in shares]
    return accounts.people(session, ids if file.guide_id is None else [*ids, file.guide_id])


def statements_of(session: Session, file_id: UUID) -> tuple[StatementFacts, ...]:
    """Return who was asked for a statement in a file, as they were asked."""
    rows = session.scalars(select(EmployerStatement).where(EmployerStatement.file_id == file_id).order_by(EmployerStatement.id))
    return tuple(statement_facts(row) for row in rows)


def statement_by_id(session: Session, statement_id: UUID | None) -> StatementFacts | None:
    """Return what somebody at work was asked, None where there is no such question; the caller has checked the link."""
    row = None if statement_id is None else session.get(EmployerStatement, statement_id, populate_existing=True)
    return None if row is None else statement_facts(row)


def said_of(session: Session, evidence_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Judgement]]:
    """Return what statements say of each outcome, by the evidence that they became."""
    rows = session.scalars(select(EmployerStatement).where(EmployerStatement.evidence_id.in_(evidence_ids)))
    return {row.evidence_id: _answers(row) for row in rows if row.evidence_id is not None}


def statement_facts(row: EmployerStatement) -> StatementFacts:
    """Copy a row."""
    return StatementFacts(
        row.id, row.file_id, row.employer, row.name, row.email, row.language, row.asked_at, row.until, row.answered_at, row.declined_at, _answers(row),
        row.evidence_id,
    )


def _answers(row: EmployerStatement) -> dict[UUID, Judgement]:
    return {UUID(hex=outcome_id): Judgement(said) for outcome_id, said in row.answers.items()}
