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
