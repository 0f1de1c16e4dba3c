"""Pages of who keeps money for learning, as they use them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts.api import OrganisationKind, Role
from academy.funding.kinds import Basis, Fallback
from academy.funding.models import Budget, FundingRule, FundingSource
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.funding.money_desk import NOW, TODAY, Desk, signed_in, started

HOME = "/nl/funding/fonds-techniek"
SOURCE = {"name": "Scholingsfonds", "kind": "sector-fund", "explanation": "", "amount": "5.000", "from_on": f"{TODAY}", "until_on": f"{TODAY + timedelta(days=90)}"}
RULE = {
    "name": "De helft", "valid_from": f"{TODAY}", "percentage": "50", "basis": "incl", "fallback": "learner", "position": "100", "stacks": "y",
}
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return started(database)


@pytest.fixture
def client(app: Flask, desk: Desk) -> FlaskClient:
    return signed_in(app, desk.keeper)


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_without_a_source_there_is_one_thing_to_do(client: FlaskClient) -> None:
    page = text(client, HOME)
    assert "Betaal mee aan modules" in page
    assert page.count("nl-button--primary") == 1


def test_a_source_gets_its_money_first_and_its_rule_next(desk: Desk, client: FlaskClient) -> None:
    answer = client.post(f"{HOME}/new-source", data=SOURCE)
    assert answer.status_code == 303
    rules = answer.headers["Location"]
    assert rules.endswith("/rules/new")
    assert client.post(rules, data={**RULE, "percentage": "33,33", "basis": "excl", "cap_seat": "400", "postcodes": "1300 - 1379, 1411"}).status_code == 303
    page = text(client, rules.removesuffix("/rules/new"))
    assert "33,33% van de prijs zonder btw, hooguit € 400 per plek" in page
    assert "Vrij € 5.000" in page
    with desk.database.reading() as session:
        kept = session.scalars(select(FundingRule)).one()
        assert (kept.percentage, kept.basis, kept.cap_seat, kept.postcodes) == (3_333, Basis.EXCLUDING_VAT, Money(40_000), ["1300-1379", "1411"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Vul een naam in"), ({"kind": "learner"}, "Kies uit de lijst"), ({"amount": "0"}, "boven nul"), ({"amount": "veel"}, "Schrijf een getal"),
        ({"until_on": f"{TODAY - timedelta(days=1)}"}, "ligt voor de eerste"), ({"from_on": "morgen"}, "geen datum"), ({"explanation": "a" * 501}, "hooguit 500"),
    ],
)
def test_what_is_wrong_with_a_source_is_told_at_its_field(client: FlaskClient, changes: dict[str, str], said: str) -> None:
    answer = client.post(f"{HOME}/new-source", data={**SOURCE, **changes})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert "academy-error-summary" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Vul een naam in"), ({"percentage": "0"}, "boven 0 en hooguit 100"), ({"percentage": "101"}, "boven 0 en hooguit 100"),
        ({"percentage": "half"}, "Schrijf een getal"), ({"valid_from": f"{TODAY - timedelta(days=1)}"}, "Kies een dag vanaf"), ({"cap_seat": "0"}, "boven nul"),
        ({"min_age": "30", "max_age": "20"}, "lager dan de laagste"), ({"postcodes": "13"}, "vier cijfers"), ({"postcodes": "1400-1300"}, "vier cijfers"),
        ({"evidence": "een loonstrook"}, "Dan moet iemand de aanvraag goedkeuren"), ({"evidence": "a\nb\nc\nd\ne\nf", "needs_approval": "y"}, "hooguit vijf"),
        ({"module_kinds": "mooc", "excluded_kinds": "mooc"}, "niet tegelijk wel en niet"), ({"sectors": "onzin"}, "Kies uit de lijst"),
        ({"position": "0"}, "van 1 tot en met 999"), ({"basis": "onzin"}, "Kies uit de lijst"), ({"fallback": ""}, "Kies uit de lijst"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_at_its_field_and_nothing_is_kept(desk: Desk, client: FlaskClient, changes: dict[str, str], said: str) -> None:
    answer = client.post(f"{HOME}/sources/{desk.source()}/rules/new", data={**RULE, **changes})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    with desk.database.reading() as session:
        assert session.scalars(select(FundingRule)).all() == []


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"percentage": "50"}, ["zonder btw: de regel betaalt € 500, er blijft € 500 over"]),
        ({"percentage": "50", "cap_seat": "300"}, ["de regel betaalt € 300, er blijft € 700 over"]),
        ({"percentage": "100", "cap_person_year": "250", "cap_seat": "300"}, ["de regel betaalt € 250"]),
        ({"percentage": "100", "cap_provider_year": "200"}, ["de regel betaalt € 200"]),
        ({"percentage": "100"}, ["de regel betaalt € 1.000, er blijft niets over"]),
        ({"percentage": "50", "basis": "excl"}, ["zonder btw: de regel betaalt € 500", "21% btw erin: de regel betaalt € 413,22, er blijft € 586,78 over"]),
        ({"percentage": "200"}, ["Vul een percentage in"]), ({"percentage": ""}, ["Vul een percentage in"]), ({"basis": "onzin", "percentage": "5"}, ["Vul een percentage in"]),
    ],
)
def test_the_example_is_worked_out_by_what_splits_prices_with_scripts_and_without(desk: Desk, client: FlaskClient, terms: dict[str, str], said: list[str]) -> None:
    at = f"{HOME}/sources/{desk.source()}"
    filled = {**RULE, "name": "", "percentage": "", **terms}
    for answer in (client.post(f"{at}/example", data=filled), client.post(f"{at}/rules/new", data={**filled, "act": "example"})):
        assert answer.status_code == 200
        page = answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
        assert all(line in page for line in said)


def test_a_rule_that_counts_is_followed_by_another_and_neither_changes_what_was_written(desk: Desk, client: FlaskClient) -> None:
    source = desk.source()
    rule = desk.rule(source, needs_approval=True, evidence=("een loonstrook",), fallback=Fallback.NOBODY)
    at = f"{HOME}/sources/{source}"
    form = text(client, f"{at}/rules/{rule.hex}/following")
    assert 'value="50"' in form
    assert "een loonstrook" in form
    day = TODAY + timedelta(days=10)
    follower = {**RULE, "percentage": "60", "valid_from": f"{day}"}
    assert client.post(f"{at}/rules/{rule.hex}/following", data={**follower, "valid_from": f"{TODAY}"}).status_code == 422
    assert client.post(f"{at}/rules/{rule.hex}/following", data=follower).status_code == 303
    page = text(client, at)
    assert "Regels die nu gelden" in page
    assert "Regels die nog komen" in page
    assert page.index("50% van de prijs") < page.index("60% van de prijs")
    assert page.count("Laat een nieuwe regel volgen") == 1  # only the last of a row can be followed
    assert client.get(f"{at}/rules/{rule.hex}/following").status_code == 404
    with desk.database.reading() as session:
        assert {row.percentage: row.valid_until for row in session.scalars(select(FundingRule))} == {5_000: None, 6_000: None}


def test_a_budget_is_drawn_and_told_in_words_and_can_not_become_less_than_what_is_promised(desk: Desk, client: FlaskClient) -> None:
    source = desk.source(amount=1_000_000)
    with desk.database.writing() as session:
        session.execute(update(Budget).values(earmarked=Money(250_000), spent=Money(100_000)))
        budget = session.scalars(select(Budget.id)).one().hex
    at = f"{HOME}/sources/{source}"
    page = text(client, at)
    assert 'class="academy-budget__earmarked" x="0" width="250"' in page
    assert 'class="academy-budget__spent" x="250" width="100"' in page
    assert all(words in page for words in ("Toegewezen € 2.500", "Besteed € 1.000", "Vrij € 6.500", "van € 10.000"))
    assert "Zonder regel betaalt dit budget niets" in page
    answer = client.post(f"{at}/budgets/{budget}", data={"amount": "3000"})
    assert answer.status_code == 422
    assert "Er is al meer toegezegd of besteed" in answer.get_data(as_text=True)
    assert client.post(f"{at}/budgets/{budget}", data={"amount": "3500"}).status_code == 303
    assert "Vrij € 0" in text(client, at)


def test_a_second_budget_does_not_run_beside_the_first(desk: Desk, client: FlaskClient) -> None:
    at = f"{HOME}/sources/{desk.source()}/budgets/new"
    beside = {"amount": "100", "from_on": f"{TODAY}", "until_on": f"{TODAY}"}
    answer = client.post(at, data=beside)
    assert answer.status_code == 422
    assert "In deze tijd is er al een budget" in answer.get_data(as_text=True)
    later = TODAY + timedelta(days=400)
    assert client.post(at, data={**beside, "from_on": f"{later}", "until_on": f"{later}"}).status_code == 303


def test_what_a_source_lacks_stands_under_what_is_to_be_done(desk: Desk, client: FlaskClient) -> None:
    source = desk.source()
    assert "Zonder regel betaalt dit budget niets" in text(client, HOME)
    desk.rule(source)
    assert "Er is nu niets te doen" in text(client, HOME)


def test_a_reader_sees_sums_and_rules_and_changes_nothing_and_a_stranger_finds_nothing(app: Flask, desk: Desk) -> None:
    source = desk.source()
    rule = desk.rule(source)
    writing = ["/new-source", f"/sources/{source}/rules/new", f"/sources/{source}/rules/{rule.hex}/following", f"/sources/{source}/budgets/new"]
    reader = signed_in(app, desk.member(Role.READER))
    assert "Scholingsfonds" in text(reader, HOME)
    assert "Nieuwe regel" not in text(reader, f"{HOME}/sources/{source}")
    with desk.database.writing() as session:
        stranger = signed_in(app, builders.actor(session, NOW))
    elsewhere = started(desk.database, OrganisationKind.FUND, "ander-fonds")
    other = signed_in(app, elsewhere.keeper)
    for client in (reader, stranger, other):
        assert {client.get(HOME + page).status_code for page in writing} == {404}
        assert {client.post(HOME + page, data={**RULE, **SOURCE}).status_code for page in (*writing, f"/sources/{source}/example")} == {404}
    for client in (stranger, other):
        text(client, HOME, status=404)
        text(client, f"{HOME}/sources/{source}", status=404)
    assert other.get(f"/nl/funding/ander-fonds/sources/{source}").status_code == 404  # not by way of one's own fund either
    with desk.database.reading() as session:
        assert len(session.scalars(select(FundingSource)).all()) == 1


def test_the_pages_of_a_fund_ask_the_database_little_however_much_it_gives(desk: Desk, client: FlaskClient, queries: Queries) -> None:
    sources = [desk.source(name=f"Fonds {number}") for number in range(4)]
    for source in sources:
        desk.rule(source)
    with queries(6):
        text(client, HOME)
    with queries(5):
        text(client, f"{HOME}/sources/{sources[0]}")
