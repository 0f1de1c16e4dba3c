"""The fields of the tantivy index, and a document as they hold it."""

from typing import Final

import tantivy

from academy.kernel.text import LANGUAGES
from academy.search.gateway import SearchDocument
from academy.search.index_spec import FACET_NAMES, HIDDEN_FILTERS, SORTS

# In a counted field: between values, and between a value and its label; folding.clean keeps them out of both.
NEXT_VALUE, LABEL = "\x1e", "\x1f"
# Beginnings of so many letters are words of their own: looked up as `p…`, thousands of words would have to be joined.
SHORT_BEGINNING: Final = 3


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_beginnings", tokenizer_name="whitespace", index_option="basic")
    for name in ("whole_title", "code"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*FACET_NAMES, *HIDDEN_FILTERS):
        builder.add_text_field(f"facet_{name}", tokenizer_name="raw", index_option="basic")
    for name in FACET_NAMES:  # all values of a document as one: counts ten times as fast as a field with several
        builder.add_text_field(f"counted_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for sort in SORTS:
        builder.add_unsigned_field(f"order_{sort}", fast=True)
    for name in (*(f"card_{language}" for language in LANGUAGES), "checksum"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


SCHEMA: Final = _make_schema()


def stored(document: SearchDocument) -> tantivy.Document:
    """Return the document as the index keeps it."""
    written = tantivy.Document()
    written.add_text("id", document.id)
    for name, text in (("title", " ".join(document.titles)), ("words", document.words)):
        written.add_text(name, text)
        beginnings = {word[:size] for word in text.split() for size in range(1, SHORT_BEGINNING + 1)}
        written.add_text(f"{name}_beginnings", " ".join(beginnings))
    for title in document.titles:
        written.add_text("whole_title", title)
    for code in document.codes:
        written.add_text("code", code)
    for name, values in document.facets.items():
        for value in values:
            written.add_text(f"facet_{name}", value)
    for name in FACET_NAMES:
        label = LABEL + document.labels[name] if name in document.labels else ""
        counted = NEXT_VALUE.join(sorted(value + label for value in document.facets.get(name, ())))
        written.add_text(f"counted_{name}", counted)
    for name, key in document.orders.items():
        written.add_unsigned(f"order_{name}", key)
    for language, card in document.cards.items():
        written.add_bytes(f"card_{language}", card.encode())
    written.add_bytes("checksum", document.checksum.encode())
    return written


def identity(document: tantivy.Document) -> tuple[str, str]:
    """Return the id and checksum of a document that was read."""
    return str(document.get_first("id")), _text(document, "checksum")


def card_of(document: tantivy.Document, language: str) -> str:
    """Return the JSON of the card."""
    return _text(document, f"card_{language}")


def _text(document: tantivy.Document, name: str) -> str:
    return bytes(document.get_first(name) or b"").decode()
