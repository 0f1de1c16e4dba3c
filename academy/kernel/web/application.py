"""The Flask application: strict templates, busy databases tried again, pages closed unless named open."""

import random
import time
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask import render_template as _render_template
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from typing_extensions import override

from academy.kernel.errors import DatabaseBusy
from academy.kernel.web import assets, attachments, language, logs, refusals, security

_TRIES = 3


class AcademyApp(Flask):
    """Flask with our habits built in."""

    jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}  # noqa: RUF012 - Flask's own

    @override
    def log_exception(self, exc_info: Any) -> None:
        """Write nothing: Flask's line holds the address, which may hold a sign-in link; `refusals` logs the fault."""

    @override
    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; a busy database is tried three times before the visitor hears of it."""
        for attempt in range(1, _TRIES + 1):
            try:
                return super().dispatch_request()
            except DatabaseBusy:
                if attempt == _TRIES:
                    raise
                time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311 - spreading, not secrecy
        raise AssertionError  # the loop returns or raises


def create_bare_app(
    name: str, *, secret_key: str, base_url: str, former_keys: Sequence[str] = (), debug_errors: bool = False,
) -> AcademyApp:
    """Make an application with the floor laid and no rooms yet; what was signed with one of `former_keys` is still good."""
    app = AcademyApp(name)
    app.config.update(
        SECRET_KEY=secret_key,
        SECRET_KEY_FALLBACKS=list(former_keys),
        WTF_CSRF_SECRET_KEY=[*former_keys, secret_key],  # a form that was open while the key changed; the last one signs
        BASE_URL=base_url,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=200_000,
        TEMPLATES_AUTO_RELOAD=False,
        PROPAGATE_EXCEPTIONS=debug_errors or None,
    )
    logs.install(app)
    language.install(app)
    attachments.install(app)
    security.install(app)
    refusals.install(app)
    assets.install(app)
    return app


def render(template: str, **values: object) -> str:
    """Render `template` with finished values."""
    return _render_template(template, **values)
