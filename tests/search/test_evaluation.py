"""The score of an answer, the files it is judged by, and our own judged queries on the demo catalogue."""

import contextlib
import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from academy.demo import load_demo
from academy.kernel.db import Database
from academy.search import evaluation, service
from academy.search.cli import commands
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.evaluation import FileUnusable, JudgedQuery, read_corpus, read_queries, score
from academy.search.gateway import SearchQuery
from tests.search.meilisearch_stub import KEY, MeilisearchStub

TEN = tuple(f"m{number}" for number in range(10))
MANY = tuple(f"m{number}" for number in range(15))


def judged(must: tuple[str, ...] = (), ok: tuple[str, ...] = (), must_not: tuple[str, ...] = ()) -> JudgedQuery:
    return JudgedQuery("q", "text", "nl", "", (), frozenset(must), frozenset(ok), frozenset(must_not))


@pytest.mark.parametrize(("query", "found", "expected"), [
    (judged(), (), 1),
    (judged(), ("m0",), 0),
    (judged(("m0",)), (), 0),
    (judged(("m0",)), ("x", "m0"), 1),
    (judged(("m0",)), (*TEN[1:], "x", "m0"), 0),  # the eleventh place is too late
    (judged(("m0", "m1", "m2", "m3")), ("m0", "m1", "m2", "x"), 0.75),
    (judged(("m0", "m1"), ok=("x",)), ("m0", "x"), 0.5),  # what may be there does not replace what must
    (judged(TEN), TEN[:8], 0.8),
    (judged(MANY), MANY[:10], 1),
    (judged(MANY, ok=("x", "y")), ("x", "y", *MANY[:8]), 1),
    (judged(MANY), (*MANY[:7], "x", "y", "z"), 0.7),
    (judged(MANY), MANY[:3], 0.3),  # seven places are empty
    (judged(("m0",), must_not=("x",)), ("m0", "x"), 0.5),
    (judged(("m0", "m1", "m2", "m3"), must_not=("x",)), ("m0", "x"), 0.25),
    (judged(("m0",), must_not=("x",)), ("m0", *TEN[1:], "x"), 1),  # the eleventh place does no harm
])
def test_an_answer_is_scored_by_its_first_ten(query: JudgedQuery, found: tuple[str, ...], expected: float) -> None:
    assert score(query, found) == pytest.approx(expected)


DOCUMENTS: tuple[dict[str, str], ...] = (
    {"id": "croho:80133", "src": "croho-ad", "lang": "nl", "title": "Logistiek Management", "text": "", "skills": "", "level": "Ad", "provider": ""},
    {"id": "mbo:25182_BBL_2025", "src": "mbo-oer", "lang": "nl", "title": "Zelfstandig werkend kok", "text": "Je kookt <goed>.", "skills": "",
     "level": "mbo-3", "provider": "Aeres MBO"},
    {"id": "cour:80133", "src": "coursera", "lang": "en", "title": "Cooking", "text": "", "skills": "Food safety, Knives; Soup", "level": "Beginner",
     "provider": "Cook & Co"},
)
QUERIES: tuple[dict[str, Any], ...] = (
    {"qid": "a", "q": "logistiek managment", "lang": "nl", "kind": "typo", "filter": "", "must": ["croho:80133"], "ok": [], "must_not": []},
    {"qid": "b", "q": "", "lang": "en", "filter": "lang=en", "must": ["cour:80133"]},
    {"qid": "c", "q": "kok", "lang": "nl", "filter": "level=Ad", "must": []},
    {"qid": "d", "q": "25182", "lang": "nl", "must": ["cour:80133"]},
)


def written(path: Path, rows: tuple[dict[str, Any], ...]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_corpus_becomes_documents_with_words_codes_and_facets(tmp_path: Path) -> None:
    packed = tmp_path / "corpus.jsonl.gz"
    packed.write_bytes(gzip.compress(written(tmp_path / "corpus.jsonl", DOCUMENTS).read_bytes()))
    programme, kok, cooking = read_corpus(packed)
    assert [document.codes for document in (programme, kok, cooking)] == [("80133",), ("25182",), ()]  # a row number is no code
    assert programme.facets["level"] == ("Ad",)
    assert kok.facets["provider"] == ("Aeres MBO",)
    assert cooking.facets["language"] == ("en",)
    assert cooking.texts["skills"] == ("food safety", "knives", "soup")
    assert cooking.texts["provider"] == ("cook co",)


@contextlib.contextmanager
def house() -> Iterator[None]:
    yield


def run(*words: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(commands(house), ["eval", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_eval_prints_what_scripts_rely_on_also_when_queries_fail(tmp_path: Path) -> None:
    corpus, queries = written(tmp_path / "corpus.jsonl", DOCUMENTS), written(tmp_path / "queries.jsonl", QUERIES)
    code, said, _progress = run("--corpus", corpus, "--queries", queries, "--json")
    found = json.loads(said)
    assert code == 0
    assert {"queries": 4, "passed": 3, "mean": 0.75}.items() <= found.items()
    assert set(found) == {"queries", "passed", "mean", "latency_ms", "per_query"}
    assert set(found["latency_ms"]) == {"p50", "p95"}
    assert found["per_query"][0] == {"qid": "a", "score": 1, "top": ["croho:80133"]}
    assert found["per_query"][3] == {"qid": "d", "score": 0, "top": ["mbo:25182_BBL_2025"]}


def test_eval_on_meilisearch_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, queries = written(tmp_path / "corpus.jsonl", DOCUMENTS), written(tmp_path / "queries.jsonl", QUERIES)
    asked = ("--corpus", corpus, "--queries", queries, "--engine", "meilisearch", "--json")
    assert "MEILISEARCH_URL" in run(*asked)[2]
    with contextlib.closing(MeilisearchStub()) as stub:
        monkeypatch.setenv("MEILISEARCH_URL", stub.url)
        monkeypatch.setenv("MEILISEARCH_KEY", KEY)
        code, said, _progress = run(*asked)
        assert (code, json.loads(said)["passed"]) == (0, 3)
        assert stub.routes.indexes == {}
        stub.status = 500
        code, said, complaint = run(*asked)
        assert (code, said) == (1, "")
        assert complaint.strip().splitlines()[-1]


def test_eval_tells_people_what_failed_and_what_came_instead(tmp_path: Path) -> None:
    corpus, queries = written(tmp_path / "corpus.jsonl", DOCUMENTS), written(tmp_path / "queries.jsonl", QUERIES)
    _code, said, _progress = run("--corpus", corpus, "--queries", queries)
    assert "3 of 4 pass" in said
    assert "missing cour:80133" in said
    assert "instead mbo:25182_BBL_2025" in said


@pytest.mark.parametrize(("lines", "said"), [
    ('{"id": "a", "title": "A"}\n{"id": ', "corpus.jsonl, line 2: is no JSON"),
    ("[1, 2]", "corpus.jsonl, line 1: is no JSON object"),
    ('\n{"title": "A"}', "corpus.jsonl, line 2: id is missing"),
    ('{"id": "a", "title": 7}', "corpus.jsonl, line 1: title is no text"),
    ('{"id": "a", "skills": [1]}', "corpus.jsonl, line 1: skills is no list of texts"),
    ('{"id": "a"}\n{"id": "a"}', "corpus.jsonl, line 2: the id a is there twice"),
    ("", "corpus.jsonl: holds no documents"),
    ("[" * 100_000, "corpus.jsonl, line 1: is no JSON"),
])
def test_a_bad_corpus_is_refused_with_file_and_line(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(lines, encoding="utf-8")
    code, _out, complaint = run("--corpus", path, "--queries", written(tmp_path / "queries.jsonl", QUERIES))
    assert code == 1
    assert said in complaint


@pytest.mark.parametrize(("row", "said"), [
    ({"q": "kok"}, "line 2: qid is missing"),
    ({"qid": "a", "q": "kok"}, "line 2: the qid a is there twice"),
    ({"qid": "z", "filter": "kok"}, "line 2: the filter 'kok' is not FIELD=VALUE"),
    ({"qid": "z", "filter": "colour=red"}, "line 2: the filter 'colour=red' is not FIELD=VALUE"),
    ({"qid": "z", "must": 3}, "line 2: must is no list of texts"),
])
def test_bad_queries_are_refused_with_file_and_line(tmp_path: Path, row: dict[str, Any], said: str) -> None:
    path = written(tmp_path / "queries.jsonl", (QUERIES[0], row))
    with pytest.raises(FileUnusable, match=r"queries\.jsonl") as refused:
        read_queries(path)
    assert said in str(refused.value)


@pytest.mark.parametrize("content", [
    b"\x1f\x8b half of it", b"not packed", gzip.compress(b"{}" * 5000, mtime=0)[:40], gzip.compress(b"\xff\xfe", mtime=0),
], ids=["half", "not packed", "cut off", "no text"])
def test_a_damaged_file_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(FileUnusable, match=r"corpus\.jsonl\.gz"):
        read_corpus(path)


def test_our_own_sixty_queries_find_what_people_said_they_must(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        load_demo(session, now=now, progress=lambda _done, _total: None)
    service.set_engine(EmbeddedEngine(tmp_path / "search"))
    service.rebuild(now=now)
    there = {evaluation.by_address(hit) for hit in service.engine().search(SearchQuery(per_page=1000)).hits}
    judgements = read_queries(evaluation.OWN_QUERIES)
    named = {name for query in judgements for name in query.must | query.ok | query.must_not}
    assert named - there == set(), "a judgement about what the catalogue does not have would fail for ever, or never"
    code, said, _progress = run("--json")
    found = json.loads(said)
    assert (code, found["queries"]) == (0, 60)
    assert found["passed"] >= 56, [each for each in found["per_query"] if each["score"] < evaluation.PASSES_FROM]
    assert found["mean"] >= 0.93
