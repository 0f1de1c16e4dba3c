"""The page behind the link in a letter: what it shows, that opening it decides nothing, and that it is answered once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts.api import person
from academy.accounts.models import Person
from academy.funding import links, service
from academy.funding.kinds import AskState, ShareState
from academy.funding.models import EmployerAsk, FundingShare
from academy.kernel.db import Database
from academy.kernel.money import FREE
from tests.enrolment.test_budget import Budget
from tests.funding import money

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
FIRM = {"firm": "Bakkerij Jansen", "number": "12 34 56 78", "street": "Dorpsstraat 1", "postcode": "1315 aa", "city": "Almere"}
YES = {"answer": "yes", "shown": "10000", "signer": "Kim Jansen", "may_decide": "y", **FIRM}


@pytest.fixture
def asked(app: Flask, database: Database) -> tuple[str, money.Seat]:
    """Return the address in the letter, and the seat."""
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        one = money.seat(session, NOW)
        session.execute(update(Person).where(Person.id == one.person_id).values(name="Lee de Boer"))
        service.want_employer(
            session, seat_id=one.id, person_id=one.person_id, email="baas@bakkerij.example", why="Voor mijn werk", language="nl", now=NOW,
        )
        money.reserve(session, NOW, one)
        service.ask_wanted(session, seat_id=one.id, now=NOW)
        ask_id = session.scalars(select(EmployerAsk.id)).one()
        assert person(session, one.person_id).name == "Lee de Boer"
    with app.app_context():
        return f"/nl/employer-answer/{links.ask_token_for(ask_id)}", one


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text(answer: object) -> str:
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[attr-defined, no-any-return]


def states(database: Database) -> tuple[AskState, list[ShareState]]:
    with database.reading() as session:
        shares = session.scalars(select(FundingShare.state).order_by(FundingShare.position)).all()
        return session.scalars(select(EmployerAsk.state)).one(), list(shares)


def test_it_shows_who_what_when_and_how_much_and_goes_into_no_search_engine(client: FlaskClient, asked: tuple[str, money.Seat]) -> None:
    answer = client.get(asked[0])
    page = text(answer)
    assert all(words in page for words in ("Lee de Boer", "Voor mijn werk", "€ 100", "Ja, we betalen", "KvK-nummer"))
    assert "lee@voorbeeld.nl" not in page
    assert (answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "noindex" in page


def test_a_scanner_that_opens_the_link_decides_nothing(client: FlaskClient, asked: tuple[str, money.Seat], database: Database) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert client.open(asked[0], method=method).status_code == 200
    assert states(database) == (AskState.ASKED, [ShareState.RESERVED])


def test_without_the_token_of_the_page_nothing_is_decided(app: Flask, asked: tuple[str, money.Seat], database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post(asked[0], data=YES).status_code == 400
    assert states(database)[0] is AskState.ASKED


def test_yes_in_one_press_and_afterwards_the_link_says_what_was_decided(client: FlaskClient, asked: tuple[str, money.Seat], database: Database) -> None:
    assert client.post(asked[0], data=YES).status_code == 303
    assert states(database) == (AskState.APPROVED, [ShareState.APPROVED, ShareState.RELEASED])
    page = text(client.get(asked[0]))
    assert "Toegezegd" in page
    assert "Kim Jansen" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert client.post(asked[0], data=YES | {"answer": "no", "reason": "Toch niet"}).status_code == 409
    assert states(database)[0] is AskState.APPROVED


@pytest.mark.parametrize(("changes", "words"), [
    ({"number": "123"}, "Een KvK-nummer heeft 8 cijfers"), ({"signer": ""}, "Vul je naam in"), ({"may_decide": ""}, "Mag je dit niet beslissen?"),
    ({"firm": "www.koop-nu.example"}, "zonder webadres"), ({"street": " "}, "Vul straat en huisnummer in"), ({"amount": "50"}, "Je koos ja"),
    ({"reason": "Nee"}, "Je koos ja"), ({"answer": ""}, "Kies ja, een deel of nee"), ({"answer": "part"}, "Vul een bedrag boven nul in"),
    ({"answer": "part", "amount": "100"}, "Een deel is minder dan € 100"), ({"answer": "part", "amount": "0"}, "Vul een bedrag boven nul in"),
    ({"answer": "no"}, "Schrijf waarom niet"),
])
def test_what_is_wrong_is_told_at_its_field_and_decides_nothing(
    client: FlaskClient, asked: tuple[str, money.Seat], database: Database, changes: dict[str, str], words: str,
) -> None:
    answer = client.post(asked[0], data={key: value for key, value in (YES | changes).items() if value})
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Dorpsstraat 1" in text(answer) or "street" in changes, "what was filled in stays"
    assert states(database)[0] is AskState.ASKED


def test_a_no_needs_a_reason_and_no_firm(client: FlaskClient, asked: tuple[str, money.Seat], database: Database) -> None:
    assert client.post(asked[0], data={"answer": "no", "shown": "10000", "reason": "Dit jaar niet"}).status_code == 303
    assert states(database) == (AskState.REFUSED, [ShareState.RESERVED])
    assert "Niet toegezegd" in text(client.get(asked[0]))


@pytest.mark.parametrize("token", ["onzin", "ImFiYyI.xyz", "..", "a" * 500])
def test_a_forged_link_is_no_page(client: FlaskClient, asked: tuple[str, money.Seat], token: str) -> None:
    assert asked
    for path in (f"/nl/employer-answer/{token}", f"/nl/employer-answer/{token}/invoice.pdf"):
        assert client.get(path).status_code == 404
    genuine = asked[0].rpartition("/")[2]
    assert client.get(f"/nl/employer-answer/{genuine[:-1]}{'A' if genuine[-1] != 'A' else 'B'}x").status_code == 404


def test_a_link_used_after_the_end_decides_nothing(client: FlaskClient, asked: tuple[str, money.Seat], database: Database) -> None:
    with database.writing() as session:
        over = datetime.now(UTC) - timedelta(seconds=1)  # noqa: TID251 - requests read the real clock
        session.execute(update(FundingShare).values(approve_until=over))
        session.execute(update(EmployerAsk).values(until=over))
    assert "Deze vraag is voorbij" in text(client.get(asked[0]))
    assert client.post(asked[0], data=YES).status_code == 409
    assert states(database) == (AskState.ASKED, [ShareState.RESERVED])


def test_a_seat_that_was_given_back_is_told_as_such(client: FlaskClient, asked: tuple[str, money.Seat], database: Database) -> None:
    with database.writing() as session:
        service.end_seat(session, asked[1].id, owed=FREE, now=NOW)
    assert "De plek is teruggegeven" in text(client.get(asked[0]))


def test_two_who_press_at_once_answer_once(app: Flask, asked: tuple[str, money.Seat], database: Database) -> None:
    answers, start = [], threading.Barrier(2)

    def press(**more: str) -> None:
        start.wait()
        answers.append(app.test_client().post(asked[0], data=YES | more).status_code)

    threads = [threading.Thread(target=press), threading.Thread(target=press, kwargs={"answer": "part", "amount": "50"})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [303, 409]
    state, shares = states(database)
    assert state in {AskState.APPROVED, AskState.PART}
    assert shares.count(ShareState.APPROVED) == 1, "one promise"


def test_there_is_no_invoice_before_there_is_one(client: FlaskClient, asked: tuple[str, money.Seat]) -> None:
    client.post(asked[0], data=YES)
    assert client.get(f"{asked[0]}/invoice.pdf").status_code == 404


def test_opening_and_answering_take_few_statements(client: FlaskClient, asked: tuple[str, money.Seat], queries: Budget) -> None:
    with queries(8):
        assert client.get(asked[0]).status_code == 200
    with queries(30):
        assert client.post(asked[0], data=YES).status_code == 303
