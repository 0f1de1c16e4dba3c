"""The cells of one record, read as values of the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeVar

from ftfy.badness import is_bad

from academy.exchange import values
from academy.exchange.findings import Problem, shown
from academy.exchange.shapes import Shape
from academy.exchange.values import BadValue
from academy.kernel.cleaning import clean_line, clean_text

# What the tables of the catalogue hold; a text without an own limit gets that of "text".
LONGEST: Final = {"external_id": 300, "code": 60, "institution": 300, "website": 1000, "title": 300, "register": 100, "text": 50_000}
LIST_SEPARATOR: Final = values.LIST_SEPARATOR
_NO_TEXT: Final = {"no abstract available", "pending", "none"}
_LONGEST_NO_TEXT: Final = 21
_SHORT: Final = 100

Given = TypeVar("Given")


@dataclass
class Row:
    """The cells of one record under the shape's column keys; gathers what is wrong or remarkable on the way."""

    line: int
    shape: Shape
    cells: Mapping[str, str]  # by the shape's key
    names: Mapping[str, str]  # from the shape's key to the column as the file writes it
    problems: list[Problem] = field(default_factory=list)
    remarks: list[tuple[str, str, str, str]] = field(default_factory=list)  # code, column, value, text

    def raw(self, key: str) -> str:
        return self.cells.get(key, "")

    def refuse(self, key: str, code: str, reason: str) -> None:
        self.problems.append(Problem(self.line, shown(self.names.get(key, key)), shown(self.raw(key)), code, reason))

    def remark(self, key: str, code: str, text: str) -> None:
        self.remarks.append((code, self.names.get(key, key), self.raw(key), text))

    def text(self, key: str) -> str:
        """Return the cell as plain text with paragraphs."""
        raw = self.raw(key)
        return self._checked(key, clean_text(raw), "text") if raw else ""

    def words(self, key: str, longest: str = "title") -> str:
        """Return the cell as plain text on one line, no longer than the catalogue keeps."""
        raw = self.raw(key)
        return self._checked(key, clean_line(raw), longest) if raw else ""

    def _checked(self, key: str, text: str, longest: str) -> str:
        if len(text) <= _LONGEST_NO_TEXT and text.casefold() in _NO_TEXT:
            return ""
        if len(text) > LONGEST[longest]:
            self.refuse(key, "too-long", f"longer than {LONGEST[longest]} characters")
        if not text.isascii() and ("\N{REPLACEMENT CHARACTER}" in text or is_bad(text)):
            self.remark(key, "mojibake", "looks decoded with the wrong character set; loaded as it came")
        return text

    def languages(self, key: str) -> tuple[str, ...]:
        return values.parse_languages(self.raw(key)).codes

    def given(self, key: str, read: Callable[[str], Given]) -> Given | None:
        """Return the cell as `read` reads it, None when there is nothing in it; what it can not read was refused as a misfit."""
        text = self.raw(key)
        return None if values.is_nothing(text) else read(text)

    def price(self, key: str, *, in_euros: bool) -> values.Price:
        try:
            price = values.parse_price(self.raw(key), in_euros=in_euros)
        except BadValue:
            return values.Price(None)  # already refused as a misfit
        if price.amount is None and price.note:
            self.remark(key, "price-not-in-euros", "kept in words; an amount in another currency is not turned into euros")
        return price

    def items(self, key: str) -> tuple[str, ...]:
        """Return the items between vertical bars, or commas, in lower case: codes of a closed list."""
        raw = self.raw(key)
        if not raw:
            return ()
        return _remembered_items(raw) if len(raw) <= _SHORT else _items(raw)


def _items(text: str) -> tuple[str, ...]:
    return values.split_list(text.replace(LIST_SEPARATOR, ",").casefold())


_remembered_items = lru_cache(maxsize=4096)(_items)  # sectors and modes: the same few, row after row
