"""Answering with a file."""

from flask import Response


def csv_answer(content: bytes, name: str) -> Response:
    """Return the answer that is a spreadsheet for the programme office, called `name`.csv; nobody in between keeps it."""
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
