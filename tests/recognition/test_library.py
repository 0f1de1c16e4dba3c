"""A library of one's own evidence: added once, used in many places, seen by nobody unless it is shared, and gone when its owner says so."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from academy.kernel.errors import Refusal
from academy.recognition.errors import FileClosed, FileNotFound
from academy.recognition.errors.evidence import AssessorNotFound, EvidenceInUse, EvidenceNotFound, LibraryFull
from academy.recognition.kinds import OPEN_TO_EVIDENCE, EvidenceKind, FileState, Route
from academy.recognition.models import Evidence, RecognitionFile
from academy.recognition.policy import Rights
from academy.recognition.queries.files import file_by_id, may_see_evidence
from academy.recognition.queries.library import evidence_to_see, library_of, looks_at, piece_of, shares_of, taken_of
from academy.recognition.service import evidence as service
from academy.recognition.service.evidence import EvidenceDraft
from tests.kernel import uploads as files
from tests.recognition.keeping import DIPLOMA, WORK, add, gone, in_file, pieces, received, set_folder, trail, use
from tests.recognition.world import World

F = FileState
AFTER_SENDING = (F.PORTFOLIO_SUBMITTED, F.ASSESSMENT_PLANNED, F.ASSESSED, F.SECOND_PLANNED, F.SECOND_DONE, F.REPORT_ISSUED, F.EXEMPTION_REQUESTED)
ASSESSOR = Rights(assess=True, decide=False, manage=False)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    set_folder(tmp_path / "files")


def sees(world: World, file_id: UUID) -> bool:
    with world.database.reading() as session:
        return may_see_evidence(session, world.assessor.person_id, file_by_id(session, file_id), ASSESSOR)


# Adding


def test_evidence_is_added_with_a_file_or_without(world: World) -> None:
    stored = received()
    first, second = add(world, stored=stored), add(world, DIPLOMA)
    with world.database.reading() as session:
        new, old = (each.facts for each in library_of(session, world.learner.person_id))
        assert (old.id, old.stored_name, old.sha256, old.media, old.filename) == (first.evidence_id, stored.name, stored.sha256, "PDF", "werk.pdf")
        assert (new.id, new.source, new.code, new.stored_name) == (second.evidence_id, "CREBO", "25606", "")
        assert not new.is_kept
        assert not library_of(session, world.stranger.person_id)


def test_the_same_file_twice_is_the_one_that_is_there(world: World) -> None:
    first = add(world, stored=received(name="eerste.pdf"))
    again = add(world, DIPLOMA, stored=received(name="tweede.pdf"))
    assert (again.evidence_id, again.is_new) == (first.evidence_id, False)
    assert pieces(world) == [first.evidence_id]


def test_the_same_file_of_somebody_else_is_theirs(world: World) -> None:
    first = add(world, stored=received())
    other = world.run(service.add_evidence, actor=world.stranger, draft=WORK, stored=received())
    assert other.is_new
    assert other.evidence_id != first.evidence_id


def test_the_same_without_a_file_twice_is_the_one_that_is_there(world: World) -> None:
    assert add(world, DIPLOMA).is_new
    assert not add(world, DIPLOMA).is_new
    assert add(world, EvidenceDraft(EvidenceKind.DIPLOMA, "Mbo ICT-beheer", "CREBO", "25606", date(2019, 7, 1))).is_new


def test_two_hundred_pieces_are_kept_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PIECES", 2)
    for title in ("een", "twee"):
        add(world, EvidenceDraft(EvidenceKind.LINK, title))
    with pytest.raises(LibraryFull) as full:
        add(world, EvidenceDraft(EvidenceKind.LINK, "drie"))
    assert full.value.sentence() == "Je hebt al 2 bewijzen. Meer kun je niet bewaren."
    assert not add(world, EvidenceDraft(EvidenceKind.LINK, "twee")).is_new  # what is there takes no room


def test_all_files_together_stay_within_500_mb(world: World) -> None:
    first = add(world, stored=received())
    with world.database.writing() as session:
        session.execute(update(Evidence).where(Evidence.id == first.evidence_id).values(size=500 * 1024**2 - 10))
    with pytest.raises(LibraryFull) as full:
        add(world, stored=received(files.TEXT, "brief.txt"))
    assert "500 MB" in full.value.sentence()
    with world.database.reading() as session:
        assert taken_of(session, world.learner.person_id).pieces == 1


# Using


def test_one_piece_is_used_in_several_files_and_for_several_outcomes(world: World) -> None:
    one, other = world.file(F.DRAFT, evidence=[]), world.file(F.PORTFOLIO_OPEN, evidence=[], route=Route.LABOUR_MARKET)
    piece = add(world).evidence_id
    use(world, one.code, piece, world.outcomes[:2])
    use(world, other.code, piece, world.outcomes[2:])
    assert in_file(world, one.id) == {piece: set(world.outcomes[:2])}
    assert in_file(world, other.id) == {piece: set(world.outcomes[2:])}
    use(world, one.code, piece, world.outcomes[1:])
    assert in_file(world, one.id) == {piece: set(world.outcomes[1:])}
    world.run(service.drop_evidence, actor=world.learner, code=one.code, evidence_id=piece)
    assert (in_file(world, one.id), pieces(world)) == ({}, [piece])


def test_using_evidence_is_something_that_the_learner_does(world: World) -> None:
    file, piece = world.file(F.PORTFOLIO_OPEN, evidence=[]), add(world).evidence_id
    world.pass_time(days=40)
    use(world, file.code, piece)
    assert world.facts(file.id).idle_since == world.now


@pytest.mark.parametrize("state", AFTER_SENDING)
def test_nothing_is_added_or_taken_away_after_sending(world: World, state: FileState) -> None:
    file, piece = world.file(state), add(world).evidence_id
    used = in_file(world, file.id)
    with pytest.raises(FileClosed):
        use(world, file.code, piece)
    with pytest.raises(FileClosed):
        world.run(service.drop_evidence, actor=world.learner, code=file.code, evidence_id=next(iter(used)))
    assert in_file(world, file.id) == used


def test_what_is_not_ones_own_can_not_be_used(world: World) -> None:
    file, theirs = world.file(F.DRAFT), world.evidence(of=world.stranger)
    with pytest.raises(EvidenceNotFound):
        use(world, file.code, theirs)
    with pytest.raises(FileNotFound):
        world.run(service.use_evidence, actor=world.stranger, code=file.code, evidence_id=theirs, outcome_ids=())
    with pytest.raises(FileNotFound):
        use(world, file.code, add(world).evidence_id, [theirs])  # no outcome of this file


# Removing and keeping


@pytest.mark.parametrize("state", OPEN_TO_EVIDENCE)
def test_evidence_goes_when_its_owner_says_so_also_out_of_files_that_were_not_sent(world: World, state: FileState) -> None:
    stored = received()
    piece = add(world, stored=stored).evidence_id
    file = world.file(state, evidence=[piece])
    world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    assert (pieces(world), in_file(world, file.id), gone(world)) == ([], {}, [stored.name])
    assert trail(world, "evidence-removed")[0].about_id == piece


@pytest.mark.parametrize("state", AFTER_SENDING)
def test_evidence_on_which_a_sent_file_rests_stays_and_the_refusal_says_what_to_do(world: World, state: FileState) -> None:
    piece = world.evidence()
    file = world.file(state, evidence=[piece])
    for act, more in ((service.remove_evidence, {}), (service.describe_evidence, {"draft": WORK})):
        with pytest.raises(EvidenceInUse) as refused:
            world.run(act, actor=world.learner, evidence_id=piece, **more)
        assert refused.value.next_step() == "Wacht tot er is besloten, of trek eerst die aanvraag in."
        assert refused.value.links()[0].values == {"code": file.code}
    assert in_file(world, file.id)


def test_of_a_file_that_was_taken_back_evidence_can_go(world: World) -> None:
    piece = world.evidence()
    world.file(F.WITHDRAWN, evidence=[piece])
    world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    assert pieces(world) == []


@pytest.mark.parametrize(("lapsed_from", "stays"), [(F.PORTFOLIO_OPEN, False), (F.ASSESSED, True)])
def test_of_a_file_that_lapsed_evidence_stays_that_was_judged(world: World, lapsed_from: FileState, *, stays: bool) -> None:
    piece = world.evidence()
    world.file(F.LAPSED, evidence=[piece], lapsed_from=lapsed_from)
    if stays:
        with pytest.raises(EvidenceInUse):
            world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    else:
        world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    assert pieces(world) == [piece] * stays


def test_nobody_touches_what_is_somebody_elses(world: World) -> None:
    piece = world.evidence()
    with pytest.raises(EvidenceNotFound):
        world.run(service.remove_evidence, actor=world.stranger, evidence_id=piece)
    with pytest.raises(EvidenceNotFound):
        world.run(service.describe_evidence, actor=world.stranger, evidence_id=piece, draft=WORK)
    with pytest.raises(EvidenceNotFound), world.database.writing() as session:
        service.keep_evidence(session, actor=world.stranger, evidence_id=piece, is_kept=True)
    with pytest.raises(EvidenceNotFound), world.database.reading() as session:
        piece_of(session, world.stranger, piece)


def test_a_piece_is_described_anew_as_long_as_no_sent_file_rests_on_it(world: World) -> None:
    stored = received()
    piece = add(world, stored=stored).evidence_id
    world.run(service.describe_evidence, actor=world.learner, evidence_id=piece, draft=DIPLOMA)
    with world.database.reading() as session:
        facts = piece_of(session, world.learner, piece).facts
        assert (facts.kind, facts.code, facts.stored_name) == (EvidenceKind.DIPLOMA, "25606", stored.name)


def test_what_somebody_else_said_is_not_described_by_the_learner(world: World) -> None:
    piece = world.evidence(EvidenceKind.STATEMENT, text="Zij kan het.", url="")
    with pytest.raises(EvidenceNotFound):
        world.run(service.describe_evidence, actor=world.learner, evidence_id=piece, draft=WORK)


# Who sees it


def test_evidence_is_private_until_it_is_shared_and_again_when_that_is_taken_back(world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    (piece,) = in_file(world, file.id)
    assert not sees(world, file.id)
    world.run(service.share_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)
    assert sees(world, file.id)
    with world.database.reading() as session:
        assert evidence_to_see(session, world.assessor, piece).provider_id == world.provider_id
        for other in (world.other_assessor, world.stranger, world.owner, world.board):
            with pytest.raises(EvidenceNotFound):
                evidence_to_see(session, other, piece)
    world.pass_time(hours=1)
    world.run(service.unshare_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)
    world.run(service.unshare_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)  # pressed twice
    assert not sees(world, file.id)
    with world.database.reading() as session:
        (share,) = shares_of(session, file.id)
        assert share.taken_back_at == world.now
        with pytest.raises(EvidenceNotFound):
            evidence_to_see(session, world.assessor, piece)
    assert [each.act for each in trail(world, "file-shared", "file-unshared")] == ["file-shared", "file-unshared"]
    world.run(service.share_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)
    assert sees(world, file.id)


def test_a_share_that_is_taken_back_in_the_middle_of_an_assessment_ends_the_looking(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    (piece,) = in_file(world, file.id)
    assert sees(world, file.id)
    world.run(service.unshare_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)
    assert not sees(world, file.id)
    with pytest.raises(EvidenceNotFound), world.database.reading() as session:
        evidence_to_see(session, world.assessor, piece)
    assert world.facts(file.id).state is F.ASSESSMENT_PLANNED


def test_a_file_is_shared_with_assessors_of_its_provider_only_and_not_with_its_guide(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    for nobody in (world.guide, world.learner, world.stranger, world.board):
        with pytest.raises(AssessorNotFound):
            world.run(service.share_file, actor=world.learner, code=file.code, assessor_id=nobody.person_id)
    with pytest.raises(FileNotFound):
        world.run(service.share_file, actor=world.stranger, code=file.code, assessor_id=world.assessor.person_id)


def test_after_the_report_nothing_is_shared_any_more(world: World) -> None:
    file = world.file(F.REPORT_ISSUED)
    with pytest.raises(FileClosed):
        world.run(service.share_file, actor=world.learner, code=file.code, assessor_id=world.other_assessor.person_id)


# The log


def test_the_learner_reads_who_looked_once_an_hour_and_of_every_download(world: World) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    (piece,) = in_file(world, file.id)

    def look(*, is_download: bool = False) -> None:
        with world.database.writing() as session:
            seen = evidence_to_see(session, world.assessor, piece)
            service.note_look(session, actor=world.assessor, seen=seen, is_download=is_download, now=world.now)

    look()
    world.pass_time(minutes=59)
    look()
    look(is_download=True)
    look(is_download=True)
    world.pass_time(minutes=2)
    look()
    with world.database.reading() as session:
        found = looks_at(session, piece_of(session, world.learner, piece))
        assert [each.act for each in reversed(found)] == ["evidence-seen", "evidence-downloaded", "evidence-downloaded", "evidence-seen"]
        assert {(each.actor_name, each.organisation_name) for each in found} == {("Aad Assessor", "Windesheim in Almere")}
        assert found[0].at - found[-1].at == timedelta(minutes=61)


def test_ones_own_looks_are_not_written_down(world: World) -> None:
    piece = add(world, stored=received()).evidence_id
    with world.database.writing() as session:
        seen = evidence_to_see(session, world.learner, piece)
        service.note_look(session, actor=world.learner, seen=seen, is_download=True, now=world.now)
    assert trail(world, "evidence-seen", "evidence-downloaded") == []


def test_who_left_adds_nothing(world: World) -> None:
    from academy.accounts.models import Person  # noqa: PLC0415 - put there by SQL

    with world.database.writing() as session:
        session.execute(update(Person).where(Person.id == world.learner.person_id).values(erased_at=world.now))
    with pytest.raises(Refusal):
        add(world)


def test_keeping_is_a_switch(world: World) -> None:
    piece = world.evidence()
    for is_kept in (True, True, False):
        with world.database.writing() as session:
            service.keep_evidence(session, actor=world.learner, evidence_id=piece, is_kept=is_kept)
        with world.database.reading() as session:
            assert piece_of(session, world.learner, piece).facts.is_kept is is_kept


def test_decided_files_hold_their_evidence_until_they_are_archived(world: World) -> None:
    piece = world.evidence()
    file = world.file(F.REPORT_ISSUED, evidence=[piece], route=Route.LABOUR_MARKET)
    with pytest.raises(EvidenceInUse) as refused:
        world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
    assert "twaalf weken" in refused.value.next_step()
    with world.database.writing() as session:
        session.execute(update(RecognitionFile).where(RecognitionFile.id == file.id).values(state=F.ARCHIVED))
    world.run(service.remove_evidence, actor=world.learner, evidence_id=piece)
