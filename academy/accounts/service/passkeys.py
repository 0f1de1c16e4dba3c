"""Use cases of passkeys (WebAuthn Level 3); the only file that speaks it.

A passkey is checked between two transactions: taking the challenge is kept whatever the answer, so nothing signed works twice.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import webauthn
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from academy.accounts import rules
from academy.accounts.errors import PasskeyRefused, TooManyPasskeys
from academy.accounts.models import Challenge, Passkey
from academy.accounts.queries import Actor
from academy.accounts.queries.factors import hold
from academy.accounts.rules import RelyingParty
from academy.accounts.service.factors import let_factor_go, mark_twofold
from academy.accounts.service.ways_in import way_in_changed
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.text import SITE_NAME

_MINUTES = int(rules.CHALLENGE_LIFETIME.total_seconds() * 1000)  # as WebAuthn counts: milliseconds


@dataclass(frozen=True)
class Question:
    """What is asked of the browser: `options` is the JSON that `navigator.credentials` wants, once decoded."""

    challenge_id: UUID
    options: str


@dataclass(frozen=True)
class NewKey:
    """The public half of a key pair that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class KnownKey:
    """A passkey as we have it."""

    id: UUID
    person_id: UUID
    public_key: bytes
    sign_count: int


def ask_for_new(session: Session, *, actor: Actor, party: RelyingParty, now: datetime) -> Question:
    """Ask the browser for a new passkey, not one that it has already. Raises TooManyPasskeys."""
    there = _descriptors(session, actor.person_id)
    if len(there) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeys
    options = webauthn.generate_registration_options(
        rp_id=party.id, rp_name=SITE_NAME, user_name=actor.email, user_id=actor.person_id.bytes, user_display_name=actor.name,
        timeout=_MINUTES, exclude_credentials=there,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    challenge_id = _keep_challenge(session, options.challenge, person_id=actor.person_id, now=now)
    return Question(challenge_id, webauthn.options_to_json(options))


def ask_for_known(session: Session, *, actor: Actor | None, party: RelyingParty, now: datetime) -> Question:
    """Ask the browser for a passkey of the actor; without one for any passkey of ours, so that nobody need say who they are."""
    person_id = None if actor is None else actor.person_id
    options = webauthn.generate_authentication_options(
        rp_id=party.id, timeout=_MINUTES, user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=None if person_id is None else _descriptors(session, person_id),
    )
    return Question(_keep_challenge(session, options.challenge, person_id=person_id, now=now), webauthn.options_to_json(options))


def _descriptors(session: Session, person_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    ids = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id).order_by(Passkey.id))
    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in ids]


def _keep_challenge(session: Session, nonce: bytes, *, person_id: UUID | None, now: datetime) -> UUID:
    challenge = Challenge(id=new_id(), person_id=person_id, nonce=nonce, expires_at=now + rules.CHALLENGE_LIFETIME)
    session.add(challenge)
    session.flush()
    return challenge.id


def take_challenge(session: Session, challenge_id: str, *, actor: Actor | None, now: datetime) -> bytes:
    """Return what had to be signed, once. Raises PasskeyRefused when it is used, too old, or somebody else's."""
    try:
        asked = UUID(hex=challenge_id)
    except ValueError as error:
        raise PasskeyRefused from error
    whose = Challenge.person_id.is_(None) if actor is None else Challenge.person_id == actor.person_id
    taking = delete(Challenge).where(Challenge.id == asked, Challenge.expires_at > now, whose).returning(Challenge.nonce)
    nonce = session.scalars(taking).one_or_none()
    if nonce is None:
        raise PasskeyRefused
    return nonce


def checked_new(credential: str, *, nonce: bytes, party: RelyingParty) -> NewKey:
    """Return the key that the browser made for this question. Raises PasskeyRefused."""
    try:
        found = webauthn.verify_registration_response(
            credential=credential, expected_challenge=nonce, expected_rp_id=party.id, expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def known_key(session: Session, credential: str) -> KnownKey:
    """Return the passkey that the browser says it used. Raises PasskeyRefused."""
    try:
        said = parse_authentication_credential_json(credential)
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error
    key = session.scalars(select(Passkey).where(Passkey.credential_id == said.raw_id)).one_or_none()
    if key is None or said.response.user_handle not in {None, key.person_id.bytes}:
        raise PasskeyRefused
    return KnownKey(key.id, key.person_id, key.public_key, key.sign_count)


def checked_count(credential: str, key: KnownKey, *, nonce: bytes, party: RelyingParty) -> int:
    """Return the new count of a passkey that signed this question, by someone whom the device knows. Raises PasskeyRefused."""
    try:
        found = webauthn.verify_authentication_response(
            credential=credential, expected_challenge=nonce, expected_rp_id=party.id, expected_origin=party.origin,
            credential_public_key=key.public_key, credential_current_sign_count=key.sign_count, require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error
    return found.new_sign_count


def use_passkey(session: Session, key: KnownKey, *, count: int, now: datetime) -> None:
    """Note that a passkey was used. Raises PasskeyRefused when it was used or removed in the meantime."""
    same = update(Passkey).where(Passkey.id == key.id, Passkey.sign_count == key.sign_count)
    if not rows_changed(session, same.values(sign_count=count, used_at=now)):
        raise PasskeyRefused


def add_passkey(session: Session, key: NewKey, *, actor: Actor, name: str, now: datetime) -> UUID:
    """Let the actor sign in with a new passkey; making it was the second proof of this session too. Raises PasskeyRefused, TooManyPasskeys."""
    hold(session, actor)
    number = session.scalar(select(func.count()).select_from(Passkey).where(Passkey.person_id == actor.person_id))
    if (number or 0) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeys
    passkey_id = session.scalars(
        insert_for(session, Passkey)
        .values(
            id=new_id(), person_id=actor.person_id, credential_id=key.credential_id, public_key=key.public_key, sign_count=key.sign_count,
            name=rules.clean_name(name), created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Passkey.id),
    ).one_or_none()
    if passkey_id is None:
        raise PasskeyRefused
    mark_twofold(session, actor=actor, now=now)
    way_in_changed(session, "passkey-added", actor=actor, about="passkey", about_id=passkey_id, now=now)
    return passkey_id


def rename_passkey(session: Session, *, actor: Actor, passkey_id: UUID, name: str) -> None:
    """Raises NotFound."""
    mine = update(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.person_id)
    if not rows_changed(session, mine.values(name=rules.clean_name(name))):
        raise NotFound


def remove_passkey(session: Session, *, actor: Actor, passkey_id: UUID, now: datetime) -> None:
    """Let a passkey sign in no more. Raises NotFound, LastFactor."""
    hold(session, actor)
    if not rows_changed(session, delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.person_id)):
        raise NotFound
    let_factor_go(session, actor=actor)
    way_in_changed(session, "passkey-removed", actor=actor, about="passkey", about_id=passkey_id, now=now)
