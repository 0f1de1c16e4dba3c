"""Who may do what about pathways for an organisation, from the memberships of a person. A pathway itself is reached by its key."""

from collections.abc import Iterable
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role


def decides_on_credits(memberships: Iterable[MembershipFacts], provider_id: UUID) -> bool:
    """Tell whether someone sits in the exam board of a provider: the law leaves to it what counts for a degree."""
    return any(one.organisation_id == provider_id and one.role is Role.EXAM_BOARD for one in memberships)


def is_of_office(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone works for the programme office: it sees numbers of people, never a pathway."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)
