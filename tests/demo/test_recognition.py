"""The demo has files at every desk, decisions that repeat, what a board published, and papers that open; made once, and quickly."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.demo import load_demo, load_people
from academy.demo.learning import LOTTE
from academy.demo.money import actor_of, load_money
from academy.demo.papers import page, picture
from academy.demo.recognition import load_recognition
from academy.demo.tailoring import load_tailoring
from academy.kernel import uploads
from academy.kernel.contents import FileKind
from academy.recognition.kinds import AgreementState, FileState
from academy.recognition.models import (
    Agreement,
    AssessorSlot,
    Equivalence,
    Evidence,
    Mapping,
    PatternApproval,
    RecognitionFile,
)
from academy.recognition.queries.files import file_by_id
from academy.recognition.queries.portfolio import outcomes_of
from academy.recognition.queries.precedents import found_for, shown_in
from academy.recognition.rules.patterns import Pattern

_F = FileState


@pytest.fixture(autouse=True)
def papers(tmp_path: Path) -> uploads.UploadFolder:
    uploads.set_folder(uploads.UploadFolder(tmp_path / "files"))
    return uploads.folder()


def everything_else(session: Session, *, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    load_money(session, now=now)
    load_tailoring(session, now=now)


def load(session: Session, *, now: datetime) -> bool:
    everything_else(session, now=now)
    return load_recognition(session, now=now)


def test_every_desk_has_work_and_the_board_finds_what_was_decided_before(session: Session, now: datetime, papers: uploads.UploadFolder) -> None:
    assert load(session, now=now)
    files = session.scalars(select(RecognitionFile)).all()
    assert Counter(each.state for each in files) == {
        _F.INTAKE_PLANNED: 2, _F.PORTFOLIO_OPEN: 1, _F.PORTFOLIO_SUBMITTED: 1, _F.SECOND_PLANNED: 1, _F.EXEMPTION_REQUESTED: 1, _F.GRANTED: 2, _F.PARTIALLY_GRANTED: 2,
    }
    (waits,) = [each for each in files if each.state is _F.EXEMPTION_REQUESTED]
    shown = shown_in(session, waits.id)
    asked = [(each.id, Pattern(each.id, each.wording.in_language("nl"), shown[each.id])) for each in outcomes_of(session, file_by_id(session, waits.id).id)]
    found = found_for(session, waits.provider_id, [pattern for _outcome, pattern in asked], now.date())
    assert all(len(each.parents) >= 2 for each in found.values())
    assert any(each.approval for each in found.values())
    for kind in (PatternApproval, Equivalence, Mapping):
        assert session.scalar(select(func.count()).select_from(kind)) == 1
    assert session.scalars(select(Agreement.state)).all() == [AgreementState.ASKED]
    assert len(session.scalars(select(AssessorSlot).where(AssessorSlot.starts_at > now, AssessorSlot.taken < AssessorSlot.capacity)).all()) > 10
    kept = session.scalars(select(Evidence).where(Evidence.stored_name != "")).all()
    assert {each.media for each in kept} == {"PDF", "PNG"}
    assert all(papers.path_of(each.stored_name).stat().st_size == each.size for each in kept)
    lotte = actor_of(session, LOTTE[1], now)
    assert {each.person_id for each in kept} == {lotte.person_id}

    assert not load_recognition(session, now=now + timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(RecognitionFile)) == len(files)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what clashes in a week is the same on both
def test_it_loads_on_every_day_of_the_week_at_any_hour(session: Session, now: datetime) -> None:
    everything_else(session, now=now)
    for day, hour in ((1, 23), (3, 13), (5, 0), (6, 14)):
        with session.begin_nested() as point:
            assert load_recognition(session, now=now.replace(hour=hour) + timedelta(days=day))
            point.rollback()
        session.expire_all()


def test_papers_are_what_their_names_say(papers: uploads.UploadFolder, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(page("Titel (met haken)", ("één regel",)))
    (tmp_path / "picture.png").write_bytes(picture())
    for name, kind in (("page.pdf", FileKind.PDF), ("picture.png", FileKind.PNG)):
        with (tmp_path / name).open("rb") as stream:
            assert papers.receive(stream, name, allowed=[kind], most_bytes=100_000).kind is kind
