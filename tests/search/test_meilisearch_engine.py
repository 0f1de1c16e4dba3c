"""How the engine works with a server that misbehaves, and that its traps do not catch it."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.search.gateway import (
    Changes,
    EngineUnavailable,
    IndexBusy,
    IndexUnusable,
    Near,
    Range,
    SearchDocument,
    SearchQuery,
)
from academy.search.meilisearch_engine import MeilisearchEngine, client, documents, questions, settings
from academy.search.meilisearch_engine.client import Server
from tests.search.conformance.world import document
from tests.search.meilisearch_stub import KEY, MeilisearchStub
from tests.search.stub.errors import Refusal
from tests.search.stub.filters import compiled
from tests.search.stub.index import Index
from tests.search.stub.settings import Settings


@pytest.fixture
def stub() -> Iterator[MeilisearchStub]:
    made = MeilisearchStub()
    yield made
    made.close()


Maker = Callable[..., MeilisearchEngine]


@pytest.fixture
def make(stub: MeilisearchStub, tmp_path: Path) -> Maker:
    def made(key: str = KEY, day: int = 0, **values: object) -> MeilisearchEngine:
        given_ = {"read_seconds": 5.0, "write_seconds": 5.0, "wait_seconds": 0.2, "rest_seconds": 0.0} | values
        return MeilisearchEngine(stub.url, key, lock_file=tmp_path / "lock", day=lambda: day, **given_)  # type: ignore[arg-type]

    return made


@pytest.fixture
def engine(make: Maker) -> MeilisearchEngine:
    opened = make()
    opened.rebuild([document("Dorado"), document("Gulibu")])
    return opened


def put(engine: MeilisearchEngine, *given_: SearchDocument) -> None:
    engine.apply(lambda: Changes(given_))


def every_way(engine: MeilisearchEngine) -> tuple[Callable[[], object], ...]:
    return (
        lambda: engine.search(SearchQuery("dorado")), lambda: engine.facet_values(SearchQuery(), "skill", "a"), engine.contents, engine.check,
        lambda: put(engine, document("Kraomi")), lambda: engine.rebuild([document("Kraomi")]),
    )


def fails_with(error: type[Exception], *ways: Callable[[], object]) -> list[str]:
    said = []
    for way in ways:
        with pytest.raises(error) as caught:
            way()
        said.append(str(caught.value))
    return said


def test_without_an_index_only_a_rebuild_helps(make: Maker) -> None:
    engine = make()
    *others, rebuild = every_way(engine)
    fails_with(IndexUnusable, *others)
    rebuild()
    assert engine.search(SearchQuery("kraomi")).total == 1


def test_a_write_makes_no_index_without_settings(make: Maker, stub: MeilisearchStub) -> None:
    fails_with(IndexUnusable, lambda: put(make(), document("Dorado")))
    assert not stub.routes.indexes


def test_a_lost_index_is_said_and_made_again(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.routes.indexes.clear()
    *others, rebuild = every_way(engine)
    fails_with(IndexUnusable, *others)
    rebuild()
    engine.check()


@pytest.mark.parametrize("changed", [
    {"displayedAttributes": [name for name in settings.displayed() if name != settings.made_by()]},
    {"displayedAttributes": ["*"]}, {"searchableAttributes": ["title"]}, {"sortableAttributes": []}, {"filterableAttributes": ["facet_kind"]},
])
def test_an_index_with_other_settings_is_unusable(engine: MeilisearchEngine, stub: MeilisearchStub, changed: dict[str, list[str]]) -> None:
    stub.routes.indexes["academy"].settings.change(changed)
    fails_with(IndexUnusable, engine.check, lambda: put(engine, document("Kraomi")))
    engine.rebuild([])
    engine.check()


def test_a_question_that_does_not_fit_the_settings_asks_for_a_rebuild(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.routes.indexes["academy"].settings.change({"filterableAttributes": []})
    fails_with(IndexUnusable, lambda: engine.search(SearchQuery(filters=(("kind", ("mooc",)),))))


def test_a_server_that_does_not_answer_in_time_is_away(make: Maker, engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    hasty = make(read_seconds=0.1, write_seconds=0.2)
    stub.answers_after = 0.5
    assert all("in time" in said for said in fails_with(EngineUnavailable, *every_way(hasty)))
    stub.answers_after = 0
    assert hasty.search(SearchQuery("dorado")).total == 1


def test_a_silent_server_is_left_alone_for_a_moment_so_that_not_every_visitor_waits_for_it(
    make: Maker, engine: MeilisearchEngine, stub: MeilisearchStub, monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(client, "monotonic", lambda: now[0])
    assert engine.search(SearchQuery("dorado")).total == 1
    hasty = make(read_seconds=0.5, rest_seconds=60)
    asked = [lambda: hasty.search(SearchQuery("dorado")), lambda: hasty.facet_values(SearchQuery(), "skill", "a")] * 3
    stub.answers_after = 1.0
    stub.requests.clear()
    assert all("in time" in said for said in fails_with(EngineUnavailable, *asked))
    assert len(stub.requests) == 1
    stub.answers_after = 0
    hasty.check()  # the worker asks as it always does
    fails_with(EngineUnavailable, asked[0])
    now[0] += 61
    assert hasty.search(SearchQuery("dorado")).total == 1
    assert hasty.search(SearchQuery("gulibu")).total == 1
    stub.status = 500  # what answers costs nobody time
    stub.requests.clear()
    fails_with(EngineUnavailable, *asked)
    assert len(stub.requests) == len(asked)


def test_a_server_in_trouble_or_talking_nonsense_is_away(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.status = 500
    assert all("500" in said for said in fails_with(EngineUnavailable, *every_way(engine)))
    stub.status = 0
    stub.garbled = True
    fails_with(EngineUnavailable, *every_way(engine))
    stub.garbled = False
    assert engine.search(SearchQuery("dorado")).total == 1


def test_a_connection_that_the_server_just_closed_costs_no_visitor_an_answer(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    for ask in (lambda: engine.search(SearchQuery("dorado")).total == 1, engine.contents):
        stub.hangs_up = 1
        assert ask()
        assert stub.hangs_up == 0
    stub.hangs_up = 2  # twice is no accident
    fails_with(EngineUnavailable, lambda: engine.search(SearchQuery("dorado")))


def test_no_server_is_an_engine_that_is_away(stub: MeilisearchStub, engine: MeilisearchEngine) -> None:
    stub.close()
    engine.close()
    fails_with(EngineUnavailable, *every_way(engine))


@pytest.mark.parametrize("key", ["wrong-key-of-somebody", "", "sleutel-met-een-€", "with a\nnewline"])
def test_the_key_stays_out_of_every_word_that_is_said(
    make: Maker, engine: MeilisearchEngine, stub: MeilisearchStub, caplog: pytest.LogCaptureFixture, key: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    said = fails_with(EngineUnavailable, *every_way(make(key)))
    told = "".join(said) + caplog.text
    for secret in (key, KEY):
        assert not secret or secret not in told
    assert stub.url not in "".join(said)


def test_a_password_file_of_the_machine_does_not_replace_the_key(
    engine: MeilisearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(file))
    assert engine.search(SearchQuery("dorado")).total == 1


def test_a_failed_task_is_an_error_with_its_code_and_nothing_is_lost(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.routes.queue.failing = {"documentAdditionOrUpdate": "no_space_left_on_device"}
    for way in (lambda: put(engine, document("Kraomi")), lambda: engine.rebuild([document("Kraomi")])):
        assert "no_space_left_on_device" in fails_with(EngineUnavailable, way)[0]
    assert engine.search(SearchQuery("dorado")).total == 1
    stub.routes.queue.failing = {}
    engine.rebuild([document("Kraomi")])
    assert engine.search(SearchQuery()).total == 1


def test_a_failed_swap_leaves_the_index_that_was(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.routes.queue.failing = {"indexSwap": "internal"}
    fails_with(EngineUnavailable, lambda: engine.rebuild([document("Kraomi")]))
    assert engine.search(SearchQuery("dorado")).total == 1


def test_a_key_for_some_indexes_only_is_enough(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.routes.queue.hides_swaps = True
    assert engine.rebuild([document("Kraomi")]) == 1
    assert engine.search(SearchQuery()).total == 1
    engine.check()


def test_a_queue_that_stands_still_is_an_error_in_time(make: Maker, engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    stub.routes.queue.hold()
    fails_with(EngineUnavailable, lambda: put(make(write_seconds=0.3), document("Kraomi")))
    assert engine.search(SearchQuery("dorado")).total == 1
    stub.routes.queue.release()


def test_searches_go_on_during_a_rebuild_and_tasks_wait_for_no_swap(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    totals: set[int] = set()

    def each() -> Iterator[SearchDocument]:
        for number in range(5):
            totals.add(engine.search(SearchQuery()).total)
            yield document("Dorado", name=f"n{number}")

    assert engine.rebuild(each()) == 5
    assert totals == {2}
    assert engine.search(SearchQuery()).total == 5
    assert set(stub.routes.indexes) == {"academy"}
    calls = [f"{method} {path}" for method, path, _header in stub.requests]
    swap = max(place for place, call in enumerate(calls) if call == "POST /swap-indexes")
    assert calls[swap - 1] == "GET /tasks?indexUids=academy%2Cacademy_new&statuses=enqueued%2Cprocessing&limit=1"


def test_settings_come_before_documents_and_documents_a_thousand_at_a_time(make: Maker, stub: MeilisearchStub) -> None:
    make().rebuild(document(f"Dorado {number}", name=f"n{number}") for number in range(2_001))
    kinds = [task.kind for task in stub.routes.queue.tasks if task.index == "academy_new"]
    assert kinds.index("settingsUpdate") < kinds.index("documentAdditionOrUpdate")
    assert kinds.count("documentAdditionOrUpdate") == 3


def test_leftovers_of_a_rebuild_that_broke_off_are_removed(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    def each() -> Iterator[SearchDocument]:
        yield document("Kraomi")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(each())
    put(engine, document("Kraomi"))  # done after whatever was asked before
    assert set(stub.routes.indexes) == {"academy"}
    stub.routes.indexes["academy_new"] = Index("id")  # of one that was killed
    assert engine.rebuild([document("Vimufa")]) == 1
    assert set(stub.routes.indexes) == {"academy"}
    assert [engine.search(SearchQuery(text)).total for text in ("kraomi", "vimufa")] == [0, 1]


def test_nothing_to_write_sends_nothing(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    before = len(stub.routes.queue.tasks)
    put(engine)
    assert len(stub.routes.queue.tasks) == before


def test_one_writer_at_a_time(make: Maker, engine: MeilisearchEngine) -> None:
    other = make()

    def read() -> Changes:
        with pytest.raises(IndexBusy):
            other.apply(Changes)
        return Changes((document("Kraomi"),))

    engine.apply(read)
    assert other.search(SearchQuery("kraomi")).total == 1


def test_threads_keep_their_connections_and_their_headers_apart(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    before, barrier = stub.connections, threading.Barrier(8)

    def ask(_number: int) -> int:
        barrier.wait()
        found = [engine.search(SearchQuery("dorado")).total + len(engine.contents()) for _time in range(10)]
        engine.close()
        return sum(found)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {30}
    assert stub.connections - before <= 8
    assert all(header.get("content-type") == "application/json" for method, _path, header in stub.requests if method == "POST")


def test_the_order_of_the_day_is_set_when_the_day_begins(make: Maker, engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    make(day=5).check()
    assert stub.routes.indexes["academy"].settings["rankingRules"][-1] == "shuffle_5:asc"
    before = len(stub.routes.queue.tasks)
    make(day=5).check()
    assert len(stub.routes.queue.tasks) == before


@pytest.mark.parametrize("unknown", [{"attributeRank", "wordPosition"}, {"attributeRank", "wordPosition", "disableOnNumbers"}])
def test_a_server_that_knows_less_gets_what_it_knows(make: Maker, stub: MeilisearchStub, unknown: set[str]) -> None:
    stub.routes.unknown_settings = frozenset(unknown)
    engine = make(day=2)
    engine.rebuild([document("Dorado")])
    engine.check()
    assert "attribute" in stub.routes.indexes["academy"].settings["rankingRules"]
    assert engine.search(SearchQuery("dorado")).total == 1


def test_a_new_word_is_found_in_its_other_forms(engine: MeilisearchEngine) -> None:
    put(engine, document("Isoleren"), document("Isolatie"))
    assert engine.search(SearchQuery("isoleren")).total == engine.search(SearchQuery("isolatie")).total == 2


ALLOWED = Settings({**Settings().values, "filterableAttributes": settings.filterable()}).allowed()


@given(value=st.text(max_size=60), other=st.text(max_size=60))
def test_a_value_is_spelled_in_one_way_and_read_back(value: str, other: str) -> None:
    key = documents.value_key(value)
    assert documents.value_of(key) == value
    assert key == key.strip().lower()
    assert not set('"\\\n') & set(key)
    assert (key == documents.value_key(other)) == (value == other)


@given(text=st.text(max_size=40))
def test_an_id_is_spelled_in_signs_that_are_allowed(text: str) -> None:
    key = documents.id_key(text)
    assert documents.id_of(key) == text
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in key)


@given(value=st.text(max_size=60), least=st.none() | st.integers(max_value=10**15), km=st.floats(0, 500))
def test_no_value_can_say_more_in_a_filter_than_itself(value: str, least: int | None, km: float) -> None:
    query = SearchQuery(filters=(("kind", (value, "safe")),), ranges=(("price", Range(least)),), near=Near(52.1, 5.2, km))
    test = compiled(questions.conditions(query), ALLOWED)
    found = {"number_price": max(least or 0, -(10**15)), "_geo": {"lat": 52.1, "lng": 5.2}}
    assert test(found | {"facet_kind": ["safe"]})
    assert not test(found | {"facet_kind": ["other"]}) or value == "other"
    if documents.can_be_there(documents.value_key(value)):
        assert test(found | {"facet_kind": [documents.value_key(value)]})


@pytest.mark.parametrize("name", ["kind OR facet_level", "unknown", ""])
def test_a_facet_or_number_that_is_not_ours_is_a_mistake(name: str) -> None:
    with pytest.raises(KeyError):
        questions.conditions(SearchQuery(filters=((name, ("x",)),)))
    with pytest.raises(KeyError):
        questions.conditions(SearchQuery(ranges=((name, Range(1)),)))


def answer(stub: MeilisearchStub, method: str, path: str, body: object, **header: str) -> tuple[int, str]:
    whole = {"authorization": f"Bearer {KEY}", "content-type": "application/json"} | header
    status, payload = stub.answer(method, path, {name: value for name, value in whole.items() if value}, json.dumps(body).encode())
    return status, json.loads(payload).get("code", "")


@pytest.mark.usefixtures("engine")
def test_the_stub_refuses_what_the_server_refuses(stub: MeilisearchStub) -> None:
    search = "/indexes/academy/search"
    assert answer(stub, "POST", search, {"q": "dorado"}) == (200, "")
    assert answer(stub, "POST", search, {"query": "dorado"}) == (400, "bad_request")
    assert answer(stub, "POST", search, {"q": 3}) == (400, "invalid_search_q")
    assert answer(stub, "POST", search, {"filter": "facet_kind ="}) == (400, "invalid_search_filter")
    assert answer(stub, "POST", search, {"filter": "title = x"}) == (400, "invalid_search_filter")
    assert answer(stub, "POST", search, {"sort": ["title:asc"]}) == (400, "invalid_search_sort")
    assert answer(stub, "POST", search, {"facets": ["title"]}) == (400, "invalid_search_facets")
    assert answer(stub, "POST", search, {}, **{"content-type": ""}) == (415, "missing_content_type")
    assert answer(stub, "POST", search, {}, **{"content-type": "text/plain"}) == (415, "invalid_content_type")
    assert answer(stub, "POST", search, {}, authorization="Bearer x") == (403, "invalid_api_key")
    assert answer(stub, "POST", search, {}, authorization="") == (401, "missing_authorization_header")
    assert answer(stub, "POST", "/indexes/nowhere/search", {}) == (404, "index_not_found")
    assert answer(stub, "PATCH", "/indexes/academy/settings", {"rankingRules": ["wrds"]}) == (400, "invalid_settings_ranking_rules")
    assert answer(stub, "PATCH", "/indexes/academy/settings", {"ranking": []}) == (400, "bad_request")


@pytest.mark.parametrize("text", ["a =", "a = b c", "(a = b", "a IN [b", "a IN [b c]", "= b", "AND", "a 1 TO", "_geoRadius(1, 2)", '"', "a = b OR"])
def test_the_stub_reads_no_bad_filter(text: str) -> None:
    with pytest.raises(Refusal):
        compiled(text, ALLOWED)


def test_what_a_server_says_without_a_fraction_of_a_second_is_read(engine: MeilisearchEngine, stub: MeilisearchStub) -> None:
    server = Server(stub.url, KEY, read_seconds=5, write_seconds=5, rest_seconds=0)
    server.wait_for([server.set("academy", {"stopWords": []})], seconds=5)
    server.close()
