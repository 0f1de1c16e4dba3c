"""Reads about passkeys, authenticator apps and recovery codes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.models import AuthenticatorApp, Passkey, RecoveryCode
from academy.accounts.queries.people import Actor
from academy.kernel.errors import NotFound


@dataclass(frozen=True)
class PasskeyFacts:
    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """By what someone can prove who they are, beside the first proof; `app_since` is None without an app that counts."""

    passkeys: list[PasskeyFacts]
    app_since: datetime | None
    recovery_codes_left: int


def factors_of(session: Session, actor: Actor) -> Factors:
    """Return the actor's own factors, passkeys oldest first."""
    passkeys = session.scalars(select(Passkey).where(Passkey.person_id == actor.person_id).order_by(Passkey.id))
    since = select(AuthenticatorApp.confirmed_at).where(AuthenticatorApp.person_id == actor.person_id)
    unused = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == actor.person_id, RecoveryCode.used_at.is_(None))
    return Factors([_passkey_facts(row) for row in passkeys], session.scalar(since), session.scalar(unused) or 0)


def passkey_of(session: Session, actor: Actor, passkey_id: UUID) -> PasskeyFacts:
    """Return one passkey of the actor. Raises NotFound."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound
    return _passkey_facts(row)


def _passkey_facts(row: Passkey) -> PasskeyFacts:
    return PasskeyFacts(row.id, row.name, row.created_at, row.used_at)
