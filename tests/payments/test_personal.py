"""What payments keep of people: told to who asks, gone or without a name when they leave, and gone when the law wants it no more."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from academy.accounts.models import Person
from academy.kernel.money import Money
from academy.payments import personal, rules
from academy.payments.kinds import NoticeState, PaymentState
from academy.payments.models import Checkout, Payment, ReceivedNotice, Refund, Transfer
from tests.payments.ground import DAY, PRICE, Till

ONE = 1_000


def _apply(till: Till, name: str, now: datetime) -> int:
    (found,) = [each for each in personal.RECORDS if each.name == name]
    assert found.apply is not None
    with till.database.writing() as session:
        return found.apply(session, now, ONE)


def _ended(till: Till) -> None:
    asked = till.ask()
    till.visit(asked)
    till.close(asked)
    till.work()


def test_who_asks_sees_what_they_paid_and_what_came_back(till: Till) -> None:
    asked = till.buy()
    till.give_back(asked, Money(100))
    with till.database.reading() as session:
        found = personal.HELD.read(session, till.payer.person_id)
        assert personal.HELD.read(session, till.provider_id) == {"payments": [], "refunds": []}
    assert [(each["code"], each["cents"], each["state"]) for each in found["payments"]] == [(asked.code, PRICE.cents, "settled")]
    assert [(each["code"], each["cents"]) for each in found["refunds"]] == [(asked.code, 100)]
    assert json.loads(json.dumps(found)) == found, "a machine can read it"


def test_who_leaves_takes_what_was_not_paid_along_and_leaves_seven_years_of_books(till: Till) -> None:
    till.buy()
    _ended(till)
    with till.database.writing() as session:
        leaving = personal.HELD.leaving(session, till.payer.person_id, till.now)
        assert [(each.number, each.until) for each in leaving.stays] == [(1, rules.booked_until(2026))]
        (goes,) = leaving.goes
        assert goes.number == 1
        for statement in goes.statements:
            session.execute(statement)
    assert [each.state for each in till.all(Payment)] == [PaymentState.SETTLED]
    assert len(till.all(Checkout)) == 1


@pytest.mark.parametrize(("later", "left"), [(729, 1), (731, 0)])
def test_what_was_not_paid_goes_after_two_years(till: Till, later: int, left: int) -> None:
    _ended(till)
    till.ask()
    assert _apply(till, "Payments that were not paid", till.now + later * DAY) == 1 - left
    assert len(till.all(Payment)) == 1 + left, "what still runs stays"


@pytest.mark.parametrize(("moment", "has_left", "gone"), [
    (datetime(2033, 12, 31, 12, tzinfo=UTC), True, 0), (datetime(2034, 1, 1, 12, tzinfo=UTC), True, 1), (datetime(2034, 1, 1, 12, tzinfo=UTC), False, 0),
])
def test_payments_of_who_left_go_after_the_seventh_year_and_the_ledger_keeps_its_amounts(
    till: Till, moment: datetime, has_left: bool, gone: int,
) -> None:
    till.connect()
    asked = till.buy()
    till.work()
    till.give_back(asked, Money(100))
    till.work()
    if has_left:
        with till.database.writing() as session:
            session.execute(update(Person).where(Person.id == till.payer.person_id).values(erased_at=till.now))
    held = till.holds()
    assert _apply(till, "Payments of who left", moment) == gone
    assert [len(till.all(kind)) for kind in (Payment, Refund, Transfer, Checkout)] == [1 - gone] * 4
    assert till.holds() == held


def test_notices_go_after_two_years_unless_they_wait(till: Till) -> None:
    asked = till.ask()
    outcome = till.bank.pay(till.visit(asked), now=till.now)
    till.tell(outcome)
    with till.database.writing() as session:
        waiting = {"kind": "x", "content": {}, "received_at": till.now, "due_at": till.now, "tries": 0, "problem": "", "state": NoticeState.WAITING}
        session.add(ReceivedNotice(id="evt_waits", **waiting))
    assert _apply(till, "Notices of the bank", till.now + timedelta(days=731)) == 1
    assert [each.id for each in till.all(ReceivedNotice)] == ["evt_waits"]
