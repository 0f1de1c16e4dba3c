"""SIGKILL before and after every statement and commit: the database is as it was or as it should be, and once more makes one effect.

The points are counted, not drawn: a use case is killed at its first point, at its second, and so on until it comes to its end.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import queries
from academy.enrolment.events import RefundDue
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatPool
from academy.enrolment.queries.blocks import audit_blocks
from academy.enrolment.service import admitting, blocks
from academy.funding import api as funding
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget
from academy.kernel import outbox
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.ids import new_id
from academy.kernel.outbox import OutboxMessage
from tests import builders
from tests.enrolment.proofs import crashing
from tests.enrolment.proofs.ground import cancel, check, confirm, do, enrol, hold, pool_apart, sweep, wait
from tests.enrolment.vat import decide_vat
from tests.funding import money

ROOT = Path(__file__).resolve().parents[3]
QUARTER, WEEK = timedelta(minutes=15), timedelta(days=7)
MOST_POINTS = 200


@dataclass
class Doomed:
    """The process that dies."""

    process: subprocess.Popen[str]

    def do(self, actor: Actor, *, point: int, **what: Any) -> str:
        assert self.process.stdin
        assert self.process.stdout
        order = {"sign_in": str(actor.sign_in_id), "point": point, **what}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture(scope="module")
def doomed(database_url: str) -> Iterator[Doomed]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.enrolment.proofs.crashing", database_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Doomed(process)
    process.communicate(timeout=10)


@pytest.fixture(autouse=True)
def _all_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_subscribers", {})
    crashing.listen()


@dataclass
class Ground:
    """A class for every point, with the same people: what happened in one has nothing to do with another."""

    database: Database
    now: datetime
    people: list[Actor]
    provider_id: UUID
    module: str
    seats: int = 1
    price: int = 0
    offering: str = field(init=False)

    def renew(self) -> None:
        with self.database.writing() as session:
            self.offering = builders.offering(
                session,
                self.now,
                seats=self.seats,
                price=self.price,
                external_id=self.module,
                provider_id=self.provider_id,
            )

    def offering_id(self) -> UUID:
        with self.database.reading() as session:
            return session.scalars(select(Offering.id).where(Offering.code == self.offering)).one()

    def refunds(self) -> int:
        """Return how often it was told that money goes back."""
        with self.database.reading() as session:
            told = select(func.count()).where(
                OutboxMessage.event == RefundDue.name, OutboxMessage.subscriber.like("proofs.%")
            )
            return session.scalar(told) or 0

    def picture(self) -> tuple[object, ...]:
        """Return all there is of this class: places with their history, pools, news."""
        check(self.database)
        with self.database.reading() as session:
            assert audit_blocks(session) == []
            assert money.adds_up(session)
            return _picture(session, self.offering_id())


def _picture(session: Session, offering_id: UUID) -> tuple[object, ...]:
    rows = session.execute(
        select(
            Enrolment.id, Enrolment.person_id, Enrolment.state, Enrolment.waits_for, Enrolment.until, Enrolment.extended
        ).where(Enrolment.offering_id == offering_id),
    ).all()
    steps = session.execute(
        select(EnrolmentStep.enrolment_id, EnrolmentStep.from_state, EnrolmentStep.to_state, EnrolmentStep.why).where(
            EnrolmentStep.enrolment_id.in_([row.id for row in rows])
        ),
    ).all()
    of = {row.id: row.person_id for row in rows}
    about = {str(each): person for each, person in of.items()} | {str(offering_id): "class"}
    news = session.execute(
        select(OutboxMessage.event, OutboxMessage.payload).where(OutboxMessage.subscriber.like("proofs.%"))
    ).all()
    heard = [(message.event, about[key]) for message in news for key in message.payload.values() if key in about]
    pools = session.execute(
        select(SeatPool.kind, SeatPool.capacity, SeatPool.taken, SeatPool.opens_up_at).where(
            SeatPool.offering_id == offering_id
        ),
    ).all()
    return (
        Counter(tuple(row)[1:] for row in rows),
        Counter((of[step.enrolment_id], *tuple(step)[1:]) for step in steps),
        Counter(tuple(pool) for pool in pools),
        Counter(heard),
        Counter((each.state, each.seats, each.named) for each in funding.blocks_at(session, offering_id)),
    )


Prepare = Callable[[Ground], dict[str, Any]]


def _to_hold(ground: Ground) -> dict[str, Any]:
    return {"what": "hold", "offering": ground.offering, "key": str(new_id())}


def _to_hold_what_ran_out(ground: Ground) -> dict[str, Any]:
    do(ground.database, hold(ground.people[1], ground.offering, ground.now - QUARTER))
    return _to_hold(ground)


def _to_wait(ground: Ground) -> dict[str, Any]:
    do(ground.database, enrol(ground.people[1], ground.offering, ground.now))
    return {**_to_hold(ground), "what": "wait"}


def _to_confirm(ground: Ground) -> dict[str, Any]:
    return {"what": "confirm", "mine": do(ground.database, hold(ground.people[0], ground.offering, ground.now))}


def _to_confirm_an_offer(ground: Ground) -> dict[str, Any]:
    theirs = do(ground.database, enrol(ground.people[1], ground.offering, ground.now))
    mine = do(ground.database, wait(ground.people[0], ground.offering, ground.now))
    do(ground.database, cancel(ground.people[1], theirs, ground.now))
    return {"what": "confirm", "mine": mine}


def _to_expire(ground: Ground) -> dict[str, Any]:
    do(ground.database, hold(ground.people[0], ground.offering, ground.now - QUARTER))
    return {"what": "expire"}


def _to_expire_and_pass_on(ground: Ground) -> dict[str, Any]:
    order = _to_expire(ground)
    for number, who in enumerate(ground.people[1:]):
        do(ground.database, wait(who, ground.offering, ground.now + timedelta(seconds=number)))
    return order


def _to_cancel_and_pass_on(ground: Ground) -> dict[str, Any]:
    mine = do(ground.database, enrol(ground.people[0], ground.offering, ground.now))
    for number, who in enumerate(ground.people[1:]):
        do(ground.database, wait(who, ground.offering, ground.now + timedelta(seconds=number)))
    return {"what": "cancel", "mine": mine}


def _to_cancel_what_waits_for_payment(ground: Ground) -> dict[str, Any]:
    mine = do(ground.database, hold(ground.people[0], ground.offering, ground.now))
    do(ground.database, confirm(ground.people[0], mine, ground.now))
    return {"what": "cancel", "mine": mine}


def _promised(ground: Ground, now: datetime) -> str:
    """Keep a seat for the first person until it is paid; returns the enrolment's code."""
    mine = str(do(ground.database, hold(ground.people[0], ground.offering, now)))
    do(ground.database, confirm(ground.people[0], mine, now))
    return mine


def _to_settle(ground: Ground) -> dict[str, Any]:
    return _money_for(ground, _promised(ground, ground.now))


def _to_settle_late(ground: Ground) -> dict[str, Any]:
    mine = _promised(ground, ground.now - 2 * WEEK)
    do(ground.database, sweep(ground.now))
    return _money_for(ground, mine)


def _to_settle_late_and_pay_back(ground: Ground) -> dict[str, Any]:
    order = _to_settle_late(ground)
    do(ground.database, hold(ground.people[1], ground.offering, ground.now))
    return order


def _money_for(ground: Ground, mine: str) -> dict[str, Any]:
    with ground.database.reading() as session:
        return {"what": "settle", "enrolment_id": str(queries.my_enrolment(session, ground.people[0], mine).id)}


def _to_leave_what_is_paid(ground: Ground, what: str) -> dict[str, Any]:
    mine = _promised(ground, ground.now)
    paid = UUID(_money_for(ground, mine)["enrolment_id"])
    do(ground.database, lambda session: admitting.settle(session, paid, now=ground.now))
    do(ground.database, wait(ground.people[1], ground.offering, ground.now))
    return {"what": what, "mine": mine}


def _to_call_off_what_is_paid(ground: Ground) -> dict[str, Any]:
    _to_leave_what_is_paid(ground, "call off")
    return _to_call_off(ground, enrolled=True)


def _to_open_up(ground: Ground) -> dict[str, Any]:
    apart = do(
        ground.database,
        lambda session: pool_apart(
            session,
            ground.offering,
            ground.now,
            seats_apart=1,
            code=f"S{new_id().hex[-12:]}".upper(),
        ),
    )
    do(ground.database, enrol(ground.people[0], ground.offering, ground.now))
    do(ground.database, wait(ground.people[1], ground.offering, ground.now))
    return {"what": "open up", "pool": str(apart)}


def _to_sell(ground: Ground) -> dict[str, Any]:
    with ground.database.writing() as session:
        firm = money.source(session, ground.now, kind=SourceKind.EMPLOYER, slug=f"firma-{new_id().hex}")
        budget = session.scalars(select(Budget.id).where(Budget.source_id == firm.id)).one()
    terms = {"organisation": str(firm.owner_id), "budget": str(budget), "seats": ground.seats}
    return {"what": "sell and order", "offering": ground.offering, **terms}


def _to_claim(ground: Ground) -> dict[str, Any]:
    sale = _to_sell(ground)
    del sale["what"]
    with ground.database.writing() as session:
        sold = crashing.sell_and_order(session, ground.now, **sale)
        (code,) = blocks.make_block_codes(session, block_id=sold.block_id, number=1, uses=1, now=ground.now)
    return {"what": "claim", "block": str(sold.block_id), "seat_code": code}


def _claimed(ground: Ground) -> str:
    """Give the first person a seat of a block; returns the enrolment's code."""
    order = {**_to_claim(ground), "now": ground.now.isoformat()}
    return str(do(ground.database, lambda session: crashing.act(session, ground.people[0], **order)))


def _to_give_back_to_the_block(ground: Ground) -> dict[str, Any]:
    return {"what": "cancel", "mine": _claimed(ground)}


def _to_begin(ground: Ground) -> dict[str, Any]:
    _claimed(ground)
    offering_id, today = ground.offering_id(), amsterdam_day(ground.now)
    begins_today = update(Offering).where(Offering.id == offering_id).values(starts_on=today)
    do(ground.database, lambda session: session.execute(begins_today))
    return {"what": "begin", "offering_id": str(offering_id)}


def _to_call_off_with_a_block(ground: Ground) -> dict[str, Any]:
    _claimed(ground)
    return _to_call_off(ground, enrolled=True)


def _to_call_off(ground: Ground, *, enrolled: bool = False) -> dict[str, Any]:
    if not enrolled:
        do(ground.database, enrol(ground.people[0], ground.offering, ground.now))
        do(ground.database, wait(ground.people[1], ground.offering, ground.now))
    offering_id = ground.offering_id()
    do(
        ground.database,
        lambda session: session.execute(
            update(Offering).where(Offering.id == offering_id).values(state=OfferingState.CANCELLED),
        ),
    )
    return {"what": "call off", "offering_id": str(offering_id)}


CASES: dict[str, tuple[Prepare, int, int]] = {  # how it begins, seats, price in cents
    "take": (_to_hold, 1, 0),
    "take a seat whose time ran out": (_to_hold_what_ran_out, 1, 0),
    "stand in line": (_to_wait, 1, 0),
    "confirm": (_to_confirm, 1, 0),
    "confirm a seat that costs money": (_to_confirm, 1, 24500),
    "accept an offer": (_to_confirm_an_offer, 1, 0),
    "expire": (_to_expire, 1, 0),
    "expire and promote": (_to_expire_and_pass_on, 1, 0),
    "cancel and promote": (_to_cancel_and_pass_on, 1, 0),
    "cancel what waits for payment": (_to_cancel_what_waits_for_payment, 1, 24500),
    "settle in time": (_to_settle, 1, 24500),
    "settle late, while a seat is free": (_to_settle_late, 1, 24500),
    "settle late, and the money goes back": (_to_settle_late_and_pay_back, 1, 24500),
    "cancel what is paid, and the money goes back": (partial(_to_leave_what_is_paid, what="cancel"), 1, 24500),
    "withdraw, and the money goes back": (partial(_to_leave_what_is_paid, what="withdraw"), 1, 24500),
    "open up and promote": (_to_open_up, 2, 0),
    "call off": (_to_call_off, 1, 0),
    "call off what is paid": (_to_call_off_what_is_paid, 1, 24500),
    "sell a block and order it": (_to_sell, 2, 24500),
    "claim a seat of a block": (_to_claim, 2, 24500),
    "give a seat back to its block": (_to_give_back_to_the_block, 2, 24500),
    "begin with a block": (_to_begin, 2, 24500),
    "call off with a block": (_to_call_off_with_a_block, 2, 24500),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_killed_at_any_point_and_done_again_it_is_done_once(
    database: Database, now: datetime, doomed: Doomed, case: str
) -> None:
    prepare, seats, price = CASES[case]
    with database.writing() as session:
        provider_id = builders.provider(session)
        decide_vat(session, now)
        module = builders.module(session, now, provider_id=provider_id)
        people = [builders.actor(session, now) for _ in range(3)]
    ground = Ground(database, now, people, provider_id, module, seats, price)

    def begin() -> tuple[dict[str, Any], tuple[object, ...]]:
        ground.renew()
        order = {**prepare(ground), "now": now.isoformat()}
        return order, ground.picture()

    order, was = begin()
    _again(database, people[0], order)
    done = ground.picture()
    assert was != done
    assert ground.refunds() == ("money goes back" in case or case == "call off what is paid")
    seen = []
    for point in range(1, MOST_POINTS):
        order, was_here = begin()
        assert was_here == was
        answer = doomed.do(people[0], point=point, **order)
        left = ground.picture()
        assert left in {"killed": (was, done), "ended": (done,)}[answer]
        _again(database, people[0], order)
        assert ground.picture() == done, f"{case}, killed at point {point}"
        if answer == "ended":
            break
        seen.append("done" if left == done else "was")
    assert seen == ["was"] * (len(seen) - 1) + ["done"], "all before the commit is nothing, what follows it is all"
    print(f"{case}: killed at {len(seen)} points")  # noqa: T201 - a figure


def _again(database: Database, actor: Actor, order: dict[str, Any]) -> None:
    """Do it again in this process: the form sent again, the next sweep, the next delivery."""
    with suppress(Refusal), database.writing() as session:
        crashing.act(session, actor, **order)
