"""A seat is kept for a while, and goes on to the next when the time runs out; each change says who, when and why."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from academy.accounts.queries import Actor
from academy.catalogue.models import Offering
from academy.enrolment import queries, rules, service
from academy.enrolment.errors import HoldEnded, NoMoreTime, OfferingFull, OfferingNotFull
from academy.enrolment.events import HoldExpired, SeatOffered
from academy.enrolment.kinds import EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentStep, SeatPool
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from tests import builders

QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _listening() -> None:
    """Let somebody want to hear the news, so that it is written."""
    for event in (HoldExpired, SeatOffered):
        subscribe(f"tests.{event.name}", event, inside=_hear)


def _hear(_session: object, _event: Event, _now: datetime) -> None:
    """Hear it."""


def _class(database: Database, now: datetime, *, seats: int = 1, people: int = 3) -> tuple[str, list[Actor]]:
    with database.writing() as session:
        return builders.offering(session, now, seats=seats), [builders.actor(session, now) for _ in range(people)]


def _hold(database: Database, actor: Actor, code: str, now: datetime) -> str:
    with database.writing() as session:
        return service.hold_seat(session, actor=actor, offering_code=code, request_key=new_id(), now=now)


def _wait(database: Database, actor: Actor, code: str, now: datetime) -> str:
    with database.writing() as session:
        return service.join_waiting_list(
            session, actor=actor, offering_code=code, when_can_you=["tue-evening"], most_price=None, request_key=new_id(), now=now,
        )


def _do(database: Database, act: Callable[..., object], **what: object) -> None:
    with database.writing() as session:
        act(session, **what)


def _facts(database: Database, actor: Actor, mine: str) -> queries.EnrolmentFacts:
    with database.reading() as session:
        assert queries.audit(session) == []
        return queries.my_enrolment(session, actor, mine)


def _news(database: Database, event: type[Event]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.event == event.name, OutboxMessage.subscriber.like("tests.%"))) or 0


def test_a_seat_is_kept_a_quarter_of_an_hour_and_nobody_else_gets_it(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet) = _class(database, now)
    mine = _hold(database, sam, code, now)
    facts = _facts(database, sam, mine)
    assert (facts.state, facts.waits_for, facts.until) == (EnrolmentState.HELD, WaitsFor.LEARNER, now + QUARTER)
    with pytest.raises(OfferingFull):
        _hold(database, noor, code, now + QUARTER - timedelta(seconds=1))


def test_who_comes_when_the_time_of_another_has_run_out_gets_the_seat_also_when_no_worker_runs(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet) = _class(database, now)
    mine = _hold(database, sam, code, now)
    hers = _hold(database, noor, code, now + QUARTER)
    assert _facts(database, sam, mine).state is EnrolmentState.EXPIRED
    assert _facts(database, noor, hers).state is EnrolmentState.HELD
    with pytest.raises(HoldEnded):
        _do(database, service.confirm, actor=sam, code=mine, now=now + QUARTER)


def test_who_confirms_late_keeps_the_seat_as_long_as_nobody_else_asked_for_it(database: Database, now: datetime) -> None:
    code, (sam, *_others) = _class(database, now)
    mine = _hold(database, sam, code, now)
    _do(database, service.confirm, actor=sam, code=mine, now=now + 4 * QUARTER)
    assert _facts(database, sam, mine).state is EnrolmentState.CONFIRMED


def test_confirming_twice_is_confirming_once(database: Database, now: datetime) -> None:
    code, (sam, *_others) = _class(database, now)
    mine = _hold(database, sam, code, now)
    for _time in range(2):
        _do(database, service.confirm, actor=sam, code=mine, now=now)
    with database.reading() as session:
        assert session.scalars(select(EnrolmentStep.why).order_by(EnrolmentStep.id)).all() == [Why.ASKED, Why.CONFIRMED]


def test_the_same_form_sent_twice_is_one_request(database: Database, now: datetime) -> None:
    code, (sam, *_others) = _class(database, now, seats=3)
    key = new_id()
    with database.writing() as session:
        first = service.hold_seat(session, actor=sam, offering_code=code, request_key=key, now=now)
    with database.writing() as session:
        assert service.hold_seat(session, actor=sam, offering_code=code, request_key=key, now=now) == first
    assert _facts(database, sam, first).state is EnrolmentState.HELD


def test_more_time_is_given_ten_times(database: Database, now: datetime) -> None:
    code, (sam, *_others) = _class(database, now)
    mine = _hold(database, sam, code, now)
    for number in range(rules.MOST_EXTENSIONS):
        _do(database, service.extend_hold, actor=sam, code=mine, now=now + number * QUARTER)
    assert _facts(database, sam, mine).until == now + 10 * QUARTER
    with pytest.raises(NoMoreTime):
        _do(database, service.extend_hold, actor=sam, code=mine, now=now + 10 * QUARTER)


def test_the_end_of_a_hold_is_swept_once_and_told_once(database: Database, now: datetime) -> None:
    code, (sam, *_others) = _class(database, now, seats=2)
    mine = _hold(database, sam, code, now)
    with database.writing() as session:
        assert service.expire_due(session, now=now + QUARTER - timedelta(seconds=1)) == 0
        assert service.expire_due(session, now=now + QUARTER) == 1
        assert service.expire_due(session, now=now + QUARTER) == 0
    assert _facts(database, sam, mine).state is EnrolmentState.EXPIRED
    assert _news(database, HoldExpired) == 1


def test_who_waits_gets_the_freed_seat_for_two_days_and_then_the_next(database: Database, now: datetime) -> None:
    code, (sam, noor, piet) = _class(database, now)
    mine = _hold(database, sam, code, now)
    _do(database, service.confirm, actor=sam, code=mine, now=now)
    hers = _wait(database, noor, code, now)
    his = _wait(database, piet, code, now + timedelta(seconds=1))
    with database.reading() as session:
        assert [queries.place_in_line(session, _facts(database, who, what).id) for who, what in ((noor, hers), (piet, his))] == [1, 2]
    _do(database, service.cancel, actor=sam, code=mine, now=now)
    offered = _facts(database, noor, hers)
    assert (offered.state, offered.until) == (EnrolmentState.OFFERED, now + timedelta(hours=48))
    assert _news(database, SeatOffered) == 1
    with pytest.raises(OfferingFull):
        _hold(database, sam, code, now)
    with database.writing() as session:
        service.expire_due(session, now=now + timedelta(hours=48))
    assert _facts(database, noor, hers).state is EnrolmentState.EXPIRED
    assert _facts(database, piet, his).state is EnrolmentState.OFFERED
    _do(database, service.confirm, actor=piet, code=his, now=now + timedelta(hours=49))
    assert _facts(database, piet, his).state is EnrolmentState.CONFIRMED
    with database.reading() as session:
        assert session.scalars(select(SeatPool.taken)).all() == [1]


def test_waiting_is_for_full_classes_and_can_be_left_at_any_time(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet) = _class(database, now)
    with pytest.raises(OfferingNotFull):
        _wait(database, noor, code, now)
    _hold(database, sam, code, now)
    hers = _wait(database, noor, code, now)
    _do(database, service.cancel, actor=noor, code=hers, now=now)
    assert _facts(database, noor, hers).state is EnrolmentState.CANCELLED


def test_a_class_that_has_begun_offers_no_seat(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet) = _class(database, now)
    mine = _hold(database, sam, code, now)
    hers = _wait(database, noor, code, now)
    with database.writing() as session:
        session.execute(update(Offering).values(starts_on=now.date()))
        service.expire_due(session, now=now + QUARTER)
    assert _facts(database, sam, mine).state is EnrolmentState.EXPIRED
    assert _facts(database, noor, hers).state is EnrolmentState.WAITING
    with database.reading() as session:
        assert session.scalars(select(SeatPool.taken)).all() == [0]


def test_the_history_says_who_when_and_why(database: Database, now: datetime) -> None:
    code, (sam, noor, _piet) = _class(database, now)
    mine = _hold(database, sam, code, now)
    hers = _wait(database, noor, code, now)
    _do(database, service.cancel, actor=sam, code=mine, now=now)
    with database.reading() as session:
        steps = session.execute(
            select(EnrolmentStep.from_state, EnrolmentStep.to_state, EnrolmentStep.why, EnrolmentStep.by_id)
            .join(Enrolment, Enrolment.id == EnrolmentStep.enrolment_id).where(Enrolment.code == hers).order_by(EnrolmentStep.id),
        ).all()
    assert [tuple(step) for step in steps] == [
        (None, EnrolmentState.WAITING, Why.PUT_IN_LINE, noor.person_id),
        (EnrolmentState.WAITING, EnrolmentState.OFFERED, Why.SEAT_CAME_FREE, None),
    ]
