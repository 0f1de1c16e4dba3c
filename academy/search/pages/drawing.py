"""What the pages of search share: small values with a link, addresses, and macros that make HTML outside a template."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app
from markupsafe import Markup

from academy.kernel.formats import number_text


@dataclass(frozen=True, slots=True)
class LinkView:
    """A way on; `count` is empty where it is not counted."""

    label: str
    url: str
    count: str = ""


def counted(label: str, url: str, count: int) -> LinkView:
    return LinkView(label, url, number_text(count))


def address(path: str, parameters: list[tuple[str, str]]) -> str:
    """Return the address of a page with its question."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def macro(file: str, name: str, *values: object) -> str:
    """Return what a macro of `macros/` makes of `values`, as plain text that is safe HTML: the macro escaped it."""
    made: Markup = getattr(current_app.jinja_env.get_template(f"macros/{file}.html").module, name)(*values)
    return made.encode().decode()  # a Markup would escape whatever is joined to it, again and again
