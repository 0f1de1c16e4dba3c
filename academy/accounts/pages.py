"""Finished values for the pages of accounts."""

from collections.abc import Iterable

from academy.accounts.queries import MembershipFacts
from academy.accounts.words import role_word


def by_organisation(memberships: Iterable[MembershipFacts]) -> list[dict[str, str]]:
    """Return each organisation once, with the roles in it: `{"name": "Windesheim", "roles": "redacteur, planner"}`."""
    roles: dict[str, list[str]] = {}
    for membership in memberships:
        roles.setdefault(membership.organisation_name, []).append(role_word(membership.role))
    return [{"name": name, "roles": ", ".join(words)} for name, words in roles.items()]
