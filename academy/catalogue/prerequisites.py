"""What one must have before a module: an expression of AND and OR over modules passed, EC reached and level; pure.

`AllOf((ModulePassed("NET-01"), AnyOf((ModulePassed("PRG-01"), LevelReached("4")))))` reads NET-01 and (PRG-01 or NLQF level 4).
In files it is written `NET-01 & (PRG-01 | level>=4) & ec>=60`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Any, Final

LEVELS: Final = ("1", "2", "3", "4", "4+", "5", "6", "7", "8")  # NLQF
_DEEPEST: Final = 20
_LONGEST: Final = 2_000


@dataclass(frozen=True)
class ModulePassed:
    """A module by its provider's own key; `provider` is the slug of another provider, "" for the same one.

    With `ec`, so many credits of that module are enough.
    """

    external_id: str
    provider: str = ""
    ec: Decimal | None = None


@dataclass(frozen=True)
class CreditsReached:
    """So many EC in the programme; `propaedeutic` counts those of the first year only."""

    ec: Decimal
    propaedeutic: bool = False


@dataclass(frozen=True)
class LevelReached:
    """A diploma at this NLQF level or higher."""

    nlqf: str


@dataclass(frozen=True)
class YearReached:
    """The year of study in which one may begin."""

    year: int


@dataclass(frozen=True)
class AllOf:
    items: tuple["Prerequisite", ...]


@dataclass(frozen=True)
class AnyOf:
    items: tuple["Prerequisite", ...]


Prerequisite = ModulePassed | CreditsReached | LevelReached | YearReached | AllOf | AnyOf


class PrerequisiteWrong(ValueError):
    """The text is no expression; the message says where."""


def modules_in(prerequisite: Prerequisite | None) -> Iterator[ModulePassed]:
    """Yield the modules that the expression names, from left to right."""
    match prerequisite:
        case ModulePassed():
            yield prerequisite
        case AllOf(items) | AnyOf(items):
            for item in items:
                yield from modules_in(item)
        case _:
            return


def as_json(prerequisite: Prerequisite) -> dict[str, Any]:
    """Return the expression as plain JSON; `from_json` reads it back."""
    match prerequisite:
        case ModulePassed(external_id, provider, ec):
            extra = ({"provider": provider} if provider else {}) | ({"ec": str(ec)} if ec is not None else {})
            return {"module": external_id} | extra
        case CreditsReached(ec, propaedeutic):
            return {"ec": str(ec)} | ({"propaedeutic": True} if propaedeutic else {})
        case LevelReached(nlqf):
            return {"level": nlqf}
        case YearReached(year):
            return {"year": year}
        case AllOf(items):
            return {"all": [as_json(item) for item in items]}
        case AnyOf(items):
            return {"any": [as_json(item) for item in items]}


def from_json(value: Mapping[str, Any]) -> Prerequisite:
    """Return the expression that `as_json` wrote. Raises PrerequisiteWrong for anything else."""
    match dict(value):
        case {"all": [*items]}:
            return AllOf(tuple(from_json(item) for item in items))
        case {"any": [*items]}:
            return AnyOf(tuple(from_json(item) for item in items))
        case {"module": str(external_id), **rest}:
            return ModulePassed(external_id, rest.get("provider", ""), Decimal(rest["ec"]) if "ec" in rest else None)
        case {"ec": str(ec), **rest}:
            return CreditsReached(Decimal(ec), bool(rest.get("propaedeutic")))
        case {"level": str(nlqf)}:
            return LevelReached(nlqf)
        case {"year": int(year)}:
            return YearReached(year)
        case _:
            raise PrerequisiteWrong(f"not a prerequisite: {sorted(value)}")


_TOKEN: Final = re.compile(r"\s*(?:([&|()])|((?:ec|level|year)\s*>=\s*[0-9][0-9.,+]*)|([^\s&|()][^&|()]*))", re.IGNORECASE)


_OF_OTHER: Final = re.compile(r"([a-z0-9-]+)/([^/].*)")  # an address such as https://… is a key like any other


def parse(text: str) -> Prerequisite | None:
    """Return the expression in `text`, None when it is empty. Raises PrerequisiteWrong.

    `&` binds before `|`; a module is written as its key, one of another provider as `slug/KEY`.
    """
    if not text.strip():
        return None
    if len(text) > _LONGEST:
        raise PrerequisiteWrong(f"longer than {_LONGEST} characters")
    tokens = _Tokens(text)
    found = _any_of(tokens, 0)
    if tokens.next is not None:
        raise PrerequisiteWrong(f'"{tokens.next}" is not expected here')
    return found


def write(prerequisite: Prerequisite) -> str:
    """Return the expression as `parse` reads it."""
    match prerequisite:
        case ModulePassed(external_id, provider, _):
            return f"{provider}/{external_id}" if provider else external_id
        case CreditsReached(ec, _):
            return f"ec>={ec}"
        case LevelReached(nlqf):
            return f"level>={nlqf}"
        case YearReached(year):
            return f"year>={year}"
        case AllOf(items):
            return " & ".join(f"({write(item)})" if isinstance(item, AnyOf) else write(item) for item in items)
        case AnyOf(items):
            return " | ".join(write(item) for item in items)


class _Tokens:
    def __init__(self, text: str) -> None:
        self._found = [match[1] or match[2] or match[3].strip() for match in _TOKEN.finditer(text)]
        self._place = 0

    @property
    def next(self) -> str | None:
        return self._found[self._place] if self._place < len(self._found) else None

    def take(self) -> str:
        if self.next is None:
            raise PrerequisiteWrong("it stops too early")
        self._place += 1
        return self._found[self._place - 1]


def _any_of(tokens: _Tokens, depth: int) -> Prerequisite:
    items = [_all_of(tokens, depth)]
    while tokens.next == "|":
        tokens.take()
        items.append(_all_of(tokens, depth))
    return items[0] if len(items) == 1 else AnyOf(tuple(items))


def _all_of(tokens: _Tokens, depth: int) -> Prerequisite:
    items = [_one(tokens, depth)]
    while tokens.next == "&":
        tokens.take()
        items.append(_one(tokens, depth))
    return items[0] if len(items) == 1 else AllOf(tuple(items))


def _one(tokens: _Tokens, depth: int) -> Prerequisite:
    if depth > _DEEPEST:
        raise PrerequisiteWrong("the brackets are nested too deep")
    part = tokens.take()
    if part == "(":
        inside = _any_of(tokens, depth + 1)
        if tokens.next != ")":
            raise PrerequisiteWrong("a bracket is not closed")
        tokens.take()
        return inside
    if part in {"&", "|", ")"}:
        raise PrerequisiteWrong(f'"{part}" is not expected here')
    return _leaf(part)


def _leaf(written: str) -> Prerequisite:
    word, is_bound, bound = (part.strip() for part in written.partition(">="))
    if not is_bound or word.casefold() not in {"ec", "level", "year"}:
        of_other = _OF_OTHER.fullmatch(written)
        return ModulePassed(written) if of_other is None else ModulePassed(of_other[2], of_other[1])
    if word.casefold() == "level":
        if bound not in LEVELS:
            raise PrerequisiteWrong(f'"{bound}" is no NLQF level')
        return LevelReached(bound)
    try:
        number = Decimal(bound.replace(",", "."))
    except InvalidOperation as error:
        raise PrerequisiteWrong(f'"{bound}" is no number') from error
    return YearReached(int(number)) if word.casefold() == "year" else CreditsReached(number)


class Fit(IntEnum):
    """How far a person has what is asked, as far as is known; the smaller, the better."""

    MET = 0
    UNKNOWN = 1  # somebody who knows more decides
    NOT_MET = 2


@dataclass(frozen=True)
class Known:
    """What is known of a person: the level of the diploma they say to have ("" for not said), modules passed with their EC, EC in all."""

    nlqf: str = ""
    passed: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)  # (slug of the provider, external id)
    ec: Decimal = Decimal(0)


def fit(asked: Prerequisite, known: Known, *, provider: str) -> Fit:
    """Tell how far `known` is what is asked; `provider` is the slug of who asks.

    What is not on record may have been learned elsewhere, so it is unknown. A diploma one level too low may be made up for by work, which its
    provider judges (WHW art. 7.29, the examination of who is over 21, is of that kind); two levels too low is not met.
    """
    match asked:
        case AllOf(items):
            return max((fit(item, known, provider=provider) for item in items), default=Fit.MET)
        case AnyOf(items):
            return min((fit(item, known, provider=provider) for item in items), default=Fit.MET)
        case LevelReached(nlqf) if known.nlqf in LEVELS and nlqf in LEVELS:
            return Fit(min(max(LEVELS.index(nlqf) - LEVELS.index(known.nlqf), Fit.MET), Fit.NOT_MET))
        case ModulePassed(external_id, of_other, ec):
            reached = known.passed.get((of_other or provider, external_id))
            return Fit.MET if reached is not None and reached >= (ec or 0) else Fit.UNKNOWN
        case CreditsReached(ec, propaedeutic):
            return Fit.MET if known.ec >= ec and not propaedeutic else Fit.UNKNOWN
        case _:
            return Fit.UNKNOWN


def unmet(asked: Prerequisite, known: Known, *, provider: str) -> Iterator[Prerequisite]:
    """Yield the smallest parts that are not met, from left to right; a choice of which none is met is one part."""
    if isinstance(asked, AllOf):
        for item in asked.items:
            yield from unmet(item, known, provider=provider)
    elif fit(asked, known, provider=provider) is not Fit.MET:
        yield asked


def asks_level(asked: Prerequisite | None) -> bool:
    """Tell whether the level of a diploma counts, so that it is worth asking for."""
    match asked:
        case AllOf(items) | AnyOf(items):
            return any(asks_level(item) for item in items)
        case _:
            return isinstance(asked, LevelReached)


def circles(graph: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles of modules that each need the next, the first one repeated at the end, until without their modules none is left.

    `graph` holds per module the modules it needs, in whatever way; a module that one may replace by another is still needed by it here,
    because nobody should have to find out. Costs no more than the size of the graph.
    """
    seen: set[str] = set()
    for start in sorted(graph):
        if start in seen:
            continue
        seen.add(start)
        way, places, turns = [start], {start: 0}, [iter(sorted(graph[start]))]
        while turns:
            needed = next(turns[-1], None)
            if needed is not None and needed in places:
                first = places[needed]
                yield (*way[first:], needed)
                for module in way[first:]:
                    del places[module]
                del way[first:], turns[first:]
            elif needed is None:
                del places[way.pop()]
                turns.pop()
            elif needed not in seen and needed in graph:
                seen.add(needed)
                places[needed] = len(way)
                way.append(needed)
                turns.append(iter(sorted(graph[needed])))
