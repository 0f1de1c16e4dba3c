"""Who is behind this request, and closing pages to strangers. The only file that touches Flask-Login."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_login import current_user as _current_user

from academy.accounts import links, passwords, queries, rules, service
from academy.accounts.errors import SignInNeeded, TooManyAttempts
from academy.accounts.models import SignIn, SignInMethod
from academy.accounts.queries import Actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web.marks import is_open
from academy.kernel.web.refusals import wants_json
from academy.kernel.web.security import is_same_site


class _SignedIn(UserMixin):
    """Flask-Login's view of an actor; its id is that of the sign-in, so that ending the sign-in ends the session."""

    def __init__(self, sign_in_id: UUID, actor: Actor | None) -> None:
        self.id = sign_in_id.hex
        self.actor = actor


def install(app: Flask) -> None:
    """Close every page that is not named open, and tell templates whether someone is signed in."""
    links.configure(app.config["SECRET_KEY"])
    manager = LoginManager(app, add_context_processor=False)  # its `current_user` would cost every page a query
    manager.session_protection = None  # the sign-in row decides, not the network a phone happens to be on

    @manager.user_loader
    def _load(sign_in_id: str) -> _SignedIn | None:
        with database().reading() as db_session:
            actor = queries.actor_of(db_session, UUID(hex=sign_in_id), now=utc_now())
        return None if actor is None else _SignedIn(actor.sign_in_id, actor)

    @app.before_request
    def _close() -> ResponseReturnValue | None:
        if is_open(app) or current_actor() is not None:
            return None
        if wants_json():
            raise SignInNeeded
        back = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer and _path_of_referrer()) or ""
        return redirect(f"{url_for('accounts.sign_in')}?{urlencode({'next': back})}", 303)

    @app.context_processor
    def _signed_in() -> dict[str, object]:
        return {"signed_in": "_user_id" in session, "desk": {"provider": "", "office": "", **session.get("desk", {})}}


def _path_of_referrer() -> str:
    base = request.host_url.rstrip("/")
    referrer = request.referrer or ""
    return referrer.removeprefix(base) if referrer.startswith(f"{base}/") else ""


def current_actor() -> Actor | None:
    """Return the person behind this request, or None; asks the database once per request, and only when asked."""
    if "actor" not in g:
        g.actor = getattr(_current_user, "actor", None) if "_user_id" in session else None
    actor: Actor | None = g.actor
    return actor


def require_actor() -> Actor:
    """Return the person behind this request. Raises SignInNeeded."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def remember(sign_in: SignIn) -> None:
    """Put the sign-in in a fresh cookie session, so that nothing set before signing in survives it."""
    session.clear()
    session.permanent = True
    session["desk"] = _desk(sign_in.person_id)
    login_user(_SignedIn(sign_in.id, None))


def _desk(person_id: UUID) -> dict[str, str]:
    """Return where someone works, for the menu: asked once, on signing in. It opens nothing: each page checks for itself."""
    with database().reading() as db_session:
        return rules.desk_of([
            (membership.kind, membership.role, membership.organisation_slug)
            for membership in queries.memberships_of(db_session, person_id)
        ])


def forget() -> None:
    """Take the sign-in out of the cookie."""
    logout_user()
    session.clear()


def safe_next(path: str) -> str:
    """Return `path` when it is a page of ours, else nothing: a link must not send people elsewhere."""
    return path if len(path) <= 500 and is_same_site(path) else ""  # noqa: PLR2004 - the column's width


def attempts(what: str, email: str, *, now: datetime) -> rules.Attempts:
    """Count this attempt, in a transaction of its own and once per request, however often a busy database makes us try."""
    if "attempts" not in g:
        network = request.remote_addr or ""
        with database().writing() as db_session:
            g.attempts = rules.Attempts(
                by_pair=service.count_attempt(db_session, what=what, who=f"{email} {network}", now=now),
                by_network=service.count_attempt(db_session, what=what, who=network, now=now),
                by_account=service.count_attempt(db_session, what=what, who=email, now=now),
            )
    counted: rules.Attempts = g.attempts
    return counted


def sign_in_with_password(email: str, password: str, *, now: datetime) -> bool:
    """Sign in when the password is right. The slow hash runs outside any transaction. Raises TooManyAttempts."""
    if attempts("password", email, now=now).too_many_passwords:
        raise TooManyAttempts
    with database().reading() as db_session:
        known = queries.credentials_of(db_session, email)
    if not passwords.matches(known.password_hash if known else None, password) or known is None:
        return False
    with database().writing() as db_session:
        device = rules.device_of(request.user_agent.string)
        sign_in = service.start_sign_in(db_session, person_id=known.person_id, device=device, now=now, method=SignInMethod.PASSWORD)
    remember(sign_in)
    return True
