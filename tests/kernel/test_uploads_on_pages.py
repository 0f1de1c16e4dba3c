"""A page that takes files takes no more than it says, and what it gives back is saved by a browser, never shown."""

import gc
import io
import warnings
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from academy.kernel import uploads
from academy.kernel.contents import FileKind
from academy.kernel.uploads import StoredFile, UploadFolder
from academy.kernel.web import create_bare_app, open_to_all, takes_files
from academy.kernel.web.attachments import attachment
from tests.kernel import uploads as files

MOST = 3_000_000


@pytest.fixture
def page(tmp_path: Path) -> Flask:
    """Give an application with one page that takes files, one that does not, and one that gives back what was taken."""
    app = create_bare_app("academy", secret_key="only-for-tests-" * 3, base_url="http://127.0.0.1")
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    uploads.set_folder(UploadFolder(tmp_path / "files"))
    kept: list[StoredFile] = []

    @app.post("/send")
    @open_to_all
    @takes_files(most_bytes=MOST)
    def send() -> ResponseReturnValue:
        sent = request.files["file"]
        stored = uploads.folder().receive(sent.stream, sent.filename or "", allowed=[FileKind.PDF, FileKind.TEXT], most_bytes=MOST)
        kept[:] = [stored]
        return {"name": stored.filename, "size": stored.size}

    @app.post("/elsewhere")
    @open_to_all
    def elsewhere() -> ResponseReturnValue:
        return {"files": len(request.files)}

    @app.get("/kept")
    @open_to_all
    def give_back() -> ResponseReturnValue:
        return attachment(kept[0])

    return app


JSON = {"Accept": "application/json", "Accept-Language": "nl"}  # pages of refusals need the rooms


def send(page: Flask, content: bytes, filename: str, address: str = "/send") -> tuple[int, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Werkzeug leaves its temporary file to the garbage collector
        answer = page.test_client().post(address, data={"file": (io.BytesIO(content), filename)}, headers=JSON)
        said = answer.status_code, answer.get_data(as_text=True)
        del answer
        gc.collect()
    return said


def test_a_page_that_takes_files_takes_more_than_others_and_no_more_than_it_says(page: Flask, tmp_path: Path) -> None:
    large = files.PDF[:9] + b"x" * (MOST - len(files.PDF)) + files.PDF[9:]
    assert len(large) == MOST
    assert send(page, large, "cv.pdf")[0] == 200
    assert send(page, large, "cv.pdf", "/elsewhere")[0] == 413
    for content in (large + b"x", large * 2):
        assert send(page, content, "cv.pdf")[0] == 413
    assert len(list((tmp_path / "files").iterdir())) == 1


@pytest.mark.parametrize("length", [None, "10"])
def test_a_length_that_is_missing_or_a_lie_changes_nothing(page: Flask, length: str | None) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\n' + b"%PDF-1.7" * MOST + b"\r\n--x--\r\n"
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": length or "", "HTTP_TRANSFER_ENCODING": "" if length else "chunked"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Werkzeug leaves its temporary file to the garbage collector
        answer = page.test_client().post(
            "/send", input_stream=io.BytesIO(body), content_type="multipart/form-data; boundary=x", environ_overrides=environ, headers=JSON,
        )
        status = answer.status_code
        del answer
        gc.collect()
    assert status == 413


def test_what_is_refused_is_told_in_a_sentence(page: Flask) -> None:
    status, said = send(page, files.HTML, "cv.pdf")
    assert status == 422
    assert "cv.pdf is geen goed PDF-bestand. Het lijkt een webpagina (HTML) te zijn." in said
    assert '"code": "file-not-what-it-says"' in said


@pytest.mark.parametrize("filename", ["CV van Noor – 2026.pdf", 'a"; filename=b.html.pdf', "简历.pdf"])
def test_a_browser_saves_it_and_shows_nothing(page: Flask, filename: str) -> None:
    assert send(page, files.PDF, filename)[0] == 200
    answer = page.test_client().get("/kept", headers=JSON)
    shown = uploads.clean_filename(filename)
    assert answer.data == files.PDF
    assert answer.mimetype == "application/pdf"
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment; filename=")
    assert shown.isascii() or quote(shown, safe="!#$&+-.^_`|~") in told.partition("filename*=UTF-8''")[2]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer.close()


@pytest.mark.parametrize(("method", "asked", "status"), [
    ("HEAD", {}, 200), ("GET", {"Range": "bytes=0-3"}, 206), ("GET", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
])
def test_a_part_of_it_or_nothing_but_its_headers_is_no_page_either(page: Flask, method: str, asked: dict[str, str], status: int) -> None:
    assert send(page, files.PDF, "cv.pdf")[0] == 200
    answer = page.test_client().open("/kept", method=method, headers={**JSON, **asked})
    assert (answer.status_code, answer.data) == (status, files.PDF[:4] if status == 206 else b"")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    answer.close()


def test_what_lies_in_the_folder_has_no_address(page: Flask, tmp_path: Path) -> None:
    assert send(page, files.TEXT, "brief.txt")[0] == 200
    (kept,) = (tmp_path / "files").iterdir()
    for address in (f"/files/{kept.name}", f"/static/../../files/{kept.name}", f"/static/build/../../files/{kept.name}"):
        assert page.test_client().get(address, headers=JSON).status_code == 404
    assert Path(page.root_path) not in kept.parents
