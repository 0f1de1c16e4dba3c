"""The pages on which assessors offer time and learners choose from it, before their portfolio is sent or after."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from academy.kernel.clock import AMSTERDAM
from academy.kernel.db import Database
from academy.recognition.kinds import FileState
from academy.recognition.service import slots
from tests.recognition.assessing import sent, signed_in, text, world_today
from tests.recognition.slots import TEST, book, booked, offered, slot_now
from tests.recognition.world import SLUG, World

F = FileState
MINE = f"/nl/provider/{SLUG}/recognition/slots"
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    return world_today(app, database)


@pytest.fixture
def assessor(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world, world.assessor)


@pytest.fixture
def learner(app: Flask, world: World) -> FlaskClient:
    return signed_in(app, world, world.learner)


def next_week(world: World) -> str:
    return (world.now.astimezone(AMSTERDAM) + timedelta(days=7)).date().isoformat()


def form(world: World, **about: Any) -> dict[str, Any]:
    return {
        "kind": "interview", "on": next_week(world), "begins": "09:00", "minutes": "45", "ends": "12:00", "weeks": "1", "place": "", "where": "Lokaal 2.14", "capacity": "1",
    } | about


def test_an_assessor_offers_a_morning_of_interviews_and_takes_one_back(world: World, assessor: FlaskClient) -> None:
    assert "Je biedt nu niets aan" in text(assessor, MINE)
    page = sent(assessor, MINE, form(world))
    assert "Je biedt 4 nieuwe momenten aan." in page
    assert page.count("Lokaal 2.14") == 4
    for hours in ("09:00–09:45", "09:45–10:30", "10:30–11:15", "11:15–12:00"):
        assert hours in page
    page = sent(assessor, re.findall(r'action="(\S+/withdraw)"', page)[0])
    assert "Dit moment bied je niet meer aan." in page
    assert page.count("Lokaal 2.14") == 3


def test_hours_stay_the_same_hours_in_the_weeks_after(world: World, assessor: FlaskClient) -> None:
    page = sent(assessor, MINE, form(world, ends="", weeks="26", minutes="60"))
    assert page.count("09:00–10:00") >= 26


@pytest.mark.parametrize(("about", "at", "words"), [
    ({"begins": "half tien"}, "begins", "Dit is geen tijd"), ({"minutes": "5"}, "minutes", "van 10 tot en met 480"), ({"on": "2020-01-06"}, "on", "dat nog komt"),
    ({"ends": "09:30"}, "ends", "Daar past geen moment in"), ({"capacity": "4"}, "capacity", "alleen bij een toets"), ({"where": ""}, "where", "schrijf waar het is"),
    ({"begins": "23:30", "ends": ""}, "minutes", "op dezelfde dag"), ({"minutes": "10", "weeks": "26", "ends": "20:00"}, "weeks", "hooguit honderd"),
    ({"ends": "straks"}, "ends", "Dit is geen tijd"), ({"on": ""}, "on", "Kies een dag."),
])
def test_what_is_wrong_is_told_at_its_field(world: World, assessor: FlaskClient, about: dict[str, str], at: str, words: str) -> None:
    page = sent(assessor, MINE, form(world, **about), status=422)
    assert (f'id="{at}-error"' in page and words in page and "Lokaal 2.14" in page) or at == "where"


def test_only_who_assesses_there_has_this_page(app: Flask, world: World) -> None:
    for nobody in (world.board, world.owner, world.stranger):
        text(signed_in(app, world, nobody), MINE, status=404)


def test_a_learner_books_before_sending_rebooks_and_calls_off(world: World, learner: FlaskClient) -> None:
    file, first, second = world.file(F.DRAFT), offered(world), offered(world, world.other_assessor, kind=TEST, in_days=6, where="Toetszaal")
    address = f"/nl/my/recognition/{file.code}/slot"
    page = text(learner, address)
    assert "Aad Assessor" in page
    assert "Toetszaal" in page
    assert "Verder zonder afspraak" in page
    assert "Kies een moment." in sent(learner, address, status=422)
    page = sent(learner, address, {"slot": first.code})
    assert "Je afspraak staat vast." in page
    assert "Verder met je aanvraag" in page
    assert "Liever een ander moment?" in page
    page = sent(learner, address, {"slot": second.code})
    assert "Toetszaal" in page
    assert slot_now(world, first).taken == 0
    assert "Je afspraak is afgezegd." in sent(learner, f"{address}/call-off")
    assert booked(world, file) is None


def test_the_link_of_a_call_is_for_who_booked_it(world: World, learner: FlaskClient) -> None:
    file, slot = world.file(F.ASSESSED), offered(world, where="https://bellen.example/kamer", is_online=True)
    address = f"/nl/my/recognition/{file.code}/slot"
    page = text(learner, address)
    assert "online" in page
    assert "bellen.example" not in page
    assert "bellen.example" in sent(learner, address, {"slot": slot.code})


def test_who_is_a_moment_too_late_hears_it_and_chooses_another(world: World, learner: FlaskClient) -> None:
    file, slot, other = world.file(F.ASSESSED), offered(world), world.file(F.ASSESSED, of=world.stranger)
    offered(world, world.other_assessor)
    world.run(slots.book_slot, actor=world.stranger, code=other.code, slot_code=slot.code)
    page = sent(learner, f"/nl/my/recognition/{file.code}/slot", {"slot": slot.code}, status=422)
    assert "net door een ander gekozen" in page
    assert "Ans Assessor" in page


def test_pressing_twice_is_one_appointment(world: World, learner: FlaskClient) -> None:
    file, slot = world.file(F.ASSESSED), offered(world)
    for _twice in range(2):
        sent(learner, f"/nl/my/recognition/{file.code}/slot", {"slot": slot.code})
    assert slot_now(world, slot).taken == 1


def test_without_free_moments_it_says_so_and_that_one_can_go_on(world: World, learner: FlaskClient) -> None:
    page = text(learner, f"/nl/my/recognition/{world.file(F.DRAFT).code}/slot")
    assert "Er zijn nu geen vrije momenten" in page
    assert "De assessor plant een moment met je" in page
    closed = world.file(F.SECOND_DONE, route="labour-market")
    assert "kun je nu geen moment kiezen" in text(learner, f"/nl/my/recognition/{closed.code}/slot")


def test_an_appointment_goes_into_the_calendar_at_its_hour(app: Flask, world: World, learner: FlaskClient) -> None:
    file, slot = world.file(F.ASSESSED), offered(world, where="Lokaal 2.14")
    address = f"/nl/my/recognition/{file.code}/slot.ics"
    text(learner, address, status=409)
    book(world, file, slot)
    answer = learner.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    (event,) = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    starts = event.decoded("dtstart").astimezone(UTC).replace(second=0, microsecond=0)
    assert starts == slot.starts_at.replace(second=0, microsecond=0)
    assert isinstance(starts, datetime)
    assert "Lokaal 2.14" in str(event["location"])
    assert "Netwerkbeheer" in str(event["summary"])
    text(signed_in(app, world, world.stranger), address, status=404)


def test_pages_stay_within_their_statements(world: World, assessor: FlaskClient, learner: FlaskClient, queries: Budget) -> None:
    file = world.file(F.ASSESSED)
    for number in range(12):
        offered(world, in_days=1 + number)
    book(world, file, offered(world, in_days=20))
    with queries(11):
        text(assessor, MINE)
    with queries(14):
        text(learner, f"/nl/my/recognition/{file.code}/slot")
