"""Files made for one test, and the folder of real ones."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from academy.exchange.http_gateway import HttpGateway
from academy.exchange.running import Harvester
from tests.exchange.endpoint import LIMITS

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def real_data() -> Path:
    folder = Path(os.environ.get("ACADEMY_REAL_DATA", _ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data are not at {folder}; set ACADEMY_REAL_DATA")
    return folder


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
