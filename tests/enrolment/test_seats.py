"""A seat is never sold twice and never lost: services on both databases, races as two open transactions."""

import contextlib
import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.catalogue.models import EnrolmentPeriod, Offering
from academy.enrolment import queries, service
from academy.enrolment.errors import (
    AlreadyEnrolled,
    EnrolmentClosed,
    EnrolmentElsewhere,
    EnrolmentNotFound,
    NotCancellable,
    OfferingFull,
    PriceUnknown,
    TooLateToCancel,
)
from academy.enrolment.kinds import EnrolmentState, WaitsFor
from academy.enrolment.models import Enrolment, SeatPool
from academy.enrolment.service import seats
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy
from academy.kernel.outbox import OutboxMessage
from tests import builders
from tests.enrolment.vat import decide_vat


def _people(database: Database, now: datetime, number: int) -> list[Actor]:
    with database.writing() as session:
        return [builders.actor(session, now) for _ in range(number)]


def _offering(database: Database, now: datetime, *, seats: int = 10, price: int = 0) -> str:
    with database.writing() as session:
        code = builders.offering(session, now, seats=seats, price=price)
        decide_vat(session, now)
        return code


def _enrol(database: Database, actor: Actor, code: str, now: datetime) -> str:
    with database.writing() as session:
        return builders.enrol(session, actor=actor, offering_code=code, now=now)


def _counts(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        assert queries.audit(session) == []
        taken = session.scalar(select(func.coalesce(func.sum(SeatPool.taken), 0)))
        return int(taken or 0), session.scalar(select(func.count()).select_from(Enrolment)) or 0


def test_a_free_seat_is_confirmed_at_once_and_seen_by_its_owner(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=2)
    (sam,) = _people(database, now, 1)
    enrolment_code = _enrol(database, sam, code, now)
    with database.reading() as session:
        mine = queries.my_enrolments(session, sam)
        assert [facts.code for facts in mine] == [enrolment_code]
        assert queries.seats_left(session, [mine[0].of.offering.id]) == {mine[0].of.offering.id: 1}


def test_the_last_seat_goes_to_one_and_the_next_hears_what_to_do(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=1)
    sam, noor = _people(database, now, 2)
    _enrol(database, sam, code, now)
    with pytest.raises(OfferingFull) as refused:
        _enrol(database, noor, code, now)
    assert "wachtlijst" in refused.value.next_step()
    assert refused.value.links()[0].values == {"code": code}
    assert _counts(database) == (1, 1)


def test_a_refused_enrolment_leaves_no_trace(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=0)
    (sam,) = _people(database, now, 1)
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(OutboxMessage))
    with pytest.raises(OfferingFull):
        _enrol(database, sam, code, now)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before
    assert _counts(database) == (0, 0)


def test_a_second_enrolment_is_refused_and_the_first_stays(database: Database, now: datetime) -> None:
    code = _offering(database, now)
    (sam,) = _people(database, now, 1)
    _enrol(database, sam, code, now)
    with pytest.raises(AlreadyEnrolled):
        _enrol(database, sam, code, now)
    assert _counts(database) == (1, 1)


def test_a_cancelled_seat_is_free_again_for_anyone_also_for_the_same_person(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=1)
    sam, noor = _people(database, now, 2)
    mine = _enrol(database, sam, code, now)
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
    hers = _enrol(database, noor, code, now)
    with database.writing() as session:
        service.cancel(session, actor=noor, code=hers, now=now)
    _enrol(database, sam, code, now)
    assert _counts(database) == (1, 3)


def test_cancelling_twice_frees_one_seat(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=3)
    sam, noor = _people(database, now, 2)
    _enrol(database, noor, code, now)
    mine = _enrol(database, sam, code, now)
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
    with pytest.raises(NotCancellable), database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
    assert _counts(database)[0] == 1


def test_cancelling_twice_is_told_also_when_nobody_else_has_a_seat(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=3)
    (sam,) = _people(database, now, 1)
    mine = _enrol(database, sam, code, now)
    for refusal in (None, NotCancellable):
        with contextlib.nullcontext() if refusal is None else pytest.raises(refusal), database.writing() as session:
            service.cancel(session, actor=sam, code=mine, now=now)
    assert _counts(database) == (0, 1)


def test_cancelling_in_two_open_transactions_frees_one_seat(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=3)
    sam, noor = _people(database, now, 2)
    _enrol(database, noor, code, now)
    mine = _enrol(database, sam, code, now)
    outcome: list[str] = []

    def again() -> None:
        try:
            with database.writing() as session:
                service.cancel(session, actor=sam, code=mine, now=now)
            outcome.append("cancelled")
        except (NotCancellable, DatabaseBusy) as refusal:
            outcome.append(refusal.code)

    rival = threading.Thread(target=again)
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
        rival.start()
        rival.join(0.3)
    rival.join(10)
    assert outcome == ["not-cancellable"]
    assert _counts(database)[0] == 1


def test_nobody_cancels_or_sees_somebody_elses_seat(database: Database, now: datetime) -> None:
    code = _offering(database, now)
    sam, noor = _people(database, now, 2)
    mine = _enrol(database, sam, code, now)
    with pytest.raises(EnrolmentNotFound), database.writing() as session:
        service.cancel(session, actor=noor, code=mine, now=now)
    with pytest.raises(EnrolmentNotFound), database.reading() as session:
        queries.my_enrolment(session, noor, mine)
    assert _counts(database) == (1, 1)


def test_enrolment_closes_at_midnight_in_amsterdam_after_the_last_day(database: Database, now: datetime) -> None:
    code = _offering(database, now)  # the last day is 26 September 2026; midnight is 22:00 UTC
    sam, noor = _people(database, now, 2)
    _enrol(database, sam, code, now.replace(day=26, hour=21, minute=59))
    with pytest.raises(EnrolmentClosed):
        _enrol(database, noor, code, now.replace(day=26, hour=22, minute=0))


def test_a_running_module_can_not_be_cancelled_here(database: Database, now: datetime) -> None:
    code = _offering(database, now)
    (sam,) = _people(database, now, 1)
    mine = _enrol(database, sam, code, now)
    with pytest.raises(TooLateToCancel), database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now + timedelta(days=28))
    assert _counts(database) == (1, 1)


def test_a_seat_that_costs_money_is_kept_for_an_hour_until_it_is_paid(database: Database, now: datetime) -> None:
    code = _offering(database, now, price=24500)
    (sam,) = _people(database, now, 1)
    mine = _enrol(database, sam, code, now)
    with database.reading() as session:
        facts = queries.my_enrolment(session, sam, mine)
    assert (facts.state, facts.waits_for, facts.until) == (EnrolmentState.HELD, WaitsFor.PAYMENT, now + timedelta(hours=1))
    assert _counts(database) == (1, 1)


def test_a_seat_of_which_nobody_knows_the_price_is_refused(database: Database, now: datetime) -> None:
    code = _offering(database, now)
    (sam,) = _people(database, now, 1)
    with database.writing() as session:
        session.execute(update(Offering).values(price=None))
    with pytest.raises(PriceUnknown):
        _enrol(database, sam, code, now)
    assert _counts(database) == (0, 0)


def test_who_enrols_at_the_provider_itself_is_sent_there(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now)
        session.execute(update(EnrolmentPeriod).values(website="https://school.example/inschrijven"))
        visitor = builders.actor(session, now)
    with pytest.raises(EnrolmentElsewhere), database.writing() as session:
        builders.enrol(session, actor=visitor, offering_code=code, now=now)


def test_two_open_transactions_do_not_both_get_the_last_seat(database: Database, now: datetime) -> None:
    """The second meets the first before it commits: it must wait or be refused, never pass."""
    code = _offering(database, now, seats=1)
    sam, noor = _people(database, now, 2)
    outcome: list[str] = []

    def second() -> None:
        try:
            _enrol(database, noor, code, now)
            outcome.append("seat")
        except (OfferingFull, DatabaseBusy) as refusal:
            outcome.append(refusal.code)

    rival = threading.Thread(target=second)
    with database.writing() as session:
        builders.enrol(session, actor=sam, offering_code=code, now=now)
        rival.start()
        rival.join(0.4)
        assert outcome == []  # it waits for us
    rival.join(10)
    assert outcome == ["offering-full"]
    assert _counts(database) == (1, 1)


def test_the_same_person_twice_at_once_gets_one_seat(database: Database, now: datetime) -> None:
    code = _offering(database, now, seats=5)
    (sam,) = _people(database, now, 1)
    outcome: list[str] = []

    def again() -> None:
        try:
            outcome.append(_enrol(database, sam, code, now))
        except (AlreadyEnrolled, DatabaseBusy) as refusal:
            outcome.append(refusal.code)

    rival = threading.Thread(target=again)
    with database.writing() as session:
        builders.enrol(session, actor=sam, offering_code=code, now=now)
        rival.start()
        rival.join(0.3)
    rival.join(10)
    assert outcome == ["already-enrolled"]
    assert _counts(database) == (1, 1)


def _without_guard(session: Session, pool_id: UUID) -> bool:
    session.execute(text("UPDATE seat_pool SET taken = taken + 1 WHERE id = :id"), {"id": _stored(session, pool_id)})
    return True


def _stored(session: Session, pool_id: UUID) -> object:
    return pool_id.hex if session.get_bind().dialect.name == "sqlite" else pool_id


def test_negative_control_without_the_guard_the_check_still_stops_the_sale(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seats, "take", _without_guard)
    code = _offering(database, now, seats=1)
    sam, noor = _people(database, now, 2)
    _enrol(database, sam, code, now)
    with pytest.raises(IntegrityError):
        _enrol(database, noor, code, now)
    assert _counts(database) == (1, 1)


def test_negative_control_without_guard_and_check_the_audit_and_the_counts_go_red(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If this test fails, the tests above might be useless: the fault must be visible to them."""
    monkeypatch.setattr(seats, "take", lambda _session, _pool_id: True)
    code = _offering(database, now, seats=1)
    for actor in _people(database, now, 3):
        _enrol(database, actor, code, now)
    with database.reading() as session:
        (difference,) = queries.audit(session)
        assert (difference.taken, difference.live) == (0, 3)
