"""Withdrawing ends the contract at once, passes the seat on, counts once, and says what of the money goes back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

from academy.accounts.queries import Actor
from academy.enrolment import queries, service
from academy.enrolment.errors import NotCancellable, TooLateToCancel
from academy.enrolment.events import EnrolmentWithdrawn, RefundDue, WithdrawalRefused
from academy.enrolment.kinds import EnrolmentState, WaitsFor, Why
from academy.enrolment.models import Enrolment, EnrolmentStep
from academy.enrolment.queries.leaving import contract_of, contracts_of
from academy.enrolment.rules.withdrawing import Right
from academy.enrolment.service import withdrawing
from academy.enrolment.service.changes import change
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from tests import builders
from tests.enrolment.vat import decide_vat

PRICE = 40_000
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _listening() -> None:
    for event in (EnrolmentWithdrawn, WithdrawalRefused, RefundDue):
        subscribe(f"tests.{event.name}", event, inside=_hear)


def _hear(_session: object, _event: Event, _now: datetime) -> None:
    """Hear it."""


def _news(database: Database, event: type[Event]) -> list[dict[str, Any]]:
    with database.reading() as session:
        return list(session.scalars(
            select(OutboxMessage.payload).where(OutboxMessage.event == event.name, OutboxMessage.subscriber.like("tests.%")),
        ))


def _enrolled(
    database: Database, now: datetime, *, price: int = PRICE, paid: bool = True, early: bool = False, in_days: int = 28, **columns: Any,
) -> tuple[Actor, str]:
    """Give somebody a seat in a class with a meeting every Tuesday, eleven in all."""
    with database.writing() as session:
        sam = builders.actor(session, now)
        code = builders.offering(session, now, seats=1, price=price, starts_on=amsterdam_day(now) + in_days * DAY)
        decide_vat(session, now)
        mine = service.hold_seat(session, actor=sam, offering_code=code, request_key=None, now=now)
        service.confirm(session, actor=sam, code=mine, asks_early_start=early, now=now)
        if price and paid:
            facts = queries.my_enrolment(session, sam, mine)
            assert facts.waits_for is WaitsFor.PAYMENT
            change(session, facts.id, EnrolmentState.HELD, EnrolmentState.CONFIRMED, why=Why.PAID, by=None, now=now)
        if columns:
            session.execute(update(Enrolment).values(**columns))
    return sam, mine


def _withdraw(database: Database, sam: Actor, mine: str, now: datetime, *, signed_in: bool = True, email: str = "") -> Right | None:
    with database.writing() as session:
        return withdrawing.withdraw(session, actor=sam if signed_in else None, code=mine, email=email or sam.email, now=now)


def _facts(database: Database, sam: Actor, mine: str) -> queries.EnrolmentFacts:
    with database.reading() as session:
        assert queries.audit(session) == []
        return queries.my_enrolment(session, sam, mine)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_statement_ends_the_contract_at_its_second_and_all_the_money_goes_back(database: Database, now: datetime, signed_in: bool) -> None:
    sam, mine = _enrolled(database, now)
    at = now + DAY + timedelta(seconds=7)
    assert _withdraw(database, sam, mine.lower(), at, signed_in=signed_in) is Right.WITHDRAWN
    facts = _facts(database, sam, mine)
    assert (facts.state, facts.ended_at) == (EnrolmentState.WITHDRAWN, at)
    with database.reading() as session:
        step = session.scalars(select(EnrolmentStep).order_by(EnrolmentStep.id.desc())).first()
        assert step is not None
        assert (step.to_state, step.why, step.at) == (EnrolmentState.WITHDRAWN, Why.WITHDRAWN, at)
        assert step.by_id == (sam.person_id if signed_in else None)
    assert _news(database, EnrolmentWithdrawn) == [{"enrolment_id": str(facts.id)}]
    assert _news(database, RefundDue) == [{"enrolment_id": str(facts.id), "owed_cents": 0}]


def test_withdrawing_twice_is_withdrawing_once(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    assert [_withdraw(database, sam, mine, now + number * DAY) for number in range(2)] == [Right.WITHDRAWN] * 2
    assert _facts(database, sam, mine).ended_at == now
    assert (len(_news(database, EnrolmentWithdrawn)), len(_news(database, RefundDue)), _news(database, WithdrawalRefused)) == (1, 1, [])


def test_nothing_happens_and_nothing_is_told_when_number_and_address_do_not_belong_together(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    assert _withdraw(database, sam, mine, now, signed_in=False, email="ander@voorbeeld.nl") is None
    assert _withdraw(database, sam, "BESTAAT", now) is None
    assert _facts(database, sam, mine).state is EnrolmentState.CONFIRMED
    assert _news(database, EnrolmentWithdrawn) + _news(database, WithdrawalRefused) == []


def test_the_seat_goes_to_who_waits_in_the_same_transaction(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    with database.writing() as session:
        noor = builders.actor(session, now)
        offering = queries.my_enrolment(session, sam, mine).of.offering.code
        hers = service.join_waiting_list(
            session, actor=noor, offering_code=offering, when_can_you=[], most_price=None, request_key=None, now=now,
        )
    _withdraw(database, sam, mine, now)
    assert _facts(database, noor, hers).state is EnrolmentState.OFFERED


@pytest.mark.parametrize(("early", "owed"), [(True, PRICE // 11), (False, 0)])
def test_what_was_taught_is_owed_when_the_learner_asked_to_begin(database: Database, now: datetime, early: bool, owed: int) -> None:
    sam, mine = _enrolled(database, now, early=early, in_days=7)  # the first meeting is next Tuesday, the second a week later
    at = now + 14 * DAY
    assert _withdraw(database, sam, mine, at) is Right.WITHDRAWN
    assert [news["owed_cents"] for news in _news(database, RefundDue)] == [owed]
    with database.reading() as session:
        later = contract_of(session, queries.my_enrolment(session, sam, mine), now=at + 30 * DAY)
        assert (later.owed.cents, later.held, later.withdrawn_at) == (owed, 1, at)  # as it was then


def test_a_promise_to_pay_is_withdrawn_as_well_and_there_is_nothing_to_pay_back(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now, paid=False)
    assert _withdraw(database, sam, mine, now + DAY) is Right.WITHDRAWN
    assert _news(database, RefundDue) == []


@pytest.mark.parametrize(("columns", "days", "right"), [
    ({"is_business": True}, 1, Right.BUSINESS),
    ({}, 15, Right.OVER),
])
def test_who_can_not_withdraw_keeps_the_seat_and_hears_why(
    database: Database, now: datetime, columns: dict[str, Any], days: int, right: Right,
) -> None:
    sam, mine = _enrolled(database, now, **columns)
    assert _withdraw(database, sam, mine, now + days * DAY) is right
    facts = _facts(database, sam, mine)
    assert facts.state is EnrolmentState.CONFIRMED
    assert _news(database, WithdrawalRefused) == [{"enrolment_id": str(facts.id)}]


def test_only_what_can_be_withdrawn_from_is_listed(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    with database.reading() as session:
        assert [found.facts.code for found in contracts_of(session, sam, now=now)] == [mine]
        assert contracts_of(session, sam, now=now + 15 * DAY) == []


def test_cancelling_says_that_the_money_goes_back_unless_an_organisation_paid(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
    assert [news["owed_cents"] for news in _news(database, RefundDue)] == [0]


def test_cancelling_a_seat_that_an_organisation_bought_pays_the_learner_nothing(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now, is_business=True)
    with database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now)
    assert _news(database, RefundDue) == []


def test_a_class_that_is_called_off_pays_everybody_back(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now)
    with database.writing() as session:
        service.withdraw_seats(session, offering_id=queries.my_enrolment(session, sam, mine).of.offering.id, now=now)
    assert [news["owed_cents"] for news in _news(database, RefundDue)] == [0]


def test_a_class_that_began_is_not_cancelled_but_can_be_withdrawn_from(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now, in_days=7)
    with pytest.raises(TooLateToCancel) as refused, database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now + 7 * DAY)
    (way_on,) = refused.value.links()
    assert (way_on.endpoint, way_on.values) == ("leaving.withdraw", {"code": mine})
    assert _withdraw(database, sam, mine, now + 7 * DAY) is Right.WITHDRAWN


def test_once_the_fourteen_days_are_over_who_cancels_too_late_is_not_sent_to_withdrawing(database: Database, now: datetime) -> None:
    sam, mine = _enrolled(database, now, in_days=7)
    with pytest.raises(TooLateToCancel) as refused, database.writing() as session:
        service.cancel(session, actor=sam, code=mine, now=now + 15 * DAY)
    assert [link.endpoint for link in refused.value.links()] == ["enrolment.my_learning"]
    assert _withdraw(database, sam, mine, now + 15 * DAY) is Right.OVER


def test_of_cancelling_and_withdrawing_at_once_one_wins_and_the_money_goes_back_once(database: Database, now: datetime) -> None:
    for _round in range(5):
        sam, mine = _enrolled(database, now)
        at_once = Barrier(2)

        def both(act: Callable[[], object], at_once: Barrier = at_once) -> object:
            at_once.wait()
            try:
                return act()
            except NotCancellable:
                return None

        def cancel(sam: Actor = sam, mine: str = mine) -> None:
            with database.writing() as session:
                service.cancel(session, actor=sam, code=mine, now=now)

        def withdraw(sam: Actor = sam, mine: str = mine) -> Right | None:
            return _withdraw(database, sam, mine, now)

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(both, (cancel, withdraw)))
        enrolment_id = str(_facts(database, sam, mine).id)
        assert _facts(database, sam, mine).state in {EnrolmentState.CANCELLED, EnrolmentState.WITHDRAWN}
        assert [news["enrolment_id"] for news in _news(database, RefundDue)].count(enrolment_id) == 1


def test_who_withdraws_after_somebody_was_quicker_changes_nothing(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    sam, mine = _enrolled(database, now)
    facts = _facts(database, sam, mine)
    with database.writing() as session:
        stale = contract_of(session, facts, now=now)
        service.cancel(session, actor=sam, code=mine, now=now)
    monkeypatch.setattr(withdrawing, "contract_named", lambda *_, **__: stale)  # as it was read before the other one committed
    assert _withdraw(database, sam, mine, now) is Right.NO_CONTRACT
    assert _facts(database, sam, mine).state is EnrolmentState.CANCELLED
    assert (_news(database, EnrolmentWithdrawn), len(_news(database, RefundDue))) == ([], 1)
