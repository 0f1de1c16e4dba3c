"""What the room above search may call: what a letter about a saved search says."""

from academy.search.events import NewFitsFound, SearchKept
from academy.search.links import token_for
from academy.search.memory.saved import NewFits, Saved, new_fits, unconfirmed

__all__ = ["NewFits", "NewFitsFound", "Saved", "SearchKept", "new_fits", "token_for", "unconfirmed"]
