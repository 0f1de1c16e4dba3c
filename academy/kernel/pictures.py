"""Pictures without what they tell of who made them: no place, time, device, maker, earlier picture or second picture behind the first.

A picture is rewritten piece by piece, its image untouched: only the parts are kept that a browser needs to show it, and which side is
up. The lists are closed, so a place that a telephone notes in some new part goes too. Sources: ITU-T T.81 annex B (JPEG),
W3C PNG third edition §5 and §11, CIPA DC-008 §4.6 (Exif).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Final

_CHUNK: Final = 64 * 1024
_MOST_PARTS: Final = 100_000  # a photo has some hundreds; more only costs time
_MOST_FILL: Final = 64

_MARK, _APP1, _SOS, _EOI = 0xFF, 0xE1, 0xDA, 0xD9
_LENGTH: Final = 2  # bytes in which a part says how long it is, themselves included
_APPS: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # size of a pixel and colours; of all else that programs note, nothing
_CODING: Final = {*range(0xC0, 0xD0), *range(0xDA, 0xE0)} - {0xC8}
_NOTES: Final = {*range(0xE0, 0xF0), 0xFE}
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # one sign before it: with any number, a long row of them costs minutes
_EXIF: Final = b"Exif\0\0"

_PNG_SIGNATURE: Final = 8  # bytes
_PNG_KEPT: Final = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
}
_MOST_EXIF: Final = 64 * 1024
_ORIENTATION, _SHORT, _UPRIGHT, _MOST_ORIENTATION = 0x0112, 3, 1, 8


class DamagedPicture(Exception):
    """A picture that ends too early or whose parts can not be told apart, so that nobody knows what stands in it."""


def bare_jpeg(file: IO[bytes]) -> Iterator[bytes]:
    """Give a JPEG without its notes, in pieces of at most 64 KB; ends where the picture ends. Raises DamagedPicture."""
    yield _exactly(file, 2)
    has_exif = has_image = False
    for _part in range(_MOST_PARTS):
        marker = _marker(file)
        if marker == _EOI and has_image:
            yield bytes((_MARK, _EOI))
            return
        if marker not in _CODING | _NOTES:
            break
        length = int.from_bytes(_exactly(file, _LENGTH))
        if length < _LENGTH:
            break
        payload = _exactly(file, length - _LENGTH)
        if marker == _APP1 and payload.startswith(_EXIF[:5]) and not has_exif:
            has_exif = True  # browsers look at the first
            tiff = _only_orientation(payload[len(_EXIF):])
            if tiff:
                yield _segment(marker, _EXIF + tiff)
        elif marker in _CODING or payload.startswith(_APPS.get(marker, b"\0none")):
            yield _segment(marker, payload)
        if marker == _SOS:
            has_image = True
            yield from _scan(file)
    raise DamagedPicture


def _marker(file: IO[bytes]) -> int:
    for place in range(_MOST_FILL):
        (byte,) = _exactly(file, 1)
        if byte != _MARK:
            if place:
                return byte
            break
    raise DamagedPicture


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", _MARK, marker, len(payload) + _LENGTH) + payload


def _scan(file: IO[bytes]) -> Iterator[bytes]:
    """Give the coded picture up to the marker behind it, and leave the file there."""
    while chunk := file.read(_CHUNK):
        found = _AFTER_SCAN.search(chunk)
        whole = chunk[: found.start()] if found else chunk.rstrip(b"\xff")  # a marker may begin in this piece and end in the next
        file.seek(len(whole) - len(chunk), 1)
        yield whole
        if found:
            return
        if not whole:
            break
    raise DamagedPicture


def bare_png(file: IO[bytes]) -> Iterator[bytes]:
    """Give a PNG without its notes, in pieces of at most 64 KB; ends where the picture ends. Raises DamagedPicture."""
    yield _exactly(file, _PNG_SIGNATURE)
    has_image = False
    for _part in range(_MOST_PARTS):
        head = _exactly(file, 8)
        length, name = int.from_bytes(head[:4]), head[4:]
        if name in _PNG_KEPT:
            yield head
            yield from _copied(file, length + 4)
        elif name == b"eXIf" and length <= _MOST_EXIF:
            tiff = _only_orientation(_exactly(file, length))
            _exactly(file, 4)
            if tiff:
                yield struct.pack(">I", len(tiff)) + name + tiff + struct.pack(">I", zlib.crc32(name + tiff))
        elif name.isalpha() and name[:1].islower():  # what a reader may leave out
            file.seek(length + 4, 1)
        else:
            break
        has_image |= name == b"IDAT"
        if name == b"IEND" and has_image:
            return
    raise DamagedPicture


def _copied(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length:
        piece = _exactly(file, min(length, _CHUNK))
        length -= len(piece)
        yield piece


def _exactly(file: IO[bytes], length: int) -> bytes:
    read = file.read(length)
    if len(read) != length:
        raise DamagedPicture
    return read


def _only_orientation(tiff: bytes) -> bytes:
    """Return Exif data that say which side of a picture is up and nothing else; nothing when it stands upright or they can not be read."""
    orientation = _orientation(tiff)
    if not _UPRIGHT < orientation <= _MOST_ORIENTATION:
        return b""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return _UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for place in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, values, value = struct.unpack_from(f"{order}HHIH", tiff, place)
            if tag == _ORIENTATION:
                return int(value) if (kind, values) == (_SHORT, 1) else _UPRIGHT
    except struct.error:
        return _UPRIGHT
    return _UPRIGHT
