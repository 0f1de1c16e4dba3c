"""Letters about appointments, statements, decisions, agreements and tests: what each party hears, and what no letter says."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.api import Role
from academy.catalogue.models import Module
from academy.kernel.db import Database
from academy.kernel.formats import moment_text
from academy.kernel.ids import new_id, short_code
from academy.recognition.events import (
    AgreementAsked,
    AgreementChanged,
    Decided,
    SignatureWanted,
    SlotBooked,
    SlotCalledOff,
    StatementAnswered,
    StatementAsked,
)
from academy.recognition.events import TestBooked as BookedTest
from academy.recognition.kinds import AgreementState, FileState, InstrumentKind, LocalTestState
from academy.recognition.links import agreement_token_for, statement_token_for
from academy.recognition.models import (
    Agreement,
    AssessorSlot,
    Decision,
    DecisionDraft,
    EmployerStatement,
    InstrumentUse,
    LocalTest,
    Mapping,
    RecognitionFile,
)
from tests import builders
from tests.notices.recognised import LURE, TYPED, change, decided, leaves, letters, only, reads_english
from tests.recognition.world import World, make_world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # letters read what the tests of queries read on both

DAY = timedelta(days=1)
AT_WORK, SCHOOL = "chef@bakkerij.nl", "examens@school.example"
_F, _S = FileState, AgreementState


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def world(database: Database, now: Any) -> World:
    return make_world(database, now)


def add(world: World, row: Any) -> UUID:
    row_id = row.id = new_id()
    with world.database.writing() as session:
        session.add(row)
    return row_id


# Appointments


def slot(world: World, **values: Any) -> UUID:
    starts_at = world.now + 3 * DAY
    return add(world, AssessorSlot(**({
        "code": short_code(), "provider_id": world.provider_id, "assessor_id": world.assessor.person_id, "kind": InstrumentKind.INTERVIEW, "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1), "where": LURE, "is_online": True, "capacity": 1, "taken": 1,
    } | values)))


def appointment(world: World, state: FileState = _F.PORTFOLIO_SUBMITTED) -> tuple[UUID, UUID]:
    """Let the learner have booked; returns the file and the appointment."""
    file = world.file(state, **TYPED)
    look = InstrumentUse(
        file_id=file.id, kind=InstrumentKind.INTERVIEW, assessor_id=world.assessor.person_id, slot_id=slot(world), begun_at=world.now, planned_at=world.now + 3 * DAY,
    )
    return file.id, add(world, look)


def test_both_hear_of_an_appointment_and_its_learner_gets_a_file_for_the_calendar(world: World) -> None:
    file_id, look = appointment(world)
    found = letters(world, SlotBooked(look))
    assert set(found) == {world.learner.email, world.assessor.email}
    for letter in found.values():
        assert moment_text(world.now + 3 * DAY) in letter.text
        assert "Online" in letter.text
    mine = found[world.learner.email].text
    assert f"/my/recognition/{world.facts(file_id).code}/slot.ics" in mine
    assert "meer over de plaats" in mine, "the assessor's own words stand on the page"


def test_before_a_file_is_sent_its_assessor_is_led_to_their_own_time(world: World) -> None:
    file_id, look = appointment(world, _F.DRAFT)
    theirs = letters(world, SlotBooked(look))[world.assessor.email].text
    assert f"/provider/{world.slug}/recognition/slots" in theirs
    assert f"/recognition/{world.facts(file_id).code}" not in theirs


def test_an_appointment_that_is_called_off_done_or_past_is_not_told_as_one_to_come(world: World) -> None:
    _file, look = appointment(world)
    assert letters(world, SlotBooked(look), now=world.now + 4 * DAY) == {}
    change(world, InstrumentUse, look, called_off_at=world.now)
    assert letters(world, SlotBooked(look)) == letters(world, SlotBooked(new_id())) == {}


def test_both_hear_that_an_appointment_does_not_take_place(world: World) -> None:
    _file, look = appointment(world)
    assert letters(world, SlotCalledOff(look)) == {}, "it stands"
    change(world, InstrumentUse, look, called_off_at=world.now)
    found = letters(world, SlotCalledOff(look))
    assert set(found) == {world.learner.email, world.assessor.email}
    assert "Kies een ander moment" in found[world.learner.email].text


def test_who_chose_another_moment_is_not_asked_to_choose(world: World) -> None:
    file_id, look = appointment(world)
    change(world, InstrumentUse, look, called_off_at=world.now)
    add(world, InstrumentUse(
        file_id=file_id, kind=InstrumentKind.INTERVIEW, assessor_id=world.other_assessor.person_id, begun_at=world.now, planned_at=world.now + 5 * DAY,
    ))
    only(world, SlotCalledOff(look), world.assessor)


@pytest.mark.parametrize(("state", "reads"), [(_F.WITHDRAWN, False), (_F.LAPSED, True)])
def test_of_a_file_that_ended_only_the_assessor_hears_and_of_one_withdrawn_by_its_own_letter(world: World, state: FileState, *, reads: bool) -> None:
    file_id, look = appointment(world)
    change(world, InstrumentUse, look, called_off_at=world.now)
    change(world, RecognitionFile, file_id, state=state, lapsed_from=_F.DRAFT if state is _F.LAPSED else None)
    assert set(letters(world, SlotCalledOff(look))) == ({world.assessor.email} if reads else set())


# Statements


def statement(world: World, **values: Any) -> UUID:
    row = {"employer": LURE, "name": LURE, "email": AT_WORK, "language": "en", "asked_at": world.now, "until": world.now + 30 * DAY}
    return add(world, EmployerStatement(file_id=world.file(_F.PORTFOLIO_OPEN, **TYPED).id, **(row | values)))


def test_somebody_at_work_reads_for_whom_what_for_and_until_when_in_the_language_of_who_asked(world: World) -> None:
    asked = statement(world)
    letter = only(world, StatementAsked(asked), AT_WORK)
    assert letter.language == "en"
    assert f"/en/recognition/statements/{statement_token_for(asked)}" in letter.text
    assert world.learner.name not in letter.text + letter.html
    assert world.learner.email not in letter.text + letter.html, "masked"
    assert "Windesheim" in letter.text


def test_a_question_that_is_answered_too_old_or_of_no_use_is_not_asked(world: World) -> None:
    asked = statement(world)
    assert letters(world, StatementAsked(asked), now=world.now + 31 * DAY) == {}
    change(world, EmployerStatement, asked, declined_at=world.now)
    assert letters(world, StatementAsked(asked)) == {}
    change(world, EmployerStatement, asked, declined_at=None)
    leaves(world, world.learner)
    assert letters(world, StatementAsked(asked)) == letters(world, StatementAsked(new_id())) == {}


@pytest.mark.parametrize(("answer", "says"), [("answered_at", "staat bij je bewijs"), ("declined_at", "wil die niet geven")])
def test_the_learner_hears_that_there_is_an_answer_and_not_what_it_says(world: World, answer: str, says: str) -> None:
    asked = statement(world)
    assert letters(world, StatementAnswered(asked)) == {}
    change(world, EmployerStatement, asked, **{answer: world.now})
    letter = only(world, StatementAnswered(asked), world.learner)
    assert says in letter.text
    assert letter.language == "nl"


# Decisions


def test_of_a_decision_is_told_that_it_is_there_and_until_when_one_can_object_not_what_it_says(world: World) -> None:
    file, decision_id = decided(world)
    letter = only(world, Decided(decision_id), world.learner)
    with world.database.reading() as session:
        number = session.get_one(Decision, decision_id).number
    assert f"/my/recognition/decisions/{number}" in letter.text
    assert file.code in letter.text
    assert "bezwaar, uiterlijk op" in letter.text
    assert "bezwaar" not in only(world, Decided(decision_id), world.learner, now=world.now + 43 * DAY).text, "written too late for that"
    for outcome in ("erkend", "toegekend", "afgewezen", "geweigerd", "EC"):
        assert outcome not in letter.text.casefold() + letter.subject.casefold()


def test_a_decision_that_was_replaced_is_not_told(world: World) -> None:
    _file, decision_id = decided(world)
    with world.database.writing() as session:
        old = session.get_one(Decision, decision_id)
        values = {each.key: getattr(old, each.key) for each in Decision.__table__.columns if each.key not in {"id", "number", "replaces_id", "state"}}
        session.add(Decision(id=new_id(), number=short_code(), replaces_id=decision_id, state="revised", **values))
    assert letters(world, Decided(decision_id)) == letters(world, Decided(new_id())) == {}


def test_the_other_members_are_asked_to_sign_as_long_as_there_is_something_to_sign(world: World) -> None:
    file = world.file(_F.EXEMPTION_REQUESTED, **TYPED)
    assert letters(world, SignatureWanted(file.id)) == {}
    with world.database.writing() as session:
        session.add(DecisionDraft(file_id=file.id, answers=[{"reason": LURE}], digest="0" * 64, made_by=world.board.person_id, made_at=world.now))
    letter = only(world, SignatureWanted(file.id), world.other_of_board)
    assert f"/provider/{world.slug}/exam-board/{file.code}" in letter.text


# Agreements


def agreement(world: World, state: AgreementState = _S.ASKED, **values: Any) -> UUID:
    """Let the learner have asked a school elsewhere, unless it says otherwise."""
    signed = {"home_signed_at": world.now, "home_signed_by": world.board.person_id, "host_signed_at": world.now} if state is _S.SIGNED else {}
    elsewhere = {"host_name": LURE, "host_course": LURE, "host_code": LURE, "host_email": SCHOOL}
    return add(world, Agreement(**({
        "code": short_code(), "person_id": world.learner.person_id, "home_provider_id": world.provider_id, "home_module_id": world.module.id, "language": "en",
        "state": state, "asked_at": world.now, "until": world.now + 28 * DAY, "reason": LURE,
    } | elsewhere | signed | values)))


def hosted(world: World, **values: Any) -> tuple[UUID, str]:
    """Let the module be given here, by another provider; returns the agreement and the address of who plans there."""
    with world.database.writing() as session:
        other = builders.provider(session, "flevoland", "ROC van Flevoland")
        builders.module(session, world.now, provider_id=other, external_id="elders")
        host = session.scalars(select(Module.id).where(Module.provider_id == other)).one()
    planner = world.person("Piet Planner", Role.PLANNER, at=other)
    return agreement(world, host_module_id=host, host_name="", host_course="", host_code="", host_email="", **values), planner.email


def test_the_board_at_home_and_a_school_elsewhere_are_asked_to_sign(world: World) -> None:
    asked = agreement(world)
    found = letters(world, AgreementAsked(asked))
    assert set(found) == {world.board.email, world.other_of_board.email, SCHOOL}
    school = found[SCHOOL]
    assert f"/en/recognition/agreements/{agreement_token_for(asked)}" in school.text
    assert world.learner.name not in school.text
    assert "/provider/" not in school.text
    assert agreement_token_for(asked) not in found[world.board.email].text


def test_who_gives_the_module_here_is_asked_in_their_workspace(world: World) -> None:
    asked, planner = hosted(world)
    found = letters(world, AgreementAsked(asked))
    assert set(found) == {world.board.email, world.other_of_board.email, planner}
    assert "/provider/flevoland/" in found[planner].text


def test_nobody_is_asked_for_a_signature_that_is_there_or_can_not_come_any_more(world: World) -> None:
    asked = agreement(world, home_signed_at=world.now, home_signed_by=world.board.person_id)
    only(world, AgreementAsked(asked), SCHOOL)
    assert letters(world, AgreementAsked(asked), now=world.now + 29 * DAY) == {}
    change(world, Agreement, asked, state=_S.REFUSED)
    assert letters(world, AgreementAsked(asked)) == letters(world, AgreementAsked(new_id())) == {}


def test_each_signature_is_told_and_the_last_gives_the_school_the_way_to_report_the_result(world: World) -> None:
    asked = agreement(world, host_signed_at=world.now)
    assert "nog één handtekening" in only(world, AgreementChanged(asked), world.learner).text
    change(world, Agreement, asked, state=_S.SIGNED, home_signed_at=world.now, home_signed_by=world.board.person_id)
    found = letters(world, AgreementChanged(asked))
    assert set(found) == {world.learner.email, SCHOOL}
    assert agreement_token_for(asked) in found[SCHOOL].text
    assert "telt het mee" in found[world.learner.email].text


@pytest.mark.parametrize("state", [_S.REFUSED, _S.NOT_PASSED])
def test_the_learner_hears_that_it_was_refused_or_has_a_result(world: World, state: AgreementState) -> None:
    asked = agreement(world, state, ended_at=world.now)
    assert "/my/agreements/" in only(world, AgreementChanged(asked), world.learner).text


def test_each_party_hears_that_it_ended_and_its_learner_where_time_ran_out(world: World) -> None:
    asked, planner = hosted(world, state=_S.ENDED, ended_at=world.now)
    parties = {world.board.email, world.other_of_board.email, planner}
    assert set(letters(world, AgreementChanged(asked))) == parties
    change(world, Agreement, asked, until=world.now)
    assert set(letters(world, AgreementChanged(asked))) == parties | {world.learner.email}
    change(world, Agreement, asked, host_module_id=None, host_name=LURE, host_email=SCHOOL)
    assert set(letters(world, AgreementChanged(asked))) == {world.board.email, world.other_of_board.email, world.learner.email, SCHOOL}


# Tests here


def local_test(world: World, state: LocalTestState = LocalTestState.BOOKED, **values: Any) -> UUID:
    mapping = add(world, Mapping(
        code=short_code(), provider_id=world.provider_id, mooc_module_id=world.module.id, module_id=world.module.id, valid_from=world.now.date(),
        valid_until=(world.now + 300 * DAY).date(), drafted_at=world.now, published_at=world.now, published_by=world.board.person_id,
    ))
    return add(world, LocalTest(**({
        "code": short_code(), "person_id": world.learner.person_id, "mapping_id": mapping, "slot_id": slot(world, kind=InstrumentKind.TEST), "state": state,
        "booked_at": world.now, "reason": LURE,
    } | values)))


def test_learner_and_assessor_hear_of_a_test_and_that_it_is_called_off(world: World) -> None:
    reads_english(world, world.assessor)
    booked = local_test(world)
    found = letters(world, BookedTest(booked))
    assert {letter.to: letter.language for letter in found.values()} == {world.learner.email: "nl", world.assessor.email: "en"}
    assert letters(world, BookedTest(booked), now=world.now + 4 * DAY) == {}
    change(world, LocalTest, booked, state=LocalTestState.CALLED_OFF)
    assert set(letters(world, BookedTest(booked))) == set(found)


def test_a_result_is_told_without_saying_what_it_is_and_of_a_pass_the_decision_tells(world: World) -> None:
    failed = local_test(world, LocalTestState.FAILED, judged_at=world.now)
    letter = only(world, BookedTest(failed), world.learner)
    assert "gezakt" not in letter.text
    assert "niet gehaald" not in letter.text
    _file, decision_id = decided(world)
    passed = local_test(world, LocalTestState.PASSED, judged_at=world.now, is_certificate_seen=True, decision_id=decision_id)
    assert letters(world, BookedTest(passed)) == letters(world, BookedTest(new_id())) == {}
