"""The content of a module as JSON: for versions of before, for changes that are not public yet, and to see that nothing changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from academy.catalogue import prerequisites
from academy.catalogue.drafts import CodeDraft, IntakeDraft, ModuleDraft, OutcomeDraft, ProgrammeDraft, RequirementDraft
from academy.catalogue.models import AssessmentForm, CertificateKind, DeliveryMode, LearningOutcome, Module, ModuleKind
from academy.kernel.money import Money
from academy.kernel.text import Localized

# Fields that are kept under other rows or are no content.
_TUPLES: Final = ("languages", "sectors", "topics")


def as_json(draft: ModuleDraft) -> dict[str, Any]:
    """Return what the draft says, without what is empty; `from_json` reads it back, codes in registers apart."""
    found = {field.name: _plain(getattr(draft, field.name)) for field in fields(draft) if field.name != "codes"}
    if draft.prerequisites is not None:
        found["prerequisites"] = prerequisites.as_json(draft.prerequisites)
    return {name: value for name, value in found.items() if value not in ("", None, [], {})}


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - the values of a draft
    match value:
        case Localized():
            return {language: text for language, text in (("nl", value.nl), ("en", value.en)) if text}
        case Money():
            return value.cents
        case Decimal():
            return str(value.normalize() + 0)
        case Enum():
            return value.value
        case OutcomeDraft():
            return {"text": _plain(value.text)} | ({"skills": list(value.skills)} if value.skills else {})
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def from_json(content: Mapping[str, Any]) -> ModuleDraft:
    """Return the draft that `as_json` wrote."""
    draft = ModuleDraft(
        external_id=content["external_id"], code=content.get("code", ""), kind=ModuleKind(content["kind"]), title=_text(content, "title"),
    )
    plain: dict[str, Any] = {name: content[name] for name in _PLAIN if name in content}
    return replace(
        draft, **plain | {name: tuple(content.get(name, ())) for name in _TUPLES},
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


_PLAIN: Final = ("institution", "website", "hours", "nlqf", "eqf", "language_level", "price_note")


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


def digest(draft: ModuleDraft | ProgrammeDraft) -> str:
    """Return 32 characters that are the same for the same content."""
    whole = _whole(draft)
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _whole(draft: ModuleDraft | ProgrammeDraft) -> dict[str, Any]:
    if isinstance(draft, ModuleDraft):
        found = as_json(draft)
    else:
        found = {field.name: _plain(getattr(draft, field.name)) for field in fields(draft)}
        found |= {"requirements": _tree(draft.requirements), "intakes": [_row(intake) for intake in draft.intakes or ()]}
    return found | {"codes": [_row(code) for code in draft.codes]}


def _row(value: CodeDraft | IntakeDraft) -> list[Any]:
    return [_plain(getattr(value, field.name)) for field in fields(value)]


def _tree(part: RequirementDraft | None) -> list[Any] | None:
    if part is None:
        return None
    own = [_plain(getattr(part, field.name)) for field in fields(part) if field.name != "items"]
    return [*own, [_tree(item) for item in part.items]]
