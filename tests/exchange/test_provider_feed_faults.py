"""A feed with a fault is answered with the file, the item and the field; a file that can not be trusted loads nothing."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from academy.exchange.errors import FileRefused
from academy.exchange.findings import Problem
from academy.exchange.provider_feeds import reading
from academy.exchange.provider_feeds.reading import read_feeds
from academy.exchange.supply import Supply
from tests.exchange import feed_samples as samples
from tests.exchange.conftest import Make

TODAY = date(2026, 9, 1)
Read = Callable[..., Supply]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def one(*values: Any) -> Supply:
        for number, value in enumerate(values):
            (tmp_path / f"{number}.json").write_text(json.dumps(value))
        (feed,) = read_feeds([tmp_path], owner=None, today=TODAY)
        return feed.supply

    return one


def places(problems: list[Problem] | tuple[Problem, ...]) -> list[tuple[str, int | None, str, str]]:
    return [(problem.source, problem.line, problem.column, problem.code) for problem in problems]


def refusal(*paths: Path) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(FileRefused) as refused:
        read_feeds(paths, owner=None, today=TODAY)
    return places(refused.value.problems)


GOOD = json.dumps([samples.BOOTCAMP])


@pytest.mark.parametrize(("content", "code"), [
    (GOOD[: len(GOOD) // 2], "half-answer"),
    ("", "empty-answer"),
    ("<html></html>", "html-instead-of-json"),
    ("[" * 10_000 + "]" * 10_000, "nested-too-deep"),
    ("[]", "unknown-shape"),
    ('{"results": []}', "unknown-shape"),
    ('[{"title": "x"}]', "unknown-shape"),
    ('"course_id"', "unknown-shape"),
    ('{"data": {"searchAPISearch": []}}', "unknown-shape"),
    ('[{"price": NaN}]', "not-json"),
    (GOOD.replace('"title":', '"title": "Eerst", "title":', 1), "name-twice"),
])
def test_a_file_that_can_not_be_read_or_recognised_is_refused_by_name(make: Make, content: str, code: str) -> None:
    assert [(place[0], place[3]) for place in refusal(make(content, "feed.json"))] == [("feed.json", code)]


def test_one_bad_file_refuses_all_that_were_given_and_every_bad_one_is_named(make: Make) -> None:
    paths = [make(GOOD, "goed.json"), make("[1", "half.json"), make("{}", "leeg.json")]
    assert [(place[0], place[3]) for place in refusal(*paths)] == [("half.json", "half-answer"), ("leeg.json", "unknown-shape")]


def test_a_file_that_is_too_large_is_refused_unread(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(GOOD, "groot.json")
    with path.open("r+b") as file:
        file.truncate(200 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("read"))
    assert refusal(path) == [("groot.json", None, "", "too-large")]
    assert reading.LIMIT_BYTES < 200 * 1024 * 1024


def test_a_folder_without_feeds_is_refused(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("x")
    assert refusal(tmp_path) == [("", None, "", "empty")]


@pytest.mark.parametrize(("encoding", "notices"), [
    ("utf-8-sig", []), ("utf-16", []), ("cp1252", ["windows-1252-assumed"]), ("utf-16-le", ["utf-16-undeclared"]),
])
def test_another_encoding_is_read_and_noticed(make: Make, encoding: str, notices: list[str]) -> None:
    body = json.dumps([samples.with_(samples.BOOTCAMP, title="Café aan zee")], ensure_ascii=False).encode(encoding)
    (feed,) = read_feeds([make(body, "feed.json")], owner=None, today=TODAY)
    assert feed.supply.modules[0].title.en == "Café aan zee"
    assert [notice.code for notice in feed.supply.notices.all()] == notices


def test_an_element_that_is_no_object_is_refused_and_the_others_load(read: Read) -> None:
    supply = read([samples.BOOTCAMP, "kamp", None, samples.with_(samples.BOOTCAMP, course_id="Kamp2")])
    assert places(supply.problems) == [("0.json", 2, "", "not-an-object"), ("0.json", 3, "", "not-an-object")]
    assert (len(supply.modules), supply.rows, supply.refused) == (2, 6, 2)


@pytest.mark.parametrize(("changes", "column", "code"), [
    ({"start": "2026-13-45"}, "start", "not-a-date"),
    ({"start": True}, "start", "not-a-date"),
    ({"start": "9999-12-31T23:59:59Z", "end": None}, "start", "not-a-date"),
    ({"start": 10**30}, "start", "not-a-date"),
    ({"start": None}, "start", "run-without-start"),
    ({"end": None}, "end", "run-without-end"),
    ({"end": "2026-09-30"}, "end", "ends-before-start"),
    ({"enrollment_start": "2026-10-05", "enrollment_end": "2026-10-04"}, "enrollment_end", "closes-before-opening"),
    ({"enrollment_start": "2027-01-01"}, "enrollment_start", "opens-after-end"),
    ({"seats": [{"type": "verified", "price": "-5.00", "currency": "USD"}]}, "seats[0].price", "negative-price"),
    ({"seats": [{"type": "verified", "price": "veel", "currency": "USD"}]}, "seats[0].price", "not-a-price"),
    ({"seats": [{"type": "verified", "price": "1000001", "currency": "EUR"}]}, "seats[0].price", "price-too-high"),
    ({"seats": [{"type": "verified", "price": "0.005", "currency": "EUR"}]}, "seats[0].price", "not-a-price"),
    ({"seats": ["verified"]}, "seats[0]", "not-an-object"),
    ({"seats": {"type": "audit"}}, "seats", "not-a-list"),
    ({"key": ""}, "key", "empty"),
    ({"key": "x" * 301}, "key", "too-long"),
    ({"key": ["x"]}, "key", "not-text"),
])
def test_a_run_with_a_fault_is_left_out_and_its_course_stays(read: Read, changes: dict[str, Any], column: str, code: str) -> None:
    runs = [samples.EDX_RUN, samples.with_(samples.EDX_RUN, key="tweede") | changes]
    supply = read(samples.page(samples.with_(samples.EDX_COURSE, course_runs=runs)))
    assert places(supply.problems) == [("0.json", 1, f"course_runs[1].{column}", code)]
    assert (len(supply.modules), len(supply.offerings), supply.rows, supply.refused) == (1, 1, 3, 1)


@pytest.mark.parametrize(("changes", "column", "code"), [
    ({"title": None}, "title", "empty"),
    ({"title": {"nl": "x"}}, "title", "not-text"),
    ({"title": "x" * 301}, "title", "too-long"),
    ({"key": None}, "key", "empty"),
    ({"subjects": [5]}, "subjects[0]", "not-text"),
    ({"course_runs": "geen"}, "course_runs", "not-a-list"),
    ({"prerequisites": ["Poort+BIJ1"]}, "prerequisites", "own-prerequisite"),
    ({"prerequisites": [{"key": "Poort+BIJ1", "name": "Bijen"}]}, "prerequisites", "own-prerequisite"),
])
def test_a_course_with_a_fault_is_left_out_with_its_runs(read: Read, changes: dict[str, Any], column: str, code: str) -> None:
    other = samples.with_(samples.EDX_COURSE, key="Poort+BIJ3", course_runs=[])
    supply = read(samples.page(other, samples.with_(samples.EDX_COURSE) | changes))
    assert ("0.json", 2, column, code) in places(supply.problems)
    assert [module.external_id for module in supply.modules] == ["Poort+BIJ3"]
    assert supply.offerings == []
    assert supply.rows == supply.refused + 1


def test_a_programme_of_which_a_course_is_left_out_does_not_say_what_it_asks(read: Read) -> None:
    bad = samples.with_(samples.XPRO_COURSE, readable_id="lei-3", title="")
    supply = read([samples.with_(samples.XPRO_PROGRAMME, courses=[samples.XPRO_COURSE, bad])])
    assert [place[2:] for place in places(supply.problems)] == [("courses[1].title", "empty"), ("courses", "course-refused")]
    assert [(programme.external_id, programme.requirements) for programme in supply.programmes] == [("lei", None)]


def test_what_is_faulty_has_not_vanished(read: Read) -> None:
    supply = read(samples.page(samples.with_(samples.EDX_COURSE, key="ander"), samples.with_(samples.EDX_COURSE, title="")))
    assert set(supply.keys()) == {"ander", "Poort+BIJ1"}


def test_the_second_course_with_one_key_is_refused_when_it_says_something_else_and_skipped_when_not(read: Read) -> None:
    other = samples.with_(samples.EDX_COURSE, title="Wespen houden")
    supply = read(samples.page(samples.EDX_COURSE, samples.EDX_COURSE, other))
    assert places(supply.problems) == [("0.json", 3, "", "duplicate-differs")]
    assert "item 1 of 0.json" in supply.problems[0].reason
    assert [notice.code for notice in supply.notices.all()] == ["seen-again"]
    assert (len(supply.modules), len(supply.offerings)) == (1, 1)


def test_the_second_run_with_one_key_is_refused_when_it_says_something_else(read: Read) -> None:
    later = samples.with_(samples.EDX_RUN, end="2027-01-01")
    supply = read(samples.page(samples.with_(samples.EDX_COURSE, course_runs=[samples.EDX_RUN, samples.EDX_RUN, later])))
    assert places(supply.problems) == [("0.json", 1, "course_runs[2].", "duplicate-differs")]
    assert len(supply.offerings) == 1


def test_a_feed_in_which_nothing_is_good_is_refused(make: Make) -> None:
    path = make(json.dumps([samples.with_(samples.BOOTCAMP, title="", prices=[{"price": -1}])]), "kamp.json")
    assert refusal(path) == [("kamp.json", 1, "prices[0].price", "negative-price"), ("kamp.json", 1, "title", "empty")]


def test_runs_of_which_no_course_came_along_are_refused_as_a_whole(make: Make) -> None:
    assert refusal(make(json.dumps([samples.SLOAN_RUN]), "runs.json")) == [("runs.json", 1, "Course_Id", "run-without-course")]


@pytest.mark.parametrize(("nodes", "column", "code"), [
    ([samples.course_node(99)], "req_tree[0].data.course", "course-unknown"),
    ([samples.course_node([1])], "req_tree[0].data.course", "course-unknown"),
    ([samples.programme_node(5)], "req_tree[0].data.required_program", "programme-within-itself"),
    ([samples.programme_node(6)], "req_tree[0].data.required_program[0].data.required_program", "programme-within-itself"),
    ([samples.programme_node(99)], "req_tree[0].data.required_program", "programme-unknown"),
    ([samples.programme_node({})], "req_tree[0].data.required_program", "programme-unknown"),
    ([samples.operator("some_of", samples.course_node(1))], "req_tree[0].data.operator", "unknown-operator"),
    ([samples.operator("min_number_of", samples.course_node(1), value="2")], "req_tree[0].data.operator_value", "number-not-possible"),
    ([samples.operator("min_number_of", samples.course_node(1), value="9" * 5000)], "req_tree[0].data.operator_value", "number-not-possible"),
    ([samples.operator("min_number_of", samples.course_node(1))], "req_tree[0].data.operator_value", "number-not-possible"),
    (["vak"], "req_tree[0]", "not-an-object"),
    ([{"data": {"node_type": "degree"}}], "req_tree[0].data.node_type", "unknown-node"),
])
def test_a_requirement_tree_with_a_hole_is_not_loaded_and_its_programme_is(read: Read, nodes: list[Any], column: str, code: str) -> None:
    programmes = [samples.mitxo_programme(5, *nodes), samples.mitxo_programme(6, samples.programme_node(5))]
    supply = read(samples.page(*samples.mitxo_courses(1)), samples.page(*programmes))
    assert ("1.json", 1, column, code) in places(supply.problems)
    assert (supply.programmes[0].external_id, supply.programmes[0].requirements) == ("programma-5", None)


def test_every_unknown_course_of_a_tree_is_named(read: Read) -> None:
    tree = samples.operator("min_number_of", samples.course_node(7), samples.course_node(1), samples.course_node(8), value=3)
    supply = read(samples.page(*samples.mitxo_courses(1)), samples.page(samples.mitxo_programme(5, tree)))
    assert [(problem.code, problem.value) for problem in supply.problems[1:]] == [("course-unknown", "7"), ("course-unknown", "8")]


def test_programmes_within_programmes_end_somewhere(read: Read) -> None:
    chain = [samples.mitxo_programme(number, samples.programme_node(number + 1)) for number in range(1_000)]
    supply = read(samples.page(*chain))
    assert supply.problems[0].code == "nested-too-deep"
    assert supply.programmes[0].requirements is None


def test_programmes_that_name_the_next_one_twice_do_not_grow_for_ever(read: Read) -> None:
    twice = [
        samples.mitxo_programme(number, *(samples.operator("all_of", samples.programme_node(number + 1)) for _ in range(8)))
        for number in range(8)
    ]
    supply = read(samples.page(*samples.mitxo_courses(8)), samples.page(*twice, samples.mitxo_programme(8, samples.course_node(1))))
    assert "too-many-nodes" in {problem.code for problem in supply.problems}


def test_enrolment_that_closes_after_the_end_closes_at_the_end(read: Read) -> None:
    run = samples.with_(samples.EDX_RUN, enrollment_end="2027-03-01")
    supply = read(samples.page(samples.with_(samples.EDX_COURSE, course_runs=[run])))
    ((_key, offering),) = supply.offerings
    assert offering.periods[0].closes_on == offering.ends_on
    assert [notice.code for notice in supply.notices.all()] == ["closes-after-end"]


def test_a_website_that_is_none_is_left_out_with_a_notice(read: Read) -> None:
    supply = read([samples.with_(samples.BOOTCAMP, url="marketing_url")])
    assert (supply.problems, supply.modules[0].website) == ([], "")
    assert [(notice.code, notice.column) for notice in supply.notices.all()] == [("not-a-url", "url")]


def test_half_a_character_and_control_signs_do_not_get_through(read: Read) -> None:
    supply = read([samples.with_(samples.BOOTCAMP, title="Wa\ud800ter\x00kamp\u200b")])
    assert supply.modules[0].title.en == "Waterkamp"
