"""Files as people send them, and as those who mean harm do."""

import base64
import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n"
JPEG = base64.b64decode(  # 16 by 8 pixels: the left half blue, the right half white
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9j"
    "QjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAIABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAYH/8QAFBABAAAA"
    "AAAAAAAAAAAAAAAAAP/EABUBAQEAAAAAAAAAAAAAAAAAAAMF/8QAGhEAAQUBAAAAAAAAAAAAAAAAAAMFQUKBwf/aAAwDAQACEQMRAD8AjW5AvPVN4EnJ/9k=",
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"
TEXT = "Beste lezer,\r\n\tik heb vijf jaar in de zorg gewerkt. Eén jaar als teamleider – met plezier.\n".encode()
HTML = b"<!DOCTYPE html><html><head><script>alert(1)</script></head></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200
_ODT = "application/vnd.oasis.opendocument.text"
PLACE = b"52.0907N 5.1214E"


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


_ROWS = 8 * (b"\0" + 8 * b"\0\0\xff" + 8 * b"\xff\xff\xff")
PNG_HEAD = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 8, 8, 2, 0, 0, 0))
PNG_REST = chunk(b"IDAT", zlib.compress(_ROWS)) + chunk(b"IEND", b"")
PNG = PNG_HEAD + PNG_REST  # the same picture


def tiff(orientation: int | None, *, order: str = "<") -> bytes:
    """Return Exif data with a maker and a place, and which side is up when `orientation` is given."""
    tags = [(0x010F, 2, len(PLACE), 100), *([(0x0112, 3, 1, orientation)] if orientation is not None else []), (0x8825, 4, 1, 100)]
    entries = b"".join(
        struct.pack(f"{order}HHIHH", *each, 0) if each[1] == 3 else struct.pack(f"{order}HHII", *each) for each in tags
    )
    head = struct.pack(f"{order}2sHIH", b"II" if order == "<" else b"MM", 42, 8, len(tags)) + entries + bytes(4)
    return head.ljust(100, b"\0") + PLACE


def segment(marker: int, payload: bytes) -> bytes:
    """Return a part of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def jpeg(*notes: bytes, behind: bytes = b"") -> bytes:
    """Return the JPEG with notes before its picture, as cameras write them, and something behind it."""
    return JPEG[:2] + b"".join(notes) + JPEG[2:] + behind


def png(*notes: bytes, behind: bytes = b"") -> bytes:
    """Return the PNG with notes before its picture, and something behind it."""
    return PNG_HEAD + b"".join(notes) + PNG_REST + behind


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members:
            archive.writestr(name, content, compress_type=zipfile.ZIP_STORED if name == "mimetype" else compression)
    return made.getvalue()


def docx(*more: tuple[str, bytes]) -> bytes:
    return zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), *more)


def odt(*more: tuple[str, bytes], media_type: str = _ODT) -> bytes:
    return zipped(("mimetype", media_type.encode()), ("content.xml", b"<office:document-content/>"), *more)


def bomb() -> bytes:
    """Return a Word document of 20 KB that becomes 20 MB of nothing."""
    return docx(("word/media/image1.bmp", b"\x00" * 20 * 1024 * 1024))


def huge_directory() -> bytes:
    """Return a Word document with more members than any has, all empty."""
    return docx(*((f"word/{number:0200}.xml", b"") for number in range(6_000)))
