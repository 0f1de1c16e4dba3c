"""Papers that a page gives: to be saved, not opened."""

from flask import Response

PDF = "application/pdf"
UBL = "application/xml"
CSV = "text/csv; charset=utf-8"


def as_attachment(content: bytes, *, filename: str, media_type: str) -> Response:
    """Answer with a file that no page of ours shows and no cache keeps; the caller has checked who asks."""
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
