"""The desk of a firm as pages: what is to be done, seats that are bought with what stays of the budget, people with reason and action, and who may see it."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.api import OrganisationKind, Role, allow_payer
from academy.accounts.models import Purpose
from academy.catalogue.models import Offering
from academy.employers import links, service
from academy.employers.kinds import DemandState, GuestState, Party
from academy.employers.models import Demand, SeatGuest
from academy.employers.queries.desk import usual_answer
from academy.enrolment.api import SoldBlock
from academy.enrolment.models import Attendance
from academy.funding import service as funding_service
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id, short_code
from tests.employers.buying_desk import FIRM, FIVE, BuyingDesk, open_buying_desk
from tests.enrolment.block_desk import DAY
from tests.funding.money_desk import member, signed_in

Counted = Callable[[int], AbstractContextManager[list[str]]]
HOME, PEOPLE, SEATS = (f"/nl/employer/{FIRM}{path}" for path in ("", "/people", "/seats"))
MOST_STATEMENTS = 25


@pytest.fixture
def desk(app: Flask, database: Database) -> BuyingDesk:
    app.config["WTF_CSRF_ENABLED"] = False
    funding_service.forget_rules()
    return open_buying_desk(database, utc_now())


@pytest.fixture
def buyer(app: Flask, desk: BuyingDesk) -> FlaskClient:
    return signed_in(app, desk.keeper)


def text(client: FlaskClient, page: str, status: int = 200) -> str:
    answer = client.get(page)
    assert answer.status_code == status
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def _order(desk: BuyingDesk, **changes: str) -> dict[str, str]:
    return {"seats": "5", "people": "", "budget": desk.budget_id().hex, "reference": "PO 7", "request_key": str(new_id())} | changes


def _new(desk: BuyingDesk) -> str:
    return f"{SEATS}/new/{desk.code}"


def _post(client: FlaskClient, page: str, form: dict[str, str]) -> tuple[int, str]:
    answer = client.post(page, data=form)
    return answer.status_code, answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def _guests(desk: BuyingDesk) -> list[SeatGuest]:
    with desk.database.reading() as session:
        return list(session.scalars(select(SeatGuest).order_by(SeatGuest.id)))


def test_a_firm_that_has_nothing_yet_reads_one_example_and_one_button(app: Flask, desk: BuyingDesk) -> None:
    with desk.database.writing() as session:
        owner_id = accounts.register_organisation(session, slug="nieuw", name="Nieuw", kind=OrganisationKind.EMPLOYER)
        owner = member(session, owner_id, Role.OWNER)
    page = text(signed_in(app, owner), "/nl/employer/nieuw")
    assert "Begin met één vraag" in page
    assert page.count('nl-button--primary"') == 1
    assert "nog te weinig" in page


def test_what_a_firm_sees_first_is_what_is_to_be_done(desk: BuyingDesk, buyer: FlaskClient) -> None:
    desk.buy(5)
    page = text(buyer, HOME)
    assert "Geef 5 namen door tot en met" in page
    assert "Vul de factuurgegevens in" in page
    assert page.index("Te doen") < page.index("Hoe het ervoor staat") < page.index("Jullie mensen")
    for label, amount in (("Budget", "€ 10.000"), ("Toegewezen", "€ 1.225"), ("Besteed", "€ 0"), ("Vrij", "€ 8.775")):
        assert f"<dt>{label}</dt><dd>{amount}</dd>" in page
    assert page.count('<li><a href="/nl/employer/bakkerij') == 5  # the menu


def test_the_pages_of_the_desk_take_few_statements_however_many_people(desk: BuyingDesk, buyer: FlaskClient, queries: Counted) -> None:
    guests = desk.invite(desk.buy(5))
    text(buyer, HOME)
    desk.accept(guests[0], allows=True)
    with queries(MOST_STATEMENTS) as one:
        text(buyer, PEOPLE)
    for each in guests[1:]:
        desk.accept(each, allows=True)
    desk.buy(2)
    with queries(MOST_STATEMENTS) as more:
        text(buyer, PEOPLE)
    assert len(more) == len(one)
    with queries(MOST_STATEMENTS):
        text(buyer, HOME)


def test_five_people_in_three_screens_with_what_stays_of_the_budget_before_the_button(desk: BuyingDesk, buyer: FlaskClient) -> None:
    assert "Koop plekken voor je mensen" in text(buyer, _new(desk))
    people = "\n".join(f"{email}; {name}" for email, name in FIVE)
    status, check = _post(buyer, _new(desk), _order(desk, people=people))
    assert (status, "Bestel met betaalverplichting" in check, desk.money()) == (200, True, (0, 0))
    for said in ("€ 1.225", "€ 10.000", "€ 8.775", "Mens 5 (mens5@bakkerij.nl)", "€ 245 per plek"):
        assert said in check
    shown = re.search(r'name="shown" type="hidden" value="(\d+)"', check)
    assert shown is not None
    answer = buyer.post(_new(desk), data=_order(desk, people=people, shown=shown[1], act="order"))
    assert answer.status_code == 303
    assert (desk.money(), [guest.state for guest in _guests(desk)]) == ((5, 0), [GuestState.INVITED] * 5)
    assert "mens1@bakkerij.nl" in text(buyer, answer.headers["Location"])


def test_pressed_twice_the_button_orders_and_invites_once(desk: BuyingDesk, buyer: FlaskClient) -> None:
    form = _order(desk, seats="10", people=FIVE[0][0], shown="24500", act="order")
    assert [buyer.post(_new(desk), data=form).status_code for _time in range(2)] == [303, 303]
    assert (desk.money(), len(_guests(desk))) == ((10, 0), 1)


def test_at_a_price_that_changed_or_was_tampered_with_nothing_is_ordered(desk: BuyingDesk, buyer: FlaskClient) -> None:
    for shown in ("1", "24499", "-24500", "nul"):
        assert buyer.post(_new(desk), data=_order(desk, shown=shown, act="order")).status_code == 409
    assert desk.money() == (0, 0)


def test_what_is_wrong_in_an_order_is_told_at_the_field_and_kept(desk: BuyingDesk, buyer: FlaskClient) -> None:
    for changes, said in (
        ({"seats": "0"}, "Kies 1 tot 200 plekken."), ({"seats": ""}, "Vul een aantal in."), ({"seats": "1", "people": f"{FIVE[0][0]}\n{FIVE[1][0]}"}, "regel 2: er is maar 1 plek"),
        ({"people": "geen adres"}, "regel 1: dit is geen e-mailadres"), ({"seats": "11"}, "Er zijn nog maar 10 plekken vrij."),
    ):
        status, page = _post(buyer, _new(desk), _order(desk, **changes))
        assert (status, said in page, "PO 7" in page) == (422, True, True)


def test_a_budget_that_is_too_small_is_told_before_the_button(desk: BuyingDesk, buyer: FlaskClient) -> None:
    with desk.database.writing() as session:
        session.execute(update(Offering).values(seats=100))
    status, page = _post(buyer, _new(desk), _order(desk, seats="50"))
    assert (status, "te weinig geld" in page, "betaalverplichting" in page) == (200, True, False)


def test_on_invoice_without_an_address_asks_for_that_first(desk: BuyingDesk, buyer: FlaskClient) -> None:
    status, page = _post(buyer, _new(desk), _order(desk, budget="invoice", shown="24500", act="order"))
    assert (status, "Vul de factuurgegevens in" in page, desk.money()) == (409, True, (0, 0))


def test_lines_with_a_fault_are_named_and_the_others_go_on_when_one_says_so(desk: BuyingDesk, buyer: FlaskClient) -> None:
    block_id = desk.buy(3)
    desk.invite(block_id, FIVE[0])
    page = f"{SEATS}/{block_id.hex}/people"
    people = f"Naam;E-mail\n{FIVE[1][1]};{FIVE[1][0]}\n{FIVE[0][0]}\n\nvolgende week bekend\n{FIVE[1][0].upper()}\n{FIVE[2][0]}\n{FIVE[3][0]}"
    status, said = _post(buyer, page, {"people": people})
    for fault in (
        "regel 3: dit adres heeft al een plek of een uitnodiging", "regel 5: dit is geen e-mailadres", "regel 6: dit adres staat ook op regel 2",
        "regel 8: er zijn maar 2 plekken",
    ):
        assert fault in said
    assert (status, len(_guests(desk)), "Laat de regels met een fout weg" in said) == (422, 1, True)
    assert _post(buyer, page, {"people": people, "only_good": "y"})[0] == 303
    assert [(guest.email, guest.name) for guest in _guests(desk)[1:]] == [FIVE[1], (FIVE[2][0], "")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_people_come_from_a_file_as_spreadsheets_write_it(desk: BuyingDesk, buyer: FlaskClient, encoding: str) -> None:
    block_id = desk.buy(2)
    file = 'Naam;E-mail\r\nZoë de Boer;zoe@bakkerij.nl\r\n"Bakker, Jan";jan@bakkerij.nl\r\n'.encode(encoding)
    answer = buyer.post(f"{SEATS}/{block_id.hex}/people", data={"people": "", "file": (io.BytesIO(file), "mensen.csv")})
    assert answer.status_code == 303
    assert [(guest.email, guest.name) for guest in _guests(desk)] == [("zoe@bakkerij.nl", "Zoë de Boer"), ("jan@bakkerij.nl", "Bakker Jan")]


def test_codes_are_shown_once(desk: BuyingDesk, buyer: FlaskClient) -> None:
    block_id = desk.buy(3)
    page = f"{SEATS}/{block_id.hex}"
    status, said = _post(buyer, f"{page}/codes", {"number": "2", "uses": "1", "until_on": amsterdam_day(utc_now() + DAY).isoformat()})
    made = re.findall(r"<code>([0-9A-Z]{10})</code>", said)
    assert (status, len(made)) == (200, 2)
    after = text(buyer, page)
    assert not any(code in after for code in made)
    assert f"Code die eindigt op {made[0][-3:]}: 0 van 1 gebruikt" in after
    assert _post(buyer, f"{page}/codes", {"number": "4", "uses": "1"})[0] == 422


def test_each_person_has_a_state_with_a_reason_and_what_one_can_do(desk: BuyingDesk, buyer: FlaskClient) -> None:
    invited, seated, refused, lapsed = desk.invite(desk.buy(5), *FIVE[:4])
    desk.accept(seated)
    desk.run(service.decline_seat, guest_id=refused)
    with desk.database.writing() as session:
        session.execute(update(SeatGuest).where(SeatGuest.id == lapsed).values(state=GuestState.LAPSED, answered_at=desk.now, email="", name=""))
    page = text(buyer, PEOPLE)
    for said in ("Nog geen antwoord. Dat kan tot en met", "De plek is zeker.", "Zei nee", "We hebben het adres gewist.", "Onbekend (gewist)"):
        assert said in page
    assert page.index("Mens 2") < page.index("Mens 1") < page.index("Mens 3")
    person = text(buyer, f"{PEOPLE}/{desk.guest(invited).code}")
    for action in ("Stuur de e-mail opnieuw", "Geef de plek door", "Trek de uitnodiging in"):
        assert action in person


def test_a_person_is_replaced_reminded_and_taken_back_by_buttons(desk: BuyingDesk, buyer: FlaskClient) -> None:
    first, second, third = desk.invite(desk.buy(3), *FIVE[:3])
    at = {each: f"{PEOPLE}/{desk.guest(each).code}" for each in (first, second, third)}
    assert _post(buyer, f"{at[first]}/replace", {"email": "geen adres"})[0] == 422
    assert _post(buyer, f"{at[first]}/replace", {"email": "nieuw@bakkerij.nl", "name": "Nieuw"})[0] == 303
    assert _post(buyer, f"{at[second]}/cancel", {})[0] == 303
    assert _post(buyer, f"{at[third]}/remind", {})[0] == 429
    assert [guest.state.value for guest in _guests(desk)] == ["cancelled", "cancelled", "invited", "invited"]


def test_who_came_by_a_code_is_replaced_and_taken_back_like_the_others(desk: BuyingDesk, buyer: FlaskClient) -> None:
    block_id = desk.buy(2)
    claimed = [desk.claim(SoldBlock(block_id, block_id)) for _time in range(2)]
    assert _post(buyer, f"{PEOPLE}/{claimed[0]}/cancel", {})[0] == 303
    assert _post(buyer, f"{PEOPLE}/{claimed[1]}/replace", {"email": FIVE[0][0], "name": FIVE[0][1]})[0] == 303
    page = text(buyer, PEOPLE)
    assert ("Mens 1" in page, "Sam de Vries" in page, desk.pools()["Bakkerij"]) == (True, False, (2, 1))


def test_how_somebody_fares_is_seen_only_where_they_allow_it(desk: BuyingDesk, buyer: FlaskClient) -> None:
    quiet, open_minded = desk.invite(desk.buy(2), *FIVE[:2])
    rows = [desk.row(desk.accept(each)) for each in (quiet, open_minded)]
    with desk.database.writing() as session:
        for row in rows:
            for day, was_there in ((1, True), (2, False)):
                session.add(Attendance(enrolment_id=row.id, meets_on=amsterdam_day(desk.now + day * DAY), by_provider=was_there, by_learner=None))
    assert "1 van 2 keer" not in text(buyer, PEOPLE)
    with desk.database.writing() as session:
        allow_payer(session, person_id=rows[1].person_id, organisation_id=desk.buyer.owner_id, purposes=[Purpose.PROGRESS_TO_EMPLOYER], now=desk.now)
    assert text(buyer, PEOPLE).count("1 van 2 keer") == 1
    assert buyer.get(f"{PEOPLE}.csv").get_data(as_text=True).count("1 van 2 keer") == 1


def test_the_file_of_people_holds_no_formula(desk: BuyingDesk, buyer: FlaskClient) -> None:
    desk.invite(desk.buy(2), (FIVE[0][0], "=HYPERLINK(1)"), FIVE[1])
    answer = buyer.get(f"{PEOPLE}.csv")
    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert answer.headers["Cache-Control"] == "no-store"
    assert lines[0].startswith("Naam;E-mailadres;Module")
    assert any(line.startswith("'=HYPERLINK(1);mens1@bakkerij.nl") for line in lines)
    assert any(line.startswith("Mens 2;mens2@bakkerij.nl") for line in lines)


def test_only_who_acts_for_the_firm_opens_its_desk(app: Flask, desk: BuyingDesk) -> None:
    block_id = desk.buy(2)
    (guest_id,) = desk.invite(block_id, FIVE[0])
    pages = (HOME, PEOPLE, f"{PEOPLE}.csv", SEATS, f"{HOME}/demand", _new(desk), f"{SEATS}/{block_id.hex}", f"{PEOPLE}/{desk.guest(guest_id).code}")
    with desk.database.writing() as session:
        reader, approver = (member(session, desk.buyer.owner_id, role) for role in (Role.READER, Role.APPROVER))
    for page in pages:
        assert signed_in(app, reader).get(page).status_code == 404
        assert signed_in(app, desk.learner()).get(page).status_code == 404
        assert signed_in(app, approver).get(page).status_code == 200
        assert app.test_client().get(page).status_code == 303


def test_from_a_class_one_comes_to_the_form_of_ones_only_firm(app: Flask, desk: BuyingDesk, buyer: FlaskClient) -> None:
    answer = buyer.get(f"/nl/seats/buy/{desk.code}")
    assert (answer.status_code, answer.headers["Location"]) == (302, _new(desk))
    page = text(signed_in(app, desk.learner()), f"/nl/seats/buy/{desk.code}", 409)
    assert "Voeg je bedrijf één keer toe" in page


# Who is invited


def _link(guest_id: UUID) -> str:
    return f"/nl/seat/{links.guest_token_for(guest_id)}"


def test_behind_the_link_stands_who_pays_what_when_and_where_and_one_click_is_a_seat(app: Flask, desk: BuyingDesk) -> None:
    (guest_id,) = desk.invite(desk.buy(1), FIVE[0])
    client = app.test_client()
    page = text(client, _link(guest_id))
    for said in ("Bakkerij betaalt deze module voor je. Jij betaalt niets.", "Wanneer", "Plaats", "Ja, ik doe mee", "Nee, ik doe niet mee"):
        assert said in page
    assert desk.pools()["Bakkerij"] == (1, 0)  # looking is no answer
    answer = client.post(_link(guest_id), data={"answer": "yes"})
    assert (answer.status_code, desk.pools()["Bakkerij"]) == (303, (1, 1))
    assert "Je plek is geregeld." in text(client, _link(guest_id))
    assert client.get(_link(guest_id)).headers["X-Robots-Tag"] == "noindex"


def test_no_is_one_click_too_and_a_link_that_is_over_says_so(app: Flask, desk: BuyingDesk) -> None:
    refused, taken_back = desk.invite(desk.buy(2), *FIVE[:2])
    client = app.test_client()
    assert client.post(_link(refused), data={"answer": "no"}).status_code == 303
    assert "Je doet niet mee" in text(client, _link(refused))
    desk.act(service.cancel_guest, taken_back)
    assert "Deze uitnodiging geldt niet meer." in text(client, _link(taken_back), 410)
    assert client.post(_link(taken_back), data={"answer": "yes"}).status_code == 410
    text(client, "/nl/seat/verzonnen", 404)
    assert desk.pools()["Bakkerij"] == (2, 0)


# How soon we answer


def _asked(desk: BuyingDesk, answered_after: timedelta, *, number: int) -> None:
    asked = datetime(2026, 8, 3, 9, 0, tzinfo=desk.now.tzinfo)  # a Monday, eleven o'clock in Amsterdam
    with desk.database.writing() as session:
        for _question in range(number):
            session.add(Demand(
                id=new_id(), code=short_code(), party=Party.CITIZEN, state=DemandState.ANSWERED, email="a@voorbeeld.nl", person_id=desk.keeper.person_id,
                language="nl", words="lassen", people=1, made_at=asked, proven_at=asked, answered_at=asked + answered_after,
            ))


def test_how_soon_we_answer_is_measured_and_not_said_of_too_few(desk: BuyingDesk) -> None:
    _asked(desk, DAY, number=9)
    with desk.database.reading() as session:
        assert usual_answer(session, now=datetime(2026, 9, 1, tzinfo=desk.now.tzinfo)) is None
    _asked(desk, 7 * DAY, number=1)
    with desk.database.reading() as session:
        assert usual_answer(session, now=datetime(2026, 9, 1, tzinfo=desk.now.tzinfo)) == 1
        assert usual_answer(session, now=datetime(2026, 12, 1, tzinfo=desk.now.tzinfo)) is None
    _asked(desk, 7 * DAY, number=5)
    with desk.database.reading() as session:
        assert usual_answer(session, now=datetime(2026, 9, 1, tzinfo=desk.now.tzinfo)) == 5
