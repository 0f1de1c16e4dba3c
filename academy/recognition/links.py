"""The secret part of the links in letters to people who do not sign in: an employer who is asked for a statement, a school elsewhere that signs."""

from typing import Final

from academy.kernel.links import LetterLinks

_statements: Final = LetterLinks("employer-statement")
_agreements: Final = LetterLinks("learning-agreement")
statement_token_for, statement_id_of = _statements.token_for, _statements.id_in
agreement_token_for, agreement_id_of = _agreements.token_for, _agreements.id_in


def configure(secret_key: str, *former_keys: str) -> None:
    """Set the keys of this process, once at start-up: the first signs, letters signed with a former one are still good."""
    for links in (_statements, _agreements):
        links.configure(secret_key, *former_keys)
