"""The page of one's own file in each of its states: where it stands, whose turn it is, and what can be done."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.catalogue.models import LearningOutcome, Module
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.recognition.kinds import Advice, DecisionGround, FileState, Route
from academy.recognition.models import FileOutcome, RecognitionFile
from academy.recognition.service.booking import About, book_decision
from academy.recognition.service.guiding import advise
from tests.recognition.deciding_before import answers
from tests.recognition.pages_of_mine import page, sent, signed_in, text
from tests.recognition.world import NO, PARTLY, YES, World, make_world

F = FileState
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - pages read the real clock


@pytest.fixture
def learner(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world, world.learner)


def decided(world: World, state: FileState, **values: Any) -> str:
    file = world.file(F.EXEMPTION_REQUESTED)
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.FILE, file_id=file.id)
    with world.database.writing() as session:
        decision_id = book_decision(session, about, answers(world, (YES, PARTLY, NO)), signers={world.board.person_id}, now=world.now)
        session.execute(update(RecognitionFile).where(RecognitionFile.id == file.id).values(state=state, decision_id=decision_id, since=world.now, **values))
    return file.code


@pytest.mark.parametrize(("state", "words"), [
    (F.DRAFT, "Maak je aanvraag af"), (F.INTAKE_PLANNED, "Een begeleider leest je aanvraag"), (F.INTAKE_DONE, "Je begeleider tekent nog"),
    (F.PORTFOLIO_OPEN, "Maak je portfolio af"), (F.PORTFOLIO_SUBMITTED, "Een assessor bekijkt je portfolio"), (F.PORTFOLIO_INCOMPLETE, "De assessor vraagt om meer"),
    (F.ASSESSMENT_PLANNED, "Een assessor bekijkt je portfolio"), (F.ASSESSED, "Kies een dag voor het tweede deel"), (F.SECOND_PLANNED, "Je afspraak is op"),
    (F.SECOND_DONE, "De assessor schrijft het rapport"), (F.REPORT_ISSUED, "Je rapport is klaar"), (F.EXEMPTION_REQUESTED, "De examencommissie beslist"),
    (F.WITHDRAWN, "Je hebt deze aanvraag ingetrokken"), (F.LAPSED, "Deze aanvraag is verlopen"),
])
def test_a_file_says_what_is_to_be_done_in_every_state(learner: FlaskClient, world: World, state: FileState, words: str) -> None:
    file = world.file(state)
    assert words in text(learner, page(file.code))
    assert learner.get(page(file.code).replace("/nl/", "/en/")).status_code == 200


@pytest.mark.parametrize("state", [F.GRANTED, F.PARTIALLY_GRANTED, F.REFUSED, F.CONFIRMED, F.REVISED, F.APPEALED, F.ARCHIVED])
def test_a_decided_file_leads_to_its_decision(learner: FlaskClient, world: World, state: FileState) -> None:
    code = decided(world, state)
    html = learner.get(page(code)).get_data(as_text=True)
    assert f'href="{page(code, "decision")}"' in html
    assert ("Maak bezwaar" in html) == (state in {F.GRANTED, F.PARTIALLY_GRANTED, F.REFUSED, F.REVISED})
    assert ("Vraag later opnieuw aan wat overblijft" in html) == (state in {F.PARTIALLY_GRANTED, F.REFUSED, F.CONFIRMED, F.REVISED})


def test_until_when_somebody_acts_is_told_and_that_they_are_late(learner: FlaskClient, world: World) -> None:
    file = world.file(F.INTAKE_PLANNED)
    assert "Uiterlijk " in text(learner, page(file.code))
    with world.database.writing() as session:
        session.execute(update(RecognitionFile).values(since=world.now - timedelta(days=20)))
    assert "had er op" in text(learner, page(file.code))


def test_against_advice_one_reads_why_and_goes_on_by_signing(learner: FlaskClient, world: World) -> None:
    file = world.file(
        F.INTAKE_DONE, advice=Advice.AGAINST, advice_reason="Je werkt er pas kort.", advised_at=world.now + timedelta(seconds=1), guide_signed_at=world.now,
    )
    seen = text(learner, page(file.code))
    for words in ("Je begeleider raadt het af", "Je werkt er pas kort.", "Teken en ga toch verder", "Vraag nog een gesprek"):
        assert words in seen
    assert "Je hebt de afspraak getekend." in sent(learner, page(file.code, "sign"))
    assert "Een assessor bekijkt je portfolio" in text(learner, page(file.code))


def test_another_talk_is_asked_with_a_button(learner: FlaskClient, world: World) -> None:
    file = world.file(F.INTAKE_DONE, advice=Advice.AGAINST, advice_reason="Nee.", learner_signed_at=None)
    assert "neemt opnieuw contact" in sent(learner, page(file.code, "intake"))


def test_what_is_missing_stands_at_its_outcome(learner: FlaskClient, world: World) -> None:
    file = world.file(F.PORTFOLIO_INCOMPLETE)
    with world.database.writing() as session:
        session.execute(update(FileOutcome).where(FileOutcome.outcome_id == world.outcomes[1]).values(missing="Een foto van de kast."))
    assert "Een foto van de kast." in text(learner, page(file.code))
    assert "Een foto van de kast." in text(learner, page(file.code, "answers"))


def test_the_report_leads_to_the_board_on_one_route_and_to_a_certificate_on_the_other(learner: FlaskClient, world: World) -> None:
    certificate = world.file(F.REPORT_ISSUED, route=Route.LABOUR_MARKET)
    seen = text(learner, page(certificate.code))
    assert "Je ervaringscertificaat is klaar" in seen
    assert "Vraag vrijstelling" not in seen
    file = world.file(F.REPORT_ISSUED)
    assert "Gevraagd. De examencommissie beslist." in sent(learner, page(file.code, "exemption"))


def test_a_file_is_withdrawn_after_a_question(learner: FlaskClient, world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    assert "Trek je je aanvraag in?" in text(learner, page(file.code, "withdraw"))
    assert "Niemand ziet je bewijs meer." in sent(learner, page(file.code, "withdraw"))
    sent(learner, page(file.code, "withdraw"), status=409)


def test_a_lapse_is_contested_with_a_button(learner: FlaskClient, world: World) -> None:
    file = world.file(F.LAPSED)
    assert "Ga verder waar je was" in text(learner, page(file.code))
    assert "Je aanvraag gaat verder waar je was." in sent(learner, page(file.code, "contest"))


def test_an_appeal_asks_why_and_can_be_taken_back(learner: FlaskClient, world: World) -> None:
    code = decided(world, F.REFUSED)
    assert "Dit kan tot en met" in text(learner, page(code, "appeal"))
    assert "Schrijf waarom je het niet eens bent" in sent(learner, page(code, "appeal"), status=422)
    assert "De examencommissie bekijkt je bezwaar" in sent(learner, page(code, "appeal"), reason="Ik kan dit wel.")
    assert "Je bezwaar is ingetrokken." in sent(learner, page(code, "end-appeal"))


def test_old_and_new_words_stand_side_by_side_when_the_module_changed(learner: FlaskClient, world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    assert "De module is veranderd" not in text(learner, page(file.code))
    with world.database.writing() as session:
        session.execute(update(Module).values(version=2))
        session.execute(update(LearningOutcome).where(LearningOutcome.id == world.outcomes[0]).values(text=Localized("Je beheert netwerken.", "You manage.")))
    assert "De module is veranderd" in text(learner, page(file.code))
    seen = text(learner, page(file.code, "anew"))
    assert seen.index("Je richt een netwerk in.") < seen.index("Je beheert netwerken.")
    assert "Je antwoorden en je bewijs zijn meegekomen." in sent(learner, page(file.code, "anew"))
    with world.database.reading() as session:
        assert sorted(session.scalars(select(RecognitionFile.state))) == [F.DRAFT, F.WITHDRAWN]


def test_everything_that_was_said_of_one_stands_on_one_page(learner: FlaskClient, world: World, queries: Budget) -> None:
    file = world.file(F.REPORT_ISSUED, advice_reason="Doe maar.")
    with queries(22):
        seen = text(learner, page(file.code, "everything"))
    for words in ("Doe maar.", "Aad Assessor", "Criteriumgericht interview", "Het rapport", "gezien", "de helft", "Elke week."):
        assert words in seen


def test_the_history_names_who_did_it_and_in_which_part(learner: FlaskClient, world: World) -> None:
    file = world.file(F.INTAKE_PLANNED, learner_signed_at=None, stated_at=None, guide_id=world.guide.person_id)

    world.run(advise, actor=world.guide, provider_slug=world.slug, code=file.code, advice=Advice.FOR, reason="Goed idee.")
    seen = text(learner, page(file.code))
    assert "Gea Gids, begeleider" in seen
    assert "Goed idee." in seen


def test_my_files_stand_in_one_list(learner: FlaskClient, world: World, queries: Budget) -> None:
    assert "Je hebt nog geen aanvraag" in text(learner, "/nl/my/recognition")
    for route in Route:
        world.file(F.INTAKE_PLANNED, route=route)
    with queries(6):
        seen = text(learner, "/nl/my/recognition")
    assert "Onderwijsroute" in seen
    assert "Arbeidsmarktroute" in seen
    assert "Mijn erkenningen" in text(learner, "/nl/my")


def test_the_page_of_a_file_asks_no_more_when_there_is_more_in_it(learner: FlaskClient, world: World, queries: Budget) -> None:
    file = world.file(F.REPORT_ISSUED, evidence=[world.evidence(title=f"Foto {number}") for number in range(40)])
    with queries(19):
        text(learner, page(file.code))


@pytest.mark.parametrize("name", ["", "answers", "send", "withdraw", "appeal", "anew", "everything"])
def test_somebody_elses_file_is_not_there(app: Flask, world: World, name: str) -> None:
    file = world.file(F.PORTFOLIO_OPEN)
    for actor in (world.stranger, world.guide, world.board):
        text(signed_in(app, world, actor), page(file.code, name), status=404)
