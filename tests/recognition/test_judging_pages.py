"""The pages on which assessors judge: one task at a time, faults at their field, nothing typed is lost; and the report, for who may read it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from academy.accounts.models import Membership, TrailEntry
from academy.kernel.db import Database
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState, Route
from academy.recognition.models import InstrumentUse, RecognitionFile
from academy.recognition.service.evidence import unshare_file
from tests.recognition.assessing import filled, sent, signed_in, text, world_today
from tests.recognition.test_judging import answers_of, becomes_employer
from tests.recognition.world import SLUG, YES, World

F = FileState
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    return world_today(app, database)


@pytest.fixture
def assessor(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world, world.assessor)


@pytest.fixture
def other(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world, world.other_assessor)


def at(file: FileFacts, page: str = "judge") -> str:
    return f"/nl/provider/{SLUG}/recognition/{file.code}/{page}"


def begun(world: World, file: FileFacts) -> FileFacts:
    """Let the second look of a file have begun."""
    with world.database.writing() as session:
        session.execute(update(InstrumentUse).where(InstrumentUse.file_id == file.id, InstrumentUse.planned_at.is_not(None)).values(planned_at=world.now - timedelta(hours=1)))
    return file


def test_from_taking_it_up_to_the_report_without_leaving_the_keyboard_pages(world: World, assessor: FlaskClient) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    page = text(assessor, at(file))
    assert "Ik beoordeel dit portfolio" in page
    assert "Sam de Vries" not in page
    assert "Mijn werk" not in page
    page = sent(assessor, at(file, "judge/take"))
    assert "Sam de Vries" in page
    assert "Mijn werk" in page
    assert "Bewaar je oordeel" in page
    page = sent(assessor, at(file), filled(answers_of(world, file), notes="Let op het ontwerp."))
    assert "Je oordeel is bewaard." in page
    assert "Plan een bezoek, toets of gesprek" in page
    assert "Let op het ontwerp." in page
    tomorrow = (world.now + timedelta(days=2)).date().isoformat()
    page = sent(assessor, at(file, "judge/plan"), {"kind": "workplace", "on": tomorrow, "begins": "13:30", "minutes": "60", "place": "", "where": "Bij het bedrijf"})
    assert "Het staat gepland." in page
    assert "13:30–14:30" in page
    assert "Bij het bedrijf" in page
    assert "Bewaar je oordeel" not in page
    page = text(assessor, at(begun(world, file)))
    assert "Kwam niet aan bod" in page
    sent(assessor, at(file), filled(answers_of(world, file)[:1]))
    page = text(assessor, at(file, "report"))
    assert "Portfolio: gezien\nWerkplekbezoek: gezien" in page
    page = sent(assessor, at(file, "report"), filled(answers_of(world, file), in_report=True))
    assert "Rapport van de assessoren" in page
    assert "Dit rust op: Mijn werk." in page
    assert "De examencommissie beslist over vrijstelling" in page
    assert world.facts(file.id).state is F.REPORT_ISSUED


def test_faults_are_told_at_their_field_and_nothing_typed_is_lost(world: World, assessor: FlaskClient) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    first, second, third = (each.hex for each in world.outcomes)
    data = {
        f"judgement_{first}": "yes", f"reason_{first}": "Mooi <werk>", f"met_{first}": ["authentic"], f"judgement_{second}": "partly", f"reason_{second}": "Half",
        "notes": "Later verder",
    }
    page = sent(assessor, at(file), data, status=422)
    assert "Dit klopt nog niet" in page
    assert "Mooi &lt;werk&gt;" in page
    assert "Later verder" in page
    assert "Ja kan alleen als het bewijs relevant, authentiek en actueel is." in page
    assert f'id="met_{first}-error"' in page
    assert f'id="part_{second}-error"' in page
    assert f'id="judgement_{third}-error"' in page
    assert page.count('class="academy-field__error"') == 3
    assert world.facts(file.id).state is F.ASSESSMENT_PLANNED


def test_a_report_that_is_not_whole_is_refused_at_its_fields(world: World, assessor: FlaskClient) -> None:
    file = world.file(F.SECOND_DONE)
    first, second, _third = (each.hex for each in world.outcomes)
    data = filled(answers_of(world, file), in_report=True) | {f"evidence_{first}": [], f"reason_{first}": "", f"evidence_{second}": ["zomaar"]}
    page = sent(assessor, at(file, "report"), data, status=422)
    assert f'id="evidence_{first}-error"' in page
    assert f'id="reason_{first}-error"' in page
    assert f'id="evidence_{second}-error"' in page
    assert world.facts(file.id).state is F.SECOND_DONE


def test_of_a_look_at_least_one_outcome_came_up(world: World, assessor: FlaskClient) -> None:
    file = begun(world, world.file(F.SECOND_PLANNED))
    page = sent(assessor, at(file), {f"judgement_{each.hex}": "" for each in world.outcomes}, status=422)
    assert f'id="judgement_{world.outcomes[0].hex}-error"' in page


def test_asking_for_more_says_for_which_outcome(world: World, assessor: FlaskClient) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    first = world.outcomes[0].hex
    assert "Schrijf bij minstens één leeruitkomst" in sent(assessor, at(file, "judge/more"), {f"missing_{first}": " "}, status=422)
    page = sent(assessor, at(file, "judge/more"), {f"missing_{first}": "Laat het ontwerp zien."})
    assert "vult aan en verstuurt opnieuw" in page
    assert "Sam de Vries" not in page
    assert world.facts(file.id).state is F.PORTFOLIO_INCOMPLETE
    assert assessor.get(at(file, "judge/more")).status_code == 303


@pytest.mark.parametrize("state", [F.ASSESSMENT_PLANNED, F.ASSESSED, F.SECOND_PLANNED, F.SECOND_DONE])
def test_who_became_the_employer_can_only_give_it_back_at_every_step(world: World, assessor: FlaskClient, state: FileState) -> None:
    file = begun(world, world.file(state))
    becomes_employer(world, file)
    page = text(assessor, at(file))
    assert "Geef terug" in page
    assert "Bewaar je oordeel" not in page
    assert "Sam de Vries" not in page
    assert "Mijn werk" not in page
    sent(assessor, at(file), filled(answers_of(world, file)))
    assert assessor.get(at(file, "report")).status_code == 303
    assert world.facts(file.id).state is state
    sent(assessor, at(file, "judge/back"))
    back = {F.ASSESSMENT_PLANNED: F.PORTFOLIO_SUBMITTED, F.SECOND_PLANNED: F.ASSESSED}
    assert world.facts(file.id).state is back.get(state, state)


def test_evidence_that_is_not_shared_any_more_is_not_shown(world: World, assessor: FlaskClient) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    world.run(unshare_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)
    page = text(assessor, at(file))
    assert "De cursist deelt het bewijs niet meer met jou" in page
    assert "Mijn werk" not in page


def test_a_colleague_takes_over_from_who_is_gone(world: World, other: FlaskClient) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    assert "Ik neem het over" not in text(other, at(file))
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.assessor.person_id))
    page = text(other, at(file))
    assert "Ik neem het over" in page
    assert "Sam de Vries" not in page
    assert "Bewaar je oordeel" in sent(other, at(file, "judge/take"))


def test_a_guide_sees_that_they_do_not_judge_and_others_see_no_page(app: Flask, world: World) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    assert "Je mag in deze aanvraag niet beoordelen" in text(signed_in(app, world, world.guide), at(file))
    for nobody in (world.learner, world.stranger, world.board, world.owner):
        text(signed_in(app, world, nobody), at(file), status=404)


def test_a_look_at_a_learner_is_on_record_once(world: World, assessor: FlaskClient, other: FlaskClient) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    for _twice in range(2):
        text(assessor, at(file))
    text(other, at(file))
    with world.database.reading() as session:
        looks = session.scalars(select(TrailEntry.actor_id).where(TrailEntry.act == "file-seen")).all()
    assert looks == [world.assessor.person_id]


def test_somebody_who_did_not_come_gets_a_new_day(world: World, assessor: FlaskClient) -> None:
    file = begun(world, world.file(F.SECOND_PLANNED))
    assert "De cursist kwam niet" in text(assessor, at(file))
    assert "De afspraak is afgezegd." in sent(assessor, at(file, "judge/call-off"))
    assert world.facts(file.id).state is F.ASSESSED


def test_the_learner_reads_the_report_and_the_board_once_it_is_asked(app: Flask, world: World, queries: Budget) -> None:
    file = world.file(F.REPORT_ISSUED)
    learner, board = signed_in(app, world, world.learner), signed_in(app, world, world.board)
    mine = f"/nl/my/recognition/{file.code}/report"
    with queries(13):
        page = text(learner, mine)
    assert "Rapport van de assessoren" in page
    assert "Deels" in page
    assert "de helft" in page
    assert "Mijn werk" in page
    text(board, at(file, "report"), status=404)
    for nobody in (world.stranger, world.owner, world.other_assessor):
        text(signed_in(app, world, nobody), at(file, "report"), status=404)
    text(signed_in(app, world, world.stranger), mine, status=404)
    asked = world.file(F.EXEMPTION_REQUESTED, of=world.stranger)
    text(board, at(asked, "report"))
    text(signed_in(app, world, world.guide), at(asked, "report"))
    text(learner, f"/nl/my/recognition/{world.file(F.SECOND_DONE, route=Route.LABOUR_MARKET).code}/report", status=404)


def looks_of(world: World, file: FileFacts) -> list[object]:
    with world.database.reading() as session:
        return list(session.scalars(select(TrailEntry.actor_id).where(TrailEntry.act == "file-seen", TrailEntry.about_id == file.id)))


def test_who_reads_a_report_is_on_record_once_and_its_learner_is_not(app: Flask, world: World) -> None:
    file = world.file(F.EXEMPTION_REQUESTED)
    board = signed_in(app, world, world.board)
    for _twice in range(2):
        text(board, at(file, "report"))
    text(signed_in(app, world, world.learner), f"/nl/my/recognition/{file.code}/report")
    assert looks_of(world, file) == [world.board.person_id]


@pytest.mark.parametrize("is_archived", [True, False])
def test_a_report_of_a_file_that_ended_without_a_decision_is_its_learners_alone(app: Flask, world: World, assessor: FlaskClient, is_archived: bool) -> None:
    file = world.file(F.EXEMPTION_REQUESTED)
    for ended in (F.ARCHIVED,) if is_archived else (F.WITHDRAWN, F.LAPSED):
        with world.database.writing() as session:
            row = session.get_one(RecognitionFile, file.id)
            row.state, row.lapsed_from = ended, F.REPORT_ISSUED if ended is F.LAPSED else None
        for nobody in (assessor, signed_in(app, world, world.guide), signed_in(app, world, world.board)):
            text(nobody, at(file, "report"), status=404)
        text(signed_in(app, world, world.learner), f"/nl/my/recognition/{file.code}/report")


def test_who_judged_and_became_the_employer_does_not_read_the_report(world: World, assessor: FlaskClient) -> None:
    file = world.file(F.REPORT_ISSUED)
    text(assessor, at(file, "report"))
    becomes_employer(world, file)
    text(assessor, at(file, "report"), status=404)


def test_on_the_labour_market_route_it_is_a_certificate_that_says_it_advises(app: Flask, world: World, assessor: FlaskClient) -> None:
    file = world.file(F.SECOND_DONE, route=Route.LABOUR_MARKET)
    page = sent(assessor, at(file, "report"), filled(answers_of(world, file, YES, YES, YES), in_report=True))
    assert "Ervaringscertificaat" in page
    page = text(signed_in(app, world, world.learner), f"/nl/my/recognition/{file.code}/report")
    assert "Het is een advies" in page
    assert "geeft geen vrijstelling" in page
    text(signed_in(app, world, world.board), at(file, "report"), status=404)


def test_pages_stay_within_their_statements(world: World, assessor: FlaskClient, queries: Budget) -> None:
    file = world.file(F.ASSESSMENT_PLANNED)
    text(assessor, at(file))
    with queries(22):
        text(assessor, at(file))
