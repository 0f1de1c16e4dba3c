import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from academy.kernel.db import Database
from academy.search import occupations, service
from academy.search.cli import commands
from academy.search.embedded_engine import EmbeddedEngine
from tests import builders


@contextmanager
def house() -> Iterator[None]:
    yield


@pytest.fixture(autouse=True)
def _index(database: Database, tmp_path: Path, now: datetime) -> None:
    service.set_engine(EmbeddedEngine(tmp_path / "search"))
    occupations.set_engine(EmbeddedEngine(tmp_path / "occupations"))
    with database.writing() as session:
        builders.module(session, now)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands(house), list(words))
    return done.exit_code, done.stdout


def test_a_rebuild_says_how_many_documents_there_are() -> None:
    assert run("rebuild") == (0, "1 documents.\n")


def test_a_rebuild_that_can_not_be_done_fails_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("no folder")
    service.set_engine(EmbeddedEngine(tmp_path / "in-the-way"))
    done = CliRunner().invoke(commands(house), ["rebuild"])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "what was there before still is" in done.stderr


def test_an_audit_without_an_index_fails_with_advice() -> None:
    assert run("audit")[0] == 1


def test_an_audit_ends_with_zero_only_when_nothing_differs() -> None:
    run("rebuild")
    assert run("audit", "--json") == (0, '{"missing": [], "stale": [], "extra": []}\n')
    service.engine().rebuild([])
    code, said = run("audit", "--json")
    assert code == 1
    assert len(json.loads(said)["missing"]) == 1
    assert run("audit")[0] == 1


def test_every_command_explains_itself_without_opening_the_house() -> None:
    for words in ([], ["rebuild"], ["audit"]):
        assert run(*words, "--help")[0] == 0
