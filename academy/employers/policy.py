"""Who may do what for a firm or a school that takes part, from the memberships of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

WHO_ACT: Final = frozenset({Role.OWNER, Role.BUYER, Role.APPROVER, Role.DEAN})  # for a firm or school
WHO_EDIT: Final = frozenset({Role.OWNER, Role.EDITOR})  # at a provider
_KINDS: Final = (OrganisationKind.EMPLOYER, OrganisationKind.SCHOOL)


@dataclass(frozen=True)
class Rights:
    """At one firm or school: `see` its demand and numbers, `act` for it: ask, promise, confirm, and see the people it pays for."""

    see: bool
    act: bool


def rights_at(memberships: Iterable[MembershipFacts], organisation_id: UUID) -> Rights:
    """Return what these memberships allow at an organisation; at one that asks for nothing, nothing."""
    roles = {one.role for one in memberships if one.organisation_id == organisation_id and one.kind in _KINDS}
    return Rights(see=bool(roles), act=bool(roles & WHO_ACT))


def may_broker(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone helps demand and supply along for the programme office."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)


def firms_of(memberships: Iterable[MembershipFacts]) -> list[MembershipFacts]:
    """Return the firms and schools for which a person may act, each once."""
    found: dict[UUID, MembershipFacts] = {}
    for one in memberships:
        if one.kind in _KINDS and one.role in WHO_ACT:
            found.setdefault(one.organisation_id, one)
    return list(found.values())
