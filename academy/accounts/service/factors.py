"""Use cases of the second step: authenticator apps (TOTP, RFC 6238), recovery codes, and giving a second proof."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import LastFactor, NoSecondFactor
from academy.accounts.models import AuthenticatorApp, Passkey, RecoveryCode, SignIn
from academy.accounts.queries import Actor
from academy.accounts.queries import factors as queries
from academy.accounts.service import sealing
from academy.accounts.service.throttling import forget_attempts
from academy.accounts.service.ways_in import way_in_changed
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id

SECOND_STEP: Final = "second-step"  # what is counted by `count_attempt`, with the person's id
_STEP_SECONDS: Final = 30  # RFC 6238, and the only one that every app knows
_DRIFT: Final = 1  # steps that a clock may be ahead or behind (RFC 6238, 5.2)
_SIGNS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that looks like something else
_GROUPS, _GROUP = 3, 4  # 12 signs of 5 bits: 60 bits


def begin_app(session: Session, *, actor: Actor) -> None:
    """Make the secret for a new authenticator app; one that counts stays as it is.

    One that was begun before gets another secret: whoever saw it then may not be the one who sets it up now.
    """
    queries.hold(session, actor)
    begun = _new_app(session, actor.person_id, confirmed_at=None)
    session.execute(
        begun.on_conflict_do_update(
            index_elements=[AuthenticatorApp.person_id], set_={"secret": begun.excluded.secret}, where=AuthenticatorApp.confirmed_at.is_(None),
        ),
    )


def give_app(session: Session, *, person_id: UUID, now: datetime) -> None:
    """Give a person an authenticator app that counts at once, for the demo: nobody holds it, the page of the second step shows its code."""
    session.execute(_new_app(session, person_id, confirmed_at=now).on_conflict_do_nothing())


def _new_app(session: Session, person_id: UUID, *, confirmed_at: datetime | None) -> PostgresqlInsert | SqliteInsert:
    secret = sealing.sealed(pyotp.random_base32(), of=person_id)
    return insert_for(session, AuthenticatorApp).values(person_id=person_id, secret=secret, confirmed_at=confirmed_at, last_step=0)


def secret_to_set_up(session: Session, *, actor: Actor) -> str | None:
    """Return the secret (base 32) of an app that is being set up; None when none is. Once it counts it is never shown again."""
    app = session.get(AuthenticatorApp, actor.person_id)
    return None if app is None or app.confirmed_at is not None else sealing.opened(app.secret, of=actor.person_id)


def address_for_app(secret: str, *, email: str) -> str:
    """Return what the QR code says: `otpauth://totp/AD%20Academy:…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="AD Academy")


def confirm_app(session: Session, *, actor: Actor, code: str, now: datetime) -> bool:
    """Let the app count from now on, when `code` is one of its present codes; it is the second proof of this session too."""
    app = session.get(AuthenticatorApp, actor.person_id)
    step = None if app is None or app.confirmed_at is not None else _step_of(app, code, now)
    if app is None or step is None:
        return False
    # Guarded: what counts from now on is the secret of which the code was typed, not one that another tab made meanwhile.
    same = update(AuthenticatorApp).where(
        AuthenticatorApp.person_id == actor.person_id, AuthenticatorApp.secret == app.secret, AuthenticatorApp.confirmed_at.is_(None),
    )
    if not rows_changed(session, same.values(confirmed_at=now, last_step=step)):
        return False
    mark_twofold(session, actor=actor, now=now)
    way_in_changed(session, "app-added", actor=actor, now=now)
    return True


def remove_app(session: Session, *, actor: Actor, now: datetime) -> None:
    """Take the authenticator app away; one that did not count yet without a word. Raises LastFactor."""
    queries.hold(session, actor)
    gone = session.execute(
        delete(AuthenticatorApp).where(AuthenticatorApp.person_id == actor.person_id).returning(AuthenticatorApp.confirmed_at),
    ).one_or_none()
    if gone is not None and gone[0] is not None:
        let_factor_go(session, actor=actor)
        way_in_changed(session, "app-removed", actor=actor, now=now)


def present_code(session: Session, *, actor: Actor, now: datetime) -> str:
    """Return the present code of the actor's app, for the demo; "" without one."""
    app = session.get(AuthenticatorApp, actor.person_id)
    secret = None if app is None or app.confirmed_at is None else sealing.opened(app.secret, of=actor.person_id)
    return "" if secret is None else pyotp.TOTP(secret).generate_otp(_present_step(now))


def make_recovery_codes(session: Session, *, actor: Actor, now: datetime) -> list[str]:
    """Return new codes (`7k3m-x0pq-9rst`), to be shown once; those from before work no more. Raises NoSecondFactor."""
    queries.hold(session, actor)  # of two requests at once, the codes of the second are the ones that work
    if not _has_factor(session, actor.person_id):
        raise NoSecondFactor
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.person_id))
    codes = ["-".join(_group() for _ in range(_GROUPS)) for _ in range(rules.RECOVERY_CODES)]
    session.add_all(RecoveryCode(id=new_id(), person_id=actor.person_id, code_hash=_hash(actor.person_id, code)) for code in codes)
    way_in_changed(session, "recovery-codes-made", actor=actor, now=now)
    return codes


def still_working(session: Session, codes: Iterable[str], *, actor: Actor) -> list[str]:
    """Return which of these are recovery codes of the actor that were not used yet."""
    return [code for code in codes if _recovery_code(session, actor.person_id, code) is not None]


def give_second_proof(session: Session, *, actor: Actor, code: str, now: datetime) -> bool:
    """Finish the sign-in with a code of the app, or with a recovery code; each works once. Count the attempt before calling this."""
    bare = rules.bare_code(code)
    if _use_app_code(session, actor.person_id, bare, now):
        mark_twofold(session, actor=actor, now=now)
        return True
    used = _recovery_code(session, actor.person_id, bare)
    once = update(RecoveryCode).where(RecoveryCode.id == used, RecoveryCode.used_at.is_(None)).values(used_at=now)
    if used is None or not rows_changed(session, once):
        return False
    mark_twofold(session, actor=actor, now=now)
    way_in_changed(session, "recovery-code-used", actor=actor, about="recovery-code", about_id=used, now=now)
    return True


def mark_twofold(session: Session, *, actor: Actor, now: datetime) -> None:
    """Note that a second proof was given in this session."""
    session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id, SignIn.second_factor_at.is_(None)).values(second_factor_at=now))
    forget_attempts(session, what=SECOND_STEP, who=actor.person_id.hex)


def let_factor_go(session: Session, *, actor: Actor) -> None:
    """Settle what a removed factor leaves: with the last one go the recovery codes.

    Raises LastFactor when a role asks for one; what was removed comes back with the transaction.
    """
    if _has_factor(session, actor.person_id):
        return
    if queries.must_have_factor(session, actor):
        raise LastFactor
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.person_id))


def _has_factor(session: Session, person_id: UUID) -> bool:
    app = select(AuthenticatorApp.person_id).where(AuthenticatorApp.person_id == person_id, AuthenticatorApp.confirmed_at.is_not(None))
    passkey = select(Passkey.person_id).where(Passkey.person_id == person_id)
    return session.scalar(select(app.exists() | passkey.exists())) or False


def _use_app_code(session: Session, person_id: UUID, code: str, now: datetime) -> bool:
    app = session.get(AuthenticatorApp, person_id)
    step = None if app is None or app.confirmed_at is None else _step_of(app, code, now)
    if app is None or step is None:
        return False
    # Guarded: of two requests with the same code, and after it with an older one, only the first is let in; and of an app that took the
    # place of this one meanwhile the secret stays.
    newer = update(AuthenticatorApp).where(
        AuthenticatorApp.person_id == person_id, AuthenticatorApp.confirmed_at == app.confirmed_at, AuthenticatorApp.last_step < step,
    )
    # Sealed anew with the key of now, so that a former key can be dropped once its people have been here.
    return rows_changed(session, newer.values(last_step=step, secret=sealing.resealed(app.secret, of=person_id))) == 1


def _step_of(app: AuthenticatorApp, code: str, now: datetime) -> int | None:
    """Return the half minute of which `code` is the code, out of this one and its neighbours."""
    secret = sealing.opened(app.secret, of=app.person_id)
    if secret is None:
        return None
    totp, present = pyotp.TOTP(secret), _present_step(now)
    matching = [
        step for step in range(present - _DRIFT, present + _DRIFT + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), rules.bare_code(code).encode())
    ]
    return max(matching, default=None)


def _present_step(now: datetime) -> int:
    return int(now.timestamp()) // _STEP_SECONDS


def _recovery_code(session: Session, person_id: UUID, code: str) -> UUID | None:
    """Return the id of an unused code; every one is compared, so the time says nothing."""
    asked = _hash(person_id, code)
    unused = select(RecoveryCode.id, RecoveryCode.code_hash).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    found = [row.id for row in session.execute(unused).all() if hmac.compare_digest(row.code_hash, asked)]
    return found[0] if found else None


def _hash(person_id: UUID, code: str) -> str:
    return hashlib.sha256(person_id.bytes + rules.bare_code(code).encode()).hexdigest()


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_GROUP))
