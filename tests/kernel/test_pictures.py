"""A photo is kept without what it tells of who took it, as upright as it was, and its image untouched."""

import hashlib
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, Route

from academy.kernel.contents import FileKind
from academy.kernel.errors import FileNotWhatItSays
from academy.kernel.pictures import DamagedPicture, bare_jpeg, bare_png
from academy.kernel.uploads import StoredFile, UploadFolder
from tests.kernel import uploads as files
from tests.kernel.uploads import PLACE, chunk, jpeg, png, segment, tiff

EXIF, XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
APP1 = 0xE1
DPI = segment(0xE0, b"JFIF\0" + bytes(9))


def brief(value: str | bytes) -> str:
    """Name an example without its bytes."""
    return value if isinstance(value, str) else hashlib.sha256(value).hexdigest()[:8]


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "files"


def receive(there: Path, content: bytes, filename: str) -> tuple[StoredFile, bytes]:
    stored = UploadFolder(there).receive(io.BytesIO(content), filename, allowed=list(FileKind), most_bytes=40_000_000)
    return stored, UploadFolder(there).path_of(stored.name).read_bytes()


# What goes and what stays


NOTED = [
    ("foto.jpg", jpeg(segment(APP1, EXIF + tiff(1)))), ("foto.jpg", jpeg(segment(APP1, XMP + PLACE))), ("foto.jpg", jpeg(segment(APP1, EXIF + PLACE))),
    ("foto.jpg", jpeg(segment(0xED, b"Photoshop 3.0\0" + PLACE))), ("foto.jpg", jpeg(segment(0xFE, PLACE))), ("foto.jpg", jpeg(segment(0xE2, b"MPF\0" + PLACE))),
    ("foto.jpg", jpeg(segment(0xE0, b"JFXX\0" + PLACE))), ("foto.jpg", jpeg(segment(0xEB, PLACE), behind=jpeg(segment(APP1, EXIF + tiff(1))))),
    ("foto.jpg", files.JPEG[:-2] + segment(APP1, EXIF + tiff(6)) + files.JPEG[-2:]),  # between the picture and its end
    ("foto.jpg", jpeg(segment(APP1, XMP), b"\xff\xff" + segment(APP1, XMP + PLACE))), ("foto.jpg", jpeg(behind=files.MP4 + PLACE)),
    ("scan.png", png(chunk(b"eXIf", tiff(1)))), ("scan.png", png(chunk(b"tEXt", b"Location\0" + PLACE), chunk(b"iTXt", PLACE))),
    ("scan.png", png(chunk(b"tIME", b"\x07\xea\1\1\1\1\1"), chunk(b"zzZz", PLACE))), ("scan.png", png(chunk(b"eXIf", PLACE * 9_000))),
    ("scan.png", png(behind=PLACE)),
]


@pytest.mark.parametrize(("filename", "content"), NOTED, ids=brief)
def test_no_note_of_place_time_or_maker_is_kept_nor_what_stands_behind_the_picture(there: Path, filename: str, content: bytes) -> None:
    stored, kept = receive(there, content, filename)
    assert PLACE not in kept
    if EXIF + tiff(6) not in content:
        assert kept == (files.JPEG if filename == "foto.jpg" else files.PNG)
    assert (stored.size, stored.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    assert [path.name for path in there.iterdir()] == [stored.name]


@pytest.mark.parametrize("content", [
    jpeg(segment(0xE2, b"ICC_PROFILE\0\1\1" + b"p" * 500), segment(0xEE, b"Adobe\0d\0\0\0\0\1")),
    png(chunk(b"iCCP", b"p\0\0" + b"p" * 500), chunk(b"pHYs", bytes(9)), chunk(b"tRNS", bytes(6))),
], ids=brief)
def test_colours_and_the_size_of_a_pixel_stay(there: Path, content: bytes) -> None:
    assert receive(there, content, "foto.jpg" if content.startswith(b"\xff") else "scan.png")[1] == content


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_which_side_is_up_stays_and_nothing_else_of_what_stood_with_it(there: Path, orientation: int, order: str) -> None:
    photo = jpeg(segment(APP1, EXIF + tiff(orientation, order=order)), segment(APP1, EXIF + tiff(3)))
    up = b"MM\0*\0\0\0\x08\0\1\x01\x12\0\x03\0\0\0\1\0" + bytes([orientation]) + bytes(6)
    assert receive(there, photo, "foto.jpg")[1] == jpeg(segment(APP1, EXIF + up))
    assert receive(there, png(chunk(b"eXIf", tiff(orientation, order=order))), "scan.png")[1] == png(chunk(b"eXIf", up))


@pytest.mark.parametrize("noted", [
    tiff(None), tiff(0), tiff(9), tiff(60_000), b"", b"II", tiff(6)[:20], b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", tiff(6).replace(b"\x12\1\3", b"\x12\1\4"),
], ids=brief)
def test_notes_that_can_not_be_read_go_and_the_picture_stays(there: Path, noted: bytes) -> None:
    assert receive(there, jpeg(segment(APP1, EXIF + noted)), "foto.jpg")[1] == files.JPEG
    assert receive(there, png(chunk(b"eXIf", noted)), "scan.png")[1] == files.PNG


def test_the_same_photo_and_what_was_kept_of_it_are_known_as_the_same(there: Path) -> None:
    photo = jpeg(segment(APP1, EXIF + tiff(6)), behind=b"more")
    first, kept = receive(there, photo, "foto.jpg")
    assert {receive(there, content, "kopie.jpeg")[0].sha256 for content in (photo, kept)} == {first.sha256}


def giving(body: bytes, media_type: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body, content_type=media_type, headers={"Cache-Control": "no-store"})


@pytest.mark.journey
@pytest.mark.parametrize("filename", ["foto.jpg", "scan.png"])
def test_a_browser_shows_it_as_it_was_and_upright(there: Path, page: Page, filename: str) -> None:
    turned = jpeg(segment(APP1, EXIF + tiff(6))) if filename == "foto.jpg" else png(chunk(b"eXIf", tiff(6)))
    for content in (turned, receive(there, turned, filename)[1]):
        page.route(f"http://academy.test/{filename}", giving(content, "image/jpeg" if filename == "foto.jpg" else "image/png"))
        page.route("http://academy.test/", giving(f"<img src='{filename}'>".encode(), "text/html"))
        page.goto("http://academy.test/")
        shown = page.evaluate("""async () => {
            const image = document.images[0]; await image.decode();
            const canvas = new OffscreenCanvas(8, 16), brush = canvas.getContext("2d"); brush.drawImage(image, 0, 0);
            const red = y => brush.getImageData(4, y, 1, 1).data[0] > 128 ? "white" : "blue";
            return [image.naturalWidth, image.naturalHeight, red(3), red(12)];
        }""")
        assert shown == [8, 16, "blue", "white"]
        page.unroute_all()


# Damage


@pytest.mark.parametrize(("filename", "content"), [
    *(("foto.jpg", files.JPEG[:length]) for length in (4, 20, 60, len(files.JPEG) - 30, len(files.JPEG) - 8, len(files.JPEG) - 2, len(files.JPEG) - 1)),
    ("foto.jpg", files.JPEG[:20] + b"\xff\xd9"),  # an end without a picture
    ("foto.jpg", jpeg(b"\xff\xe1\0\0")), ("foto.jpg", jpeg(b"\xff\xe1\0\1")), ("foto.jpg", jpeg(b"\xff\xe1\xff\xff")), ("foto.jpg", jpeg(DPI, b"\xff\xd8")), ("foto.jpg", jpeg(DPI, b"x")),
    ("foto.jpg", jpeg(b"\xff\xf7\0\4ab")), ("foto.jpg", jpeg(DPI, b"\xff" * 100)), ("foto.jpg", files.JPEG[:-2] + b"\xff" * 200_000),
    *(("scan.png", files.PNG[:length]) for length in (20, 40, len(files.PNG) - 12, len(files.PNG) - 4, len(files.PNG) - 1)),
    ("scan.png", png(chunk(b"QQQQ", b"x"))), ("scan.png", png(chunk(b"ab1d", b"x"))), ("scan.png", files.PNG_HEAD + chunk(b"IEND", b"")),
    ("scan.png", png(b"\xff\xff\xff\xfftEXt")),
], ids=brief)
def test_a_picture_in_which_nobody_knows_what_stands_is_refused(there: Path, filename: str, content: bytes) -> None:
    with pytest.raises(FileNotWhatItSays) as refused:
        receive(there, content, filename)
    assert refused.value.reason == "damaged"
    assert "Het lijkt een beschadigd bestand te zijn." in refused.value.sentence()
    assert list(there.iterdir()) == []


@pytest.mark.parametrize("content", [jpeg(segment(0xFE, b"") * 100_000), png(chunk(b"tEXt", b"") * 100_000)], ids=brief)
def test_a_picture_of_more_parts_than_any_has_is_refused(there: Path, content: bytes) -> None:
    with pytest.raises(FileNotWhatItSays):
        receive(there, content, "foto.jpg" if content.startswith(b"\xff") else "scan.png")


@given(notes=st.lists(st.binary(max_size=40)), flips=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4))
def test_whatever_comes_is_kept_without_its_notes_or_refused(notes: list[bytes], flips: list[tuple[int, int]]) -> None:
    for bare, whole in (
        (bare_jpeg, jpeg(*(segment(APP1, note) for note in notes), segment(APP1, EXIF + tiff(6)))),
        (bare_png, png(*(chunk(b"tEXt", note) for note in notes), chunk(b"eXIf", tiff(6)))),
    ):
        content = bytearray(whole)
        for place, value in flips:
            content[place % len(content)] = value
        try:
            kept = b"".join(bare(io.BytesIO(content)))
        except DamagedPicture:
            continue
        assert b"".join(bare(io.BytesIO(kept))) == kept


# Size


def large_jpeg() -> bytes:
    noise = (bytes(range(256)) * 100_000).replace(b"\xff", b"\xff\0")
    return files.JPEG[:-2] + noise + b"\xff\xd0" + noise[:100] + files.JPEG[-2:]


def large_png() -> bytes:
    return files.PNG_HEAD + chunk(b"IDAT", bytes(range(256)) * 100_000) + chunk(b"tEXt", bytes(5_000_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("filename", "large"), [("foto.jpg", large_jpeg), ("scan.png", large_png)], ids=["jpeg", "png"])
def test_a_large_picture_is_never_wholly_in_memory(there: Path, filename: str, large: Callable[[], bytes]) -> None:
    content = large()
    stream = io.BytesIO(content)
    tracemalloc.start()
    stored = UploadFolder(there).receive(stream, filename, allowed=list(FileKind), most_bytes=40_000_000)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000
    kept = UploadFolder(there).path_of(stored.name).read_bytes()
    assert kept == (content if filename == "foto.jpg" else content.replace(chunk(b"tEXt", bytes(5_000_000)), b""))


@pytest.mark.parametrize("before", [64 * 1024 - 1 - 20, *range(64 * 1024 - 4, 64 * 1024 + 3)])
def test_a_sign_that_falls_between_two_pieces_is_seen(before: int) -> None:
    start = files.JPEG[: files.JPEG.index(b"\xff\xda")] + files.JPEG[files.JPEG.index(b"\xff\xda"):][:14]
    for sign, ends in ((b"\xff\0", False), (b"\xff\xff\0", False), (b"\xff\xd7", False), (b"\xff\xd9", True), (b"\xff\xff\xd9", True)):
        content = start + b"x" * before + sign + b"y" * 9 + b"\xff\xd9"
        kept = b"".join(bare_jpeg(io.BytesIO(content)))
        assert kept == (start + b"x" * before + sign if ends else content)
