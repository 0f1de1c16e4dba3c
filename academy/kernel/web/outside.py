"""Rendering outside a request: letters, written by the worker, with whole addresses in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from academy.kernel.text import Language
from academy.kernel.translation import reading_in


@contextmanager
def writing_for(language: Language) -> Iterator[None]:
    """Give templates the language and `url_for` the public address; needs an application context."""
    base_url = current_app.config["BASE_URL"]
    with reading_in(language), current_app.test_request_context(f"/{language}/", base_url=base_url):
        yield
