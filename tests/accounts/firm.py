"""A firm with its people, for tests of organisations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from academy.accounts import service
from academy.accounts.drafts import OrganisationDraft
from academy.accounts.models import Invitation, Organisation, Role, SizeClass, TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.queries import organisations as reads
from academy.accounts.service import invitations, organisations
from academy.kernel.db import Database
from tests import builders

DRAFT = OrganisationDraft("Bakkerij De Vries", "NL", "12345678", "", SizeClass.UNDER_5, "")


@dataclass
class Firm:
    """A firm with one owner."""

    database: Database
    owner: Actor
    slug: str
    now: datetime

    def member(self, *roles: Role, name: str = "Kim Jansen") -> Actor:
        """Return someone new with these roles in the firm."""
        with self.database.writing() as session:
            there = reads.standing(session, self.owner, self.slug)
            person = builders.actor(session, self.now, name=name)
            for role in roles:
                service.add_membership(session, person_id=person.person_id, organisation_id=there.organisation.id, role=role)
        return person

    def roles(self) -> dict[UUID, tuple[Role, ...]]:
        with self.database.reading() as session:
            organisation_id = session.scalars(select(Organisation.id).where(Organisation.slug == self.slug)).one()
            return {one.person_id: one.roles for one in reads.members(session, organisation_id)}

    def acts(self) -> list[str]:
        """Return what the audit trail says, oldest first."""
        with self.database.reading() as session:
            return list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.number)))

    def do(self, use_case: Callable[..., None], actor: Actor, **about: object) -> None:
        """Run a use case of the firm in a transaction of its own."""
        with self.database.writing() as session:
            use_case(session, actor=actor, slug=self.slug, now=self.now, **about)

    def invited(self, email: str, role: Role = Role.BUYER) -> UUID:
        """Invite someone; returns the invitation's id."""
        with self.database.writing() as session:
            invitations.invite(session, actor=self.owner, slug=self.slug, email=email, role=role, language="nl", now=self.now)
            return session.scalars(select(Invitation.id).where(Invitation.email == email)).one()


def started(database: Database, now: datetime, *, email: str | None = None) -> Firm:
    """Make a firm and its owner, who is signed in."""
    with database.writing() as session:
        about = {} if email is None else {"email": email}
        owner = builders.actor(session, now, name="Noor de Vries", **about)
        slug = organisations.start_organisation(session, actor=owner, draft=DRAFT, now=now)
    return Firm(database, owner, slug, now)
