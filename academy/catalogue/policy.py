"""Who may do what in a provider's workspace, from the memberships of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from academy.accounts.api import MembershipFacts, OrganisationKind, Role

_EDIT = {Role.OWNER, Role.EDITOR}
_PLAN = _EDIT | {Role.PLANNER}
_ADMIT = {Role.OWNER, Role.PLANNER, Role.EXAM_BOARD}
_READ = _PLAN | {Role.TEACHER, Role.READER}


@dataclass(frozen=True)
class Rights:
    """What someone may do at one provider: see the workspace and the rosters, plan classes, change and publish modules.

    `admit` is deciding who may enter a module, which an exam board does without seeing the rest; `own` is acting for the provider itself.
    """

    read: bool
    plan: bool
    edit: bool
    admit: bool = False
    own: bool = False


def rights_at(memberships: Iterable[MembershipFacts], provider_id: UUID) -> Rights:
    """Return what these memberships allow at a provider."""
    roles = {membership.role for membership in memberships if membership.organisation_id == provider_id}
    return Rights(read=bool(roles & _READ), plan=bool(roles & _PLAN), edit=bool(roles & _EDIT), admit=bool(roles & _ADMIT), own=Role.OWNER in roles)


def may_check(memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether someone checks modules for the programme office."""
    return any(one.kind is OrganisationKind.OFFICE and one.role is Role.OFFICE for one in memberships)
