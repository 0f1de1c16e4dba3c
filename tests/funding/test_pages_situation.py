"""The page on which a learner sees who pays."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts.api import OrganisationKind
from academy.funding import models
from academy.funding.kinds import SourceKind
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.funding.money_desk import NOW, Desk, signed_in, started

PAGE = "/nl/my/funding"
TOLD = {"birth_year": "1990", "postcode": "1315 AB", "sector": "", "size_class": "under_5"}
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return started(database)


@pytest.fixture
def learner(app: Flask, desk: Desk) -> FlaskClient:
    with desk.database.writing() as session:
        return signed_in(app, builders.actor(session, NOW, email="lotte@voorbeeld.nl"))


def text(client: FlaskClient, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_there_are_four_questions_and_each_says_why_it_is_asked(learner: FlaskClient) -> None:
    page = text(learner)
    assert page.count('class="utrecht-form-field__label"') == 4
    assert page.count("Waarom? ") == 4


def test_without_any_rule_the_page_says_so_and_what_to_do(learner: FlaskClient) -> None:
    assert "Er zijn nu geen regelingen" in text(learner)


def test_who_tells_more_sees_that_a_source_pays_by_which_rule_and_how_much(desk: Desk, learner: FlaskClient) -> None:
    desk.rule(desk.source(), size_classes=("under_5",), postcodes=("1300-1379",), cap_seat=Money(30_000))
    before = text(learner)
    assert "Deze betalen misschien mee" in before
    assert "Vul in hoeveel mensen er bij je werkgever werken" in before
    assert learner.post(PAGE, data=TOLD).status_code == 303
    page = text(learner)
    assert "Deze regelingen betalen mee" in page
    assert "Scholingsfonds" in page
    assert "De helft" in page
    assert "hooguit € 300 per plek" in page
    assert "Van een module van € 1.000 betaalt deze regeling € 300." in page
    assert 'value="1315"' in page  # no more of the postcode is kept than is asked


def test_who_does_not_fit_reads_why_not(desk: Desk, learner: FlaskClient) -> None:
    desk.rule(desk.source(), postcodes=("8200-8249",))
    learner.post(PAGE, data=TOLD)
    page = text(learner)
    assert "Deze betalen nu niet mee" in page
    assert "De regel is voor een ander gebied." in page
    assert "Deze regelingen betalen mee" not in page


def test_a_budget_that_is_used_up_pays_for_nobody_and_the_page_says_why(desk: Desk, learner: FlaskClient) -> None:
    desk.rule(desk.source(amount=100))
    with desk.database.writing() as session:
        session.execute(update(models.Budget).values(spent=Money(100)))
    page = text(learner)
    assert "Het budget is op" in page
    assert "Deze regelingen betalen mee" not in page


def test_what_an_employer_pays_is_seen_only_by_whom_it_named(app: Flask, desk: Desk, learner: FlaskClient) -> None:
    firm = started(desk.database, OrganisationKind.EMPLOYER, "zilvermeeuw")
    source = firm.source(name="Budget van de baas")
    firm.rule(source)
    assert "Budget van de baas" not in text(learner)
    signed_in(app, firm.keeper).post(f"/nl/employer/zilvermeeuw/budget/{source}/people", data={"emails": "lotte@voorbeeld.nl"})
    assert "Budget van de baas" in text(learner)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"birth_year": "19"}, "Controleer het jaar"), ({"birth_year": "veel"}, "Schrijf een getal"), ({"birth_year": "2090"}, "Controleer het jaar"),
        ({"postcode": "12"}, "vier cijfers van je postcode"), ({"postcode": "0315"}, "vier cijfers"), ({"sector": "onzin"}, "Kies uit de lijst"),
        ({"size_class": "onzin"}, "Kies uit de lijst"), ({"birth_year": "9" * 400}, "kan niet kloppen"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(learner: FlaskClient, changes: dict[str, str], said: str) -> None:
    answer = learner.post(PAGE, data={**TOLD, **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert ('value="1990"' in page) is ("birth_year" not in changes)


def test_answers_can_be_forgotten(desk: Desk, learner: FlaskClient) -> None:
    learner.post(PAGE, data=TOLD)
    assert "Wis mijn antwoorden" in text(learner)
    assert learner.post(f"{PAGE}/forget").status_code == 303
    with desk.database.reading() as session:
        assert session.scalars(select(models.Situation)).all() == []
    assert "Wis mijn antwoorden" not in text(learner)


def test_the_page_asks_the_database_little_however_many_rules_there_are(desk: Desk, learner: FlaskClient, queries: Budget) -> None:
    for number in range(5):
        desk.rule(desk.source(name=f"Fonds {number}"))
    with queries(5):
        text(learner)


def test_a_discount_of_a_provider_is_shown_as_what_its_own_modules_cost_less(desk: Desk, learner: FlaskClient) -> None:
    desk.kind = SourceKind.PROVIDER_DISCOUNT
    desk.rule(desk.source(name="Vroegboekkorting"), percentage=1_000)
    page = text(learner)
    assert "Vroegboekkorting" in page
    assert "Deze regelingen betalen mee" in page
