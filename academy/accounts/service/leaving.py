"""What accounts keep of a person: reading all of it, and what goes or stays when the person leaves."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from academy.accounts import rules
from academy.accounts.models import (
    Approval,
    AuthenticatorApp,
    Challenge,
    Consent,
    Identity,
    Invitation,
    Membership,
    Organisation,
    Passkey,
    Person,
    RecoveryCode,
    Role,
    SignIn,
    SignInLink,
    TrailEntry,
)
from academy.accounts.personal import Goes, Leaving, Obstacle, PersonalData, Stays, plain_rows
from academy.accounts.queries.trail import numbers_concerning
from academy.accounts.service.keeping import INVITATIONS_KEPT
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Base
from academy.kernel.errors import Link
from academy.kernel.translation import _

TABLES: Final = frozenset({
    "approval", "authenticator_app", "challenge", "consent", "erasure", "identity", "invitation", "membership", "passkey", "person",
    "recovery_code", "sign_in", "sign_in_link", "trail_entry",
})


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    person = session.get_one(Person, person_id)
    at = Organisation.name.label("organisation")
    of = {
        "identities": select(Identity.issuer, Identity.subject, Identity.email, Identity.linked_at, Identity.used_at)
        .where(Identity.person_id == person_id),
        "passkeys": select(Passkey.name, Passkey.created_at, Passkey.used_at).where(Passkey.person_id == person_id),
        "authenticator_app": select(AuthenticatorApp.confirmed_at).where(AuthenticatorApp.person_id == person_id),
        "recovery_codes": select(RecoveryCode.used_at).where(RecoveryCode.person_id == person_id),
        "sign_ins": select(SignIn.device, SignIn.method, SignIn.started_at, SignIn.expires_at, SignIn.ended_at)
        .where(SignIn.person_id == person_id).order_by(SignIn.started_at),
        "sign_in_links": select(SignInLink.kind, SignInLink.name, SignInLink.created_at, SignInLink.used_at)
        .where(SignInLink.email == person.email).order_by(SignInLink.created_at),
        "memberships": select(at, Membership.role).join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id),
        "invitations": _invitations(at, Invitation.email == person.email),
        "invitations_sent": _invitations(at, Invitation.invited_by == person_id),
        "consents": select(at, Consent.purpose, Consent.given_at, Consent.withdrawn_at)
        .join(Organisation, Organisation.id == Consent.organisation_id).where(Consent.person_id == person_id).order_by(Consent.given_at),
        "approvals": select(Approval.name, Approval.email, Approval.state, Approval.asked_at, Approval.answered_at)
        .where(Approval.person_id == person_id).order_by(Approval.asked_at),
        "approvals_asked_of_me": select(Approval.name, Approval.email, Approval.state, Approval.asked_at, Approval.answered_at)
        .where(Approval.email == person.email).order_by(Approval.asked_at),
        "trail": select(
            TrailEntry.number, TrailEntry.at, TrailEntry.act, TrailEntry.about, TrailEntry.about_id, TrailEntry.organisation_id, TrailEntry.details,
        )
        .where(or_(TrailEntry.number.in_(numbers_concerning(person_id)), TrailEntry.actor_id == person_id)).order_by(TrailEntry.number),
    }
    return {
        "person": {
            "id": str(person.id), "email": person.email, "name": person.name, "validated_name": person.validated_name,
            "language": person.language, "is_minor": person.is_minor, "has_password": person.password_hash is not None,
            "created_at": person.created_at.isoformat(),
        },
        **{name: plain_rows(session, rows) for name, rows in of.items()},
    }


def _invitations(at: ColumnElement[str], which: ColumnElement[bool]) -> Executable:
    return (
        select(at, Invitation.email, Invitation.role, Invitation.created_at, Invitation.expires_at, Invitation.accepted_at, Invitation.withdrawn_at)
        .join(Organisation, Organisation.id == Invitation.organisation_id).where(which).order_by(Invitation.created_at)
    )


def _in_trail(person_id: UUID) -> ColumnElement[bool]:
    return or_(TrailEntry.person_id == person_id, TrailEntry.actor_id == person_id)


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:  # noqa: ARG001 - what every room takes
    person = session.get_one(Person, person_id)
    asked_of_me = Approval.email == person.email
    mine: tuple[tuple[str, tuple[tuple[type[Base], ColumnElement[bool]], ...]], ...] = (
        (_("waar en hoe je inlogde"), (
            (SignIn, SignIn.person_id == person_id), (SignInLink, SignInLink.email == person.email), (Challenge, Challenge.person_id == person_id),
        )),
        (_("je toegangssleutels, app met codes en herstelcodes"), (
            (Passkey, Passkey.person_id == person_id), (AuthenticatorApp, AuthenticatorApp.person_id == person_id),
            (RecoveryCode, RecoveryCode.person_id == person_id),
        )),
        (_("je koppelingen met eduID of je school"), ((Identity, Identity.person_id == person_id),)),
        (_("je rollen bij organisaties"), ((Membership, Membership.person_id == person_id),)),
        (_("uitnodigingen aan jouw adres"), ((Invitation, Invitation.email == person.email),)),
        (_("wat je anderen toestond te zien"), ((Consent, Consent.person_id == person_id),)),
        (_("de toestemming van je ouder, voogd of decaan"), ((Approval, Approval.person_id == person_id),)),
    )
    return Leaving(
        goes=(
            Goes(_("je naam, je e-mailadres en je wachtwoord"), 1, ()),  # `erase` empties the row itself: others point to it
            *(
                Goes(what, sum(_count(session, *rows) for rows in tables), tuple(delete(table).where(which) for table, which in tables))
                for what, tables in mine
            ),
            Goes(_("je naam en adres bij wie jou om toestemming vroeg"), _count(session, Approval, asked_of_me), (
                update(Approval).where(asked_of_me).values(name="", email=rules.address_of_nobody(person_id)),  # what was answered stays the minor's
            )),
        ),
        stays=tuple(_stays(session, person_id)),
        obstacles=tuple(
            Obstacle(
                _("Je bent de enige eigenaar van %(organisation)s. Draag die eerst over aan een collega, of sluit de organisatie.", organisation=name),
                Link(_("Naar de organisatie"), "organisations.organisation", {"slug": slug}),
            )
            for slug, name in _owned_alone(session, person_id)
        ),
    )


def _stays(session: Session, person_id: UUID) -> Iterator[Stays]:
    yield Stays(
        _("het logboek van besluiten en rechten"),
        _("Zo is later na te gaan wie wat besloot. Er staan alleen nummers in, geen namen. Zonder die regels klopt het logboek niet meer."),
        None, 1 + _count(session, TrailEntry, _in_trail(person_id)),  # leaving is an entry too
    )
    sent = session.scalars(select(Invitation.expires_at).where(Invitation.invited_by == person_id)).all()
    if sent:
        yield Stays(
            _("uitnodigingen die jij verstuurde"), _("Ze horen bij de organisatie. Jouw naam staat er niet meer bij."),
            amsterdam_day(max(sent) + INVITATIONS_KEPT), len(sent),
        )
    yield Stays(
        _("dat er een account was en wanneer je het verwijderde"),
        _("Zo kunnen we laten zien dat we je verzoek hebben uitgevoerd (AVG, artikel 5, lid 2). Je naam en adres staan er niet bij."), None, 1,
    )


def _count(session: Session, table: type[Base], which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(which)) or 0


def _owned_alone(session: Session, person_id: UUID) -> list[tuple[str, str]]:
    other = aliased(Membership)
    shared = exists().where(
        other.organisation_id == Membership.organisation_id, other.role == Role.OWNER, other.person_id != person_id,
    )
    rows = session.execute(
        select(Organisation.slug, Organisation.name).join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.role == Role.OWNER, Organisation.closed_at.is_(None), ~shared)
        .order_by(Organisation.name),
    )
    return [(slug, name) for slug, name in rows]


HELD: Final = PersonalData("accounts", TABLES, _read, _leaving)
