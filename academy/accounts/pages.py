"""Finished values for the pages of accounts."""

from collections.abc import Iterable

from flask import url_for

from academy.accounts.queries import MembershipFacts
from academy.accounts.rules import desk_of
from academy.accounts.words import role_word


def by_organisation(memberships: Iterable[MembershipFacts]) -> list[dict[str, str]]:
    """Return each organisation once, with the roles in it: `{"name": "Windesheim", "roles": "redacteur, planner"}`.

    `url` is where one works for it, "" where there is no such place (yet).
    """
    roles: dict[str, list[MembershipFacts]] = {}
    for membership in memberships:
        roles.setdefault(membership.organisation_name, []).append(membership)
    return [
        {"name": name, "roles": ", ".join(role_word(one.role) for one in found), "url": _workplace(found)} for name, found in roles.items()
    ]


def _workplace(found: Iterable[MembershipFacts]) -> str:
    desk = desk_of((one.kind, one.role, one.organisation_slug) for one in found)
    if "provider" in desk:
        return url_for("workspace.home", provider=desk["provider"])
    return url_for("catalogue.checks") if "office" in desk else ""
