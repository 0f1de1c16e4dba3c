"""A record of a feed, read field by field; what does not fit is remembered with file, number and path."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from academy.exchange import values
from academy.exchange.findings import Problem, shown
from academy.exchange.supply import Supply
from academy.exchange.values import BadValue
from academy.kernel.cleaning import clean_line, clean_text
from academy.kernel.clock import amsterdam_day

LONGEST_KEY: Final = 300
LONGEST_CODE: Final = 60
LONGEST_LINE: Final = 300
_LONGEST_TEXT: Final = 50_000
_LONGEST_URL: Final = 1000
_LAST_REAL_YEAR: Final = 2100  # feeds write a date far ahead for one that is not known
_HIGHEST_PRICE: Final = 1_000_000
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}$")
_AMOUNT: Final = re.compile(r"-?[$€]?\s*-?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,2})?$")


class Item:
    """An object in a feed. Its readers return an empty value where nothing, or nothing usable, is written.

    `number` counts the records of the file from 1; `path` leads from the record to this object. What is wrong gathers in `problems`,
    which a part shares with the record it is of.
    """

    def __init__(
        self, found: Mapping[str, Any], *, supply: Supply, source: str, number: int, path: str = "",
        problems: list[Problem] | None = None,
    ) -> None:
        self.found = found
        self.source = source
        self.number = number
        self.path = path
        self.problems = [] if problems is None else problems
        self._supply = supply

    def problem(self, field: str, code: str, reason: str, value: object = "") -> Problem:
        """Return a problem at a field of this object."""
        return Problem(self.number, shown(f"{self.path}{field}"), shown(_as_text(value)), code, reason, self.source)

    def wrong(self, field: str, code: str, reason: str) -> None:
        """Remember that a field does not fit: the record will be left out."""
        self.problems.append(self.problem(field, code, reason, self.found.get(field, "")))

    def remark(self, field: str, code: str, text: str) -> None:
        """Count something remarkable that stops nothing."""
        column = re.sub(r"\[\d+\]", "[]", f"{self.path}{field}")
        value = f"{self.source}: {_as_text(self.found.get(field, ''))}"
        self._supply.notices.add(code, text, column=column, line=self.number, value=value)

    # Values --------------------------------------------------------------------------------------------------------------------------

    def line(self, field: str, *, longest: int = LONGEST_LINE) -> str:
        """Return plain text on one line; a whole number is text too."""
        return self._short(field, clean_line(self._raw(field)), longest)

    def text(self, field: str) -> str:
        """Return plain text; paragraphs are separated by an empty line."""
        return self._short(field, clean_text(self._raw(field)), _LONGEST_TEXT)

    def needed(self, field: str, *, longest: int = LONGEST_LINE) -> str:
        """Return plain text on one line that may not be absent."""
        before = len(self.problems)
        text = self.line(field, longest=longest)
        if not text and len(self.problems) == before:
            self.wrong(field, "empty", "this may not be empty")
        return text

    def day(self, field: str) -> date | None:
        """Return a date, or the day in Amsterdam of a moment; a moment is ISO 8601 or a number of seconds since 1970 (UTC)."""
        try:
            found = _day_of(self.found.get(field))
        except (TypeError, ValueError, OverflowError, OSError):
            self.wrong(field, "not-a-date", "a date or a moment is expected, such as 2027-09-01 or 2027-09-01T10:00:00Z")
            return None
        if found is not None and found.year >= _LAST_REAL_YEAR:
            self.remark(field, "date-far-ahead", f"a date in {_LAST_REAL_YEAR} or later stands for one that is not known")
            return None
        return found

    def amount(self, field: str) -> Decimal | None:
        """Return an amount of money without its currency, None when absent; may be written with its sign, as `$3,500`."""
        text = self._raw(field)
        if values.is_nothing(text):
            return None
        if not _AMOUNT.match(text.strip()):
            self.wrong(field, "not-a-price", "an amount is expected, such as 150.00")
            return None
        amount = Decimal(re.sub(r"[$€,\s]", "", text))
        if amount < 0:
            self.wrong(field, "negative-price", "a price is not negative")
            return None
        if amount > _HIGHEST_PRICE:
            self.wrong(field, "price-too-high", f"more than {_HIGHEST_PRICE}")
            return None
        return amount

    def count(self, field: str) -> Decimal | None:
        """Return a number of hours or weeks; None when absent or zero."""
        text = self._raw(field)
        if values.is_nothing(text):
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number < 10_000:  # noqa: PLR2004 - a year has fewer hours
            self.wrong(field, "not-a-number", "a number is expected that is not negative")
            return None
        return number or None

    def url(self, field: str, *, site: str = "") -> str:
        """Return a web address, "" with a remark when it is none; `site` is where an address without a host is."""
        text = self._raw(field).strip()
        if not text:
            return ""
        try:
            address = values.parse_url(f"{site}{text}" if site and text.startswith("/") else text)
        except BadValue as bad:
            self.remark(field, bad.code, f"{bad.reason}; left out")
            return ""
        return self._short(field, address, _LONGEST_URL)

    def reference(self, field: str) -> int | str | None:
        """Return the number or key by which other records name this one."""
        found = self.found.get(field)
        if found is None or (isinstance(found, int | str) and not isinstance(found, bool)):
            return found
        self.wrong(field, "not-a-key", "a number or a key is expected")
        return None

    def is_true(self, field: str) -> bool:
        return self.found.get(field) in (True, "true")

    def is_false(self, field: str) -> bool:
        """Tell whether it is said that it is not so; absent says nothing."""
        return self.found.get(field) in (False, "false")

    # Objects within ------------------------------------------------------------------------------------------------------------------

    def again(self) -> "Item":
        """Return the same object as a record of its own: what is wrong with it there says nothing about it here."""
        return self._inner(self.found, "", [])

    def rows(self, *fields: str) -> list["Item"]:
        """Return one record for each place in lists that go together; a single one, without those values, where they are empty."""
        columns = [self._list(field) for field in fields]
        if len({len(column) for column in columns}) > 1:
            self.wrong(fields[-1], "lists-differ", f"as many values are expected as in {fields[0]}")
        places = list(zip(*columns, strict=False)) or [(None,) * len(fields)]
        return [self._inner({**self.found, **dict(zip(fields, values, strict=True))}, "", []) for values in places]

    def part(self, field: str) -> "Item":
        """Return the object in a field; an empty one when absent."""
        found = self.found.get(field)
        if found is not None and not isinstance(found, dict):
            self.wrong(field, "not-an-object", "an object is expected")
        return self._inner(found if isinstance(found, dict) else {}, f"{field}.", self.problems)

    def parts(self, field: str) -> list["Item"]:
        """Return the objects in a list; one that is no object is a problem of this record."""
        found = []
        for place, value in enumerate(self._list(field)):
            if isinstance(value, dict):
                found.append(self._inner(value, f"{field}[{place}].", self.problems))
            else:
                self.problems.append(self.problem(f"{field}[{place}]", "not-an-object", "an object is expected", value))
        return found

    def records(self, field: str) -> list["Item"]:
        """Return the objects in a list as records of their own; one that is no object is refused here."""
        found = []
        for place, value in enumerate(self._list(field)):
            if isinstance(value, dict):
                found.append(self._inner(value, f"{field}[{place}].", []))
            else:
                self._supply.rows += 1
                self._supply.refuse(self.problem(f"{field}[{place}]", "not-an-object", "an object is expected", value))
        return found

    def words(self, field: str, key: str = "name") -> tuple[str, ...]:
        """Return the words in a list, once each: texts, or objects whose `key` holds one."""
        found: dict[str, None] = {}
        for place, value in enumerate(self._list(field)):
            word = value.get(key) if isinstance(value, dict) else value
            if isinstance(word, str):
                found[clean_line(word)] = None
            elif word is not None:
                self.problems.append(self.problem(f"{field}[{place}]", "not-text", "text is expected", value))
        return tuple(word for word in found if word)

    def lines(self, field: str) -> tuple[str, ...]:
        """Return the texts or whole numbers in a list as texts, once each."""
        found: dict[str, None] = {}
        for place, value in enumerate(self._list(field)):
            if isinstance(value, str | int) and not isinstance(value, bool):
                found[clean_line(str(value))] = None
            else:
                self.problems.append(self.problem(f"{field}[{place}]", "not-text", "text or a number is expected", value))
        return tuple(found)

    def _inner(self, found: Mapping[str, Any], path: str, problems: list[Problem]) -> "Item":
        return Item(
            found, supply=self._supply, source=self.source, number=self.number, path=f"{self.path}{path}", problems=problems,
        )

    def _list(self, field: str) -> list[Any]:
        found = self.found.get(field)
        if found is None:
            return []
        if not isinstance(found, list):
            self.wrong(field, "not-a-list", "a list is expected")
            return []
        return found

    def _raw(self, field: str) -> str:
        found = self.found.get(field)
        if found is None:
            return ""
        if isinstance(found, bool) or not isinstance(found, str | int):
            self.wrong(field, "not-text", "text or a number is expected")
            return ""
        return str(found)

    def _short(self, field: str, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        self.wrong(field, "too-long", f"longer than {longest} characters")
        return ""


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _day_of(value: Any) -> date | None:  # noqa: ANN401 - whatever JSON holds
    """Raises TypeError, ValueError, OverflowError or OSError for what is no date."""
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return amsterdam_day(datetime.fromtimestamp(value, UTC))
    if not isinstance(value, str):
        raise TypeError
    if _DAY.match(value.strip()):
        return date.fromisoformat(value.strip())
    moment = datetime.fromisoformat(value.strip())
    # Without a zone it is the provider's own calendar: the day as it is written.
    return moment.date() if moment.tzinfo is None else amsterdam_day(moment)
