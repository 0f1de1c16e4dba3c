"""Who sees and settles the bills of an organisation, from the memberships of a person."""

from collections.abc import Iterable

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

_PAY = {Role.OWNER, Role.BUYER, Role.FUND_MANAGER, Role.OFFICE}


def may_pay(membership: MembershipFacts) -> bool:
    """Tell whether this role is enough for what an organisation buys: its billing details, its invoices, and paying them."""
    return membership.role in _PAY


def may_earn(membership: MembershipFacts) -> bool:
    """Tell whether this role is enough for what a provider sells: invoices in its name, and what it receives."""
    return membership.role is Role.OWNER and membership.kind is OrganisationKind.PROVIDER


def may_mend(membership: MembershipFacts) -> bool:
    """Tell whether this role is enough to set right for the programme office what went wrong with money."""
    return membership.kind is OrganisationKind.OFFICE and membership.role is Role.OFFICE


def may_pay_for(memberships: Iterable[MembershipFacts], slug: str) -> MembershipFacts | None:
    """Return the first of the memberships that lets someone into the bills of an organisation."""
    return next((one for one in memberships if one.organisation_slug == slug and may_pay(one)), None)


def may_earn_for(memberships: Iterable[MembershipFacts], slug: str) -> MembershipFacts | None:
    """Return the first of the memberships that lets someone into the earnings of a provider."""
    return next((one for one in memberships if one.organisation_slug == slug and may_earn(one)), None)
