"""Waiting, enrolling others and keeping seats apart, as people meet it in a browser."""

import csv
import html
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import service as accounts
from academy.accounts.api import OrganisationKind, Role
from academy.accounts.models import Organisation
from academy.accounts.queries import Actor
from academy.catalogue.models import Provider
from academy.enrolment import links, queries, service
from academy.enrolment.kinds import EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, NewsWish, SeatCode, SeatPool
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests import builders
from tests.accounts.firm import started
from tests.enrolment.vat import decide_vat


class Someone:
    """Somebody with a browser; signed in, unless they are a stranger."""

    def __init__(self, app: Flask, database: Database, *, email: str | None = None) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.client: FlaskClient = app.test_client()
        self.database = database
        if email is None:
            return
        with database.writing() as session:
            self.actor: Actor = builders.actor(session, utc_now(), email=email)
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = self.actor.sign_in_id.hex

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return words(answer)

    def state(self) -> EnrolmentState:
        with self.database.reading() as session:
            return session.scalars(select(Enrolment.state).where(Enrolment.person_id == self.actor.person_id)).one()

    def token(self) -> str:
        with self.database.reading() as session:
            return links.waiting_token_for(session.scalars(select(Enrolment.id).where(Enrolment.person_id == self.actor.person_id)).one())


def words(answer: Any) -> str:
    """Return what a reader reads between header and footer, on one line."""
    page = answer.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page[page.index("<main") : page.index("<footer")])).split())


@pytest.fixture
def sam(app: Flask, database: Database) -> Someone:
    return Someone(app, database, email="sam@voorbeeld.nl")


@pytest.fixture
def noor(app: Flask, database: Database) -> Someone:
    return Someone(app, database, email="noor@voorbeeld.nl")


def _class(database: Database, *, seats: int = 1, price: int = 0) -> str:
    with database.writing() as session:
        code = builders.offering(session, utc_now(), seats=seats, price=price)
        decide_vat(session, utc_now())
        return code


def _enrol(database: Database, someone: Someone, code: str) -> str:
    with database.writing() as session:
        return builders.enrol(session, actor=someone.actor, offering_code=code, now=utc_now())


def _cancel(database: Database, someone: Someone, mine: str) -> None:
    with database.writing() as session:
        service.cancel(session, actor=someone.actor, code=mine, now=utc_now())


def _join(someone: Someone, code: str, **form: Any) -> Any:
    return someone.client.post(f"/nl/offerings/{code}/waiting-list", data={"request_key": new_id().hex, **form})


# Waiting


def test_one_sheet_puts_me_in_line_and_says_which_place_i_have(database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database)
    _enrol(database, sam, code)
    sheet = noor.client.get(f"/nl/offerings/{code}/waiting-list").get_data(as_text=True)
    assert "Er wacht nog niemand." in sheet
    assert re.findall(r'checked[^>]* value="([a-z-]+)"', sheet) == ["tue-evening"]  # when the class meets
    answer = _join(noor, code, when_can_you=["tue-evening", "sat-morning"], most_price="250")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/nl/offerings/{code}/waiting-list")
    assert "Je staat op plaats 1." in noor.get(f"/nl/offerings/{code}/waiting-list")
    with database.reading() as session:
        row = session.scalars(select(Enrolment).where(Enrolment.state == EnrolmentState.WAITING)).one()
    assert (row.when_can_you, row.most_price) == (["sat-morning", "tue-evening"], Money(25000))


def test_a_price_that_is_none_comes_back_at_its_field_with_what_was_ticked(database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database)
    _enrol(database, sam, code)
    answer = _join(noor, code, when_can_you=["sat-morning"], most_price="veel")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="most_price-error"' in page
    assert re.findall(r'checked[^>]* value="([a-z-]+)"', page) == ["sat-morning"]
    assert _join(noor, code, when_can_you=["someday"]).status_code == 422


def test_the_page_says_that_there_is_room_and_the_server_keeps_to_it(database: Database, noor: Someone) -> None:
    code = _class(database)
    assert "Er is nog plek." in noor.get(f"/nl/offerings/{code}/waiting-list")
    assert _join(noor, code).status_code == 409


def test_an_offer_is_shown_with_its_end_and_is_let_go_with_one_click(database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database)
    mine = _enrol(database, sam, code)
    _join(noor, code)
    _cancel(database, sam, mine)
    page = noor.get(f"/nl/offerings/{code}/waiting-list")
    assert "Ja, ik neem de plek" in page
    assert "Nee, geef de plek door" in page
    with database.reading() as session:
        hers = queries.live_enrolments(session, noor.actor.person_id, [session.scalars(select(Enrolment.offering_id).distinct()).one()])
    (its_code,) = hers.values()
    assert noor.client.post(f"/nl/my/enrolments/{its_code}/leave-line").status_code == 303
    assert noor.state() is EnrolmentState.CANCELLED
    assert noor.client.post(f"/nl/my/enrolments/{its_code}/leave-line").status_code == 409
    assert sam.client.post(f"/nl/my/enrolments/{its_code}/leave-line").status_code == 404


def test_who_has_a_seat_is_sent_to_it(database: Database, sam: Someone) -> None:
    code = _class(database)
    mine = _enrol(database, sam, code)
    answer = sam.client.get(f"/nl/offerings/{code}/waiting-list")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/nl/my/enrolments/{mine}")


def test_the_link_in_a_letter_asks_once_and_leaves_at_the_button_without_signing_in(
    app: Flask, database: Database, sam: Someone, noor: Someone,
) -> None:
    code = _class(database)
    _enrol(database, sam, code)
    _join(noor, code)
    stranger, token = Someone(app, database), noor.token()
    for _fetch in range(2):  # mail programs fetch links
        assert "Wil je van de wachtlijst af?" in stranger.get(f"/nl/waiting-list/leave/{token}")
    assert noor.state() is EnrolmentState.WAITING
    answer = stranger.client.post(f"/nl/waiting-list/leave/{token}")
    assert answer.status_code == 200
    assert noor.state() is EnrolmentState.CANCELLED
    for again in (stranger.client.get, stranger.client.post):
        assert again(f"/nl/waiting-list/leave/{token}").status_code == 409


@pytest.mark.parametrize("end", ["x", ""])
def test_a_link_that_was_tampered_with_opens_nothing(app: Flask, database: Database, sam: Someone, noor: Someone, end: str) -> None:
    code = _class(database)
    _enrol(database, sam, code)
    _join(noor, code)
    token = noor.token()[: None if end else -1] + end
    assert Someone(app, database).client.post(f"/nl/waiting-list/leave/{token}").status_code == 404
    assert noor.state() is EnrolmentState.WAITING


def test_the_link_in_a_letter_ends_no_seat_that_is_sure(app: Flask, database: Database, sam: Someone) -> None:
    _enrol(database, sam, _class(database))
    assert Someone(app, database).client.post(f"/nl/waiting-list/leave/{sam.token()}").status_code == 409
    assert sam.state() is EnrolmentState.CONFIRMED


# News


def test_news_is_asked_with_one_click_and_undone_with_one(database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database)
    assert "Er is nu plek" in noor.get("/nl/modules/netwerkbeheer/news")
    assert noor.client.post("/nl/modules/netwerkbeheer/news").status_code == 409
    _enrol(database, sam, code)
    assert "Ja, stuur me een e-mail" in noor.get("/nl/modules/netwerkbeheer/news")
    assert noor.client.post("/nl/modules/netwerkbeheer/news").status_code == 303
    assert "Stuur toch geen bericht" in noor.get("/nl/modules/netwerkbeheer/news")
    assert noor.client.post("/nl/modules/netwerkbeheer/news/stop").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(NewsWish)).all() == []


# Together


def _rows(*people: tuple[str, str]) -> dict[str, str]:
    return {f"people-{number}-{field}": value for number, (name, email) in enumerate(people) for field, value in (("name", name), ("email", email))}


def test_rows_are_added_without_javascript_and_keep_what_was_typed(database: Database, sam: Someone) -> None:
    code = _class(database, seats=30)
    first = sam.client.get(f"/nl/offerings/{code}/enrol/group").get_data(as_text=True)
    assert 'value="sam@voorbeeld.nl"' in first
    more = sam.client.post(f"/nl/offerings/{code}/enrol/group", data=_rows(("Noor", "noor@"), ("", ""), ("", "")) | {"act": "more"})
    page = more.get_data(as_text=True)
    assert more.status_code == 200
    assert 'value="noor@"' in page
    assert page.count('type="email"') == 4
    full = sam.client.post(f"/nl/offerings/{code}/enrol/group", data=_rows(*[("", "")] * 20) | {"act": "more"}).get_data(as_text=True)
    assert full.count('type="email"') == 20
    assert "Nog een persoon" not in full


def test_a_group_is_enrolled_and_empty_rows_do_not_count(database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database, seats=3)
    answer = sam.client.post(
        f"/nl/offerings/{code}/enrol/group", data=_rows(("Sam", "SAM@voorbeeld.nl"), ("", ""), ("Noor", "noor@voorbeeld.nl")),
    )
    assert answer.status_code == 303
    assert (sam.state(), noor.state()) == (EnrolmentState.CONFIRMED, EnrolmentState.CONFIRMED)


@pytest.mark.parametrize(("people", "where"), [
    ([], "people-0-name"),
    ([("Noor", "noor")], "people-0-email"),
    ([("", "noor@voorbeeld.nl")], "people-0-name"),
    ([("Win op www.prijs.example", "noor@voorbeeld.nl")], "people-0-name"),
    ([("Noor", "noor@voorbeeld.nl"), ("Noortje", "NOOR@voorbeeld.nl")], "people-1-email"),
    ([("N" * 121, "noor@voorbeeld.nl")], "people-0-name"),
])
def test_what_is_wrong_with_a_group_is_told_at_its_row(
    database: Database, sam: Someone, people: list[tuple[str, str]], where: str,
) -> None:
    answer = sam.client.post(f"/nl/offerings/{_class(database)}/enrol/group", data=_rows(*people))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{where}-error"' in page
    assert f'href="#{where}"' in page
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).all() == []


def test_the_button_of_a_priced_group_says_that_it_is_a_promise_to_pay(database: Database, sam: Someone) -> None:
    page = sam.get(f"/nl/offerings/{_class(database, price=24500)}/enrol/group")
    assert "Inschrijven met betaalverplichting" in page
    assert "Je betaalt bij de aanbieder, per persoon" in page


def test_a_seat_is_passed_on_and_not_to_oneself(database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database)
    mine = _enrol(database, sam, code)
    path = f"/nl/my/enrolments/{mine}/substitute"
    assert "Wie komt er in jouw plaats?" in sam.get(path)
    assert noor.client.get(path).status_code == 404
    assert sam.client.post(path, data={"name": "Sam", "email": "sam@voorbeeld.nl"}).status_code == 422
    assert sam.client.post(path, data={"name": "Noor", "email": "noor@voorbeeld.nl"}).status_code == 303
    assert (sam.state(), noor.state()) == (EnrolmentState.CANCELLED, EnrolmentState.CONFIRMED)
    assert sam.client.get(path).status_code == 409


# Seats kept apart


@pytest.fixture
def planned(database: Database, sam: Someone) -> str:
    code = _class(database, seats=10)
    with database.writing() as session:
        provider_id = session.scalars(select(Provider.id)).one()
        accounts.add_membership(session, person_id=sam.actor.person_id, organisation_id=provider_id, role=Role.PLANNER)
    return f"/nl/provider/windesheim/offerings/{code}/seats"


def _keep(sam: Someone, planned: str, **changes: str) -> Any:
    until = (amsterdam_day(utc_now()) + timedelta(days=7)).isoformat()
    return sam.client.post(planned, data={"name": "Gemeente Almere", "number": "4", "until": until} | changes)


def test_a_planner_keeps_seats_apart_and_gives_some_back(database: Database, sam: Someone, planned: str) -> None:
    assert "10 plekken zijn nog vrij voor iedereen." in sam.get(planned)
    assert _keep(sam, planned).status_code == 303
    assert "Gemeente Almere 4 0" in sam.get(planned)
    with database.reading() as session:
        pool = session.scalars(select(SeatPool.id).where(SeatPool.name != "")).one().hex
    assert sam.client.post(f"{planned}/{pool}/move", data={"number": "1", "act": "back"}).status_code == 303
    assert "Gemeente Almere 3 0" in sam.get(planned)
    assert sam.client.post(f"{planned}/{pool}/move", data={"number": "9", "act": "back"}).status_code == 409
    assert sam.client.post(f"{planned}/{pool}/move", data={"number": "x", "act": "more"}).status_code == 422


def test_a_page_with_seats_of_several_sponsors_asks_no_more(
    database: Database, sam: Someone, planned: str, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    for number in range(3):
        with database.writing() as session:
            session.add(Organisation(id=new_id(), slug=f"firma-{number}", name=f"Firma {number}", kind=OrganisationKind.EMPLOYER, kvk_number=f"1234567{number}"))
        assert _keep(sam, planned, name=f"Groep {number}", number="1", kvk_number=f"1234567{number}").status_code == 303
    with queries(9):
        page = sam.get(planned)
    assert all(f"betaald door Firma {number}" in page for number in range(3))


def test_seats_of_a_sponsor_stand_in_its_name(database: Database, sam: Someone, planned: str) -> None:
    firm = started(database, utc_now())
    unknown = _keep(sam, planned, kvk_number="87654321")
    assert unknown.status_code == 422
    assert 'id="kvk_number-error"' in unknown.get_data(as_text=True)
    with database.reading() as session:
        sponsor = session.scalars(select(Organisation).where(Organisation.slug == firm.slug)).one()
        assert sponsor.kvk_number
    typed = f"{sponsor.kvk_number[:4]} {sponsor.kvk_number[4:]}"
    assert _keep(sam, planned, name="Monteurs", kvk_number=typed).status_code == 303
    assert f"Monteurs betaald door {sponsor.name} 4 0" in sam.get(planned)
    with database.reading() as session:
        pool = session.scalars(select(SeatPool).where(SeatPool.name == "Monteurs")).one()
        assert (pool.kind, pool.sponsor_id) == (PoolKind.SPONSOR, sponsor.id)


@pytest.mark.parametrize(("changes", "where"), [
    ({"name": ""}, "name"), ({"number": "0"}, "number"), ({"number": "-1"}, "number"), ({"number": "1,5"}, "number"), ({"number": "11"}, "number"),
    ({"until": "2020-01-01"}, "until"), ({"until": "2099-01-01"}, "until"), ({"until": ""}, "until"),
])
def test_what_is_wrong_with_keeping_apart_is_told_at_its_field(sam: Someone, planned: str, changes: dict[str, str], where: str) -> None:
    answer = _keep(sam, planned, **changes)
    assert answer.status_code == 422
    assert f'id="{where}-error"' in answer.get_data(as_text=True)


def test_a_name_that_is_there_already_is_told_at_its_field(sam: Someone, planned: str) -> None:
    _keep(sam, planned)
    answer = _keep(sam, planned)
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.get_data(as_text=True)


def test_codes_are_shown_once_and_as_csv_and_are_kept_in_no_cache(database: Database, sam: Someone, planned: str) -> None:
    _keep(sam, planned)
    with database.reading() as session:
        pool = session.scalars(select(SeatPool.id).where(SeatPool.name != "")).one().hex
    shown = sam.client.post(f"{planned}/{pool}/codes", data={"number": "2", "uses": "1", "act": "show"})
    assert shown.headers["Cache-Control"] == "no-store"
    listed = re.findall(r"<code>(\w+)</code>", shown.get_data(as_text=True))
    filed = sam.client.post(f"{planned}/{pool}/codes", data={"number": "3", "uses": "2", "act": "file"})
    assert filed.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(filed.get_data().decode("utf-8-sig")), delimiter=";"))
    with database.reading() as session:
        assert {*listed, *(row[0] for row in rows[1:])} == set(session.scalars(select(SeatCode.code)))
    assert [row[1:3] for row in rows[1:]] == [["2", "Gemeente Almere"]] * 3
    assert not any(each in sam.client.get(f"{planned}/{pool}/codes").get_data(as_text=True) for each in listed)
    assert sam.client.post(f"{planned}/{pool}/codes", data={"number": "201", "uses": "1"}).status_code == 422


def test_a_pool_that_is_not_there_is_not_found(sam: Someone, planned: str) -> None:
    for pool in ("x", new_id().hex):
        for page in ("move", "codes"):
            assert sam.client.get(f"{planned}/{pool}/{page}").status_code == 404


def test_a_planner_sees_how_many_wait_and_when_they_can_but_not_who(app: Flask, database: Database, sam: Someone, noor: Someone) -> None:
    code = _class(database)
    with database.writing() as session:
        provider_id = session.scalars(select(Provider.id)).one()
        accounts.add_membership(session, person_id=sam.actor.person_id, organisation_id=provider_id, role=Role.PLANNER)
    first = Someone(app, database, email="eerst@voorbeeld.nl")
    _enrol(database, first, code)
    _join(noor, code, when_can_you=["sat-morning"])
    page = sam.get(f"/nl/provider/windesheim/offerings/{code}/seats")
    assert "Er wacht nu 1 persoon." in page
    assert "zaterdag, ochtend: 1" in page
    assert "noor" not in page.lower()
    assert f"/nl/provider/windesheim/offerings/{code}/seats" in sam.client.get(f"/nl/provider/windesheim/offerings/{code}").get_data(as_text=True)


def test_who_does_not_plan_there_sees_no_seats(noor: Someone, planned: str) -> None:
    assert noor.client.get(planned).status_code == 404
