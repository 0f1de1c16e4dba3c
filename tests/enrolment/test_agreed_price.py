"""The price that a class has later is not the price of who agreed to it before: not to pay, not to leave, not to read."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts.api import Role
from academy.accounts.models import Organisation
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import OfferingState
from academy.enrolment import queries, service
from academy.enrolment.events import RefundDue
from academy.enrolment.forms.admission import RefuseForm
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment
from academy.enrolment.pages import deciding as deciding_pages
from academy.enrolment.pages.enrolments import enrolment_values
from academy.enrolment.pages.inbox import inbox_values
from academy.enrolment.queries import inbox, mine
from academy.enrolment.queries.leaving import contract_of
from academy.enrolment.queries.together import group_for_letter
from academy.enrolment.service import admitting, leaving, together, withdrawing
from academy.funding import service as funding_service
from academy.funding.errors import OwnShareChanged
from academy.funding.kinds import SourceKind
from academy.funding.models import FundingShare, ProviderTax
from academy.kernel.db import Database
from academy.kernel.formats import money
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.outbox import OutboxMessage
from academy.payments.models import InvoiceLine, Refund
from tests.enrolment.desk import Desk, listen, open_desk
from tests.funding import money as funders
from tests.funding.test_ending import details

AGREED, LATER = Money(400_00), Money(900_00)
DAY = timedelta(days=1)
OTHER_PRICES = pytest.mark.parametrize("later", [LATER, Money(1_00), Money(0)], ids=["dearer", "cheaper", "free"])


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(RefundDue)
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now, seats=2, price=AGREED.cents)


def _refunds(desk: Desk) -> list[int]:
    with desk.database.reading() as session:
        return [amount.cents for amount in session.scalars(select(Refund.amount).order_by(Refund.id))]


def _owed(desk: Desk) -> list[int]:
    with desk.database.reading() as session:
        heard = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.subscriber == f"tests.{RefundDue.name}"))
        return [payload["owed_cents"] for payload in heard]


def _facts(desk: Desk, code: str) -> queries.EnrolmentFacts:
    with desk.database.reading() as session:
        found = queries.enrolment(session, desk.row(code).id)
    assert found is not None
    return found


def _paid(desk: Desk, learner: Actor) -> str:
    code = desk.ask(learner)
    desk.pay(code)
    return code


def _cancel(desk: Desk, learner: Actor, code: str, now: datetime) -> None:
    with desk.database.writing() as session:
        service.cancel(session, actor=learner, code=code, now=now)
    desk.news_arrives(now=now)


# To pay


@OTHER_PRICES
def test_who_confirmed_pays_what_was_agreed(desk: Desk, later: Money) -> None:
    code = desk.ask(desk.learner())
    desk.set_offering(price=later)
    facts = _facts(desk, code)
    assert (facts.of.offering.price, facts.is_paid_here, desk.payment(code).amount) == (AGREED, True, AGREED)
    desk.pay(code)
    assert desk.row(code).state is EnrolmentState.CONFIRMED


def test_who_has_not_confirmed_yet_reads_and_agrees_to_the_price_of_now(desk: Desk) -> None:
    learner = desk.learner()
    with desk.database.writing() as session:
        code = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=None, now=desk.now)
    desk.set_offering(price=LATER)
    assert (desk.row(code).agreed_price, _facts(desk, code).of.offering.price) == (None, LATER)
    with desk.database.writing() as session:
        service.confirm(session, actor=learner, code=code, now=desk.now)
    assert (desk.row(code).agreed_price, desk.payment(code).amount) == (LATER, LATER)


def test_who_is_admitted_later_pays_what_they_were_shown_when_they_asked(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, price=AGREED.cents, asks=catalogue.LevelReached("4"))
    admitter = desk.member(Role.PLANNER)
    code = desk.ask(desk.learner(), statement="Ik werk er al tien jaar.")
    assert (desk.row(code).state, desk.row(code).agreed_price) == (EnrolmentState.REQUESTED, AGREED)
    desk.set_offering(price=LATER)
    desk.do(admitting.admit, code=code, actor=admitter)
    assert (desk.row(code).waits_for, desk.payment(code).amount) == (WaitsFor.PAYMENT, AGREED)


def test_who_asks_to_be_admitted_is_not_held_to_a_price_they_were_not_shown(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, price=AGREED.cents, asks=catalogue.LevelReached("4"))
    learner = desk.learner()
    with database.writing() as session:
        code = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=None, now=now)
    desk.set_offering(price=LATER)
    with pytest.raises(OwnShareChanged), database.writing() as session:
        service.confirm(session, actor=learner, code=code, most_own=AGREED, now=now)
    assert desk.row(code).waits_for is WaitsFor.LEARNER


def test_a_seat_taken_again_for_money_that_came_late_stays_at_its_price(desk: Desk) -> None:
    code = desk.ask(desk.learner())
    late = desk.now + timedelta(hours=1)
    desk.run(service.expire_due, now=late)
    desk.set_offering(price=LATER)
    desk.pay(code, now=late)
    with desk.database.reading() as session:
        again = session.scalars(select(Enrolment).where(Enrolment.state == EnrolmentState.CONFIRMED)).one()
    assert again.agreed_price == AGREED


def test_the_invoice_of_who_pays_along_is_of_the_price_that_was_agreed(desk: Desk) -> None:
    learner = desk.learner()
    with desk.database.writing() as session:
        fund = funders.source(session, desk.now)
        details(session, desk.now, desk.provider_id, fund.owner_id)
    funding_service.forget_rules()
    code = _paid(desk, learner)
    desk.set_offering(price=LATER)
    month = (desk.now + 31 * DAY).date().replace(day=1)
    with desk.database.writing() as session:
        funding_service.invoice_pair(session, (desk.provider_id, fund.owner_id), month=month, now=desk.now)
        lines = session.execute(select(InvoiceLine.net, InvoiceLine.vat)).all()
    assert [line.net + line.vat for line in lines] == [Money(200_00)]
    _cancel(desk, learner, code, desk.now)
    assert _refunds(desk) == [200_00]


# To leave


@OTHER_PRICES
def test_leaving_late_costs_its_part_of_the_price_that_was_agreed(desk: Desk, later: Money) -> None:
    desk.set_offering(cancel_free_days=14, cancel_late_percent=50)
    learner = desk.learner()
    code = _paid(desk, learner)
    desk.set_offering(price=later)
    _cancel(desk, learner, code, desk.now + 20 * DAY)
    assert (_owed(desk), _refunds(desk)) == ([200_00], [200_00])


@OTHER_PRICES
def test_leaving_in_time_gives_back_all_that_was_paid(desk: Desk, later: Money) -> None:
    learner = desk.learner()
    code = _paid(desk, learner)
    desk.set_offering(price=later)
    _cancel(desk, learner, code, desk.now)
    assert (_owed(desk), _refunds(desk)) == ([0], [AGREED.cents])


def test_reading_the_present_price_a_class_that_became_free_keeps_what_was_paid(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of those before and after this."""
    monkeypatch.setattr(mine, "as_agreed", lambda of, _price: of)
    learner = desk.learner()
    code = _paid(desk, learner)
    desk.set_offering(price=Money(0))
    _cancel(desk, learner, code, desk.now)
    assert (_owed(desk), _refunds(desk)) == ([], [])


def test_a_class_that_was_free_stays_free_for_who_is_in_it(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, price=0)
    learner = desk.learner()
    code = desk.ask(learner)
    desk.set_offering(price=LATER, cancel_free_days=60, cancel_late_percent=100)
    facts = _facts(desk, code)
    assert (facts.is_paid_here, facts.of.offering.price) == (False, Money(0))
    with database.reading() as session:
        assert contract_of(session, facts, now=now).price == Money(0)
    _cancel(desk, learner, code, now)
    assert (_owed(desk), _refunds(desk)) == ([], [])


@OTHER_PRICES
def test_withdrawing_costs_what_was_taught_of_the_price_that_was_agreed(desk: Desk, later: Money) -> None:
    desk.set_offering(starts_on=(desk.now + DAY).date())
    learner = desk.learner()
    with desk.database.writing() as session:
        code = service.hold_seat(session, actor=learner, offering_code=desk.code, request_key=None, now=desk.now)
        service.confirm(session, actor=learner, code=code, asks_early_start=True, now=desk.now)
    desk.pay(code)
    desk.set_offering(price=later)
    after = desk.now + 10 * DAY
    with desk.database.writing() as session:
        facts = queries.my_enrolment(session, learner, code)
        contract = contract_of(session, facts, now=after)
        withdrawing.withdraw(session, actor=learner, code=code, email=learner.email, now=after)
    desk.news_arrives(now=after)
    due = AGREED.cents * contract.held // contract.meetings
    assert (contract.price, contract.held > 0) == (AGREED, True)
    assert (_owed(desk), _refunds(desk)) == ([due], [AGREED.cents - due])


@OTHER_PRICES
def test_a_class_that_is_called_off_gives_back_what_was_paid(desk: Desk, later: Money) -> None:
    _paid(desk, desk.learner())
    desk.set_offering(price=later, state=OfferingState.CANCELLED)
    desk.run(leaving.withdraw_seats, offering_id=desk.offering().id)
    desk.news_arrives()
    assert _refunds(desk) == [AGREED.cents]


def test_leaving_late_costs_its_part_of_the_price_without_vat_that_a_firm_abroad_agreed_to(database: Database, now: datetime) -> None:
    desk = open_desk(database, now, price=121_00)
    desk.set_offering(cancel_free_days=14, cancel_late_percent=50)
    learner = desk.learner()
    with database.writing() as session:
        session.execute(update(ProviderTax).values(is_recognised=False, is_in_crkbo=False))
        firm = funders.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", percentage=10_000, emails=(learner.email,))
        session.execute(update(Organisation).where(Organisation.id == firm.owner_id).values(country="BE", vat_id="BE0123456789"))
    funding_service.forget_rules()
    code = desk.ask(learner)
    assert desk.row(code).agreed_price == Money(100_00)
    _cancel(desk, learner, code, now + 20 * DAY)
    with database.reading() as session:
        share = session.scalars(select(FundingShare)).one()
    assert (_owed(desk), share.amount - share.refunded) == ([50_00], Money(50_00))


# To read, and for others


def test_pages_and_letters_show_the_price_that_was_agreed(app: Flask, desk: Desk) -> None:
    code, noor = _paid(desk, desk.learner()), desk.learner("Noor")
    with desk.database.writing() as session:
        together.enrol_group(
            session, actor=noor, offering_code=desk.code, people=[("Ali", "ali@voorbeeld.nl")], request_key=new_id(), language="nl",
            now=desk.now,
        )
        group_id = session.scalars(select(Enrolment.group_id).where(Enrolment.group_id.is_not(None))).one()
    desk.set_offering(price=LATER)
    with desk.database.reading() as session, app.test_request_context("/nl/"):
        group = group_for_letter(session, group_id) if group_id else None
        assert group is not None
        assert group.of.offering.price == AGREED
        assert enrolment_values(_facts(desk, code), now=desk.now)["price"] == money(AGREED)
        asked = inbox_values(
            inbox.inbox(session, desk.planner, "windesheim", now=desk.now), answering="", form=RefuseForm(formdata=None), now=desk.now,
        )
        assert [row["price"] for row in asked["rows"]] == [money(AGREED)]


def test_who_decides_about_a_class_reads_what_those_in_it_agreed_to(app: Flask, desk: Desk) -> None:
    _paid(desk, desk.learner())
    desk.set_offering(price=LATER, min_seats=2, decides_on=desk.now.date())
    with desk.database.reading() as session, app.test_request_context("/nl/"):
        found = queries.class_of(session, desk.planner, "windesheim", desk.code)
        assert money(AGREED) in deciding_pages.choices(found, ())["called_off"]


def test_a_seat_that_is_passed_on_keeps_its_price(desk: Desk) -> None:
    sam = desk.learner()
    code = _paid(desk, sam)
    desk.set_offering(price=LATER)
    with desk.database.writing() as session:
        new = together.send_substitute(session, actor=sam, code=code, name="Noor", email="noor@voorbeeld.nl", language="nl", now=desk.now)
    assert desk.row(new).agreed_price == AGREED


def test_a_seat_that_waits_agrees_to_nothing_until_it_is_taken(desk: Desk) -> None:
    sam = desk.learner()
    desk.set_offering(seats=1)
    mine_first = desk.ask(sam)
    noor: dict[str, Any] = {"actor": desk.learner("Noor"), "now": desk.now}
    with desk.database.writing() as session:
        theirs = service.join_waiting_list(session, offering_code=desk.code, when_can_you=[], most_price=None, request_key=None, **noor)
    desk.set_offering(price=LATER)
    _cancel(desk, sam, mine_first, desk.now)
    assert (desk.row(theirs).state, desk.row(theirs).agreed_price) == (EnrolmentState.OFFERED, None)
    with desk.database.writing() as session:
        service.confirm(session, code=theirs, **noor)
    assert desk.payment(theirs).amount == LATER


def test_a_class_at_the_price_agreed_is_otherwise_the_class_of_now(desk: Desk) -> None:
    with desk.database.reading() as session:
        of = catalogue.offering_for_enrolment(session, desk.code)
    assert mine.as_agreed(of, None) is of
    assert mine.as_agreed(of, AGREED) is of
    other = mine.as_agreed(of, LATER)
    assert other == dataclasses.replace(of, offering=dataclasses.replace(of.offering, price=LATER))
