"""A file that browsers show safely is shown as what it is, within a page of ours and no other; every other kind is saved."""

import base64
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from academy.kernel import uploads
from academy.kernel.contents import FileKind
from academy.kernel.uploads import StoredFile, UploadFolder
from academy.kernel.web import create_bare_app, open_to_all
from academy.kernel.web.attachments import shown
from tests.kernel import uploads as files

JSON = {"Accept": "application/json", "Accept-Language": "nl"}
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
PDF_POLICY = "default-src 'none'; frame-ancestors 'self'"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Give an application with pages that show what was kept, and one that has it within."""
    made = create_bare_app("academy", secret_key="only-for-tests-" * 3, base_url="http://127.0.0.1")
    made.testing = True
    uploads.set_folder(UploadFolder(tmp_path / "files"))

    @made.get("/kept/<filename>")
    @open_to_all
    def kept(filename: str) -> ResponseReturnValue:
        return shown(made.config["KEPT"][filename])

    @made.get("/within/<element>/<filename>")
    @open_to_all
    def within(element: str, filename: str) -> ResponseReturnValue:
        return f"<!doctype html><title>Bewijs</title><{element} src='/kept/{filename}' width='400' height='400'></{element}>"

    @made.get("/favicon.ico")
    @open_to_all
    def favicon() -> ResponseReturnValue:
        return "", 204  # browsers ask

    made.config["KEPT"] = {}
    return made


def keep(app: Flask, content: bytes, filename: str) -> StoredFile:
    stored = uploads.folder().receive(io.BytesIO(content), filename, allowed=list(FileKind), most_bytes=5_000_000)
    app.config["KEPT"][stored.filename] = stored
    return stored


@pytest.mark.parametrize(("filename", "content", "told", "policy"), [
    ("cv.pdf", files.PDF, "application/pdf", PDF_POLICY), ("foto.jpg", files.JPEG, "image/jpeg", SANDBOX),
    ("scan.png", files.PNG, "image/png", SANDBOX), ("brief.txt", files.TEXT, "text/plain; charset=utf-8", SANDBOX),
], ids=["pdf", "jpeg", "png", "text"])
def test_what_browsers_show_is_shown_as_what_it_is_and_may_do_nothing(app: Flask, filename: str, content: bytes, told: str, policy: str) -> None:
    assert keep(app, content, filename).is_shown
    answer = app.test_client().get(f"/kept/{filename}", headers=JSON)
    assert (answer.data, answer.content_type) == (content, told)
    assert answer.headers["Content-Disposition"] == f"inline; filename={filename}"
    assert answer.headers.getlist("Content-Security-Policy") == [policy]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer.close()


@pytest.mark.parametrize("filename", ["foto.jpg", "cv.pdf"])
def test_a_sandbox_and_an_opener_policy_never_come_together(app: Flask, filename: str) -> None:
    keep(app, files.JPEG if filename == "foto.jpg" else files.PDF, filename)
    answer = app.test_client().get(f"/kept/{filename}", headers=JSON)
    sandboxed = "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers.getlist("Cross-Origin-Opener-Policy") == ["unsafe-none" if sandboxed else "same-origin"]
    answer.close()


@pytest.mark.parametrize(("filename", "content"), [
    ("iphone.heic", files.HEIC), ("film.mp4", files.MP4), ("brief.docx", files.docx()), ("brief.odt", files.odt()),
], ids=["heic", "mp4", "docx", "odt"])
def test_every_other_kind_is_saved(app: Flask, filename: str, content: bytes) -> None:
    assert not keep(app, content, filename).is_shown
    answer = app.test_client().get(f"/kept/{filename}", headers=JSON)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={filename}"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    answer.close()


@pytest.mark.parametrize("filename", ["CV van Noor – 2026.pdf", 'a"; filename=b.html.pdf', "简历.pdf"])
def test_a_name_stays_a_name_and_a_part_of_a_file_is_no_page_either(app: Flask, filename: str) -> None:
    stored = keep(app, files.PDF, filename)
    answer = app.test_client().get(f"/kept/{quote(stored.filename)}", headers={**JSON, "Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert stored.filename.isascii() or quote(stored.filename, safe="") in answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
    assert answer.headers["Content-Security-Policy"] == PDF_POLICY
    answer.close()


def test_a_file_that_is_gone_is_not_found(app: Flask) -> None:
    uploads.folder().remove(keep(app, files.PNG, "scan.png").name)
    assert app.test_client().get("/kept/scan.png", headers=JSON).status_code == 404


# In a real browser


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def blue_pdf() -> bytes:
    """Return a PDF of one page that is blue all over."""
    drawn = b"0 0 1 rg 0 0 300 300 re f"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R>>", b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
    ]
    whole, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, 1):
        table += b"%010d 00000 n \n" % len(whole)
        whole += b"%d 0 obj%sendobj\n" % (number, part)
    return whole + b"xref\n0 5\n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (table, len(whole))


BLUE = """async drawn => {
    const image = new Image(); image.src = "data:image/png;base64," + drawn; await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), brush = canvas.getContext("2d"); brush.drawImage(image, 0, 0);
    const {data} = brush.getImageData(0, 0, image.width, image.height);
    let found = 0; for (let at = 0; at < data.length; at += 4) found += data[at] < 80 && data[at + 1] < 80 && data[at + 2] > 200;
    return found;
}"""


@pytest.mark.journey
@pytest.mark.parametrize("where", ["/kept/", "/within/iframe/", "/within/img/"])
@pytest.mark.parametrize(("filename", "content"), [("cv.pdf", blue_pdf()), ("foto.jpg", files.JPEG), ("scan.png", files.PNG)], ids=["pdf", "jpeg", "png"])
def test_a_browser_shows_it_by_itself_and_within_a_page_of_ours(app: Flask, address: str, page: Page, filename: str, content: bytes, where: str) -> None:
    keep(app, content, filename)
    page.goto(f"{address}{where}{filename}")
    eye = page.context.new_page()
    blue = 0
    for _time in range(3 if (filename, where) == ("cv.pdf", "/within/img/") else 150):
        drawn = base64.b64encode(page.screenshot()).decode()
        blue = eye.evaluate(BLUE, drawn)
        if blue:
            break
        page.wait_for_timeout(100)
    assert bool(blue) is ((filename, where) != ("cv.pdf", "/within/img/"))  # no browser has a PDF for a picture


@pytest.mark.journey
@pytest.mark.parametrize("where", ["/kept/", "/within/iframe/"])
def test_a_browser_shows_text_as_text(app: Flask, address: str, page: Page, where: str) -> None:
    keep(app, b"als a <b>kleiner</b> is dan \xc3\xa9\xc3\xa9n", "brief.txt")
    page.goto(f"{address}{where}brief.txt")
    assert page.frames[-1].locator("body").inner_text() == "als a <b>kleiner</b> is dan één"
