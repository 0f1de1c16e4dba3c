"""Files as people send them, and as those who mean harm do."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"
TEXT = "Beste lezer,\r\n\tik heb vijf jaar in de zorg gewerkt. Eén jaar als teamleider – met plezier.\n".encode()
HTML = b"<!DOCTYPE html><html><head><script>alert(1)</script></head></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200
_ODT = "application/vnd.oasis.opendocument.text"


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
