"""The secret part of the link in a letter with which a questionnaire is answered, without signing in."""

from typing import Final

from academy.kernel.links import LetterLinks

_invites: Final = LetterLinks("questionnaire")
configure, questionnaire_token_for, invite_id_of = _invites.configure, _invites.token_for, _invites.id_in
