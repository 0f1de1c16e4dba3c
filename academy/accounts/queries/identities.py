"""Reads about identities at SURFconext and eduID."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.models import Identity, Person
from academy.accounts.queries.people import Actor


@dataclass(frozen=True)
class IdentityFacts:
    """A linked identity; `email` is the address there at the moment of linking, "" when none was told."""

    id: UUID
    issuer: str
    email: str
    linked_at: datetime
    used_at: datetime


def identities_of(session: Session, actor: Actor) -> list[IdentityFacts]:
    """Return the actor's linked identities, the first linked first."""
    rows = session.scalars(select(Identity).where(Identity.person_id == actor.person_id).order_by(Identity.linked_at, Identity.id))
    return [IdentityFacts(row.id, row.issuer, row.email, row.linked_at, row.used_at) for row in rows]


def owner_of(session: Session, issuer: str, subject: str) -> UUID | None:
    """Return whose identity this is."""
    return session.scalars(select(Identity.person_id).where(Identity.issuer == issuer, Identity.subject == subject)).one_or_none()


def validated_name_of(session: Session, person_id: UUID) -> str:
    """Return the name as an identity provider has checked it, "" when none has."""
    return session.scalars(select(Person.validated_name).where(Person.id == person_id)).one_or_none() or ""
