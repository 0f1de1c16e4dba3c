"""What a file is, by its content: the kinds that we take, and names for what else comes.

The list is closed and short, so the checks are ours: libraries of content types guess by signature, take any zip for a Word document and
miss a web page in capitals (docs/security.md). Sources: ISO 32000-2 §7.5 (PDF), ITU-T T.81 (JPEG), W3C PNG, ISO/IEC 14496-12 §4.3 (HEIC, MP4),
ECMA-376 part 2 (DOCX), OpenDocument 1.3 part 2 §3.3 (ODT).
"""

import codecs
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final

from typing_extensions import override

from academy.kernel.translation import _

_HEAD: Final = 4096  # bytes in which a file says what it is
_TAIL: Final = 2048
_MOST_MEMBERS: Final = 2_000
_MOST_DIRECTORY: Final = 1024 * 1024  # bytes of a zip's list of contents
_MOST_UNPACKED: Final = 300 * 1024 * 1024
_MOST_RATIO: Final = 100  # documents of text stay below 20
_MARKUP: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|style|title|a\s|img|meta|table|div|br|p\s*>|h1)", re.IGNORECASE)
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MP4_BRANDS: Final = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}


class FileKind(Enum):
    """A kind of file that may be taken; its value is (label, media type, endings)."""

    PDF = ("PDF", "application/pdf", (".pdf",))
    JPEG = ("JPEG", "image/jpeg", (".jpg", ".jpeg"))
    PNG = ("PNG", "image/png", (".png",))
    HEIC = ("HEIC", "image/heic", (".heic", ".heif"))
    MP4 = ("MP4", "video/mp4", (".mp4", ".m4v"))
    DOCX = ("Word (docx)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
    ODT = ("OpenDocument (odt)", "application/vnd.oasis.opendocument.text", (".odt",))
    TEXT = ("txt", "text/plain", (".txt",))

    @property
    def label(self) -> str:
        return str(self.value[0])

    @property
    def media_type(self) -> str:
        return str(self.value[1])

    @classmethod
    def of_ending(cls, ending: str) -> "FileKind | None":
        """Return the kind whose files end so, such as `.pdf`, or None."""
        return next((kind for kind in cls if ending.lower() in kind.value[2]), None)


def why_not(path: Path, kind: FileKind) -> str | None:
    """Return why the file at `path` is not of `kind`, as a code for the log, or None when it is."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    wrong = _CHECKS[kind](path, head)
    if wrong is None and kind not in {FileKind.DOCX, FileKind.ODT} and zipfile.is_zipfile(path):
        return "archive-behind-it"  # two files in one: what unpacks it reads from the end
    return wrong


def _pdf(path: Path, head: bytes) -> str | None:
    if not re.match(rb"%PDF-[12]\.\d", head):
        return "no-header"
    return None if b"%%EOF" in _tail(path) else "no-end"


def _jpeg(_path: Path, head: bytes) -> str | None:
    return None if re.match(rb"\xff\xd8\xff[\xc0-\xfe]", head) else "no-header"


def _png(_path: Path, head: bytes) -> str | None:
    return None if head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") else "no-header"


def _box(brands: set[bytes]) -> Callable[[Path, bytes], str | None]:
    def check(_path: Path, head: bytes) -> str | None:
        return None if head[4:8] == b"ftyp" and _brands(head) & brands else "no-header"

    return check


def _brands(head: bytes) -> set[bytes]:
    """Return the major and the compatible brands of the first box."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[start : start + 4] for start in range(16, end, 4))}


def _docx(path: Path, head: bytes) -> str | None:
    names = _members(path, head)
    if names is None or not {"[Content_Types].xml", "word/document.xml"} <= names:
        return "no-document"
    return "macros" if any("vbaproject" in name.casefold() for name in names) else None


def _odt(path: Path, head: bytes) -> str | None:
    # The standard puts the media type first and unpacked, so that it stands at a fixed place.
    names = _members(path, head)
    if names is None or "content.xml" not in names or head[30:77] != b"mimetypeapplication/vnd.oasis.opendocument.text":
        return "no-document"
    return "macros" if any(name.casefold().startswith(("basic/", "scripts/")) for name in names) else None


def _text(path: Path, head: bytes) -> str | None:
    if _MARKUP.search(head):
        return "markup"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(64 * 1024):
                if any(unicodedata.category(char) == "Cc" and char not in "\t\n\r\f" for char in set(decoder.decode(chunk))):
                    return "control-signs"
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "no-utf-8"
    return None


_CHECKS: Final[dict[FileKind, Callable[[Path, bytes], str | None]]] = {
    FileKind.PDF: _pdf, FileKind.JPEG: _jpeg, FileKind.PNG: _png, FileKind.HEIC: _box(_HEIC_BRANDS), FileKind.MP4: _box(_MP4_BRANDS),
    FileKind.DOCX: _docx, FileKind.ODT: _odt, FileKind.TEXT: _text,
}


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return file.read()


class _Sparing(io.FileIO):
    """A file that gives no more than a megabyte at a time, so that a zip with a huge list of contents can not fill the memory."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(_MOST_DIRECTORY + 1 if size is None or size < 0 else min(size, _MOST_DIRECTORY + 1))
        if len(got or b"") > _MOST_DIRECTORY:
            raise zipfile.BadZipFile
        return got or b""


def _members(path: Path, head: bytes) -> set[str] | None:
    """Return what a zip has inside, unpacking nothing.

    None when it is none, does not begin as one, would grow beyond bounds, or has a name that leads out of the folder where it is unpacked.
    """
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with _Sparing(path) as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, NotImplementedError):
        return None
    packed, unpacked = sum(each.compress_size for each in members), sum(each.file_size for each in members)
    on_disk = os.stat(path).st_size  # noqa: PTH116 - beside the same figure of the members
    is_bomb = len(members) > _MOST_MEMBERS or unpacked > min(_MOST_UNPACKED, _MOST_RATIO * on_disk) or packed > on_disk
    leads_out = any(each.filename.startswith("/") or ".." in re.split(r"[/\\]", each.filename) for each in members)
    return None if is_bomb or leads_out else {each.filename for each in members}


_SIGNATURES: Final = (
    (b"%PDF-", "PDF"), (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG", "PNG"), (b"GIF8", "GIF"), (b"{\\rtf", "RTF"), (b"\x7fELF", "program"),
    (b"MZ", "program"), (b"#!", "program"), (b"\xcf\xfa\xed\xfe", "program"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "old-office"), (b"RIFF", "media"), (b"ID3", "media"),
)


def seems(path: Path, reason: str) -> str:
    """Return what a file seems to be that was not taken for `reason`, in the reader's words; for a sentence, never for a decision."""
    said = {
        "archive-behind-it": _("twee bestanden in één"), "macros": _("een document met macro’s"), "no-end": _("een half bestand"),
        "damaged": _("een beschadigd bestand"),
        "no-utf-8": _("tekst in een andere codering dan UTF-8"),
    }.get(reason)
    return said or _named(path)


def _named(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    found = next((name for signature, name in _SIGNATURES if head.startswith(signature)), "")
    if not found and head[4:8] == b"ftyp":
        found = "HEIC" if _brands(head) & _HEIC_BRANDS else "media"
    if not found and re.match(rb"<(?:\?xml|svg|!doctype\s+svg)", beginning, re.IGNORECASE):
        found = "SVG" if b"<svg" in head.lower() else "XML"
    if not found and _MARKUP.search(head):
        found = "page"
    words = {
        "page": _("een webpagina (HTML)"), "zip": _("een zip-bestand"), "program": _("een programma"), "media": _("een film of geluid"),
        "old-office": _("een oud Office-bestand"), "": _("iets anders"),
    }
    return words.get(found, _("een %(kind)s-bestand", kind=found))
