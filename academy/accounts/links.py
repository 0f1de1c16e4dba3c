"""The secret part of the link with which one signs in."""

from typing import Final

from academy.kernel.links import LetterLinks

_links: Final = LetterLinks("sign-in-link")
configure, token_for, link_id_of = _links.configure, _links.token_for, _links.id_in
