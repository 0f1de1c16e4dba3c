"""Who may read and do what in reports, from the memberships of a person."""

from collections.abc import Iterable
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role


def is_of_office(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone works for the programme office."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)


def answers_for(memberships: Iterable[MembershipFacts], provider_id: UUID) -> bool:
    """Tell whether someone plans what a provider gives, and so may answer whether it fills a gap."""
    return any(one.organisation_id == provider_id and one.role in {Role.OWNER, Role.PLANNER, Role.EDITOR} for one in memberships)
