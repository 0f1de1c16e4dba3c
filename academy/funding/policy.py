"""Who may do what with the money of an organisation, from the memberships of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

# Who keeps the money of an organisation, and who says yes to a seat; owners do both, everybody else there may look.
_KEEP: Final = {
    OrganisationKind.EMPLOYER: {Role.BUYER}, OrganisationKind.FUND: {Role.FUND_MANAGER}, OrganisationKind.OFFICE: {Role.OFFICE},
    OrganisationKind.PROVIDER: {Role.EDITOR},
}
_APPROVE: Final = _KEEP | {OrganisationKind.EMPLOYER: {Role.APPROVER, Role.BUYER}}


@dataclass(frozen=True)
class Rights:
    """At one organisation: `see` sums and rules, `keep` sources, rules, budgets and who may use them, `approve` or refuse shares.

    Names of people come with `keep` and `approve` only.
    """

    see: bool
    keep: bool
    approve: bool


def rights_at(memberships: Iterable[MembershipFacts], organisation_id: UUID) -> Rights:
    """Return what these memberships allow with the money of an organisation; of a kind that pays nothing, nothing."""
    there = [one for one in memberships if one.organisation_id == organisation_id and one.kind in _KEEP]
    roles = {one.role for one in there}
    kind = there[0].kind if there else OrganisationKind.EMPLOYER
    return Rights(
        see=bool(roles), keep=bool(roles & (_KEEP[kind] | {Role.OWNER})), approve=bool(roles & (_APPROVE[kind] | {Role.OWNER})),
    )


def sees_all_payers(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone reads for the programme office who paid what."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)
