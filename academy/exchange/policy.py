"""Who may see and start the imports of a provider, from the memberships of a person."""

from collections.abc import Iterable
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

_EDITORS = {Role.OWNER, Role.EDITOR}


def may_import_for(memberships: Iterable[MembershipFacts], provider_id: UUID) -> bool:
    """Tell whether someone keeps the supply of this provider, or works for the programme office."""
    return any(
        (one.organisation_id == provider_id and one.role in _EDITORS)
        or (one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE)
        for one in memberships
    )
