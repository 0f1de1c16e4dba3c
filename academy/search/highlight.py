"""Marks around matched words; pure, and quick enough for thirty cards per page."""

from typing import Final

from academy.search.folding import WORD, flatten
from academy.search.gateway import MARK_END, MARK_START

_FEW: Final = 20  # words: looked for one by one before the text is taken apart
_SHORT_STEM: Final = 5  # letters
_ENDING_OF_SHORT, _ENDING = 2, 4  # letters that an inflected word has more than its stem: -en, -heid


def mark(text: str, wholes: frozenset[str], beginnings: tuple[str, ...] = (), stems: tuple[str, ...] = ()) -> str:
    """Put marks around each word of `text` that is one of `wholes`, starts with one of `beginnings` or bends one of `stems` (all folded)."""
    flat = flatten(text)
    begun = tuple(part for part in (*beginnings, *stems) if part in flat)
    if not begun and len(wholes) <= _FEW and not any(part in flat for part in wholes):
        return text
    words = WORD.findall(flat)
    marked = wholes.intersection(words)
    if begun:
        marked = marked.union(word for word in words if word.startswith(begun) and (word.startswith(beginnings) or _bends(word, stems)))
    if not marked:
        return text
    pieces: list[str] = []
    done = place = 0
    for word in words:
        place = flat.index(word, place)
        if word in marked:
            pieces += (text[done:place], MARK_START, text[place : place + len(word)], MARK_END)
            done = place + len(word)
        place += len(word)
    return "".join(pieces) + text[done:]


def _bends(word: str, stems: tuple[str, ...]) -> bool:
    """Tell whether the word is one of these stems with no more than an ending."""
    return any(
        word.startswith(stem) and len(word) - len(stem) <= (_ENDING if len(stem) >= _SHORT_STEM else _ENDING_OF_SHORT) for stem in stems
    )
