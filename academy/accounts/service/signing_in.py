"""Use cases of accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import passwords, rules
from academy.accounts.errors import LinkNotValid
from academy.accounts.events import SignInLinkRequested
from academy.accounts.models import (
    LinkKind,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    SignIn,
    SignInLink,
    SignInMethod,
)
from academy.accounts.queries import Actor
from academy.accounts.queries.factors import hold
from academy.accounts.service.ways_in import way_in_changed
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.kernel.text import Language


def request_link(
    session: Session, *, email: str, name: str, sign_up: bool, next_path: str, language: Language, now: datetime,
) -> None:
    """Have a letter with a link sent to `email`, whether or not it has an account: the visitor sees no difference."""
    known = session.scalars(select(Person.id).where(Person.email == email)).one_or_none() is not None
    kind = (LinkKind.ACCOUNT_EXISTS if sign_up else LinkKind.SIGN_IN) if known else LinkKind.WELCOME
    link = SignInLink(
        id=new_id(), kind=kind, email=email, name=rules.clean_name(name), language=language, next_path=next_path,
        created_at=now, expires_at=now + rules.LINK_LIFETIME,
    )
    session.add(link)
    session.flush()
    announce(session, SignInLinkRequested(link.id))


def use_link(session: Session, *, link_id: UUID | None, name: str, device: str, now: datetime) -> SignIn:
    """Sign in by a link, once; makes the account where there is none. Raises LinkNotValid."""
    used = session.scalars(
        update(SignInLink)
        .where(SignInLink.id == link_id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink),
    ).one_or_none()
    if used is None:
        raise LinkNotValid
    person_id = session.scalars(select(Person.id).where(Person.email == used.email)).one_or_none()
    if person_id is None:
        person_id = register_person(
            session, email=used.email, name=used.name or rules.clean_name(name), password=None,
            language="en" if used.language == "en" else "nl", now=now,
        )
    return start_sign_in(session, person_id=person_id, device=device, now=now)


def start_sign_in(
    session: Session, *, person_id: UUID, device: str, now: datetime, method: SignInMethod = SignInMethod.LINK, is_twofold: bool = False,
) -> SignIn:
    """Start a session on a device for a person who has just proven who they are; `is_twofold` when in two ways at once, as by a passkey."""
    sign_in = SignIn(
        id=new_id(), person_id=person_id, device=device, method=method, started_at=now, expires_at=now + rules.SIGN_IN_LIFETIME,
        second_factor_at=now if is_twofold else None, acting_for=_last_acting_for(session, person_id),
    )
    session.add(sign_in)
    session.execute(update(Person).where(Person.id == person_id).values(seen_on=amsterdam_day(now), warned_on=None))
    session.flush()
    return sign_in


def _last_acting_for(session: Session, person_id: UUID) -> UUID | None:
    """Return for which organisation a person acted last: most act for the same one every day."""
    last = select(SignIn.acting_for).where(SignIn.person_id == person_id).order_by(SignIn.started_at.desc(), SignIn.id.desc())
    return session.scalars(last.limit(1)).one_or_none()


def end_sign_in(session: Session, *, actor: Actor, now: datetime) -> None:
    """Sign out on this device."""
    session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(ended_at=now))


def end_all_sign_ins(session: Session, *, actor: Actor, now: datetime) -> None:
    """Sign out everywhere, this device too."""
    session.execute(
        update(SignIn).where(SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None)).values(ended_at=now),
    )


def end_other_sign_ins(session: Session, *, actor: Actor, now: datetime) -> None:
    """Sign out everywhere else."""
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == actor.person_id, SignIn.id != actor.sign_in_id, SignIn.ended_at.is_(None))
        .values(ended_at=now),
    )


def end_one_sign_in(session: Session, *, actor: Actor, sign_in_id: UUID, now: datetime) -> None:
    """Sign out on one device; one that has ended already stays as it is. Raises NotFound when it is not the actor's."""
    mine = session.scalars(select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.person_id)).one_or_none()
    if mine is None:
        raise NotFound
    mine.ended_at = mine.ended_at or now


def change_profile(session: Session, *, actor: Actor, name: str, language: Language) -> None:
    """Change the actor's own name and language."""
    session.execute(
        update(Person).where(Person.id == actor.person_id, Person.erased_at.is_(None)).values(name=rules.clean_name(name), language=language),
    )


def set_password(session: Session, *, actor: Actor, password_hash: str, now: datetime) -> None:
    """Give the actor a new password and sign out every other device."""
    hold(session, actor)
    session.execute(update(Person).where(Person.id == actor.person_id).values(password_hash=password_hash))
    end_other_sign_ins(session, actor=actor, now=now)
    way_in_changed(session, "password-set", actor=actor, now=now)


def register_person(
    session: Session, *, email: str, name: str, password: str | None, language: Language, now: datetime,
) -> UUID:
    """Create a person whose address is proven; an existing one with this address is returned as it is."""
    known = select(Person.id).where(Person.email == email)
    person_id = session.scalars(known).one_or_none()
    if person_id is not None:
        return person_id
    session.execute(
        insert_for(session, Person)
        .values(
            id=new_id(), email=email, name=name, language=language, created_at=now, seen_on=amsterdam_day(now),
            password_hash=None if password is None else passwords.hash_of(password),
        )
        .on_conflict_do_nothing(),  # two links of one address, used at once, make one account
    )
    return session.scalars(known).one()


def register_organisation(session: Session, *, slug: str, name: str, kind: OrganisationKind) -> UUID:
    """Create an organisation; an existing one with this slug gets the name and is returned."""
    organisation = session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()
    if organisation is None:
        organisation = Organisation(id=new_id(), slug=slug, kind=kind)
        session.add(organisation)
    organisation.name = name
    session.flush()
    return organisation.id


def add_membership(session: Session, *, person_id: UUID, organisation_id: UUID, role: Role) -> None:
    """Let a person act for an organisation in a role; repeating changes nothing."""
    there = session.scalars(
        select(Membership.id).where(
            Membership.person_id == person_id,
            Membership.organisation_id == organisation_id,
            Membership.role == role,
        ),
    ).one_or_none()
    if there is None:
        session.add(Membership(id=new_id(), person_id=person_id, organisation_id=organisation_id, role=role))
        session.flush()
