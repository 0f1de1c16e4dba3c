"""Marks on views."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, request

View = TypeVar("View", bound=Callable[..., Any])


def open_to_all(view: View) -> View:
    """Name a page open: without this mark it asks to sign in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def throttled(*, a_minute: int) -> Callable[[View], View]:
    """Say how often one network may ask for a page; behind one address there may be a whole school."""

    def mark(view: View) -> View:
        view.visits_a_minute = a_minute  # type: ignore[attr-defined]
        return view

    return mark


def takes_files(*, most_bytes: int) -> Callable[[View], View]:
    """Say that a page takes files, of at most so many bytes together; other pages take a megabyte."""

    def mark(view: View) -> View:
        view.most_upload_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def in_sitemap(values: Callable[[], Iterable[dict[str, str]]]) -> Callable[[View], View]:
    """Name the pages of a view that are always there, so that the sitemap leads to them; `values` gives those in each address."""

    def mark(view: View) -> View:
        view.standing = values  # type: ignore[attr-defined]
        return view

    return mark


def is_open(app: Flask) -> bool:
    """Tell whether the page of the present request may be seen without signing in; no page at all is open: it is a 404."""
    if request.endpoint is None or request.endpoint == "static":
        return True
    return bool(getattr(app.view_functions[request.endpoint], "open_to_all", False))


def visits_allowed(app: Flask) -> int | None:
    """Return how often a network may ask for the page of the present request in a minute; None when that is not counted."""
    allowed: int | None = getattr(app.view_functions.get(request.endpoint or ""), "visits_a_minute", None)
    return allowed


def upload_allowed(app: Flask) -> int | None:
    """Return how many bytes of files the page of the present request takes; None when it takes none."""
    most: int | None = getattr(app.view_functions.get(request.endpoint or ""), "most_upload_bytes", None)
    return most
