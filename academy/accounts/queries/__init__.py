"""Reads of accounts; frozen facts come out."""

from academy.accounts.queries.people import (
    Actor,
    Credentials,
    LinkFacts,
    MembershipFacts,
    PersonFacts,
    SignInFacts,
    actor_of,
    credentials_of,
    link_for_letter,
    memberships_of,
    people,
    person,
    sign_ins_of,
    valid_link,
)

__all__ = [
    "Actor", "Credentials", "LinkFacts", "MembershipFacts", "PersonFacts", "SignInFacts", "actor_of", "credentials_of", "link_for_letter",
    "memberships_of", "people", "person", "sign_ins_of", "valid_link",
]
