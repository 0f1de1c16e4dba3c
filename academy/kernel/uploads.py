"""Files that people send: kept outside the web root under a name of ours, and only when their content is what their name says.

Nothing in a file is ever opened, unpacked or shown by us; what is checked is that it can do no harm where it is kept, and that who
downloads it gets what it is called. The kinds and their checks are in `academy.kernel.contents`.
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from academy.kernel.contents import FileKind, seems, why_not
from academy.kernel.errors import (
    FileEmpty,
    FileNotAllowed,
    FileNotWhatItSays,
    FileTooLarge,
    NotFound,
    StorageUnavailable,
)

LONGEST_NAME: Final = 120
_CHUNK: Final = 64 * 1024
_PART: Final = ".part"
_ABANDONED: Final = timedelta(hours=6)  # no request lasts that long
_OURS: Final = re.compile(r"[0-9a-f]{32}")
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EACCES}


@dataclass(frozen=True)
class StoredFile:
    """A file as it is kept: `name` is ours and on disk, `filename` is what its sender called it, `sha256` is in hexadecimal."""

    name: str
    filename: str
    kind: FileKind
    size: int
    sha256: str


class UploadFolder:
    """The folder in which files of people are kept, readable by the program's own user only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def receive(self, stream: IO[bytes], filename: str, *, allowed: Collection[FileKind], most_bytes: int) -> StoredFile:
        """Keep what comes in, piece by piece; call it outside any transaction.

        Reads no further than `most_bytes`, whatever the sender said about the length. Raises FileNotAllowed, FileEmpty, FileTooLarge,
        FileNotWhatItSays, StorageUnavailable; then nothing is kept.
        """
        shown = clean_filename(filename)
        kind = FileKind.of_ending(Path(shown).suffix)
        if kind is None or kind not in allowed:
            raise FileNotAllowed([each.label for each in allowed])
        name = secrets.token_hex(16)
        part = self._folder / f"{name}{_PART}"
        with _all_or_nothing(part):
            size, digest = self._write(stream, part, most_bytes)
            reason = why_not(part, kind)
            if reason is not None:
                raise FileNotWhatItSays(shown, kind.label, seems(part, reason), reason)
            part.replace(self._folder / name)
        return StoredFile(name, shown, kind, size, digest)

    def _write(self, stream: IO[bytes], part: Path, most_bytes: int) -> tuple[int, str]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size, digest = 0, hashlib.sha256()
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while chunk := stream.read(min(_CHUNK, most_bytes - size + 1)):
                size += len(chunk)
                if size > most_bytes:
                    raise FileTooLarge(most_bytes)
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise FileEmpty
            file.flush()
            os.fsync(file.fileno())
        return size, digest.hexdigest()

    def path_of(self, name: str) -> Path:
        """Return where a file is kept. Raises NotFound for a name that is not one of ours, or whose file is gone."""
        path = self._folder / name
        if not _OURS.fullmatch(name) or not path.is_file():
            raise NotFound
        return path

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no fault. Raises NotFound for a name that is not one of ours."""
        with contextlib.suppress(FileNotFoundError):
            self.path_of(name).unlink()

    def sweep(self, *, now: datetime) -> int:
        """Remove what was left half written by a process that was killed; returns how many. Run by the worker."""
        swept = 0
        for part in self._folder.glob(f"*{_PART}"):
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(part.stat().st_mtime, UTC) <= now - _ABANDONED:
                    part.unlink()
                    swept += 1
        return swept


@contextlib.contextmanager
def _all_or_nothing(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(error, OSError) and error.errno in _FULL:
            raise StorageUnavailable from error
        raise


def clean_filename(name: str) -> str:
    """Return the last part of a path without what no file should be called: control and direction signs, and what systems reserve.

    At most 120 characters, its ending kept in small letters.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(" " if unicodedata.category(char).startswith(("C", "Z")) else char for char in last)
    words = re.sub(r'[<>:"|?*]', "_", " ".join(plain.split())).rstrip(". ")
    stem, dot, ending = words.rpartition(".")
    if not dot:
        stem, ending = words, ""
    ending = f".{ending.lower()[:10]}" if ending else ""
    return (stem.strip(". ")[: LONGEST_NAME - len(ending)] or "bestand") + ending


_current: list[UploadFolder] = []


def set_folder(folder: UploadFolder) -> None:
    """Make `folder` the one that `folder()` returns in this process."""
    _current[:] = [folder]


def folder() -> UploadFolder:
    """Return the folder of this process, set once at start-up."""
    return _current[0]
