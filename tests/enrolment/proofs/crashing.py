"""A process that does one thing to an enrolment, over and over, and each time is killed one point later.

Started by test_crash_points.py. It reads one JSON object a line: what to do, to whom, and at which point to die. For each it forks, so that
what was imported is imported once, and the fork sends itself SIGKILL before or after a statement or a commit. It answers "killed", or
"ended" when there is no such point any more.
"""

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from academy.accounts import queries as accounts
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import events, service
from academy.enrolment.service import admitting, blocks, withdrawing
from academy.kernel.db import Database
from academy.kernel.outbox import Event, subscribe

ACTS: dict[str, Callable[..., object]] = {
    "hold": lambda session, actor, now, *, offering, key: service.hold_seat(
        session,
        actor=actor,
        offering_code=offering,
        request_key=UUID(key),
        now=now,
    ),
    "wait": lambda session, actor, now, *, offering, key: service.join_waiting_list(
        session,
        actor=actor,
        offering_code=offering,
        when_can_you=[],
        most_price=None,
        request_key=UUID(key),
        now=now,
    ),
    "confirm": lambda session, actor, now, *, mine: service.confirm(session, actor=actor, code=mine, now=now),
    "extend": lambda session, actor, now, *, mine: service.extend_hold(session, actor=actor, code=mine, now=now),
    "cancel": lambda session, actor, now, *, mine: service.cancel(session, actor=actor, code=mine, now=now),
    "withdraw": lambda session, actor, now, *, mine: withdrawing.withdraw(
        session, actor=actor, code=mine, email=actor.email, now=now
    ),
    "settle": lambda session, _actor, now, *, enrolment_id: admitting.settle(session, UUID(enrolment_id), now=now),
    "expire": lambda session, _actor, now: service.expire_due(session, now=now),
    "open up": lambda session, _actor, now, *, pool: service.open_up(session, pool_id=UUID(pool), now=now),
    "call off": lambda session, _actor, now, *, offering_id: service.withdraw_seats(
        session, offering_id=UUID(offering_id), now=now
    ),
    "sell and order": lambda session, _actor, now, *, offering, organisation, budget, seats: sell_and_order(
        session, now, offering=offering, organisation=organisation, budget=budget, seats=seats
    ),
    "claim": lambda session, actor, now, *, block, seat_code: blocks.claim_seat(
        session, block_id=UUID(block), person_id=actor.person_id, by=None, now=now, seat_code=seat_code
    ),
    "begin": lambda session, _actor, now, *, offering_id: blocks.close_begun(
        session, offering_id=UUID(offering_id), now=now
    ),
}


def sell_and_order(
    session: Session, now: datetime, *, offering: str, organisation: str, budget: str, seats: int
) -> blocks.SoldBlock:
    """Sell a block of a class and order it, as for a class that is founded in this moment."""
    sold = blocks.sell_block(
        session,
        organisation_id=UUID(organisation),
        name="Bakkerij",
        offering_code=offering,
        seats=seats,
        budget_id=UUID(budget),
        reference="",
        by=None,
        is_ordered=False,
        now=now,
    )
    found = catalogue.offering_with_code(session, offering)
    blocks.order_blocks(session, offering_id=found.offering.id, now=now)
    return sold


def listen() -> None:
    """Let somebody want to hear all news of enrolment, so that it is written."""
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            subscribe(f"proofs.{kind.name}", kind, inside=_hear)


def _hear(_session: Session, _event: Event, _now: datetime) -> None:
    """Hear it."""


def act(session: Session, actor: Actor, *, what: str, now: str, **named: Any) -> object:
    """Do one thing, given in words that travel as JSON."""
    return ACTS[what](session, actor, datetime.fromisoformat(now), **named)


def _die_at(point: int) -> None:
    counted = itertools.count(1)

    def at_a_point(*_: object, **__: object) -> None:
        if next(counted) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, at_a_point)
    event.listen(Session, "after_commit", at_a_point)


class _Undone(Exception):
    """Ends a rehearsal."""


def _ready(database: Database, *, sign_in: str, now: str) -> Actor:
    with database.reading() as session:
        actor = accounts.actor_of(session, UUID(sign_in), now=datetime.fromisoformat(now))
    assert actor is not None
    return actor


def _rehearse(database: Database, *, sign_in: str, point: int, **what: Any) -> None:
    """Do it and undo it once, so that the forks find its statements compiled; no connection stays open to be inherited."""
    if point == 1:
        actor = _ready(database, sign_in=sign_in, now=what["now"])
        with suppress(_Undone), database.writing() as session:
            act(session, actor, **what)
            raise _Undone
        database.close()


def _die(database: Database, *, sign_in: str, point: int, **what: Any) -> None:
    actor = _ready(database, sign_in=sign_in, now=what["now"])
    _die_at(point)
    with database.writing() as session:
        act(session, actor, **what)


def main() -> None:
    listen()
    database = Database(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        _rehearse(database, **order)
        child = os.fork()
        if not child:
            _die(database, **order)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        answer = "killed" if died else f"ended with {status}" if status else "ended"
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
