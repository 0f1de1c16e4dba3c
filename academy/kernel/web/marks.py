"""Marks on views."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, request

View = TypeVar("View", bound=Callable[..., Any])


def open_to_all(view: View) -> View:
    """Name a page open: without this mark it asks to sign in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


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
