"""The engine that is measured, its size on disk and the memory of a process that uses it."""

import contextlib
import os
import re
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchEngine
from academy.search.meilisearch_engine import MeilisearchEngine


@contextmanager
def opened(engine: str, folder: str) -> Iterator[SearchEngine]:
    """Give the embedded engine on `folder`, or Meilisearch on the server of MEILISEARCH_URL with an index named after `folder`."""
    found: SearchEngine = EmbeddedEngine(Path(folder)) if engine == "embedded" else _meilisearch(folder)
    try:
        yield found
    finally:
        found.close()


def clear(engine: str, folder: str) -> None:
    """Remove what an engine keeps outside `folder`."""
    if engine == "meilisearch":
        with contextlib.closing(_meilisearch(folder)) as found:
            found.discard()


def _meilisearch(folder: str) -> MeilisearchEngine:
    url, key = os.environ["MEILISEARCH_URL"], os.environ.get("MEILISEARCH_KEY", "")
    return MeilisearchEngine(url, key, lock_file=Path(folder) / "lock", day=lambda: 0, name=re.sub(r"\W", "", Path(folder).name))


def size_of(folder: str) -> int:
    """Return the bytes of all files."""
    return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())


def memory() -> dict[str, float]:
    """Return the memory of this process in MB: its peak, and what it shares with none now where the system tells."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return {"peak RSS": peak}
    said = rollup.read_text()
    kilobytes = {name: int(found[1]) for name in ("Rss", "Pss", "Pss_Anon") if (found := re.search(rf"^{name}:\s+(\d+)", said, re.MULTILINE))}
    return {"peak RSS": peak, **{name.upper(): value / 1024 for name, value in kilobytes.items()}}
