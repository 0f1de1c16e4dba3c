"""Seats of a block in what happens to a class: admission, deciding, merging; and what its people and its provider read of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.errors import OfferingNotFound
from academy.enrolment import service
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment
from academy.enrolment.rules.deciding import Verdict
from academy.enrolment.service import admitting, blocks, deciding, together
from academy.funding import service as funding_service
from academy.funding.api import BlockState
from academy.funding.models import EmployerAsk
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import FREE
from tests.enrolment.block_desk import DAY, NAME, PRICE, BlockDesk, open_block_desk
from tests.enrolment.desk import SLUG, listen

SignIn = Callable[[Actor], FlaskClient]


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen()
    funding_service.forget_rules()


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    app.config["WTF_CSRF_ENABLED"] = False

    def signed_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = actor.sign_in_id.hex
        return client
    return signed_in


def _asking(database: Database, now: datetime) -> BlockDesk:
    return open_block_desk(database, now, asks=catalogue.LevelReached("4"))


def test_the_provider_admits_who_was_named_and_then_the_seat_is_sure(database: Database, now: datetime) -> None:
    desk = _asking(database, now)
    sold = desk.sell()
    code = desk.claim(sold)
    assert (desk.row(code).state, desk.row(code).waits_for, desk.why(code)) == (EnrolmentState.REQUESTED, WaitsFor.PROVIDER, ["asked", "admission-asked"])
    assert (desk.pools(), desk.money(), desk.split(code).confirmed_at) == ({"": (7, 0), NAME: (3, 1)}, (3, 0), None)
    assert desk.do(admitting.admit, code=code) is EnrolmentState.CONFIRMED
    assert (desk.split(code).own, desk.split(code).confirmed_at, desk.money()) == (FREE, now, (3, 0))


def test_who_is_not_admitted_leaves_the_seat_to_the_firm(database: Database, now: datetime) -> None:
    desk = _asking(database, now)
    sold = desk.sell(1)
    (seat_code,) = desk.codes(sold)
    code = desk.claim(sold, seat_code=seat_code)
    desk.do(admitting.refuse, code=code, reason="Je mist iets.")
    assert (desk.row(code).state, desk.block(sold).named) == (EnrolmentState.REFUSED, 0)
    assert (desk.pools(), desk.money()) == ({"": (9, 0), NAME: (1, 0)}, (1, 0))
    again = desk.claim(sold, seat_code=seat_code)
    desk.run(service.expire_due, now=now + 8 * DAY)
    assert (desk.row(again).state, desk.pools(), desk.money()) == (EnrolmentState.EXPIRED, {"": (9, 0), NAME: (1, 0)}, (1, 0))


def test_seats_that_are_paid_count_for_going_ahead_whoever_comes(database: Database, now: datetime) -> None:
    desk = open_block_desk(database, now, min_seats=5, decides_on=amsterdam_day(now))
    desk.sell(3)
    desk.enrolled(1)
    offering_id = desk.offering().id
    assert desk.run(deciding.decide, offering_id=offering_id) is Verdict.UNDECIDED
    desk.sell(1, is_ordered=False)
    assert desk.run(deciding.decide, offering_id=offering_id) is Verdict.UNDECIDED
    desk.run(blocks.order_blocks, offering_id=offering_id)
    assert desk.run(deciding.decide, offering_id=offering_id) is Verdict.GOES_AHEAD


def test_who_is_merged_into_another_class_stays_paid_and_the_rest_of_the_block_is_let_go(database: Database, now: datetime) -> None:
    desk = open_block_desk(database, now, min_seats=5, decides_on=amsterdam_day(now))
    sold, sam = desk.sell(3), desk.learner()
    code = desk.claim(sold, sam)
    into = desk.another_class(price=PRICE.cents)
    desk.do(deciding.merge, code=desk.code, into=into, people=1)
    for _time in range(2):  # at once, and when the class that was called off is ended
        assert (desk.block(sold).state, desk.money(), desk.taken(into)) == (BlockState.CLOSED, (1, 0), 1)
        desk.news_arrives()
    with database.writing() as session:
        service.cancel(session, actor=sam, code=code, now=now)
    assert (desk.money(), desk.taken(into)) == ((0, 0), 0)


def test_a_learner_sends_somebody_else_who_is_paid_as_well(database: Database, now: datetime) -> None:
    desk = open_block_desk(database, now)
    sold, sam = desk.sell(), desk.learner()
    code = desk.claim(sold, sam)
    with database.writing() as session:
        new = together.send_substitute(session, actor=sam, code=code, name="Noor", email="noor@voorbeeld.nl", language="nl", now=now)
    assert (desk.row(new).block_id, desk.row(new).seat_id, desk.split(new).own) == (sold.block_id, desk.row(code).id, FREE)
    assert (desk.pools(), desk.money(), desk.block(sold).named) == ({"": (7, 0), NAME: (3, 1)}, (3, 0), 1)
    desk.run(blocks.release_seat, block_id=sold.block_id, code=new, by=None)
    assert (desk.pools(), desk.money(), desk.block(sold).named) == ({"": (7, 0), NAME: (3, 0)}, (3, 0), 0)


def test_a_class_that_does_not_exist_is_not_sold(database: Database, now: datetime) -> None:
    desk = open_block_desk(database, now)
    with pytest.raises(OfferingNotFound):
        desk.sell(1, code="BESTAATNIET")


def test_a_learner_reads_who_pays_and_is_asked_for_nothing(database: Database, sign_in: SignIn) -> None:
    desk = open_block_desk(database, utc_now())
    desk.set_offering(cancel_free_days=60, cancel_late_percent=40)
    sold, sam = desk.sell(), desk.learner()
    (seat_code,) = desk.codes(sold)
    with database.writing() as session:
        mine = service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=new_id(), seat_code=seat_code, now=utc_now())
    client = sign_in(sam)
    check = client.get(f"/nl/my/enrolments/{mine}/check").get_data(as_text=True)
    assert "Bakkerij betaalt deze plek. Jij betaalt niets." in check
    assert "<strong>niets</strong>" in check
    assert "Dat kost jou niets." in check
    assert not any(words in check for words in ("betaalverplichting", "bij de aanbieder, die zelf", "Mijn werkgever betaalt"))
    asked = {"payer": "employer", "employer_email": "baas@voorbeeld.nl", "employer_why": "Voor mijn werk"}
    assert client.post(f"/nl/my/enrolments/{mine}/check", data=asked).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(EmployerAsk.id)).all() == []
    assert desk.row(mine).state is EnrolmentState.CONFIRMED
    for path in ("/nl/my", f"/nl/my/enrolments/{mine}"):
        assert "Bakkerij betaalt deze plek. Jij betaalt niets." in client.get(path).get_data(as_text=True)
    assert "98, voor Bakkerij" in client.get(f"/nl/my/enrolments/{mine}/cancel").get_data(as_text=True).replace("\xa0", " ")


def test_the_provider_reads_who_bought_seats_and_can_not_divide_those(database: Database, sign_in: SignIn) -> None:
    desk = open_block_desk(database, utc_now())
    sold = desk.sell()
    desk.claim(sold, desk.learner("Sam Sluis"))
    client, there = sign_in(desk.planner), f"/nl/provider/{SLUG}/offerings/{desk.code}"
    page = client.get(f"{there}/seats").get_data(as_text=True)
    assert "gekocht door Bakkerij, die de plekken zelf verdeelt" in page
    assert "Maak codes" not in page
    for way in ("move", "codes"):
        assert client.get(f"{there}/seats/{sold.pool_id.hex}/{way}").status_code == 404
    assert "Sam Sluis" in client.get(there).get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(Enrolment.until)).all() == [None]


def test_the_provider_is_not_asked_whether_a_seat_of_a_block_was_paid(database: Database, sign_in: SignIn) -> None:
    desk = open_block_desk(database, utc_now() - timedelta(days=1))
    (seat_code,) = desk.codes(desk.sell())
    mine = desk.run(service.hold_seat, actor=desk.learner(), offering_code=desk.code, request_key=new_id(), seat_code=seat_code)
    desk.run(service.expire_due, now=utc_now())
    assert desk.row(mine).state is EnrolmentState.EXPIRED
    assert mine not in sign_in(desk.planner).get(f"/nl/provider/{SLUG}/inbox").get_data(as_text=True)
