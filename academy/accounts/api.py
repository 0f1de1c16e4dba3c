"""What higher rooms may call of accounts."""

from academy.accounts.events import SignInLinkRequested
from academy.accounts.links import token_for
from academy.accounts.models import LinkKind, OrganisationKind, Role
from academy.accounts.queries import (
    Actor,
    LinkFacts,
    MembershipFacts,
    PersonFacts,
    link_for_letter,
    memberships_of,
    people,
    person,
)
from academy.accounts.rules import LINK_LIFETIME
from academy.accounts.service import add_membership, register_organisation, register_person

__all__ = [
    "LINK_LIFETIME", "Actor", "LinkFacts", "LinkKind", "MembershipFacts", "OrganisationKind", "PersonFacts", "Role",
    "SignInLinkRequested", "add_membership", "link_for_letter", "memberships_of", "people", "person", "register_organisation",
    "register_person", "token_for",
]
