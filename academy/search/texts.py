"""From the texts of a thing to what is searched: words, and the forms by which they are found as well; pure, the same for every engine."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

from academy.search.folding import plain_forms, words_of
from academy.search.index_spec import ATTRIBUTES
from academy.search.language import parts, stems
from academy.search.rules import STOP_WORDS

_WORDS_REMEMBERED: Final = 65_536  # some 20 MB
SHOWN: Final = tuple(attribute.name for attribute in ATTRIBUTES if not attribute.is_forms)


def searchable(texts: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each attribute its folded texts, and in `title_forms` and `forms` the stems of their words and of the parts of compounds.

    `texts` maps the names in SHOWN to texts as people wrote them; the same text twice in one attribute counts once.
    """
    found = {
        name: tuple(dict.fromkeys(folded for text in texts.get(name, ()) if (folded := " ".join(words_of(text)))))
        for name in SHOWN
    }
    title = _forms(found["title"])
    rest = _forms(text for name in SHOWN if name != "title" for text in found[name])
    for form in title:
        rest.pop(form, None)
    return found | {"title_forms": tuple(title), "forms": tuple(rest)}


def _forms(texts: Iterable[str]) -> dict[str, None]:
    """Return the distinct forms in order."""
    return dict.fromkeys(chain.from_iterable(map(_forms_of, dict.fromkeys(" ".join(texts).split()))))


@lru_cache(_WORDS_REMEMBERED)
def _forms_of(word: str) -> tuple[str, ...]:
    if word in STOP_WORDS:
        return ()
    whole = parts(word)
    return tuple(dict.fromkeys((
        *stems(word), *plain_forms([word]), *whole, *(stem for part in whole for stem in stems(part)),
    )))
