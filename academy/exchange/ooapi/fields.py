"""Reads the fields of one payload, whatever JSON they turn out to hold, and gathers what is wrong and what is odd on the way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from academy.exchange import values
from academy.exchange.findings import Notices, Problem, shown
from academy.exchange.ooapi.vocabulary import REQUIRED, key_of
from academy.exchange.payloads import Kind
from academy.exchange.values import BadValue
from academy.kernel.cleaning import clean_line, clean_text
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.money import Money
from academy.kernel.text import Localized

Word = TypeVar("Word")

_LONGEST_TEXT: Final = 50_000
_LONGEST_TITLE: Final = 300
_LONGEST_SUMMARY: Final = 400
_WORDS: Final = re.compile(r"\w")
_INDEX: Final = re.compile(r"\[\d+\]")
_AMOUNT: Final = re.compile(r"\d{1,9}(?:\.\d+)?")  # the standard: a dot, never a comma
_DURATION: Final = re.compile(
    r"P(?=.)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?",
)
_DAYS_PER_MONTH: Final = Decimal(365) / 12


@dataclass
class Payload:
    """One item: `number` counts the items of its `source` (a file, or a page of a feed); paths in findings begin at the item."""

    source: str
    number: int
    kind: Kind
    version: int
    value: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    _remarks: list[tuple[str, str, str, str]] = field(default_factory=list)

    # Findings ------------------------------------------------------------------------------------------------------------------------

    def refuse(self, path: str, code: str, reason: str, value: object = "") -> None:
        """Say what can not be right: the item is left out."""
        self.problems.append(Problem(self.number, path, shown(str(value)), code, reason, self.source))

    def remark(self, path: str, code: str, text: str, value: object = "") -> None:
        """Say what is odd and was understood all the same."""
        self._remarks.append((path, code, text, f"{self.source}: {value}" if value != "" else self.source))

    def tell(self, notices: Notices) -> None:
        """Hand over the remarks of an item that is taken."""
        for path, code, text, value in self._remarks:
            notices.add(code, text, column=_INDEX.sub("[]", path), line=self.number, value=value)

    def remark_missing(self) -> None:
        """Notice what the standard requires and the catalogue can do without."""
        for name in REQUIRED.get((self.kind, self.version), ()):
            if name not in self.value:
                self.remark(name, "required-missing", "the standard requires this field")

    # Plain values --------------------------------------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return self.value.get(name) not in (None, "", [], {})

    def first_of(self, *names: str) -> str:
        """Return the first of these names that holds something, else the first: v5 and v6 name one thing differently."""
        return next((name for name in names if self.has(name)), names[0])

    def word(self, name: str) -> str:
        """Return a string or number as text on one line, "" for anything else."""
        value = self.value.get(name)
        return clean_line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of strings; one string instead of a list is tolerated."""
        value = self.value.get(name)
        if isinstance(value, str) and value:
            self.remark(name, "string-instead-of-list", "a list is expected; the one value is taken", value)
            return (clean_line(value),)
        if not isinstance(value, list):
            return ()
        return tuple(dict.fromkeys(clean_line(each) for each in value if isinstance(each, str) and each.strip()))

    def objects(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the objects of a list (or the one object instead of a list), each with its path."""
        value = self.value.get(name)
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(each, Mapping):
                yield (f"{name}[{index}]" if isinstance(value, list) else name), each

    def known(self, name: str, vocabulary: Mapping[str, Word], *, strict: bool = False) -> Word | None:
        """Return what a word stands for; None where there is none. An unknown word is refused when `strict`, else left out."""
        word = self.word(name)
        if not word:
            return None
        if key_of(word) in vocabulary:
            return vocabulary[key_of(word)]
        if strict and not word.startswith("x-"):
            self.refuse(name, "word-unknown", f"this is no {name} of OOAPI v{self.version}", word)
        else:
            self.remark(name, "word-unknown", "this word is not in the standard; left out", word)
        return None

    # Texts ---------------------------------------------------------------------------------------------------------------------------

    def title(self, name: str = "name") -> Localized:
        """Return the required name on one line."""
        title = self.text(name, line=True)
        if not title and not self.problems:
            self.refuse(name, "empty", "this may not be empty", self.value.get(name) or "")
        for text in (title.nl, title.en):
            if len(text) > _LONGEST_TITLE:
                self.refuse(name, "too-long", f"longer than {_LONGEST_TITLE} characters", text)
        return title

    def text(self, name: str, *, line: bool = False) -> Localized:
        """Return a LanguageTypedString list as clean text."""
        return self.text_of(name, self.value.get(name), line=line)

    def text_of(self, path: str, value: Any, *, line: bool = False) -> Localized:  # noqa: ANN401 - whatever JSON holds
        """Return `value` as text: a list of {language, value}, or what stands for it."""
        if value in (None, "", []):
            return Localized()
        if isinstance(value, str):
            self.remark(path, "string-instead-of-list", "a list of texts with their language is expected; the one text is taken")
            return Localized(nl=self._clean(path, value, line=line))
        found: dict[str, str] = {}
        for each in value if isinstance(value, list) else [value]:
            said = each.get("value") if isinstance(each, Mapping) else None
            if not isinstance(said, str):
                self.remark(path, "text-without-value", "an object with language and value is expected; left out")
                continue
            language = str(each.get("language") or "")[:2].casefold()
            found.setdefault(language, self._clean(path, said, line=line))
        if found and not {"nl", "en"} & found.keys():
            self.remark(path, "other-language", "neither Dutch nor English; shown to readers of either", next(iter(found)))
            return Localized(nl=next(iter(found.values())))
        return Localized(nl=found.get("nl", ""), en=found.get("en", ""))

    def _clean(self, path: str, raw: str, *, line: bool) -> str:
        text = clean_line(raw) if line else clean_text(raw)
        if len(text) > _LONGEST_TEXT:
            self.refuse(path, "too-long", f"longer than {_LONGEST_TEXT} characters")
        if text and not _WORDS.search(text):
            self.remark(path, "no-words", "a text without a letter or digit is left out", text)
            return ""
        return text

    # Codes ---------------------------------------------------------------------------------------------------------------------------

    def code(self) -> str:
        """Return the required primary code."""
        entry = self.value.get("primaryCode")
        code = entry.get("code") if isinstance(entry, Mapping) else entry
        if not isinstance(code, str | int) or isinstance(code, bool) or not clean_line(str(code)):
            self.refuse("primaryCode", "empty", "a code type and a code are required", entry or "")
            return ""
        if not isinstance(entry, Mapping) or not entry.get("codeType"):
            self.remark("primaryCode", "code-type-missing", "an object with codeType and code is expected; the code is taken", code)
        text = clean_line(str(code))
        if len(text) > 60:  # noqa: PLR2004 - what the catalogue keeps
            self.refuse("primaryCode.code", "too-long", "longer than 60 characters", text)
        return text

    def reference(self, *names: str) -> str:
        """Return the id of what the item refers to: given as an id, or as the whole object."""
        value = self.value.get(self.first_of(*names))
        if isinstance(value, Mapping):
            value = next((each for key, each in value.items() if key.endswith("Id") and isinstance(each, str)), None)
        return value.strip() if isinstance(value, str) else ""

    # Numbers and time ----------------------------------------------------------------------------------------------------------------

    def count(self, name: str) -> int | None:
        """Return a number of people."""
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000:  # noqa: PLR2004 - more than a city
            return value
        if isinstance(value, str) and re.fullmatch(r"\d{1,6}(?:\.0+)?", value):
            return int(value.partition(".")[0])
        self.refuse(name, "not-a-number", "a whole number is expected", value)
        return None

    def day(self, name: str, *, ends: bool = False) -> date | None:
        """Return the day in Amsterdam of a date or moment; a moment that `ends` something at midnight ends the day before."""
        return self.day_of(name, self.value.get(name), ends=ends)

    def day_of(self, path: str, value: Any, *, ends: bool = False) -> date | None:  # noqa: ANN401 - whatever JSON holds
        """Return `value` as a day; what is none is refused."""
        if value in (None, ""):
            return None
        try:
            if not isinstance(value, str):
                raise TypeError  # noqa: TRY301 - answered with the others
            if len(value) == len("2026-09-01"):
                return date.fromisoformat(value)
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                self.remark(path, "no-time-zone", "a moment without its time zone; taken as Amsterdam", value)
                moment = moment.replace(tzinfo=AMSTERDAM)
            return amsterdam_day(moment - timedelta(seconds=1) if ends else moment)
        except (TypeError, ValueError, OverflowError):
            self.refuse(path, "not-a-date", "a date is expected, as 2026-09-01", value)
            return None

    def in_order(self, first: str, last: str, code: str = "end-before-start") -> tuple[date | None, date | None]:
        """Return two days; the last may not be before the first."""
        since, until = self.day(first), self.day(last, ends=True)
        if since is not None and until is not None and until < since:
            self.refuse(last, code, f"this is before {first} ({since})", self.value.get(last))
        return since, until

    def months(self) -> int | None:
        """Return an ISO 8601 duration in whole months; None when it is unknown or shorter than half of one."""
        text = self.word("duration")
        found = _DURATION.fullmatch(text)
        if found is None:
            if text:
                self.remark("duration", "not-a-duration", "an ISO 8601 duration is expected, as P2Y or P10W; left out", text)
            return None
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        whole = 12 * years + months + round((7 * weeks + days) / _DAYS_PER_MONTH)
        return whole or None

    def credits(self, path: str, value: Any) -> Decimal | None:  # noqa: ANN401 - whatever JSON holds
        """Return study credits; what can not be EC is refused."""
        try:
            return values.parse_ec(str(value))
        except BadValue as bad:
            self.refuse(path, bad.code, bad.reason, value)
            return None

    def hours(self, path: str, value: Any) -> int | None:  # noqa: ANN401 - whatever JSON holds
        """Return hours of study, rounded."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal(-1)
        if isinstance(value, bool) or not number.is_finite() or not 0 <= number <= 20_000:  # noqa: PLR2004 - eleven years of full time
            self.refuse(path, "not-a-number", "a number of hours is expected", value)
            return None
        return int(number.to_integral_value())

    def euros(self, path: str, value: Any) -> Money | None:  # noqa: ANN401 - whatever JSON holds
        """Return an amount as the standard writes it: `495.00`. What is none is refused."""
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not _AMOUNT.fullmatch(text):
            self.refuse(path, "not-a-price", "an amount is expected as 495.00: with a dot, without a sign", value)
            return None
        amount = Decimal(text)
        if amount > 1_000_000 or amount * 100 % 1:  # noqa: PLR2004 - as for files
            self.refuse(path, "not-a-price", "an amount of at most 1000000 with at most two decimals is expected", value)
            return None
        return Money(int(amount * 100))


def summary_of(text: Localized) -> Localized:
    """Return the first paragraph of a description, as far as a card has room for it."""
    return Localized(_begin(text.nl), _begin(text.en))


def _begin(text: str) -> str:
    first = " ".join(text.partition("\n\n")[0].split())
    if len(first) <= _LONGEST_SUMMARY:
        return first
    return f"{first[: _LONGEST_SUMMARY - 1].rpartition(' ')[0]}…"


def joined(*texts: Localized) -> Localized:
    """Return the texts below each other, per language."""
    return Localized("\n\n".join(text.nl for text in texts if text.nl), "\n\n".join(text.en for text in texts if text.en))
