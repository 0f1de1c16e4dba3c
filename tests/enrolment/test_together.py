"""Together, all or none; and somebody else in one's place."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from academy.accounts.errors import ApprovalNeeded
from academy.accounts.models import Person
from academy.accounts.queries import Actor
from academy.catalogue.models import Offering
from academy.enrolment import queries, service
from academy.enrolment.errors import (
    AlreadyEnrolled,
    EnrolmentNotFound,
    GroupWrong,
    NoSeatToPass,
    NotCancellable,
    NotEnoughSeats,
    OfferingFull,
    SomeoneCanNot,
    TooManyGroups,
)
from academy.enrolment.events import GroupEnrolled, SeatTakenOver
from academy.enrolment.kinds import EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentGroup, EnrolmentStep, SeatPool
from academy.enrolment.queries import together as reads
from academy.enrolment.service import seats, together
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event, OutboxMessage
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.enrolment.vat import decide_vat

NOOR, PIET = ("Noor", "noor@voorbeeld.nl"), ("Piet", "piet@voorbeeld.nl")


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    """Let somebody want to hear the news, so that it is written."""
    before = dict(outbox._subscribers)
    for event in (GroupEnrolled, SeatTakenOver):
        outbox.subscribe(f"tests.{event.name}", event, outside=lambda *_: None)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


def _news(database: Database, event: type[Event]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.event == event.name, OutboxMessage.subscriber.like("tests.%"))) or 0


def _class(database: Database, now: datetime, *, seats: int = 5, price: int = 0) -> tuple[str, Actor]:
    with database.writing() as session:
        code = builders.offering(session, now, seats=seats, price=price)
        decide_vat(session, now)
        return code, builders.actor(session, now, email="sam@voorbeeld.nl")


def _enrolling(actor: Actor, code: str, people: Sequence[tuple[str, str]], now: datetime, *, key: UUID | None = None) -> Any:
    return lambda session: together.enrol_group(
        session, actor=actor, offering_code=code, people=people, request_key=key or new_id(), language="nl", now=now,
    )


def _substituting(actor: Actor, mine: str, now: datetime, *, name: str = "Noor", email: str = "noor@voorbeeld.nl") -> Any:
    return lambda session: together.send_substitute(session, actor=actor, code=mine, name=name, email=email, language="nl", now=now)


def _do(database: Database, act: Any) -> Any:
    with database.writing() as session:
        return act(session)


def _enrol(database: Database, actor: Actor, code: str, now: datetime) -> str:
    with database.writing() as session:
        return builders.enrol(session, actor=actor, offering_code=code, now=now)


def _taken(database: Database) -> int:
    with database.reading() as session:
        assert queries.audit(session) == []
        return session.scalars(select(func.coalesce(func.sum(SeatPool.taken), 0))).one()


def _rows(database: Database) -> list[Enrolment]:
    with database.reading() as session:
        return list(session.scalars(select(Enrolment).order_by(Enrolment.id)))


# Together


def test_all_of_a_group_have_a_seat_in_a_free_class_and_one_letter_each_follows(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    group = _do(database, _enrolling(sam, code, [("Sam", sam.email), NOOR, PIET], now))
    assert {row.state for row in _rows(database)} == {EnrolmentState.CONFIRMED}
    assert _taken(database) == 3
    assert _news(database, GroupEnrolled) == 1
    with database.reading() as session:
        found = reads.group_for_letter(session, session.scalars(select(EnrolmentGroup.id)).one())
        assert found is not None
        assert (found.code, found.made_by, len(found.people)) == (group, sam.person_id, 3)
        assert sam.person_id in {one.person_id for one in found.people}
        assert session.scalars(select(Person.email).order_by(Person.email)).all() == ["noor@voorbeeld.nl", "piet@voorbeeld.nl", "sam@voorbeeld.nl"]


def test_a_group_in_a_priced_class_keeps_its_seats_for_a_week_as_one(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, price=24500)
    _do(database, _enrolling(sam, code, [NOOR, PIET], now))
    rows = _rows(database)
    assert {(row.state, row.waits_for, row.until) for row in rows} == {(EnrolmentState.HELD, WaitsFor.PAYMENT, now + timedelta(days=7))}
    assert len({row.group_id for row in rows}) == 1
    assert _taken(database) == 2


def test_when_not_all_fit_nobody_is_enrolled_and_no_trace_is_left(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=2)
    with database.reading() as session:
        news = session.scalar(select(func.count()).select_from(OutboxMessage))
    with pytest.raises(NotEnoughSeats):
        _do(database, _enrolling(sam, code, [("Sam", sam.email), NOOR, PIET], now))
    assert _rows(database) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(EnrolmentGroup)) == 0
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == news


def test_a_group_gets_the_seats_of_which_the_time_ran_out_also_when_no_worker_runs(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=2)
    with database.writing() as session:
        service.hold_seat(session, actor=builders.actor(session, now), offering_code=code, request_key=None, now=now)
    _do(database, _enrolling(sam, code, [NOOR, PIET], now + timedelta(minutes=15)))
    assert _taken(database) == 2


def test_the_same_form_of_a_group_sent_twice_is_one_group(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    key = new_id()
    assert _do(database, _enrolling(sam, code, [NOOR, PIET], now, key=key)) == _do(database, _enrolling(sam, code, [NOOR, PIET], now, key=key))
    assert _taken(database) == 2


def test_that_somebody_is_enrolled_already_is_told_without_saying_who(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    _do(database, _enrolling(sam, code, [NOOR], now))
    with pytest.raises(SomeoneCanNot) as refused:
        _do(database, _enrolling(sam, code, [NOOR, PIET], now))
    assert "noor" not in f"{refused.value.sentence()} {refused.value.next_step()}".lower()
    assert _taken(database) == 1


def test_oneself_hears_what_is_the_matter(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    _enrol(database, sam, code, now)
    with pytest.raises(AlreadyEnrolled):
        _do(database, _enrolling(sam, code, [("Sam", sam.email), NOOR], now))
    assert _taken(database) == 1


@pytest.mark.parametrize(("email", "refusal"), [("sam@voorbeeld.nl", ApprovalNeeded), ("noor@voorbeeld.nl", SomeoneCanNot)])
def test_nobody_under_sixteen_is_enrolled_without_approval(database: Database, now: datetime, email: str, refusal: type[Exception]) -> None:
    code, sam = _class(database, now)
    with database.writing() as session:
        builders.person(session, now, email="noor@voorbeeld.nl")
        session.execute(update(Person).where(Person.email == email).values(is_minor=True))
    with pytest.raises(refusal):
        _do(database, _enrolling(sam, code, [("Sam", sam.email), NOOR], now))
    assert _rows(database) == []


@pytest.mark.parametrize("people", [[], [NOOR, NOOR], [(f"Nummer {number}", f"nummer{number}@voorbeeld.nl") for number in range(21)]])
def test_a_group_is_one_to_twenty_different_people(database: Database, now: datetime, people: list[tuple[str, str]]) -> None:
    code, sam = _class(database, now, seats=30)
    with pytest.raises(GroupWrong):
        _do(database, _enrolling(sam, code, people, now))


def test_nobody_sends_letters_to_strangers_without_end(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=30)
    for number in range(10):
        _do(database, _enrolling(sam, code, [("X", f"x{number}@voorbeeld.nl")], now))
    with pytest.raises(TooManyGroups):
        _do(database, _enrolling(sam, code, [NOOR], now))
    _do(database, _enrolling(sam, code, [NOOR], now + timedelta(days=1)))


def test_a_group_and_one_person_do_not_share_the_last_seats(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=2)
    with database.writing() as session:
        single = builders.actor(session, now)
    assert at_the_same_time(
        database, _enrolling(sam, code, [NOOR, PIET], now), lambda session: builders.enrol(session, actor=single, offering_code=code, now=now),
    ) == OfferingFull.code
    assert _taken(database) == 2


def test_one_person_leaves_a_group_that_is_one_too_many_without_any_seat(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=2)
    with database.writing() as session:
        single = builders.actor(session, now)
    assert at_the_same_time(
        database, lambda session: builders.enrol(session, actor=single, offering_code=code, now=now), _enrolling(sam, code, [NOOR, PIET], now),
    ) == NotEnoughSeats.code
    assert _taken(database) == 1


def test_negative_control_without_the_guard_the_check_stops_a_group_and_without_both_it_is_seen(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, sam = _class(database, now, seats=2)
    with database.writing() as session:
        single = builders.actor(session, now)
    _enrol(database, single, code, now)
    monkeypatch.setattr(seats, "take", _without_guard)
    assert at_the_same_time(database, lambda _session: None, _enrolling(sam, code, [NOOR, PIET], now), guarded=False) == "stopped by the database"
    monkeypatch.setattr(seats, "take", lambda _session, _pool_id, _number=1: True)
    _do(database, _enrolling(sam, code, [NOOR, PIET], now))
    with database.reading() as session:
        (difference,) = queries.audit(session)
        assert (difference.taken, difference.live) == (1, 3)


def _without_guard(session: Session, pool_id: UUID, number: int = 1) -> bool:
    stored = pool_id.hex if session.get_bind().dialect.name == "sqlite" else pool_id
    session.execute(text("UPDATE seat_pool SET taken = taken + :number WHERE id = :id"), {"id": stored, "number": number})
    return True


# Somebody else


def test_the_seat_goes_to_somebody_else_in_the_same_state_with_a_code_of_their_own(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=1)
    mine = _enrol(database, sam, code, now)
    theirs = _do(database, _substituting(sam, mine, now))
    old, new = _rows(database)
    assert (old.state, new.state, new.code, new.pool_id) == (EnrolmentState.CANCELLED, EnrolmentState.CONFIRMED, theirs, old.pool_id)
    assert theirs != mine
    assert _taken(database) == 1
    assert _news(database, SeatTakenOver) == 1
    with database.reading() as session:
        steps = session.scalars(select(EnrolmentStep.why).order_by(EnrolmentStep.id)).all()
    assert steps[-2:] == [Why.SUBSTITUTED, Why.TOOK_OVER]


def test_a_seat_of_a_group_that_waits_for_money_is_passed_on_as_it_is(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, price=24500)
    _do(database, _enrolling(sam, code, [("Sam de Vries", "sam@voorbeeld.nl")], now))
    mine = _rows(database)[0].code
    _do(database, _substituting(sam, mine, now + timedelta(days=1)))
    old, new = _rows(database)
    assert (new.state, new.waits_for, new.until) == (EnrolmentState.HELD, WaitsFor.PAYMENT, now + timedelta(days=7))
    assert old.state is EnrolmentState.CANCELLED
    assert _taken(database) == 1


def test_a_seat_that_its_learner_has_yet_to_pay_is_not_passed_on(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, price=24500)
    mine = _enrol(database, sam, code, now)
    with pytest.raises(NoSeatToPass):
        _do(database, _substituting(sam, mine, now))
    assert [row.state for row in _rows(database)] == [EnrolmentState.HELD]


def test_nobody_who_waits_gets_a_seat_that_is_passed_on(database: Database, now: datetime) -> None:
    code, sam = _class(database, now, seats=1)
    mine = _enrol(database, sam, code, now)
    with database.writing() as session:
        service.join_waiting_list(
            session, actor=builders.actor(session, now), offering_code=code, when_can_you=(), most_price=None, request_key=None, now=now,
        )
    _do(database, _substituting(sam, mine, now))
    assert [row.state for row in _rows(database)] == [EnrolmentState.CANCELLED, EnrolmentState.WAITING, EnrolmentState.CONFIRMED]


def test_a_seat_can_be_passed_on_until_the_day_before_the_first_lesson(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)  # begins on 29 September
    mine = _enrol(database, sam, code, now)
    with pytest.raises(NoSeatToPass):
        _do(database, _substituting(sam, mine, now + timedelta(days=28)))
    _do(database, _substituting(sam, mine, now + timedelta(days=27)))


def test_no_seat_is_passed_to_who_is_in_the_class_or_may_not_enrol(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    mine = _enrol(database, sam, code, now)
    with database.writing() as session:
        noor = builders.actor(session, now, email="noor@voorbeeld.nl")
        builders.enrol(session, actor=noor, offering_code=code, now=now)
        builders.person(session, now, email="kind@voorbeeld.nl")
        session.execute(update(Person).where(Person.email == "kind@voorbeeld.nl").values(is_minor=True))
    for email in ("noor@voorbeeld.nl", "kind@voorbeeld.nl"):
        with pytest.raises(SomeoneCanNot):
            _do(database, _substituting(sam, mine, now, email=email))
    assert _taken(database) == 2
    with database.reading() as session:
        assert queries.my_enrolment(session, sam, mine).state is EnrolmentState.CONFIRMED


def test_only_a_seat_of_ones_own_that_is_there_is_passed_on(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    mine = _enrol(database, sam, code, now)
    with database.writing() as session:
        other = builders.actor(session, now)
    with pytest.raises(EnrolmentNotFound):
        _do(database, _substituting(other, mine, now))
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
    with pytest.raises(NoSeatToPass):
        _do(database, _substituting(sam, mine, now))
    with database.writing() as session:
        held = service.hold_seat(session, actor=sam, offering_code=code, request_key=None, now=now)
    with pytest.raises(NoSeatToPass):
        _do(database, _substituting(sam, held, now))


def test_a_class_that_was_called_off_has_no_seats_to_pass_on(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    mine = _enrol(database, sam, code, now)
    with database.writing() as session:
        session.execute(update(Offering).values(state="cancelled"))
    with pytest.raises(NoSeatToPass):
        _do(database, _substituting(sam, mine, now))


def _cancelling(actor: Actor, mine: str, now: datetime) -> Any:
    return lambda session: service.cancel(session, actor=actor, code=mine, now=now)


def test_a_seat_is_passed_on_or_given_back_and_never_both(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    mine = _enrol(database, sam, code, now)
    assert at_the_same_time(database, _substituting(sam, mine, now), _cancelling(sam, mine, now)) == NotCancellable.code
    assert _taken(database) == 1


def test_a_seat_that_is_being_given_back_is_not_passed_on(database: Database, now: datetime) -> None:
    code, sam = _class(database, now)
    mine = _enrol(database, sam, code, now)
    assert at_the_same_time(database, _cancelling(sam, mine, now), _substituting(sam, mine, now)) == NoSeatToPass.code
    assert _taken(database) == 0


def test_negative_control_without_the_guards_a_seat_is_given_back_and_passed_on(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, sam = _class(database, now)
    mine = _enrol(database, sam, code, now)
    with database.reading() as session:
        before = queries.my_enrolment(session, sam, mine)
        seat = reads.seat_to_pass(session, before.id)
    _do(database, _cancelling(sam, mine, now))
    monkeypatch.setattr(together, "change", lambda *_what, **_values: True)
    monkeypatch.setattr(reads, "seat_to_pass", lambda *_what: seat)
    monkeypatch.setattr(queries, "my_enrolment", lambda *_what: before)
    _do(database, _substituting(sam, mine, now))
    with database.reading() as session:
        (difference,) = queries.audit(session)
        assert (difference.taken, difference.live) == (0, 1)
