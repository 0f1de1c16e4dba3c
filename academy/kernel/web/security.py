"""Security of every answer: CSRF on each POST, a strict content policy with a nonce, no third-party host."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, has_request_context, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from academy.kernel.errors import NotFound

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def csp_nonce() -> str:
    """Return the nonce of this answer, for our own inline script and style elements."""
    if not has_request_context():
        return ""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def content_policy() -> str:
    """Return the Content-Security-Policy of this answer."""
    nonce = f"'nonce-{csp_nonce()}'"
    return "; ".join([
        "default-src 'self'",
        f"script-src 'self' {nonce}",
        f"style-src 'self' {nonce}",
        "img-src 'self' data:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ])


def is_same_site(url: str) -> bool:
    """Tell whether `url` is a path on this site, safe to redirect to."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()


def install(app: Flask) -> None:
    """Guard `app`: cookies, CSRF token, headers."""
    https = app.config["BASE_URL"].startswith("https://")
    app.config.update(
        # With the prefix a browser takes the cookie only from us, over HTTPS: no neighbour under the same domain can set one (RFC 6265bis).
        SESSION_COOKIE_NAME="__Host-academy_session" if https else "academy_session",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_I18N_ENABLED=False,  # our forms bring their own sentences
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open overnight still works
        WTF_CSRF_SSL_STRICT=https,
    )

    @app.before_request
    def _head_is_get() -> None:
        # A view that takes GET and POST asks which one came: what checks links by HEAD must not be taken for who sends the form.
        if request.method == "HEAD":
            request.method = "GET"  # the server still leaves the body out: it looks at the environment (RFC 9110 §9.3.2)

    CSRFProtect(app)
    public = urlsplit(app.config["BASE_URL"]).hostname
    if public in LOOPBACK_HOSTS:
        app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", "[::1]"]  # a page elsewhere must not reach the demo mailbox
    else:
        # In production one proxy stands before us (docs/production.md): it says who asks, and no other host name is ours.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
        app.config["TRUSTED_HOSTS"] = [public]

    @app.before_request
    def _refuse_nul() -> None:
        if "\x00" in request.path:  # no page of ours, and PostgreSQL can not even be asked about it
            raise NotFound
        sent = request.form.items(multi=True)
        if any("\x00" in text for pair in sent for text in pair):  # nobody types it, and SQLite would keep what no page can show
            abort(400)

    @app.context_processor
    def _nonce() -> dict[str, object]:
        return {"csp_nonce": csp_nonce}

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", content_policy())
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "SAMEORIGIN"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = _PERMISSIONS
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        headers.setdefault("Cache-Control", "no-store" if request.method != "GET" else "private, no-cache")
        return response
