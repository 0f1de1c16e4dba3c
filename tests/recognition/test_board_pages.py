"""The desk of an exam board in its pages: what waits by clock, one file on one screen, and the decision that can be printed."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, Role
from academy.accounts.models import TrailEntry
from academy.kernel.db import Database
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import EvidenceKind, FileState, Who
from academy.recognition.models import Decision, RecognitionFile
from academy.recognition.queries import board as board_queries
from academy.recognition.queries import board_file
from academy.recognition.service.history import move, step_of
from tests.recognition import board_desk as desk
from tests.recognition.board_desk import ALL_NO, ALL_YES, ASKED, MIXED
from tests.recognition.world import SLUG, World, make_world

INBOX = f"/nl/provider/{SLUG}/exam-board"
Budget = Callable[[int], AbstractContextManager[list[str]]]
Visit = Callable[[Actor], FlaskClient]


@pytest.fixture
def here(app: Flask, database: Database) -> World:
    """Return the world at this moment: pages read the real clock."""
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251


@pytest.fixture
def visit(app: Flask, here: World) -> Visit:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with here.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=here.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    page = unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == status, page[:2000]
    return page


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1].split("</main>", 1)[0]).split())


def sent(page: str, *, form: str) -> dict[str, Any]:
    """Return what the form with this in it sends that nobody touched."""
    whole = next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if form in each)
    values = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', whole))
    values.update(re.findall(r'<input[^>]*checked[^>]*name="([^"]+)"[^>]*value="([^"]*)"', whole))
    values |= {name: value.strip() for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', whole, re.DOTALL)}
    values.update(re.findall(r'<input[^>]*name="(part_\d+)"[^>]*type="text" value="([^"]*)"', whole))
    return values


def asked_before(world: World, file: FileFacts, **ago: float) -> None:
    """Let a file wait for the board since so long."""
    with world.database.writing() as session:
        session.execute(update(RecognitionFile).where(RecognitionFile.id == file.id).values(since=world.now - timedelta(**ago)))


def test_an_empty_desk_says_what_will_come(here: World, visit: Visit) -> None:
    assert "Er wacht niets op jullie" in text(visit(here.board), INBOX)


def test_a_desk_is_for_members_of_the_board(here: World, visit: Visit) -> None:
    for outsider in (here.owner, here.assessor, here.stranger, here.learner):
        text(visit(outsider), INBOX, status=404)


def test_what_waits_stands_by_clock_with_repeats_first_and_late_in_words(here: World, visit: Visit) -> None:
    diploma = here.diploma()
    desk.decide(here, here.file(ASKED, evidence=[diploma]), ALL_YES)
    slow, late, repeat = (here.file(ASKED, of=here.person(f"Mens {number}"), evidence=shown) for number, shown in enumerate((None, None, [diploma])))
    asked_before(here, slow, days=1)
    asked_before(here, late, days=40)
    page = words(text(visit(here.board), INBOX))
    assert page.index(late.code) < page.index(repeat.code) < page.index(slow.code)
    assert "1 is te laat." in page
    assert "te laat: kon tot en met" in page
    assert page.count("Eerder al zo besloten") == 1


def test_the_desk_comes_a_page_at_a_time_in_ten_statements(here: World, visit: Visit, queries: Budget) -> None:
    files = [here.file(ASKED, of=here.person(f"Mens {number}")) for number in range(board_queries.PAGE_SIZE + 1)]
    client = visit(here.board)
    with queries(10):
        first = text(client, INBOX)
    second = text(client, f"{INBOX}?page=2")
    assert sum(each.code in first for each in files) == board_queries.PAGE_SIZE
    assert sum(each.code in second for each in files) == 1
    assert "21 aanvragen wachten op een besluit" in first


def test_one_screen_has_it_all_and_starts_with_what_the_report_says(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    page = text(visit(here.board), f"{INBOX}/{file.code}")
    said = words(page)
    for part in ("Je beveiligt een netwerk.", "De assessoren: Deels (de helft).", "Mijn werk", "Sam de Vries", "Dit levert 1,7 EC op.", "Criteriumgericht interview: Aad Assessor"):
        assert part in said, part
    form = sent(page, form="Besluit en teken")
    assert [form[f"judgement_{number}"] for number in (1, 2, 3)] == ["yes", "partly", "no"]
    assert (form["part_2"], form["reason_3"]) == ("de helft", "gezien")


def test_what_is_decided_is_what_was_sent_and_the_next_file_comes(here: World, visit: Visit) -> None:
    file, other = here.file(ASKED), here.file(ASKED, of=here.person("Mens"))
    asked_before(here, file, hours=2)
    client = visit(here.board)
    form = sent(text(client, f"{INBOX}/{file.code}"), form="Besluit en teken")
    answer = client.post(f"{INBOX}/{file.code}/decide", data={**form, "judgement_1": "no", "template_1": "too-old", "reason_1": "Het is uit 2001."})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(other.code)
    assert "Dit is de volgende aanvraag." in text(client, answer.headers["Location"])
    found = desk.decision(here, file)
    assert found.answers[0].reason == "Het bewijs is te oud: het laat niet zien wat je nu kunt. Het is uit 2001."
    assert (found.answers[1].part, found.answers[1].reason, found.answers[2].reason) == ("de helft", "gezien", "gezien")


def test_what_is_missing_is_told_at_its_field_and_nothing_is_decided(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    client = visit(here.board)
    seen = sent(text(client, f"{INBOX}/{file.code}"), form="Besluit en teken")["seen"]
    answer = client.post(f"{INBOX}/{file.code}/decide", data={"seen": seen, "judgement_1": "partly", "judgement_2": "no"})
    page = words(unescape(answer.get_data(as_text=True)))
    assert answer.status_code == 422
    for sentence in ("Schrijf welk deel wel.", "Kies een reden, of schrijf er een.", "Antwoord op leeruitkomst 3: Kies ja, deels of nee."):
        assert sentence in page, sentence
    assert here.facts(file.id).state is ASKED


def test_the_credits_of_other_answers_are_shown_before_anything_is_decided(here: World, visit: Visit) -> None:
    desk.two_sign(here, signatures=1, most_ec=Decimal(4))
    file = here.file(ASKED)
    answer = visit(here.board).post(f"{INBOX}/{file.code}/worth", data={f"judgement_{number}": "yes" for number in (1, 2, 3)})
    page = words(unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " "))
    assert "Dit levert 5 EC op. Daarvan telt 4 EC mee: 1 EC is boven het maximum van 4 EC." in page
    assert here.facts(file.id).state is ASKED


def test_a_repeat_takes_one_click_and_names_its_parents(here: World, visit: Visit) -> None:
    diploma = here.diploma()
    first = here.file(ASKED, evidence=[diploma])
    desk.decide(here, first, MIXED)
    number = desk.decision(here, first).decision.number
    file = here.file(ASKED, of=here.person("Mens"), evidence=[diploma], judgements=MIXED)
    client = visit(here.board)
    page = text(client, f"{INBOX}/{file.code}")
    assert "Al 1 keer zo besloten: deels (het tweede deel)" in words(page)
    assert f"{INBOX}/decisions/{number}" in page
    answer = client.post(f"{INBOX}/{file.code}/decide", data=sent(page, form="Zoals eerder besloten"))
    assert answer.status_code == 303
    with here.database.reading() as session:
        made = session.scalars(select(Decision).where(Decision.file_id == file.id)).one()
        assert [bytes.fromhex(each) for each in made.parents] == [desk.decision(here, first).decision.id.bytes]
    assert here.facts(file.id).state is FileState.PARTIALLY_GRANTED


def test_what_was_decided_in_two_ways_before_is_shown_and_not_proposed(here: World, visit: Visit) -> None:
    diploma = here.diploma()
    for number, judgements in enumerate((ALL_YES, ALL_YES, ALL_NO)):
        desk.decide(here, here.file(ASKED, of=here.person(f"Mens {number}"), evidence=[diploma]), judgements)
    page = words(text(visit(here.board), f"{INBOX}/{here.file(ASKED, evidence=[diploma]).code}"))
    assert "2 keer: ja" in page
    assert "1 keer: nee" in page
    assert "Zoals eerder besloten" not in page.replace("z voor zoals eerder besloten", "")


def test_a_screen_with_two_hundred_pieces_of_evidence_takes_twelve_statements(here: World, visit: Visit, queries: Budget) -> None:
    pieces = [here.diploma(str(number)) for number in range(100)] + [here.evidence(EvidenceKind.LINK) for _number in range(100)]
    desk.decide(here, here.file(ASKED, of=here.person("Mens"), evidence=pieces), ALL_YES)
    file = here.file(ASKED, evidence=pieces)
    client = visit(here.board)
    assert "Nog 196 bewijzen" in text(client, f"{INBOX}/{file.code}")  # the look is on record after this
    with queries(11), here.database.reading() as session:
        found = board_file.board_file(session, here.board, SLUG, file.code, now=here.now)
    assert [len(each.evidence) for each in found.questions] == [200, 200, 200]
    assert found.is_repeat
    with queries(12):  # with who reads, and whether this look is on record
        text(client, f"{INBOX}/{file.code}")


def test_the_learner_can_read_that_the_board_looked_once_an_hour(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    client = visit(here.board)
    for _time in range(3):
        text(client, f"{INBOX}/{file.code}")
    with here.database.reading() as session:
        looks = session.scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.act == "evidence-seen", TrailEntry.person_id == here.learner.person_id))
    assert looks == 1


def test_four_eyes_the_second_reads_the_draft_and_signs_it_or_takes_it_away(here: World, visit: Visit) -> None:
    desk.two_sign(here)
    file = here.file(ASKED)
    first, second, at = visit(here.board), visit(here.other_of_board), f"{INBOX}/{file.code}"
    answer = first.post(f"{at}/decide", data=sent(text(first, at), form="Besluit en teken"))
    assert "wacht op een tweede handtekening" in text(first, answer.headers["Location"])
    assert "Door jou getekend, wacht op een collega" in text(first, INBOX)
    assert "Teken precies dit besluit" not in text(first, at)
    assert "Wacht op jouw handtekening" in text(second, INBOX)
    page = text(second, at)
    assert "Concept van Bea Bestuur" in page
    assert second.post(f"{at}/drop", data=sent(page, form="Haal het concept weg")).status_code == 303
    first.post(f"{at}/decide", data=sent(text(first, at), form="Besluit en teken"))
    assert second.post(f"{at}/sign", data=sent(text(second, at), form="Teken precies dit besluit")).status_code == 303
    assert here.facts(file.id).state is FileState.PARTIALLY_GRANTED


def test_an_appeal_is_confirmed_or_revised_by_another_on_one_screen(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    desk.decide(here, file, ALL_NO)
    here.run(move, file_id=file.id, step=step_of(FileState.APPEALED, Who.LEARNER, here.learner), why="Kijk nog eens.")
    signer, other, at = visit(here.board), visit(here.other_of_board), f"{INBOX}/{file.code}"
    page = words(text(signer, at))
    assert "Een ander lid van de examencommissie beslist over het bezwaar." in page
    assert "Herzie en teken" not in page
    assert "Een ander lid beslist: jij was hierbij betrokken" in text(signer, INBOX)
    page = text(other, at)
    assert "Kijk nog eens." in page
    assert other.post(f"{at}/confirm", data=sent(page, form="Bevestig het besluit")).status_code == 422
    form = sent(page, form="Herzie en teken") | {f"judgement_{number}": "yes" for number in (1, 2, 3)} | {"why": "Toch wel."}
    assert other.post(f"{at}/revise", data=form).status_code == 303
    assert (desk.decision(here, file).why, here.facts(file.id).state) == ("Toch wel.", FileState.REVISED)


def test_who_judged_is_refused_with_the_sentence(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    with here.database.writing() as session:
        accounts_service.add_membership(session, person_id=here.assessor.person_id, organisation_id=here.provider_id, role=Role.EXAM_BOARD)
    assert "Wie begeleidde of beoordeelde, beslist niet mee." in text(visit(here.assessor), f"{INBOX}/{file.code}", status=409)


def test_a_decision_that_changed_meanwhile_is_refused_with_what_to_do(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    first, second, at = visit(here.board), visit(here.other_of_board), f"{INBOX}/{file.code}"
    form = sent(text(second, at), form="Besluit en teken")
    first.post(f"{at}/decide", data=sent(text(first, at), form="Besluit en teken"))
    answer = second.post(f"{at}/decide", data=form)
    assert answer.status_code == 409
    assert "Er is niets besloten." in answer.get_data(as_text=True)


def test_a_learner_reads_and_prints_the_decision_with_how_to_appeal(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    desk.decide(here, file)
    found = desk.decision(here, file).decision
    client = visit(here.learner)
    for address in (f"/nl/my/recognition/{file.code}/decision", f"/nl/my/recognition/decisions/{found.number}"):
        page = words(text(client, address))
        for part in (found.number, found.digest, "Bea Bestuur", "Dat zagen we niet.", "College van beroep voor de examens", "7.60", "binnen zes weken", "Maak bezwaar"):
            assert part in page, part
        text(visit(here.stranger), address, status=404)


def test_a_board_reads_a_decision_without_the_name_of_the_learner(here: World, visit: Visit) -> None:
    file = here.file(ASKED)
    desk.decide(here, file)
    number = desk.decision(here, file).decision.number
    page = text(visit(here.other_of_board), f"{INBOX}/decisions/{number}")
    assert "Sam de Vries" not in page
    text(visit(here.owner), f"{INBOX}/decisions/{number}", status=404)
    desk.revise(here, file, ALL_YES)
    assert "Dit besluit geldt niet meer" in text(visit(here.learner), f"/nl/my/recognition/decisions/{number}")
