"""Harvests are run one at a time, go on after a kill, and do not keep the worker from its letters."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.exchange import feeds
from academy.exchange.errors import FeedBusy, FeedNotValid
from academy.exchange.models import Feed, FeedKind, ImportRun, RunState
from academy.exchange.running import Harvester, HarvestThread
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests import builders
from tests.exchange.endpoint import Endpoint, course, feed_now, harvest, keep_feed, published, run_of
from tests.exchange.hostile_server import Answer, Asked, HostileServer

# One at a time, and after a kill -----------------------------------------------------------------------------------------------------


def test_a_feed_that_is_being_fetched_is_not_fetched_twice(database: Database, harvester: Harvester) -> None:
    feed = keep_feed(database, "https://ooapi.example")
    with database.writing() as session:
        held = feeds.begin_run(session, feed.id, now=utc_now())
    with pytest.raises(FeedBusy):
        harvester.run(feed.id, now=utc_now())
    with database.writing() as session:
        taken = feeds.begin_run(session, feed.id, now=utc_now() + feeds.LEASE + timedelta(seconds=1))
    assert (taken.run_id, taken.attempt) == (held.run_id, 2)
    with database.writing() as session, pytest.raises(feeds.RunLost):
        feeds.keep_run(session, held, now=utc_now())


def test_two_processes_that_begin_at_once_begin_one_run(database: Database) -> None:
    feed = keep_feed(database, "https://ooapi.example")
    answers: list[object] = []

    def begin() -> None:
        try:
            with database.writing() as session:
                answers.append(feeds.begin_run(session, feed.id, now=utc_now()))
        except FeedBusy as busy:
            answers.append(busy)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, feeds.Order) for answer in answers) == 1


def test_who_lost_the_run_while_fetching_loads_nothing(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(course(1))

    def overtaken(asked: Asked) -> Answer:
        with database.writing() as session:
            session.execute(update(ImportRun).values(attempt=ImportRun.attempt + 1))
        del endpoint.odd["/courses"]
        return endpoint(asked)

    endpoint.odd = {"/courses": overtaken}
    with HostileServer(endpoint) as server:
        run = harvest(database, harvester, keep_feed(database, server.url))
    assert (run.state, published(database)) == (RunState.RUNNING, [])


def test_a_run_that_is_asked_to_stop_goes_on_at_the_next_turn_without_fetching_again(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(*(course(number) for number in range(6)), size=2)

    def stopping(asked: Asked) -> Answer:
        harvester.stopping.set()
        del endpoint.odd["/courses 2"]
        return endpoint(asked)

    endpoint.odd = {"/courses 2": stopping}
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url)
        run = harvest(database, harvester, feed)
        assert run.state is RunState.INTERRUPTED
        harvester.stopping.clear()
        again = harvest(database, harvester, feed)
        assert (again.code, again.state) == (run.code, RunState.DONE)
        assert (server.fetched["/courses 1"], server.fetched["/courses 3"]) == (1, 1)
    assert len(published(database)) == 6


def test_a_run_that_ends_its_process_each_time_is_given_up(database: Database) -> None:
    feed, now = keep_feed(database, "https://ooapi.example"), utc_now()
    orders = []
    for _time in range(6):
        with database.writing() as session:
            orders.append(feeds.begin_run(session, feed.id, now=now))
        now += feeds.LEASE + timedelta(seconds=1)
    assert [order.attempt for order in orders] == [1, 2, 3, 4, 5, 1]
    assert run_of(database, orders[0].code).problems[0].code == "given-up"


_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from academy.exchange.http_gateway import HttpGateway, Limits
from academy.exchange.running import Harvester
from academy.kernel.clock import utc_now
from academy.kernel.db import Database, set_database
url, folder, feed = sys.argv[1:]
set_database(Database(url))
Harvester(HttpGateway(Limits(), allow_private=True), Path(folder), {}, pause_seconds=0.15).run(UUID(feed), now=utc_now())
"""


def test_a_killed_harvest_goes_on_from_its_spool_at_a_later_turn(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(*(course(number) for number in range(40)), size=2)
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url)
        url = database.url.render_as_string(hide_password=False)
        child = subprocess.Popen([sys.executable, "-c", _CHILD, url, str(harvester.folder), str(feed.id)])
        until = time.monotonic() + 120
        while server.fetched["/courses 6"] == 0:
            assert time.monotonic() < until, "the child fetches nothing"
            time.sleep(0.02)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert published(database) == []
        with pytest.raises(FeedBusy):
            harvester.run(feed.id, now=utc_now())
        run = harvest(database, harvester, feed, later=feeds.LEASE + timedelta(seconds=5))
        assert run.state is RunState.DONE
        assert [server.fetched[f"/courses {page}"] for page in (1, 2, 3, 4)] == [1, 1, 1, 1], "what was complete is not fetched again"
    assert len(published(database)) == 40


# The worker's thread -----------------------------------------------------------------------------------------------------------------


@contextmanager
def finished(thread: HarvestThread) -> Iterator[None]:
    yield
    until = time.monotonic() + 120
    while thread._thread is not None and thread._thread.is_alive():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_worker_runs_what_is_due_beside_its_letters(database: Database, harvester: Harvester) -> None:
    with HostileServer(Endpoint(course(1))) as server:
        feed = keep_feed(database, server.url)
        thread = HarvestThread(harvester)
        with finished(thread):
            thread.wake(utc_now() - timedelta(hours=1))
            assert thread._thread is None, "nothing is due yet"
            thread.wake(utc_now())
    assert feed_now(database, feed).last_run.state is RunState.DONE  # type: ignore[union-attr]
    assert published(database) == ["c1"]


def test_stopping_the_worker_ends_the_thread_after_the_page_in_hand(database: Database, harvester: Harvester) -> None:
    harvester.pause_seconds = 0.2
    with HostileServer(Endpoint(*(course(number) for number in range(100)), size=1)) as server:
        feed = keep_feed(database, server.url)
        thread = HarvestThread(harvester)
        thread.wake(utc_now())
        while server.fetched["/courses 2"] == 0:
            time.sleep(0.02)
        begun = time.monotonic()
        thread.stop()
        assert time.monotonic() - begun < 10  # all pages take twenty seconds
    assert feed_now(database, feed).last_run.state is RunState.INTERRUPTED  # type: ignore[union-attr]


# Keeping feeds -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "says"), [
    ({"url": "ftp://x.example"}, "https://"), ({"url": "https://"}, "https://"), ({"url": "javascript:alert(1)"}, "https://"),
    ({"url": "https://sam:geheim@x.example"}, "no user and password"), ({"url": "https://x.example/" + "a" * 1000}, "https://"),
    ({"secret_name": "SECRET_KEY"}, "FEED_"), ({"every_hours": 0}, "hours"), ({"route": "a b"}, "route"), ({}, "already"),
])
def test_a_feed_that_can_not_be_is_not_kept(session: Session, now: datetime, change: dict[str, Any], says: str) -> None:
    builders.provider(session)
    good = {"provider_slug": "windesheim", "kind": FeedKind.OOAPI5, "url": "https://x.example/ooapi", "now": now}
    feeds.add_feed(session, **good)  # type: ignore[arg-type]
    with pytest.raises(FeedNotValid, match=says):
        feeds.add_feed(session, **(good | change))  # type: ignore[arg-type]
    assert len(session.scalars(select(Feed)).all()) == 1
