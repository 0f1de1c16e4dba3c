"""Reads about passkeys, authenticator apps and recovery codes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.models import AuthenticatorApp, Membership, Passkey, Person, RecoveryCode, Role
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


def hold(session: Session, actor: Actor) -> None:
    """Wait for one's turn to change how the actor gets in, until the transaction ends. Raises NotFound when the account was erased meanwhile.

    Weaker than FOR UPDATE: who writes a row that points to the person, with the end of the trail in hand, need not wait for us.
    """
    there = select(Person.id).where(Person.id == actor.person_id, Person.erased_at.is_(None)).with_for_update(key_share=True)
    if session.scalars(there).one_or_none() is None:
        raise NotFound


def must_have_factor(session: Session, actor: Actor) -> bool:
    """Tell whether a role of the actor asks for a second proof."""
    roles = [Role(role) for role in sorted(rules.ROLES_WITH_SECOND_STEP)]
    asking = select(Membership.id).where(Membership.person_id == actor.person_id, Membership.role.in_(roles))
    return session.scalar(select(asking.exists())) or False


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
