"""Files that people send: kept outside the web root under a name of ours, and only when their content is what their name says.

Nothing in a file is ever opened or unpacked by us; what is checked is that it can do no harm where it is kept, and that who downloads
it gets what it is called. The kinds and their checks are in `academy.kernel.contents`. A JPEG or PNG is kept without what it tells of
its maker (`academy.kernel.pictures`).
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterator
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
from academy.kernel.pictures import DamagedPicture, bare_jpeg, bare_png

LONGEST_NAME: Final = 120
_CHUNK: Final = 64 * 1024
_PART: Final = ".part"
_BARE: Final = ".bare.part"
_ABANDONED: Final = timedelta(hours=6)  # no request lasts that long
_OURS: Final = re.compile(r"[0-9a-f]{32}")
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EACCES}
_SHOWN: Final = {FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.TEXT}  # every browser shows them, and runs nothing of ours for it
_BARED: Final[dict[FileKind, Callable[[IO[bytes]], Iterator[bytes]]]] = {FileKind.JPEG: bare_jpeg, FileKind.PNG: bare_png}


@dataclass(frozen=True)
class StoredFile:
    """A file as it is kept: `name` is ours and on disk, `filename` is what its sender called it.

    `size` (bytes) and `sha256` (hexadecimal) are of what is kept; of a picture that is less than what came in.
    """

    name: str
    filename: str
    kind: FileKind
    size: int
    sha256: str

    @property
    def is_shown(self) -> bool:
        """Tell whether a browser can show it within a page; others are saved."""
        return self.kind in _SHOWN


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
        part, bare = (self._folder / f"{name}{ending}" for ending in (_PART, _BARE))
        with _all_or_nothing(part, bare):
            size, digest = self._write(_pieces(stream, most_bytes), part)
            reason = why_not(part, kind)
            if reason is None and kind in _BARED:
                try:
                    with part.open("rb") as file:
                        size, digest = self._write(_BARED[kind](file), bare)
                    bare.replace(part)
                except DamagedPicture:
                    reason = "damaged"
            if reason is not None:
                raise FileNotWhatItSays(shown, kind.label, seems(part, reason), reason)
            part.replace(self._folder / name)
        return StoredFile(name, shown, kind, size, digest)

    def _write(self, pieces: Iterator[bytes], path: Path) -> tuple[int, str]:
        """Write a new file; return its size and digest."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size, digest = 0, hashlib.sha256()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                size += len(piece)
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return size, digest.hexdigest()

    def path_of(self, name: str) -> Path:
        """Return where a file is kept. Raises NotFound for a name that is not one of ours, or whose file is gone."""
        path = self._place_of(name)
        if not path.is_file():
            raise NotFound
        return path

    def _place_of(self, name: str) -> Path:
        if not _OURS.fullmatch(name):
            raise NotFound
        return self._folder / name

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no fault. Raises NotFound for a name that is not one of ours."""
        self._place_of(name).unlink(missing_ok=True)

    def names_before(self, moment: datetime) -> Iterator[str]:
        """Give the names of whole files last written before `moment`, in no order.

        A room asks which of them no row of its own names: a process may be killed after it received a file and before it committed. Take
        a moment some hours back, so that no file is among them whose transaction is still under way. Removing while it gives is fine.
        """
        for path in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if _OURS.fullmatch(path.name) and datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                    yield path.name

    def sweep(self, *, now: datetime) -> int:
        """Remove what was left half written by a process that was killed; returns how many. Run by the worker."""
        swept = 0
        for part in self._folder.glob(f"*{_PART}"):
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(part.stat().st_mtime, UTC) <= now - _ABANDONED:
                    part.unlink()
                    swept += 1
        return swept


def _pieces(stream: IO[bytes], most_bytes: int) -> Iterator[bytes]:
    """Give what comes in, one byte further than `most_bytes` at most. Raises FileTooLarge, FileEmpty."""
    size = 0
    while chunk := stream.read(min(_CHUNK, most_bytes - size + 1)):
        size += len(chunk)
        if size > most_bytes:
            raise FileTooLarge(most_bytes)
        yield chunk
    if not size:
        raise FileEmpty


@contextlib.contextmanager
def _all_or_nothing(*parts: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        for part in parts:
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
