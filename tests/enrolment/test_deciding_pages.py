"""The pages on which people of a provider answer learners and decide about classes, without a browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.api import Role
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.enrolment.service import admitting
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.enrolment.desk import SLUG, Desk, open_desk

WORK = f"/nl/provider/{SLUG}"
INBOX = f"{WORK}/requests"


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    """Give a class that asks for mbo 4 and is decided about today, at the hour of the clock, which pages read."""
    app.config["WTF_CSRF_ENABLED"] = False
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    return open_desk(database, now, asks=catalogue.LevelReached("4"), min_seats=5, decides_on=amsterdam_day(now))


@pytest.fixture
def at_work(app: Flask, desk: Desk) -> Callable[[Actor], FlaskClient]:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with desk.database.writing() as session:
            row = accounts.start_sign_in(session, person_id=actor.person_id, device="", now=desk.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


@pytest.fixture
def planner(desk: Desk, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    return at_work(desk.planner)


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def test_an_empty_inbox_says_what_will_be_there(planner: FlaskClient) -> None:
    assert "Niemand wacht op jullie" in text(planner, INBOX)


def test_a_planner_sees_at_home_who_waits_is_led_there_and_admits(desk: Desk, planner: FlaskClient) -> None:
    code = desk.ask(desk.learner("Noor van Dijk"), statement="Ik werk al <tien> jaar.")
    home = text(planner, WORK)
    assert "1 aanvraag om toelating" in home
    assert f'href="{INBOX}"' in home
    page = text(planner, INBOX)
    assert "Noor van Dijk" in page
    assert "Ik werk al &lt;tien&gt; jaar." in page
    assert "een diploma op niveau 4 (mbo 4) of hoger" in page
    answer = planner.post(f"{INBOX}/{code}/admit", follow_redirects=True)
    assert "Toegelaten. De cursist is ingeschreven" in answer.get_data(as_text=True)
    assert desk.row(code).state is EnrolmentState.CONFIRMED
    assert planner.post(f"{INBOX}/{code}/admit").status_code == 409


def test_a_reason_must_be_given_and_the_form_stays_open_at_its_row(desk: Desk, planner: FlaskClient) -> None:
    code, other = desk.ask(desk.learner("Noor")), desk.ask(desk.learner("Ali"))
    answer = planner.post(f"{INBOX}/{code}/refuse", data={"reason": "  "})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count('<details class="academy-more" open>') == 1
    assert f'href="#{code}reason"' in page
    long = planner.post(f"{INBOX}/{code}/refuse", data={"reason": "Te lang. " * 300})
    assert long.status_code == 422
    assert "Te lang. Te lang." in long.get_data(as_text=True)
    assert "open" in text(planner, f"{INBOX}/{code}/refuse")  # the address of that answer, asked again
    assert planner.post(f"{INBOX}/{code}/refuse", data={"reason": "Volg eerst Netwerken 1."}).status_code == 303
    assert [desk.row(one).state for one in (code, other)] == [EnrolmentState.REFUSED, EnrolmentState.REQUESTED]


def test_what_is_paid_is_confirmed_and_what_comes_too_late_is_told(desk: Desk, planner: FlaskClient) -> None:
    desk.set_offering(price=Money(24500), seats=1, min_seats=0)
    first = desk.ask(desk.learner("Noor"))
    with desk.database.writing() as session:  # an organisation arranged the seat, and pays the provider itself
        session.execute(update(Enrolment).values(is_business=True))
    desk.do(admitting.admit, code=first)
    assert "1 plek die nog betaald moet worden" in text(planner, WORK)
    assert "Moet betalen" in text(planner, INBOX)
    with desk.database.writing() as session:
        session.execute(update(Enrolment).values(until=desk.now - timedelta(days=1)))
    second = desk.ask(desk.learner("Ali"))
    page = text(planner, INBOX)
    assert "Niet op tijd betaald" in page
    answer = planner.post(f"{INBOX}/{first}/paid", follow_redirects=True)
    assert "Betaal het geld terug" in answer.get_data(as_text=True)
    assert desk.row(second).state is EnrolmentState.REQUESTED


def test_an_exam_board_comes_to_the_inbox_and_nowhere_else(desk: Desk, at_work: Callable[[Actor], FlaskClient]) -> None:
    code = desk.ask(desk.learner("Noor"))
    board = at_work(desk.member(Role.EXAM_BOARD))
    page = text(board, INBOX)
    assert "Noor" in page
    assert f'href="{WORK}"' not in page
    assert f"{WORK}/offerings/" not in page
    text(board, WORK, status=404)
    assert board.post(f"{INBOX}/{code}/admit").status_code == 303


@pytest.mark.parametrize("what", ["admit", "refuse", "paid"])
def test_an_unknown_request_is_not_found(planner: FlaskClient, what: str) -> None:
    assert planner.post(f"{INBOX}/BESTAATNIET/{what}", data={"reason": "x"}).status_code == 404


def test_visitors_read_how_quickly_a_provider_answers(app: Flask, desk: Desk) -> None:
    desk.set_offering(seats=20)
    for code in desk.enrolled(10):
        assert "antwoordt meestal" not in text(app.test_client(), f"/nl/providers/{SLUG}")
        desk.do(admitting.admit, code=code)
    assert "Deze aanbieder antwoordt meestal binnen 1 werkdag." in text(app.test_client(), f"/nl/providers/{SLUG}")


def test_a_class_shows_how_many_are_where_and_who_may_yet_come(desk: Desk, planner: FlaskClient) -> None:
    for code in desk.enrolled(2):
        desk.do(admitting.admit, code=code)
    desk.ask(desk.learner("Noor van Dijk"))
    page = text(planner, f"{WORK}/offerings/{desk.code}")
    assert "3 van 10 plekken" in page
    assert "2 zeker · 1 wil toelating" in page
    assert "Noor van Dijk: wil toelating" in page


def test_too_few_people_is_a_task_with_choices_in_numbers(desk: Desk, planner: FlaskClient) -> None:
    desk.enrolled(2)
    at = f"{WORK}/offerings/{desk.code}"
    assert "Beslis of de groep doorgaat" in text(planner, WORK)
    page = text(planner, at)
    for words in ("2 mensen hebben een plek. Nodig: 5.", "Er zijn nog 3 inschrijvingen nodig.", "Samenvoegen kan niet", "2 mensen verliezen hun plek"):
        assert words in page
    assert "Er is geen groep om mee samen te voegen" in text(planner, f"{at}/merge")
    target = desk.another_class(seats=8, starts_on=amsterdam_day(desk.now) + timedelta(days=49))
    assert "daarna 2 van 8 plekken bezet" in text(planner, f"{at}/merge")
    assert planner.post(f"{at}/merge", data={"people": "2"}).status_code == 422
    assert planner.post(f"{at}/merge", data={"people": "9", "into": target}).status_code == 409
    done = planner.post(f"{at}/merge", data={"people": "2", "into": target}, follow_redirects=True)
    assert "2 mensen doen nu mee met deze groep" in done.get_data(as_text=True)
    assert (desk.taken(), desk.taken(target)) == (0, 2)
    text(planner, f"{at}/merge", status=409)


@pytest.mark.parametrize(("days", "weeks", "status"), [(0, 0, 422), (28, 0, 422), (28, 1, 303), (27, 0, 303), ("", 0, 422)])
def test_more_time_is_after_today_and_before_the_first_lesson(
    desk: Desk, planner: FlaskClient, days: int | str, weeks: int, status: int,
) -> None:
    day = str(amsterdam_day(desk.now) + timedelta(days=days)) if isinstance(days, int) else days
    answer = planner.post(f"{WORK}/offerings/{desk.code}/extend", data={"decides_on": day, "weeks_later": str(weeks)})
    assert answer.status_code == status
    if status == 422:
        assert 'id="decides_on-error"' in answer.get_data(as_text=True)
    assert (str(desk.offering().decides_on) == day) is (status == 303 or days == 0)


def test_these_pages_cost_a_fixed_number_of_questions(
    desk: Desk, planner: FlaskClient, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    desk.enrolled(4)
    desk.another_class(seats=8)
    text(planner, f"{WORK}/offerings/{desk.code}")  # the look is on record from here
    for budget, address in ((18, INBOX), (20, f"{WORK}/offerings/{desk.code}"), (16, f"{WORK}/offerings/{desk.code}/merge")):
        with queries(budget):
            text(planner, address)
    with desk.database.reading() as session:
        assert session.scalars(select(Enrolment.state)).all() == [EnrolmentState.REQUESTED] * 4
