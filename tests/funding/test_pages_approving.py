"""Yes or no to a share, with its evidence; the page of an employer; and who may use its budget."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts.api import OrganisationKind, Role
from academy.funding.kinds import ShareState
from academy.funding.models import Beneficiary, FundingShare, ShareStep
from academy.kernel.db import Database
from tests.funding.money_desk import Desk, seat, signed_in, started

ASKED = "/nl/funding/fonds-techniek/asked"


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return started(database)


@pytest.fixture
def client(app: Flask, desk: Desk) -> FlaskClient:
    return signed_in(app, desk.keeper)


@pytest.fixture
def share(desk: Desk) -> UUID:
    source = desk.source()
    desk.rule(source, needs_approval=True, evidence=("een loonstrook", "een diploma"))
    with desk.database.writing() as session:
        return seat(session, state=ShareState.RESERVED, amount=50_000, price=100_000, source=source, confirmed_at=None)


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def state(desk: Desk, share: UUID) -> ShareState:
    with desk.database.reading() as session:
        return session.scalars(select(FundingShare.state).where(FundingShare.id == share)).one()


def test_nothing_asked_is_told_as_such(client: FlaskClient) -> None:
    assert "Er zijn geen aanvragen" in text(client, ASKED)


def test_a_share_is_shown_with_for_whom_for_what_how_much_and_until_when(client: FlaskClient, share: UUID) -> None:
    assert "€ 500 voor Sam de Vries" in text(client, ASKED)
    assert "1 aanvraag wacht op jullie antwoord" in text(client, "/nl/funding/fonds-techniek")
    page = text(client, f"{ASKED}/{share.hex}")
    assert all(words in page for words in ("Sam de Vries", "Netwerkbeheer", "€ 1.000", "€ 500", "een loonstrook", "een diploma", "De helft"))


def test_yes_needs_all_the_evidence_and_is_written_down(desk: Desk, client: FlaskClient, share: UUID) -> None:
    answer = client.post(f"{ASKED}/{share.hex}/approve", data={"seen": "een loonstrook"})
    assert answer.status_code == 422
    assert "Goedkeuren kan pas als je alles hebt gezien" in answer.get_data(as_text=True)
    assert state(desk, share) is ShareState.RESERVED
    assert client.post(f"{ASKED}/{share.hex}/approve", data={"seen": ["een loonstrook", "een diploma"]}).status_code == 303
    assert state(desk, share) is ShareState.APPROVED
    with desk.database.reading() as session:
        assert "een diploma" in session.scalars(select(ShareStep.note).where(ShareStep.to_state == ShareState.APPROVED)).one()
    assert client.get(f"{ASKED}/{share.hex}").status_code == 404  # answered: it is in nobody's way any more


def test_no_needs_a_reason(desk: Desk, client: FlaskClient, share: UUID) -> None:
    answer = client.post(f"{ASKED}/{share.hex}/refuse", data={"reason": " "})
    assert answer.status_code == 422
    assert "Schrijf waarom niet" in answer.get_data(as_text=True)
    assert state(desk, share) is ShareState.RESERVED
    assert client.post(f"{ASKED}/{share.hex}/refuse", data={"reason": "Je werkt in een andere sector."}).status_code == 303
    assert state(desk, share) is ShareState.RELEASED


def test_who_may_not_decide_finds_no_share(app: Flask, desk: Desk, share: UUID) -> None:
    elsewhere = started(desk.database, OrganisationKind.FUND, "ander-fonds")
    for person, at in ((desk.member(Role.READER), ASKED), (elsewhere.keeper, ASKED), (elsewhere.keeper, "/nl/funding/ander-fonds/asked")):
        client = signed_in(app, person)
        assert client.get(f"{at}/{share.hex}").status_code == 404
        assert client.post(f"{at}/{share.hex}/approve", data={"seen": ["een loonstrook", "een diploma"]}).status_code == 404
        assert client.post(f"{at}/{share.hex}/refuse", data={"reason": "Nee."}).status_code == 404
    assert state(desk, share) is ShareState.RESERVED


# The employer

EMPLOYER = "/nl/employer/zilvermeeuw/budget"


@pytest.fixture
def firm(desk: Desk) -> Desk:
    return started(desk.database, OrganisationKind.EMPLOYER, "zilvermeeuw")


def test_an_employer_without_a_budget_sees_an_example_and_one_button(app: Flask, firm: Desk) -> None:
    page = text(signed_in(app, firm.keeper), EMPLOYER)
    assert "Betaal mee aan de modules van je mensen" in page
    assert page.count("nl-button--primary") == 1


def test_an_employer_sees_what_is_to_be_done_before_four_numbers(app: Flask, firm: Desk) -> None:
    source = firm.source(amount=500_000)
    firm.rule(source, needs_approval=True)
    with firm.database.writing() as session:
        seat(session, state=ShareState.RESERVED, amount=40_000, source=source, confirmed_at=None)
    page = text(signed_in(app, firm.member(Role.OWNER)), EMPLOYER)
    assert page.index("1 aanvraag wacht op jullie antwoord") < page.index("<dt>Budget</dt>")
    numbers = ("<dt>Budget</dt><dd>€ 5.000", "<dt>Toegewezen</dt><dd>€ 400", "<dt>Besteed</dt><dd>€ 0", "<dt>Vrij</dt><dd>€ 4.600")
    assert all(number in page for number in numbers)


def test_many_addresses_are_added_at_once_as_mail_programs_write_them_each_once(app: Flask, firm: Desk) -> None:
    source = firm.source()
    client = signed_in(app, firm.keeper)
    pasted = "Sam de Vries <Sam@Voorbeeld.nl>; kim@voorbeeld.nl,\nkim@voorbeeld.nl\r\n  noor@voorbeeld.nl"
    assert client.post(f"{EMPLOYER}/{source}/people", data={"emails": pasted}).status_code == 303
    page = text(client, EMPLOYER)
    assert "3 adressen" in page
    assert all(email in page for email in ("sam@voorbeeld.nl", "kim@voorbeeld.nl", "noor@voorbeeld.nl"))
    client.post(f"{EMPLOYER}/{source}/people/remove", data={"email": "kim@voorbeeld.nl"})
    with firm.database.reading() as session:
        assert set(session.scalars(select(Beneficiary.email))) == {"sam@voorbeeld.nl", "noor@voorbeeld.nl"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Vul minstens één"), ("geen adres", "Hier staat geen e-mailadres in"), ("goed@voorbeeld.nl fout@ @fout", "Dit zijn geen e-mailadressen: fout@, @fout"),
        (" ".join(f"m{number}@voorbeeld.nl" for number in range(501)), "hooguit 500"),
    ],
)
def test_what_is_no_address_is_named_at_the_field_and_none_is_kept(app: Flask, firm: Desk, typed: str, said: str) -> None:
    answer = signed_in(app, firm.keeper).post(f"{EMPLOYER}/{firm.source()}/people", data={"emails": typed})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    with firm.database.reading() as session:
        assert session.scalars(select(Beneficiary)).all() == []


def test_addresses_are_seen_and_changed_by_who_keeps_the_budget_only(app: Flask, firm: Desk) -> None:
    source = firm.source()
    signed_in(app, firm.keeper).post(f"{EMPLOYER}/{source}/people", data={"emails": "sam@voorbeeld.nl"})
    for role in (Role.READER, Role.APPROVER):
        client = signed_in(app, firm.member(role))
        assert "sam@voorbeeld.nl" not in text(client, EMPLOYER)
        assert client.post(f"{EMPLOYER}/{source}/people", data={"emails": "kim@voorbeeld.nl"}).status_code == 404
        assert client.post(f"{EMPLOYER}/{source}/people/remove", data={"email": "sam@voorbeeld.nl"}).status_code == 404


def test_a_fund_has_no_page_of_an_employer(client: FlaskClient) -> None:
    text(client, "/nl/employer/fonds-techniek/budget", status=404)
