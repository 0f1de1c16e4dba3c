"""A provider says what decides the VAT of its modules, and reads what that makes of each."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import service as accounts
from academy.accounts.api import OrganisationKind, Role
from academy.catalogue.models import Module
from academy.funding.kinds import SupplyKind
from academy.funding.models import ModuleTax, ProviderTax
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders
from tests.funding.money_desk import NOW, TODAY, member, signed_in

PAGE = "/nl/provider/windesheim/vat"
TOLD = {"is_recognised": "yes", "is_in_crkbo": "no", "from_on": f"{TODAY}"}


@pytest.fixture
def client(app: Flask, database: Database) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        builders.module(session, NOW, price=Money(50_000))
        organisation_id = accounts.register_organisation(session, slug="windesheim", name="Windesheim", kind=OrganisationKind.PROVIDER)
        return signed_in(app, member(session, organisation_id, Role.EDITOR))


@pytest.fixture
def module(client: FlaskClient, database: Database) -> str:
    assert client is not None
    with database.reading() as session:
        return session.scalars(select(Module.slug)).one()


def text(client: FlaskClient, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_while_nobody_said_anything_the_page_says_that_nothing_can_be_sold(client: FlaskClient) -> None:
    page = text(client)
    assert "We weten nog niet wat jullie zijn voor de btw" in page
    assert "te koop is de module niet" in page


def test_a_recognised_provider_gives_its_ad_modules_without_vat_and_the_page_says_why(client: FlaskClient) -> None:
    assert client.post(PAGE, data=TOLD).status_code == 303
    page = text(client)
    assert "erkende instelling, niet in het CRKBO" in page
    assert "vrij van btw" in page
    assert "Het is onderwijs uit de onderwijswet, van een erkende instelling." in page
    assert "We weten nog niet wat jullie zijn" not in page


def test_what_is_said_of_a_later_day_does_not_count_before_it(client: FlaskClient) -> None:
    client.post(PAGE, data={**TOLD, "from_on": f"{TODAY + timedelta(days=2)}"})
    assert "te koop is de module niet" in text(client)


def test_of_one_module_something_else_can_be_said_with_what_that_would_make_of_it(client: FlaskClient, database: Database, module: str) -> None:
    client.post(PAGE, data=TOLD)
    page = text(client, f"{PAGE}/{module}")
    assert "Scholing voor een beroep: 21% btw" in page
    assert "Onderwijs uit de onderwijswet (mbo of hbo): vrij van btw" in page
    assert client.post(f"{PAGE}/{module}", data={"supply": "vocational"}).status_code == 303
    assert "De aanbieder staat die dag niet in het CRKBO." in text(client)
    assert "zelf gekozen" in text(client)
    with database.reading() as session:
        assert session.scalars(select(ModuleTax.supply)).all() == [SupplyKind.VOCATIONAL]
    client.post(f"{PAGE}/{module}", data={"supply": "by-kind"})
    assert "zelf gekozen" not in text(client)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_recognised": ""}, "Kies ja of nee"), ({"is_in_crkbo": "misschien"}, "Kies uit de lijst"), ({"from_on": ""}, "Kies een dag"),
        ({"from_on": "1-1-1900"}, "Controleer het jaar"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(client: FlaskClient, database: Database, changes: dict[str, str], said: str) -> None:
    answer = client.post(PAGE, data={**TOLD, **changes})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(ProviderTax)).all() == []


def test_a_module_is_nothing_that_is_not_in_the_list(client: FlaskClient, module: str) -> None:
    for supply in ("fee", "onzin", ""):
        assert client.post(f"{PAGE}/{module}", data={"supply": supply}).status_code == 422
    assert client.get(f"{PAGE}/bestaat-niet").status_code == 404


def test_who_only_reads_there_changes_nothing_and_a_stranger_finds_nothing(app: Flask, client: FlaskClient, database: Database, module: str) -> None:
    assert client is not None
    with database.writing() as session:
        organisation_id = accounts.register_organisation(session, slug="windesheim", name="Windesheim", kind=OrganisationKind.PROVIDER)
        teacher, stranger = member(session, organisation_id, Role.TEACHER), builders.actor(session, NOW)
    reader = signed_in(app, teacher)
    assert "Vanaf welke dag" not in text(reader)
    for person in (reader, signed_in(app, stranger)):
        assert person.post(PAGE, data=TOLD).status_code == 404
        assert person.get(f"{PAGE}/{module}").status_code == 404
        assert person.post(f"{PAGE}/{module}", data={"supply": "advice"}).status_code == 404
    assert signed_in(app, stranger).get(PAGE).status_code == 404
