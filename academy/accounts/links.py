"""The secret part of the links with which one signs in, accepts an invitation, lets a minor enrol, or leaves."""

from typing import Final

from academy.kernel.links import LetterLinks

_links: Final = LetterLinks("sign-in-link")
_invitations: Final = LetterLinks("invitation")
token_for, link_id_of = _links.token_for, _links.id_in
invitation_token_for, invitation_id_of = _invitations.token_for, _invitations.id_in
_approvals: Final = LetterLinks("approval")
approval_token_for, approval_id_of = _approvals.token_for, _approvals.id_in
_leaving: Final = LetterLinks("leaving")  # in the form of who erases the account
leaving_token_for, leaver_id_of = _leaving.token_for, _leaving.id_in


def configure(secret_key: str, *former_keys: str) -> None:
    """Set the keys of this process, once at start-up: the first signs, letters signed with a former one are still good."""
    for links in (_links, _invitations, _approvals, _leaving):
        links.configure(secret_key, *former_keys)
