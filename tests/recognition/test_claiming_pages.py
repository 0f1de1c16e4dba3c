"""The learner's pages of recognition, without a browser: the self-scan with its value meter, answers, sending, and what became of it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.catalogue.models import LearningOutcome
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.kinds import DecisionGround, FileState, Route
from academy.recognition.models import FileEvidence, FileOutcome, OutcomeTally, RecognitionFile, Terms
from academy.recognition.rules.patterns import wording_digest
from academy.recognition.service.booking import About, book_decision
from tests.recognition.deciding_before import answers
from tests.recognition.pages_of_mine import page, sent, signed_in, text
from tests.recognition.world import NO, WORDS, YES, World, make_world

F = FileState
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - pages read the real clock


@pytest.fixture
def learner(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world, world.learner)


def scan(world: World) -> str:
    return f"/nl/modules/{world.module.slug}/recognition"


def says(world: World, *judgements: str, **more: str) -> dict[str, Any]:
    """Return a form with these answers: yes, partly, no."""
    named = {f"say_{outcome_id.hex}": judgement for outcome_id, judgement in zip(world.outcomes, judgements, strict=False)}
    return named | {"hours": "10", "route": "education", "request_key": new_id().hex} | more


def examples(world: World) -> dict[str, Any]:
    return {f"example_{outcome_id.hex}": "Bij mijn vorige baan." for outcome_id in world.outcomes}


def the_file(world: World) -> RecognitionFile:
    with world.database.reading() as session:
        return session.scalars(select(RecognitionFile)).one()


def set_fee(world: World, cents: int) -> None:
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, signatures=1, fee=Money(cents), changed_at=world.now))


# The self-scan


def test_the_page_of_a_module_leads_to_the_self_scan(client: FlaskClient, world: World) -> None:
    html = client.get(f"/nl/modules/{world.module.slug}").get_data(as_text=True)
    assert f'href="{scan(world)}"' in html
    assert "Kun je dit al? Vraag erkenning aan" in html


def test_without_an_account_one_sees_what_each_outcome_would_save(client: FlaskClient, world: World) -> None:
    set_fee(world, 150_00)
    seen = text(client, scan(world))
    for words in (*WORDS, "1,7 EC", "1,6 EC", "1,1 maanden", "€ 165", "De beoordeling van alles samen kost € 150.", "5 EC · 3,2 maanden · € 495", "houd je € 345 over"):
        assert words in seen
    assert "Stap 1 van 5" in seen
    assert seen.count("er zijn nog te weinig besluiten") == 1


def test_the_chance_is_told_from_ten_people_on(client: FlaskClient, world: World) -> None:
    with world.database.writing() as session:
        session.add(OutcomeTally(outcome_id=world.outcomes[0], wording_digest=wording_digest(WORDS[0]), decided=10, granted=7))
        session.add(OutcomeTally(outcome_id=world.outcomes[1], wording_digest=wording_digest(WORDS[1]), decided=9, granted=9))
    seen = text(client, scan(world))
    assert "van de 10 mensen kregen er ongeveer 7 een ja" in seen
    assert seen.count("er zijn nog te weinig besluiten") == 2


def test_the_meter_counts_what_one_can_and_follows_the_hours(client: FlaskClient, world: World) -> None:
    seen = sent(client, scan(world), **says(world, "yes", "partly", "no", hours="20", act="count"))
    assert "Met wat je al kunt, bespaar je ongeveer 1,7 EC · 0,5 maanden · € 165" in seen
    assert "Eén leeruitkomst kun je deels" in seen
    assert "overal nee" in sent(client, scan(world), **says(world, "no", "no", "no", act="count"))


def test_what_was_answered_without_an_account_is_there_after_signing_in(app: Flask, client: FlaskClient, world: World) -> None:
    answer = client.post(scan(world), data=says(world, "yes", "partly", "no", hours="8", route="labour-market", act="keep"))
    assert answer.status_code == 303
    sign_in = answer.headers["Location"]
    assert "/sign-in?next=" in sign_in
    back = parse_qs(urlsplit(sign_in).query)["next"][0]
    html = signed_in(app, world, world.learner).get(back).get_data(as_text=True)
    checked = re.findall(r'<input[^>]*checked[^>]*name="say_([0-9a-f]+)"[^>]*value="(\w+)"', html)
    assert checked == [(each.hex, said) for each, said in zip(world.outcomes, ("yes", "partly", "no"), strict=True)]
    assert 'value="8"' in html
    assert len(back) < 500


def test_answers_in_an_address_of_another_version_are_not_answers(client: FlaskClient, world: World) -> None:
    html = client.get(f"{scan(world)}?a=yyy&v={world.module.version + 1}").get_data(as_text=True)
    assert not re.search(r'<input[^>]*checked[^>]*name="say_', html)


@pytest.mark.parametrize("asked", ["?a=yyyyyyyyyyyy&v=1", "?hours=0", "?hours=9999999999", "?hours=-3", "?hours=²", "?route=zomaar", "?v=x"])
def test_nonsense_in_an_address_is_left_out(client: FlaskClient, world: World, asked: str) -> None:
    assert "Kun je dit al?" in text(client, scan(world) + asked)


def test_a_wrong_number_of_hours_comes_back_with_a_sentence(client: FlaskClient, world: World) -> None:
    assert "Kies 1 tot 60 uur." in sent(client, scan(world), status=422, **says(world, "yes", hours="99", act="count"))


def test_the_meter_of_24_outcomes_takes_at_most_three_statements_besides_the_module(client: FlaskClient, world: World, queries: Budget) -> None:
    with world.database.writing() as session:
        session.add_all(
            LearningOutcome(id=new_id(), module_id=world.module.id, position=place, text=Localized(f"Uitkomst {place}.", f"Outcome {place}."))
            for place in range(4, 25)
        )
    with queries(4 + 3):
        assert "24." in text(client, scan(world))


def test_what_counts_already_is_not_asked_again(learner: FlaskClient, world: World) -> None:
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.EQUIVALENCE, ground_id=new_id())
    with world.database.writing() as session:
        book_decision(session, about, answers(world, (YES, NO, NO)), signers={world.board.person_id}, now=world.now)
    seen = text(learner, scan(world))
    assert f"Dit telt al voor je mee {WORDS[0]}" in seen
    assert f"1. {WORDS[1]}" in seen
    sent(learner, scan(world), **says(world, "yes", "yes", "yes", act="keep"))
    with world.database.reading() as session:
        assert set(session.scalars(select(FileOutcome.outcome_id))) == set(world.outcomes[1:])


# Keeping it, and the next screens


def test_who_is_signed_in_keeps_the_scan_and_goes_on_to_the_examples(learner: FlaskClient, world: World) -> None:
    seen = sent(learner, scan(world), **says(world, "yes", "partly", "no", act="keep"))
    assert "Stap 2 van 5" in seen
    file = the_file(world)
    assert (file.state, file.person_id, file.route) == (F.DRAFT, world.learner.person_id, Route.EDUCATION)
    assert "Dit is hem" in sent(learner, scan(world), **says(world, "yes", act="keep"))
    assert "Ga verder met je aanvraag: Onderwijsroute" in text(learner, scan(world))


def test_where_something_can_be_done_an_example_is_asked(learner: FlaskClient, world: World) -> None:
    file = world.file(F.DRAFT)
    data = says(world, "yes", "partly", "no")
    assert sent(learner, page(file.code, "answers"), status=422, **data).count("Schrijf kort wanneer je dit deed.") == 4  # at the field and in the summary
    assert "Kies ja, deels of nee." in sent(learner, page(file.code, "answers"), status=422, **examples(world))


def test_what_is_not_finished_is_kept_for_later(learner: FlaskClient, world: World) -> None:
    sent(learner, scan(world), **says(world, act="keep"))
    code = the_file(world).code
    data: dict[str, Any] = {f"say_{world.outcomes[0].hex}": "yes", f"example_{world.outcomes[1].hex}": "Ooit.", "act": "later"}
    assert "Je antwoorden zijn bewaard." in sent(learner, page(code, "answers"), **data)
    with world.database.reading() as session:
        rows = session.scalars(select(FileOutcome).order_by(FileOutcome.position)).all()
    assert [(row.self_judgement, row.self_example) for row in rows] == [("yes", ""), (None, "Ooit."), (None, "")]


def test_answers_lead_on_to_the_evidence(learner: FlaskClient, world: World) -> None:
    file = world.file(F.DRAFT)
    answer = learner.post(page(file.code, "answers"), data=says(world, "yes", "partly", "no") | examples(world) | {"employer": "Bakkerij Bol"})
    assert (answer.status_code, answer.headers["Location"]) == (303, page(file.code, "evidence"))
    assert 'value="Bakkerij Bol"' in learner.get(page(file.code, "answers")).get_data(as_text=True)


def test_who_can_do_nothing_yet_keeps_that_and_reads_why_it_is_not_sent(learner: FlaskClient, world: World) -> None:
    file = world.file(F.DRAFT)
    seen = sent(learner, page(file.code, "answers"), **says(world, "no", "no", "no"))
    assert "Je hebt overal nee gezegd" in seen
    assert "Je kunt dit niet versturen" in text(learner, page(file.code, "send"))


def test_a_file_is_sent_with_two_ticks(learner: FlaskClient, world: World) -> None:
    file = world.file(F.DRAFT)
    seen = text(learner, page(file.code, "send"))
    assert "Stap 5 van 5" in seen
    assert "De beoordeling kost niets." in seen
    assert "Vink aan dat je de afspraak tekent." in sent(learner, page(file.code, "send"), status=422, stated="y")
    assert "Een begeleider leest je aanvraag" in sent(learner, page(file.code, "send"), stated="y", agreed="y")
    assert the_file(world).state is F.INTAKE_PLANNED
    assert "Een begeleider leest je aanvraag" in sent(learner, page(file.code, "send"), stated="y", agreed="y")  # sent twice is sent once


def test_without_evidence_one_asks_for_a_guide_and_signs_nothing(learner: FlaskClient, world: World) -> None:
    file = world.file(F.DRAFT, evidence=[])
    assert "Er zit nog geen bewijs bij." in text(learner, page(file.code, "send"))
    sent(learner, page(file.code, "send"))
    row = the_file(world)
    assert (row.state, row.learner_signed_at, row.stated_at) == (F.INTAKE_PLANNED, None, None)


def test_a_portfolio_asks_for_the_statement_again_and_not_without_evidence(learner: FlaskClient, world: World) -> None:
    file = world.file(F.PORTFOLIO_INCOMPLETE)
    seen = text(learner, page(file.code, "send"))
    assert "Wat ik laat zien is van mij" in seen
    assert "Ik teken de afspraak" not in seen
    with world.database.writing() as session:
        for each in session.scalars(select(FileEvidence)):
            session.delete(each)
    assert "Er zit nog geen bewijs in je aanvraag." in text(learner, page(file.code, "send"))
