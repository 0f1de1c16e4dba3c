"""Papers that learners of the demo show: a page of PDF and a picture, drawn here, so that nothing of somebody else lies in the project."""

import io
import struct
import zlib
from typing import Final

from academy.kernel.contents import FileKind
from academy.kernel.uploads import StoredFile, folder

_MOST_BYTES: Final = 1024**2
_WIDTH, _HEIGHT = 320, 200  # of a picture, in pixels
_CABINET, _CABLE, _WALL = (52, 66, 84), (0, 128, 96), (238, 238, 230)


def keep_paper(name: str, content: bytes) -> StoredFile:
    """Keep a paper in the folder of files that came in; the demo is loaded by one process, and nobody waits for it."""
    return folder().receive(io.BytesIO(content), name, allowed=list(FileKind), most_bytes=_MOST_BYTES)


def page(title: str, lines: tuple[str, ...]) -> bytes:
    """Return one page of A4 as PDF 1.4 (ISO 32000-1, 7.5), with a title and lines of Latin text."""
    drawn = [f"BT /F1 20 Tf 60 760 Td ({_escaped(title)}) Tj ET"]
    drawn += [f"BT /F1 12 Tf 60 {720 - 20 * number} Td ({_escaped(line)}) Tj ET" for number, line in enumerate(lines)]
    content = "\n".join(drawn).encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, each in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    begins = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begins))
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def picture() -> bytes:
    """Return a drawing of a network cabinet with cables, as PNG (RFC 2083)."""
    rows = b"".join(b"\0" + b"".join(bytes(_colour(x, y)) for x in range(_WIDTH)) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)  # 8 bits of red, green and blue
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _colour(x: int, y: int) -> tuple[int, int, int]:
    in_cabinet = 60 <= x < 260 and 20 <= y < 180  # noqa: PLR2004 - a drawing
    is_cable = in_cabinet and y % 32 in range(12, 20) and x % 20 < 14  # noqa: PLR2004 - a drawing
    return _CABLE if is_cable else _CABINET if in_cabinet else _WALL


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
