"""The secret part of the link in a letter about a saved search, and of the form for who owns one."""

from typing import Final

from academy.kernel.links import LetterLinks

_links: Final = LetterLinks("saved-search")
configure, token_for, saved_search_id_of = _links.configure, _links.token_for, _links.id_in
