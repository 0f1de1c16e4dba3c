"""Files made for one test, and the folder of real ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from academy.exchange.http_gateway import HttpGateway
from academy.exchange.running import Harvester
from tests.exchange.endpoint import LIMITS


@pytest.fixture
def harvester(tmp_path: Path) -> Harvester:
    """Give a harvester with short limits that may reach this machine, and one secret."""
    gateway = HttpGateway(LIMITS, allow_private=True)
    return Harvester(gateway, tmp_path / "harvest", {"FEED_KEY": "sam:geheim"}, pause_seconds=0)


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a file from text (UTF-8) or bytes."""

    def write(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
