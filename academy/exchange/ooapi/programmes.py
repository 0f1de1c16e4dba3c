"""Education specifications (v5), programmes and programme types `specification` (v6) to drafts of programmes."""

from collections.abc import Collection, Mapping

from academy.catalogue.api import ProgrammeDraft, ProgrammeType
from academy.exchange.ooapi import consumers, learning
from academy.exchange.ooapi.fields import Payload, summary_of
from academy.exchange.ooapi.intake import key_of_specification
from academy.exchange.ooapi.vocabulary import PROGRAMME_TYPES, SPECIFICATION_TYPES, VARIANTS, key_of

Offerers = Mapping[str, str]  # from the RIO code of an institution to its slug here


def specification(item: Payload, external_id: str) -> ProgrammeDraft:
    """Map an education specification of v5."""
    kind = item.word("educationSpecificationType")
    if key_of(kind) not in SPECIFICATION_TYPES:
        reason = "one of program, privateProgram, cluster and course is expected"
        item.refuse("educationSpecificationType", "word-unknown", reason, kind)
    parent = item.reference("parent")
    return _draft(item, external_id, ProgrammeType.SPECIFICATION, key_of_specification(parent) if parent else "", {})


def programme(item: Payload, external_id: str, offerers: Offerers, brought: Collection[str]) -> ProgrammeDraft:
    """Map a program of v5 or a programme of v6. It belongs to its parent where that is among what was `brought`, else to its specification."""
    name = item.first_of("programmeType", "programType")
    kind = item.known(name, PROGRAMME_TYPES, strict=True)
    if kind is None and not item.has(name):
        item.refuse(name, "empty", "this may not be empty")
    specified, parent = item.reference("educationSpecification"), item.reference("parent", "parentId")
    if specified and parent not in brought:
        parent = key_of_specification(specified)
    return _draft(item, external_id, kind or ProgrammeType.PROGRAMME, parent, offerers)


def _draft(item: Payload, external_id: str, kind: ProgrammeType, parent: str, offerers: Offerers) -> ProgrammeDraft:
    nlqf, eqf = learning.levels(item)
    ec, _hours = learning.study_load(item)
    variant = item.known("modeOfStudy", VARIANTS)
    joint, foreign = consumers.partners(item)
    for code in joint:
        if code not in offerers:
            item.remark("consumers.jointPartnerCodes", "partner-unknown", "no provider here has this code; left out", code)
    description = item.text("description")
    return ProgrammeDraft(
        external_id=external_id, code=item.code(), title=item.title(), type=kind, parent=parent,
        summary=summary_of(description), description=description, entry=item.text("admissionRequirements"),
        variants=(variant,) if variant else (), languages=learning.languages(item), partners=foreign,
        partner_providers=tuple(sorted(offerers[code] for code in joint if code in offerers)), nlqf=nlqf, eqf=eqf, ec=ec,
        months=item.months(), website=learning.website(item), codes=consumers.register_codes(item),
    )


def is_specification(draft: ProgrammeDraft) -> bool:
    """Tell whether it describes what others carry out, in either version."""
    return draft.type is ProgrammeType.SPECIFICATION
