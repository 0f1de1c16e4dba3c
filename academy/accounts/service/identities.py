"""Signing in by an identity at SURFconext or eduID, and linking one to an account. Who it is, is the issuer and subject: never the address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.gateway import (
    AccountExists,
    EmailNeeded,
    IdentityProvider,
    IdentityTaken,
    Proof,
    ValidatedNameNeeded,
)
from academy.accounts.models import Identity, Person, SignIn, SignInMethod
from academy.accounts.queries import Actor
from academy.accounts.queries import identities as queries
from academy.accounts.queries.factors import hold
from academy.accounts.service import trail
from academy.accounts.service.signing_in import start_sign_in
from academy.accounts.service.ways_in import way_in_changed
from academy.kernel.db import insert_for
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.text import Language

_LONGEST_NAME: Final = 120  # the column's width
_providers: dict[str, IdentityProvider] = {}


def set_providers(chosen: Iterable[IdentityProvider]) -> None:
    """Choose the identity providers of this process, once at start-up."""
    _providers.clear()
    _providers.update((provider.code, provider) for provider in chosen)


def providers() -> list[IdentityProvider]:
    return list(_providers.values())


def provider(code: str) -> IdentityProvider:
    """Return a provider by the word in the address. Raises NotFound."""
    found = _providers.get(code)
    if found is None:
        raise NotFound
    return found


def sign_in_by_identity(
    session: Session, *, at: IdentityProvider, proof: Proof, email: str, device: str, language: Language, now: datetime,
) -> SignIn:
    """Sign in whose identity this is; makes the account when nobody's it is and nobody has the address, which is "" or clean.

    Raises EmailNeeded without an address, and AccountExists with one that has an account: that is never linked by itself, for an address
    may have changed hands. Raises IdentityTaken when the identity is of an account that is closed.
    """
    person_id = _use(session, proof, now=now)
    identity_id = None
    if person_id is None:
        person_id = _register(session, at=at, proof=proof, email=email, language=language, now=now)
        identity_id = _attach(session, person_id, proof, email=email, now=now)
    sign_in = start_sign_in(
        session, person_id=person_id, device=device, now=now, method=SignInMethod.IDENTITY_PROVIDER, is_twofold=proof.is_twofold,
    )
    if identity_id is not None:
        trail.record(session, "identity-linked", actor_id=person_id, person_id=person_id, about="identity", about_id=identity_id, now=now)
    return sign_in


def recognise_identity(session: Session, *, actor: Actor, proof: Proof, now: datetime) -> bool:
    """Tell whether the identity is linked to the actor already, and note that it was used. Raises IdentityTaken when it is someone else's."""
    owner = queries.owner_of(session, proof.issuer, proof.subject)
    if owner is None:
        return False
    if owner != actor.person_id:
        raise IdentityTaken
    _use(session, proof, now=now)
    return True


def link_identity(session: Session, *, actor: Actor, proof: Proof, email: str, now: datetime) -> None:
    """Link an identity that the actor has just proven; repeating changes nothing. Raises IdentityTaken when it is someone else's, NotFound for who has just left."""
    hold(session, actor)
    if recognise_identity(session, actor=actor, proof=proof, now=now):
        return
    identity_id = _attach(session, actor.person_id, proof, email=email, now=now)
    way_in_changed(session, "identity-linked", actor=actor, about="identity", about_id=identity_id, now=now)


def unlink_identity(session: Session, *, actor: Actor, identity_id: UUID, now: datetime) -> None:
    """Let the actor no longer sign in by an identity of theirs; an e-mailed link stays as a way in. Raises NotFound.

    With the last identity at that issuer goes the name that it had checked.
    """
    mine = delete(Identity).where(Identity.id == identity_id, Identity.person_id == actor.person_id)
    issuer = session.scalars(mine.returning(Identity.issuer)).one_or_none()
    if issuer is None:
        raise NotFound
    if issuer not in {each.issuer for each in queries.identities_of(session, actor)}:
        session.execute(update(Person).where(Person.id == actor.person_id).values(validated_name=""))
    way_in_changed(session, "identity-unlinked", actor=actor, about="identity", about_id=identity_id, now=now)


def require_validated_name(session: Session, person_id: UUID, *, back: str = "") -> str:
    """Return the checked name of someone for whom a formal decision or credential is made.

    `back` is the path of the page where it was asked, to which the check leads back. Raises ValidatedNameNeeded.
    """
    name = queries.validated_name_of(session, person_id)
    if not name:
        checking = next((each for each in providers() if each.checks_names), None)
        raise ValidatedNameNeeded(checking.code if checking else "", checking.name if checking else "", back)
    return name


def _use(session: Session, proof: Proof, *, now: datetime) -> UUID | None:
    """Note that an identity was used, and what name it proves; return whose it is. Nothing else of the account changes."""
    alive = select(Person.id).where(Person.erased_at.is_(None))
    person_id = session.scalars(
        update(Identity)
        .where(Identity.issuer == proof.issuer, Identity.subject == proof.subject, Identity.person_id.in_(alive))
        .values(used_at=now)
        .returning(Identity.person_id),
    ).one_or_none()
    if person_id is not None:
        _keep_name(session, person_id, proof)
    return person_id


def _register(session: Session, *, at: IdentityProvider, proof: Proof, email: str, language: Language, now: datetime) -> UUID:
    if not email:
        raise EmailNeeded(at.code, at.name)
    name = _fitting(proof.name) or email.partition("@")[0][:_LONGEST_NAME]
    made = session.scalars(
        insert_for(session, Person)
        .values(id=new_id(), email=email, name=name, language=language, created_at=now)
        .on_conflict_do_nothing()
        .returning(Person.id),
    ).one_or_none()
    if made is None:
        raise AccountExists(at.code, at.name)
    return made


def _attach(session: Session, person_id: UUID, proof: Proof, *, email: str, now: datetime) -> UUID:
    made = session.scalars(
        insert_for(session, Identity)
        .values(id=new_id(), person_id=person_id, issuer=proof.issuer, subject=proof.subject, email=email, linked_at=now, used_at=now)
        .on_conflict_do_nothing()
        .returning(Identity.id),
    ).one_or_none()
    if made is None:  # of an account that is closed, or linked to another one this very moment
        raise IdentityTaken
    _keep_name(session, person_id, proof)
    return made


def _keep_name(session: Session, person_id: UUID, proof: Proof) -> None:
    if proof.validated_name:
        session.execute(update(Person).where(Person.id == person_id).values(validated_name=_fitting(proof.validated_name)))


def _fitting(name: str) -> str:
    return rules.clean_name(name)[:_LONGEST_NAME]
