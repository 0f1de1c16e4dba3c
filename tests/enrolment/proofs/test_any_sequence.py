"""Any sequence of all that people and the clock can do to a few seats: after each step all is well, and nobody is passed over."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import service
from academy.enrolment.kinds import EnrolmentState, PoolKind
from academy.enrolment.models import Enrolment, SeatCode, SeatPool
from academy.enrolment.service import seats
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
from academy.kernel.ids import new_id
from academy.kernel.text import Localized
from tests import builders, tables
from tests.enrolment.proofs.ground import (
    Act,
    cancel,
    confirm,
    do,
    extend,
    faults,
    hold,
    sweep,
    wait,
    waits_beside_free_seats,
)
from tests.enrolment.vat import decide_vat

PEOPLE, CLASSES = 5, 3
CODE = "SAMEN-{}"

people = st.integers(0, PEOPLE - 1)
classes = st.integers(0, CLASSES - 1)
places = st.integers(0, 20)
times = st.sampled_from(
    [
        timedelta(seconds=1),
        timedelta(minutes=14),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=48),
        timedelta(days=7),
    ]
)


class Enrolling(RuleBasedStateMachine):
    """A free class, one that costs money, and one that the provider admits to; five people, who may be in any of them."""

    database: ClassVar[Database]
    start: ClassVar[datetime]

    def __init__(self) -> None:
        super().__init__()
        tables.empty(self.database)
        self.now = self.start
        self.steps = 0
        with self.database.writing() as session:
            self.provider_id = builders.provider(session)
            decide_vat(session, self.now)
            self.classes = [self._class(session, number, price) for number, price in enumerate((0, 24500, 0))]
            self.people = [builders.actor(session, self.now) for _ in range(PEOPLE)]
        self.line: dict[UUID, list[UUID]] = {}

    def _class(self, session: Session, number: int, price: int) -> str:
        asks = (
            catalogue.LevelReached("5") if number == CLASSES - 1 else None
        )  # nobody says to have a diploma: the provider decides
        key = builders.module(
            session,
            self.start,
            provider_id=self.provider_id,
            external_id=f"M{number}",
            code=f"M{number}",
            title=Localized(f"Module {number}"),
            prerequisites=asks,
        )
        return builders.offering(
            session, self.start, seats=2, price=price, external_id=key, provider_id=self.provider_id
        )

    def try_to(self, act: Act) -> Any:
        """Do it, or be refused: both are answers. A fault of ours passes through."""
        self.steps += 1
        with suppress(Refusal):
            return do(self.database, act)
        return None

    def _place(self, number: int) -> tuple[Actor, str] | None:
        with self.database.reading() as session:
            rows = session.execute(select(Enrolment.person_id, Enrolment.code).order_by(Enrolment.id)).all()
        if not rows:
            return None
        person_id, code = rows[-1 - number % len(rows)]
        return next(who for who in self.people if who.person_id == person_id), code

    def _offering_id(self, session: Session, which: int) -> UUID:
        return session.scalars(select(Offering.id).where(Offering.code == self.classes[which])).one()

    @rule(who=people, which=classes)
    def hold_a_seat(self, who: int, which: int) -> None:
        self.try_to(hold(self.people[who], self.classes[which], self.now, key=new_id()))

    @rule(who=people, which=classes)
    def send_a_form_twice(self, who: int, which: int) -> None:
        key = new_id()
        first, again = (self.try_to(hold(self.people[who], self.classes[which], self.now, key=key)) for _ in range(2))
        assert first == again

    @rule(who=people, which=classes)
    def hold_a_seat_kept_apart(self, who: int, which: int) -> None:
        self.try_to(hold(self.people[who], self.classes[which], self.now, key=new_id(), seat_code=CODE.format(which)))

    @rule(who=people, which=classes)
    def join_the_line(self, who: int, which: int) -> None:
        self.try_to(wait(self.people[who], self.classes[which], self.now))

    @rule(place=places)
    def confirm_a_seat(self, place: int) -> None:
        if found := self._place(place):
            self.try_to(confirm(*found, self.now))

    @rule(place=places)
    def ask_more_time(self, place: int) -> None:
        if found := self._place(place):
            self.try_to(extend(*found, self.now))

    @rule(place=places)
    def cancel_or_leave_the_line(self, place: int) -> None:
        if found := self._place(place):
            self.try_to(cancel(*found, self.now))

    @rule()
    def end_what_ran_out(self) -> None:
        self.try_to(sweep(self.now))

    @rule(passes=times)
    def let_time_pass(self, passes: timedelta) -> None:
        self.now += passes

    @rule(jump=st.sampled_from([timedelta(hours=1), -timedelta(hours=1), -timedelta(seconds=1)]))
    def put_the_clock_right(self, jump: timedelta) -> None:
        self.now += jump

    @rule(which=classes, seats=st.integers(0, 5))
    def change_the_number_of_seats(self, which: int, seats: int) -> None:
        def resize(session: Session) -> None:
            session.execute(update(Offering).where(Offering.code == self.classes[which]).values(seats=seats))
            service.follow_seats(session, provider_id=self.provider_id, now=self.now)

        self.try_to(resize)

    @rule(which=classes)
    def keep_a_seat_apart(self, which: int) -> None:
        """Move a free seat to a pool with an end, made when first needed, with a code for two."""

        def keep(session: Session) -> None:
            offering = catalogue.offering_for_enrolment(session, self.classes[which]).offering
            public = seats.public_pool(session, offering)
            apart = session.scalar(
                select(SeatPool.id).where(SeatPool.offering_id == offering.id, SeatPool.kind != PoolKind.PUBLIC)
            )
            until = self.now + timedelta(days=2)
            if apart is None:
                apart = seats.add_pool(
                    session,
                    offering_id=offering.id,
                    kind=PoolKind.TARGET_GROUP,
                    name="Starters",
                    sponsor_id=None,
                    opens_up_at=until,
                )
                session.add(
                    SeatCode(id=new_id(), code=CODE.format(which), pool_id=apart, uses=2, used=0, made_at=self.now)
                )
            seats.move(session, from_pool=public, to_pool=apart, seats=1)

        self.try_to(keep)

    @rule()
    def open_up(self) -> None:
        with self.database.reading() as session:
            pool_ids = session.scalars(select(SeatPool.id).where(SeatPool.opens_up_at <= self.now)).all()
        for pool_id in pool_ids:
            self.try_to(partial(service.open_up, pool_id=pool_id, now=self.now))

    @precondition(lambda self: self.steps > 15)
    @rule(which=classes)
    def call_off(self, which: int) -> None:
        """Call a class off; the worker hears of it."""

        def both(session: Session) -> None:
            offering_id = self._offering_id(session, which)
            session.execute(update(Offering).where(Offering.id == offering_id).values(state=OfferingState.CANCELLED))
            service.withdraw_seats(session, offering_id=offering_id, now=self.now)

        self.try_to(both)

    @invariant()
    def all_is_well(self) -> None:
        with self.database.reading() as session:
            assert faults(session) == []
            assert self._are_more_than_there_are_seats(session) == []
            assert self._passed_over(session) == []
            assert self._kept_waiting_for_nothing(session) == []

    def _are_more_than_there_are_seats(self, session: Session) -> list[str]:
        rows = session.execute(
            select(Offering.code, func.sum(SeatPool.taken), func.sum(SeatPool.capacity))
            .join(SeatPool, SeatPool.offering_id == Offering.id)
            .group_by(Offering.code),
        )
        return [code for code, taken, capacity in rows if taken > capacity]

    def _passed_over(self, session: Session) -> list[UUID]:
        """Return who still waits while somebody behind them was offered a seat in this step."""
        rows = session.execute(
            select(Enrolment.pool_id, Enrolment.id, Enrolment.state)
            .where(Enrolment.queued_at.is_not(None))
            .order_by(Enrolment.queued_at, Enrolment.id),
        ).all()
        states = {row.id: row.state for row in rows}
        found = []
        for line in self.line.values():
            served = [number for number, each in enumerate(line) if states[each] is EnrolmentState.OFFERED]
            found += [each for each in line[: max(served, default=0)] if states[each] is EnrolmentState.WAITING]
        self.line = {}
        for row in rows:
            if row.state is EnrolmentState.WAITING:
                self.line.setdefault(row.pool_id, []).append(row.id)
        return found

    def _kept_waiting_for_nothing(self, session: Session) -> list[UUID]:
        """Return the pools with a free seat and a line, of classes that have not begun."""
        pool_ids = waits_beside_free_seats(session)
        open_ones = (
            select(SeatPool.id)
            .join(Offering, Offering.id == SeatPool.offering_id)
            .where(
                SeatPool.id.in_(pool_ids),
                Offering.state == OfferingState.ACTIVE,
                Offering.starts_on > amsterdam_day(self.now),
            )
        )
        return list(session.scalars(open_ones))


def any_sequence(database: Database, now: datetime, *, examples: int, steps: int) -> None:
    """Try so many sequences, which begin at `now`."""
    machine = type("EnrollingHere", (Enrolling,), {"database": database, "start": now})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_people_and_the_clock_do_all_is_well_after_each_step(database: Database, now: datetime) -> None:
    any_sequence(database, now, examples=12 if database.is_sqlite else 5, steps=30)


@pytest.mark.slow
def test_whatever_people_and_the_clock_do_for_long_all_is_well_after_each_step(
    database: Database, now: datetime
) -> None:
    any_sequence(database, now, examples=150 if database.is_sqlite else 40, steps=50)
