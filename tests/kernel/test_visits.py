"""How often a network may ask: counted without SQL, bounded in one process and over several, and never a reason that a page fails."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from academy.accounts.models import Throttle
from academy.accounts.service import throttling
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, StorageUnavailable
from academy.kernel.web.visits import EXTENSION, TOLD_FROM, WINDOW, Visits, network_of
from academy.search import service as search
from tests import builders

KEY = "only-for-tests-" * 3
SCHOOL = {"REMOTE_ADDR": "203.0.113.7"}
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.9"}


@pytest.mark.parametrize(("address", "network"), [
    ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"), ("2001:db8:1:2::1", "2001:0db8:0001:0002::/64"),
    ("2001:db8:1:3::1", "2001:0db8:0001:0003::/64"), ("::ffff:203.0.113.7", "203.0.113.7"), ("fe80::1%eth0", "fe80:0000:0000:0000::/64"),
    ("", ""), (None, ""), ("unix:", ""), ("203.0.113.7, 1.1.1.1", ""),
])
def test_a_network_is_an_ipv4_address_or_the_first_half_of_an_ipv6_one(address: str | None, network: str) -> None:
    assert network_of(address) == network


# In one process


def nobody_else(_visits: Mapping[str, int], _until: datetime) -> Mapping[str, int]:
    pytest.fail("nothing needed telling")


def test_visits_are_counted_per_page_and_network_and_begin_anew_each_minute(now: datetime) -> None:
    visits = Visits(secret_key=KEY, tell=nobody_else)
    assert [visits.add("search", "203.0.113.7", now=now) for _ in range(3)] == [1, 2, 3]
    assert visits.add("search", "198.51.100.9", now=now) == 1
    assert visits.add("topics", "203.0.113.7", now=now) == 1
    assert visits.add("search", "203.0.113.7", now=now + timedelta(seconds=59)) == 4
    assert visits.add("search", "203.0.113.7", now=now + WINDOW) == 1


def test_a_crowd_of_networks_does_not_fill_the_memory(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academy.kernel.web.visits._MOST_NETWORKS", 100)
    visits = Visits(secret_key=KEY, tell=nobody_else)
    for number in range(1_000):
        visits.add("search", f"2001:db8:{number:x}::/64", now=now)
    assert len(visits._counts) == 100
    assert visits.add("search", "2001:db8:0::/64", now=now) == 2, "who was first is still counted"


def test_who_comes_seldom_is_never_written_of(now: datetime) -> None:
    visits = Visits(secret_key=KEY, tell=nobody_else)
    for _visit in range(TOLD_FROM - 1):
        visits.add("search", "203.0.113.7", now=now)
    assert visits.share()


# Over several processes


class Others:
    """The counters that all processes share, kept here; can be away."""

    def __init__(self) -> None:
        self.counted: dict[str, int] = {}
        self.away: Exception | None = None

    def tell(self, visits: Mapping[str, int], _until: datetime) -> Mapping[str, int]:
        if self.away:
            raise self.away
        for key, number in visits.items():
            self.counted[key] = self.counted.get(key, 0) + number
        return {key: self.counted[key] for key in visits}


@pytest.mark.parametrize("processes", [2, 5])
def test_several_processes_together_stay_within_the_bound(now: datetime, processes: int) -> None:
    limit, a_second = 1_000, 20
    others = Others()
    house = [Visits(secret_key=KEY, tell=others.tell) for _ in range(processes)]
    let_through = 0
    for _second in range(60):
        for visits in house:
            let_through += sum(visits.add("search", "203.0.113.7", now=now) <= limit for _ in range(a_second))
        for visits in house:
            visits.share()
    assert a_second * processes * 60 > limit * 2, "more came than may"
    assert limit <= let_through <= limit + processes * (TOLD_FROM + a_second)


def test_a_database_that_is_away_costs_no_visit_and_one_process_stays_bounded(now: datetime) -> None:
    others = Others()
    visits = Visits(secret_key=KEY, tell=others.tell)
    for fault in (DatabaseBusy(), StorageUnavailable()):
        others.away = fault
        for _visit in range(TOLD_FROM):
            visits.add("search", "203.0.113.7", now=now)
        with capture_logs() as lines:
            assert not visits.share()
        assert "203.0.113" not in str(lines)
    assert visits.add("search", "203.0.113.7", now=now) == 2 * TOLD_FROM + 1
    others.away = None
    assert visits.share()
    assert list(others.counted.values()) == [2 * TOLD_FROM + 1]


def test_what_is_told_of_a_minute_that_is_over_changes_nothing(now: datetime) -> None:
    def slow(told: Mapping[str, int], _until: datetime) -> Mapping[str, int]:
        visits.add("search", "203.0.113.7", now=now + WINDOW)
        return dict.fromkeys(told, 10_000)

    visits = Visits(secret_key=KEY, tell=slow)
    for _visit in range(TOLD_FROM):
        visits.add("search", "203.0.113.7", now=now)
    assert visits.share()
    assert visits.add("search", "203.0.113.7", now=now + WINDOW) == 2


def test_a_bug_in_telling_is_not_swallowed(now: datetime) -> None:
    def broken(_visits: Any, _until: Any) -> Mapping[str, int]:
        raise LookupError

    visits = Visits(secret_key=KEY, tell=broken)
    for _visit in range(TOLD_FROM):
        visits.add("search", "203.0.113.7", now=now)
    with pytest.raises(LookupError):
        visits.share()


# In the database


def test_the_database_adds_up_what_all_processes_tell_and_keeps_no_address(database: Database, now: datetime) -> None:
    def tell(visits: Mapping[str, int], until: datetime) -> Mapping[str, int]:
        with database.writing() as session:
            return throttling.add_visits(session, visits, until=until)

    house = [Visits(secret_key=KEY, tell=tell) for _ in range(2)]
    for visits in house:
        for network in ("203.0.113.7", "198.51.100.9"):
            for _visit in range(TOLD_FROM):
                visits.add("search", network, now=now)
        assert visits.share()
    assert house[1].add("search", "203.0.113.7", now=now) == 2 * TOLD_FROM + 1
    with database.writing() as session:
        rows = session.execute(select(Throttle.key, Throttle.count)).all()
        assert [count for _key, count in rows] == [2 * TOLD_FROM] * 2
        assert not any("203" in key and "113" in key for key, _count in rows)
        builders.forget_expired(session, now=now + WINDOW)
        assert session.scalars(select(Throttle.key)).all() == []


def test_without_the_key_nobody_can_find_out_whose_counter_it_is(now: datetime) -> None:
    told: list[set[str]] = []
    for key in (KEY, KEY[::-1]):
        others = Others()
        visits = Visits(secret_key=key, tell=others.tell)
        for _visit in range(TOLD_FROM):
            visits.add("search", "203.0.113.7", now=now)
        visits.share()
        told.append(set(others.counted))
    assert told[0].isdisjoint(told[1])


# On the pages


@pytest.fixture
def strict(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Let a network ask for each counted page five times a minute, in a minute that does not end during the test."""
    for view in app.view_functions.values():
        if hasattr(view, "visits_a_minute"):
            monkeypatch.setattr(view, "visits_a_minute", 5)
    monkeypatch.setattr("academy.kernel.web.visits.utc_now", lambda: datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
    return app


@pytest.mark.parametrize(("address", "says"), [
    ("/nl/search?q=netwerk", "Vanaf jouw netwerk wordt deze pagina te vaak gevraagd."),
    ("/nl/search/suggestions?q=n", "te vaak gevraagd"), ("/nl/searches/wish", "Wacht een minuut"),
])
def test_who_asks_too_often_is_told_to_wait_a_minute(strict: Flask, address: str, says: str) -> None:
    client = strict.test_client()
    statuses = [client.get(address, environ_base=SCHOOL).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    answer = client.get(address, environ_base=SCHOOL)
    assert answer.headers["Retry-After"] == "60"
    assert says in answer.get_data(as_text=True)
    assert client.get(address, environ_base=ELSEWHERE).status_code == 200
    assert client.get("/nl/about", environ_base=SCHOOL).status_code == 200


def test_a_machine_that_asks_too_often_gets_problem_json(strict: Flask) -> None:
    client = strict.test_client()
    for _visit in range(5):
        client.get("/nl/search", environ_base=SCHOOL)
    answer = client.get("/nl/search", environ_base=SCHOOL, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.get_json(force=True)["code"] == "too-many-visits"


def test_addresses_of_one_ipv6_network_are_one_visitor(strict: Flask) -> None:
    client = strict.test_client()
    asked = [client.get("/nl/search", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{each:x}"}).status_code for each in range(1, 7)]
    assert asked == [200] * 5 + [429]


def test_counting_costs_no_sql(strict: Flask, queries: Any, now: datetime) -> None:
    search.rebuild(now=now)
    client = strict.test_client()
    with queries(0):
        for _visit in range(7):
            client.get("/nl/search", environ_base=SCHOOL)


def test_what_is_asked_on_the_machine_itself_is_not_counted(strict: Flask) -> None:
    client = strict.test_client()
    assert {client.get("/nl/search").status_code for _ in range(20)} == {200}


def test_a_whole_school_searches_at_once_without_being_stopped(app: Flask) -> None:
    views: dict[str, Any] = dict(app.view_functions)
    pupils, a_minute, keys = 200, 5, 25
    assert views["search.results"].visits_a_minute >= pupils * a_minute
    assert views["search.suggestions"].visits_a_minute >= pupils * keys


def test_everything_that_is_a_file_made_for_machines_or_opened_by_a_letter_is_counted(app: Flask) -> None:
    standing = {"root.robots", "root.security_txt", "root.security_txt_at_the_top", "static", "built_file"}  # small, and the same for all
    made_for_machines = [
        rule.endpoint for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/ooapi/")) or rule.rule.rpartition(".")[2] in {"csv", "xlsx", "ics", "json", "xml", "txt", "zip", "pdf"}
    ]
    by_letter = [rule.endpoint for rule in app.url_map.iter_rules() if "<token>" in rule.rule]
    assert len(by_letter) >= 5
    assert [name for name in by_letter if not hasattr(app.view_functions[name], "visits_a_minute")] == []
    assert len(made_for_machines) >= 5
    assert [name for name in made_for_machines if name not in standing and not hasattr(app.view_functions[name], "visits_a_minute")] == []


def test_the_application_has_visits_that_reach_its_own_database(app: Flask, database: Database, now: datetime) -> None:
    visits = app.extensions[EXTENSION]
    for _visit in range(TOLD_FROM):
        visits.add("search", "203.0.113.7", now=now)
    assert visits.share()
    with database.reading() as session:
        assert session.scalars(select(Throttle.count)).all() == [TOLD_FROM]


def test_visits_are_told_by_a_thread_that_ends(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academy.kernel.web.visits._EVERY_SECONDS", 0.01)
    others = Others()
    visits = Visits(secret_key=KEY, tell=others.tell)
    for _visit in range(TOLD_FROM):
        visits.add("search", "203.0.113.7", now=now)
    visits.start()
    assert visits._thread is not None
    for _wait in range(300):
        if others.counted:
            break
        visits._thread.join(0.01)
    visits.stop()
    assert not visits._thread.is_alive()
    assert list(others.counted.values()) == [TOLD_FROM]
