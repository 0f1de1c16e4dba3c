"""Budgets and yearly caps when many spend them at once, with transactions of their own; and what happens without their guards.

    mutation                                                   red
    `budgets.earmark` without its WHERE                        the CHECK refuses; without it: more is promised than there is
    `budgets.use_cap` without its WHERE                        the CHECK refuses; without it: more is used than the cap
    a seat that is not locked before its shares are read       the second is sent away to start over (the guard of `move`) instead of answered
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import person
from academy.funding import service
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget, CapUse
from academy.funding.service import budgets
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy
from academy.kernel.money import FREE, Money
from tests.enrolment.races import at_the_same_time
from tests.funding import money
from tests.funding.money import Seat, Source

SPENDERS = 16
TRIES = 3  # as the entry of the application: who meets a busy database starts over


def everybody(database: Database, act: Callable[[Session, int], object]) -> list[Exception]:
    """Let all spenders act at once, each in a transaction of their own; returns what went wrong."""
    wrong: list[Exception] = []
    start = threading.Barrier(SPENDERS)

    def spend(number: int) -> None:
        start.wait()
        for left in reversed(range(TRIES)):
            try:
                with database.writing() as session:
                    act(session, number)
            except DatabaseBusy as busy:
                if not left:
                    wrong.append(busy)
            except Exception as error:  # noqa: BLE001 - told below
                wrong.append(error)
                return
            else:
                return

    threads = [threading.Thread(target=spend, args=(number,)) for number in range(SPENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def class_of(database: Database, now: datetime, **terms: Any) -> tuple[list[Seat], Source]:
    """Make a seat for each spender, of which a fund pays half; all work at one firm."""
    with database.writing() as session:
        first = money.seat(session, now)
        seats = [first, *(money.another(session, now, first) for _number in range(SPENDERS - 1))]
        fund = money.source(session, now, **terms)
        emails = tuple(person(session, one.person_id).email for one in seats)
        money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", percentage=1, position=99, emails=emails)
    return seats, fund


def test_sixteen_who_spend_one_budget_at_once_spend_all_of_it_and_no_cent_more(database: Database, now: datetime) -> None:
    seats, fund = class_of(database, now, budget=Money(500_00))
    assert everybody(database, lambda session, number: money.reserve(session, now, seats[number])) == []
    with database.reading() as session:
        assert money.used(session, fund) == (500_00, 0)
        assert all(sum(share.amount.cents for share in money.split(session, one).shares) == 100_00 for one in seats)
        assert money.adds_up(session)
    assert everybody(database, lambda session, number: service.end_seat(session, seats[number].id, owed=FREE, now=now)) == []
    with database.reading() as session:
        assert money.used(session, fund) == (0, 0)
        assert money.adds_up(session)


@pytest.mark.parametrize("cap", ["cap_firm_year", "cap_provider_year"])
def test_sixteen_who_use_the_cap_of_their_firm_or_provider_at_once_stay_within_it(database: Database, now: datetime, cap: str) -> None:
    seats, _fund = class_of(database, now, **{cap: Money(420_00)})
    assert everybody(database, lambda session, number: money.reserve(session, now, seats[number])) == []
    with database.reading() as session:
        (used,) = session.scalars(select(CapUse.used))
        assert Money(400_00) <= used <= Money(420_00)
        assert money.adds_up(session)


def test_the_second_of_two_who_want_the_last_of_a_budget_pays_that_part_alone(database: Database, now: datetime) -> None:
    (one, other, *_others), fund = class_of(database, now, budget=Money(50_00))
    heard = at_the_same_time(database, lambda session: money.reserve(session, now, one), lambda session: money.reserve(session, now, other))
    assert heard == "done"
    with database.reading() as session:
        assert money.states(session, other)[-1][:2] == ("learner", 99_99)
        assert money.used(session, fund) == (50_00, 0)
        assert money.adds_up(session)


def test_a_yes_and_a_no_at_the_same_time_are_one_of_the_two(database: Database, now: datetime) -> None:
    (one, *_others), fund = class_of(database, now, needs_approval=True)
    with database.writing() as session:
        money.reserve(session, now, one)
        share_id = money.split(session, one).shares[0].id
    heard = at_the_same_time(
        database, lambda session: service.approve_share(session, actor=fund.keeper, share_id=share_id, now=now),
        lambda session: service.refuse_share(session, actor=fund.keeper, share_id=share_id, reason="", now=now),
    )
    assert heard == "share-decided"
    with database.reading() as session:
        assert money.states(session, one)[0] == ("sector-fund", 50_00, "approved")


def _earmark_without_guard(session: Session, budget_id: UUID, amount: Money) -> bool:
    session.execute(
        update(Budget).where(Budget.id == budget_id).values(earmarked=Budget.earmarked + amount).execution_options(synchronize_session=False),
    )
    return True


@contextmanager
def without_check(session: Session, table: str) -> Iterator[None]:
    """Take the CHECK of a table away until the transaction is undone."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_never_exceeded"))
        yield
        return
    session.execute(text("PRAGMA ignore_check_constraints = ON"))
    try:
        yield
    finally:
        session.execute(text("PRAGMA ignore_check_constraints = OFF"))


class _Undone(Exception):
    """Undoes what a negative control did."""


def test_control_without_the_guard_the_check_stops_the_second(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    _seats, fund = class_of(database, now, budget=Money(50_00))
    monkeypatch.setattr(budgets, "earmark", _earmark_without_guard)
    with database.reading() as session:
        budget_id = session.scalars(select(Budget.id).where(Budget.source_id == fund.id)).one()
    heard = at_the_same_time(
        database, lambda session: budgets.earmark(session, budget_id, Money(50_00)), lambda session: budgets.earmark(session, budget_id, Money(50_00)),
    )
    assert heard == "stopped by the database"


def test_control_without_guard_and_check_more_is_promised_than_there_is(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    _seats, fund = class_of(database, now, budget=Money(50_00))
    monkeypatch.setattr(budgets, "earmark", _earmark_without_guard)
    with pytest.raises(_Undone), database.writing() as session, without_check(session, "budget"):
        budget_id = session.scalars(select(Budget.id).where(Budget.source_id == fund.id)).one()
        for _spender in range(2):
            budgets.earmark(session, budget_id, Money(50_00))
        assert money.used(session, fund) == (100_00, 0)
        raise _Undone


def test_control_a_cap_is_held_by_its_guard_and_behind_that_by_a_check(database: Database, now: datetime) -> None:
    (one, *_others), fund = class_of(database, now)
    with database.writing() as session:
        def use() -> bool:
            return budgets.use_cap(session, rule_id=fund.rule_id, subject_id=one.person_id, year=2026, amount=Money(60), most=Money(100))

        assert [use(), use()] == [True, False]
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(update(CapUse).values(used=CapUse.used + Money(60)))
    with pytest.raises(_Undone), database.writing() as session, without_check(session, "cap_use"):
        session.execute(update(CapUse).values(used=CapUse.used + Money(60)).execution_options(synchronize_session=False))
        assert session.scalars(select(CapUse.used)).one() == Money(120)
        raise _Undone
