"""One record becomes one draft of the catalogue, with its remarks, or the problems that refuse it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ftfy.badness import is_bad

from academy.catalogue.api import AD_CREDITS, ModuleDraft, ModuleKind, ProgrammeDraft
from academy.exchange import values
from academy.exchange.cleaning import clean_line, clean_text
from academy.exchange.findings import Problem, shown
from academy.exchange.shapes import (
    COURSERA,
    CROHO,
    EDX,
    HBO_ICT,
    ONLINE_COURSES,
    OWN_SECTORS,
    ImportKind,
    Shape,
    ValueKind,
    misfit,
)
from academy.exchange.structured import LIST_SEPARATOR
from academy.exchange.values import BadValue
from academy.kernel.text import Localized

Draft = ModuleDraft | ProgrammeDraft

# What the tables of the catalogue hold; a text without an own limit gets that of "text".
_LONGEST: Final = {"external_id": 300, "code": 60, "institution": 300, "website": 1000, "title": 300, "text": 50_000}
_LONGEST_SUMMARY: Final = 400
_NO_TEXT: Final = {"no abstract available", "pending", "none"}
_VARIANTS: Final = ("voltijd", "deeltijd", "duaal")


@dataclass
class Row:
    """The cells of one record under the shape's column keys; gathers what is wrong or remarkable on the way."""

    line: int
    shape: Shape
    cells: Mapping[str, str]
    names: Mapping[str, str]  # from the shape's key to the column as the file writes it
    problems: list[Problem] = field(default_factory=list)
    remarks: list[tuple[str, str, str, str]] = field(default_factory=list)  # code, column, value, text

    def raw(self, key: str) -> str:
        return self.cells.get(self.names.get(key, ""), "")

    def refuse(self, key: str, code: str, reason: str) -> None:
        self.problems.append(Problem(self.line, shown(self.names.get(key, key)), shown(self.raw(key)), code, reason))

    def remark(self, key: str, code: str, text: str) -> None:
        self.remarks.append((code, self.names.get(key, key), self.raw(key), text))

    def text(self, key: str) -> str:
        """Return the cell as plain text with paragraphs."""
        return self._checked(key, clean_text(self.raw(key)), "text")

    def words(self, key: str, longest: str = "title") -> str:
        """Return the cell as plain text on one line, no longer than the catalogue keeps."""
        return self._checked(key, clean_line(self.raw(key)), longest)

    def _checked(self, key: str, text: str, longest: str) -> str:
        if text.casefold() in _NO_TEXT:
            return ""
        if len(text) > _LONGEST[longest]:
            self.refuse(key, "too-long", f"longer than {_LONGEST[longest]} characters")
        if not text.isascii() and ("\N{REPLACEMENT CHARACTER}" in text or is_bad(text)):
            self.remark(key, "mojibake", "looks decoded with the wrong character set; loaded as it came")
        return text

    def languages(self, key: str) -> tuple[str, ...]:
        return values.parse_languages(self.raw(key)).codes

    def price(self, key: str, *, in_euros: bool) -> values.Price:
        try:
            price = values.parse_price(self.raw(key), in_euros=in_euros)
        except BadValue:
            return values.Price(None)  # already refused as a misfit
        if price.amount is None and price.note:
            self.remark(key, "price-not-in-euros", "kept in words; an amount in another currency is not turned into euros")
        return price


@dataclass(frozen=True)
class Parsed:
    """A draft without what its subject adds, so that rows which differ in subject alone are seen to be one course."""

    draft: Draft
    subjects: tuple[str, ...]

    def digest(self) -> bytes:
        return hashlib.blake2b(repr(self.draft).encode(), digest_size=16).digest()


def misfits(row: Row) -> dict[str, BadValue | None]:
    """Return for every filled, checked cell why it is no value of its column, or None when it is."""
    return {
        key: misfit(kind, row.raw(key))
        for key, kind in row.shape.columns.items()
        if kind is not ValueKind.TEXT and not values.is_nothing(row.raw(key))
    }


def parse_row(row: Row, found: Mapping[str, BadValue | None]) -> Parsed | None:
    """Return the draft, or None when the row has problems (then they are in `row.problems`)."""
    for key, bad in found.items():
        if bad is None:
            continue
        if key in row.shape.loose:
            row.remark(key, bad.code, f"{bad.reason}; kept as it came")
        else:
            row.refuse(key, bad.code, bad.reason)
    for key in row.shape.filled:
        if not clean_line(row.raw(key)):
            row.refuse(key, "empty", "this may not be empty")
    if row.problems:
        return None
    draft = _BUILDERS.get(row.shape.name, _own)(row)
    subjects = _subjects(row)
    return None if row.problems else Parsed(draft, subjects)


def finished(parsed: Draft, subjects: set[str], shape: Shape) -> Draft:
    """Return the draft with the sectors its subjects stand for; another source's own subject is kept among the topics."""
    known = shape.subjects or {}
    sectors = tuple(sorted({known[subject.casefold()] for subject in subjects if subject.casefold() in known}))
    if isinstance(parsed, ProgrammeDraft) or shape.subjects is OWN_SECTORS:
        return replace(parsed, sectors=sectors)
    topics = dict.fromkeys((*parsed.topics, *sorted(subjects)))
    return replace(parsed, sectors=sectors, topics=tuple(topics))


def _subjects(row: Row) -> tuple[str, ...]:
    if not row.shape.subject:
        return ()
    if row.shape.subjects is not OWN_SECTORS:
        subject = row.words(row.shape.subject)
        return (subject,) if subject else ()
    sectors = values.split_list(row.raw(row.shape.subject).replace(LIST_SEPARATOR, ",").casefold())
    for sector in sectors:
        if sector not in OWN_SECTORS:
            row.remark(row.shape.subject, "unknown-sector", f"no sector of ours, left out; known are: {', '.join(OWN_SECTORS)}")
    return sectors


def _in(languages: tuple[str, ...], text: str) -> Localized:
    """Put a text under Dutch when it is Dutch; under English otherwise, where the reader of either language finds it."""
    return Localized(nl=text) if languages == ("nl",) else Localized(en=text)


def _facts(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _edx(row: Row) -> ModuleDraft:
    languages = row.languages("language")
    price = row.price("price", in_euros=False)
    facts = _facts(row.words("course_effort"), row.words("course_length"), row.words("course_type"), row.words("level"))
    about = [part for part in (row.text("course_description"), row.text("course_syllabus"), facts) if part]
    return ModuleDraft(
        external_id=row.words("course_url", "external_id"), code="", kind=ModuleKind.MOOC,
        title=_in(languages, row.words("title")), summary=_in(languages, row.words("summary", "text")),
        description=_in(languages, "\n\n".join(about)), institution=row.words("institution", "institution"),
        website=row.words("course_url", "website"), languages=languages, price=price.amount, price_note=price.note,
    )


def _coursera(row: Row) -> ModuleDraft:
    title, institution = row.words("title"), row.words("institution", "institution")
    facts = _facts(row.words("learning product"), row.words("level"), row.words("duration"))
    return ModuleDraft(
        external_id=_key_of(title, institution), code="", kind=ModuleKind.MOOC, title=Localized(en=title),
        summary=Localized(en=facts), institution=institution, topics=values.split_list(row.raw("gained skills")),
    )


def _online_course(row: Row) -> ModuleDraft:
    languages = row.languages("language")
    intro, facts = row.text("short intro"), _facts(row.words("course type"), row.words("duration"))
    is_short = len(intro) <= _LONGEST_SUMMARY
    return ModuleDraft(
        external_id=row.words("url", "external_id"), code="", kind=ModuleKind.MOOC, title=_in(languages, row.words("title")),
        summary=_in(languages, " ".join(intro.split()) if is_short else ""),
        description=_in(languages, facts if is_short else "\n\n".join(part for part in (intro, facts) if part)),
        institution=row.words("site", "institution"), website=row.words("url", "website"), languages=languages,
        topics=values.split_list(row.raw("skills")),
    )


def _croho(row: Row) -> ProgrammeDraft:
    code, had_dot = values.parse_register_code(row.raw("croho"))
    if had_dot:
        row.remark("croho", "thousands-dot", "read as a code of five digits, without the dot")
    # In CROHO the Associate degrees are 80000-80999; what stands beyond is near to one, and neither level nor size is known.
    is_degree = code.startswith("80")
    if not is_degree:
        row.remark("croho", "not-an-associate-degree", "outside 80000-80999, so loaded without level and credits")
    return ProgrammeDraft(
        external_id=code, code=code, title=Localized(nl=row.words("naam")), level="5" if is_degree else "",
        ec=AD_CREDITS if is_degree else None,
    )


def _hbo_ict(row: Row) -> ModuleDraft:
    if not values.is_nothing(row.raw("prerequisitejson")):
        row.remark("prerequisitejson", "prerequisites-left-out", "the catalogue keeps no prerequisites yet")
    return ModuleDraft(
        external_id=row.words("id", "external_id"), code=row.words("code", "code"), kind=ModuleKind.LOOSE_MODULE,
        title=Localized(nl=row.words("name")), summary=Localized(nl=row.words("description", "text")),
        ec=values.parse_ec(row.raw("ecs")),
    )


def _own(row: Row) -> Draft:
    title = _both("title", row.words)
    if not title:
        row.refuse("title_nl", "empty", "a title is needed, in Dutch or in English")
    code = row.words("code", "code")
    external_id = row.words("external_id", "external_id") or code
    summary, description = _both("summary", row.text), _both("description", row.text)
    ec, level = values.parse_ec(row.raw("ec")), values.parse_level(row.raw("level"))
    if row.shape.kind is ImportKind.ASSOCIATE_DEGREES:
        return ProgrammeDraft(
            external_id=external_id, code=code, title=title, summary=summary, description=description, ec=ec, level=level,
            variants=_variants(row),
        )
    price = row.price("price_eur", in_euros=True)
    return ModuleDraft(
        external_id=external_id, code=code, kind=_kind(row), title=title, summary=summary, description=description,
        institution=row.words("institution", "institution"), website=row.words("website", "website"), ec=ec, level=level,
        languages=row.languages("languages"), topics=values.split_list(row.raw("topics"), separator=LIST_SEPARATOR),
        price=price.amount, price_note=price.note, outcomes=_outcomes(row),
    )


def _both(name: str, read: Callable[[str], str]) -> Localized:
    return Localized(nl=read(f"{name}_nl"), en=read(f"{name}_en"))


def _kind(row: Row) -> ModuleKind:
    default = ModuleKind.MOOC if row.shape.kind is ImportKind.MOOCS else ModuleKind.LOOSE_MODULE
    word = clean_line(row.raw("kind")).casefold()
    if not word:
        return default
    allowed = [ModuleKind.MOOC] if default is ModuleKind.MOOC else list(ModuleKind)
    if word in allowed:
        return ModuleKind(word)
    row.refuse("kind", "unknown-kind", f"one of these is expected: {', '.join(allowed)}")
    return default


def _variants(row: Row) -> tuple[str, ...]:
    given = values.split_list(row.raw("variants").replace(LIST_SEPARATOR, ",").casefold())
    if not set(given).issubset(_VARIANTS):
        row.refuse("variants", "unknown-variant", f"one or more of these are expected: {', '.join(_VARIANTS)}")
    return given


def _outcomes(row: Row) -> tuple[Localized, ...]:
    """Pair the outcomes of both languages; where one language has fewer, the other serves."""
    dutch, english = (values.split_list(row.raw(f"outcomes_{code}"), separator=LIST_SEPARATOR) for code in ("nl", "en"))
    if dutch and english and len(dutch) != len(english):
        row.refuse("outcomes_en", "outcomes-differ", f"{len(dutch)} outcomes in Dutch and {len(english)} in English")
        return ()
    count = max(len(dutch), len(english))
    return tuple(
        Localized(nl=dutch[number] if dutch else "", en=english[number] if english else "") for number in range(count)
    )


def _key_of(*parts: str) -> str:
    """Return a key for a course whose source gives none; a digest ends what would be too long."""
    key = " · ".join(parts)
    if len(key) <= _LONGEST["external_id"]:
        return key
    return f"{key[:250]}…{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"


_BUILDERS: Final[Mapping[str, Callable[[Row], Draft]]] = {
    EDX.name: _edx, COURSERA.name: _coursera, ONLINE_COURSES.name: _online_course, CROHO.name: _croho, HBO_ICT.name: _hbo_ict,
}
