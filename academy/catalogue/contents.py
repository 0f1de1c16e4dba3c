"""The content of a module as JSON: for versions of before, for changes that are not public yet, and to see that nothing changed."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import orjson

from academy.catalogue import prerequisites
from academy.catalogue.drafts import CodeDraft, IntakeDraft, ModuleDraft, OutcomeDraft, ProgrammeDraft, RequirementDraft
from academy.catalogue.models import (
    AssessmentForm,
    CertificateKind,
    CodeScheme,
    DeliveryMode,
    LearningOutcome,
    Module,
    ModuleKind,
)
from academy.kernel.money import Money
from academy.kernel.text import Localized, json_text

# Fields that are kept under other rows or are no content.
_TUPLES: Final = ("languages", "sectors", "topics")
_SAID: Final = tuple(field.name for field in fields(ModuleDraft) if field.name not in {"codes", "prerequisites"})


def as_json(draft: ModuleDraft) -> dict[str, Any]:
    """Return what the draft says, without what is empty; `from_json` reads it back, codes in registers apart."""
    found: dict[str, Any] = {}
    for name in _SAID:
        value = getattr(draft, name)
        if type(value) is not str:
            value = _plain(value)
        if value or value == 0:
            found[name] = value
    if draft.prerequisites is not None:
        found["prerequisites"] = prerequisites.as_json(draft.prerequisites)
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401 - the values of a draft
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return value.value if isinstance(value, Enum) else value


def _languages(text: Localized) -> dict[str, str]:
    return {language: words for language, words in (("nl", text.nl), ("en", text.en)) if words}


def _outcome(outcome: OutcomeDraft) -> dict[str, Any]:
    return {"text": _languages(outcome.text)} | ({"skills": list(outcome.skills)} if outcome.skills else {})


# By exact type: a large import asks this some twenty times per module.
_WRITERS: Final[Mapping[type, Callable[[Any], Any]]] = {
    Localized: _languages, Money: lambda price: price.cents, Decimal: lambda number: str(number.normalize() + 0), OutcomeDraft: _outcome,
    tuple: lambda items: [_plain(item) for item in items],
}


def from_json(content: Mapping[str, Any]) -> ModuleDraft:
    """Return the draft that `as_json` wrote."""
    found: dict[str, Any] = {name: content[name] for name in _PLAIN if name in content}
    found |= {name: tuple(content.get(name, ())) for name in _TUPLES}
    return ModuleDraft(
        **found, code=content.get("code", ""),
        kind=ModuleKind(content["kind"]), title=_text(content, "title"),
        summary=_text(content, "summary"), description=_text(content, "description"), entry=_text(content, "entry"),
        prerequisites=prerequisites.from_json(content["prerequisites"]) if "prerequisites" in content else None,
        ec=Decimal(content["ec"]) if "ec" in content else None,
        price=Money(content["price"]) if "price" in content else None,
        modes=tuple(DeliveryMode(mode) for mode in content.get("modes", ())),
        assessments=tuple(AssessmentForm(form) for form in content.get("assessments", ())),
        certificate=CertificateKind(content["certificate"]) if "certificate" in content else None,
        outcomes=tuple(
            OutcomeDraft(_text(outcome, "text"), tuple(outcome.get("skills", ()))) for outcome in content.get("outcomes", ())
        ),
    )


_PLAIN: Final = ("external_id", "institution", "website", "hours", "nlqf", "eqf", "language_level", "price_note")


def _text(content: Mapping[str, Any], name: str) -> Localized:
    text = content.get(name, {})
    return Localized(text.get("nl", ""), text.get("en", ""))


def draft_of(module: Module) -> ModuleDraft:
    """Return what the row says as a draft; its outcomes and their skills have been loaded."""
    return ModuleDraft(
        external_id=module.external_id, code=module.code, kind=module.kind, title=module.title, summary=module.summary,
        description=module.description, entry=module.entry,
        prerequisites=None if module.prerequisites is None else prerequisites.from_json(module.prerequisites),
        institution=module.institution, website=module.website, ec=module.ec, hours=module.hours, nlqf=module.nlqf, eqf=module.eqf,
        languages=tuple(module.languages), language_level=module.language_level,
        modes=tuple(DeliveryMode(mode) for mode in module.modes),
        assessments=tuple(AssessmentForm(form) for form in module.assessments), certificate=module.certificate,
        sectors=tuple(module.sectors), topics=tuple(module.topics), price=module.price, price_note=module.price_note,
        outcomes=tuple(_outcome_of(outcome) for outcome in module.outcomes),
    )


def _outcome_of(outcome: LearningOutcome) -> OutcomeDraft:
    return OutcomeDraft(outcome.text, tuple(tag.skill_uri for tag in outcome.skills))


@dataclass(frozen=True, slots=True)
class PackedModule:
    """A module's draft as the text in which it is compared: it can be kept, and found to be the same, without being read."""

    external_id: str
    content: bytes

    @property
    def digest(self) -> str:
        return _digest(self.content)


def pack(draft: ModuleDraft) -> PackedModule:
    """Return the draft as text, codes in registers included; `unpack` reads it back."""
    return PackedModule(draft.external_id, json_text(as_json(draft) | {"codes": [_row(code) for code in draft.codes]}).encode())


def unpack(packed: PackedModule) -> ModuleDraft:
    """Return the draft that `pack` was given."""
    content = orjson.loads(packed.content)
    codes = tuple(CodeDraft(CodeScheme(scheme), value, _day(since), _day(until)) for scheme, value, since, until in content["codes"])
    draft = from_json(content)
    return replace(draft, codes=codes) if codes else draft


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def digest(draft: ModuleDraft | PackedModule | ProgrammeDraft) -> str:
    """Return 32 characters that are the same for the same content."""
    match draft:
        case PackedModule():
            return draft.digest
        case ModuleDraft():
            return pack(draft).digest
        case ProgrammeDraft():
            whole = {field.name: _plain(getattr(draft, field.name)) for field in fields(draft)}
            whole |= {"requirements": _tree(draft.requirements), "intakes": [_row(intake) for intake in draft.intakes or ()]}
            return _digest(json_text(whole | {"codes": [_row(code) for code in draft.codes]}).encode())


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _row(value: CodeDraft | IntakeDraft) -> list[Any]:
    return [_plain(getattr(value, field.name)) for field in fields(value)]


def _tree(part: RequirementDraft | None) -> list[Any] | None:
    if part is None:
        return None
    own = [_plain(getattr(part, field.name)) for field in fields(part) if field.name != "items"]
    return [*own, [_tree(item) for item in part.items]]
