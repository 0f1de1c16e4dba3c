"""Whose turn it is to write to an index: writers on one machine agree by a locked file."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from academy.search.gateway import IndexBusy, IndexNotWritten


@contextmanager
def turn(lock_file: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the right to write; the operating system takes it back from a process that dies. Raises IndexBusy, and IndexNotWritten without a folder."""
    with _opened(lock_file) as lock:
        patience = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= patience:
                    raise IndexBusy("another process is writing the index") from None
                time.sleep(0.02)
        yield


def _opened(lock_file: Path) -> TextIO:
    try:
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        return lock_file.open("a")
    except OSError as error:
        raise IndexNotWritten(str(error)) from error
