"""Two open transactions: the first has done its part and not committed, the second must wait for it, and can not pass."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import service
from academy.enrolment.events import PaymentPromised
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, SeatCode
from academy.enrolment.service import seats
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from tests.enrolment.proofs.ground import (
    Act,
    Rival,
    cancel,
    class_with,
    confirm,
    do,
    enrol,
    extend,
    hold,
    meet,
    pool_apart,
    states,
    sweep,
    taken,
    wait,
)

QUARTER = timedelta(minutes=15)
only_postgresql = pytest.mark.parametrize(
    "database_url", ["postgresql"], indirect=True
)  # SQLite lets one writer in at a time


def _held(database: Database, now: datetime, *, price: int = 0) -> tuple[str, Actor, Actor, str]:
    """Make a class of one seat that the first of two people holds."""
    code, (sam, noor) = class_with(database, now, people=2, price=price)
    return code, sam, noor, do(database, hold(sam, code, now))


def _code_of(database: Database, state: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Enrolment.code).where(Enrolment.state == EnrolmentState(state))).one()


def test_the_last_seat_is_held_by_one(database: Database, now: datetime) -> None:
    code, (sam, noor) = class_with(database, now, people=2)
    assert meet(database, hold(sam, code, now), hold(noor, code, now)) == "offering-full"
    assert states(database) == ["held"]


def test_the_last_seat_of_a_class_that_others_hold_seats_in_is_held_by_one(database: Database, now: datetime) -> None:
    code, (sam, noor, piet) = class_with(database, now, seats=2)
    do(database, hold(piet, code, now))
    assert meet(database, hold(sam, code, now), hold(noor, code, now)) == "offering-full"
    assert states(database) == ["held", "held"]


def test_who_confirms_is_not_ended_by_a_sweep_at_the_same_moment(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, confirm(sam, mine, now), sweep(now + QUARTER)) == 0
    assert states(database) == ["confirmed"]


def test_who_promises_to_pay_is_not_ended_by_a_sweep_at_the_same_moment(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now, price=24500)
    assert meet(database, confirm(sam, mine, now), sweep(now + QUARTER)) == 0
    assert states(database) == ["held"]


def test_who_is_ended_by_a_sweep_hears_on_confirming_that_the_seat_went_on(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, sweep(now + QUARTER), confirm(sam, mine, now), tries=2) == "hold-ended"
    assert states(database) == ["expired"]


def test_who_gets_more_time_is_not_ended_by_a_sweep_at_the_same_moment(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, extend(sam, mine, now + QUARTER), sweep(now + QUARTER)) == 0
    assert states(database) == ["held"]


def test_who_is_ended_by_a_sweep_gets_no_more_time(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, sweep(now + QUARTER), extend(sam, mine, now + QUARTER), tries=2) == "hold-ended"
    assert states(database) == ["expired"]


def test_a_seat_that_is_given_back_while_its_time_runs_out_comes_free_once(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, cancel(sam, mine, now + QUARTER), sweep(now + QUARTER)) == 0
    assert (states(database), taken(database)) == (["cancelled"], 0)


def test_a_seat_whose_time_runs_out_while_it_is_given_back_comes_free_once(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, sweep(now + QUARTER), cancel(sam, mine, now + QUARTER)) == "not-cancellable"
    assert (states(database), taken(database)) == (["expired"], 0)


def test_a_seat_given_back_twice_comes_free_once(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, cancel(sam, mine, now), cancel(sam, mine, now)) == "not-cancellable"
    assert (states(database), taken(database)) == (["cancelled"], 0)


def test_two_sweeps_at_once_end_a_hold_once(database: Database, now: datetime) -> None:
    _held(database, now)
    assert meet(database, sweep(now + QUARTER), sweep(now + QUARTER)) == 0
    assert (states(database), taken(database)) == (["expired"], 0)


def test_who_takes_a_seat_whose_time_ran_out_leaves_nothing_to_the_sweep(database: Database, now: datetime) -> None:
    code, _sam, noor, _mine = _held(database, now)
    assert meet(database, hold(noor, code, now + QUARTER), sweep(now + QUARTER)) == 0
    assert (states(database), taken(database)) == (["expired", "held"], 1)


def test_who_comes_while_a_sweep_ends_a_hold_gets_the_seat(database: Database, now: datetime) -> None:
    code, _sam, noor, _mine = _held(database, now)
    assert meet(database, sweep(now + QUARTER), hold(noor, code, now + QUARTER)) == _code_of(database, "held")
    assert (states(database), taken(database)) == (["expired", "held"], 1)


def test_who_joins_the_line_while_a_seat_comes_free_is_offered_it(database: Database, now: datetime) -> None:
    code, sam, noor, mine = _held(database, now)
    assert meet(database, wait(noor, code, now), cancel(sam, mine, now)) is None
    assert (states(database), taken(database)) == (["cancelled", "offered"], 1)


def test_who_comes_to_the_line_just_after_a_seat_came_free_hears_that_there_is_room(
    database: Database, now: datetime
) -> None:
    code, sam, noor, mine = _held(database, now)
    assert meet(database, cancel(sam, mine, now), wait(noor, code, now)) == "offering-not-full"
    assert (states(database), taken(database)) == (["cancelled"], 0)


def test_two_seats_that_come_free_at_once_are_offered_once_to_one_who_waits(database: Database, now: datetime) -> None:
    code, (sam, noor, piet) = class_with(database, now, seats=2)
    mine, hers = (do(database, enrol(who, code, now)) for who in (sam, noor))
    do(database, wait(piet, code, now))
    assert meet(database, cancel(sam, mine, now), cancel(noor, hers, now)) is None
    assert (states(database), taken(database)) == (["cancelled", "cancelled", "offered"], 1)


def test_two_seats_that_come_free_at_once_go_to_the_first_two_in_line(database: Database, now: datetime) -> None:
    code, (sam, noor, *others) = class_with(database, now, seats=2, people=5)
    mine, hers = (do(database, enrol(who, code, now)) for who in (sam, noor))
    for number, who in enumerate(others):
        do(database, wait(who, code, now + timedelta(seconds=number)))
    assert meet(database, cancel(sam, mine, now), cancel(noor, hers, now)) is None
    assert states(database) == ["cancelled", "cancelled", "offered", "offered", "waiting"]


def test_who_leaves_the_line_while_a_seat_comes_free_lets_it_go_to_the_next(database: Database, now: datetime) -> None:
    code, (sam, noor, piet) = class_with(database, now)
    mine = do(database, enrol(sam, code, now))
    hers = do(database, wait(noor, code, now))
    do(database, wait(piet, code, now + timedelta(seconds=1)))
    assert meet(database, cancel(noor, hers, now), cancel(sam, mine, now)) is None
    assert states(database) == ["cancelled", "cancelled", "offered"]


def test_who_accepts_an_offer_is_not_ended_by_a_sweep_at_the_same_moment(database: Database, now: datetime) -> None:
    code, sam, noor, mine = _held(database, now)
    hers = do(database, wait(noor, code, now))
    do(database, cancel(sam, mine, now))
    assert meet(database, confirm(noor, hers, now), sweep(now + timedelta(hours=48))) == 0
    assert states(database) == ["cancelled", "confirmed"]


def test_one_form_sent_twice_at_once_is_one_request(database: Database, now: datetime) -> None:
    code, (sam,) = class_with(database, now, seats=3, people=1)
    key, made = new_id(), []
    answer = meet(
        database,
        lambda session: made.append(hold(sam, code, now, key=key)(session)),
        hold(sam, code, now, key=key),
        tries=2,
    )
    assert ([answer], states(database)) == (made, ["held"])


def test_a_code_for_one_lets_one_in(database: Database, now: datetime) -> None:
    code, (sam, noor) = class_with(database, now, seats=3, people=2)
    do(database, lambda session: pool_apart(session, code, now + timedelta(days=7), seats_apart=2, code="SAMEN-1"))
    first, second = (hold(who, code, now, seat_code="SAMEN-1") for who in (sam, noor))
    assert meet(database, first, second) == "seat-code-used"
    assert states(database) == ["held"]
    with database.reading() as session:
        assert session.scalars(select(SeatCode.used)).all() == [1]


def test_a_code_whose_first_reader_turns_back_is_still_good_for_the_second(database: Database, now: datetime) -> None:
    code, (sam, noor) = class_with(database, now, seats=3, people=2)
    do(database, lambda session: pool_apart(session, code, now + timedelta(days=7), seats_apart=2, code="SAMEN-1"))
    rival = Rival(database, hold(noor, code, now, seat_code="SAMEN-1"))
    with pytest.raises(RuntimeError, match="turns back"), database.writing() as session:
        hold(sam, code, now, seat_code="SAMEN-1")(session)
        session.flush()
        rival.start()
        rival.wait_until_stuck()
        raise RuntimeError("turns back")
    assert rival.end() == _code_of(database, "held")
    assert states(database) == ["held"]


def test_seats_that_open_up_while_one_comes_free_go_to_the_line_in_order(database: Database, now: datetime) -> None:
    code, (sam, noor, piet, anna) = class_with(database, now, seats=2, people=4)
    apart = do(database, lambda session: pool_apart(session, code, now, seats_apart=1, code="SAMEN-1"))
    mine = do(database, enrol(sam, code, now))
    for number, who in enumerate((noor, piet, anna)):
        do(database, wait(who, code, now + timedelta(seconds=number)))
    assert (
        meet(database, lambda session: service.open_up(session, pool_id=apart, now=now), cancel(sam, mine, now)) is None
    )
    assert states(database) == ["cancelled", "offered", "offered", "waiting"]


def _called_off(now: datetime) -> Act:
    """Call the class off, and do what the worker does when it hears of it."""

    def act(session: Session) -> None:
        session.execute(update(Offering).values(state=OfferingState.CANCELLED))
        service.withdraw_seats(session, offering_id=session.scalars(select(Offering.id)).one(), now=now)

    return act


def test_a_seat_held_while_the_class_is_called_off_is_ended_with_the_others(database: Database, now: datetime) -> None:
    code, (sam, noor) = class_with(database, now, seats=3, people=2)
    do(database, enrol(noor, code, now))
    rival = Rival(database, _called_off(now))
    with database.writing() as session:
        hold(sam, code, now)(session)
        session.flush()
        rival.start()
        rival.wait_until_stuck()
    rival.end()
    assert (states(database), taken(database)) == (["cancelled", "cancelled"], 0)


class _Pause:
    """Stops the first caller of a function, before or after it, until it may go on."""

    def __init__(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        self._real = getattr(owner, name)
        self._reached, self._go_on, self._first = threading.Event(), threading.Event(), threading.Lock()
        patch.setattr(owner, name, self._stopping)

    def _stopping(self, *args: Any, **named: Any) -> Any:
        if self._first.acquire(blocking=False):
            self._reached.set()
            assert self._go_on.wait(10)
        return self._real(*args, **named)

    def wait(self) -> None:
        assert self._reached.wait(10)

    def go_on(self) -> None:
        self._go_on.set()


@only_postgresql
def test_two_at_a_full_class_with_one_seat_over_time_get_one_seat_and_no_deadlock(
    database: Database,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has put an enrolment in the pool, and so holds a key of it, before either looks for seats whose time has run out."""
    code, (sam, noor, piet) = class_with(database, now)
    do(database, hold(piet, code, now))
    pause = _Pause(monkeypatch, seats, "take")
    first, second = (Rival(database, hold(who, code, now + QUARTER)) for who in (sam, noor))
    first.start()
    pause.wait()
    second_pause = _Pause(monkeypatch, seats, "lock")
    second.start()
    second_pause.wait()
    pause.go_on()
    second_pause.go_on()
    outcomes = [first.end(), second.end()]
    assert outcomes.count("offering-full") == 1
    assert (first.tries, second.tries) == (1, 1)
    assert states(database).count("held") == 1


def _hear(_session: object, _event: Event, _now: datetime) -> None:
    """Hear it."""


def test_confirming_twice_at_once_is_confirming_once(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    assert meet(database, confirm(sam, mine, now), confirm(sam, mine, now), tries=2) is EnrolmentState.CONFIRMED
    states(database)


def test_confirming_a_priced_seat_twice_at_once_is_confirming_once(database: Database, now: datetime) -> None:
    subscribe("tests.payment-promised", PaymentPromised, inside=_hear)
    _code, sam, _noor, mine = _held(database, now, price=24500)
    assert meet(database, confirm(sam, mine, now), confirm(sam, mine, now), tries=2) is EnrolmentState.HELD
    with database.reading() as session:
        heard = select(func.count()).where(OutboxMessage.subscriber == "tests.payment-promised")
        assert session.scalar(heard) == 1
    states(database)


def test_more_time_asked_twice_at_the_limit_is_given_once(database: Database, now: datetime) -> None:
    _code, sam, _noor, mine = _held(database, now)
    do(database, lambda session: session.execute(update(Enrolment).values(extended=9)))
    assert meet(database, extend(sam, mine, now), extend(sam, mine, now), tries=2) == "no-more-time"
    with database.reading() as session:
        assert session.scalars(select(Enrolment.extended)).all() == [10]
