"""Who may read and do what in reports, from the memberships of a person."""

from collections.abc import Iterable

from academy.accounts.api import MembershipFacts, OrganisationKind, Role


def is_of_office(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone works for the programme office."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)
