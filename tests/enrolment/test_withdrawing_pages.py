"""The withdrawal function as a visitor meets it: on every page, without signing in, in two steps, with the same answer for everybody."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from tests import builders
from tests.enrolment.vat import decide_vat
from tests.world import sign_in

FORM = {"name": "Sam de Vries", "email": "sam@voorbeeld.nl"}


@pytest.fixture
def enrolled(app: Flask, database: Database) -> tuple[Actor, str]:
    app.config["WTF_CSRF_ENABLED"] = False
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        sam = builders.actor(session, now, email=FORM["email"])
        return sam, builders.enrol(session, actor=sam, offering_code=builders.offering(session, now), now=now)


def _state(database: Database) -> EnrolmentState:
    with database.reading() as session:
        return session.scalars(select(Enrolment.state)).one()


class Main(HTMLParser):
    """Collects the words of the page itself, without what stands around it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words += data.split()


def _read(page: str) -> str:
    main = Main()
    main.feed(page)
    return " ".join(main.words)


def _confirm(client: FlaskClient, **changes: str) -> str:
    answer = client.post("/nl/withdraw/confirm", data=FORM | changes)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/withdraw/received")
    return client.get("/nl/withdraw/received").get_data(as_text=True)


def test_every_page_leads_to_it(client: FlaskClient) -> None:
    for address in ("/nl/", "/nl/sign-in", "/nl/search", "/nl/nowhere"):
        page = client.get(address).get_data(as_text=True)
        assert '<a class="nl-link" href="/nl/withdraw">Herroep hier je overeenkomst</a>' in page, address


def test_who_is_not_signed_in_withdraws_in_two_steps(client: FlaskClient, database: Database, enrolled: tuple[Actor, str]) -> None:
    _sam, mine = enrolled
    page = client.post("/nl/withdraw", data=FORM | {"code": mine.lower()})
    assert page.status_code == 200
    assert "Bevestig herroeping" in page.get_data(as_text=True)
    assert _state(database) is EnrolmentState.CONFIRMED
    assert "Als deze gegevens kloppen, krijg je nu een e-mail" in _confirm(client, code=mine)
    assert _state(database) is EnrolmentState.WITHDRAWN


def test_a_stranger_learns_nothing_from_the_answer(app: Flask, database: Database, enrolled: tuple[Actor, str]) -> None:
    _sam, mine = enrolled
    stranger, guesser = app.test_client(), app.test_client()
    first = [_read(client.post("/nl/withdraw", data=FORM | {"code": code}).get_data(as_text=True)).replace(code, "…")
             for client, code in ((stranger, mine), (guesser, "ZZZZZZZZ"))]
    assert first[0] == first[1]
    assert "Netwerkbeheer" not in first[0]
    answers = [_read(_confirm(client, code=code)).replace(code, "…") for client, code in ((guesser, "ZZZZZZZZ"), (stranger, mine))]
    shown = [answer.partition("Ontvangen op")[0] for answer in answers]
    assert shown[0] == shown[1]
    assert _state(database) is EnrolmentState.WITHDRAWN


def test_somebody_elses_address_changes_nothing(client: FlaskClient, database: Database, enrolled: tuple[Actor, str]) -> None:
    assert "Als deze gegevens kloppen" in _confirm(client, code=enrolled[1], email="ander@voorbeeld.nl")
    assert _state(database) is EnrolmentState.CONFIRMED


def test_who_is_signed_in_finds_everything_filled_in_and_reads_when_it_was(
    client: FlaskClient, database: Database, enrolled: tuple[Actor, str],
) -> None:
    _sam, mine = enrolled
    sign_in(client, FORM["email"])
    page = client.get(f"/nl/withdraw?code={mine}").get_data(as_text=True)
    for value in (*FORM.values(), mine):
        assert f'value="{value}"' in page
    assert f'href="/nl/withdraw?code={mine}"' in client.get("/nl/withdraw").get_data(as_text=True)  # among what can be withdrawn from
    assert "Netwerkbeheer" in client.post("/nl/withdraw", data=FORM | {"code": mine}).get_data(as_text=True)
    received = _confirm(client, code=mine)
    assert "Je hebt je overeenkomst herroepen" in received
    assert "Herroepen op" in received
    again = client.post("/nl/withdraw", data=FORM | {"code": mine}).get_data(as_text=True)
    assert "Je hebt deze overeenkomst al herroepen." in again


@pytest.mark.parametrize(("changes", "says"), [
    ({"name": ""}, "Vul je naam in."), ({"code": ""}, "Vul het nummer van je inschrijving in."), ({"code": "A" * 21}, "Dit nummer is te lang."),
    ({"email": ""}, "Vul je e-mailadres in."), ({"email": "sam"}, "Dit is geen e-mailadres."),
])
@pytest.mark.parametrize("address", ["/nl/withdraw", "/nl/withdraw/confirm"])
def test_what_is_missing_is_told_at_its_field(client: FlaskClient, enrolled: tuple[Actor, str], address: str, changes: dict[str, str], says: str) -> None:
    answer = client.post(address, data=FORM | {"code": enrolled[1]} | changes)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_who_guesses_is_stopped_after_five_times(client: FlaskClient, enrolled: tuple[Actor, str]) -> None:
    for _number in range(5):
        _confirm(client, code="ZZZZZZZZ")
    assert client.post("/nl/withdraw/confirm", data=FORM | {"code": "ZZZZZZZZ"}).status_code == 429


def test_a_receipt_without_a_statement_leads_to_the_statement(client: FlaskClient) -> None:
    answer = client.get("/nl/withdraw/received")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/nl/withdraw")


def test_what_is_not_sure_yet_is_given_back_with_one_click(client: FlaskClient, app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        sam = builders.actor(session, now, email=FORM["email"])
        offering = builders.offering(session, now, price=10_000)
        decide_vat(session, now)
        mine = builders.enrol(session, actor=sam, offering_code=offering, now=now)
    assert _state(database) is EnrolmentState.HELD
    sign_in(client, FORM["email"])
    assert client.post(f"/nl/my/enrolments/{mine}/leave").status_code == 303
    assert _state(database) is EnrolmentState.CANCELLED
    assert client.post(f"/nl/my/enrolments/{mine}/leave").status_code == 409


def test_who_has_begun_reads_that_cancelling_is_over_and_withdrawing_may_be_possible(
    client: FlaskClient, database: Database, enrolled: tuple[Actor, str],
) -> None:
    _sam, mine = enrolled
    sign_in(client, FORM["email"])
    before = client.get(f"/nl/my/enrolments/{mine}/cancel").get_data(as_text=True)
    assert "Annuleren kan tot en met" in before
    with database.writing() as session:
        session.execute(update(Offering).values(starts_on=amsterdam_day(datetime.now(UTC))))  # noqa: TID251 - requests read the real clock
    after = client.get(f"/nl/my/enrolments/{mine}/cancel").get_data(as_text=True)
    assert "Annuleren kan niet meer" in after
    assert f'href="/nl/withdraw?code={mine}"' in after
    assert "Ja, annuleer" not in after
    refused = client.post(f"/nl/my/enrolments/{mine}/cancel")  # from a page that was opened before
    assert refused.status_code == 409
    assert f'href="/nl/withdraw?code={mine}"' in refused.get_data(as_text=True)
