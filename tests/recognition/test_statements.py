"""Somebody at work is asked by letter what the learner does there; their answer is evidence, given once, by them."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation
from academy.kernel.outbox import OutboxMessage, subscribe
from academy.recognition.errors import FileClosed, FileNotFound
from academy.recognition.errors.evidence import AskedAlready, StatementGone, StatementToOneself, TooManyStatements
from academy.recognition.events import StatementAnswered, StatementAsked
from academy.recognition.kinds import EvidenceKind, FileState, Judgement
from academy.recognition.models import FileParty, RecognitionFile
from academy.recognition.queries.library import StatementFacts, library_of, said_of, statement_by_id, statements_of
from academy.recognition.service import statements as service
from academy.recognition.service.statements import Ask
from tests.enrolment.races import at_the_same_time
from tests.recognition.keeping import in_file, set_folder, trail
from tests.recognition.world import World

F = FileState
YES, PARTLY, NO = Judgement.YES, Judgement.PARTLY, Judgement.NO
BOSS = Ask("Ina Baas", "ina@bakkerij.nl", "Bakkerij Jansen")
SENT = (F.PORTFOLIO_SUBMITTED, F.ASSESSED, F.REPORT_ISSUED, F.EXEMPTION_REQUESTED, F.WITHDRAWN)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    set_folder(tmp_path / "files")
    for event in (StatementAsked, StatementAnswered):
        subscribe(f"statements-test.{event.name}", event, inside=lambda *_: None)


def ask(world: World, code: str, of: Ask = BOSS) -> UUID:
    asked = world.run(service.ask_statement, actor=world.learner, code=code, ask=of, language="nl")
    assert isinstance(asked, UUID)
    return asked


def answer(world: World, asked: UUID, **what: Any) -> None:
    answers = dict(zip(world.outcomes, (YES, PARTLY, NO), strict=True))
    world.run(service.answer_statement, statement_id=asked, **({"answers": answers, "words": "Ik zag het elke week.", "reader_id": None} | what))


def found(world: World, asked: UUID) -> StatementFacts:
    with world.database.reading() as session:
        facts = statement_by_id(session, asked)
        assert facts is not None
        return facts


def announced(world: World) -> list[str]:
    mine = select(OutboxMessage.event).where(OutboxMessage.subscriber.startswith("statements-test.")).order_by(OutboxMessage.id)
    with world.database.reading() as session:
        return list(session.scalars(mine))


def put(world: World, file_id: UUID, state: FileState) -> None:
    with world.database.writing() as session:
        session.get_one(RecognitionFile, file_id).state = state


def test_asking_sends_a_letter_that_is_good_for_thirty_days(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = found(world, ask(world, file.code))
    assert (asked.name, asked.email, asked.employer, asked.language) == ("Ina Baas", "ina@bakkerij.nl", "Bakkerij Jansen", "nl")
    assert timedelta(days=30) < asked.until - world.now < timedelta(days=31)
    assert announced(world) == ["Recognition.statement-asked.v1"]
    assert trail(world, "evidence-statement-asked")[0].person_id == world.learner.person_id


def test_the_answer_becomes_evidence_in_the_file_for_what_was_seen(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    answer(world, asked)
    with world.database.reading() as session:
        (piece,) = (each.facts for each in library_of(session, world.learner.person_id))
        assert (piece.kind, piece.title, piece.source) == (EvidenceKind.STATEMENT, "Ina Baas, Bakkerij Jansen", "Bakkerij Jansen")
        assert piece.text == "Ik zag het elke week."
        assert said_of(session, [piece.id]) == {piece.id: dict(zip(world.outcomes, (YES, PARTLY, NO), strict=True))}
    assert in_file(world, file.id) == {piece.id: set(world.outcomes[:2])}
    assert found(world, asked).evidence_id == piece.id
    assert announced(world)[-1] == "Recognition.statement-answered.v1"


def test_an_answer_after_sending_is_in_the_library_and_not_in_the_file(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    put(world, file.id, F.PORTFOLIO_SUBMITTED)
    answer(world, asked)
    assert in_file(world, file.id) == {}
    with world.database.reading() as session:
        assert len(library_of(session, world.learner.person_id)) == 1


def test_the_answer_of_somebody_else_is_nothing_that_the_learner_did(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked, before = ask(world, file.code), world.facts(file.id).idle_since
    world.pass_time(days=20)
    answer(world, asked)
    assert world.facts(file.id).idle_since == before


def test_one_answers_once(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    answer(world, asked)
    for act in (lambda: answer(world, asked), lambda: world.run(service.decline_statement, statement_id=asked, reader_id=None)):
        with pytest.raises(StatementGone):
            act()
    assert len(in_file(world, file.id)) == 1


def test_one_may_say_nothing(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    world.run(service.decline_statement, statement_id=asked, reader_id=None)
    assert found(world, asked).declined_at == world.now
    with pytest.raises(StatementGone):
        answer(world, asked)
    assert in_file(world, file.id) == {}
    assert trail(world, "evidence-statement-declined")


def test_after_thirty_days_it_is_too_late_and_the_same_person_can_be_asked_again(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    world.pass_time(days=31)
    with pytest.raises(StatementGone):
        answer(world, asked)
    assert ask(world, file.code) != asked


def test_of_a_file_that_is_over_nothing_is_answered(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    put(world, file.id, F.WITHDRAWN)
    with pytest.raises(StatementGone):
        answer(world, asked)
    with pytest.raises(StatementGone):
        answer(world, file.id)  # no question at all


@pytest.mark.parametrize("email", ["ina@bakkerij.nl", "INA@bakkerij.nl", "ina+werk@bakkerij.nl"])
def test_the_same_person_is_not_asked_twice_in_a_file(world: World, email: str) -> None:
    one, other = world.file(F.PORTFOLIO_OPEN, evidence=[]), world.file(F.WITHDRAWN)
    ask(world, one.code)
    with pytest.raises(AskedAlready):
        ask(world, one.code, Ask("Ina", email, "Elders"))
    put(world, one.id, F.WITHDRAWN)
    put(world, other.id, F.PORTFOLIO_OPEN)
    ask(world, other.code, Ask("Ina", email, "Elders"))


def test_learners_can_not_say_it_of_themselves(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    local, _at, domain = world.learner.email.partition("@")
    for email in (world.learner.email, world.learner.email.upper(), f"{local}+baas@{domain}"):
        with pytest.raises(StatementToOneself):
            ask(world, file.code, Ask("Mijn baas", email, "Bakkerij"))
    asked = ask(world, file.code)
    with pytest.raises(StatementToOneself):
        answer(world, asked, reader_id=world.learner.person_id)
    with pytest.raises(StatementToOneself):
        world.run(service.decline_statement, statement_id=asked, reader_id=world.learner.person_id)
    answer(world, asked, reader_id=world.stranger.person_id)


@pytest.mark.parametrize("state", SENT)
def test_nobody_is_asked_when_nothing_can_be_added_any_more(world: World, state: FileState) -> None:
    file = world.file(state)
    with pytest.raises(FileClosed):
        ask(world, file.code)


def test_one_asks_for_ones_own_file_only(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    with pytest.raises(FileNotFound):
        world.run(service.ask_statement, actor=world.stranger, code=file.code, ask=BOSS, language="nl")


def test_a_file_sends_no_more_than_ten_letters(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    for number in range(10):
        ask(world, file.code, Ask("Iemand", f"iemand{number}@bakkerij.nl", "Bakkerij"))
    with pytest.raises(TooManyStatements):
        ask(world, file.code, Ask("Nog iemand", "nog@bakkerij.nl", "Bakkerij"))


def test_a_firm_that_is_known_is_a_party_from_the_moment_of_asking(world: World) -> None:
    file, firm = world.file(F.PORTFOLIO_OPEN, evidence=[]), world.employer()
    with world.database.writing() as session:
        session.get_one(Organisation, firm).kvk_number = "12345678"
    ask(world, file.code, Ask("Ina Baas", "ina@bakkerij.nl", "Bakkerij", "12345678"))
    ask(world, file.code, Ask("Ab", "ab@bakkerij.nl", "Bakkerij", "12345678"))
    ask(world, file.code, Ask("Els", "els@elders.nl", "Elders", "87654321"))  # no firm here
    with world.database.reading() as session:
        assert session.scalars(select(FileParty.organisation_id).where(FileParty.file_id == file.id)).all() == [firm]
        assert len(statements_of(session, file.id)) == 3


def test_an_answer_about_what_was_not_asked_is_left_out(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    answer(world, asked, answers={world.outcomes[0]: YES, file.id: YES})
    assert found(world, asked).answers == {world.outcomes[0]: YES}


# At the same time


def answering(world: World, asked: UUID) -> Any:
    return lambda session: service.answer_statement(
        session, statement_id=asked, answers={world.outcomes[0]: YES}, words="Ja.", reader_id=None, now=world.now,
    )


def test_two_answers_at_once_are_one(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)
    assert at_the_same_time(world.database, answering(world, asked), answering(world, asked)) == "statement-gone"
    assert len(in_file(world, file.id)) == 1


def test_a_yes_and_a_refusal_at_once_are_one_of_the_two(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])
    asked = ask(world, file.code)

    def declining(session: Session) -> None:
        service.decline_statement(session, statement_id=asked, reader_id=None, now=world.now)

    assert at_the_same_time(world.database, declining, answering(world, asked)) == "statement-gone"
    assert (found(world, asked).answered_at, in_file(world, file.id)) == (None, {})


def test_the_same_person_asked_twice_at_once_gets_one_letter(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[])

    def asking(session: Session) -> None:
        service.ask_statement(session, actor=world.learner, code=file.code, ask=BOSS, language="nl", now=world.now)

    assert at_the_same_time(world.database, asking, asking) == "statement-asked"
    assert announced(world) == ["Recognition.statement-asked.v1"]
