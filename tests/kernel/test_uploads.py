"""A file of somebody is kept whole and only when it is what it says; whatever goes wrong, nothing is left behind."""

import errno
import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from academy.kernel.contents import FileKind
from academy.kernel.errors import (
    FileEmpty,
    FileNotAllowed,
    FileNotWhatItSays,
    FileTooLarge,
    NotFound,
    Refusal,
    StorageUnavailable,
)
from academy.kernel.uploads import LONGEST_NAME, StoredFile, UploadFolder, clean_filename
from tests.kernel import uploads as files

MOST = 5_000_000
GONE = "a" * 32
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "files"


def receive(there: Path, content: bytes, filename: str, *, most_bytes: int = MOST, allowed: Any = FileKind) -> StoredFile:
    return UploadFolder(there).receive(io.BytesIO(content), filename, allowed=list(allowed), most_bytes=most_bytes)


def left_in(there: Path) -> list[Path]:
    return list(there.iterdir()) if there.exists() else []


# What is taken


@pytest.mark.parametrize(("filename", "content", "kind"), [
    ("cv.pdf", files.PDF, FileKind.PDF), ("foto.jpg", files.JPEG, FileKind.JPEG), ("foto.JPEG", files.JPEG, FileKind.JPEG),
    ("scan.png", files.PNG, FileKind.PNG), ("iphone.heic", files.HEIC, FileKind.HEIC), ("film.mp4", files.MP4, FileKind.MP4),
    ("brief.docx", files.docx(), FileKind.DOCX), ("brief.odt", files.odt(), FileKind.ODT), ("brief.txt", files.TEXT, FileKind.TEXT),
    ("bom.txt", b"\xef\xbb\xbf" + files.TEXT, FileKind.TEXT), ("rekenen.txt", b"als a < b en b > c, dan ...", FileKind.TEXT),
])
def test_a_file_that_is_what_it_says_is_kept_whole(there: Path, filename: str, content: bytes, kind: FileKind) -> None:
    stored = receive(there, content, filename)
    kept = UploadFolder(there).path_of(stored.name)
    assert kept.read_bytes() == content
    assert (stored.kind, stored.size, stored.sha256) == (kind, len(content), hashlib.sha256(content).hexdigest())
    assert left_in(there) == [kept]


def test_what_is_kept_is_for_our_own_user_only_under_a_name_that_tells_nothing(there: Path) -> None:
    first, second = (receive(there, files.PDF, "cv van Noor.pdf") for _time in range(2))
    assert first.name != second.name
    for stored in (first, second):
        path = UploadFolder(there).path_of(stored.name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "." not in path.name
        assert "cv" not in path.name
    assert stat.S_IMODE(there.stat().st_mode) == 0o700


# What is not what it says


@pytest.mark.parametrize(("filename", "content", "seems"), [
    ("cv.pdf", files.HTML, "een webpagina (HTML)"),
    ("cv.pdf", b"  \n<HTML><BODY>", "een webpagina (HTML)"),
    ("cv.pdf", files.HTML + files.PDF, "een webpagina (HTML)"),  # readers of PDF forgive what stands before it, browsers show it
    ("cv.pdf", b"\n" + files.PDF, "iets anders"),
    ("cv.pdf", files.SVG, "een SVG-bestand"),
    ("cv.pdf", files.docx(), "een zip-bestand"),
    ("cv.pdf", files.PROGRAM, "een programma"),
    ("cv.pdf", files.PDF[:40], "een half bestand"),
    ("cv.pdf", files.PDF + files.zipped(("a.class", b"x")), "twee bestanden in één"),
    ("foto.jpg", files.PNG, "een PNG-bestand"),
    ("foto.jpg", b"GIF89a" + files.HTML, "een GIF-bestand"),
    ("foto.jpg", files.JPEG + files.zipped(("a.class", b"x")), "twee bestanden in één"),
    ("foto.png", files.SVG, "een SVG-bestand"),
    ("foto.heic", files.MP4, "een film of geluid"),
    ("film.mp4", files.HEIC, "een HEIC-bestand"),
    ("brief.docx", files.zipped(("a.txt", b"x")), "een zip-bestand"),
    ("brief.docx", files.odt(), "een zip-bestand"),
    ("brief.docx", files.HTML + files.docx(), "een webpagina (HTML)"),
    ("brief.docx", files.docx(("word/vbaProject.bin", b"x")), "een document met macro’s"),
    ("brief.docx", files.docx()[:-30], "een zip-bestand"),
    ("brief.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "een oud Office-bestand"),
    ("brief.odt", files.docx(), "een zip-bestand"),
    ("brief.odt", files.odt(media_type="application/vnd.oasis.opendocument.texT"), "een zip-bestand"),
    ("brief.docx", files.docx(("word/VBAPROJECT.BIN", b"x")), "een document met macro’s"),  # Word reads names inside without case (ECMA-376 part 2)
    ("brief.docx", files.docx(("word/vbaProject2.bin", b"x")), "een document met macro’s"),
    ("brief.docx", files.docx(("../../profiel", b"x")), "een zip-bestand"),  # would leave the folder in which it is unpacked
    ("brief.docx", files.docx(("word/..\\..\\profiel", b"x")), "een zip-bestand"),
    ("brief.docx", files.docx(("/etc/profiel", b"x")), "een zip-bestand"),
    ("brief.odt", files.odt(("Basic/Standard/Module1.xml", b"x")), "een document met macro’s"),
    ("brief.odt", files.odt(("basic/Standard/Module1.xml", b"x")), "een document met macro’s"),
    ("brief.odt", files.odt(("Scripts/python/macro.py", b"x")), "een document met macro’s"),
    ("brief.txt", files.HTML, "een webpagina (HTML)"),
    ("brief.txt", files.SVG, "een SVG-bestand"),
    ("brief.txt", files.PDF + b"\x00", "een PDF-bestand"),
    ("brief.txt", "één".encode("latin-1"), "tekst in een andere codering dan UTF-8"),
    ("brief.txt", b"a" * 70_000 + b"\x1b[31m", "iets anders"),
    ("brief.txt", "é".encode()[:1], "tekst in een andere codering dan UTF-8"),
])
def test_a_file_that_is_not_what_it_says_is_refused_with_what_it_seems_to_be(there: Path, filename: str, content: bytes, seems: str) -> None:
    with pytest.raises(FileNotWhatItSays) as refused:
        receive(there, content, filename)
    assert f"{filename} is geen goed" in refused.value.sentence()
    assert f"Het lijkt {seems} te zijn." in refused.value.sentence()
    assert refused.value.status == 422
    assert left_in(there) == []


@pytest.mark.parametrize("filename", [
    "cv.html", "cv.svg", "cv.xhtml", "cv.pdf.exe", "cv", "", "cv.zip", "cv.docm", "cv.doc", "cv.js", ".pdf.html", "cv\u202efdp.exe", "cv.pdf/", "cv.pdf\x00.html",
])
def test_a_kind_that_is_not_asked_for_is_refused_before_a_byte_is_read(there: Path, filename: str) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            pytest.fail("was read")

    with pytest.raises(FileNotAllowed):
        UploadFolder(there).receive(Unread(), filename, allowed=list(FileKind), most_bytes=MOST)
    with pytest.raises(FileNotAllowed) as refused:
        receive(there, files.PNG, "foto.png", allowed=[FileKind.PDF, FileKind.JPEG])
    assert refused.value.next_step() == "Kies een van deze soorten: PDF, JPEG."
    assert left_in(there) == []


def test_a_document_that_would_grow_beyond_bounds_is_refused_without_being_unpacked(there: Path) -> None:
    bomb, crowd = files.bomb(), files.huge_directory()
    assert len(bomb) < 30_000
    for content in (bomb, crowd):
        tracemalloc.start()
        with pytest.raises(FileNotWhatItSays):
            receive(there, content, "brief.docx")
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 8_000_000
    assert left_in(there) == []


# Size


class Endless(io.RawIOBase):
    """Two gigabytes, and counts how much of it was read."""

    def __init__(self, size: int = 2 * 1024**3) -> None:
        self.left, self.given = size, 0

    def read(self, size: int = -1) -> bytes:
        chunk = b"x" * min(size, self.left)
        self.left -= len(chunk)
        self.given += len(chunk)
        return chunk


def test_of_two_gigabytes_no_more_is_read_than_is_allowed(there: Path) -> None:
    stream = Endless()
    with pytest.raises(FileTooLarge) as refused:
        UploadFolder(there).receive(stream, "alles.pdf", allowed=[FileKind.PDF], most_bytes=MOST)  # type: ignore[arg-type]
    assert MOST < stream.given <= MOST + 1
    assert refused.value.next_step() == "Een bestand mag hooguit 4 MB zijn."
    assert left_in(there) == []


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (-1, False)])
def test_the_last_byte_counts(there: Path, spare: int, fits: bool) -> None:
    if fits:
        assert receive(there, files.PDF, "cv.pdf", most_bytes=len(files.PDF) + spare).size == len(files.PDF)
    else:
        with pytest.raises(FileTooLarge):
            receive(there, files.PDF, "cv.pdf", most_bytes=len(files.PDF) + spare)


def test_an_empty_file_is_said_to_be_empty(there: Path) -> None:
    with pytest.raises(FileEmpty):
        receive(there, b"", "cv.pdf")
    assert left_in(there) == []


# What goes wrong on the way


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("when", ["write", "fsync", "replace"])
@pytest.mark.parametrize(("filename", "content"), [("cv.pdf", files.PDF), ("foto.jpg", files.JPEG)])
def test_a_full_or_broken_disk_is_a_refusal_and_leaves_nothing(
    there: Path, monkeypatch: pytest.MonkeyPatch, filename: str, content: bytes, fault: int, when: str,
) -> None:
    def broken(*_: Any) -> None:
        raise OSError(fault, os.strerror(fault))

    if when == "replace":
        monkeypatch.setattr(Path, "replace", broken)
    elif when == "fsync":
        monkeypatch.setattr(os, "fsync", broken)
    else:
        monkeypatch.setattr(os, "fdopen", lambda handle, _mode: _Full(handle, fault))
    with pytest.raises(StorageUnavailable):
        receive(there, content, filename)
    assert left_in(there) == []


class _Full(io.FileIO):
    def __init__(self, handle: int, fault: int) -> None:
        super().__init__(handle, "w")
        self.fault = fault

    def write(self, _content: Any) -> int:
        raise OSError(self.fault, os.strerror(self.fault))


def test_a_folder_that_can_not_be_made_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: Any, **__: Any) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(Path, "mkdir", read_only)
    with pytest.raises(StorageUnavailable):
        receive(tmp_path / "files", files.PDF, "cv.pdf")


def test_a_sender_who_goes_away_leaves_nothing(there: Path) -> None:
    class Gone(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        UploadFolder(there).receive(Gone(files.PDF), "cv.pdf", allowed=[FileKind.PDF], most_bytes=MOST)
    assert left_in(there) == []


KILLED = """
import os, sys
from pathlib import Path
from academy.kernel.contents import FileKind
from academy.kernel.uploads import UploadFolder

class Slow:
    def read(self, size):
        print("read", flush=True)
        sys.stdin.readline()
        return b"%PDF-1.7" + b"x" * 100_000

UploadFolder(Path(sys.argv[1])).receive(Slow(), "cv.pdf", allowed=[FileKind.PDF], most_bytes=10**9)
"""


@pytest.fixture
def half_written(there: Path) -> Iterator[Path]:
    """Kill a process while it receives a file."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(there)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for _chunk in range(3):
            assert process.stdout.readline() == "read\n"
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.stdout.readline() == "read\n"
        process.send_signal(signal.SIGKILL)
    yield from there.iterdir()


def test_what_a_killed_process_left_is_swept_away_and_what_is_under_way_is_not(there: Path, half_written: Path) -> None:
    folder = UploadFolder(there)
    kept = folder.path_of(receive(there, files.PDF, "cv.pdf").name)
    written = datetime.fromtimestamp(half_written.stat().st_mtime, UTC)
    with pytest.raises(NotFound):
        folder.path_of(half_written.name)
    assert folder.sweep(now=written + timedelta(hours=5)) == 0
    assert folder.sweep(now=written + timedelta(hours=6)) == 1
    assert left_in(there) == [kept]


def test_where_nothing_was_ever_sent_there_is_nothing_to_sweep(there: Path, now: datetime) -> None:
    assert UploadFolder(there).sweep(now=now) == 0


# Names


@pytest.mark.parametrize(("typed", "kept"), [
    ("cv.pdf", "cv.pdf"), ("CV van Noor.PDF", "CV van Noor.pdf"), ("/etc/passwd.txt", "passwd.txt"), ("C:\\Users\\Noor\\cv.pdf", "cv.pdf"),
    ("../../cv.pdf", "cv.pdf"), ("..\\cv.pdf", "cv.pdf"), ("cv\r\nSet-Cookie: x.pdf", "cv Set-Cookie_ x.pdf"), ("cv\x00.pdf", "cv.pdf"),
    ("cv\u202efdp.pdf", "cv fdp.pdf"), ('a"b<c>.pdf', "a_b_c_.pdf"), (".pdf", "bestand.pdf"), ("...", "bestand"), ("", "bestand"),
    ("cafe\u0301.pdf", "café.pdf"), ("  cv  .pdf ", "cv.pdf"), ("简历.pdf", "简历.pdf"), ("cv.pdf.", "cv.pdf"),
])
def test_a_name_is_kept_readable_and_harmless(typed: str, kept: str) -> None:
    assert clean_filename(typed) == kept
    assert clean_filename(kept) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_filename("a" * 500 + ".pdf")
    assert len(name) == LONGEST_NAME
    assert name.endswith("a.pdf")


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "", ".", "a" * 32 + ".part", "A" * 32, GONE, "a" * 31 + "\n"])
def test_only_names_of_ours_lead_to_a_file(there: Path, name: str) -> None:
    kept = UploadFolder(there).path_of(receive(there, files.PDF, "cv.pdf").name)
    outside = there.parent / "secret_key"
    outside.write_bytes(b"secret")
    with pytest.raises(NotFound):
        UploadFolder(there).path_of(name)
    if name != GONE:
        with pytest.raises(NotFound):
            UploadFolder(there).remove(name)
    assert kept.exists()
    assert outside.exists()


def test_what_is_removed_is_gone_and_removing_it_again_is_no_fault(there: Path) -> None:
    stored, other = (receive(there, files.PDF, "cv.pdf") for _time in range(2))
    for _time in range(2):
        UploadFolder(there).remove(stored.name)
    assert left_in(there) == [UploadFolder(there).path_of(other.name)]


def test_where_nothing_was_ever_sent_removing_is_no_fault_and_there_are_no_names(there: Path, now: datetime) -> None:
    UploadFolder(there).remove(GONE)
    assert list(UploadFolder(there).names_before(now)) == []


def test_a_room_hears_the_names_of_whole_files_written_before_a_moment(there: Path, half_written: Path, now: datetime) -> None:
    folder = UploadFolder(there)
    old, young = (receive(there, files.PDF, "cv.pdf").name for _time in range(2))
    moved = there / "0123.txt"
    moved.write_bytes(b"not ours")
    for path, written in ((folder.path_of(old), now - timedelta(seconds=1)), (folder.path_of(young), now), (half_written, now - timedelta(days=9)),
                          (moved, now - timedelta(days=9))):
        os.utime(path, (written.timestamp(), written.timestamp()))
    assert list(folder.names_before(now)) == [old]
    assert set(folder.names_before(now + timedelta(seconds=1))) == {old, young}


def test_files_may_be_removed_while_their_names_are_given(there: Path) -> None:
    folder = UploadFolder(there)
    sent = {receive(there, files.PDF, "cv.pdf").name for _time in range(20)}
    given = set()
    for name in folder.names_before(datetime.max.replace(tzinfo=UTC)):
        given.add(name)
        for other in sent:  # also those that another process removes
            folder.remove(other)
    assert given <= sent
    assert left_in(there) == []


@pytest.mark.parametrize("refusal", [
    FileNotAllowed(["PDF"]), FileEmpty(), FileTooLarge(100), FileNotWhatItSays("cv.pdf", "PDF", "een zip-bestand", "no-header"),
])
def test_every_refusal_says_what_is_wrong_and_what_to_do(refusal: Refusal) -> None:
    assert refusal.sentence().endswith(".")
    assert refusal.next_step().endswith(".")
