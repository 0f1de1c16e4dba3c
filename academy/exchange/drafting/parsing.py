"""From a row to a draft: what its cells must hold, who reads it, and what its subject adds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from academy.catalogue.api import ModuleDraft, ProgrammeDraft
from academy.exchange import values
from academy.exchange.drafting import own, sources
from academy.exchange.drafting.offerings import OfferingOfModule, offering
from academy.exchange.drafting.row import Row
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
from academy.exchange.values import BadValue
from academy.kernel.cleaning import clean_line

_SAYS_ANYTHING: Final = {ValueKind.TEXT, ValueKind.WORDS}  # NA is a good code, and no date

Draft = ModuleDraft | ProgrammeDraft | OfferingOfModule


@dataclass(frozen=True)
class Parsed:
    """A draft without what its subject adds, so that rows which differ in subject alone are seen to be one course."""

    draft: Draft
    subjects: tuple[str, ...]


def misfits(row: Row) -> dict[str, BadValue | None]:
    """Return for every filled, checked cell why it is no value of its column, or None when it is."""
    found = {}
    for key, kind in row.shape.checked:
        text = row.raw(key)
        if text and not values.is_nothing(text):
            found[key] = misfit(kind, text)
    return found


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
        text = row.raw(key)
        if not clean_line(text) or (row.shape.columns[key] not in _SAYS_ANYTHING and values.is_nothing(text)):
            row.refuse(key, "empty", "this may not be empty")
    if row.problems:
        return None
    draft = _BUILDERS[row.shape.name](row) if row.shape.name in _BUILDERS else _OWN[row.shape.kind](row)
    subjects = _subjects(row)
    return None if row.problems else Parsed(draft, subjects)


def key_of(row: Row) -> str:
    """Return the key under which the row's draft would be known, also of a row that is refused; "" when that can not be read."""
    if row.shape.name == COURSERA.name:
        return sources.coursera_key(row)
    if row.shape.name in _BUILDERS:
        return clean_line(row.raw(row.shape.key))
    return own.key_of(row)


def with_subjects(draft: Draft, subjects: frozenset[str], shape: Shape) -> Draft:
    """Return the draft with the sectors its subjects stand for; another source's own subject is kept among the topics."""
    if not subjects or isinstance(draft, OfferingOfModule):
        return draft
    known = shape.subjects or {}
    sectors = tuple(sorted({known[subject.casefold()] for subject in subjects if subject.casefold() in known}))
    if isinstance(draft, ProgrammeDraft) or shape.subjects is OWN_SECTORS:
        return draft if draft.sectors == sectors else replace(draft, sectors=sectors)
    return replace(draft, sectors=sectors, topics=tuple(dict.fromkeys((*draft.topics, *sorted(subjects)))))


def _subjects(row: Row) -> tuple[str, ...]:
    if not row.shape.subject:
        return ()
    if row.shape.subjects is OWN_SECTORS:
        return tuple(sector for sector in row.items(row.shape.subject) if sector in OWN_SECTORS)
    subject = row.words(row.shape.subject)
    return (subject,) if subject else ()


_BUILDERS: Final[Mapping[str, Callable[[Row], Draft]]] = {
    EDX.name: sources.edx, COURSERA.name: sources.coursera, ONLINE_COURSES.name: sources.online_course, CROHO.name: sources.croho,
    HBO_ICT.name: sources.hbo_ict,
}
_OWN: Final[Mapping[ImportKind, Callable[[Row], Draft]]] = {
    ImportKind.MODULES: own.module, ImportKind.MOOCS: own.module, ImportKind.ASSOCIATE_DEGREES: own.degree,
    ImportKind.OFFERINGS: offering,
}
