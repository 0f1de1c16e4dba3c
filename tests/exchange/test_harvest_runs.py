"""Harvests from an endpoint that misbehaves into the catalogue: whole or not at all."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from academy.catalogue.models import Intake, Module, Offering, Programme
from academy.exchange import feeds, queries
from academy.exchange.errors import FeedPaused
from academy.exchange.findings import Problem
from academy.exchange.models import FeedState, RunState
from academy.exchange.running import Harvester
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests.exchange.endpoint import OFFERING, Endpoint, course, feed_now, harvest, keep_feed, published
from tests.exchange.hostile_server import Answer, Asked, HostileServer, answered, envelope

# What comes in -----------------------------------------------------------------------------------------------------------------------


def test_a_harvest_brings_modules_offerings_and_intakes(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(*(course(number) for number in range(5)), size=2)
    endpoint.offerings = {"c1": [OFFERING], "p1": [{**OFFERING, "offeringType": "program"}]}
    endpoint.programs = [{"programId": "p1", "programType": "program", "primaryCode": {"codeType": "identifier", "code": "P"},
                          "name": [{"language": "nl-NL", "value": "Ad ICT"}]}]
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url, secret_name="FEED_KEY", route="windesheim.nl")
        run = harvest(database, harvester, feed)
        asked = server.asked[-1]
    assert (run.state, run.counts["new"], run.counts["refused"]) == (RunState.DONE, 7, 0)
    assert published(database) == ["c0", "c1", "c2", "c3", "c4"]
    with database.reading() as session:
        assert session.scalars(select(Offering.starts_on)).all() == [date(2027, 2, 5)]
        assert session.scalars(select(Intake.starts_on)).all() == [date(2027, 2, 5)]
        assert session.scalars(select(Programme.source)).all() == [f"feed/{feed.id.hex}"]
    assert asked.headers["Authorization"] == "Basic c2FtOmdlaGVpbQ=="
    assert asked.headers["X-Route"] == "endpoint=windesheim.nl"
    since = date.fromisoformat(asked.params["since"])
    assert utc_now().date() - since >= timedelta(days=365), "the endpoint's own default is today"
    assert not harvester.folder.exists() or list(harvester.folder.iterdir()) == [], "the spool is not needed any more"


def test_a_second_harvest_changes_nothing(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(course(1), course(2))
    endpoint.offerings = {"c1": [OFFERING]}
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url)
        harvest(database, harvester, feed)
        run = harvest(database, harvester, feed)
    assert {name: run.counts[name] for name in ("new", "changed", "same", "archived")} == {
        "new": 0, "changed": 0, "same": 3, "archived": 0}
    kept = feed_now(database, feed)
    assert kept.last_success_at is not None
    assert kept.next_run_at - kept.last_success_at == timedelta(hours=24)


def test_bad_items_are_refused_one_by_one_with_page_and_number(database: Database, harvester: Harvester) -> None:
    with HostileServer(Endpoint(course(1), course(2, level="onzin"), course(3), size=2)) as server:
        run = harvest(database, harvester, keep_feed(database, server.url))
    assert run.problems == (Problem(2, "level", "onzin", "word-unknown", "this is no level of OOAPI v5", "courses, page 1"),)
    assert (run.state, published(database)) == (RunState.DONE, ["c1", "c3"])


def test_another_encoding_is_read_and_noticed(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint()
    body = json.dumps(envelope([course(1, name=[{"language": "nl", "value": "Financiën"}])]), ensure_ascii=False).encode("cp1252")
    endpoint.odd = {"/courses": Answer(body, content_type="application/json; charset=iso-8859-1")}
    with HostileServer(endpoint) as server:
        run = harvest(database, harvester, keep_feed(database, server.url))
    assert run.state is RunState.DONE
    with database.reading() as session:
        assert session.scalars(select(Module.title)).one().nl == "Financiën"


# What vanishes -----------------------------------------------------------------------------------------------------------------------


def test_a_course_that_vanished_is_archived_and_comes_back(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(course(1), course(2))
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url)
        harvest(database, harvester, feed)
        gone = endpoint.courses.pop()
        assert harvest(database, harvester, feed).counts["archived"] == 1
        assert published(database) == ["c1"]
        endpoint.courses.append(gone)
        assert harvest(database, harvester, feed).counts["changed"] == 1
    assert published(database) == ["c1", "c2"]


@pytest.mark.parametrize(("guarded", "left"), [(True, 20), (False, 2)])
def test_a_feed_that_loses_most_of_its_courses_is_guarded_unless_told_otherwise(
    database: Database, harvester: Harvester, guarded: bool, left: int,
) -> None:
    endpoint = Endpoint(*(course(number) for number in range(20)))
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url, is_guarded=guarded)
        harvest(database, harvester, feed)
        del endpoint.courses[2:]
        run = harvest(database, harvester, feed)
    assert run.counts["withheld"] == (18 if guarded else 0)
    assert len(published(database)) == left


def test_an_empty_list_is_taken_for_a_fault(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(course(1))
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url)
        harvest(database, harvester, feed)
        endpoint.courses.clear()
        harvest(database, harvester, feed)
    assert published(database) == ["c1"]


# What goes wrong ---------------------------------------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[Answer | Callable[[Asked], Answer], str]] = {
    "half": (Answer(b'{"items": [{"courseId": "c1", "na', length=-1), "half-answer"),
    "cut": (Answer(b'{"items": []', length=500), "half-answer"),
    "500": (Answer(status=500), "server-error"),
    "refused": (Answer(status=401), "credential-refused"),
    "same page for ever": (answered(envelope([course(1)], more=True)), "same-page-again"),
    "a web page": (Answer(b"<html>Inloggen</html>", content_type="text/html"), "html-instead-of-json"),
    "slow": (Answer(b'{"items": []}', drip=1), ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_endpoint_that_fails_changes_nothing_in_the_catalogue(database: Database, harvester: Harvester, fault: str) -> None:
    answer, code = FAULTS[fault]
    endpoint = Endpoint(course(1), course(2))
    with HostileServer(endpoint) as server:
        feed = keep_feed(database, server.url)
        harvest(database, harvester, feed)
        endpoint.courses = [course(3)]
        endpoint.odd = {"/courses": answer}
        run = harvest(database, harvester, feed)
    assert run.state is RunState.FAILED
    assert len(run.problems) == 1
    assert code in {"", run.problems[0].code}
    assert published(database) == ["c1", "c2"]
    kept = feed_now(database, feed)
    assert (kept.failures, kept.state) == (1, FeedState.ACTIVE)
    assert timedelta(minutes=59) < kept.next_run_at - utc_now() <= timedelta(hours=1)


def test_a_fault_on_the_last_page_of_offerings_loads_nothing_of_the_run(database: Database, harvester: Harvester) -> None:
    endpoint = Endpoint(course(1), course(2))
    endpoint.odd = {"/courses/c2/offerings": Answer(status=500)}
    with HostileServer(endpoint) as server:
        run = harvest(database, harvester, keep_feed(database, server.url))
    assert (run.state, published(database)) == (RunState.FAILED, [])


def test_after_five_failures_in_a_row_the_feed_pauses_and_says_so(database: Database, harvester: Harvester) -> None:
    with HostileServer(Answer(status=500)) as server:
        feed = keep_feed(database, server.url)
        for _time in range(5):
            harvest(database, harvester, feed)
    kept = feed_now(database, feed)
    assert (kept.state, kept.failures) == (FeedState.PAUSED, 5)
    with database.writing() as session:
        assert queries.due_feeds(session, now=utc_now() + timedelta(days=30)) == []
        with pytest.raises(FeedPaused):
            feeds.ask_for_run(session, feed.code, now=utc_now())
        feeds.resume_feed(session, feed.code, now=utc_now())
    with database.reading() as session:
        assert queries.due_feeds(session, now=utc_now()) == [feed.id]


def test_a_secret_that_is_not_set_is_named_and_nothing_is_asked(database: Database, harvester: Harvester) -> None:
    with HostileServer(Endpoint(course(1))) as server:
        run = harvest(database, harvester, keep_feed(database, server.url, secret_name="FEED_ELSEWHERE"))
        assert server.asked == []
    assert run.problems[0].code == "secret-missing"
    assert "FEED_ELSEWHERE" in run.problems[0].reason


def test_a_fault_of_ours_closes_the_run_and_is_heard(database: Database, harvester: Harvester, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr("academy.exchange.running.supply_of", broken)
    with HostileServer(Endpoint(course(1))) as server:
        feed = keep_feed(database, server.url)
        with pytest.raises(LookupError):
            harvester.run(feed.id, now=utc_now())
    assert feed_now(database, feed).last_run.state is RunState.FAILED  # type: ignore[union-attr]
