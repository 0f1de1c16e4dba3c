"""Evidence in the hands of its learner: what tests of the library share."""

import io
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from academy.accounts.models import TrailEntry
from academy.kernel import uploads
from academy.kernel.contents import FileKind
from academy.kernel.uploads import StoredFile, UploadFolder
from academy.recognition.kinds import EvidenceKind
from academy.recognition.models import Evidence, EvidenceFor, FileEvidence, StoredFileGone
from academy.recognition.service import evidence as service
from academy.recognition.service.evidence import Added, EvidenceDraft
from tests.kernel import uploads as files
from tests.recognition.world import World

WORK = EvidenceDraft(EvidenceKind.WORK, "Netwerktekening")
DIPLOMA = EvidenceDraft(EvidenceKind.DIPLOMA, "Mbo ICT-beheer", "CREBO", "25606")


def set_folder(folder: Path) -> UploadFolder:
    uploads.set_folder(UploadFolder(folder))
    return uploads.folder()


def received(content: bytes = files.PDF, name: str = "werk.pdf") -> StoredFile:
    """Keep a file on disk, as a page does before its transaction begins."""
    return uploads.folder().receive(io.BytesIO(content), name, allowed=list(FileKind), most_bytes=service.MOST_BYTES)


def add(world: World, draft: EvidenceDraft = WORK, stored: StoredFile | None = None) -> Added:
    added = world.run(service.add_evidence, actor=world.learner, draft=draft, stored=stored)
    assert isinstance(added, Added)
    return added


def use(world: World, code: str, evidence_id: UUID, outcome_ids: Sequence[UUID] = ()) -> None:
    world.run(service.use_evidence, actor=world.learner, code=code, evidence_id=evidence_id, outcome_ids=outcome_ids)


def pieces(world: World) -> list[UUID]:
    with world.database.reading() as session:
        return list(session.scalars(select(Evidence.id).order_by(Evidence.id)))


def in_file(world: World, file_id: UUID) -> dict[UUID, set[UUID]]:
    """Return what a file uses, and for which outcomes."""
    with world.database.reading() as session:
        used = session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == file_id))
        found: dict[UUID, set[UUID]] = {each: set() for each in used}
        for evidence_id, outcome_id in session.execute(select(EvidenceFor.evidence_id, EvidenceFor.outcome_id).where(EvidenceFor.file_id == file_id)):
            found[evidence_id].add(outcome_id)
        return found


def gone(world: World) -> list[str]:
    """Return what is to be removed from disk."""
    with world.database.reading() as session:
        return list(session.scalars(select(StoredFileGone.stored_name)))


def trail(world: World, *acts: str) -> list[TrailEntry]:
    """Return the lines of the audit trail with these acts, the oldest first."""
    with world.database.reading() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.act.in_(acts)).order_by(TrailEntry.number)))
