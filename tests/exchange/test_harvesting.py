"""The page loop against a real server: everything once, in order, going on after a kill, and never without end."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.exchange.gateway import Credential, FetchProblem, HarvestStopped, Page, PageRequest, problem_at
from academy.exchange.harvesting import RESOURCES, Collected, HarvestLimits, HarvestPlan, Resource, collect
from academy.exchange.http_gateway import HttpGateway, Limits
from academy.exchange.payloads import Kind, Parent
from academy.exchange.spool import SpooledItem, items
from tests.exchange.hostile_server import Answer, Asked, Behave, HostileServer, answered, course, envelope, pages_of

LIMITS = Limits(connect_seconds=1, read_seconds=2, answer_seconds=3, attempts=2, first_pause_seconds=0.01)
COURSES = (Resource("courses"),)
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def planned(url: str, resources: tuple[Resource, ...] = COURSES, **how: Any) -> HarvestPlan:
    return HarvestPlan(url, how.pop("version", 5), resources, pause_seconds=0, **how)


def harvest(server: HostileServer, spool: Path, resources: tuple[Resource, ...] = COURSES, *, now: datetime = NOW, **how: Any) -> Collected:
    return collect(HttpGateway(LIMITS, allow_private=True), planned(server.url, resources, **how), spool, now=now)


def problem(server: HostileServer, spool: Path, resources: tuple[Resource, ...] = COURSES, **how: Any) -> FetchProblem:
    with pytest.raises(HarvestStopped) as caught:
        harvest(server, spool, resources, **how)
    return caught.value.problem


def ids(spool: Path, resource: str = "courses", field: str = "courseId") -> list[str]:
    return [item.value[field] for item in items(spool, resource)]


def noticed(found: Collected) -> dict[tuple[str, str], int]:
    return {(notice.code, notice.column): notice.count for notice in found.notices}


def at_page(number: int, odd: Answer, rest: Behave) -> Behave:
    """Behave as `rest`, except at one page."""
    return lambda asked: odd if asked.params.get("pageNumber", "1") == str(number) else rest(asked)


# What is asked -----------------------------------------------------------------------------------------------------------------------


def test_every_page_comes_once_in_order_and_is_read_back(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with HostileServer(pages_of([course(number) for number in range(25)], 10)) as server:
        plan = planned(server.url, page_size=10)
        found = collect(HttpGateway(LIMITS, allow_private=True), plan, tmp_path, now=NOW, progress=lambda *what: told.append(what))
        assert list(server.fetched.items()) == [("/courses 1", 1), ("/courses 2", 1), ("/courses 3", 1)]
    assert ids(tmp_path) == [f"course-{number}" for number in range(25)]
    assert [(item.page, item.number) for item in items(tmp_path, "courses")][9:11] == [(1, 10), (2, 1)]
    assert (found.pages, found.items, found.whole, found.started, noticed(found)) == ({"courses": 3}, {"courses": 25}, True, NOW, {})
    assert [(what, done) for what, done, _of in told] == [("fetch courses", 1), ("fetch courses", 2), ("fetch courses", 3)]
    assert sorted(path.name for path in (tmp_path / "courses").iterdir()) == ["page-00001.json", "page-00002.json", "page-00003.json"]


def test_a_finished_harvest_asks_nothing_more(tmp_path: Path) -> None:
    with HostileServer(pages_of([course(1)], 10)) as server:
        first = harvest(server, tmp_path, page_size=10)
        assert harvest(server, tmp_path, now=NOW + timedelta(hours=1), page_size=10) == first
        assert len(server.asked) == 1


def test_v5_and_v6_are_asked_in_their_own_words(tmp_path: Path) -> None:
    with HostileServer(pages_of([course(1)], 250)) as server:
        five = (Resource("courses", expand=("organization", "programs")), Resource("courses/{id}/offerings"))
        six = (Resource("courses"), Resource("courses/{id}/course-offerings"))
        key = Credential("Authorization", "Basic x", "x")
        harvest(server, tmp_path / "5", five, route="windesheim", credential=key, state="active", consumer="eduxchange")
        harvest(server, tmp_path / "6", six, version=6, state="active", since=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
        harvest(server, tmp_path / "5-again", five, since=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
        asked = server.asked
    assert [one.path for one in asked] == ["/courses", "/courses/course-1/offerings", "/courses", "/courses/course-1/course-offerings",
                                           "/courses", "/courses/course-1/offerings"]
    paging = {"pageSize": "250", "pageNumber": "1"}
    assert asked[0].params == paging | {"expand": "organization,programs", "consumer": "eduxchange"}
    assert asked[1].params == paging | {"since": "2000-01-01", "consumer": "eduxchange"}  # the endpoint's own default is today
    assert asked[3].params == paging | {"since": "2026-03-31T23:00:00Z", "state": "active"}
    assert asked[5].params == paging | {"since": "2026-04-01"}
    headers = [(one.headers["Accept"], one.headers.get("X-Route"), one.headers.get("X-Envelope-Response"), one.headers.get("Authorization"))
               for one in (asked[0], asked[2])]
    assert headers == [("application/json; version=5", "endpoint=windesheim", "false", "Basic x"),
                       ("application/json; version=6", None, None, None)]


def test_a_harvest_since_a_moment_or_of_one_state_is_not_the_whole(tmp_path: Path) -> None:
    with HostileServer(pages_of([course(1)], 250)) as server:
        assert harvest(server, tmp_path / "1").whole
        assert not harvest(server, tmp_path / "2", since=NOW).whole
        assert not harvest(server, tmp_path / "3", version=6, state="active").whole


def test_a_plain_feed_is_one_page_at_its_own_address(tmp_path: Path) -> None:
    with HostileServer(answered([{"code": 7412.10}, {"code": "x"}])) as server:
        found = collect(HttpGateway(LIMITS, allow_private=True), planned(f"{server.url}/feed.json?a=1", (Resource(""),), version=None),
                        tmp_path, now=NOW)
        assert [(one.path, one.params) for one in server.asked] == [("/feed.json", {"a": "1"})]
    assert [item.value for item in items(tmp_path, "")] == [{"code": "7412.1"}, {"code": "x"}]
    assert noticed(found) == {("bare-list", ""): 1}


def test_offerings_know_whose_they_are_by_themselves_or_by_the_path(tmp_path: Path) -> None:
    def behave(asked: Asked) -> Answer:
        if asked.path == "/courses":
            return answered(envelope([course(1), course(2), {"courseId": "a b/../c", "name": "x"}, course(1)]))
        offering = {"offeringId": f"of {asked.path}", "name": "x"}
        return answered(envelope([offering if "course-1" in asked.path else offering | {"course": {"courseId": "elsewhere"}}]))

    with HostileServer(behave) as server:
        found = harvest(server, tmp_path, (*COURSES, Resource("courses/{id}/offerings")))
        assert [one.path for one in server.asked][1:] == ["/courses/course-1/offerings", "/courses/course-2/offerings",
                                                          "/courses/a%20b%2F..%2Fc/offerings"]
    parents = [item.parent for item in items(tmp_path, "courses/{id}/offerings")]
    assert parents == [Parent(Kind.COURSE, "course-1"), Parent(Kind.COURSE, "elsewhere"), Parent(Kind.COURSE, "elsewhere")]
    assert (found.pages["courses/{id}/offerings"], found.problems) == (3, ())


def test_a_course_that_has_gone_and_an_id_that_is_none_are_listed_and_the_rest_comes(tmp_path: Path) -> None:
    def behave(asked: Asked) -> Answer:
        if asked.path == "/courses":
            return answered(envelope([course(1), {"courseId": "..", "name": "x"}, {"name": "no id"}, {"courseId": "x" * 201, "name": "x"}, course(2)]))
        return Answer(status=404) if "course-1" in asked.path else answered(envelope([{"offeringId": "1", "name": "x"}]))

    with HostileServer(behave) as server:
        found = harvest(server, tmp_path, (*COURSES, Resource("courses/{id}/offerings")))
        assert len(server.asked) == 3
    assert [one.code for one in found.problems] == ["not-found", "id-not-usable", "id-not-usable", "id-not-usable"]
    assert (found.items["courses/{id}/offerings"], found.whole) == (1, False)


def test_a_resource_may_be_absent_only_where_the_plan_says_so(tmp_path: Path) -> None:
    with HostileServer(Answer(status=404)) as server:
        found = harvest(server, tmp_path / "may", (Resource("programs", optional=True), Resource("programs/{id}/offerings")))
        assert (noticed(found), found.whole) == ({("not-offered", "programs"): 1}, True)
        assert problem(server, tmp_path / "must").code == "not-found"


def test_a_plan_that_nobody_can_mean_is_a_mistake() -> None:
    for resources in [(Resource("courses/{id}/offerings"),), (Resource("../etc"),), (Resource("courses?x"),)]:
        with pytest.raises(ValueError, match="is no resource"):
            planned("https://x.example", resources)
    for version, usual in RESOURCES.items():
        assert planned("https://x.example", usual, version=version).digest


# Lists without end, and other oddities -----------------------------------------------------------------------------------------------


def test_the_same_page_for_ever_is_stopped_at_its_first_return(tmp_path: Path) -> None:
    with HostileServer(answered(envelope([course(1), course(2)], more=True))) as server:
        found = problem(server, tmp_path)
        assert (found.code, found.page, len(server.asked)) == ("same-page-again", 2, 2)
        assert f"{server.url}/courses?pageSize=250&pageNumber=2" == found.url
        assert problem(server, tmp_path).code == "same-page-again"  # also when it is tried again
        assert len(server.asked) == 3


def test_the_same_items_in_another_order_or_with_another_stamp_are_the_same_page(tmp_path: Path) -> None:
    def behave(asked: Asked) -> Answer:
        page = int(asked.params["pageNumber"])
        found = [course(page % 3 * 2), course(page % 3 * 2 + 1)]
        return answered(envelope([item | {"stamp": page} for item in (found if page < 3 else found[::-1])], page=page, more=True))

    with HostileServer(behave) as server:
        found = problem(server, tmp_path)
    assert (found.code, found.page) == ("same-page-again", 4)


def test_new_pages_for_ever_end_at_the_limits(tmp_path: Path) -> None:
    def behave(asked: Asked) -> Answer:
        return answered(envelope([course(int(asked.params["pageNumber"]))], more=True))

    with HostileServer(behave) as server:
        found = problem(server, tmp_path / "pages", limits=HarvestLimits(pages=5))
        assert (found.code, found.page, len(server.asked)) == ("too-many-pages", 6, 5)
        assert problem(server, tmp_path / "bytes", limits=HarvestLimits(bytes=1000)).code == "harvest-too-large"
        assert problem(server, tmp_path / "seconds", limits=HarvestLimits(seconds=0.2)).code == "timed-out"


def test_the_limit_of_bytes_counts_over_a_resumed_harvest(tmp_path: Path) -> None:
    good = pages_of([course(number) for number in range(3)], 1)
    size = len(good(Asked("", {"pageNumber": "1"}, {})).body)
    limits = HarvestLimits(bytes=int(size * 2.5))
    with HostileServer(good, Answer(status=401), good) as server:
        assert problem(server, tmp_path, limits=limits).code == "credential-refused"
        found = problem(server, tmp_path, limits=limits)
    assert (found.code, found.page) == ("harvest-too-large", 3)


def test_an_empty_page_may_promise_more_once_but_not_twice_in_a_row(tmp_path: Path) -> None:
    once = at_page(2, answered(envelope([], page=2, more=True)), pages_of([course(number) for number in range(30)], 10))
    with HostileServer(once) as server:
        assert harvest(server, tmp_path / "once", page_size=10).items == {"courses": 20}
    with HostileServer(answered(envelope([], more=True))) as server:
        assert problem(server, tmp_path / "twice").code == "same-page-again"


def test_a_list_that_changes_while_it_is_read_is_no_fault(tmp_path: Path) -> None:
    """A new item on top pushes the last of page one to page two."""
    def behave(asked: Asked) -> Answer:
        first = asked.params["pageNumber"] == "1"
        return answered(envelope([course(1), course(2)] if first else [course(2)], more=first))

    with HostileServer(behave) as server:
        found = harvest(server, tmp_path)
    assert (ids(tmp_path), noticed(found)) == (["course-1", "course-2"], {("page-again", "courses"): 1})


@pytest.mark.parametrize(("count", "asked"), [(25, 3), (20, 3), (9, 1), (0, 1)])
def test_without_has_next_page_a_full_page_has_a_next_one(tmp_path: Path, count: int, asked: int) -> None:
    def behave(request: Asked) -> Answer:
        page = int(request.params["pageNumber"])
        found = [course(number) for number in range(count)][(page - 1) * 10 : page * 10]
        return answered(envelope(found, more=None, size=None)) if found or page == 1 else Answer(status=404)

    with HostileServer(behave) as server:
        found = harvest(server, tmp_path, page_size=10)
        assert (found.items["courses"], len(server.asked), found.problems) == (count, asked, ())
    assert ("has-next-missing", "courses") in noticed(found)


def test_without_paging_at_all_a_list_ends_where_it_repeats(tmp_path: Path) -> None:
    with HostileServer(answered({"items": [course(number) for number in range(30)]})) as server:
        found = harvest(server, tmp_path, page_size=10)
        assert (found.items["courses"], len(server.asked)) == (30, 2)
    assert noticed(found) == {("has-next-missing", "courses"): 2, ("page-size-ignored", "courses"): 2, ("page-again", "courses"): 1}


def test_another_page_size_than_asked_is_noticed_and_followed(tmp_path: Path) -> None:
    with HostileServer(pages_of([course(number) for number in range(25)], 10)) as server:
        found = harvest(server, tmp_path)
    assert (found.items, noticed(found)) == ({"courses": 25}, {("page-size-ignored", "courses"): 3})


def test_items_that_are_no_objects_are_listed_and_the_others_come(tmp_path: Path) -> None:
    with HostileServer(answered(envelope([course(1), None, "x", course(2), [3]]))) as server:
        found = harvest(server, tmp_path)
    assert [(one.code, one.reason) for one in found.problems] == [
        ("not-an-object", "item 2 is no object"), ("not-an-object", "item 3 is no object"), ("not-an-object", "item 5 is no object"),
    ]
    assert [(item.number, item.value["courseId"]) for item in items(tmp_path, "courses")] == [(1, "course-1"), (4, "course-2")]
    assert not found.whole


@pytest.mark.parametrize(("value", "code"), [
    ({"courses": []}, "not-an-envelope"), ({"items": {}}, "not-an-envelope"), ("text", "not-an-envelope"), (3, "not-an-envelope"),
    (None, "not-an-envelope"), ({"items": [], "hasNextPage": "maybe"}, "not-an-envelope"), ([1, 2], "no-objects"), ({"items": ["x"]}, "no-objects"),
])
def test_json_that_is_no_list_of_objects_is_refused_with_its_page(tmp_path: Path, value: Any, code: str) -> None:
    with HostileServer(at_page(2, answered(value), pages_of([course(1), course(2)], 1))) as server:
        found = problem(server, tmp_path)
    assert (found.code, found.page) == (code, 2)


# Going on ----------------------------------------------------------------------------------------------------------------------------


class Listed:
    """A gateway that answers out of a list of pages and stops where it is told to."""

    def __init__(self, pages: list[list[str]], stops: set[int]) -> None:
        self.pages = pages
        self.stops = stops
        self.asked: list[int] = []

    def fetch(self, request: PageRequest, *, deadline: float) -> Page:
        self.asked.append(request.page)
        if len(self.asked) in self.stops:
            raise HarvestStopped(problem_at(request, "server-error", "told to"))
        found = [{"courseId": ident, "name": "x"} for ident in self.pages[request.page - 1]]
        return Page(b"x", envelope(found, more=request.page < len(self.pages)), 200, "application/json", "utf-8")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6), stops=st.sets(st.integers(1, 12)))
def test_wherever_it_stops_going_on_gives_every_item_once(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], stops: set[int],
) -> None:
    spool = tmp_path_factory.mktemp("spool")
    numbers = iter(range(100))
    pages = [[str(next(numbers)) for _ in range(size)] for size in sizes]
    gateway = Listed(pages, stops)
    while True:
        try:
            found = collect(gateway, planned("https://x.example"), spool, now=NOW)
            break
        except HarvestStopped:
            continue
    assert ids(spool) == [ident for page in pages for ident in page]
    assert len(gateway.asked) == len(pages) + len([stop for stop in stops if stop <= len(gateway.asked)])
    assert found.items == {"courses": sum(sizes)}


def test_a_journal_that_can_not_be_read_or_is_of_another_plan_is_refused(tmp_path: Path) -> None:
    with HostileServer(pages_of([course(1)], 10)) as server:
        harvest(server, tmp_path)
        assert problem(server, tmp_path, page_size=10).code == "spool-of-another-plan"
        for broken in (b"", b"[]", b'{"plan": 1}', b'{"plan": "x", "started": 3}'):
            (tmp_path / "progress.json").write_bytes(broken)
            assert problem(server, tmp_path).code == "spool-broken"


def test_a_page_that_was_written_and_not_counted_is_not_read(tmp_path: Path) -> None:
    with HostileServer(pages_of([course(1)], 10)) as server:
        harvest(server, tmp_path)
    (tmp_path / "courses" / "page-00002.json").write_text("half")
    assert ids(tmp_path) == ["course-1"]
    assert list(items(tmp_path, "programs")) == []
    assert list(items(tmp_path / "nowhere", "courses")) == []


COLLECTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from academy.exchange.harvesting import HarvestPlan, Resource, collect
from academy.exchange.http_gateway import HttpGateway
plan = HarvestPlan(sys.argv[1], 5, (Resource("courses"), Resource("courses/{id}/offerings")), page_size=10, pause_seconds=0)
collect(HttpGateway(allow_private=True), plan, Path(sys.argv[2]), now=datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
"""


def wait_until(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.002)


def test_a_harvest_that_is_killed_goes_on_and_asks_at_most_the_page_in_hand_again(tmp_path: Path) -> None:
    kills = [8, 25]  # in the middle of the courses, in the middle of their offerings
    courses = pages_of([course(number) for number in range(150)], 10)

    def behave(asked: Asked) -> Answer:
        if asked.path == "/courses":
            return replace(courses(asked), silence=0.01)
        return answered(envelope([{"offeringId": asked.path, "name": "x"}], size=10), silence=0.01)

    with HostileServer(behave) as server:
        for kill in kills:
            process = subprocess.Popen([sys.executable, "-c", COLLECTING, server.url, str(tmp_path)])
            wait_until(lambda kill=kill: len(server.asked) >= kill)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        found = harvest(server, tmp_path, (*COURSES, Resource("courses/{id}/offerings")), page_size=10, now=NOW + timedelta(days=1))
        again = server.fetched - Counter(set(server.fetched))
    assert sum(again.values()) <= len(kills)
    assert ids(tmp_path) == [f"course-{number}" for number in range(150)]
    offerings: list[SpooledItem] = list(items(tmp_path, "courses/{id}/offerings"))
    assert [one.parent for one in offerings] == [Parent(Kind.COURSE, f"course-{number}") for number in range(150)]
    assert (found.items, found.started) == ({"courses": 150, "courses/{id}/offerings": 150}, NOW)
