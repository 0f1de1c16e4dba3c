"""An engine of its own for every test of search; no database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from academy.search.embedded_engine import EmbeddedEngine
from tests.search import supply


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """Give an engine in an empty folder."""
    opened = EmbeddedEngine(tmp_path / "index", wait_seconds=0.3)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def full_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """Give an engine with two hundred modules; a test does not change it."""
    opened = EmbeddedEngine(tmp_path_factory.mktemp("full"))
    opened.rebuild(supply.many())
    yield opened
    opened.close()
