"""Filters as the documents describe them: read from text, and tried on documents one by one."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.search.stub.errors import bad

_SIGN = re.compile(r"""\s*(?:(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<sign><=|>=|!=|[=<>()\[\],])|(?P<word>[^\s=<>!()\[\],"']+))""", re.DOTALL)
_WORDS_OF_FILTERS = {"AND", "OR", "NOT", "IN", "TO", "EXISTS"}
_EARTH_METRES = 6_371_008.8
Test = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True)
class Allowed:
    """Which attributes may be compared for equality, which by size, and whether distance may be asked."""

    equal: frozenset[str]
    size: frozenset[str]
    geo: bool


def compiled(given: object, allowed: Allowed, code: str = "invalid_search_filter") -> Test:
    """Return the test of a filter: a text, or a list of conditions that hold at once, in which a list holds choices."""
    if given is None:
        return lambda _document: True
    if isinstance(given, str):
        return _Reader(given, allowed, code).whole() if given.strip() else lambda _document: True
    if not isinstance(given, list):
        raise bad(code, "Invalid syntax for the filter parameter: `expected String, Array`")
    tests = [_any([compiled(each, allowed, code) for each in one]) if isinstance(one, list) else compiled(one, allowed, code) for one in given]
    return _all(tests)


def _any(tests: list[Test]) -> Test:
    return lambda document: any(test(document) for test in tests)


def _all(tests: list[Test]) -> Test:
    return lambda document: all(test(document) for test in tests)


def values(document: dict[str, Any], field: str) -> list[Any]:
    found = document.get(field)
    return found if isinstance(found, list) else [] if found is None else [found]


def same(text: str) -> str:
    """Return what the server compares of a text: without case and spaces around it."""
    return text.strip().lower()


class _Reader:
    def __init__(self, text: str, allowed: Allowed, code: str) -> None:
        self._code, self._allowed, self._text = code, allowed, text
        self._left: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            found = _SIGN.match(text, place)
            if found is None:
                raise self._error()
            kind = str(found.lastgroup)
            self._left.append((kind, found[kind]))
            place = found.end()

    def whole(self) -> Test:
        test = self._or()
        if self._left:
            raise self._error()
        return test

    def _error(self) -> Exception:
        return bad(self._code, f"Was expecting an operation at `{self._text}`")

    def _next(self, *wanted: str) -> tuple[str, str]:
        if not self._left or (wanted and self._left[0][1] not in wanted):
            raise self._error()
        return self._left.pop(0)

    def _sees(self, *words: str) -> bool:
        return bool(self._left) and self._left[0][0] != "quoted" and self._left[0][1] in words

    def _or(self) -> Test:
        tests = [self._and()]
        while self._sees("OR"):
            self._next()
            tests.append(self._and())
        return _any(tests)

    def _and(self) -> Test:
        tests = [self._not()]
        while self._sees("AND"):
            self._next()
            tests.append(self._not())
        return _all(tests)

    def _not(self) -> Test:
        if self._sees("NOT"):
            self._next()
            test = self._not()
            return lambda document: not test(document)
        if self._sees("("):
            self._next()
            test = self._or()
            self._next(")")
            return test
        if self._sees("_geoRadius"):
            return self._radius()
        return self._condition(self._value())

    def _value(self) -> str:
        kind, found = self._next()
        if kind == "sign" or (kind == "word" and found in _WORDS_OF_FILTERS):
            raise self._error()
        return found[1:-1].replace("\\" + found[0], found[0]) if kind == "quoted" else found

    def _condition(self, field: str) -> Test:
        if self._sees("IN"):
            self._next()
            self._may(field, self._allowed.equal)
            wanted = {same(value) for value in self._list()}
            return lambda document: any(same(_text(value)) in wanted for value in values(document, field))
        if self._sees("EXISTS"):
            self._next()
            self._may(field, self._allowed.equal)
            return lambda document: field in document
        if self._sees("=", "!="):
            differs = self._next()[1] == "!="
            self._may(field, self._allowed.equal)
            value = same(self._value())
            return lambda document: any(same(_text(found)) == value for found in values(document, field)) != differs
        if self._sees("<", "<=", ">", ">="):
            sign = self._next()[1]
            return self._sized(field, sign, self._number())
        least = self._number()
        self._next("TO")
        return _all([self._sized(field, ">=", least), self._sized(field, "<=", self._number())])

    def _list(self) -> Iterable[str]:
        self._next("[")
        found = []
        while not self._sees("]"):
            found.append(self._value())
            if not self._sees("]"):
                self._next(",")
        self._next("]")
        return found

    def _number(self) -> float:
        try:
            return float(self._value())
        except ValueError:
            raise self._error() from None

    def _sized(self, field: str, sign: str, bound: float) -> Test:
        self._may(field, self._allowed.size)
        compare: Callable[[float], bool] = {
            "<": lambda value: value < bound, "<=": lambda value: value <= bound, ">": lambda value: value > bound,
            ">=": lambda value: value >= bound,
        }[sign]
        return lambda document: any(compare(value) for value in values(document, field) if isinstance(value, int | float))

    def _radius(self) -> Test:
        self._next("_geoRadius")
        self._next("(")
        found = []
        for end in (",", ",", ")"):
            found.append(self._number())
            self._next(end)
        if not self._allowed.geo or not -90 <= found[0] <= 90 or not -180 <= found[1] <= 180:
            raise self._error()
        return lambda document: "_geo" in document and metres(document["_geo"], found[0], found[1]) <= found[2]

    def _may(self, field: str, allowed: frozenset[str]) -> None:
        if field not in allowed:
            raise bad(self._code, f"Attribute `{field}` is not filterable.")


def _text(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, int | float) else str(value)


def metres(point: dict[str, float], latitude: float, longitude: float) -> float:
    """Return how far a point is over a round earth."""
    here, there, along = (math.radians(each) for each in (latitude, point["lat"], point["lng"] - longitude))
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(along / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(math.sqrt(half))
