"""Reads of organisations: each function that takes an actor loads and checks; to a stranger there is nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, exists, or_, select
from sqlalchemy.orm import Session

from academy.accounts import policy, rules
from academy.accounts.errors import InvitationNotValid
from academy.accounts.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    SignIn,
    SizeClass,
)
from academy.accounts.queries.people import Actor, PersonFacts
from academy.kernel.errors import NotFound


@dataclass(frozen=True)
class OrganisationFacts:
    id: UUID
    slug: str
    name: str
    kind: OrganisationKind
    country: str
    kvk_number: str
    vat_id: str
    size_class: SizeClass | None
    sector: str


@dataclass(frozen=True)
class Standing:
    """An organisation as one of its members sees it, with that member's roles."""

    organisation: OrganisationFacts
    roles: frozenset[Role]

    @property
    def rights(self) -> policy.Rights:
        return policy.rights_with(self.roles)


@dataclass(frozen=True)
class MemberFacts:
    person_id: UUID
    name: str
    email: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class InvitationFacts:
    id: UUID
    organisation_id: UUID
    organisation_slug: str
    organisation_name: str
    email: str
    role: Role
    language: str
    created_at: datetime
    expires_at: datetime


def hold(session: Session, slug: str) -> None:
    """Wait for one's turn to change who acts for an organisation, until the transaction ends: PostgreSQL holds the row, SQLite has one writer."""
    session.execute(select(Organisation.id).where(Organisation.slug == slug).with_for_update())


def standing(session: Session, actor: Actor, slug: str, *, be_held: bool = False) -> Standing:
    """Return an organisation for who acts for it, after waiting for one's turn when it must `be_held`.

    Raises NotFound, also when it was closed.
    """
    if be_held:
        hold(session, slug)
    rows = session.execute(
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.slug == slug, Organisation.closed_at.is_(None), Membership.person_id == actor.person_id),
    ).all()
    if not rows:
        raise NotFound
    return Standing(_facts(rows[0][0]), frozenset(role for _row, role in rows))


def standing_of_owner(session: Session, actor: Actor, slug: str, *, be_held: bool = False) -> Standing:
    """Return an organisation for who keeps it. Raises NotFound."""
    found = standing(session, actor, slug, be_held=be_held)
    if not found.rights.keep:
        raise NotFound
    return found


def acting_for(session: Session, actor: Actor) -> UUID | None:
    """Return for which organisation the actor acts in this session; None is for nobody but oneself."""
    return session.scalars(select(SignIn.acting_for).where(SignIn.id == actor.sign_in_id)).one_or_none()


def members(session: Session, organisation_id: UUID) -> list[MemberFacts]:
    """Return who acts for an organisation, by name, each with the widest role first; for owners, because it has addresses."""
    order = list(Role)
    rows = session.execute(
        select(Person.id, Person.name, Person.email, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id),
    )
    found: dict[UUID, MemberFacts] = {}
    for person_id, name, email, role in rows:
        roles = (*found[person_id].roles, role) if person_id in found else (role,)
        found[person_id] = MemberFacts(person_id, name, email, tuple(sorted(roles, key=order.index)))
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.email))


def people_in_role(session: Session, *roles: Role, organisation_id: UUID | None = None) -> list[PersonFacts]:
    """Return who has one of these roles, at one organisation or anywhere, to be written to."""
    there = select(Membership.person_id).where(Membership.role.in_(roles))
    if organisation_id is not None:
        there = there.where(Membership.organisation_id == organisation_id)
    rows = session.scalars(select(Person).where(Person.id.in_(there)).order_by(Person.id))
    return [PersonFacts(row.id, row.name, row.email, row.language) for row in rows]


def member(session: Session, there: Standing, person_id: UUID) -> MemberFacts:
    """Return one who acts for an organisation. Raises NotFound."""
    found = next((one for one in members(session, there.organisation.id) if one.person_id == person_id), None)
    if found is None:
        raise NotFound
    return found


def open_invitations(session: Session, organisation_id: UUID) -> list[InvitationFacts]:
    """Return the invitations that were neither accepted nor taken back, newest first; those that expired too."""
    rows = session.execute(
        _invitations().where(Invitation.organisation_id == organisation_id).order_by(Invitation.created_at.desc(), Invitation.id.desc()),
    )
    return [_invitation_facts(row) for row in rows]


def valid_invitation(session: Session, invitation_id: UUID | None, *, now: datetime) -> InvitationFacts:
    """Return an invitation that can still be accepted. Raises InvitationNotValid."""
    row = session.execute(
        _invitations().where(Invitation.id == invitation_id, Invitation.expires_at > now, Organisation.closed_at.is_(None)),
    ).one_or_none()
    if row is None:
        raise InvitationNotValid
    return _invitation_facts(row)


def invitation_for_letter(session: Session, invitation_id: UUID, *, now: datetime) -> InvitationFacts | None:
    """Return the invitation to write in a letter; None when a letter about it has no sense any more."""
    try:
        return valid_invitation(session, invitation_id, now=now)
    except InvitationNotValid:
        return None


def organisation(session: Session, organisation_id: UUID) -> OrganisationFacts:
    """Return an organisation by id, for a letter; a closed one too. Raises NotFound."""
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound
    return _facts(row)


def organisation_with_slug(session: Session, slug: str) -> OrganisationFacts | None:
    """Return an organisation by the name in its addresses; None where there is none, also when it was closed. The caller checks who reads."""
    row = session.scalar(select(Organisation).where(Organisation.slug == slug, Organisation.closed_at.is_(None)))
    return _facts(row) if row else None


def organisation_names(session: Session, organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of organisations by id, closed ones too."""
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(organisation_ids))))
    return dict(rows.all())


def organisation_with_kvk(session: Session, typed: str) -> OrganisationFacts | None:
    """Return the organisation with this number of the Dutch trade register, however it is typed; None where it is not here."""
    number = rules.kvk_number(typed)
    row = session.scalar(select(Organisation).where(Organisation.kvk_number == number)) if number else None
    return _facts(row) if row else None


def is_taken(session: Session, *, kvk_number: str, vat_id: str, but: UUID | None = None) -> bool:
    """Tell whether another organisation, one other than `but`, has this number; nothing else of it is told."""
    asked = [column == number for column, number in ((Organisation.kvk_number, kvk_number), (Organisation.vat_id, vat_id)) if number]
    others = [Organisation.id != but] if but else []
    return bool(asked) and bool(session.scalar(select(exists().where(or_(*asked), *others))))


def _invitations() -> Select[Invitation, str, str]:
    return (
        select(Invitation, Organisation.slug, Organisation.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    )


def _invitation_facts(found: Row[Invitation, str, str]) -> InvitationFacts:
    row, slug, name = found
    return InvitationFacts(
        row.id, row.organisation_id, slug, name, row.email, row.role, row.language, row.created_at, row.expires_at,
    )


def _facts(row: Organisation) -> OrganisationFacts:
    return OrganisationFacts(
        row.id, row.slug, row.name, row.kind, row.country, row.kvk_number, row.vat_id, row.size_class, row.sector,
    )
