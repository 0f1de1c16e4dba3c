"""What an item says to RIO, and its codes in registers."""

from collections.abc import Iterator, Mapping
from re import Pattern
from typing import Any

from academy.catalogue.api import CodeDraft, CodeScheme
from academy.exchange.ooapi.fields import Payload
from academy.exchange.ooapi.vocabulary import (
    CODE_SCHEMES,
    LOCATION_CODE,
    OFFERER_CODE,
    REGISTER_CODE,
    VOCATIONAL,
    key_of,
)
from academy.exchange.values import BadValue, parse_register_code
from academy.kernel.cleaning import clean_line

_LONGEST_CODE = 100


def rio(item: Payload) -> tuple[str, Mapping[str, Any]]:
    """Return what is said to RIO, with its path; nothing when nothing is."""
    for path, consumer in item.objects(item.first_of("consumers", "consumer")):
        if str(consumer.get("consumerKey", "")).casefold() == "rio":
            return path, consumer
    return "", {}


def register_codes(item: Payload) -> tuple[CodeDraft, ...]:
    """Return the codes by which registers know a course or programme. A code of RIO that is none refuses the item."""
    return tuple(dict.fromkeys((*_own_codes(item), *_rio_codes(item))))


def partners(item: Payload) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who gives it as well: the RIO codes of Dutch institutions, and the names of foreign ones."""
    path, said = rio(item)
    joint = said.get("jointPartnerCodes")
    codes = [code for code in (joint if isinstance(joint, list) else [joint]) if code]
    for index, code in enumerate(codes):
        _check(item, f"{path}.jointPartnerCodes[{index}]", code, OFFERER_CODE, "123A456")
    foreign = said.get("foreignPartners")
    if isinstance(foreign, str) and foreign:
        item.remark(f"{path}.foreignPartners", "string-instead-of-list", "a list is expected; the one value is taken", foreign)
        foreign = [foreign]
    names = foreign if isinstance(foreign, list) else []
    return tuple(dict.fromkeys(map(str, codes))), tuple(dict.fromkeys(clean_line(name) for name in names if isinstance(name, str)))


def _rio_codes(item: Payload) -> Iterator[CodeDraft]:
    path, said = rio(item)
    for name, scheme, pattern, example in (
        ("educationOffererCode", CodeScheme.RIO_OFFERER, OFFERER_CODE, "123A456"),
        ("educationLocationCode", CodeScheme.RIO_LOCATION, LOCATION_CODE, "123X456"),
    ):
        code = said.get(name)
        if code and _check(item, f"{path}.{name}", code, pattern, example):
            yield CodeDraft(scheme, code)


def _check(item: Payload, path: str, code: object, pattern: Pattern[str], example: str) -> bool:
    fits = isinstance(code, str) and pattern.fullmatch(code) is not None
    if not fits:
        item.refuse(path, "not-a-rio-code", f"a code of RIO is expected, such as {example}", code)
    return fits


def _own_codes(item: Payload) -> Iterator[CodeDraft]:
    for path, entry in (*item.objects("primaryCode"), *item.objects("otherCodes")):
        kind, said = key_of(str(entry.get("codeType") or "")), entry.get("code")
        code = clean_line(str(said)) if isinstance(said, str | int) and not isinstance(said, bool) else ""
        if kind == REGISTER_CODE:
            yield from _register_code(item, path, code)
        elif kind in CODE_SCHEMES and 0 < len(code) <= _LONGEST_CODE:
            yield CodeDraft(CODE_SCHEMES[kind], code)


def _register_code(item: Payload, path: str, code: str) -> Iterator[CodeDraft]:
    try:
        value, dotted = parse_register_code(code)
    except BadValue as bad:
        item.remark(f"{path}.code", bad.code, f"{bad.reason}; left out", code)
        return
    if dotted:
        item.remark(f"{path}.code", "dot-in-code", "the dot was taken out", code)
    is_vocational = VOCATIONAL in {key_of(item.word("sector")), key_of(item.word("level"))[: len(VOCATIONAL)]}
    yield CodeDraft(CodeScheme.CREBO if is_vocational else CodeScheme.CROHO, value)
