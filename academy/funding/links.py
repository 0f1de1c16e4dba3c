"""The secret part of the link in a letter with which an employer decides, without signing in."""

from typing import Final

from academy.kernel.links import LetterLinks

_asks: Final = LetterLinks("employer-ask")
configure, ask_token_for, ask_id_of = _asks.configure, _asks.token_for, _asks.id_in
