"""The same money at the bank either pays something here or goes back, also when both are asked in the same moment.

    mutation                                                       red, on PostgreSQL
    `returning.ask_return` that does not keep payments from it     the money is booked and goes back
    `mending.give_back` that lets notices go last                  who gives back and who looks at the notice again wait for each other
    `reconciling.compare_page` that keeps findings last            who gives back and who compares wait for each other
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.kernel.errors import Refusal
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments.facts import PaymentFacts
from academy.payments.gateway import CheckoutOutcome
from academy.payments.kinds import CheckoutState, FindingState, NoticeState, PaymentState
from academy.payments.models import Checkout, MoneyReturn, ReceivedNotice
from academy.payments.service import mending, notices, reconciling, settling
from academy.payments.service.settling import Settled
from tests.enrolment.races import at_the_same_time
from tests.payments.ground import PRICE, Till, paid
from tests.payments.test_findings import HOUR, look, only, stray, turn
from tests.payments.test_mending import Desk, desk  # noqa: F401 - a fixture

Ends = tuple[PaymentState, dict[Any, int], int, Money]
OURS = CheckoutOutcome("visit_9", is_open=False, vendor_payment="payment_9", vendor_charge="charge_9", amount=PRICE, method="ideal")


@pytest.fixture
def asked(till: Till) -> PaymentFacts:
    """Let the bank have money of which nobody here knows yet that it is for this payment."""
    stray(till)
    look(till)
    return till.ask()


def _give_back(desk: Desk) -> Callable[[Session], bool]:  # noqa: F811 - the fixture
    code = only(desk.till).code
    return lambda session: mending.give_back(session, actor=desk.actor, code=code, now=desk.till.now + HOUR)


def _settle(till: Till, asked: PaymentFacts, heard: list[Settled]) -> Callable[[Session], None]:
    return lambda session: heard.append(settling.settle(session, asked.id, OURS, now=till.now))


def _practise(till: Till) -> None:
    """Settle so often that each connection has it prepared: also what was prepared long ago has to see what was asked while it waited."""
    for _time in range(40):
        with till.database.writing() as session:
            assert settling.settle(session, new_id(), OURS, now=till.now) is Settled.UNKNOWN


@contextmanager
def _somebody_in_between(
    monkeypatch: pytest.MonkeyPatch, till: Till, act: Callable[[Session], object], *, before: str, of: ModuleType,
) -> Iterator[list[str]]:
    """Let somebody else begin `act` just before `of` calls `before`; gives what they hear."""
    heard: list[str] = []
    real = getattr(of, before)

    def rival() -> None:
        try:
            with till.database.writing() as session:
                act(session)
            heard.append("done")
        except Refusal as refusal:
            heard.append(refusal.code)

    def interrupted(*args: Any, **named: Any) -> Any:
        monkeypatch.setattr(of, before, real)
        thread.start()
        thread.join(0.4)
        return real(*args, **named)

    thread = threading.Thread(target=rival)
    monkeypatch.setattr(of, before, interrupted)
    yield heard
    thread.join(10)


def _ends(till: Till, asked: PaymentFacts) -> Ends:
    """Return how the payment stands, what is in the books, how many returns there are, and what the bank sent back."""
    till.work(till.now + 2 * HOUR)
    return till.row(asked).state, till.holds(), len(till.all(MoneyReturn)), till.bank.moved("refund")


SETTLED: Ends = (PaymentState.SETTLED, {"clearing": 24_500, "provider": -24_500}, 0, FREE)
GIVEN_BACK: Ends = (PaymentState.OPEN, {}, 1, PRICE)


def test_money_that_is_being_booked_does_not_go_back(desk: Desk, till: Till, asked: PaymentFacts) -> None:  # noqa: F811 - the fixture
    heard: list[Settled] = []
    assert at_the_same_time(till.database, _settle(till, asked, heard), _give_back(desk)) == "nothing-to-refund"
    assert heard == [Settled.NOW]
    assert _ends(till, asked) == SETTLED
    assert (only(till).state, desk.trail()) == (FindingState.OPEN, []), "the next comparison closes it"


def test_money_that_is_being_given_back_is_not_booked(desk: Desk, till: Till, asked: PaymentFacts) -> None:  # noqa: F811 - the fixture
    heard: list[Settled] = []
    _practise(till)
    assert at_the_same_time(till.database, _give_back(desk), _settle(till, asked, heard)) == "done"
    assert heard == [Settled.GOES_BACK]
    assert _ends(till, asked) == GIVEN_BACK
    assert (only(till).state, len(desk.trail())) == (FindingState.GIVEN_BACK, 1)


def test_who_gives_back_and_who_looks_at_the_notice_again_do_not_wait_for_each_other(
    desk: Desk, till: Till, monkeypatch: pytest.MonkeyPatch,  # noqa: F811 - the fixture
) -> None:
    stray(till)
    till.tell(paid(OURS), notice_id="evt_9")
    turn(till, after=HOUR)
    asked = till.ask()
    with till.database.writing() as session:
        session.add(Checkout(
            id=new_id(), payment_id=asked.id, vendor_session="visit_9", state=CheckoutState.OPEN, started_at=till.now, expires_at=till.now + HOUR,
        ))
    with _somebody_in_between(monkeypatch, till, _give_back(desk), before="settle", of=notices) as heard:
        notices.look_again("evt_9", now=till.now + HOUR)
    assert heard == ["nothing-to-refund"]
    assert _ends(till, asked) == SETTLED
    assert [each.state for each in till.all(ReceivedNotice)] == [NoticeState.DONE]


def test_who_gives_back_and_who_compares_do_not_wait_for_each_other(
    desk: Desk, till: Till, asked: PaymentFacts, monkeypatch: pytest.MonkeyPatch,  # noqa: F811 - the fixture
) -> None:
    with _somebody_in_between(monkeypatch, till, _give_back(desk), before="keep", of=reconciling) as heard:
        look(till, after=2 * HOUR)
    assert heard == ["done"]
    assert _ends(till, asked) == GIVEN_BACK
