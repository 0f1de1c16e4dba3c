"""Where one comes back from SURFconext and eduID, as whom, and what a changed person or an old sign-in makes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.gateway import EmailNeeded, Proof
from academy.accounts.models import Identity, OrganisationKind, Person, Role, SignIn
from academy.accounts.oidc_gateway import OidcProvider
from academy.accounts.service import identities
from academy.kernel.db import Database
from tests.accounts.test_identities import (
    EDUID,
    LINK,
    MINE,
    NAME_CHECKED,
    come_back,
    owners,
    path_of,
    sign_in,
    signed_in_as,
)
from tests.identity_provider import CLIENT, SECRET, Provider, back_from, running


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    app.config["WTF_CSRF_ENABLED"] = False
    with running(Provider()) as started:
        identities.set_providers([OidcProvider(code="eduid", name="eduID", issuer=started.url, client_id=CLIENT, client_secret=SECRET)])
        yield started
        identities.set_providers([])


def test_after_the_check_of_a_name_one_comes_back_to_where_it_was_asked(client: FlaskClient, provider: Provider) -> None:
    provider.token["acr"] = NAME_CHECKED
    asked = f"{EDUID}?need=name&next=/nl/my/account"
    assert come_back(client, asked).headers["Location"] == "/nl/my/account", "as who signs in with it"
    assert come_back(client, asked).headers["Location"] == "/nl/my/account", "as who is signed in and linked it before"
    assert come_back(client, f"{EDUID}?need=name&next=//elsewhere.example").headers["Location"] == MINE


def test_linking_asks_a_sign_in_of_the_last_quarter_of_an_hour(client: FlaskClient, provider: Provider, database: Database) -> None:
    sign_in(client, database, "sam@voorbeeld.nl")
    come_back(client)
    with database.writing() as session:
        session.scalars(select(SignIn)).one().started_at -= timedelta(minutes=16)
    for answer in (client.get(LINK), client.post(LINK)):
        assert answer.status_code == 403
        assert "/nl/sign-in?again=yes&amp;next=/nl/my/account/identities/link/eduid" in answer.text
    assert owners(database) == []


def test_who_left_as_one_person_and_comes_back_as_another_links_nothing(client: FlaskClient, provider: Provider, database: Database) -> None:
    sign_in(client, database, "sam@voorbeeld.nl")
    back = path_of(back_from(client.get(EDUID).headers["Location"]))
    client.post("/nl/sign-out")
    sign_in(client, database, "een-ander@voorbeeld.nl")
    assert client.get(back).status_code == 400
    assert owners(database) == []
    assert signed_in_as(client, database) == "een-ander@voorbeeld.nl"


def test_one_subject_at_two_issuers_is_two_people(session: Session) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - one moment for both
    at = OidcProvider(code="eduid", name="eduID", issuer="https://een.example", client_id="academy", client_secret="any")

    def come_in(issuer: str, email: str) -> SignIn:
        proof = Proof(issuer=issuer, subject="noor-1", email=email)
        return identities.sign_in_by_identity(session, at=at, proof=proof, email=email, device="", language="nl", now=now)

    first, second = come_in("https://een.example", "noor@voorbeeld.nl"), come_in("https://twee.example", "sam@voorbeeld.nl")
    assert first.person_id != second.person_id
    assert come_in("https://twee.example", "").person_id == second.person_id
    with pytest.raises(EmailNeeded):
        come_in("https://drie.example", "")
    linked = session.execute(select(Identity.issuer, Person.email).join(Person).order_by(Identity.issuer)).all()
    assert [tuple(row) for row in linked] == [("https://een.example", "noor@voorbeeld.nl"), ("https://twee.example", "sam@voorbeeld.nl")]


def test_who_proves_anew_that_it_is_them_is_not_sent_to_a_provider_that_may_ask_nothing(
    client: FlaskClient, provider: Provider, database: Database,
) -> None:
    assert EDUID in client.get("/nl/sign-in").text
    sign_in(client, database, "sam@voorbeeld.nl")
    assert EDUID not in client.get("/nl/sign-in?again=yes&next=/nl/my").text


def test_an_identity_is_one_proof_so_who_decides_for_others_gives_a_second(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(client)
    with database.writing() as session:
        person_id = session.scalars(select(Person.id)).one()
        office = accounts.register_organisation(session, slug="kantoor", name="Kantoor", kind=OrganisationKind.OFFICE)
        accounts.add_membership(session, person_id=person_id, organisation_id=office, role=Role.OFFICE)
    client.post("/nl/sign-out")
    assert come_back(client, f"{EDUID}?next=/nl/my/account").headers["Location"] == "/nl/sign-in/second-step?next=/nl/my/account"
    assert client.get("/nl/my/account").headers["Location"].startswith("/nl/sign-in/second-step")
