"""Letters about the steps of a file, and about its clocks: to whose turn it is, true when they are written, and without a stranger's words."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.formats import day
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event
from academy.recognition import events
from academy.recognition.events import FileMoved, FileStill, StepLate
from academy.recognition.kinds import FileState, Route, Who
from academy.recognition.models import FileStep, RecognitionFile
from academy.recognition.rules.clocks import contest_until
from academy.recognition.service import waiting
from tests.notices.recognised import (
    LURE,
    TYPED,
    change,
    decided,
    leaves,
    letters,
    office,
    only,
    reads_english,
    step,
)
from tests.recognition.world import World, make_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # letters read what the tests of queries read on both

_F = FileState
Readers = Callable[[World], set[str]]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def world(database: Database, now: datetime) -> World:
    return make_world(database, now)


def assessors(world: World) -> set[str]:
    return {world.guide.email, world.assessor.email, world.other_assessor.email}


def judges(world: World) -> set[str]:
    return {world.assessor.email, world.other_assessor.email}


def learner(world: World) -> set[str]:
    return {world.learner.email}


def board(world: World) -> set[str]:
    return {world.board.email, world.other_of_board.email}


def nobody(_world: World) -> set[str]:
    return set()


STEPS: list[tuple[FileState | None, FileState, Who, Readers, str]] = [
    (None, _F.DRAFT, Who.LEARNER, nobody, ""),
    (_F.DRAFT, _F.INTAKE_PLANNED, Who.LEARNER, assessors, "Neem de aanvraag op je"),
    (_F.INTAKE_PLANNED, _F.INTAKE_DONE, Who.GUIDE, learner, "Lees het advies"),
    (_F.INTAKE_DONE, _F.PORTFOLIO_OPEN, Who.GUIDE, learner, "verstuur je portfolio"),
    (_F.INTAKE_DONE, _F.PORTFOLIO_OPEN, Who.LEARNER, nobody, ""),
    (_F.PORTFOLIO_OPEN, _F.PORTFOLIO_SUBMITTED, Who.LEARNER, lambda world: judges(world) | learner(world), "uiterlijk op"),
    (_F.ASSESSMENT_PLANNED, _F.PORTFOLIO_SUBMITTED, Who.ASSESSOR, lambda world: {world.other_assessor.email}, "Neem de beoordeling op je"),
    (_F.PORTFOLIO_SUBMITTED, _F.PORTFOLIO_INCOMPLETE, Who.ASSESSOR, learner, "Vul het aan"),
    (_F.PORTFOLIO_SUBMITTED, _F.ASSESSMENT_PLANNED, Who.ASSESSOR, learner, "Aad Assessor"),
    (_F.ASSESSMENT_PLANNED, _F.ASSESSED, Who.ASSESSOR, learner, "Kies een moment"),
    (_F.SECOND_PLANNED, _F.ASSESSED, Who.ASSESSOR, nobody, ""),
    (_F.SECOND_PLANNED, _F.SECOND_DONE, Who.ASSESSOR, nobody, ""),
    (_F.SECOND_DONE, _F.REPORT_ISSUED, Who.ASSESSOR, learner, "Dat gaat niet vanzelf"),
    (_F.REPORT_ISSUED, _F.EXEMPTION_REQUESTED, Who.LEARNER, board, "Beslis uiterlijk op"),
    (_F.PORTFOLIO_OPEN, _F.LAPSED, Who.WORKER, learner, "Je gaat dan verder waar je was"),
    (_F.LAPSED, _F.PORTFOLIO_OPEN, Who.LEARNER, nobody, ""),
]


@pytest.mark.parametrize(("was", "becomes", "who", "readers", "says"), STEPS)
def test_each_step_is_told_to_whose_turn_it_is(
    world: World, was: FileState | None, becomes: FileState, who: Who, readers: Readers, says: str,
) -> None:
    by = {Who.LEARNER: world.learner, Who.GUIDE: world.guide, Who.ASSESSOR: world.assessor}.get(who)
    found = letters(world, step(world, world.file(becomes, **TYPED), who, by, was))
    assert set(found) == readers(world)
    assert all(says in letter.text and world.module.title.nl in letter.subject for letter in found.values())


def test_every_event_has_its_letters_but_that_of_credits() -> None:
    from academy.notices.recognition_letters import LETTERS  # noqa: PLC0415 - the whole of it, here only

    announced = {each for each in vars(events).values() if isinstance(each, type) and issubclass(each, Event) and each is not Event}
    assert {kind for kind, _write in LETTERS.values()} == announced - {events.CreditsBooked}


def test_a_letter_of_a_step_names_the_file_by_its_number_and_leads_to_it(world: World) -> None:
    file = world.file(_F.PORTFOLIO_INCOMPLETE)
    letter = only(world, step(world, file, Who.ASSESSOR, world.assessor), world.learner)
    assert file.code in letter.text
    assert f"/nl/my/recognition/{file.code}" in letter.text


def test_of_a_file_that_went_further_only_its_last_step_is_told(world: World) -> None:
    file = world.file(_F.PORTFOLIO_OPEN)
    first = step(world, file, Who.GUIDE, world.guide, _F.INTAKE_DONE)
    change(world, RecognitionFile, file.id, state=_F.PORTFOLIO_SUBMITTED)
    second = step(world, world.facts(file.id), Who.LEARNER, world.learner, _F.PORTFOLIO_OPEN)
    assert letters(world, first) == {}
    assert letters(world, second) != {}
    again = step(world, world.facts(file.id), Who.LEARNER, world.learner, _F.PORTFOLIO_INCOMPLETE)
    assert letters(world, second) == {}, "it was sent twice, and is told as the last time"
    assert letters(world, again) != {}


def test_of_what_is_gone_nothing_is_told(world: World) -> None:
    assert letters(world, FileMoved(new_id(), new_id())) == {}
    assert letters(world, FileStill(new_id(), 1)) == letters(world, StepLate(new_id())) == {}


def test_who_guided_a_file_before_is_asked_alone(world: World) -> None:
    file = world.file(_F.INTAKE_PLANNED, guide_id=world.guide.person_id)
    only(world, step(world, file, Who.LEARNER, world.learner, _F.INTAKE_DONE), world.guide)


def test_advice_says_whether_the_agreement_is_still_to_be_signed(world: World) -> None:
    unsigned = world.file(_F.INTAKE_DONE, learner_signed_at=None)
    letter = only(world, step(world, unsigned, Who.GUIDE, world.guide), world.learner)
    assert "Teken dan de overeenkomst" in letter.text
    change(world, RecognitionFile, unsigned.id, learner_signed_at=world.now)
    letter = only(world, step(world, world.facts(unsigned.id), Who.GUIDE, world.guide), world.learner)
    assert "al getekend" in letter.text


def test_an_appointment_that_was_made_before_is_in_the_letter_about_the_portfolio(world: World) -> None:
    file = world.file(_F.SECOND_PLANNED)
    event = step(world, file, Who.ASSESSOR, world.assessor, _F.ASSESSED)
    assert letters(world, event) == {}, "made in the same act: it has a letter of its own"
    change(world, FileStep, event.step_id, at=world.now + DAY)
    letter = only(world, event, world.learner)
    assert "Je afspraak blijft staan" in letter.text
    assert "Criteriumgericht interview" in letter.text
    mine = step(world, file, Who.LEARNER, world.learner, _F.ASSESSED)
    change(world, FileStep, mine.step_id, at=world.now + DAY)
    assert letters(world, mine) == {}


def test_on_the_labour_market_route_the_report_is_a_certificate(world: World) -> None:
    file = world.file(_F.REPORT_ISSUED, route=Route.LABOUR_MARKET)
    letter = only(world, step(world, file, Who.ASSESSOR, world.assessor), world.learner)
    assert "certificaat" in letter.subject
    assert "examencommissie" not in letter.text


def test_an_appeal_goes_to_the_board_and_its_answer_to_the_learner(world: World) -> None:
    file, _decision = decided(world, state=_F.APPEALED)
    event = step(world, file, Who.LEARNER, world.learner, _F.GRANTED)
    assert set(letters(world, event)) == board(world)
    change(world, RecognitionFile, file.id, state=_F.CONFIRMED)
    file = world.facts(file.id)
    answer = only(world, step(world, file, Who.EXAM_BOARD, world.other_of_board, _F.APPEALED), world.learner)
    assert "Lees het antwoord" in answer.text
    back = letters(world, step(world, file, Who.LEARNER, world.learner, _F.APPEALED))
    assert set(back) == board(world)
    assert all("ingetrokken" in letter.subject for letter in back.values())


def test_a_decision_has_no_letter_of_its_step(world: World) -> None:
    file, _decision = decided(world)
    assert letters(world, step(world, file, Who.EXAM_BOARD, world.board, _F.EXEMPTION_REQUESTED)) == {}


def test_who_worked_on_a_file_hears_that_it_is_withdrawn(world: World) -> None:
    file = world.file(_F.SECOND_PLANNED, **TYPED)
    change(world, RecognitionFile, file.id, state=_F.WITHDRAWN)
    event = step(world, world.facts(file.id), Who.LEARNER, world.learner, _F.SECOND_PLANNED)
    assert set(letters(world, event)) == {world.guide.email, world.assessor.email}
    untouched = world.file(_F.WITHDRAWN)
    assert letters(world, step(world, untouched, Who.LEARNER, world.learner, _F.DRAFT)) == {}
    waited = step(world, untouched, Who.LEARNER, world.learner, _F.EXEMPTION_REQUESTED)
    assert set(letters(world, waited)) == board(world)


def test_a_lapse_says_until_when_one_can_go_on(world: World) -> None:
    letter = only(world, step(world, world.file(_F.LAPSED), Who.WORKER, None, _F.DRAFT), world.learner)
    assert day(amsterdam_day(contest_until(world.now) - timedelta(seconds=1))) in letter.text


def test_a_learner_who_assesses_or_decides_there_hears_as_learner_only(world: World) -> None:
    file = world.file(_F.INTAKE_PLANNED, of=world.assessor)
    assert world.assessor.email not in letters(world, step(world, file, Who.LEARNER, world.assessor))
    file = world.file(_F.EXEMPTION_REQUESTED, of=world.board)
    only(world, step(world, file, Who.LEARNER, world.board), world.other_of_board)


def test_letters_are_in_the_language_of_their_reader_and_none_go_to_who_left(world: World) -> None:
    event = step(world, world.file(_F.PORTFOLIO_SUBMITTED), Who.LEARNER, world.learner, _F.PORTFOLIO_OPEN)
    reads_english(world, world.assessor)
    leaves(world, world.learner)
    found = letters(world, event)
    assert {letter.to: letter.language for letter in found.values()} == {world.assessor.email: "en", world.other_assessor.email: "nl"}
    assert f"/en/provider/{world.slug}/" in found[world.assessor.email].text


# Clocks


def idle(world: World, days: int) -> None:
    world.pass_time(days=days)


def test_stillness_is_told_twice_and_the_second_time_names_the_day_on_which_it_ends(world: World) -> None:
    file = world.file(_F.PORTFOLIO_OPEN, **TYPED)
    ends_on = day(amsterdam_day(world.now + 90 * DAY))
    idle(world, 31)
    world.run(waiting.tell_stillness, file_id=file.id)
    first = only(world, FileStill(file.id, 1), world.learner)
    assert "Trek je aanvraag dan in" in first.text
    assert ends_on not in first.text
    idle(world, 30)
    world.run(waiting.tell_stillness, file_id=file.id)
    second = only(world, FileStill(file.id, 2), world.learner)
    assert f"tot en met {ends_on}" in second.text
    assert letters(world, FileStill(file.id, 1)) == {}, "the second says more"
    assert first.key != second.key


def test_who_did_something_meanwhile_is_told_nothing(world: World) -> None:
    file = world.file(_F.PORTFOLIO_OPEN)
    assert letters(world, FileStill(file.id, 1)) == {}
    sent = world.file(_F.PORTFOLIO_SUBMITTED, of=world.stranger, told_first_at=world.now)
    assert letters(world, FileStill(sent.id, 1)) == {}


@pytest.mark.parametrize(("state", "readers"), [
    (_F.INTAKE_PLANNED, assessors), (_F.PORTFOLIO_SUBMITTED, judges), (_F.ASSESSMENT_PLANNED, judges), (_F.SECOND_DONE, judges), (_F.EXEMPTION_REQUESTED, board),
])
def test_who_is_late_is_told_to_colleagues_and_to_the_office(world: World, state: FileState, readers: Readers) -> None:
    bureau, file = office(world), world.file(state, **TYPED)
    found = letters(world, StepLate(file.id), now=world.now + 20 * DAY)
    assert set(found) == readers(world) | {bureau.email}
    assert "/office/recognition" in found[bureau.email].text
    assert "Sam de Vries" not in found[bureau.email].text
    assert LURE not in found[bureau.email].text


def test_a_file_that_went_on_is_late_for_nobody(world: World) -> None:
    assert letters(world, StepLate(world.file(_F.PORTFOLIO_OPEN).id)) == {}
