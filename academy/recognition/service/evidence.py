"""Use cases of evidence: into the library, into a file, out of either, and who may see it.

Order of locks: the person, then evidence by ascending id, then files. Whoever adds something to a file or takes it away first takes the file as one
that is still open to evidence, by a guarded UPDATE: sending it, at the same moment, then waits or comes first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, hold_person, is_recorded, record
from academy.kernel.db import insert_for, insert_new, rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.uploads import StoredFile
from academy.recognition.errors import FileClosed, FileNotFound
from academy.recognition.errors.evidence import (
    AssessorNotFound,
    EvidenceForTest,
    EvidenceInUse,
    EvidenceNotFound,
    LibraryFull,
    ShareTakenBack,
)
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import BEFORE_DECISION, OPEN_TO_EVIDENCE, EvidenceKind, FileState
from academy.recognition.models import (
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileOutcome,
    FileShare,
    RecognitionFile,
    StoredFileGone,
)
from academy.recognition.queries.files import file_of_learner
from academy.recognition.queries.library import Seen, assessors_for, booked_for_test, taken_of, uses_of

MOST_BYTES: Final = 25 * 1024**2  # of one file
MOST_PIECES: Final = 200  # of one person
MOST_BYTES_TOGETHER: Final = 500 * 1024**2
SEEN_AGAIN: Final = timedelta(hours=1)  # a look within it is the same look; every download counts
OPEN_TO_ASSESSORS: Final = tuple(each for each in BEFORE_DECISION if each not in {FileState.REPORT_ISSUED, FileState.EXEMPTION_REQUESTED})


@dataclass(frozen=True)
class EvidenceDraft:
    """Evidence as its learner describes it; `source` and `code` are names that its giver gave."""

    kind: EvidenceKind
    title: str
    source: str = ""
    code: str = ""
    earned_on: date | None = None
    url: str = ""
    text: str = ""


@dataclass(frozen=True)
class Added:
    """What became of adding: `is_new` is false when it was there, and then the file that was sent is of no use."""

    evidence_id: UUID
    is_new: bool


def add_evidence(session: Session, *, actor: Actor, draft: EvidenceDraft, stored: StoredFile | None = None, now: datetime) -> Added:
    """Put a piece in the actor's library, with a file that was received already; the same file twice is the one that is there.

    So is the same without a file. Raises LibraryFull.
    """
    hold_person(session, actor)  # two at once count each other
    there = _same(session, actor.person_id, draft, stored)
    if there is not None:
        return Added(there, is_new=False)
    taken, size = taken_of(session, actor.person_id), stored.size if stored else 0
    if taken.pieces >= MOST_PIECES:
        raise LibraryFull(pieces=MOST_PIECES)
    if taken.size + size > MOST_BYTES_TOGETHER:
        raise LibraryFull(size=MOST_BYTES_TOGETHER)
    row = Evidence(id=new_id(), person_id=actor.person_id, added_at=now)
    _describe(row, draft)
    if stored is not None:
        row.stored_name, row.filename, row.media, row.size, row.sha256 = stored.name, stored.filename, stored.kind.name, stored.size, stored.sha256
    session.add(row)
    session.flush()
    _record(session, "evidence-added", row.id, actor, now)
    return Added(row.id, is_new=True)


def describe_evidence(session: Session, *, actor: Actor, evidence_id: UUID, draft: EvidenceDraft, now: datetime) -> None:
    """Describe a piece anew; what it is made of stays. Raises EvidenceNotFound (also for a statement), EvidenceInUse, EvidenceForTest."""
    row = _free(session, actor, evidence_id, now=now)
    if row.kind in {EvidenceKind.STATEMENT, EvidenceKind.LOCAL_TEST}:
        raise EvidenceNotFound
    _describe(row, draft)
    session.flush()


def remove_evidence(session: Session, *, actor: Actor, evidence_id: UUID, now: datetime) -> None:
    """Take a piece out of the library, and out of the files in which it can still be taken away.

    Raises EvidenceNotFound, EvidenceInUse, EvidenceForTest.
    """
    row = _free(session, actor, evidence_id, now=now)
    forget_evidence(session, [row], now=now)
    _record(session, "evidence-removed", evidence_id, actor, now)


def forget_evidence(session: Session, rows: Sequence[Evidence], *, now: datetime) -> None:
    """Let pieces go that are locked and needed nowhere; their files on disk are removed after this transaction."""
    ids = [row.id for row in rows]
    session.execute(delete(FileEvidence).where(FileEvidence.evidence_id.in_(ids)).execution_options(synchronize_session=False))
    for row in rows:
        if row.stored_name:
            session.execute(insert_for(session, StoredFileGone).values(stored_name=row.stored_name, since=now).on_conflict_do_nothing())
        session.expunge(row)
    session.execute(delete(Evidence).where(Evidence.id.in_(ids)).execution_options(synchronize_session=False))


def keep_evidence(session: Session, *, actor: Actor, evidence_id: UUID, is_kept: bool) -> None:
    """Keep a piece when the files that used it are archived, or let it go with them. Raises EvidenceNotFound."""
    kept = update(Evidence).where(Evidence.id == evidence_id, Evidence.person_id == actor.person_id).values(is_kept=is_kept)
    if rows_changed(session, kept.execution_options(synchronize_session=False)) != 1:
        raise EvidenceNotFound


# In a file


def use_evidence(
    session: Session, *, actor: Actor, code: str, evidence_id: UUID, outcome_ids: Collection[UUID], only_these: bool = True, now: datetime,
) -> None:
    """Use a piece in the actor's file for these outcomes; what it is used for there already stays only with `only_these` false.

    Raises FileNotFound, FileClosed, EvidenceNotFound.
    """
    file = file_of_learner(session, actor, code)
    _own(session, actor, evidence_id)
    _take_open(session, file, now=now)
    asked = set(session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == file.id)))
    if not asked.issuperset(outcome_ids):
        raise FileNotFound
    if only_these:
        others = delete(EvidenceFor).where(EvidenceFor.file_id == file.id, EvidenceFor.evidence_id == evidence_id, EvidenceFor.outcome_id.not_in(outcome_ids))
        session.execute(others.execution_options(synchronize_session=False))
    put_in_file(session, file.id, evidence_id, outcome_ids, now=now)


def put_in_file(session: Session, file_id: UUID, evidence_id: UUID, outcome_ids: Collection[UUID], *, now: datetime) -> None:
    """Write that a file uses a piece for these outcomes too; the caller has taken the file."""
    session.execute(insert_new(session, FileEvidence, "file_id", "evidence_id"), [{"file_id": file_id, "evidence_id": evidence_id, "added_at": now}])
    for outcome_id in sorted(outcome_ids):
        row = {"file_id": file_id, "evidence_id": evidence_id, "outcome_id": outcome_id}
        session.execute(insert_new(session, EvidenceFor, "file_id", "evidence_id", "outcome_id"), [row])


def drop_evidence(session: Session, *, actor: Actor, code: str, evidence_id: UUID, now: datetime) -> None:
    """Use a piece in the actor's file no more; it stays in the library. Raises FileNotFound, FileClosed."""
    file = file_of_learner(session, actor, code)
    _take_open(session, file, now=now)
    gone = delete(FileEvidence).where(FileEvidence.file_id == file.id, FileEvidence.evidence_id == evidence_id)
    session.execute(gone.execution_options(synchronize_session=False))


# Who may see it


def share_file(session: Session, *, actor: Actor, code: str, assessor_id: UUID, now: datetime) -> None:
    """Let an assessor of the provider see the evidence of the actor's file. Raises FileNotFound, FileClosed, AssessorNotFound."""
    file = file_of_learner(session, actor, code)
    if file.state not in OPEN_TO_ASSESSORS:
        raise FileClosed
    if assessor_id not in {one.id for one in assessors_for(session, file)}:
        raise AssessorNotFound
    if give_share(session, file.id, assessor_id, by_learner=True, now=now):
        _record_file(session, "file-shared", file, actor, now=now, assessor_id=assessor_id)


def give_share(session: Session, file_id: UUID, assessor_id: UUID, *, by_learner: bool, now: datetime) -> bool:
    """Write that an assessor may see the evidence of a file; False when they could already. The caller has checked who asks.

    What ended otherwise is given again; what the learner took back only `by_learner`. Raises ShareTakenBack.
    """
    theirs = (FileShare.file_id == file_id, FileShare.assessor_id == assessor_id)
    again = update(FileShare).where(*theirs, FileShare.taken_back_at.is_not(None))
    if not by_learner:
        again = again.where(FileShare.by_learner.is_(False))
    if rows_changed(session, again.values(given_at=now, taken_back_at=None, by_learner=False).execution_options(synchronize_session=False)):
        return True
    row = {"file_id": file_id, "assessor_id": assessor_id, "given_at": now, "by_learner": False}
    added = insert_for(session, FileShare).values(**row).on_conflict_do_nothing().returning(FileShare.file_id)
    if session.execute(added).one_or_none() is not None:
        return True
    if session.scalars(select(FileShare.by_learner).where(*theirs)).one():
        raise ShareTakenBack
    return False


def unshare_file(session: Session, *, actor: Actor, code: str, assessor_id: UUID, now: datetime) -> None:
    """Take back that an assessor may see the evidence of the actor's file, from this moment, and until the learner gives it again; twice is once.

    Raises FileNotFound.
    """
    file = file_of_learner(session, actor, code)
    # Also what ended a moment ago, because the assessor stood back: the learner's word stands.
    back = update(FileShare).where(FileShare.file_id == file.id, FileShare.assessor_id == assessor_id, FileShare.by_learner.is_(False))
    ended = {"taken_back_at": func.coalesce(FileShare.taken_back_at, now), "by_learner": True}
    if rows_changed(session, back.values(**ended).execution_options(synchronize_session=False)):
        _record_file(session, "file-unshared", file, actor, now=now, assessor_id=assessor_id)


def note_look(session: Session, *, actor: Actor, seen: Seen, is_download: bool, now: datetime) -> None:
    """Write that somebody sees a piece, or takes its file away, before they get it; one's own looks are nobody's business."""
    if seen.provider_id is None:
        return
    if not is_download and is_recorded(session, "evidence-seen", about_id=seen.facts.id, since=now - SEEN_AGAIN, actor_id=actor.person_id):
        return
    record(
        session, "evidence-downloaded" if is_download else "evidence-seen",
        actor_id=actor.person_id, now=now, organisation_id=seen.provider_id, person_id=seen.facts.person_id, about="evidence", about_id=seen.facts.id,
    )


def _same(session: Session, person_id: UUID, draft: EvidenceDraft, stored: StoredFile | None) -> UUID | None:
    """Return the piece that is this file, or without a file says exactly this."""
    mine = select(Evidence.id).where(Evidence.person_id == person_id).order_by(Evidence.id).limit(1)
    if stored is not None:
        return session.scalars(mine.where(Evidence.sha256 == stored.sha256)).one_or_none()
    same = (
        Evidence.kind == draft.kind, Evidence.title == draft.title, Evidence.source == draft.source, Evidence.code == draft.code, Evidence.url == draft.url,
        Evidence.text == draft.text, Evidence.earned_on.is_not_distinct_from(draft.earned_on), Evidence.stored_name == "",
    )
    return session.scalars(mine.where(*same)).one_or_none()


def _describe(row: Evidence, draft: EvidenceDraft) -> None:
    row.kind, row.title, row.source, row.code, row.earned_on = draft.kind, draft.title, draft.source, draft.code, draft.earned_on
    row.url, row.text = draft.url, draft.text


def _own(session: Session, actor: Actor, evidence_id: UUID) -> None:
    """Hold a piece of the actor's own, so that it does not go meanwhile. Raises EvidenceNotFound."""
    mine = select(Evidence.id).where(Evidence.id == evidence_id, Evidence.person_id == actor.person_id)
    if session.scalars(mine.with_for_update(read=True, key_share=True)).one_or_none() is None:
        raise EvidenceNotFound


def _free(session: Session, actor: Actor, evidence_id: UUID, *, now: datetime) -> Evidence:
    """Return a piece on which no sent file and no booked test rests, held, with the files that use it kept open.

    Raises EvidenceNotFound, EvidenceInUse, EvidenceForTest.
    """
    mine = select(Evidence).where(Evidence.id == evidence_id, Evidence.person_id == actor.person_id).with_for_update()
    row = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise EvidenceNotFound
    uses = uses_of(session, [evidence_id]).get(evidence_id, ())
    for each in uses:
        if each.holds:
            raise EvidenceInUse(each.code, is_decided=each.is_decided)
    if booked_for_test(session, [evidence_id]):
        raise EvidenceForTest
    in_use = [each.file_id for each in uses if each.state in OPEN_TO_EVIDENCE and not each.is_lapsed]
    if _touched(session, in_use, now) != len(in_use):
        raise DatabaseBusy  # one of them was sent in this moment
    return row


def _take_open(session: Session, file: FileFacts, *, now: datetime) -> None:
    """Take a file as one that is open to evidence, and note that its learner did something. Raises FileClosed."""
    if _touched(session, [file.id], now) != 1:
        raise FileClosed


def _touched(session: Session, file_ids: Sequence[UUID], now: datetime) -> int:
    if not file_ids:
        return 0
    done = update(RecognitionFile).where(RecognitionFile.id.in_(file_ids), RecognitionFile.state.in_(OPEN_TO_EVIDENCE))
    return rows_changed(session, done.values(idle_since=now, told_first_at=None, told_second_at=None).execution_options(synchronize_session=False))


def _record(session: Session, act: str, evidence_id: UUID, actor: Actor, now: datetime) -> None:
    record(session, act, actor_id=actor.person_id, now=now, person_id=actor.person_id, about="evidence", about_id=evidence_id)


def _record_file(session: Session, act: str, file: FileFacts, actor: Actor, *, now: datetime, assessor_id: UUID) -> None:
    record(
        session, act, actor_id=actor.person_id, now=now, organisation_id=file.provider_id, person_id=file.person_id, about="recognition_file", about_id=file.id,
        details={"assessor": assessor_id.hex},
    )
