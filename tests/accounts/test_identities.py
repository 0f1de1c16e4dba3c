"""Signing in at SURFconext and eduID, as people do it: with cookies, against a provider over HTTP, on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from academy.accounts import queries, service
from academy.accounts.api import WayInChanged, require_validated_name, way_in_words
from academy.accounts.gateway import ValidatedNameNeeded
from academy.accounts.models import Identity, Person, SignIn, SignInMethod, Throttle, TrailEntry
from academy.accounts.oidc_gateway import OidcProvider
from academy.accounts.rules import ATTEMPTS_PER_NETWORK
from academy.accounts.service import identities
from academy.kernel.db import Database
from academy.kernel.outbox import OutboxMessage
from academy.kernel.web import logs
from tests import builders
from tests.identity_provider import CLIENT, SECRET, Provider, back_from, running

EDUID, LINK, MINE = "/nl/sign-in/with/eduid", "/nl/my/account/identities/link/eduid", "/nl/my/account/identities"
NAME_CHECKED = "https://eduid.nl/trust/validate-names"


@pytest.fixture
def provider(app: Flask) -> Iterator[Provider]:
    app.config["WTF_CSRF_ENABLED"] = False
    with running(Provider()) as started:
        identities.set_providers([
            OidcProvider(code="eduid", name="eduID", issuer=started.url, client_id=CLIENT, client_secret=SECRET),
            OidcProvider(code="surfconext", name="SURFconext", issuer=started.url, client_id=CLIENT, client_secret=SECRET),
        ])
        yield started
        identities.set_providers([])


def come_back(client: FlaskClient, address: str = EDUID) -> TestResponse:
    """Leave for the provider, sign in there and come back."""
    return client.get(path_of(back_from(client.get(address).headers["Location"])))


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def sign_in(client: FlaskClient, database: Database, email: str) -> UUID:
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        person_id = builders.person(session, now, email=email)
        row = service.start_sign_in(session, person_id=person_id, device="", now=now)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return person_id


def signed_in_as(client: FlaskClient, database: Database) -> str:
    with client.session_transaction() as cookie:
        sign_in_id = cookie.get("_user_id")
    if sign_in_id is None:
        return ""
    with database.reading() as session:
        actor = queries.actor_of(session, UUID(hex=sign_in_id), now=datetime.now(UTC))  # noqa: TID251 - requests read the real clock
    return "" if actor is None else actor.email


def owners(database: Database) -> list[tuple[str, str]]:
    """Return (subject, e-mail of the account) of every linked identity."""
    with database.reading() as session:
        linked = session.execute(select(Identity.subject, Person.email).join(Person).order_by(Identity.subject))
        return [(subject, email) for subject, email in linked]


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.number)))


def validated_name(database: Database, person_id: UUID) -> str:
    with database.reading() as session:
        return require_validated_name(session, person_id)


# The ways in


def test_without_providers_no_button_is_shown_and_no_page_answers(client: FlaskClient) -> None:
    assert "/sign-in/with/" not in client.get("/nl/sign-in").text
    assert client.get(EDUID).status_code == 404


def test_each_provider_has_a_link_that_keeps_where_one_was(client: FlaskClient, provider: Provider) -> None:
    page = client.get("/nl/sign-in?next=/nl/my").text
    assert re.findall(r'href="([^"]*/sign-in/with/[^"]*)"', page) == [f"{EDUID}?next=/nl/my", "/nl/sign-in/with/surfconext?next=/nl/my"]


def test_as_little_as_possible_is_asked_and_never_the_same_secret_twice(client: FlaskClient, provider: Provider) -> None:
    for _time in range(2):
        come_back(client)
    first, second = provider.departures
    assert first["scope"] == "openid email profile"
    assert (first["response_type"], first["code_challenge_method"], first["client_id"]) == ("code", "S256", CLIENT)
    assert first["redirect_uri"] == "http://127.0.0.1:8000/nl/sign-in/with/eduid/back"
    assert "acr_values" not in first
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 32
        assert first[name] != second[name]


# Accounts


def test_who_is_new_gets_an_account_and_comes_back_to_it(client: FlaskClient, provider: Provider, database: Database) -> None:
    answer = come_back(client, f"{EDUID}?next=/nl/my/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/my/account")
    assert signed_in_as(client, database) == "noor@school.example"
    client.post("/nl/sign-out")
    assert signed_in_as(client, database) == ""
    assert come_back(client).headers["Location"] == "/nl/my"
    assert signed_in_as(client, database) == "noor@school.example"
    with database.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["Noor de Vries"]
        assert set(session.scalars(select(SignIn.method))) == {SignInMethod.IDENTITY_PROVIDER}
        assert set(session.scalars(select(SignIn.second_factor_at))) == {None}
    assert acts(database) == ["identity-linked"]


def test_an_address_elsewhere_changes_nothing_here(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(client)
    client.post("/nl/sign-out")
    sign_in(app_client(client), database, "nieuw@school.example")
    provider.person |= {"email": "nieuw@school.example", "name": "Iemand Anders"}
    come_back(client)
    assert signed_in_as(client, database) == "noor@school.example"
    assert owners(database) == [("noor-1", "noor@school.example")]
    with database.reading() as session:
        assert session.scalars(select(Identity.email)).all() == ["noor@school.example"]
        assert "Noor de Vries" in session.scalars(select(Person.name)).all()


def test_an_address_that_changes_hands_opens_nothing(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(client)
    client.post("/nl/sign-out")
    provider.person["sub"] = "heir-of-the-mailbox"
    answer = come_back(client)
    assert answer.status_code == 409
    assert signed_in_as(client, database) == ""
    assert owners(database) == [("noor-1", "noor@school.example")]


def test_an_account_with_the_address_is_linked_only_by_who_is_signed_in_to_it(
    client: FlaskClient, provider: Provider, database: Database,
) -> None:
    sign_in(app_client(client), database, "noor@school.example")
    answer = come_back(client)
    assert answer.status_code == 409
    assert "Dit e-mailadres heeft al een account." in answer.text
    assert "Log daar eerst in, dan koppelen we eduID." in answer.text
    assert LINK in answer.text
    assert signed_in_as(client, database) == ""
    assert owners(database) == []
    assert client.get(LINK).headers["Location"] == "/nl/sign-in?next=%2Fnl%2Fmy%2Faccount%2Fidentities%2Flink%2Feduid"
    sign_in(client, database, "noor@school.example")
    assert EDUID in client.get(LINK).text
    assert come_back(client).headers["Location"] == LINK
    assert owners(database) == [], "not without a word"
    asked = client.get(LINK).text
    assert "Koppel je deze twee accounts?" in asked
    assert asked.count("noor@school.example") == 2
    assert client.post(LINK).headers["Location"] == MINE
    assert letters(database) == ["identity-linked"]
    assert owners(database) == [("noor-1", "noor@school.example")]
    client.post("/nl/sign-out")
    come_back(client)
    assert signed_in_as(client, database) == "noor@school.example"


@pytest.mark.parametrize("told", [{"email": None}, {"email_verified": False}, {"email": "geen adres"}])
def test_without_an_address_that_can_be_relied_on_one_is_asked_and_nothing_told(
    client: FlaskClient, provider: Provider, database: Database, told: dict[str, object],
) -> None:
    provider.person |= told
    unknown = come_back(client)
    sign_in(app_client(client), database, "noor@school.example")
    known = come_back(client)
    number = re.compile(r"<code>.*?</code>|nonce=\"[^\"]*\"|content=\"[^\"]*\"|value=\"[^\"]*\"|(?:state|code)=[^\"&]*")
    assert number.sub("", unknown.text) == number.sub("", known.text), "whether there is an account does not show"
    assert unknown.status_code == 409
    assert "geen e-mailadres" in unknown.text
    assert LINK in unknown.text
    assert signed_in_as(client, database) == ""
    assert owners(database) == []


def test_nobody_can_link_what_they_did_not_just_prove(client: FlaskClient, provider: Provider, database: Database) -> None:
    sign_in(client, database, "sam@voorbeeld.nl")
    assert client.post(LINK).headers["Location"] == LINK
    come_back(client)
    assert client.post("/nl/my/account/identities/link/surfconext").headers["Location"] == "/nl/my/account/identities/link/surfconext"
    with client.session_transaction() as cookie:
        cookie["proof"] = cookie["proof"] | {"until": 0.0}
    assert client.post(LINK).headers["Location"] == LINK
    client.post("/nl/sign-out")
    sign_in(client, database, "een-ander@voorbeeld.nl")
    assert client.post(LINK).headers["Location"] == LINK
    assert owners(database) == []


def test_an_identity_of_somebody_else_is_refused_without_telling_whose(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(app_client(client))
    sign_in(client, database, "sam@voorbeeld.nl")
    answer = come_back(client)
    assert answer.status_code == 409
    assert "Hiermee log je al in op een ander account." in answer.text
    assert "noor@" not in answer.text
    assert "Noor" not in answer.text
    assert signed_in_as(client, database) == "sam@voorbeeld.nl"


def test_linked_meanwhile_by_somebody_else_is_refused_too(client: FlaskClient, provider: Provider, database: Database) -> None:
    sign_in(client, database, "sam@voorbeeld.nl")
    come_back(client)
    come_back(app_client(client))
    assert client.post(LINK).status_code == 409
    assert owners(database) == [("noor-1", "noor@school.example")]


def test_who_was_erased_does_not_come_back_by_an_identity(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(client)
    client.post("/nl/sign-out")
    with database.writing() as session:
        session.scalars(select(Person)).one().erased_at = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    provider.person["email"] = "nieuw@school.example"
    assert come_back(client).status_code == 409
    assert signed_in_as(client, database) == ""


# Linked identities


def test_identities_are_listed_and_can_be_unlinked(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(client)
    page = client.get(MINE).text
    assert "eduID / SURFconext" in page, "both have this issuer"
    assert "noor@school.example" in page
    unlink = re.findall(r'action="([^"]*/unlink)"', page)[0]
    other = app_client(client)
    sign_in(other, database, "sam@voorbeeld.nl")
    assert other.post(unlink).status_code == 404
    assert "Je hebt nog niets gekoppeld" in other.get(MINE).text
    assert client.post(unlink).headers["Location"] == MINE
    assert client.post(unlink).status_code == 404
    assert owners(database) == []
    assert acts(database) == ["identity-linked", "identity-unlinked"]
    assert "noor" not in str(trail_details(database))
    assert letters(database) == ["identity-unlinked"], "a new account gets none"
    client.post("/nl/sign-out")
    assert come_back(client).status_code == 409, "the account is there, and the identity no longer opens it"


def test_an_identity_of_a_provider_that_was_taken_away_is_still_listed(client: FlaskClient, provider: Provider) -> None:
    come_back(client)
    identities.set_providers([])
    page = client.get(MINE).text
    assert "<strong>127.0.0.1</strong>" in page
    assert "/identities/link/" not in page


# Names that were checked


def test_a_checked_name_is_asked_for_when_it_is_needed_and_then_kept(client: FlaskClient, provider: Provider, database: Database) -> None:
    person_id = sign_in(client, database, "sam@voorbeeld.nl")
    with pytest.raises(ValidatedNameNeeded) as needed:
        validated_name(database, person_id)
    assert [(link.endpoint, dict(link.values)) for link in needed.value.links()] == [("identities.depart", {"provider": "eduid", "need": "name"})]
    with pytest.raises(ValidatedNameNeeded) as needed, database.reading() as session:
        require_validated_name(session, person_id, back="/nl/my?check=1")
    assert needed.value.links()[0].values["next"] == "/nl/my?check=1"
    provider.person |= {"given_name": "Noor Anna", "family_name": "de Vries"}
    refused = come_back(client, f"{EDUID}?need=name")
    assert provider.departures[-1]["acr_values"] == NAME_CHECKED
    assert refused.status_code == 403
    assert "eduID heeft je naam niet gecontroleerd." in refused.text
    provider.token["acr"] = f"{NAME_CHECKED}/mfa"
    assert come_back(client, f"{EDUID}?need=name&next=/nl/my").headers["Location"] == LINK
    assert client.post(LINK).headers["Location"] == "/nl/my"
    assert validated_name(database, person_id) == "Noor Anna de Vries"
    page = client.get(MINE).text
    assert "Je naam is gecontroleerd door eduID" in page
    client.post(re.findall(r'action="([^"]*/unlink)"', page)[0])
    with pytest.raises(ValidatedNameNeeded):
        validated_name(database, person_id)


def test_a_later_sign_in_with_a_checked_name_keeps_it_and_one_without_does_not_take_it_away(
    client: FlaskClient, provider: Provider, database: Database,
) -> None:
    come_back(client)
    provider.token["acr"] = NAME_CHECKED
    come_back(client)
    del provider.token["acr"]
    come_back(client)
    with database.reading() as session:
        assert session.scalars(select(Person.validated_name)).one() == "Noor de Vries"


def test_an_institution_can_not_claim_to_have_checked_a_name(client: FlaskClient, provider: Provider, database: Database) -> None:
    provider.token["acr"] = f"{NAME_CHECKED}/mfa"
    come_back(client, "/nl/sign-in/with/surfconext?need=name")
    assert "acr_values" not in provider.departures[0]
    with database.reading() as session:
        assert session.scalars(select(Person.validated_name)).one() == ""
        assert session.scalars(select(SignIn.second_factor_at)).one() is None


@pytest.mark.parametrize("acr", [f"{NAME_CHECKED}/mfa", "https://eduid.nl/trust/linked-institution/mfa", "https://refeds.org/profile/mfa"])
def test_a_second_factor_at_the_provider_counts_here(client: FlaskClient, provider: Provider, database: Database, acr: str) -> None:
    provider.token["acr"] = acr
    come_back(client)
    with database.reading() as session:
        assert session.scalars(select(SignIn.second_factor_at)).one() is not None


# What stays out of logs, cookies and tables


def test_no_token_and_no_claim_is_kept_or_logged(
    client: FlaskClient, provider: Provider, database: Database, capfd: pytest.CaptureFixture[str],
) -> None:
    logs.configure("debug", as_json=True)
    come_back(client)
    logs.configure("error", as_json=True)
    said = capfd.readouterr()
    assert "identities.arrive" in said.out + said.err, "something is logged"
    assert not re.search("noor|Noor|secret-token|code-|state=", said.out + said.err)
    with client.session_transaction() as cookie:
        assert not {"departures", "proof"} & {name for name, value in cookie.items() if value}
        assert "token" not in str({name: value for name, value in cookie.items() if name != "csrf_token"})


def test_one_network_does_not_keep_the_provider_busy(client: FlaskClient, provider: Provider, database: Database) -> None:
    come_back(client)
    with database.writing() as session:
        session.execute(Throttle.__table__.update().values(count=ATTEMPTS_PER_NETWORK))  # type: ignore[attr-defined]
        assert session.scalar(select(func.count()).select_from(Throttle)) == 1
    assert come_back(client).status_code == 429
    assert provider.asked.count("/token") == 1


def test_the_provider_is_asked_outside_every_transaction(
    client: FlaskClient, provider: Provider, database: Database, monkeypatch: pytest.MonkeyPatch,
) -> None:
    prove = OidcProvider.prove

    def writes_meanwhile(self: OidcProvider, *arguments: object, **more: object) -> object:
        with database.writing() as session:  # waits for ever where the caller is writing: SQLite has one writer
            builders.person(session, datetime.now(UTC), email="intussen@voorbeeld.nl")  # noqa: TID251 - requests read the real clock
        return prove(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(OidcProvider, "prove", writes_meanwhile)
    assert come_back(client).status_code == 303


def app_client(client: FlaskClient) -> FlaskClient:
    """Return another browser."""
    return client.application.test_client()


def letters(database: Database) -> list[str]:
    """Return the changes of ways in that people get a letter about."""
    with database.reading() as session:
        sent = select(OutboxMessage.payload).where(OutboxMessage.event == WayInChanged.name).order_by(OutboxMessage.id)
        changes = session.scalars(sent).all()
        assert all(way_in_words(change["what"]) for change in changes)
        return [change["what"] for change in changes]


def trail_details(database: Database) -> list[object]:
    with database.reading() as session:
        return list(session.scalars(select(TrailEntry.details)))


def test_the_way_back_is_one_of_ours(client: FlaskClient, provider: Provider) -> None:
    location = come_back(client, f"{EDUID}?next=https://elsewhere.example/").headers["Location"]
    assert location == "/nl/my"
    assert parse_qs(urlsplit(location).query) == {}
