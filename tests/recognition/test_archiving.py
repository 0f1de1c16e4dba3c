"""When a file is over its evidence goes, but what its learner keeps or uses elsewhere; files on disk go after the rows that named them, and never before."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from academy.kernel.uploads import UploadFolder
from academy.recognition import rounds
from academy.recognition.errors import StepRefused
from academy.recognition.errors.evidence import EvidenceForTest
from academy.recognition.kinds import FileState, Route
from academy.recognition.models import EmployerStatement
from academy.recognition.service import archiving, local_tests, statements
from academy.recognition.service import evidence as service
from academy.recognition.service.statements import Ask
from tests.kernel import uploads as files
from tests.recognition.hosting import make_hosting
from tests.recognition.keeping import WORK, add, gone, in_file, pieces, received, set_folder, trail
from tests.recognition.world import World

F = FileState
OVER = timedelta(days=85)  # after the decision or certificate


class _Killed(Exception):
    """A process that stops where it stands."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> UploadFolder:
    return set_folder(tmp_path / "files")


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    return tmp_path / "files"


def names(on_disk: Path) -> set[str]:
    return {each.name for each in on_disk.glob("*")}


def archive(world: World, file_id: UUID) -> None:
    with world.database.writing() as session:
        archiving.archive_file(session, file_id, now=world.now)


def test_the_evidence_of_a_file_goes_twelve_weeks_after_its_end_and_not_before(world: World, on_disk: Path) -> None:
    stored = received()
    piece = add(world, stored=stored).evidence_id
    file = world.file(F.REPORT_ISSUED, evidence=[piece], route=Route.LABOUR_MARKET)
    world.now += timedelta(days=84)
    with pytest.raises(StepRefused):
        archive(world, file.id)
    assert pieces(world) == [piece]
    world.now += timedelta(days=1)
    archive(world, file.id)
    assert (world.facts(file.id).state, pieces(world), in_file(world, file.id)) == (F.ARCHIVED, [], {})
    assert (gone(world), names(on_disk)) == ([stored.name], {stored.name})  # on disk until after this commit
    rounds.unlink_files(world.now)
    assert (gone(world), names(on_disk)) == ([], set())
    (line,) = trail(world, "file-archived")
    assert (line.actor_id, line.person_id, line.details) == (None, world.learner.person_id, {"evidence": 1})


def test_what_is_kept_and_what_another_file_uses_stays(world: World) -> None:
    kept, shared, lone = world.evidence(title="a"), world.evidence(title="b"), world.evidence(title="c")
    with world.database.writing() as session:
        service.keep_evidence(session, actor=world.learner, evidence_id=kept, is_kept=True)
    over = world.file(F.WITHDRAWN, evidence=[kept, shared, lone])
    other = world.file(F.PORTFOLIO_OPEN, evidence=[shared])
    archive(world, over.id)
    assert pieces(world) == [kept, shared]
    assert in_file(world, other.id).keys() == {shared}


def test_a_certificate_with_which_a_test_is_booked_stays_until_that_is_judged_or_called_off(world: World) -> None:
    hosting = make_hosting(world)
    piece = hosting.certificate()
    file = world.file(F.WITHDRAWN, evidence=[piece])
    booked = world.run(
        local_tests.book_local_test, actor=world.learner, mapping_code=hosting.publish(), evidence_id=piece, slot_code=hosting.slot(),
    )
    archive(world, file.id)
    for act, more in ((service.remove_evidence, {}), (service.describe_evidence, {"draft": WORK})):
        with pytest.raises(EvidenceForTest) as refused:
            world.run(act, actor=world.learner, evidence_id=piece, **more)
        assert refused.value.next_step() == "Wacht tot de toets is beoordeeld, of zeg hem eerst af."
        assert refused.value.links()[0].endpoint == "recognition_mappings.all_mine"
    assert (pieces(world), hosting.test(booked).evidence_id) == ([piece], piece)
    world.run(local_tests.call_off_local_test, actor=world.learner, code=booked)
    world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    assert pieces(world) == []


def test_what_two_files_use_goes_with_the_last_of_them(world: World) -> None:
    piece = world.evidence()
    first, last = world.file(F.WITHDRAWN, evidence=[piece]), world.file(F.WITHDRAWN, evidence=[piece])
    archive(world, first.id)
    assert pieces(world) == [piece]
    archive(world, last.id)
    assert pieces(world) == []


def test_a_file_that_lapsed_is_archived_when_nobody_can_contest_it_any_more(world: World) -> None:
    file = world.file(F.LAPSED, lapsed_from=F.PORTFOLIO_OPEN)
    with pytest.raises(StepRefused):
        archive(world, file.id)
    world.now += timedelta(days=43)
    archive(world, file.id)
    assert world.facts(file.id).state is F.ARCHIVED


def test_a_file_is_archived_once(world: World) -> None:
    file = world.file(F.WITHDRAWN)
    archive(world, file.id)
    with pytest.raises(StepRefused):
        archive(world, file.id)


def test_names_of_who_was_asked_for_a_statement_go_with_the_file(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    ask = Ask("Ina Baas", "ina@bakkerij.nl", "Bakkerij Jansen")
    asked = world.run(statements.ask_statement, actor=world.learner, code=file.code, ask=ask, language="nl")
    world.run(statements.answer_statement, statement_id=asked, answers={}, words="Zij kan het.", reader_id=None)
    from academy.recognition.models import RecognitionFile  # noqa: PLC0415 - put there by SQL

    with world.database.writing() as session:
        session.get_one(RecognitionFile, file.id).state = F.WITHDRAWN
    archive(world, file.id)
    with world.database.reading() as session:
        row = session.scalars(select(EmployerStatement)).one()
        assert (row.name, row.email, row.evidence_id) == ("", "", None)
    assert pieces(world) == []


# On disk


def test_removing_from_disk_goes_on_where_it_was_stopped(world: World, on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content, name in ((files.PDF, "a.pdf"), (files.TEXT, "b.txt"), (files.PNG, "c.png")):
        piece = add(world, WORK, stored=received(content, name)).evidence_id
        world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    removed: list[str] = []
    remove = UploadFolder.remove

    def killed_after_two(folder: UploadFolder, name: str) -> None:
        if len(removed) == 2:
            raise _Killed
        removed.append(name)
        remove(folder, name)

    with monkeypatch.context() as patch:
        patch.setattr(UploadFolder, "remove", killed_after_two)
        with pytest.raises(_Killed):
            rounds.unlink_files(world.now)
    assert (len(names(on_disk)), len(gone(world))) == (1, 3)
    rounds.unlink_files(world.now)
    assert (names(on_disk), gone(world)) == (set(), [])


def test_a_removal_that_is_not_committed_removes_nothing_from_disk(world: World, on_disk: Path) -> None:
    stored = received()
    piece = add(world, stored=stored).evidence_id
    with pytest.raises(_Killed), world.database.writing() as session:
        service.remove_evidence(session, actor=world.learner, evidence_id=piece, now=world.now)
        raise _Killed
    rounds.unlink_files(world.now + OVER)
    rounds.sweep_files(world.now + OVER)
    assert (pieces(world), names(on_disk)) == ([piece], {stored.name})


def test_a_file_whose_process_was_killed_before_it_was_named_goes_after_a_day(world: World, on_disk: Path) -> None:
    named, unnamed, young = received(), received(files.TEXT, "b.txt"), received(files.PNG, "c.png")
    add(world, stored=named)
    with pytest.raises(_Killed), world.database.writing() as session:
        service.add_evidence(session, actor=world.learner, draft=WORK, stored=unnamed, now=world.now)
        raise _Killed
    for each, hours in ((named, 48), (unnamed, 25), (young, 23)):
        os.utime(on_disk / each.name, times=((world.now - timedelta(hours=hours)).timestamp(),) * 2)
    rounds.unlink_files(world.now)
    rounds.sweep_files(world.now)
    assert names(on_disk) == {named.name, young.name}


def test_many_unnamed_files_all_go(world: World, on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "_AT_ONCE", 2)
    add(world, stored=received())
    for number in range(5):
        stored = received(files.TEXT + str(number).encode(), "b.txt")
        os.utime(on_disk / stored.name, times=((world.now - timedelta(days=3)).timestamp(),) * 2)
    with world.database.reading() as session:
        assert archiving.sweep_unnamed(session, now=world.now) == 5
    assert len(names(on_disk)) == 1
