"""What the proofs of enrolment stand on: a class with people, acts in transactions of their own, and what must hold at any moment.

A proof is worth what its negative control shows. Each of these mutations makes a test go red. Those marked * have a control in
test_negative_controls.py that keeps it so; the others were made by hand.

    mutation                                                          red
  * `seats.take` without `taken + 1 <= capacity`                      the CHECK refuses; without it: two people on one seat
  * `seats.take` that counts nothing                                  the audit
  * no CHECK taken_within_capacity                                    two people on one seat, once the guard is gone too
  * no unique index uq_enrolment_live                                 one person has two places in a class
  * no unique request_key                                             the second of one form is refused what the first made
  * SQLite with BEGIN instead of BEGIN IMMEDIATE                      the second is sent away instead of waiting
  * no guard on the state in `change`                                 a seat that went on is confirmed
  * `seats.use_code` without `used < uses`                            the CHECK refuses the second use
    `_expire` that does not look again under the lock                 test_two_transactions: more time, two sweeps
    `free_seat` that returns the seat without looking at the line     test_two_transactions: who joins the line while a seat comes free
    `join_waiting_list` that does not lock the pool                   test_two_transactions: the same
    `seats.lock` as FOR UPDATE (without key_share)                    test_two_transactions: two at a full class, a deadlock
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries, rules, service
from academy.enrolment.kinds import KEPT_STATES, LIVE_STATES, SEATED_STATES, EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatCode, SeatPool
from academy.enrolment.service import seats
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.kernel.ids import new_id
from tests import builders
from tests.enrolment.vat import decide_vat

TRIES = 3  # as the entry of the application: who meets a busy database starts over
Act = Callable[[Session], object]
Step = tuple[EnrolmentState | None, EnrolmentState]


def class_with(
    database: Database,
    now: datetime,
    *,
    seats: int = 1,
    people: int = 3,
    price: int = 0,
    **more: Any,
) -> tuple[str, list[Actor]]:
    """Make a class and people who want to be in it; returns the class's code and them."""
    with database.writing() as session:
        code = builders.offering(session, now, seats=seats, price=price, **more)
        decide_vat(session, now)
        return code, [builders.actor(session, now) for _ in range(people)]


def pool_apart(
    session: Session, offering_code: str, now: datetime, *, seats_apart: int, code: str, uses: int = 1
) -> UUID:
    """Keep seats of a class apart for a group that gets in with `code`, `uses` times, until `now`; returns the pool."""
    offering = catalogue.offering_for_enrolment(session, offering_code).offering
    apart = seats.add_pool(
        session,
        offering_id=offering.id,
        kind=PoolKind.TARGET_GROUP,
        name="Starters",
        sponsor_id=None,
        opens_up_at=now,
    )
    assert seats.move(session, from_pool=seats.public_pool(session, offering), to_pool=apart, seats=seats_apart)
    session.add(SeatCode(id=new_id(), code=code, pool_id=apart, uses=uses, used=0, made_at=now))
    return apart


def hold(actor: Actor, offering_code: str, now: datetime, *, key: UUID | None = None, seat_code: str = "") -> Act:
    return lambda session: service.hold_seat(
        session,
        actor=actor,
        offering_code=offering_code,
        request_key=key,
        now=now,
        seat_code=seat_code,
    )


def wait(actor: Actor, offering_code: str, now: datetime, *, key: UUID | None = None) -> Act:
    return lambda session: service.join_waiting_list(
        session,
        actor=actor,
        offering_code=offering_code,
        when_can_you=[],
        most_price=None,
        request_key=key,
        now=now,
    )


def confirm(actor: Actor, code: str, now: datetime) -> Act:
    return lambda session: service.confirm(session, actor=actor, code=code, now=now)


def extend(actor: Actor, code: str, now: datetime) -> Act:
    return lambda session: service.extend_hold(session, actor=actor, code=code, now=now)


def cancel(actor: Actor, code: str, now: datetime) -> Act:
    return lambda session: service.cancel(session, actor=actor, code=code, now=now)


def sweep(now: datetime) -> Act:
    return lambda session: service.expire_due(session, now=now)


def enrol(actor: Actor, offering_code: str, now: datetime) -> Act:
    return lambda session: builders.enrol(session, actor=actor, offering_code=offering_code, now=now)


def do(database: Database, act: Act) -> Any:
    """Do one thing in a transaction of its own."""
    with database.writing() as session:
        return act(session)


@dataclass
class Rival:
    """Somebody who does one thing in another thread, and starts over when the database is busy, as the entry does."""

    database: Database
    act: Act
    outcome: Any = None  # what it answered, or the code of the refusal
    tries: int = 0
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        for self.tries in range(1, TRIES + 1):
            try:
                self.outcome = do(self.database, self.act)
            except DatabaseBusy as busy:
                self.outcome = busy.code
            except Refusal as refusal:
                self.outcome = refusal.code
                return
            else:
                return

    def start(self) -> None:
        self._thread.start()

    def is_done(self, *, within_seconds: float = 0) -> bool:
        self._thread.join(within_seconds)
        return not self._thread.is_alive()

    def wait_until_stuck(self) -> None:
        """Return as soon as it waits for a lock; it must not come to its end."""
        until = time.monotonic() + 60
        while not _is_somebody_stuck(self.database):
            assert not self.is_done(), f"it did not wait: {self.outcome}"
            assert time.monotonic() < until
            time.sleep(0.005)

    def end(self) -> Any:
        assert self.is_done(within_seconds=60)
        return self.outcome


def _is_somebody_stuck(database: Database) -> bool:
    if database._turn is not None:
        return bool(database._turn._queue)
    stuck = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.reading() as session:
        return bool(session.scalar(stuck))


def meet(database: Database, first: Act, second: Act, *, tries: int = 1) -> Any:
    """Do `first` and, before it commits, `second`, which must wait for it; returns what `second` came to.

    It may start over so often (`tries`); where it needs no second try, that it took one is a fault: a deadlock.
    """
    rival = Rival(database, second)
    with database.writing() as session:
        first(session)
        session.flush()
        rival.start()
        rival.wait_until_stuck()
    outcome = rival.end()
    assert rival.tries <= tries
    return outcome


def states(database: Database) -> list[str]:
    """Return the states of all enrolments in the order in which they were made, after looking that all is well."""
    check(database)
    with database.reading() as session:
        return [state.value for state in session.scalars(select(Enrolment.state).order_by(Enrolment.id))]


def taken(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.coalesce(func.sum(SeatPool.taken), 0))) or 0)


def check(database: Database) -> None:
    """Look that what must hold at any moment holds."""
    with database.reading() as session:
        assert faults(session) == []


def faults(session: Session) -> list[str]:
    """Return what does not hold: counters, columns, histories, the line. None, when all is well."""
    found = [f"pool {each.pool_id}: {each.taken} taken, {each.live} seated" for each in queries.audit(session)]
    pools = session.execute(select(SeatPool.id, SeatPool.capacity, SeatPool.taken, SeatPool.offering_id)).all()
    found += [
        f"pool {pool.id}: {pool.taken} of {pool.capacity}" for pool in pools if not 0 <= pool.taken <= pool.capacity
    ]
    enrolments = session.scalars(select(Enrolment)).all()
    found += [f"{row.code}: {word}" for row in enrolments for word in _inconsistencies(row)]
    found += _doubles(enrolments)
    steps: defaultdict[UUID, list[Step]] = defaultdict(list)
    history = select(EnrolmentStep.enrolment_id, EnrolmentStep.from_state, EnrolmentStep.to_state).order_by(
        EnrolmentStep.id
    )
    for enrolment_id, was, to in session.execute(history):
        steps[enrolment_id].append((was, to))
    found += [f"{row.code}: {word}" for row in enrolments for word in _unexplained(row.state, steps[row.id])]
    return found


def _inconsistencies(row: Enrolment) -> list[str]:
    rules_of_columns = {
        "until": (row.state in KEPT_STATES) == (row.until is not None),
        "confirmed_at": row.state is not EnrolmentState.CONFIRMED or row.confirmed_at is not None,
        "queued_at": row.state is not EnrolmentState.WAITING or row.queued_at is not None,
        "ended_at": (row.state not in LIVE_STATES) == (row.ended_at is not None),
        "waits_for": (row.state in {EnrolmentState.HELD, EnrolmentState.REQUESTED}) == (row.waits_for is not None),
    }
    return [column for column, holds in rules_of_columns.items() if not holds]


def _doubles(enrolments: Sequence[Enrolment]) -> list[str]:
    live = [(row.offering_id, row.person_id) for row in enrolments if row.state in LIVE_STATES]
    keys = [row.request_key for row in enrolments if row.request_key]
    return [
        word
        for word, rows in (("two places in one class", live), ("two of one form", keys))
        if len(set(rows)) < len(rows)
    ]


def _unexplained(state: EnrolmentState, chain: Sequence[Step]) -> list[str]:
    if not chain:
        return ["no history"]
    found = [] if chain[0][0] is None and chain[-1][1] is state else [f"{chain} does not explain {state}"]
    found += [f"a gap before {after}" for (_was, to), after in pairwise(chain) if to is not after[0]]
    found += [f"{step} is no way" for step in chain if step[1] not in rules.FOLLOWS[step[0]]]
    return found


def waits_beside_free_seats(session: Session) -> list[UUID]:
    """Return the pools with free seats for which people wait; of a class that has not begun there are none."""
    waiting = select(Enrolment.pool_id).where(Enrolment.state == EnrolmentState.WAITING)
    return list(
        session.scalars(select(SeatPool.id).where(SeatPool.taken < SeatPool.capacity, SeatPool.id.in_(waiting)))
    )


def seated(session: Session) -> int:
    return session.scalar(select(func.count()).where(Enrolment.state.in_(SEATED_STATES))) or 0
