"""Files of people, taken in and given back by a page: a browser saves them, or shows them as what they are, never as a page of ours."""

from typing import Final

from flask import Flask, Response, request, send_file

from academy.kernel.contents import FileKind
from academy.kernel.uploads import StoredFile, folder
from academy.kernel.web.marks import upload_allowed

_AROUND_A_FILE: Final = 64 * 1024  # bytes of the form and its other fields
_SANDBOX: Final = "sandbox; default-src 'none'"
# A browser puts a picture in a page of its own making, and makes it fit by styles on its elements.
_SHOWN: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
# Without the sandbox: Safari shows no PDF in it, while Chromium sets the policy of a PDF aside and opens it in a process of its own.
_SHOWN_PDF: Final = "default-src 'none'; frame-ancestors 'self'"


def install(app: Flask) -> None:
    """Let a page that takes files have a larger body than others; install it before whatever reads the form."""

    @app.before_request
    def _widen() -> None:
        most_bytes = upload_allowed(app)
        if most_bytes is not None:
            request.max_content_length = most_bytes + _AROUND_A_FILE


def attachment(stored: StoredFile) -> Response:
    """Answer with a file to be saved, not opened; the caller has checked who asks. Raises NotFound."""
    response = _given(stored, as_attachment=True)
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response


def shown(stored: StoredFile) -> Response:
    """Answer with a file that a browser shows, by itself or in an `<iframe>` or `<img>` of ours; the caller has checked who asks.

    A kind that is not `is_shown` is saved. Raises NotFound.
    """
    if not stored.is_shown:
        return attachment(stored)
    response = _given(stored, as_attachment=False)
    if stored.kind is FileKind.PDF:
        response.headers["Content-Security-Policy"] = _SHOWN_PDF
    else:
        response.headers["Content-Security-Policy"] = _SHOWN
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"  # by the HTML standard any other with a sandbox is a network error
    return response


def _given(stored: StoredFile, *, as_attachment: bool) -> Response:
    response = send_file(
        folder().path_of(stored.name), mimetype=stored.kind.media_type, as_attachment=as_attachment, download_name=stored.filename, etag=False,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
