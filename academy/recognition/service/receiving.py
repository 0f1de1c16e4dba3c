"""A file that comes in, kept on disk for as long as it takes to name it in a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from academy.kernel.contents import FileKind
from academy.kernel.errors import Refusal, StorageUnavailable
from academy.kernel.uploads import StoredFile, folder
from academy.recognition.service.evidence import MOST_BYTES


@dataclass
class Kept:
    """What came in, if anything; `is_named` says whether a row has its name."""

    stored: StoredFile | None
    is_named: bool = False


@contextmanager
def kept(upload: tuple[IO[bytes], str] | None) -> Iterator[Kept]:
    """Receive a file, as (stream, what it is called), before a transaction begins; on the way out it goes again when no row took it.

    Where nobody can tell whether the row was committed it stays, and `archiving.sweep_unnamed` finds out. Raises what receiving refuses.
    """
    if upload is None:
        yield Kept(None)
        return
    stream, filename = upload
    stream.seek(0)  # read before, when the database was busy and the page is tried again
    stored = folder().receive(stream, filename, allowed=list(FileKind), most_bytes=MOST_BYTES)
    found = Kept(stored)
    try:
        yield found
    except StorageUnavailable:
        raise
    except Refusal:
        folder().remove(stored.name)
        raise
    if not found.is_named:
        folder().remove(stored.name)
