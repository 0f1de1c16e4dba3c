"""The folder of the embedded index: a directory per index, a pointer file that names the present one, a lock for writers."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from academy.kernel.files import write_atomically
from academy.kernel.ids import new_id
from academy.search.gateway import EngineUnavailable, IndexUnusable
from academy.search.index_spec import fingerprint
from academy.search.turns import turn

Stamp = tuple[int, int, int]


def stamp(path: Path) -> Stamp:
    """Return what changes whenever the file is replaced. Raises IndexUnusable when it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - half the price of Path.stat, twice per search
    except OSError as error:
        raise IndexUnusable(str(error)) from error
    return found.st_ino, found.st_mtime_ns, found.st_size


@contextmanager
def guarded(kind: type[EngineUnavailable] = IndexUnusable) -> Iterator[None]:
    """Raise `kind` for whatever tantivy says about files that it can not read or write; it panics on some of them."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise kind(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise kind(str(error)) from error


class IndexFolder:
    """Which directory is in use, and whose turn it is to write."""

    def __init__(self, folder: Path, *, wait_seconds: float) -> None:
        self._folder = folder
        self._wait_seconds = wait_seconds
        self.pointer = folder / "current"

    def present(self) -> Path:
        """Return the directory in use. Raises IndexUnusable when there is none that this release can read."""
        name = self._named()
        if not name:
            message = "there is no index, or it was made for another release"
            raise IndexUnusable(message)
        return self._folder / name

    def _named(self) -> str:
        try:
            said = json.loads(self.pointer.read_bytes())
            return str(said["directory"]) if said["fingerprint"] == fingerprint() else ""
        except (OSError, ValueError, LookupError, TypeError):
            return ""

    def turn(self) -> AbstractContextManager[None]:
        """Hold the right to write. Raises IndexBusy."""
        return turn(self._folder / "writer.lock", wait_seconds=self._wait_seconds)

    @contextmanager
    def replacement(self) -> Iterator[Path]:
        """Give an empty directory that is the one in use afterwards; when filling it fails, nothing changes."""
        directory = self._folder / f"index-{new_id().hex}"
        directory.mkdir()
        try:
            yield directory
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        before = self._named()
        write_atomically(self.pointer, json.dumps({"directory": directory.name, "fingerprint": fingerprint()}).encode())
        # Readers may still be opening the one before; what is older, or was never finished, has no reader.
        for old in self._folder.glob("index-*"):
            if old.name not in {directory.name, before}:
                shutil.rmtree(old, ignore_errors=True)
