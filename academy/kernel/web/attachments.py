"""Files of people, taken in and given back by a page: never shown by the browser as a page of ours."""

from typing import Final

from flask import Flask, Response, request, send_file

from academy.kernel.uploads import StoredFile, folder
from academy.kernel.web.marks import upload_allowed

_AROUND_A_FILE: Final = 64 * 1024  # bytes of the form and its other fields
_SANDBOX: Final = "sandbox; default-src 'none'"


def install(app: Flask) -> None:
    """Let a page that takes files have a larger body than others; install it before whatever reads the form."""

    @app.before_request
    def _widen() -> None:
        most_bytes = upload_allowed(app)
        if most_bytes is not None:
            request.max_content_length = most_bytes + _AROUND_A_FILE


def attachment(stored: StoredFile) -> Response:
    """Answer with a file to be saved, not opened; the caller has checked who asks. Raises NotFound."""
    response = send_file(
        folder().path_of(stored.name), mimetype=stored.kind.media_type, as_attachment=True, download_name=stored.filename, etag=False,
    )
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
