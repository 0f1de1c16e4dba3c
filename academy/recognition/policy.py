"""Who may do what in recognition, from the memberships of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

_EMPLOYERS: Final = (OrganisationKind.EMPLOYER, OrganisationKind.SCHOOL)


@dataclass(frozen=True)
class Rights:
    """At one provider: `assess` guides and judges (in one file never both), `decide` sits in its exam board, `manage` sets its terms.

    Who acts for the provider without one of these sees no file.
    """

    assess: bool
    decide: bool
    manage: bool

    @property
    def any(self) -> bool:
        return self.assess or self.decide or self.manage


def rights_at(memberships: Iterable[MembershipFacts], provider_id: UUID) -> Rights:
    """Return what these memberships allow at a provider."""
    roles = {one.role for one in memberships if one.organisation_id == provider_id}
    return Rights(assess=Role.ASSESSOR in roles, decide=Role.EXAM_BOARD in roles, manage=bool(roles & {Role.OWNER, Role.PLANNER}))


def employers_of(memberships: Iterable[MembershipFacts]) -> frozenset[UUID]:
    """Return the firms and schools for which somebody acts: who acts for a learner's employer does not judge."""
    return frozenset(one.organisation_id for one in memberships if one.kind in _EMPLOYERS)


def is_of_office(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone works for the programme office: it sees numbers and clocks, never a file."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)
