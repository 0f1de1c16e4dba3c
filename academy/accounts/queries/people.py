"""Reads of accounts; frozen facts come out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from academy.accounts import rules
from academy.accounts.errors import LinkNotValid
from academy.accounts.models import (
    AuthenticatorApp,
    LinkKind,
    Membership,
    OrganisationKind,
    Passkey,
    Person,
    Role,
    SignIn,
    SignInLink,
    SignInMethod,
)
from academy.accounts.rules import SecondStep
from academy.kernel.errors import NotFound


@dataclass(frozen=True)
class Actor:
    """The person behind a request, and whether they still have to prove in a second way who they are."""

    person_id: UUID
    sign_in_id: UUID
    name: str
    email: str
    language: str
    second_step: SecondStep = SecondStep.DONE


@dataclass(frozen=True)
class PersonFacts:
    id: UUID
    name: str
    email: str
    language: str


@dataclass(frozen=True)
class MembershipFacts:
    organisation_id: UUID
    organisation_slug: str
    organisation_name: str
    kind: OrganisationKind
    role: Role


@dataclass(frozen=True)
class SignInFacts:
    """One sign-in; `ended_at` is also told when it ended by itself. `proven_at`: when the last proof of who it is was given."""

    id: UUID
    device: str
    method: SignInMethod
    started_at: datetime
    ended_at: datetime | None
    proven_at: datetime


@dataclass(frozen=True)
class LinkFacts:
    """A link that is still valid; `needs_name` when it makes an account and no name is known yet."""

    id: UUID
    kind: LinkKind
    email: str
    name: str
    language: str
    next_path: str

    @property
    def needs_name(self) -> bool:
        return self.kind is LinkKind.WELCOME and not self.name


@dataclass(frozen=True)
class Credentials:
    person_id: UUID
    password_hash: str | None


_HAS_ROLE = (
    select(Membership.id)
    .where(Membership.person_id == SignIn.person_id, Membership.role.in_([Role(role) for role in sorted(rules.ROLES_WITH_SECOND_STEP)]))
    .exists()
)
_HAS_APP = (
    select(AuthenticatorApp.person_id)
    .where(AuthenticatorApp.person_id == SignIn.person_id, AuthenticatorApp.confirmed_at.is_not(None))
    .exists()
)
_HAS_PASSKEY = select(Passkey.id).where(Passkey.person_id == SignIn.person_id).exists()


# Asked for every page of who is signed in: put together once, because that costs more than running it.
_BEHIND = (
    select(
        SignIn.person_id, SignIn.id, Person.name, Person.email, Person.language, SignIn.second_factor_at.is_not(None),
        _HAS_ROLE, _HAS_APP, _HAS_PASSKEY,
    )
    .join(Person, Person.id == SignIn.person_id)
    # Who left is nobody, also by a sign-in that was under way at that moment.
    .where(SignIn.id == bindparam("sign_in_id"), SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("now"), Person.erased_at.is_(None))
)


def actor_of(session: Session, sign_in_id: UUID, *, now: datetime) -> Actor | None:
    """Return who is behind a sign-in that is neither ended nor expired, and what is still asked of them: one statement."""
    row = session.execute(_BEHIND, {"sign_in_id": sign_in_id, "now": now}).one_or_none()
    if row is None:
        return None
    is_given, has_role, has_app, has_passkey = row[5:]
    step = rules.second_step(is_given=is_given, has_role=has_role, has_app=has_app, has_passkey=has_passkey)
    return Actor(*row[:5], second_step=step)


def credentials_of(session: Session, email: str) -> Credentials | None:
    """Return what a password is checked against."""
    row = session.execute(select(Person.id, Person.password_hash).where(Person.email == email)).one_or_none()
    return None if row is None else Credentials(row[0], row[1])


def person(session: Session, person_id: UUID) -> PersonFacts:
    """Return a person. Raises NotFound."""
    row = session.get(Person, person_id)
    if row is None:
        raise NotFound
    return PersonFacts(row.id, row.name, row.email, row.language)


def people(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, PersonFacts]:
    """Return persons by id; who is not there is left out."""
    rows = session.scalars(select(Person).where(Person.id.in_(list(person_ids))))
    return {row.id: PersonFacts(row.id, row.name, row.email, row.language) for row in rows}


def memberships_of(session: Session, person_id: UUID) -> list[MembershipFacts]:
    """Return what organisations a person acts for, and how."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id),
    )
    return [
        MembershipFacts(row.organisation_id, row.organisation.slug, row.organisation.name, row.organisation.kind, row.role)
        for row in rows
    ]


def sign_ins_of(session: Session, actor: Actor, *, now: datetime) -> list[SignInFacts]:
    """Return the actor's live sign-ins, newest first."""
    return [found for found in sign_in_history(session, actor, now=now) if found.ended_at is None]


def sign_in_history(session: Session, actor: Actor, *, now: datetime) -> list[SignInFacts]:
    """Return the actor's live sign-ins and those that ended in the last 90 days, newest first."""
    ended_at = func.coalesce(SignIn.ended_at, SignIn.expires_at)
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.person_id == actor.person_id, ended_at > now - rules.KEEP_HISTORY)
        .order_by(SignIn.started_at.desc(), SignIn.id.desc()),
    )
    return [
        SignInFacts(
            row.id, row.device, row.method, row.started_at, row.ended_at or (row.expires_at if row.expires_at <= now else None),
            max(row.started_at, row.second_factor_at or row.started_at),
        )
        for row in rows
    ]


def valid_link(session: Session, link_id: UUID | None, *, now: datetime) -> LinkFacts:
    """Return a link that can still be used. Raises LinkNotValid."""
    row = None if link_id is None else session.get(SignInLink, link_id)
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise LinkNotValid
    return LinkFacts(row.id, row.kind, row.email, row.name, row.language, row.next_path)


def link_for_letter(session: Session, link_id: UUID, *, now: datetime) -> LinkFacts | None:
    """Return the link to write in a letter; None when a letter about it has no sense any more."""
    try:
        return valid_link(session, link_id, now=now)
    except LinkNotValid:
        return None
