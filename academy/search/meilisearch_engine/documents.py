"""A search document as the server keeps it, and how what is looked up is spelled; pure."""

import re
from collections.abc import Iterable
from typing import Any, Final

from academy.search.gateway import SearchDocument
from academy.search.index_spec import ATTRIBUTES, LABELLED, shuffles
from academy.search.meilisearch_engine.settings import (
    AVAILABILITY,
    CHECKSUM,
    CODES,
    GEO,
    ID,
    LABEL,
    TITLES,
    card_field,
    counted_field,
    facet_field,
    number_field,
    shuffle_field,
)

# The server takes values for equal that differ in case, in spaces around them or in compatibility forms, and has no way to write a
# backslash before a quote. So only what it leaves alone stands for itself.
_ITSELF: Final = re.compile(r"[a-z0-9\-_.+ \u00df-\u00f6\u00f8-\u00ff\u4e00-\u9fff]")
_WRITTEN: Final = re.compile(r"~([0-9a-f]+)~")
_LONGEST_KEY: Final = 400  # bytes; the server compares some 470
_LONGEST_LABEL: Final = 120  # characters, in both languages together
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9-]")
_WRITTEN_IN_ID: Final = re.compile(r"_([0-9a-f]+)_")


def value_key(value: str) -> str:
    """Return how a value is spelled on the server: another one for every value, the same one in any release of Unicode."""
    spelled = "".join(sign if _ITSELF.match(sign) else f"~{ord(sign):x}~" for sign in value)
    return spelled if spelled == spelled.strip() else spelled.replace(" ", "~20~")


def value_of(key: str) -> str:
    """Return the value that is spelled so."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), key)


def can_be_there(key: str) -> bool:
    """Tell whether a document can have this value; the server compares the beginnings of longer ones, or fails on them."""
    return 0 < len(key.encode()) <= _LONGEST_KEY


def id_key(document_id: str) -> str:
    """Return the id in the signs the server allows."""
    return "".join(sign if _PLAIN_ID.match(sign) else f"_{ord(sign):x}_" for sign in document_id)


def id_of(key: str) -> str:
    return _WRITTEN_IN_ID.sub(lambda found: chr(int(found[1], 16)), key)


def stored(document: SearchDocument) -> dict[str, Any]:
    """Return the document as the index keeps it."""
    found: dict[str, Any] = {ID: id_key(document.id), CHECKSUM: document.checksum, AVAILABILITY: document.availability}
    found |= {name: list(texts) for name, texts in document.texts.items() if texts}
    found |= {facet_field(name): _keys(values) for name, values in document.facets.items() if values}
    found |= {counted_field(name): _labelled(document, name) for name in LABELLED if document.facets.get(name)}
    found |= {number_field(name): number for name, number in document.numbers.items()}
    found |= {shuffle_field(day): place for day, place in enumerate(shuffles(document.id))}
    found |= {card_field(language): card for language, card in document.cards.items()}
    found |= {name: keys for name, whole in ((CODES, document.codes), (TITLES, document.texts["title"])) if (keys := _keys(whole))}
    if document.place is not None:
        found[GEO] = {"lat": document.place[0], "lng": document.place[1]}
    return found


def _keys(values: Iterable[str]) -> list[str]:
    return [key for value in values if can_be_there(key := value_key(value))]


def _labelled(document: SearchDocument, facet: str) -> list[str]:
    labels = document.labels.get(facet, {})
    return [
        f"{labels.get(value, '')[:_LONGEST_LABEL]}{LABEL}{key}"
        for value in document.facets[facet] if can_be_there(key := value_key(value))
    ]


def vocabulary(documents: Iterable[SearchDocument]) -> set[str]:
    """Return the words in the texts of these documents."""
    shown = [attribute.name for attribute in ATTRIBUTES if not attribute.is_forms]
    return {word for document in documents for name in shown for text in document.texts.get(name, ()) for word in text.split()}
