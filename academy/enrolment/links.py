"""The secret part of the link in a letter with which one leaves a waiting list, or lets an offered seat go, without signing in."""

from typing import Final

from academy.kernel.links import LetterLinks

_waiting: Final = LetterLinks("waiting-list")
configure, waiting_token_for, enrolment_id_of = _waiting.configure, _waiting.token_for, _waiting.id_in
