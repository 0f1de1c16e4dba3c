"""Who may do what for an organisation, from the roles that someone has there."""

from collections.abc import Collection
from dataclasses import dataclass

from academy.accounts.models import Role


@dataclass(frozen=True)
class Rights:
    """`see`: name, facts and which roles there are. `keep`: who acts for it and as what, their addresses, invitations, facts, closing."""

    see: bool
    keep: bool


def rights_with(roles: Collection[Role]) -> Rights:
    """Return what these roles in one organisation allow; none is a stranger."""
    return Rights(see=bool(roles), keep=Role.OWNER in roles)
