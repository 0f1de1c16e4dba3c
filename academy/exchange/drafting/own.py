"""Rows in our own columns: modules, MOOCs and Associate degrees."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Final, TypeVar

from academy.catalogue.api import (
    VARIANTS,
    AssessmentForm,
    CertificateKind,
    CodeDraft,
    CodeScheme,
    DeliveryMode,
    ModuleDraft,
    ModuleKind,
    OutcomeDraft,
    Prerequisite,
    PrerequisiteWrong,
    ProgrammeDraft,
    eqf_of,
    parse_prerequisites,
)
from academy.exchange import values
from academy.exchange.drafting.row import LIST_SEPARATOR, Row
from academy.exchange.shapes import OWN_SECTORS, ImportKind
from academy.kernel.cleaning import clean_line
from academy.kernel.text import Localized

Word = TypeVar("Word", bound=StrEnum)

_REGISTERS: Final = {"croho": CodeScheme.CROHO, "crebo": CodeScheme.CREBO, "rio": CodeScheme.RIO}


def module(row: Row) -> ModuleDraft:
    """Return a module or MOOC."""
    code, external_id, title = _named(row)
    level, price = values.parse_level(row.raw("level")), row.price("price_eur", in_euros=True)
    return ModuleDraft(
        external_id=external_id, code=code, kind=_kind(row), title=title, summary=_both("summary", row.text),
        description=_both("description", row.text), entry=_both("entry", row.text), prerequisites=_prerequisites(row),
        institution=row.words("institution", "institution"), website=row.words("website", "website"), ec=values.parse_ec(row.raw("ec")),
        hours=row.given("hours", values.parse_hours), nlqf=level, eqf=row.given("eqf", values.parse_eqf) or eqf_of(level),
        languages=row.languages("languages"), language_level=row.given("language_level", values.parse_language_level) or "",
        modes=words_of(row, "modes", DeliveryMode), assessments=words_of(row, "assessments", AssessmentForm),
        certificate=word_of(row, "certificate", CertificateKind), sectors=_sectors(row),
        topics=values.split_list(row.raw("topics"), separator=LIST_SEPARATOR), price=price.amount, price_note=price.note,
        outcomes=_outcomes(row), codes=_codes(row),
    )


def degree(row: Row) -> ProgrammeDraft:
    """Return an Associate degree."""
    code, external_id, title = _named(row)
    level = values.parse_level(row.raw("level"))
    variants = row.items("variants")
    if not set(variants).issubset(VARIANTS):
        row.refuse("variants", "unknown-variant", f"one or more of these are expected: {', '.join(VARIANTS)}")
    return ProgrammeDraft(
        external_id=external_id, code=code, title=title, summary=_both("summary", row.text), description=_both("description", row.text),
        ec=values.parse_ec(row.raw("ec")), nlqf=level, eqf=eqf_of(level), variants=variants, sectors=_sectors(row),
        codes=_codes(row),
    )


def _sectors(row: Row) -> tuple[str, ...]:
    given = row.items("sectors")
    unknown = [sector for sector in given if sector not in OWN_SECTORS]
    if unknown:
        row.remark("sectors", "unknown-sector", f"no sector of ours, left out; known are: {', '.join(OWN_SECTORS)}")
    return tuple(sorted(set(given).difference(unknown)))


def words_of(row: Row, key: str, allowed: type[Word]) -> tuple[Word, ...]:
    """Return the words of a closed list; another word refuses the row."""
    found = row.items(key)
    known = _known(allowed)
    if any(word not in known for word in found):
        row.refuse(key, f"unknown-{key}", f"one or more of these are expected: {', '.join(known)}")
        return ()
    return tuple(known[word] for word in found)


def word_of(row: Row, key: str, allowed: type[Word]) -> Word | None:
    """Return the one word of a closed list, None when the cell is empty."""
    word = clean_line(row.raw(key)).casefold()
    known = _known(allowed)
    if word and word not in known:
        row.refuse(key, f"unknown-{key}", f"one of these is expected: {', '.join(known)}")
    return known.get(word)


def key_of(row: Row) -> str:
    """Return the row's external id."""
    return clean_line(row.raw("external_id")) or clean_line(row.raw("code"))


@cache
def _known(allowed: type[Word]) -> Mapping[str, Word]:
    return {str(word): word for word in allowed}


def _named(row: Row) -> tuple[str, str, Localized]:
    title = _both("title", row.words)
    if not title:
        row.refuse("title_nl", "empty", "a title is needed, in Dutch or in English")
    code = row.words("code", "code")
    return code, row.words("external_id", "external_id") or code, title


def _both(name: str, read: Callable[[str], str]) -> Localized:
    return Localized(nl=read(f"{name}_nl"), en=read(f"{name}_en"))


def _kind(row: Row) -> ModuleKind:
    default = ModuleKind.MOOC if row.shape.kind is ImportKind.MOOCS else ModuleKind.LOOSE_MODULE
    given = word_of(row, "kind", ModuleKind)
    if given is not None and default is ModuleKind.MOOC and given is not default:
        row.refuse("kind", "unknown-kind", f"here only {default} is expected")
    return given or default


def _prerequisites(row: Row) -> Prerequisite | None:
    try:
        return parse_prerequisites(row.words("prerequisites", "text"))
    except PrerequisiteWrong as wrong:
        row.refuse("prerequisites", "not-prerequisites", f"{wrong}; expected is such as NET-01 & (PRG-01 | level>=4) & ec>=60")
        return None


def _codes(row: Row) -> tuple[CodeDraft, ...]:
    return tuple(CodeDraft(scheme, code) for key, scheme in _REGISTERS.items() if not values.is_nothing(row.raw(key)) for code in _codes_in(row, key))


def _codes_in(row: Row, key: str) -> Iterator[str]:
    for given in values.split_list(row.words(key, "register"), separator=LIST_SEPARATOR):
        if key == "rio":
            yield given
            continue
        code, had_dot = values.parse_register_code(given)
        if had_dot:
            row.remark(key, "thousands-dot", "read as a code of five digits, without the dot")
        yield code


def _outcomes(row: Row) -> tuple[OutcomeDraft, ...]:
    """Pair the outcomes of both languages and their skills by place; where one language has fewer, the other serves."""
    dutch, english, skills = (_parts(row.raw(key)) for key in ("outcomes_nl", "outcomes_en", "skills"))
    if dutch and english and len(dutch) != len(english):
        row.refuse("outcomes_en", "outcomes-differ", f"{len(dutch)} outcomes in Dutch and {len(english)} in English")
        return ()
    count = max(len(dutch), len(english))
    if skills and len(skills) != count:
        row.refuse("skills", "skills-differ", f"skills of {len(skills)} outcomes, and there are {count}: one place per outcome, empty or not")
        return ()
    found = (
        OutcomeDraft(
            Localized(nl=dutch[place] if dutch else "", en=english[place] if english else ""),
            tuple(dict.fromkeys(skills[place].split())) if skills else (),
        )
        for place in range(count)
    )
    return tuple({outcome.text: outcome for outcome in found if outcome.text}.values())


def _parts(text: str) -> list[str]:
    return [clean_line(part) for part in text.split(LIST_SEPARATOR)] if text.strip() else []
