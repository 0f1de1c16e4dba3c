"""What the rooms above search may call: what a letter about a saved search says, how one is kept, and how search reads words, finds modules and knows places."""

from academy.search.events import NewFitsFound, SearchKept
from academy.search.language import parts, stems
from academy.search.links import token_for
from academy.search.memory.demand import ENOUGH_TIMES, FEW_HITS
from academy.search.memory.recording import terms_of
from academy.search.memory.redaction import redact
from academy.search.memory.saved import NewFits, Saved, SavedDraft, new_fits, unconfirmed
from academy.search.memory.saved import keep as keep_saved
from academy.search.models import SavedKind
from academy.search.postcodes import locate, nearest_area
from academy.search.postcodes import read as read_postcode
from academy.search.service import ModulesFound, modules_with

__all__ = [
    "ENOUGH_TIMES", "FEW_HITS", "ModulesFound", "NewFits", "NewFitsFound", "Saved", "SavedDraft", "SavedKind", "SearchKept", "keep_saved", "locate", "modules_with",
    "names_somebody", "nearest_area", "new_fits", "parts", "postcode_in", "stems", "terms_of", "token_for", "unconfirmed",
]


def names_somebody(text: str) -> bool:
    """Tell whether `text` has what can point to a person: an e-mail address, a telephone number, a postcode with letters, a long number, a link."""
    return redact(text)[1]


def postcode_in(text: str) -> str | None:
    """Return the four digits of a postcode as people write it; None when it is none, or none that exists."""
    digits = read_postcode(text)
    return digits if digits is not None and locate(digits) is not None else None
