"""The fields of the tantivy index, and a document as they hold it."""

from collections.abc import Sequence
from typing import Final

import tantivy

from academy.kernel.text import LANGUAGES
from academy.search.embedded_engine import ordering
from academy.search.gateway import SearchDocument
from academy.search.index_spec import ATTRIBUTES, DAYS, FACETS, HIDDEN_FILTERS, NUMBERS

# In a counted field: between facets, between values, between a value and its label; folding.clean keeps them out of all.
NEXT_FACET, NEXT_VALUE, LABEL = "\x1c", "\x1e", "\x1f"
# Facets whose values make few combinations are counted in one go; what has thousands of values, one by one.
COUNTED_TOGETHER: Final = (
    ("level", "price"), ("part_of_day", "mode"), ("kind", "ec"), ("language", "certain", "seats"), ("weekday",), ("sector",), ("start",),
    ("place",), ("provider",),
)
COUNTED_ALONE: Final = tuple(facet.name for facet in FACETS if facet.many)
# Beginnings of so many letters are words of their own: looked up as `p…`, thousands of words would have to be joined.
SHORT_BEGINNING: Final = 3
_SHOWN: Final = tuple(attribute.name for attribute in ATTRIBUTES if not attribute.is_forms)
_KEYS: Final = {"title": "title_keys", "words": "keys"}
_FILTERED: Final = (*(facet.name for facet in FACETS), *HIDDEN_FILTERS)


def counted_field(facets: tuple[str, ...]) -> str:
    """Return the name of the field in which these facets are counted together."""
    return f"counted_{'_'.join(facets)}"


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_beginnings", tokenizer_name="whitespace", index_option="basic")
    for name in ("title_keys", "keys"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("point", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("whole_title", "code"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _FILTERED:
        builder.add_text_field(f"facet_{name}", tokenizer_name="raw", index_option="basic")
    # All values of a document as one: counts ten times as fast as a field with several, unless nearly every document has its own set.
    for name in (*map(counted_field, COUNTED_TOGETHER), *(counted_field((name,)) for name in (*COUNTED_ALONE, "point"))):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (*(f"order_{number}" for number in NUMBERS), *(f"weight_{day}" for day in range(DAYS))):
        builder.add_unsigned_field(name, fast=True)
    for name in (*(f"card_{language}" for language in LANGUAGES), "checksum"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


SCHEMA: Final = _make_schema()
_BEGINNINGS: Final = range(1, SHORT_BEGINNING + 1)
_TOGETHER: Final = tuple((counted_field(group), group) for group in COUNTED_TOGETHER)
_ALONE: Final = tuple((counted_field((name,)), name) for name in COUNTED_ALONE)
_POINT: Final = counted_field(("point",))


def stored(document: SearchDocument) -> tantivy.Document:
    """Return the document as the index keeps it: `words` has all texts, the title's included, and `keys` all words and their forms."""
    written = tantivy.Document()
    written.add_text("id", document.id)
    _add_texts(written, document)
    _add_facets(written, document)
    title = " ".join(document.texts["title"])
    for name in NUMBERS:
        written.add_unsigned(f"order_{name}", ordering.sort_key(document.numbers.get(name), title))
    for day, weight in enumerate(ordering.weights(document.id, document.availability)):
        written.add_unsigned(f"weight_{day}", weight)
    for language, card in document.cards.items():
        written.add_bytes(f"card_{language}", card.encode())
    written.add_bytes("checksum", document.checksum.encode())
    return written


def _add_texts(written: tantivy.Document, document: SearchDocument) -> None:
    texts = document.texts
    title, words = " ".join(texts["title"]), " ".join(text for name in _SHOWN for text in texts[name])
    for name, text, forms in (("title", title, texts["title_forms"]), ("words", words, (*texts["title_forms"], *texts["forms"]))):
        distinct = set(text.split())
        written.add_text(name, text)
        written.add_text(_KEYS[name], " ".join(distinct.union(forms)))
        written.add_text(f"{name}_beginnings", " ".join({word[:size] for size in _BEGINNINGS for word in distinct}))
    for title in texts["title"]:
        written.add_text("whole_title", title)
    for code in document.codes:
        written.add_text("code", code)


def _add_facets(written: tantivy.Document, document: SearchDocument) -> None:
    for name, values in document.facets.items():
        field = f"facet_{name}"
        for value in values:
            written.add_text(field, value)
    for field, group in _TOGETHER:
        written.add_text(field, NEXT_FACET.join([NEXT_VALUE.join(_counted(document, name)) for name in group]))
    for field, name in _ALONE:
        for value in _counted(document, name):
            written.add_text(field, value)
    if document.place is not None:
        point = ordering.point(*document.place)
        written.add_text("point", point)
        written.add_text(_POINT, point)


def _counted(document: SearchDocument, facet: str) -> Sequence[str]:
    """Return the values with their labels, always in the same order."""
    values: Sequence[str] = document.facets.get(facet, ())
    if labels := document.labels.get(facet):
        values = [value + LABEL + labels[value] if value in labels else value for value in values]
    return sorted(values) if len(values) > 1 else values


def identity(document: tantivy.Document) -> tuple[str, str]:
    """Return the id and checksum of a document that was read."""
    return str(document.get_first("id")), bytes(document.get_first("checksum") or b"").decode()


def point_of(document: tantivy.Document) -> str:
    """Return where it is, as ordering.point writes it; "" for nowhere."""
    return str(document.get_first("point") or "")


def card_of(document: tantivy.Document, language: str) -> bytes:
    """Return the JSON of the card."""
    return bytes(document.get_first(f"card_{language}") or b"{}")
