"""Who may do what in a class, from the roles of a person at its provider and at the programme office."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

_TEACH: Final = {Role.OWNER, Role.PLANNER, Role.TEACHER}
_ARRANGE: Final = {Role.OWNER, Role.PLANNER}


@dataclass(frozen=True)
class Rights:
    """In a class: note who was there and enter results (`teach`), make results final (`decide`), give a study group its room (`arrange`)."""

    teach: bool
    decide: bool
    arrange: bool


def rights_in(memberships: Iterable[MembershipFacts], provider_id: UUID) -> Rights:
    """Return what these memberships allow in the classes of a provider; the programme office arranges study groups everywhere."""
    found = list(memberships)
    roles = {one.role for one in found if one.organisation_id == provider_id}
    is_office = any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in found)
    return Rights(bool(roles & _TEACH), Role.EXAM_BOARD in roles, is_office or bool(roles & _ARRANGE))
