"""Use cases of invitations: asking someone by e-mail to act for an organisation, and saying yes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import InvitationForSomeoneElse, InvitationNotValid
from academy.accounts.events import InvitationSent
from academy.accounts.models import Invitation, Role
from academy.accounts.queries import Actor, organisations
from academy.accounts.service import trail
from academy.accounts.service.organisations import act_for
from academy.accounts.service.signing_in import add_membership
from academy.kernel.db import rows_changed
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.kernel.text import Language


def invite(session: Session, *, actor: Actor, slug: str, email: str, role: Role, language: Language, now: datetime) -> None:
    """Have a letter sent that asks its reader to act for the organisation, whether or not there is an account. Raises NotFound."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    row = Invitation(
        id=new_id(), organisation_id=there.organisation.id, email=email, role=role, language=language, invited_by=actor.person_id,
        created_at=now, expires_at=now + rules.INVITATION_LIFETIME,
    )
    session.add(row)
    session.flush()
    announce(session, InvitationSent(row.id))
    _tell_sent(session, row.id, actor=actor, organisation_id=there.organisation.id, now=now)


def send_again(session: Session, *, actor: Actor, slug: str, invitation_id: UUID, now: datetime) -> None:
    """Send the letter of an open invitation again; the same link works for the full time from now. Raises NotFound."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    _change_open(session, there, invitation_id, expires_at=now + rules.INVITATION_LIFETIME)
    announce(session, InvitationSent(invitation_id))
    _tell_sent(session, invitation_id, actor=actor, organisation_id=there.organisation.id, now=now)


def take_back(session: Session, *, actor: Actor, slug: str, invitation_id: UUID, now: datetime) -> None:
    """End an open invitation. Raises NotFound, also when it was accepted in the meantime."""
    there = organisations.standing_of_owner(session, actor, slug, be_held=True)
    _change_open(session, there, invitation_id, withdrawn_at=now)


def accept_invitation(session: Session, *, actor: Actor, invitation_id: UUID | None, now: datetime) -> str:
    """Let the actor act for the organisation, from now on and in this session; works once. Returns its slug. Raises InvitationNotValid, InvitationForSomeoneElse."""
    found = organisations.valid_invitation(session, invitation_id, now=now)
    if found.email != actor.email:
        raise InvitationForSomeoneElse(rules.masked(found.email))
    organisations.hold(session, found.organisation_slug)  # organisation before invitation, as closing does: one order of locks
    accepted = rows_changed(
        session,
        update(Invitation)
        .where(Invitation.id == found.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now)
        .values(accepted_at=now),
    )
    if accepted != 1:
        raise InvitationNotValid
    add_membership(session, person_id=actor.person_id, organisation_id=found.organisation_id, role=found.role)
    act_for(session, actor=actor, slug=found.organisation_slug)
    trail.record(
        session, "membership-added", actor_id=actor.person_id, now=now, person_id=actor.person_id, organisation_id=found.organisation_id,
        about="invitation", about_id=found.id, details={"role": found.role},
    )
    return found.organisation_slug


def _change_open(session: Session, there: organisations.Standing, invitation_id: UUID, **values: datetime) -> None:
    changed = rows_changed(
        session,
        update(Invitation)
        .where(
            Invitation.id == invitation_id, Invitation.organisation_id == there.organisation.id,
            Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
        )
        .values(**values),
    )
    if changed != 1:
        raise NotFound


def _tell_sent(session: Session, invitation_id: UUID, *, actor: Actor, organisation_id: UUID, now: datetime) -> None:
    trail.record(
        session, "invitation-sent", actor_id=actor.person_id, now=now, organisation_id=organisation_id, about="invitation",
        about_id=invitation_id,
    )
