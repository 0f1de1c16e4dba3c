"""The engines that must agree: the embedded one, Meilisearch on the stub, and on a real server where one is told of.

`TEST_MEILISEARCH_URL` and `TEST_MEILISEARCH_KEY` name the server; each run makes indexes of its own there and drops them.
"""

import os
from collections.abc import Callable, Iterator

import pytest

from academy.kernel.ids import new_id
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchDocument, SearchEngine
from academy.search.meilisearch_engine import MeilisearchEngine
from tests.search.conformance.world import world
from tests.search.meilisearch_stub import KEY, MeilisearchStub

SERVER = os.environ.get("TEST_MEILISEARCH_URL", "")
TODAY = 3
_PATIENCE = 120.0  # seconds, for machines that do more than tests
Maker = Callable[[], SearchEngine]


# A real server is one engine more where one is named; without it the stub, which speaks the same calls, stands for it.
@pytest.fixture(scope="session", params=["embedded", "stub", *(["server"] if SERVER else [])])
def kind(request: pytest.FixtureRequest) -> str:
    """Tell which engine a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def make_engine(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """Give what makes an engine without an index."""
    made: list[EmbeddedEngine | MeilisearchEngine] = []
    stub = MeilisearchStub() if kind == "stub" else None
    url, key = (stub.url, KEY) if stub else (SERVER, os.environ.get("TEST_MEILISEARCH_KEY", ""))

    def make() -> SearchEngine:
        folder = tmp_path_factory.mktemp("index")
        made.append(EmbeddedEngine(folder) if kind == "embedded" else MeilisearchEngine(
            url, key, lock_file=folder / "lock", day=lambda: TODAY, name=f"test_{new_id().hex}", read_seconds=_PATIENCE, write_seconds=_PATIENCE,
        ))
        return made[-1]

    yield make
    for each in made:
        if isinstance(each, MeilisearchEngine):
            each.discard()
        each.close()
    if stub:
        stub.close()


@pytest.fixture(scope="session")
def full(make_engine: Maker) -> SearchEngine:
    """Give an engine with the whole world in it; a test does not change it."""
    engine = make_engine()
    engine.rebuild(world())
    return engine


@pytest.fixture
def fill(make_engine: Maker) -> Callable[..., SearchEngine]:
    """Give what makes an engine of some documents."""

    def filled(*documents: SearchDocument) -> SearchEngine:
        engine = make_engine()
        engine.rebuild(documents)
        return engine

    return filled
