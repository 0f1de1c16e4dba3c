"""Reads about what people allow, and about who left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.models import (
    Consent,
    Erasure,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Purpose,
    SignIn,
)
from academy.kernel.errors import NotFound


@dataclass(frozen=True)
class LinkedOrganisation:
    """An organisation that someone acts for, or that may see something of them; `allowed` says since when."""

    id: UUID
    name: str
    kind: OrganisationKind
    allowed: dict[Purpose, datetime]


def linked_organisations(session: Session, person_id: UUID) -> list[LinkedOrganisation]:
    """Return the organisations that a person is linked to, by name, with what each may see of the person."""
    acts_for = exists().where(Membership.organisation_id == Organisation.id, Membership.person_id == person_id)
    given = select(Consent).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    consents = session.scalars(given).all()
    rows = session.scalars(
        select(Organisation)
        .where((acts_for & Organisation.closed_at.is_(None)) | Organisation.id.in_([one.organisation_id for one in consents]))
        .order_by(Organisation.name, Organisation.id),
    )
    return [
        LinkedOrganisation(
            row.id, row.name, row.kind, {one.purpose: one.given_at for one in consents if one.organisation_id == row.id},
        )
        for row in rows
    ]


def may_see(session: Session, *, organisation_id: UUID, person_id: UUID, purpose: Purpose) -> bool:
    """Tell whether the person lets the organisation see this, now."""
    return session.scalar(select(_live(purpose, organisation_id=organisation_id).where(Consent.person_id == person_id).exists())) or False


def who_allow(session: Session, *, organisation_id: UUID, person_ids: Iterable[UUID], purpose: Purpose) -> set[UUID]:
    """Return which of these people let the organisation see this, now: one question for a whole list."""
    return set(session.scalars(_live(purpose, organisation_id=organisation_id).where(Consent.person_id.in_(list(person_ids)))))


def _live(purpose: Purpose, *, organisation_id: UUID) -> Select[UUID]:
    return select(Consent.person_id).where(
        Consent.organisation_id == organisation_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None),
    )


def signed_in_since(session: Session, sign_in_id: UUID, *, moment: datetime) -> bool:
    """Tell whether this sign-in began, or got its second proof, at `moment` or later."""
    row = session.get(SignIn, sign_in_id)
    return row is not None and max(row.started_at, row.second_factor_at or row.started_at) >= moment


@dataclass(frozen=True)
class ErasureFacts:
    """When someone left, and what stayed, in the words that they read."""

    erased_at: datetime
    kept: list[dict[str, Any]]


def erasure(session: Session, person_id: UUID) -> ErasureFacts:
    """Return what stayed of who left. Raises NotFound, also for who has not left."""
    row = session.get(Erasure, person_id)
    if row is None:
        raise NotFound
    return ErasureFacts(row.erased_at, row.kept)


def people_who_left() -> Select[UUID]:
    """Return the question for the ids of everyone who left, to be asked within another."""
    return select(Person.id).where(Person.erased_at.is_not(None))


def ends_unused_on(session: Session, person_id: UUID) -> date | None:
    """Return the day on which an account that nobody uses is erased, for the letter; None when its owner came back or left."""
    warned_on = session.scalar(select(Person.warned_on).where(Person.id == person_id, Person.erased_at.is_(None)))
    return None if warned_on is None else warned_on + rules.TO_COME_BACK
