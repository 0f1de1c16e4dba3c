"""Seats of a block when many want them at once, in transactions of their own; and what happens without the guards.

    mutation                                                   red
    `seats.take` without its guard                             the CHECK of the pool refuses the second
    `seats.use_code` without `used < uses`                     the CHECK of the code refuses the second
    `lock_for_giving_on` that locks nothing                    a deadlock: who gives back and who takes wait for each other
    `sell_block` that does not lock the pool for everyone      a deadlock: who sells and who leaves late wait for each other
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import service
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, SeatCode, SeatPool
from academy.enrolment.service import block_seats, blocks, leaving, seats
from academy.funding import service as funding_service
from academy.funding.api import BlockState
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.kernel.ids import new_id
from tests.enrolment.block_desk import DAY, NAME, BlockDesk, open_block_desk
from tests.enrolment.desk import listen
from tests.enrolment.proofs.ground import Act, Rival, do, hold, meet, sweep
from tests.enrolment.races import at_the_same_time

AT_ONCE, TRIES = 8, 10
QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen()
    funding_service.forget_rules()


@pytest.fixture
def desk(database: Database, now: datetime) -> BlockDesk:
    return open_block_desk(database, now, seats=10)


def _claim(desk: BlockDesk, block_id: UUID, who: Actor, seat_code: str | None = None) -> Act:
    return lambda session: blocks.claim_seat(
        session, block_id=block_id, person_id=who.person_id, by=who.person_id, seat_code=seat_code, now=desk.now,
    )


def _release(desk: BlockDesk, block_id: UUID, code: str) -> Act:
    return lambda session: blocks.release_seat(session, block_id=block_id, code=code, by=None, now=desk.now)


def _sell(desk: BlockDesk, number: int) -> Act:
    terms: dict[str, Any] = {"organisation_id": desk.buyer.owner_id, "budget_id": desk.budget_id(), "offering_code": desk.code, "name": NAME}
    return lambda session: blocks.sell_block(session, seats=number, reference="", by=None, is_ordered=True, now=desk.now, **terms)


def _all_at_once(database: Database, acts: Sequence[Act]) -> Counter[str]:
    """Let everybody act in a transaction of their own, eight at any moment; returns what they heard: `yes`, or the code of a refusal."""
    start = threading.Barrier(AT_ONCE)

    def one(number: int) -> str:
        if number < AT_ONCE:
            start.wait()
        for left in reversed(range(TRIES)):
            try:
                do(database, acts[number])
            except DatabaseBusy as busy:
                if not left:
                    return busy.code
            except Refusal as refusal:
                return refusal.code
            else:
                break
        return "yes"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(one, range(len(acts))))


def _learners(desk: BlockDesk, number: int) -> list[Actor]:
    return [desk.learner(f"Cursist {place}") for place in range(number)]


def test_of_forty_eight_claims_of_six_seats_six_are_told_yes_and_all_others_why_not(desk: BlockDesk) -> None:
    sold = desk.sell(6)
    heard = _all_at_once(desk.database, [_claim(desk, sold.block_id, who) for who in _learners(desk, 48)])
    assert heard == {"yes": 6, "offering-full": 42}
    assert (desk.pools(), desk.money(), desk.block(sold).named) == ({"": (4, 0), NAME: (6, 6)}, (6, 0), 6)


def test_of_eight_claims_of_each_of_six_codes_one_is_told_yes(desk: BlockDesk) -> None:
    sold = desk.sell(6)
    codes = desk.codes(sold, 6)
    heard = _all_at_once(desk.database, [_claim(desk, sold.block_id, who, codes[place % 6]) for place, who in enumerate(_learners(desk, 48))])
    assert heard == {"yes": 6, "seat-code-used": 42}
    with desk.database.reading() as session:
        used = session.scalars(select(Enrolment.seat_code).where(Enrolment.state == EnrolmentState.CONFIRMED)).all()
    assert sorted(each or "" for each in used) == sorted(codes)
    assert (desk.pools(), desk.money()) == ({"": (4, 0), NAME: (6, 6)}, (6, 0))


def test_of_sixty_four_claims_of_one_code_one_is_told_yes(desk: BlockDesk) -> None:
    sold = desk.sell(6)
    (seat_code,) = desk.codes(sold)
    acts = [hold(who, desk.code, desk.now, seat_code=seat_code) for who in _learners(desk, 64)]
    assert _all_at_once(desk.database, acts) == {"yes": 1, "seat-code-used": 63}
    assert (desk.pools(), desk.money()) == ({"": (4, 0), NAME: (6, 1)}, (6, 0))


def test_the_last_seat_of_a_block_is_given_to_one(desk: BlockDesk) -> None:
    sold, (sam, noor) = desk.sell(1), _learners(desk, 2)
    assert meet(desk.database, _claim(desk, sold.block_id, sam), _claim(desk, sold.block_id, noor)) == "offering-full"
    assert (desk.pools(), desk.money()) == ({"": (9, 0), NAME: (1, 1)}, (1, 0))


def test_a_seat_that_is_given_back_while_another_is_taken_waits_and_needs_no_second_try(desk: BlockDesk) -> None:
    sold, (sam, noor) = desk.sell(2), _learners(desk, 2)
    code = do(desk.database, _claim(desk, sold.block_id, sam))
    meet(desk.database, _claim(desk, sold.block_id, noor), _release(desk, sold.block_id, code))
    assert (desk.pools(), desk.money()) == ({"": (8, 0), NAME: (2, 1)}, (2, 0))


def _meet_halfway(desk: BlockDesk, monkeypatch: pytest.MonkeyPatch, *, first: Act, step: tuple[ModuleType, str], second: Act) -> None:
    """Let the second begin when the first has come to `step`; the second waits until the first has come to its end, and nobody starts over."""
    (room, name), rival = step, Rival(desk.database, second)
    whole = getattr(room, name)

    def halfway(*args: Any, **what: Any) -> object:
        rival.start()
        rival.wait_until_stuck()
        return whole(*args, **what)

    monkeypatch.setattr(room, name, halfway)
    do(desk.database, first)
    rival.end()
    assert rival.tries == 1, "they waited for each other"


def test_who_gives_a_seat_back_waits_for_who_takes_one_and_not_the_other_way_round_as_well(desk: BlockDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    sold, (sam, noor) = desk.sell(2), _learners(desk, 2)
    code = do(desk.database, _claim(desk, sold.block_id, sam))
    claim, release = _claim(desk, sold.block_id, noor), _release(desk, sold.block_id, code)
    _meet_halfway(desk, monkeypatch, first=claim, step=(block_seats, "name"), second=release)
    assert (desk.pools(), desk.money()) == ({"": (8, 0), NAME: (2, 1)}, (2, 0))


def test_who_leaves_late_waits_for_who_sells_seats_and_not_the_other_way_round_as_well(desk: BlockDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.set_offering(cancel_free_days=60, cancel_late_percent=40)
    sold = desk.sell(2)
    release = _release(desk, sold.block_id, desk.claim(sold))
    _meet_halfway(desk, monkeypatch, first=_sell(desk, 1), step=(blocks, "_add_pool"), second=release)
    assert desk.pools() == {"": (8, 0), NAME: (1, 0), f"{NAME} 2": (1, 0)}


def test_two_who_leave_late_at_once_use_up_two_seats(desk: BlockDesk) -> None:
    desk.set_offering(cancel_free_days=60, cancel_late_percent=40)
    sold = desk.sell(2)
    first, second = (desk.claim(sold) for _time in range(2))
    meet(desk.database, _release(desk, sold.block_id, first), _release(desk, sold.block_id, second))
    assert desk.pools() == {"": (10, 0), NAME: (0, 0)}


def test_the_last_free_seat_is_sold_or_held_not_both(desk: BlockDesk) -> None:
    desk.enrolled(9)
    (sam,) = _learners(desk, 1)

    assert meet(desk.database, hold(sam, desk.code, desk.now), _sell(desk, 1)) == "block-too-large"
    do(desk.database, sweep(desk.now + QUARTER))
    assert meet(desk.database, _sell(desk, 1), hold(sam, desk.code, desk.now)) == "offering-full"
    assert (desk.pools(), desk.money()) == ({"": (9, 9), NAME: (1, 0)}, (1, 0))


def test_who_is_named_while_the_class_is_called_off_has_no_seat(desk: BlockDesk) -> None:
    sold, (sam,) = desk.sell(1), _learners(desk, 1)
    offering_id = desk.offering().id

    def call_off(session: Session) -> None:
        session.execute(update(Offering).where(Offering.id == offering_id).values(state=OfferingState.CANCELLED))
        leaving.withdraw_seats(session, offering_id=offering_id, now=desk.now)

    assert meet(desk.database, call_off, _claim(desk, sold.block_id, sam)) in {"offering-full", "enrolment-closed"}
    assert (desk.block(sold).state, desk.money()) == (BlockState.CLOSED, (0, 0))


def test_a_seat_that_is_named_as_the_class_begins_is_owed_once(desk: BlockDesk) -> None:
    sold, (sam,) = desk.sell(2), _learners(desk, 1)
    begins = desk.now + 28 * DAY
    offering_id = desk.offering().id
    meet(desk.database, _claim(desk, sold.block_id, sam), lambda session: blocks.close_begun(session, offering_id=offering_id, now=begins))
    assert (desk.block(sold).state, desk.block(sold).named, desk.money()) == (BlockState.CLOSED, 1, (2, 0))


def _unguarded_take(session: Session, pool_id: UUID, seats: int = 1) -> bool:
    session.execute(update(SeatPool).where(SeatPool.id == pool_id).values(taken=SeatPool.taken + seats))
    return True


def _unguarded_code(session: Session, code: str, *, now: datetime) -> UUID | None:
    return session.scalar(update(SeatCode).where(SeatCode.code == code).values(used=SeatCode.used + 1).returning(SeatCode.pool_id))


@pytest.mark.parametrize(("what", "unguarded"), [("take", _unguarded_take), ("use_code", _unguarded_code)])
def test_without_a_guard_the_database_stops_the_second(
    desk: BlockDesk, monkeypatch: pytest.MonkeyPatch, what: str, unguarded: Callable[..., object],
) -> None:
    sold, (sam, noor) = desk.sell(1), _learners(desk, 2)
    (seat_code,) = desk.codes(sold)
    acts = [_claim(desk, sold.block_id, who, seat_code if what == "use_code" else None) for who in (sam, noor)]
    monkeypatch.setattr(seats, what, unguarded)
    assert at_the_same_time(desk.database, *acts) == "stopped by the database"
    assert (desk.pools(), desk.money()) == ({"": (9, 0), NAME: (1, 1)}, (1, 0))


def test_a_hold_by_code_that_runs_out_while_it_is_confirmed_is_a_seat(desk: BlockDesk) -> None:
    sold, (sam,) = desk.sell(1), _learners(desk, 1)
    (seat_code,) = desk.codes(sold)
    with desk.database.writing() as session:
        mine = service.hold_seat(session, actor=sam, offering_code=desk.code, request_key=new_id(), seat_code=seat_code, now=desk.now)
    confirm: Act = lambda session: service.confirm(session, actor=sam, code=mine, now=desk.now)  # noqa: E731 - an act like the others
    meet(desk.database, confirm, sweep(desk.now + QUARTER))
    assert (desk.row(mine).state, desk.pools(), desk.money()) == (EnrolmentState.CONFIRMED, {"": (9, 0), NAME: (1, 1)}, (1, 0))
