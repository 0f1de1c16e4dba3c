"""kill -9 before and after every statement, every commit and every word of the bank: done again, all ends as if nothing had happened."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments import service
from academy.payments.gateway import RefundTold, told_as_json
from academy.payments.kinds import SendState
from academy.payments.models import MoneyReturn, Refund, Transfer, TransferReversal
from academy.payments.service import returning
from tests import tables
from tests.payments.ground import PRICE, Till, open_till, paid
from tests.payments.proofs import crashing
from tests.payments.proofs.process import Other, other
from tests.payments.test_findings import look, only, stray
from tests.payments.test_mending import open_desk

MOST_POINTS = 300
PART = Money(10_000)
Order = dict[str, Any]


@pytest.fixture(scope="module")
def doomed(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    with other(database_url, tmp_path_factory.mktemp("bank") / "log") as process:
        yield process


def _to_start(till: Till) -> Order:
    return {"what": "start", "sign_in": str(till.payer.sign_in_id), "code": till.ask().code}


def _to_settle(till: Till) -> Order:
    asked = till.ask()
    told = paid(till.bank.pay(till.visit(asked), now=till.now), payment_id=asked.id)
    return {"what": "notice", "notice_id": f"evt_{new_id().hex}", "told": told_as_json(told)}


def _to_ask_a_refund(till: Till) -> Order:
    return {"what": "ask refund", "payment_id": str(till.buy().id), "cents": PART.cents}


def _to_refund(till: Till) -> Order:
    till.give_back(till.buy(), PART)
    return {"what": "refund", "refund_id": str(till.all(Refund)[0].id)}


def _to_give_back(till: Till) -> Order:
    desk = open_desk(till)
    stray(till)
    look(till)
    return {"what": "give back", "sign_in": str(desk.actor.sign_in_id), "code": only(till).code}


def _to_return(till: Till) -> Order:
    with till.database.writing() as session:
        returning.ask_return(session, vendor_payment="payment_9", amount=PRICE, now=till.now)
    return {"what": "work"}


def _to_transfer(till: Till) -> Order:
    till.connect()
    till.give_back(till.buy(), PART)
    return {"what": "transfer", "transfer_id": str(till.all(Transfer)[0].id)}


def _to_reverse(till: Till) -> Order:
    till.connect()
    asked = till.buy()
    till.work()
    till.give_back(asked, PART)
    return {"what": "reverse", "reversal_id": str(till.all(TransferReversal)[0].id)}


def _to_close(till: Till) -> Order:
    asked = till.ask()
    visit = till.visit(asked)
    till.close(asked)
    return {"what": "close", "payment_id": str(asked.id), "visit": visit}


CASES: dict[str, tuple[Callable[[Till], Order], dict[str, list[int]]]] = {  # how it begins, and what the bank did at the end
    "start a visit": (_to_start, {"visit": [24_500]}),
    "settle": (_to_settle, {}),
    "ask a refund": (_to_ask_a_refund, {}),
    "send a refund": (_to_refund, {"refund": [10_000]}),
    "give money back that is booked nowhere": (_to_give_back, {}),
    "send money back that is booked nowhere": (_to_return, {"refund": [24_500]}),
    "send a transfer": (_to_transfer, {"transfer": [13_775]}),
    "reverse a transfer": (_to_reverse, {"reversal": [9_500]}),
    "end a visit": (_to_close, {"end": [0]}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_point_and_done_again_it_is_done_once(till: Till, doomed: Other, case: str) -> None:
    prepare, at_the_bank = CASES[case]

    def begin() -> tuple[Till, Order]:
        tables.empty(till.database)
        doomed.log.unlink(missing_ok=True)
        fresh = open_till(till.database, till.now, fee_rate=500)
        return fresh, {**prepare(fresh), "now": till.now.isoformat()}

    def end(fresh: Till, order: Order) -> tuple[object, ...]:
        """Do it again as the world does: the bank tells again, the learner presses again, the clock comes round."""
        service.set_gateway(crashing.WrittenBank(doomed.log))
        crashing.act(**{**order, "now": (till.now + timedelta(minutes=2)).isoformat()})
        assert doomed.bank() == at_the_bank
        assert sum(fresh.holds().values()) == 0
        return fresh.picture()

    done = end(*begin())
    for point in range(1, MOST_POINTS):
        fresh, order = begin()
        (answer,) = doomed.do(point=point, **order)
        assert answer in {"killed", "ended"}
        assert end(fresh, order) == done, f"{case}, killed at point {point}"
        if answer == "ended":
            assert point > 10, "it was killed at some points"
            break
    else:
        pytest.fail("there is no end to it")


@pytest.mark.slow
def test_killed_at_any_point_money_that_is_booked_nowhere_goes_back_once_also_when_the_bank_tells_of_it_first(till: Till, doomed: Other) -> None:
    for point in range(1, MOST_POINTS):
        tables.empty(till.database)
        doomed.log.write_text("")
        fresh = open_till(till.database, till.now)
        (answer,) = doomed.do(point=point, now=till.now.isoformat(), **_to_return(fresh))
        service.set_gateway(crashing.WrittenBank(doomed.log))
        (asked,) = fresh.all(MoneyReturn)
        if doomed.bank():
            fresh.tell(RefundTold(f"refund_{asked.id.hex}", asked.id, "payment_9", PRICE.cents, "done"))
        fresh.work(till.now + timedelta(minutes=2))
        ((sent,), calls) = fresh.all(MoneyReturn), doomed.log.read_text().splitlines()
        assert (sent.state, sent.vendor_refund, len(calls)) == (SendState.DONE, f"refund_{asked.id.hex}", 1), f"killed at point {point}"
        assert fresh.holds() == {}
        if answer == "ended":
            assert point > 10, "it was killed at some points"
            break
    else:
        pytest.fail("there is no end to it")


@pytest.mark.slow
def test_eight_identical_notices_at_the_same_moment_are_one_booking_and_eight_times_accepted(till: Till, doomed: Other) -> None:
    order = _to_settle(till)
    answers = doomed.do(times=8, now=till.now.isoformat(), **order)
    assert answers == ["ended"] * 8, "each was accepted"
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}
    assert till.news() == ["payment-settled"]


@pytest.mark.slow
def test_eight_notices_of_one_payment_under_different_names_are_one_booking_too(till: Till, doomed: Other) -> None:
    order = _to_settle(till)
    others = [doomed.do(times=4, now=till.now.isoformat(), **{**order, "notice_id": f"evt_{name}"}) for name in ("a", "b")]
    assert others == [["ended"] * 4] * 2
    assert till.holds() == {"clearing": 24_500, "provider": -24_500}
    assert till.news() == ["payment-settled"]


@pytest.mark.slow
@pytest.mark.parametrize("prepare", [_to_refund, _to_return, _to_transfer, _to_reverse])
def test_eight_workers_at_the_same_moment_send_an_order_once(till: Till, doomed: Other, tmp_path: Path, prepare: Callable[[Till], Order]) -> None:
    doomed.log.unlink(missing_ok=True)
    order = prepare(till)
    answers = doomed.do(times=8, now=till.now.isoformat(), **order)
    assert answers == ["ended"] * 8
    assert len(doomed.log.read_text().splitlines()) == 1, "seven saw that somebody had it"
    assert sum(till.holds().values()) == 0
