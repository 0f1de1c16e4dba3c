"""Codes of reports in the reader's words, and texts in both languages for what is frozen."""

from collections.abc import Callable

from academy.kernel.text import Localized
from academy.kernel.translation import reading_in


def in_both(say: Callable[[], str]) -> Localized:
    """Return what `say` says in Dutch and in English."""
    with reading_in("nl"):
        dutch = say()
    with reading_in("en"):
        return Localized(dutch, say())
