"""The roll-up replaces what was counted before, all at once, and comes to the same however the rows lie."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.reports.facts import View
from academy.reports.kinds import EVERY
from academy.reports.models import ReportCell, ReportRun
from academy.reports.queries import cells
from academy.reports.rounds import NightRollUp, count_last_day
from academy.reports.rules.cube import add_up
from academy.reports.rules.signals import Key, Signal
from academy.reports.service import rolling
from academy.reports.service.rolling import count, roll_up
from tests.enrolment.races import at_the_same_time
from tests.reports.recounting import AS_OF, Writer
from tests.reports.world import CLOUD, WELDING, Rows, fill

QUARTER = "2026-3"
Budget = Callable[[int], AbstractContextManager[list[str]]]


def test_the_region_reads_as_it_was_filled(region: Database, now: datetime) -> None:
    with region.reading() as session:
        cloud = cells.cell(session, Key(QUARTER, CLOUD))
        run = cells.last_run(session)

    assert (cloud.people, cloud.firms, cloud.seats, cloud.cents, cloud.searches, cloud.places, cloud.free) == (10, 4, 20, 5400_00, 7, 20, 2)
    assert run is not None
    assert (run.as_of, run.made_at) == (date(2026, 9, 1), now)


def test_skills_stand_in_the_order_of_their_score_and_slots_with_them(region: Database) -> None:
    with region.reading() as session:
        top = cells.top_cells(session, View(QUARTER), limit=2)
        gaps = cells.gaps_in(session, [View(QUARTER), View(QUARTER, area="80")])
        slots = cells.slots_of(session, period=QUARTER, skills=[CLOUD])

    assert [each.key.skill for each in top] == [CLOUD, WELDING]
    assert top[0].score > top[1].score > 0
    assert {view: number for view, (number, _hidden) in gaps.items()} == {View(QUARTER): 2, View(QUARTER, area="80"): 0}
    assert slots[CLOUD, "evening"] == 30  # twelve people and eighteen of firms


def test_where_nothing_may_be_told_no_cell_is_kept_and_the_page_reads_fewer_than_ten(region: Database) -> None:
    with region.reading() as session:
        unknown = cells.cell(session, Key("2020", CLOUD))

    assert unknown.people is None
    assert (unknown.firms, unknown.searches, unknown.places, unknown.score) == (0, 0, 0, 0)


def test_the_same_rows_come_to_the_same_digest(session: Session, now: datetime) -> None:
    Writer(Rows(session, now), Random(3)).write(40)  # noqa: S311 - no secret

    first = roll_up(session, as_of=AS_OF, now=now)
    again = roll_up(session, as_of=AS_OF, now=now + timedelta(hours=1))

    assert again == replace(first, made_at=now + timedelta(hours=1))


def test_it_comes_to_the_same_in_whatever_order_the_database_gives_its_rows(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    Writer(Rows(session, now), Random(4)).write(40)  # noqa: S311 - no secret
    first = roll_up(session, as_of=AS_OF, now=now)

    for name in ("signals", "asked_in_vain", "supply"):
        source = getattr(rolling, name)
        monkeypatch.setattr(rolling, name, lambda *known, source=source, **of: iter(sorted(source(*known, **of), key=repr, reverse=True)))

    assert roll_up(session, as_of=AS_OF, now=now).digest == first.digest


def test_one_want_more_is_another_digest(session: Session, now: datetime) -> None:
    fill(session, now)
    first = roll_up(session, as_of=amsterdam_day(now), now=now)
    rows = Rows(session, now)
    rows.demand(CLOUD, firm=rows.firm("ict"), people=2, at=now - timedelta(days=2), postcode="1315")

    assert roll_up(session, as_of=amsterdam_day(now), now=now).digest != first.digest


def test_what_was_counted_before_is_gone(session: Session, now: datetime) -> None:
    fill(session, now)
    before = roll_up(session, as_of=amsterdam_day(now), now=now)
    session.execute(delete(ReportCell).where(ReportCell.skill != CLOUD))

    after = roll_up(session, as_of=amsterdam_day(now) - timedelta(days=500), now=now + timedelta(hours=1))

    assert after.signals == 0 < before.signals
    assert session.scalar(select(func.count()).select_from(ReportRun)) == 1
    assert session.scalar(select(func.count()).select_from(ReportCell)) == after.cells


def test_who_counted_later_stays_when_two_count_at_the_same_time(database: Database, now: datetime) -> None:
    with database.writing() as session:
        fill(session, now)
    today, later = amsterdam_day(now), now + timedelta(minutes=1)

    heard = at_the_same_time(
        database, lambda session: roll_up(session, as_of=today, now=later), lambda session: roll_up(session, as_of=today - timedelta(days=500), now=now),
    )

    with database.reading() as session:
        run = cells.last_run(session)
        assert (heard, run and run.made_at, session.scalar(select(func.count()).select_from(ReportCell))) == ("done", later, run and run.cells)


def test_who_counts_later_replaces_what_the_first_wrote_meanwhile(database: Database, now: datetime) -> None:
    with database.writing() as session:
        fill(session, now)
    today, later = amsterdam_day(now), now + timedelta(minutes=1)

    heard = at_the_same_time(database, lambda session: roll_up(session, as_of=today, now=now), lambda session: roll_up(session, as_of=today, now=later))

    with database.reading() as session:
        run = cells.last_run(session)
        assert (heard, run and run.made_at, session.scalar(select(func.count()).select_from(ReportCell))) == ("done", later, run and run.cells)


def test_nobody_waits_for_the_reading_and_adding_up(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as session:
        fill(session, now)
    def slow(wants: Iterator[Signal], *others: Any, **known: Any) -> Any:
        first = next(wants)
        with database.writing() as session:  # somebody else, in the middle of it
            Rows(session, now).person()
        return add_up(chain([first], wants), *others, **known)

    monkeypatch.setattr(rolling, "add_up", slow)

    assert count(as_of=amsterdam_day(now), now=now).cells


def test_it_tells_how_many_wants_it_read(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(session, now)
    monkeypatch.setattr(rolling, "_EACH", 10)
    told: list[int] = []

    run = roll_up(session, as_of=amsterdam_day(now), now=now, progress=told.append)

    assert sum(told) == run.signals == 30
    assert max(told) == 10


def test_the_database_keeps_no_cell_of_fewer_than_ten(session: Session) -> None:
    few = {
        "period": QUARTER, "skill": EVERY, "area": EVERY, "sector": EVERY, "source": EVERY, "is_hidden": False, "firms": 0, "searches": 0, "urgency": 100, "places": 0, "free": 0,
        "score": 0,
    }
    session.add(ReportCell(**few, people=9))

    with pytest.raises(IntegrityError, match="people_not_few"), session.begin_nested():
        session.flush()


def test_pages_read_a_view_in_few_statements(region: Database, queries: Budget) -> None:
    with region.reading() as session, queries(4):
        cells.cells_of(session, periods=[QUARTER], skills=None, areas=None, sectors=None, sources=None)
        cells.top_cells(session, View(QUARTER), limit=20)
        cells.gaps_in(session, [View(QUARTER), View("2026-2")])
        cells.slots_of(session, period=QUARTER, skills=[CLOUD, WELDING])


def test_at_night_it_is_counted_once(database: Database, now: datetime) -> None:
    asked: list[datetime] = []
    done = threading.Event()

    def note(moment: datetime) -> None:
        asked.append(moment)
        done.set()

    rounds = NightRollUp(note)
    night = now.replace(hour=1)
    rounds.turn(now)  # by day
    for minutes in (0, 10, 20):
        rounds.turn(night + timedelta(minutes=minutes))
        assert done.wait(5)
        rounds.stop()

    assert asked == [night]


def test_a_night_that_goes_wrong_does_not_stop_the_worker(database: Database, now: datetime) -> None:
    def fault(_moment: datetime) -> None:
        raise RuntimeError

    rounds = NightRollUp(fault)
    rounds.turn(now.replace(hour=1))
    rounds.stop()


def test_a_night_that_goes_wrong_is_tried_again_after_a_while(database: Database, now: datetime) -> None:
    asked: list[int] = []

    def fault_at_first(moment: datetime) -> None:
        asked.append(moment.minute)
        if len(asked) < 3:
            raise RuntimeError

    rounds = NightRollUp(fault_at_first)
    for minute in (0, 1, 14, 15, 20, 30, 45):
        rounds.turn(now.replace(hour=1, minute=minute))
        rounds.stop()

    assert asked == [0, 15, 30]


def test_what_was_counted_today_is_not_counted_again_at_night(database: Database, now: datetime) -> None:
    with database.writing() as session:
        fill(session, now - timedelta(days=1))

    count_last_day(now)
    count_last_day(now + timedelta(minutes=5))

    with database.reading() as session:
        run = cells.last_run(session)
    assert run is not None
    assert (run.made_at, run.signals) == (now, 30)
    count(as_of=amsterdam_day(now) + timedelta(days=9), now=now)  # no command does that any more
    count_last_day(now + timedelta(days=1))
    with database.reading() as session:
        run = cells.last_run(session)
    assert run is not None
    assert run.as_of == amsterdam_day(now) + timedelta(days=1)
