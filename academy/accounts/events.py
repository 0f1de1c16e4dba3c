"""What accounts announce."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class SignInLinkRequested(Event):
    """Someone asked for a link to sign in or to make an account; a letter must go out."""

    name: ClassVar[str] = "Accounts.sign-in-link-requested.v1"
    link_id: UUID


@dataclass(frozen=True)
class InvitationSent(Event):
    """Someone is asked to act for an organisation; a letter must go out."""

    name: ClassVar[str] = "Accounts.invitation-sent.v1"
    invitation_id: UUID


@dataclass(frozen=True)
class OwnershipHandedOver(Event):
    """An organisation has another owner; both get a letter."""

    name: ClassVar[str] = "Accounts.ownership-handed-over.v1"
    handover_id: UUID  # of this one time: what is handed back and forth gives a letter each time
    organisation_id: UUID
    from_id: UUID  # persons
    to_id: UUID


@dataclass(frozen=True)
class WayInChanged(Event):
    """A person's password, passkeys, authenticator app, recovery codes or linked identities changed; they hear so. `what` is the act as the trail names it."""

    name: ClassVar[str] = "Accounts.way-in-changed.v1"
    change_id: UUID
    person_id: UUID
    what: str


@dataclass(frozen=True)
class ApprovalAsked(Event):
    """A parent, guardian or dean is asked to let someone younger than sixteen enrol; a letter must go out."""

    name: ClassVar[str] = "Accounts.approval-asked.v1"
    approval_id: UUID


@dataclass(frozen=True)
class AccountUnused(Event):
    """Nobody signed in for two years; the person hears that the account ends unless they do."""

    name: ClassVar[str] = "Accounts.account-unused.v1"
    person_id: UUID
