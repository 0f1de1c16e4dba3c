"""Who is behind this request, and closing pages to strangers. The only file that touches Flask-Login."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_login import current_user as _current_user

from academy.accounts import links, passwords, queries, rules, service
from academy.accounts.errors import (
    PasskeyRefused,
    RecentSignInNeeded,
    SecondStepNeeded,
    SignInNeeded,
    TooManyAttempts,
    TooManyCodes,
)
from academy.accounts.models import SignIn, SignInMethod
from academy.accounts.queries import Actor
from academy.accounts.queries.organisations import acting_for
from academy.accounts.queries.privacy import signed_in_since
from academy.accounts.rules import RelyingParty, SecondStep
from academy.accounts.service import factors, passkeys, sealing, throttling
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web.marks import View, is_open
from academy.kernel.web.refusals import wants_json
from academy.kernel.web.security import is_same_site
from academy.kernel.web.visits import network_of

_NO_DESK: Final = dict.fromkeys(("provider", "office", "exam_board", "assessor", "employer", "firm", "fund"), "")


class _SignedIn(UserMixin):
    """Flask-Login's view of an actor; its id is that of the sign-in, so that ending the sign-in ends the session."""

    def __init__(self, sign_in_id: UUID, actor: Actor | None) -> None:
        self.id = sign_in_id.hex
        self.actor = actor


def configure(secret_key: str, *former_keys: str) -> None:
    """Sign links, seal secrets and count attempts with this key; what was signed or sealed with a former one is still good."""
    links.configure(secret_key, *former_keys)
    sealing.configure(secret_key, *former_keys)
    throttling.configure(secret_key)


def install(app: Flask, *, shows_codes: bool = False) -> None:
    """Close every page that is not named open, and tell templates whether someone is signed in.

    `shows_codes`: the page of the second step says the present code itself; for a demo on one's own machine only.
    """
    app.config["SHOWS_CODES"] = shows_codes
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
        is_halfway = _signed_in_as() is not None
        if wants_json():
            raise SecondStepNeeded if is_halfway else SignInNeeded
        back = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer and _path_of_referrer()) or ""
        page = "factors.second_step" if is_halfway else "accounts.sign_in"
        return redirect(f"{url_for(page)}?{urlencode({'next': back})}", 303)

    @app.context_processor
    def _signed_in() -> dict[str, object]:
        return {
            "signed_in": "_user_id" in session, "desk": {**_NO_DESK, **session.get("desk", {})},
            "acting": {"slug": "", "name": "", "choices": [], **session.get("acting", {})},
        }


def _path_of_referrer() -> str:
    base = request.host_url.rstrip("/")
    referrer = request.referrer or ""
    return referrer.removeprefix(base) if referrer.startswith(f"{base}/") else ""


def reachable_while(*steps: SecondStep) -> Callable[[View], View]:
    """Name a page that someone reaches who has not given the second proof yet."""

    def mark(view: View) -> View:
        view.reachable_while = steps  # type: ignore[attr-defined]
        return view

    return mark


def current_actor() -> Actor | None:
    """Return the person behind this request, or None; asks the database once per request, and only when asked.

    Who still has to give a second proof is nobody yet, except on the pages where it is given or set up.
    """
    actor = _signed_in_as()
    if actor is None or actor.second_step is SecondStep.DONE:
        return actor
    view = current_app.view_functions.get(request.endpoint or "")
    return actor if actor.second_step in getattr(view, "reachable_while", ()) else None


def _signed_in_as() -> Actor | None:
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


def require_fresh_actor(back: str, *, now: datetime) -> Actor:
    """Return the person behind this request, who proved lately that it is them: for changing how one gets in.

    `back` is the path of the page on which it is changed. Raises SignInNeeded, RecentSignInNeeded.
    """
    actor = require_actor()
    with database().reading() as db_session:
        is_fresh = signed_in_since(db_session, actor.sign_in_id, moment=now - rules.FRESH_SIGN_IN)
    if not is_fresh:
        raise RecentSignInNeeded(back)
    return actor


def remember(sign_in: SignIn, *, now: datetime) -> None:
    """Put the sign-in in a fresh cookie session, so that nothing set before signing in survives it; the sign-in that it held ends."""
    former = _signed_in_as()
    if former is not None:
        with database().writing() as db_session:
            service.end_sign_in(db_session, actor=former, now=now)
    session.clear()
    session.permanent = True
    login_user(_SignedIn(sign_in.id, None))
    with database().reading() as db_session:
        g.actor = queries.actor_of(db_session, sign_in.id, now=now)
    if g.actor is not None and g.actor.second_step is SecondStep.DONE:
        show_desk(g.actor)


def way_on(path: str) -> str:
    """Return where someone goes who has just signed in: `path`, by way of the second step when one is asked."""
    actor = _signed_in_as()
    if actor is None or actor.second_step is SecondStep.DONE:
        return path
    return url_for("factors.second_step", next=path)


def show_desk(actor: Actor) -> None:
    """Put in the cookie where someone works and as whom, for menu and header: asked once they are in and when it changes, not on every page.

    It opens nothing: each page checks for itself.
    """
    with database().reading() as db_session:
        memberships = queries.memberships_of(db_session, actor.person_id)
        chosen_id = acting_for(db_session, actor)
    session["desk"] = rules.desk_of((one.kind, one.role, one.organisation_slug) for one in memberships)
    names = {one.organisation_slug: one.organisation_name for one in memberships}
    chosen = next((one.organisation_slug for one in memberships if one.organisation_id == chosen_id), "")
    session["acting"] = {"slug": chosen, "name": names.get(chosen, ""), "choices": list(names.items())[:rules.MOST_IN_SWITCHER]}


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
        network = network_of(request.remote_addr)
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
    remember(sign_in, now=now)
    return True


def party() -> RelyingParty:
    """Return for whom passkeys are made here."""
    return rules.relying_party(current_app.config["BASE_URL"])


def ask_for_passkey(actor: Actor | None, *, now: datetime) -> str:
    """Return the question for the browser (JSON), and remember in the cookie which one it was. Raises TooManyAttempts."""
    with database().writing() as db_session:
        asked = service.count_attempt(db_session, what="challenge", who=network_of(request.remote_addr), now=now)
    if asked > rules.CHALLENGES_PER_NETWORK:
        raise TooManyAttempts
    with database().writing() as db_session:
        question = passkeys.ask_for_known(db_session, actor=actor, party=party(), now=now)
    session["challenge"] = question.challenge_id.hex
    return question.options


def sign_in_with_passkey(credential: str, *, now: datetime) -> None:
    """Sign in with a passkey: something one has and, as the device checks who holds it, both proofs at once. Raises PasskeyRefused."""
    key, count = _checked(credential, actor=None, now=now)
    with database().writing() as db_session:
        passkeys.use_passkey(db_session, key, count=count, now=now)
        sign_in = service.start_sign_in(
            db_session, person_id=key.person_id, device=rules.device_of(request.user_agent.string), now=now,
            method=SignInMethod.PASSKEY, is_twofold=True,
        )
    remember(sign_in, now=now)


def second_step_with_passkey(credential: str, *, now: datetime) -> None:
    """Give the second proof with a passkey of one's own. Raises PasskeyRefused."""
    actor = require_actor()
    key, count = _checked(credential, actor=actor, now=now)
    with database().writing() as db_session:
        passkeys.use_passkey(db_session, key, count=count, now=now)
        factors.mark_twofold(db_session, actor=actor, now=now)
    show_desk(actor)


def _checked(credential: str, *, actor: Actor | None, now: datetime) -> tuple[passkeys.KnownKey, int]:
    """Return a passkey that answered our question, and its new count. The question is gone, whatever the answer."""
    with database().writing() as db_session:
        nonce = passkeys.take_challenge(db_session, session.get("challenge", ""), actor=actor, now=now)
    with database().reading() as db_session:
        key = passkeys.known_key(db_session, credential)
    if actor is not None and key.person_id != actor.person_id:
        raise PasskeyRefused
    return key, passkeys.checked_count(credential, key, nonce=nonce, party=party())


def second_step_with_code(code: str, *, now: datetime) -> bool:
    """Give the second proof with a code, when it is right. Raises TooManyCodes."""
    actor = _counted_try(now)
    with database().writing() as db_session:
        is_right = factors.give_second_proof(db_session, actor=actor, code=code, now=now)
    if is_right:
        show_desk(actor)
    return is_right


def confirm_app(code: str, *, now: datetime) -> bool:
    """Let a new authenticator app count, when it shows the right code. Raises TooManyCodes."""
    actor = _counted_try(now)
    with database().writing() as db_session:
        is_right = factors.confirm_app(db_session, actor=actor, code=code, now=now)
    if is_right:
        show_desk(actor)
    return is_right


def _counted_try(now: datetime) -> Actor:
    actor = require_actor()
    if "codes_tried" not in g:  # a busy database makes us try again, and that is no second guess
        with database().writing() as db_session:
            g.codes_tried = service.count_attempt(db_session, what=factors.SECOND_STEP, who=actor.person_id.hex, now=now)
    if g.codes_tried > rules.SECOND_STEPS_PER_PERSON:
        raise TooManyCodes
    return actor


def shown_code(*, now: datetime) -> str:
    """Return the present code of whoever is signing in, on a demo on one's own machine; elsewhere ""."""
    if not current_app.config["SHOWS_CODES"]:
        return ""
    with database().reading() as db_session:
        return factors.present_code(db_session, actor=require_actor(), now=now)
