"""The pages of organisations as their people use them, without a browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import links, rules, service
from academy.accounts.models import Invitation, Organisation, OrganisationKind, Role
from academy.accounts.queries import Actor
from academy.kernel.db import Database
from tests import builders
from tests.accounts.firm import Firm, started

FORM = {"name": "Garage Kim", "country": "NL", "number": "87.65 43.21", "size_class": "alone", "sector": ""}
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def firm(app: Flask, database: Database) -> Firm:
    app.config["WTF_CSRF_ENABLED"] = False
    return started(database, datetime.now(UTC), email="noor@voorbeeld.nl")  # noqa: TID251 - requests read the real clock


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = actor.sign_in_id.hex
    return client


def stranger(firm: Firm, email: str = "kim@voorbeeld.nl") -> Actor:
    with firm.database.writing() as session:
        return builders.actor(session, firm.now, name="Kim Jansen", email=email)


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def at(firm: Firm) -> str:
    return f"/nl/my/organisations/{firm.slug}"


def test_who_works_alone_adds_a_firm_and_finds_it_in_the_list(app: Flask, firm: Firm) -> None:
    client = signed_in(app, stranger(firm))
    assert "Je werkt nog voor geen organisatie" in text(client, "/nl/my/organisations")
    answer = client.post("/nl/my/organisations/new", data=FORM)
    assert answer.status_code == 303
    page = text(client, answer.headers["Location"])
    assert "87654321" in page
    assert "Alleen ik" in page
    assert "Garage Kim" in text(client, "/nl/my/organisations")


def test_every_question_about_a_firm_says_why_it_is_asked_and_there_are_at_most_six(app: Flask, firm: Firm) -> None:
    page = text(signed_in(app, firm.owner), "/nl/my/organisations/new")
    fields = page.count('class="utrecht-form-field__label"')
    assert 1 < fields <= 6
    assert page.count("Waarom? ") == fields


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Vul de naam in"), ({"name": "…"}, "Vul de naam in"), ({"name": "a" * 121}, "hooguit 120"),
        ({"name": "www.kwaad.example"}, "zonder webadres"), ({"number": "123"}, "8 cijfers"), ({"number": "123456789012"}, "vestiging"),
        ({"country": "BE", "number": "0428759498"}, "geen btw-nummer van België"), ({"country": "XX"}, "Kies uit de lijst"),
        ({"size_class": ""}, "Kies hoeveel mensen"), ({"sector": "onzin"}, "Kies uit de lijst"), ({"number": "9" * 500}, "te lang"),
    ],
)
def test_what_is_wrong_with_a_firm_is_told_at_its_field_and_what_was_typed_stays(
    app: Flask, firm: Firm, changes: dict[str, str], said: str,
) -> None:
    answer = signed_in(app, firm.owner).post("/nl/my/organisations/new", data={**FORM, **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert ("Garage Kim" in page) is ("name" not in changes)


def test_of_a_firm_that_is_there_already_nothing_is_shown(app: Flask, firm: Firm) -> None:
    answer = signed_in(app, stranger(firm)).post("/nl/my/organisations/new", data={**FORM, "number": "12345678"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Vraag een collega om je uit te nodigen" in page
    assert "Bakkerij" not in page
    assert firm.slug not in page


def test_an_owner_sees_addresses_a_member_sees_roles_and_a_stranger_sees_nothing(app: Flask, firm: Firm) -> None:
    reader = firm.member(Role.READER)
    owner_page = text(signed_in(app, firm.owner), at(firm))
    assert reader.email in owner_page
    assert "Nodig een collega uit" in owner_page
    reader_page = text(signed_in(app, reader), at(firm))
    assert "meelezer: 1" in reader_page
    assert "@" not in reader_page
    assert "Noor" not in reader_page
    assert "Nodig een collega uit" not in reader_page
    client = signed_in(app, stranger(firm))
    for page in ("", "/edit", "/close", f"/members/{reader.person_id.hex}"):
        text(client, at(firm) + page, status=404)


def test_only_an_owner_can_do_what_owners_do(app: Flask, firm: Firm) -> None:
    reader, invitation = firm.member(Role.READER), firm.invited("sam@voorbeeld.nl").hex
    acts = [
        "/edit", "/close", "/invitations", f"/invitations/{invitation}/again", f"/invitations/{invitation}/take-back",
        *(f"/members/{firm.owner.person_id.hex}{act}" for act in ("", "/remove", "/hand-over")),
    ]
    for actor in (reader, stranger(firm)):
        client = signed_in(app, actor)
        assert {client.post(at(firm) + act, data={**FORM, "roles": "reader"}).status_code for act in acts} == {404}
    assert set(firm.roles()) == {firm.owner.person_id, reader.person_id}


def test_inviting_says_the_same_whether_or_not_the_address_has_an_account(app: Flask, firm: Firm) -> None:
    stranger(firm)
    client, pages = signed_in(app, firm.owner), []
    for email in ("kim@voorbeeld.nl", "niemand@voorbeeld.nl"):
        answer = client.post(f"{at(firm)}/invitations", data={"email": email, "role": "buyer"})
        assert answer.status_code == 303
        page = text(client, at(firm))
        client.post(f"{at(firm)}/invitations/{invitation_of(firm, email)}/take-back")
        text(client, at(firm))
        fresh = ("nonce", "csrf_token", "/invitations/")  # other at every answer
        pages.append([line for line in page.replace(email, "…").splitlines() if not any(sign in line for sign in fresh)])
    assert pages[0] == pages[1]


def invitation_of(firm: Firm, email: str) -> str:
    with firm.database.reading() as session:
        return session.scalars(select(Invitation.id).where(Invitation.email == email)).one().hex


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"email": "geen adres", "role": "buyer"}, "geen e-mailadres"), ({"email": "", "role": "buyer"}, "Vul je e-mailadres in"),
        ({"email": "kim@vооrbeeld.nl", "role": "buyer"}, "letters die op andere lijken"),  # noqa: RUF001 - two Cyrillic letters
        ({"email": "kim@voorbeeld.nl", "role": "dean"}, "Kies uit de lijst"), ({"email": "kim@voorbeeld.nl"}, "Kies een rol"),
        ({"email": "noor@voorbeeld.nl", "role": "buyer"}, "hoort er al bij"), ({"email": "Sam@Voorbeeld.nl", "role": "buyer"}, "al uitgenodigd"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_told_at_its_field(app: Flask, firm: Firm, sent: dict[str, str], said: str) -> None:
    firm.invited("sam@voorbeeld.nl")
    answer = signed_in(app, firm.owner).post(f"{at(firm)}/invitations", data=sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_after_so_many_invitations_a_day_the_organisation_waits(app: Flask, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "INVITATIONS_PER_ORGANISATION", 2)
    client = signed_in(app, firm.owner)
    statuses = [
        client.post(f"{at(firm)}/invitations", data={"email": f"kim{number}@voorbeeld.nl", "role": "buyer"}).status_code for number in range(3)
    ]
    assert statuses == [303, 303, 429]
    again = client.post(f"{at(firm)}/invitations/{invitation_of(firm, 'kim0@voorbeeld.nl')}/again")
    assert (again.status_code, again.headers["Retry-After"]) == (429, "86400")


def test_an_invitation_shows_each_reader_what_is_theirs_and_opening_it_uses_nothing_up(app: Flask, firm: Firm) -> None:
    address = f"/nl/invitations/{links.invitation_token_for(firm.invited('kim@voorbeeld.nl'))}"
    kim = stranger(firm)
    visitor = text(app.test_client(), address)
    assert "Bakkerij De Vries" in visitor
    assert f"next={address}" in visitor
    assert "kim@voorbeeld.nl" not in visitor
    other = signed_in(app, stranger(firm, "ander@voorbeeld.nl"))
    page = text(other, address)
    assert "k…@voorbeeld.nl" in page
    assert "kim@voorbeeld.nl" not in page
    assert "Log uit" in page
    assert other.post(address).status_code == 403
    assert app.test_client().post(address).status_code == 200  # asks to sign in, and changes nothing
    invited = signed_in(app, kim)
    assert invited.post(address).headers["Location"].endswith(firm.slug)
    assert "Je werkt nu mee bij Bakkerij De Vries" in text(invited, at(firm))
    assert firm.roles()[kim.person_id] == (Role.BUYER,)
    text(invited, address, status=410)


def test_an_owner_changes_a_role_removes_someone_and_hands_over(app: Flask, firm: Firm) -> None:
    member, heir = firm.member(Role.READER), firm.member(Role.READER)
    client = signed_in(app, firm.owner)
    page = f"{at(firm)}/members/{member.person_id.hex}"
    assert "inkoper: vraagt scholing aan" in text(client, page)
    assert client.post(page, data={}).status_code == 422
    assert client.post(page, data={"roles": "dean"}).status_code == 422
    assert client.post(page, data={"roles": ["buyer", "approver"]}).status_code == 303
    assert firm.roles()[member.person_id] == (Role.BUYER, Role.APPROVER)
    client.post(f"{page}/remove")
    assert member.person_id not in firm.roles()
    text(client, page, status=404)
    client.post(f"{at(firm)}/members/{heir.person_id.hex}/hand-over")
    assert firm.roles() == {heir.person_id: (Role.OWNER, Role.READER), firm.owner.person_id: (Role.READER,)}
    assert "Nodig een collega uit" not in text(client, at(firm))


def test_the_last_owner_who_leaves_hears_what_to_do_first(app: Flask, firm: Firm) -> None:
    answer = signed_in(app, firm.owner).post(f"{at(firm)}/leave")
    assert answer.status_code == 409
    assert "Draag het eigendom eerst over" in answer.get_data(as_text=True)


def test_the_facts_of_a_school_are_changed_without_what_is_asked_of_employers(app: Flask, firm: Firm) -> None:
    with firm.database.writing() as session:
        school = service.register_organisation(session, slug="school", name="School", kind=OrganisationKind.SCHOOL)
        service.add_membership(session, person_id=firm.owner.person_id, organisation_id=school, role=Role.OWNER)
    client = signed_in(app, firm.owner)
    assert "Sector" not in text(client, "/nl/my/organisations/school/edit")
    answer = client.post("/nl/my/organisations/school/edit", data={"name": "Scholengroep", "country": "NL", "number": "11223344"})
    assert answer.status_code == 303
    assert "Scholengroep" in text(client, "/nl/my/organisations/school")


def test_a_provider_with_people_in_class_does_not_close(app: Flask, firm: Firm) -> None:
    with firm.database.writing() as session:
        code = builders.offering(session, firm.now)
        builders.enrol(session, actor=firm.owner, offering_code=code, now=firm.now)
        provider = session.scalars(select(Organisation.id).where(Organisation.slug == "windesheim")).one()
        service.add_membership(session, person_id=firm.owner.person_id, organisation_id=provider, role=Role.OWNER)
    client = signed_in(app, firm.owner)
    answer = client.post("/nl/my/organisations/windesheim/close")
    assert answer.status_code == 409
    assert "Er zit nog 1 persoon in een groep." in answer.get_data(as_text=True)
    assert client.post(f"{at(firm)}/close").status_code == 303
    text(client, at(firm), status=404)
    text(client, "/nl/my/organisations/windesheim")


def test_the_header_says_on_every_page_for_whom_one_works_and_costs_no_statement(app: Flask, firm: Firm, queries: Budget) -> None:
    client = signed_in(app, firm.owner)
    assert "Je werkt voor:" not in text(client, "/nl/help")
    client.post("/nl/my/acting-for", data={"slug": firm.slug})
    with queries(0):
        page = text(client, "/nl/help")
    assert "Je werkt voor: <strong>Bakkerij De Vries</strong>" in page
    assert "Werk voor jezelf" in page
    client.post("/nl/my/acting-for", data={"slug": ""})
    assert "Je werkt voor: <strong>jezelf</strong>" in text(client, "/nl/help")
    assert client.post("/nl/my/acting-for", data={"slug": "windesheim"}).status_code == 404


def test_the_page_of_an_organisation_asks_once_who_may_see_it(app: Flask, firm: Firm, queries: Budget) -> None:
    client = signed_in(app, firm.owner)
    text(client, at(firm))
    with queries(4):  # who asks, what that person may here, the people, the invitations
        text(client, at(firm))
