"""Who leaves takes along what they said and showed; what was decided stays under a bare number, and nothing of others is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Leaving
from academy.recognition.kinds import FileState, InstrumentKind
from academy.recognition.models import (
    AssessorSlot,
    Decision,
    Evidence,
    FileOutcome,
    RecognitionFile,
    Report,
    StoredFileGone,
)
from academy.recognition.personal import HELD
from academy.recognition.service import slots
from academy.recognition.service.slots import SlotDraft
from tests.recognition.driving import F
from tests.recognition.proofs import crashing
from tests.recognition.world import SLUG, World


def leave(session: Session, world: World) -> Leaving:
    """Do what erasing the learner does in this room."""
    leaving = HELD.leaving(session, world.learner.person_id, world.now)
    for goes in leaving.goes:
        for statement in goes.statements:
            session.execute(statement.execution_options(synchronize_session=False))
    return leaving


def count(session: Session, table: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_draft_goes_with_its_evidence_and_the_place_of_its_appointment_is_free(world: World) -> None:
    begins = world.now + timedelta(days=2)
    world.run(slots.offer_slots, actor=world.assessor, provider_slug=SLUG, draft=SlotDraft(InstrumentKind.INTERVIEW, (begins,), timedelta(minutes=45), where="Lokaal 2"))
    file = world.file(F.DRAFT)
    world.evidence(stored_name="a" * 32, sha256="b" * 64, url="")
    with world.database.reading() as session:
        code = session.scalars(select(AssessorSlot.code)).one()
    world.run(slots.book_slot, actor=world.learner, code=file.code, slot_code=code)
    with world.database.writing() as session:
        leaving = leave(session, world)
        assert leaving.obstacles == ()
        assert [count(session, table) for table in (RecognitionFile, FileOutcome, Evidence)] == [0, 0, 0]
        assert session.scalars(select(AssessorSlot.taken)).all() == [0]
        assert session.scalars(select(StoredFileGone.stored_name)).all() == ["a" * 32]


@pytest.mark.parametrize("state", [F.INTAKE_PLANNED, F.ASSESSED, F.EXEMPTION_REQUESTED])
def test_what_is_under_way_is_withdrawn_or_decided_first(world: World, state: FileState) -> None:
    file = world.file(state)
    with world.database.reading() as session:
        (obstacle,) = HELD.leaving(session, world.learner.person_id, world.now).obstacles
    assert file.code in obstacle.what
    assert obstacle.link.values == {"code": file.code}


def test_what_was_decided_stays_without_the_words_of_the_learner(world: World) -> None:
    file = world.file(F.EXEMPTION_REQUESTED, evidence=[world.diploma()], employer="Bakkerij")
    with world.database.writing() as session:
        crashing.act(session, world.board, what="decide", now=world.now.isoformat(), code=file.code, file_id=file.id.hex)
    with world.database.writing() as session:
        leaving = leave(session, world)
        assert leaving.obstacles == ()
        assert sum(each.number for each in leaving.stays) == 2  # the decision, and the file with its report
        assert [count(session, table) for table in (Decision, Report, RecognitionFile, Evidence)] == [1, 1, 1, 0]
        assert set(session.scalars(select(FileOutcome.self_example))) == {""}
        assert session.scalars(select(RecognitionFile.employer)).all() == [""]


def test_one_takes_along_everything(world: World) -> None:
    file = world.file(F.EXEMPTION_REQUESTED)
    with world.database.writing() as session:
        crashing.act(session, world.board, what="decide", now=world.now.isoformat(), code=file.code, file_id=file.id.hex)
    with world.database.reading() as session:
        found = HELD.read(session, world.learner.person_id)
    assert {key for key, rows in found.items() if rows} == {
        "files", "what_i_said", "steps", "evidence", "shared_with_assessors", "assessments", "reports", "decisions", "credits",
    }
    assert found["what_i_said"][0]["example"] == "Elke week."
