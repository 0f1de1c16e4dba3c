"""Marks around matched words; pure, and quick enough for thirty cards per page."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from academy.search.folding import WORD, flatten
from academy.search.gateway import MARK_END, MARK_START

_FEW: Final = 20  # words: looked for one by one before the text is taken apart
_SHORT_STEM: Final = 5  # letters
_ENDING_OF_SHORT, _ENDING = 2, 4  # letters that an inflected word has more than its stem: -en, -heid


def mark(text: str, wholes: AbstractSet[str], beginnings: Iterable[str] = (), stems: Iterable[str] = ()) -> str:
    """Put marks around each word of `text` that is one of `wholes`, starts with one of `beginnings` or bends one of `stems` (all folded)."""
    flat, starts, bent = flatten(text), tuple(beginnings), tuple(stems)
    if len(wholes) <= _FEW and not any(part in flat for part in (*wholes, *starts, *bent)):
        return text
    marked = {
        word for word in WORD.findall(flat) if word in wholes or word.startswith(starts) or (word.startswith(bent) and _bends(word, bent))
    }
    if not marked:
        return text
    pieces: list[str] = []
    done = 0
    for found in WORD.finditer(flat):
        if found[0] in marked:
            pieces += (text[done : found.start()], MARK_START, text[found.start() : found.end()], MARK_END)
            done = found.end()
    return "".join(pieces) + text[done:]


def _bends(word: str, stems: tuple[str, ...]) -> bool:
    """Tell whether the word is one of these stems with no more than an ending."""
    return any(
        word.startswith(stem) and len(word) - len(stem) <= (_ENDING if len(stem) >= _SHORT_STEM else _ENDING_OF_SHORT) for stem in stems
    )
