"""What the clock does to money: notices that wait, visits that have to end, and orders to the bank; each may be repeated.

The bank is asked outside of transactions. When it is away, or slow, a turn ends early, so that the other work of the clock goes on.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TypeVar

from academy.kernel.db import database
from academy.payments.models import MoneyReturn, Refund, Transfer, TransferReversal
from academy.payments.service import bank, closing, comparing, notices, refunds, returning, sending, sweeping, transfers

_LONGEST_TURN: Final = 5.0  # seconds, and one call more
_One = TypeVar("_One")


def look_at_notices(now: datetime) -> None:
    """Act on notices that could not be acted on before, one transaction each."""
    with database().reading() as session:
        due = notices.due_notices(session, now=now)
    for notice_id in due:
        notices.look_again(notice_id, now=now)


def close_visits(now: datetime) -> None:
    """Have the bank end the visits of payments for which no more money is taken."""
    if not bank.is_open():
        return
    with database().reading() as session:
        visits = closing.closing_visits(session)
    _while_it_answers(lambda visit: closing.close_visit(*visit, now=now), visits)


def send_orders(now: datetime) -> None:
    """Send what is due to the bank: refunds first, then transfers to who can receive them, and reversals of transfers that left."""
    if not bank.is_open():
        return
    with database().reading() as session:
        back = sending.due(session, Refund, now=now)
        unbooked = sending.due(session, MoneyReturn, now=now)
        on = sending.due(session, Transfer, transfers.CAN_RECEIVE, now=now)
        reversed_ = sending.due(session, TransferReversal, transfers.HAS_LEFT, now=now)
    _while_it_answers(lambda refund_id: refunds.send(refund_id, now=now), back)
    _while_it_answers(lambda return_id: returning.send(return_id, now=now), unbooked)
    _while_it_answers(lambda transfer_id: transfers.send(transfer_id, now=now), on)
    _while_it_answers(lambda reversal_id: transfers.reverse(reversal_id, now=now), reversed_)


def find_what_is_wrong(now: datetime) -> None:
    """Compare with the bank once a day, some pages a turn; see what fails or waits here; and tell the programme office once a day of what is new."""
    sweeping.sweep(now)
    if bank.is_open():
        ends = time.monotonic() + _LONGEST_TURN
        while comparing.go_on(now) and time.monotonic() < ends:
            pass
    comparing.tell(now)


def _while_it_answers(ask: Callable[[_One], bool], of: Iterable[_One]) -> None:
    ends = time.monotonic() + _LONGEST_TURN
    for each in of:
        if not ask(each) or time.monotonic() >= ends:
            return
