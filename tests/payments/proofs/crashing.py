"""A process that does one thing to a payment, over and over, and each time is killed one point later; or eight times at the same moment.

Started by the proofs beside it. It reads one JSON object a line: what to do, at which point to die, how many at once. For each it forks, so that
what was imported is imported once. A fork sends itself SIGKILL before or after a statement, a commit or a call of the bank. It answers "killed",
or "ended" when there is no such point any more. Its bank remembers nothing but a file, in which every call stands that reached it.
"""

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from academy.accounts import queries as accounts
from academy.kernel.db import Database, database, set_database
from academy.kernel.money import Money
from academy.payments import rounds, service
from academy.payments.gateway import CheckoutOrder, CheckoutOutcome, Notice, StartedCheckout, told_from_json
from academy.payments.service import closing, mending, refunds, transfers
from tests.payments.banks import FakeBank
from tests.payments.ground import listen

_Answer = TypeVar("_Answer")


class WrittenBank(FakeBank):
    """A bank whose answers follow from what it is asked, and that writes down what it did before it answers."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log
        self.at_a_point: Callable[..., None] = lambda: None

    def start_checkout(self, order: CheckoutOrder) -> StartedCheckout:
        return self._written(lambda: super(WrittenBank, self).start_checkout(order), "visit", order.key, order.amount)

    def expire_checkout(self, vendor_session: str) -> CheckoutOutcome:
        self.visits[vendor_session] = CheckoutOutcome(vendor_session, is_open=True)
        key = UUID(hex=vendor_session.removeprefix("visit_"))
        return self._written(lambda: super(WrittenBank, self).expire_checkout(vendor_session), "end", key, Money(0))

    def refund(self, *, key: UUID, vendor_payment: str, amount: Money) -> tuple[str, bool]:
        return self._written(lambda: (f"refund_{key.hex}", True), "refund", key, amount)

    def transfer(self, *, key: UUID, vendor_account: str, vendor_charge: str, amount: Money, group: str) -> str:
        return self._written(lambda: f"transfer_{key.hex}", "transfer", key, amount)

    def reverse_transfer(self, *, key: UUID, vendor_transfer: str, amount: Money) -> str:
        return self._written(lambda: f"reversal_{key.hex}", "reversal", key, amount)

    def _written(self, do: Callable[[], _Answer], what: str, key: UUID, amount: Money) -> _Answer:
        self.at_a_point()
        with self._log.open("a") as log:
            log.write(f"{what} {key.hex} {amount.cents}\n")
        self.at_a_point()
        answer = do()
        self.at_a_point()
        return answer


def _store_notice(*, now: datetime, notice_id: str, told: dict[str, Any]) -> None:
    service.store_notice(Notice(notice_id, "fake", told_from_json(told)), now=now)


def _start(*, now: datetime, sign_in: str, code: str) -> None:
    service.start_checkout(code, actor=_actor(sign_in, now), now=now)


def _give_back(*, now: datetime, sign_in: str, code: str) -> None:
    actor = _actor(sign_in, now)
    with database().writing() as session:
        mending.give_back(session, actor=actor, code=code, now=now)


def _actor(sign_in: str, now: datetime) -> accounts.Actor:
    with database().reading() as session:
        actor = accounts.actor_of(session, UUID(sign_in), now=now)
    assert actor is not None
    return actor


def _ask_refund(*, now: datetime, payment_id: str, cents: int) -> None:
    with database().writing() as session:
        service.ask_refund(session, payment_id=UUID(payment_id), amount=Money(cents), request_key="proof", now=now)


ACTS: dict[str, Callable[..., object]] = {
    "start": _start,
    "notice": _store_notice,
    "ask refund": _ask_refund,
    "give back": _give_back,
    "work": lambda *, now: rounds.send_orders(now),
    "refund": lambda *, now, refund_id: refunds.send(UUID(refund_id), now=now),
    "transfer": lambda *, now, transfer_id: transfers.send(UUID(transfer_id), now=now),
    "reverse": lambda *, now, reversal_id: transfers.reverse(UUID(reversal_id), now=now),
    "close": lambda *, now, payment_id, visit: closing.close_visit(UUID(payment_id), visit, now=now),
}


def act(*, what: str, now: str, **named: Any) -> object:
    """Do one thing, given in words that travel as JSON."""
    return ACTS[what](now=datetime.fromisoformat(now), **named)


def choose(database_url: str, log: Path) -> WrittenBank:
    """Choose the database and the bank of this process."""
    set_database(Database(database_url))
    bank = WrittenBank(log)
    service.set_gateway(bank)
    service.set_return_pages(lambda code, language: (f"https://academy.test/{language}/{code}/back", f"https://academy.test/{language}/{code}"))
    listen()
    return bank


def _die_at(bank: WrittenBank, point: int) -> None:
    counted = itertools.count(1)

    def at_a_point(*_: object, **__: object) -> None:
        if next(counted) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, at_a_point)
    event.listen(Session, "after_commit", at_a_point)
    bank.at_a_point = at_a_point


def _do(bank: WrittenBank, *, point: int, **what: Any) -> None:
    _die_at(bank, point)
    act(**what)


def main() -> None:
    bank = choose(sys.argv[1], Path(sys.argv[2]))
    for line in sys.stdin:
        order = json.loads(line)
        times = order.pop("times", 1)
        gate, opens = os.pipe()
        children = []
        for _each in range(times):
            child = os.fork()
            if not child:
                os.close(opens)
                os.read(gate, 1)  # until all are here, and the gate opens
                _do(bank, **order)
                os._exit(0)
            children.append(child)
        os.close(gate)
        os.close(opens)
        answers = [_how_it_ended(os.waitpid(child, 0)[1]) for child in children]
        sys.stdout.write(" ".join(answers) + "\n")
        sys.stdout.flush()


def _how_it_ended(status: int) -> str:
    died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return "killed" if died else "failed" if status else "ended"


if __name__ == "__main__":
    main()
