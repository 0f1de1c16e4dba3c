"""From the module to a seat in two screens: only what is needed is asked, and what stands in the way is said before the last press."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, Offering
from academy.catalogue.prerequisites import as_json
from academy.enrolment.kinds import EnrolmentState, PoolKind, WaitsFor
from academy.enrolment.models import Enrolment, EntryClaim, SeatCode
from academy.enrolment.service import seats
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.text import Localized
from tests import builders
from tests.enrolment.vat import decide_vat


class Learner:
    """Somebody with a browser who is signed in."""

    def __init__(self, app: Flask, database: Database, **about: str) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.database = database
        with database.writing() as session:
            self.actor: Actor = builders.actor(session, utc_now(), **about)
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = self.actor.sign_in_id.hex

    def ask(self, code: str, **form: str) -> Any:
        return self.client.post(f"/nl/offerings/{code}/enrol", data=form)

    def hold(self, code: str, **form: str) -> str:
        """Ask for a seat and go on to the check; returns its address."""
        answer = self.ask(code, **form)
        assert answer.status_code == 303, read(answer)
        return str(answer.headers["Location"])

    def row(self) -> Enrolment:
        with self.database.reading() as session:
            return session.scalars(select(Enrolment).where(Enrolment.person_id == self.actor.person_id)).one()


def read(answer: Any) -> str:
    """Return what a reader reads between header and footer, on one line."""
    page = answer.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page[page.index("<main") : page.index("<footer")])).split())


@pytest.fixture
def sam(app: Flask, database: Database) -> Learner:
    return Learner(app, database)


@pytest.fixture
def make(database: Database) -> Callable[..., str]:
    """Make a class of which the module asks `asks`."""

    def class_(*, asks: str = "", entry: str = "", **changes: Any) -> str:
        with database.writing() as session:
            now = utc_now()
            code = builders.offering(session, now, **changes)
            decide_vat(session, now)
            _ask_before(session, asks, entry)
            return code

    return class_


def _ask_before(session: Session, asks: str, entry: str) -> None:
    parsed = catalogue.parse_prerequisites(asks)
    asked = None if parsed is None else as_json(parsed)
    session.execute(update(Module).values(prerequisites=asked, entry=Localized(entry)))


def test_a_seat_in_two_screens_without_a_field(sam: Learner, make: Callable[..., str]) -> None:
    code = make()
    first = sam.client.get(f"/nl/offerings/{code}/enrol").get_data(as_text=True)
    assert re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', first[first.index("<main"):]) == ["csrf_token", "request_key", "seat_code"]
    check = sam.hold(code)
    page = read(sam.client.get(check))
    assert re.search(r"Je plek staat vast tot [^.]*\d\d:\d\d uur\.", page)
    assert "Schrijf je in" in page
    answer = sam.client.post(check)
    assert answer.status_code == 303
    assert "Ingeschreven" in read(sam.client.get(answer.headers["Location"]))
    assert sam.row().state is EnrolmentState.CONFIRMED


def test_more_time_without_javascript(sam: Learner, make: Callable[..., str], database: Database) -> None:
    check = sam.hold(make())
    with database.writing() as session:
        session.execute(update(Enrolment).values(until=utc_now() + timedelta(minutes=1)))
    answer = sam.client.post(check.replace("/check", "/more-time"))
    assert (answer.status_code, answer.headers["Location"]) == (303, check)
    assert "Je hebt meer tijd." in sam.client.get(check).get_data(as_text=True)
    until = sam.row().until
    assert until is not None
    assert until > utc_now() + timedelta(minutes=14)
    with database.writing() as session:
        session.execute(update(Enrolment).values(extended=10))
    assert "Geef me meer tijd" not in read(sam.client.get(check))
    assert sam.client.post(check.replace("/check", "/more-time")).status_code == 409


def test_the_diploma_is_asked_where_the_module_asks_for_one_and_kept(sam: Learner, make: Callable[..., str], database: Database) -> None:
    code = make(asks="level>=4")
    assert "Wat is je hoogste diploma?" in read(sam.client.get(f"/nl/offerings/{code}/enrol"))
    assert sam.ask(code, level="").status_code == 422
    page = read(sam.client.get(sam.hold(code, level="4")))
    assert "Met je diploma kun je meedoen." in page
    with database.reading() as session:
        assert session.scalars(select(EntryClaim.nlqf)).all() == ["4"]
    again = sam.client.get(f"/nl/offerings/{code}/enrol").get_data(as_text=True)
    assert re.search(r'<option[^>]*selected[^>]*value="4"', again), "what was said once need not be said again"


def test_two_levels_too_low_is_refused_with_the_reason_and_takes_no_seat(sam: Learner, make: Callable[..., str], database: Database) -> None:
    answer = sam.ask(make(asks="level>=4"), level="2")
    assert answer.status_code == 422
    assert "Voor deze module heb je dit nodig: een diploma op niveau 4 (mbo 4) of hoger. Je bent niet ingeschreven." in read(answer)
    assert re.search(r'<option[^>]*selected[^>]*value="2"', answer.get_data(as_text=True))
    with database.reading() as session:
        assert session.scalars(select(Enrolment)).all() == []


def test_one_level_too_low_goes_to_the_provider_with_a_reason(sam: Learner, make: Callable[..., str]) -> None:
    check = sam.hold(make(asks="level>=4"), level="3")
    page = read(sam.client.get(check))
    assert "De aanbieder beslist of je kunt meedoen" in page
    assert "een diploma op niveau 4 (mbo 4) of hoger" in page
    assert "Vraag toelating aan" in page
    empty = sam.client.post(check, data={"statement": " "})
    assert empty.status_code == 422
    assert "Schrijf in een paar zinnen waarom deze module bij je past." in read(empty)
    answer = sam.client.post(check, data={"statement": "Ik doe dit werk al tien jaar."})
    assert "De aanbieder beslist" in read(sam.client.get(answer.headers["Location"]))
    row = sam.row()
    assert (row.state, row.waits_for, row.statement) == (EnrolmentState.REQUESTED, WaitsFor.PROVIDER, "Ik doe dit werk al tien jaar.")


def test_advice_of_the_provider_stands_before_the_button(sam: Learner, make: Callable[..., str]) -> None:
    page = read(sam.client.get(sam.hold(make(entry="Je kunt vlot rekenen."))))
    assert page.index("Je kunt vlot rekenen.") < page.index("Schrijf je in")


def test_a_seat_that_costs_money_says_so_on_the_button(sam: Learner, make: Callable[..., str]) -> None:
    check = sam.hold(make(price=49500))
    page = read(sam.client.get(check))
    assert "Jij betaalt € 495" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Inschrijven met betaalverplichting" in page
    assert "Vrij van btw." in page
    answer = sam.client.post(check, data={"own": "49500"})
    assert sam.row().waits_for is WaitsFor.PAYMENT
    pay = sam.client.get(answer.headers["Location"])
    assert pay.headers["Location"].startswith("/nl/payments/"), "straight on to paying"
    page = read(sam.client.get(answer.headers["Location"].removesuffix("/pay")))
    assert "Betaal nu" in page
    assert "Je hebt nog niet betaald." in page


@pytest.mark.parametrize(("days", "price", "code", "is_asked"), [(7, 1000, "", True), (28, 1000, "", False), (7, 0, "", False), (7, 1000, "KOM-ERBIJ", False)])
def test_an_early_start_is_asked_of_consumers_who_pay_and_start_in_their_fourteen_days(
    sam: Learner, make: Callable[..., str], database: Database, days: int, price: int, code: str, is_asked: bool,
) -> None:
    offering = make(price=price, starts_on=amsterdam_day(utc_now()) + timedelta(days=days))
    if code:
        _sponsor(database, offering, code)
    check = sam.hold(offering, seat_code=code)
    assert ("Ik wil dat de lessen al in mijn bedenktijd beginnen." in read(sam.client.get(check))) is is_asked
    sam.client.post(check, data={"asks_early_start": "y"} if is_asked else {})
    assert (sam.row().early_start_asked_at is not None) is is_asked


def _sponsor(database: Database, offering_code: str, code: str) -> None:
    with database.writing() as session:
        found = catalogue.offering_for_enrolment(session, offering_code)
        public = seats.public_pool(session, found.offering)
        group = seats.add_pool(
            session, offering_id=found.offering.id, kind=PoolKind.TARGET_GROUP, name="Zorg", sponsor_id=None, opens_up_at=None,
        )
        assert seats.move(session, from_pool=public, to_pool=group, seats=1)
        session.add(SeatCode(id=new_id(), code=code, pool_id=group, uses=1, made_at=utc_now()))


def test_a_study_group_is_offered_online_only(sam: Learner, make: Callable[..., str], database: Database) -> None:
    code = make()
    check = sam.hold(code)
    assert "studiegroep" in read(sam.client.get(check))
    with database.writing() as session:
        session.execute(update(Offering).values(mode=catalogue.DeliveryMode.ON_CAMPUS))
    assert "studiegroep" not in read(sam.client.get(check))


def test_a_lesson_at_the_same_hour_is_named_before_enrolling(sam: Learner, make: Callable[..., str], database: Database) -> None:
    first = make()
    sam.client.post(sam.hold(first))
    with database.writing() as session:
        other = builders.provider(session, "aeres", "Aeres")
        second = builders.offering(session, utc_now(), provider_id=other, external_id=builders.module(session, utc_now(), provider_id=other, title=Localized("Bodem")))
    page = read(sam.client.get(sam.hold(second)))
    assert "“Bodem” en “Netwerkbeheer” (Windesheim in Almere) vallen samen, voor het eerst op" in page
    assert "Schrijf je in" in page


def test_a_guest_says_the_diploma_after_following_the_link(app: Flask, database: Database, make: Callable[..., str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    code, client = make(asks="level>=4"), app.test_client()
    assert "diploma" not in read(client.get(f"/nl/offerings/{code}/enrol"))
    client.post(f"/nl/offerings/{code}/enrol", data={"name": "Gast", "email": "gast@voorbeeld.nl"})
    guest = Learner(app, database, email="gast@voorbeeld.nl")
    check = guest.client.get(f"/nl/offerings/{code}/from-letter").headers["Location"]
    page = read(guest.client.get(check))
    assert "Wat is je hoogste diploma?" in page
    assert "Schrijf je in" not in page
    assert guest.client.post(check.replace("/check", "/diploma"), data={"level": "99"}).status_code == 422
    assert guest.client.post(check.replace("/check", "/diploma"), data={"level": "1"}).headers["Location"] == check
    refused = read(guest.client.get(check))
    assert "Je kunt hier niet meedoen" in refused
    assert guest.client.post(check).status_code == 409, "the button is not the only guard"
    guest.client.post(check.replace("/check", "/diploma"), data={"level": "4"})
    assert guest.client.post(check).status_code == 303
    assert guest.row().state is EnrolmentState.CONFIRMED


def test_who_decided_already_goes_on_from_the_check_to_the_enrolment(sam: Learner, make: Callable[..., str]) -> None:
    check = sam.hold(make())
    sam.client.post(check)
    assert sam.client.get(check).headers["Location"] == check.removesuffix("/check")


def test_a_full_class_leads_to_the_waiting_list(app: Flask, sam: Learner, make: Callable[..., str], database: Database) -> None:
    code = make(seats=1)
    with database.writing() as session:
        builders.enrol(session, actor=builders.actor(session, utc_now()), offering_code=code, now=utc_now())
    for client in (sam.client, app.test_client()):
        page = client.get(f"/nl/offerings/{code}/enrol").get_data(as_text=True)
        assert f'href="/nl/offerings/{code}/waiting-list"' in page
    assert sam.ask(code).status_code == 409


def test_my_learning_begins_with_what_must_be_done(sam: Learner, make: Callable[..., str], database: Database) -> None:
    sure, kept = make(), make(external_id="NET-01", starts_on=amsterdam_day(utc_now()) + timedelta(days=200))
    sam.client.post(sam.hold(sure))
    check = sam.hold(kept)
    page = read(sam.client.get("/nl/my"))
    assert page.index("Te doen") < page.index("Rond je inschrijving af voor") < page.index("Nu en straks") < page.index("Je plek is zeker.")
    sam.client.post(check.replace("/check", "/leave"))
    page = read(sam.client.get("/nl/my"))
    assert "Te doen" not in page
    assert page.index("Nu en straks") < page.index("Eerder") < page.index("Geannuleerd")


def test_the_page_of_an_enrolment_tells_what_happened_and_by_whom(sam: Learner, make: Callable[..., str]) -> None:
    check = sam.hold(make())
    sam.client.post(check)
    page = read(sam.client.get(check.removesuffix("/check")))
    story = page[page.index("Wat er gebeurde"):]
    assert story.index("Inschrijving bevestigd") < story.index("Plek gevraagd")
    assert story.count("door jou") == 2
    sam.client.post(check.replace("/check", "/cancel"))
    assert "Plek teruggegeven" in read(sam.client.get(check.removesuffix("/check")))
