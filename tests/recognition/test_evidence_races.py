"""Evidence when two do something at once, each in a transaction of its own: the second waits for the first and finds what it did."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.kernel.errors import DatabaseBusy
from academy.recognition.kinds import EvidenceKind, FileState, Route, Who
from academy.recognition.models import Evidence
from academy.recognition.service import archiving
from academy.recognition.service import evidence as service
from academy.recognition.service.evidence import EvidenceDraft
from academy.recognition.service.history import move, step_of
from tests.enrolment.races import at_the_same_time
from tests.recognition.keeping import WORK, add, in_file, pieces, received, set_folder
from tests.recognition.world import World

F = FileState
Act = Callable[[Session], object]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    set_folder(tmp_path / "files")


def adding(world: World, draft: EvidenceDraft = WORK, *, with_file: bool = True) -> Act:
    stored = received() if with_file else None
    return lambda session: service.add_evidence(session, actor=world.learner, draft=draft, stored=stored, now=world.now)


def using(world: World, code: str, piece: UUID) -> Act:
    return lambda session: service.use_evidence(session, actor=world.learner, code=code, evidence_id=piece, outcome_ids=world.outcomes, now=world.now)


def removing(world: World, piece: UUID) -> Act:
    return lambda session: service.remove_evidence(session, actor=world.learner, evidence_id=piece, now=world.now)


def sending(world: World, file_id: UUID) -> Act:
    return lambda session: move(session, file_id, step_of(F.PORTFOLIO_SUBMITTED, Who.LEARNER, world.learner), now=world.now)


def test_the_same_file_sent_twice_at_once_is_one_piece(world: World) -> None:
    assert at_the_same_time(world.database, adding(world), adding(world)) == "done"
    assert len(pieces(world)) == 1


def test_control_without_waiting_the_database_stops_the_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "hold_person", lambda *_: None)
    monkeypatch.setattr(service, "_same", lambda *_: None)
    assert at_the_same_time(world.database, adding(world), adding(world)) in {"busy", "stopped by the database"}
    assert len(pieces(world)) == 1


def test_the_last_place_in_a_library_is_taken_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PIECES", 1)
    one, other = EvidenceDraft(EvidenceKind.LINK, "een"), EvidenceDraft(EvidenceKind.LINK, "twee")
    heard = at_the_same_time(world.database, adding(world, one, with_file=False), adding(world, other, with_file=False))
    assert (heard, len(pieces(world))) == ("evidence-library-full", 1)


def test_what_is_used_in_this_moment_is_not_removed_from_under_it(world: World) -> None:
    piece = add(world).evidence_id
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    assert at_the_same_time(world.database, using(world, file.code, piece), removing(world, piece)) == "done"
    assert (pieces(world), in_file(world, file.id)) == ([], {})


def test_what_is_removed_in_this_moment_can_not_be_used(world: World) -> None:
    piece = add(world).evidence_id
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    assert at_the_same_time(world.database, removing(world, piece), using(world, file.code, piece)) == "evidence-not-found"
    assert (pieces(world), in_file(world, file.id)) == ([], {})


def test_a_file_that_is_sent_in_this_moment_keeps_its_evidence(world: World) -> None:
    piece = add(world).evidence_id
    file = world.file(F.PORTFOLIO_OPEN, evidence=[piece])
    assert at_the_same_time(world.database, sending(world, file.id), removing(world, piece)) in {"busy", "evidence-in-use"}
    assert in_file(world, file.id).keys() == {piece}


def test_what_is_removed_in_this_moment_is_not_sent(world: World) -> None:
    """The file goes without it; whoever wants to send it only with evidence asks after taking the file."""
    piece = add(world).evidence_id
    file = world.file(F.PORTFOLIO_OPEN, evidence=[piece])
    assert at_the_same_time(world.database, removing(world, piece), sending(world, file.id)) in {"done", "busy"}
    assert in_file(world, file.id) == {}


def test_nothing_comes_into_a_file_that_is_sent_in_this_moment(world: World) -> None:
    piece = add(world).evidence_id
    file = world.file(F.PORTFOLIO_OPEN)
    assert at_the_same_time(world.database, sending(world, file.id), using(world, file.code, piece)) == "recognition-file-closed"
    assert piece not in in_file(world, file.id)


def test_what_another_file_begins_to_use_in_this_moment_outlives_the_archive(world: World) -> None:
    piece = world.evidence()
    over, new = world.file(F.WITHDRAWN, evidence=[piece]), world.file(F.PORTFOLIO_OPEN, evidence=[], route=Route.LABOUR_MARKET)
    heard = at_the_same_time(world.database, using(world, new.code, piece), lambda session: archiving.archive_file(session, over.id, now=world.now))
    assert (heard, pieces(world)) == ("done", [piece])
    assert in_file(world, new.id).keys() == {piece}


def test_what_is_kept_in_this_moment_outlives_the_archive(world: World) -> None:
    piece = world.evidence()
    over = world.file(F.WITHDRAWN, evidence=[piece])

    def keeping(session: Session) -> None:
        service.keep_evidence(session, actor=world.learner, evidence_id=piece, is_kept=True)

    heard = at_the_same_time(world.database, keeping, lambda session: archiving.archive_file(session, over.id, now=world.now))
    assert (heard, pieces(world)) == ("done", [piece])


def test_a_share_given_twice_at_once_is_one(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)

    def sharing(session: Session) -> None:
        service.share_file(session, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id, now=world.now)

    assert at_the_same_time(world.database, sharing, sharing) == "done"


def test_the_database_keeps_one_row_per_file_and_person_whatever_the_service_does(world: World) -> None:
    first, second = world.evidence(url="", stored_name="a" * 32, sha256="b" * 64), world.evidence(title="ander")
    with pytest.raises((IntegrityError, DatabaseBusy)), world.database.writing() as session:
        session.execute(update(Evidence).where(Evidence.id == second).values(url="", stored_name="c" * 32, sha256="b" * 64))
    assert pieces(world) == [first, second]
