"""What other houses send: bytes to JSON, a list envelope to its items, an item to its family. Plain values in, plain answers out."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NoReturn

DEEPEST: Final = 100  # levels; the deepest real payload has 9
NOTICES: Final[Mapping[str, str]] = {
    "bare-list": "a list came without an envelope; it is taken as the only page",
    "charset-unknown": "the declared character set is not one we know",
    "not-as-declared": "the text is not in the character set that was declared; it was read as UTF-8",
    "utf-16-undeclared": "the text is UTF-16 and nothing says so",
    "windows-1252-assumed": "the text is not UTF-8; it was read as Windows-1252",
    "has-next-missing": "hasNextPage is missing; a full page is taken to have a next one",
    "page-size-ignored": "the page has another size than was asked for",
    "page-again": "a page brought nothing that was not on an earlier page",
    "seen-again": "an item was on an earlier page as well: the list changed during the harvest",
    "not-offered": "the endpoint does not offer this resource",
}


class NotAPayload(ValueError):
    """These bytes or this JSON can not be used; `code` is stable, `reason` is a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


# Bytes to JSON -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value, the encoding it was read in, and what was noticed (keys of NOTICES)."""

    value: Any
    encoding: str
    notices: tuple[str, ...]


# UTF-32 stands first: its little-endian mark begins with the one of UTF-16.
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_LATIN_1: Final = re.compile(r"us-ascii|ascii|iso-?8859-1|latin-?1", re.IGNORECASE)
# Only codecs of text: Python also knows some that decompress or escape.
_KNOWN_CHARSET: Final = re.compile(
    r"utf-?8|utf-?(?:16|32)(?:-?[lb]e)?|iso-?8859-(?:[2-9]|1[0-6])|(?:windows-|cp)125[0-8]", re.IGNORECASE,
)


def parsed(body: bytes, content_type: str = "") -> Parsed:
    """Read `body` as JSON. Numbers with a point stay text as they are written: 7412.10 is not 7412.1.

    The encoding is the one of the byte order mark, else the declared one, else UTF-8, else Windows-1252. Raises NotAPayload.
    """
    text, encoding, notices = _text_of(body, content_type)
    start = text.lstrip()[:1]
    if not start:
        raise NotAPayload("empty-answer", "nothing came")
    if start == "<":
        raise NotAPayload("html-instead-of-json", "a web page came instead of JSON: a sign-in page, perhaps")
    try:
        value = json.loads(text, parse_float=str, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        rest = text.rstrip()
        if error.pos >= len(rest) or rest[-1] not in "}]" or error.msg.startswith("Unterminated string"):
            raise NotAPayload("half-answer", f"the JSON breaks off in line {error.lineno}") from error
        raise NotAPayload("not-json", f"the JSON is broken in line {error.lineno}") from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # a number of thousands of digits
        raise NotAPayload("not-json", "the JSON holds something that is no number") from error
    _check_depth(value)
    return Parsed(value, encoding, notices)


def _refuse_constant(name: str) -> NoReturn:
    raise NotAPayload("not-json", f"{name} is not JSON")


def _text_of(body: bytes, content_type: str) -> tuple[str, str, tuple[str, ...]]:
    found = _CHARSET.search(content_type)
    charset = "" if found is None else found[1]
    if _LATIN_1.fullmatch(charset):
        charset = "windows-1252"  # as browsers do: who says Latin-1 sends euro signs all the same
    known = bool(_KNOWN_CHARSET.fullmatch(charset))
    unknown = ("charset-unknown",) if charset and not known else ()
    for encoding, notice in _candidates(body, charset if known else ""):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _begins_like_text(text):
            return text, encoding.removesuffix("-sig"), (*unknown, *((notice,) if notice else ()))
    return body.decode("cp1252", errors="replace"), "windows-1252", (*unknown, "windows-1252-assumed")


def _candidates(body: bytes, charset: str) -> Iterator[tuple[str, str]]:
    """Yield encodings in order of trust, each with what is noticed when it is the one."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            yield encoding, ""
    if charset:
        yield charset.casefold(), ""
    # JSON begins with a plain character, so a zero beside it is half of one (RFC 4627, section 3)
    if body[:1] == b"\x00":
        yield "utf-16-be", "utf-16-undeclared"
    elif body[1:2] == b"\x00":
        yield "utf-16-le", "utf-16-undeclared"
    yield "utf-8", "not-as-declared" if charset else ""


def _begins_like_text(text: str) -> bool:
    return text.lstrip()[:1].isascii() and "\x00" not in text[:4]


def _check_depth(value: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Refuse what is nested so deep that a reader which follows it down could fall."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner for outer in level if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> NotAPayload:
    return NotAPayload("nested-too-deep", f"the JSON is nested more than {DEEPEST} deep")


# An envelope to its items ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Envelope:
    """One page of a list. `has_next` and `page_size` are None where the page does not say; an item that is no object is None."""

    items: list[dict[str, Any] | None]
    has_next: bool | None
    page_size: int | None
    total_pages: int | None
    notices: tuple[str, ...] = ()

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [item for item in self.items if item is not None]


def envelope_of(value: Any) -> Envelope:  # noqa: ANN401 - whatever JSON holds
    """Read a list envelope of OOAPI, or a bare list as its only page. Raises NotAPayload."""
    if isinstance(value, list):
        return Envelope(_objects_in(value), has_next=False, page_size=None, total_pages=None, notices=("bare-list",))
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        raise NotAPayload("not-an-envelope", "a list of items is expected, with or without its envelope")
    has_next = value.get("hasNextPage")
    if isinstance(has_next, str) and has_next.casefold() in {"true", "false"}:
        has_next = has_next.casefold() == "true"
    if has_next is not None and not isinstance(has_next, bool):
        raise NotAPayload("not-an-envelope", "hasNextPage is neither true nor false")
    return Envelope(
        _objects_in(value["items"]), has_next, _count(value.get("pageSize")), _count(value.get("totalPages")),
        () if has_next is not None else ("has-next-missing",),
    )


def _objects_in(items: list[Any]) -> list[dict[str, Any] | None]:
    found = [item if isinstance(item, dict) else None for item in items]
    if found and not any(item is not None for item in found):
        raise NotAPayload("no-objects", "none of the items is an object")
    return found


def _count(value: Any) -> int | None:  # noqa: ANN401 - whatever JSON holds
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


# An item to its family ---------------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """The families of payloads, under their names of OOAPI v5."""

    ORGANIZATION = "organization"
    EDUCATION_SPECIFICATION = "education-specification"
    PROGRAM = "program"
    COURSE = "course"
    OFFERING = "offering"
    LEARNING_OUTCOME = "learning-outcome"


@dataclass(frozen=True, slots=True)
class Family:
    """What an item is, and in which version of OOAPI (5 or 6) it is written."""

    kind: Kind
    version: int


@dataclass(frozen=True, slots=True)
class Parent:
    """The course or programme that an offering is of: its kind and the source's id."""

    kind: Kind
    id: str


_EITHER: Final = 0
# The first field that is present decides. Offerings stand first: they name their course or programme as well.
_TELLING: Final = (
    ("courseOfferingId", Kind.OFFERING, 6),
    ("programmeOfferingId", Kind.OFFERING, 6),
    ("learningComponentOfferingId", Kind.OFFERING, 6),
    ("testComponentOfferingId", Kind.OFFERING, 6),
    ("offeringId", Kind.OFFERING, 5),
    ("offeringType", Kind.OFFERING, 5),
    ("educationSpecificationId", Kind.EDUCATION_SPECIFICATION, 5),
    ("educationSpecificationType", Kind.EDUCATION_SPECIFICATION, 5),
    ("programmeId", Kind.PROGRAM, 6),
    ("programmeType", Kind.PROGRAM, 6),
    ("programId", Kind.PROGRAM, 5),
    ("programType", Kind.PROGRAM, 5),
    ("courseId", Kind.COURSE, _EITHER),
    ("learningOutcomeId", Kind.LEARNING_OUTCOME, 6),
    ("organizationType", Kind.ORGANIZATION, 5),
    ("organisationType", Kind.ORGANIZATION, 6),
)
_OTHERS: Final = ("associationId", "componentId", "groupId")  # these name a course or an offering without being one
_COURSE_OF: Final = {
    5: ("teachingLanguage", "modeOfDelivery", "organization", "educationSpecification", "programs", "consumers"),
    6: ("teachingLanguages", "modesOfDelivery", "organisationId", "organisation", "programmeIds", "programmes",
        "learningOutcomeIds", "consumer"),
}
_IDENTITIES: Final = {
    Kind.ORGANIZATION: ("organizationId", "organisationId"),
    Kind.EDUCATION_SPECIFICATION: ("educationSpecificationId",),
    Kind.PROGRAM: ("programId", "programmeId"),
    Kind.COURSE: ("courseId",),
    Kind.OFFERING: tuple(field for field, kind, _version in _TELLING if kind is Kind.OFFERING and field.endswith("Id")),
    Kind.LEARNING_OUTCOME: ("learningOutcomeId",),
}
_PARENT_FIELDS: Final = (
    ("courseId", Kind.COURSE), ("course", Kind.COURSE),
    ("programmeId", Kind.PROGRAM), ("programme", Kind.PROGRAM), ("program", Kind.PROGRAM),
)


def family_of(item: Mapping[str, Any]) -> Family | None:
    """Return what `item` is by its fields, or None: it is not guessed from a name or from fields of both versions."""
    if not {"name", "primaryCode"} & item.keys() or any(field in item for field in _OTHERS):
        return None
    for field, kind, told in _TELLING:
        if field in item:
            version = told or _version_of_course(item)
            return Family(kind, version) if version else None
    return None


def _version_of_course(item: Mapping[str, Any]) -> int:
    """Return 5, 6 or 0 for fields of both. A course without any is v6, which asks for a name and a code only (v5: a language)."""
    fifth, sixth = (any(field in item for field in _COURSE_OF[version]) for version in (5, 6))
    if fifth and sixth:
        return 0
    return 5 if fifth else 6


def identity_of(item: Mapping[str, Any]) -> str:
    """Return the source's own id of `item`, else its primary code, else ""."""
    family = family_of(item)
    fields = () if family is None else _IDENTITIES[family.kind]
    code = item.get("primaryCode")
    for value in (*(item.get(field) for field in fields), code.get("code") if isinstance(code, dict) else None):
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    return ""


def parent_of(item: Mapping[str, Any]) -> Parent | None:
    """Return which course or programme an offering says it is of, as an id or expanded; None for anything else."""
    family = family_of(item)
    if family is None or family.kind is not Kind.OFFERING:
        return None
    for field, kind in _PARENT_FIELDS:
        value = item.get(field)
        if isinstance(value, dict):
            value = next((value[name] for name in _IDENTITIES[kind] if name in value), None)
        if isinstance(value, str) and value:
            return Parent(kind, value)
    return None
