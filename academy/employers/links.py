"""The secret part of the links in letters: to a demand, a pledge and a seat that an employer pays, without signing in."""

from typing import Final

from academy.kernel.links import LetterLinks

_demands: Final = LetterLinks("demand")
_pledges: Final = LetterLinks("pledge")
_guests: Final = LetterLinks("seat-guest")
demand_token_for, demand_id_of = _demands.token_for, _demands.id_in
pledge_token_for, pledge_id_of = _pledges.token_for, _pledges.id_in
guest_token_for, guest_id_of = _guests.token_for, _guests.id_in


def configure(secret_key: str, *former_keys: str) -> None:
    """Set the keys of this process, once at start-up: the first signs, letters signed with a former one are still good."""
    for links in (_demands, _pledges, _guests):
        links.configure(secret_key, *former_keys)
