"""Results: how a grade is read and written, whether it is a pass, and what it earns. Whole numbers and Decimal, never floats."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from academy.enrolment.kinds import ResultScale

_PASS_MARKS: Final = {ResultScale.GRADE_0_10: Decimal("5.5"), ResultScale.GRADE_0_100: Decimal(55)}
_HIGHEST: Final = {ResultScale.GRADE_0_10: Decimal(10), ResultScale.GRADE_0_100: Decimal(100)}
_SHAPES: Final = {
    ResultScale.GRADE_0_10: re.compile(r"\d{1,2}(?:[.,]\d)?", re.ASCII), ResultScale.GRADE_0_100: re.compile(r"\d{1,3}", re.ASCII),
}
# What is kept, and what people write for it.
_WORDS: Final[dict[ResultScale, dict[str, tuple[str, ...]]]] = {
    ResultScale.PASS_OR_FAIL: {
        "passed": ("behaald", "gehaald", "voldaan", "voldoende"), "failed": ("niet behaald", "niet gehaald", "niet voldaan", "onvoldoende"),
    },
    ResultScale.INSUFFICIENT_TO_GOOD: {
        "insufficient": ("onvoldoende",), "satisfactory": ("voldoende",), "good": ("goed",),
    },
}
_FAILS: Final = {"failed", "insufficient"}


class ReopenReason(StrEnum):
    """Why the exam board takes up a final result again; a code, because the audit trail holds no free text."""

    MISTAKE = "mistake"
    APPEAL = "appeal"
    RESIT = "resit"


@dataclass(frozen=True)
class Grade:
    """A grade as its scale writes it (`7.5`, `passed`), and whether it is a pass."""

    written: str
    is_passed: bool


def read_grade(scale: ResultScale, text: str) -> Grade | None:
    """Return the grade that `text` writes on this scale, or None when it writes none. `7,5`, `7.5` and `7` are fine; nothing is rounded.

    A pass is 5.5 of 10, 55 of 100, satisfactory or good.
    """
    said = " ".join(text.casefold().split())
    if scale in _WORDS:
        written = next((code for code, words in _WORDS[scale].items() if said == code or said in words), None)
        return None if written is None else Grade(written, written not in _FAILS)
    if not _SHAPES[scale].fullmatch(said):
        return None
    number = Decimal(said.replace(",", "."))
    if number > _HIGHEST[scale]:
        return None
    written = f"{number:.1f}" if scale is ResultScale.GRADE_0_10 else f"{number:.0f}"
    return Grade(written, number >= _PASS_MARKS[scale])


def grades_of(scale: ResultScale) -> tuple[str, ...]:
    """Return the grades of a scale of words; none for a scale of numbers."""
    return tuple(_WORDS.get(scale, ()))


def earned(ec: Decimal | None, *, is_passed: bool) -> Decimal | None:
    """Return the credits that a result earns: all of the module's or none; None for a module without credits."""
    return ec if ec is None or is_passed else Decimal(0)
