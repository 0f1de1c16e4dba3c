"""Courses to drafts of modules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from academy.catalogue.api import CertificateKind, ModuleDraft
from academy.exchange.ooapi import consumers, learning
from academy.exchange.ooapi.fields import Payload, summary_of
from academy.exchange.ooapi.vocabulary import CERTIFICATES, module_kind


@dataclass(frozen=True)
class Specified:
    """What the education specification of v5 says about the courses that belong to it."""

    nlqf: str = ""
    eqf: str = ""
    level: str = ""
    certificate: CertificateKind | None = None


Specifications = Mapping[str, Specified]  # by the source's id


def specified(item: Payload) -> Specified:
    """Return what a specification says about its courses; a diploma is for the whole, not for one course."""
    item = replace(item, problems=[], _remarks=[])  # what is odd about it was told when it was taken
    nlqf, eqf = learning.levels(item)
    of_course = item.word("educationSpecificationType") == "course"
    return Specified(nlqf, eqf, item.word("level"), item.known("formalDocument", CERTIFICATES) if of_course else None)


def module(item: Payload, external_id: str, specifications: Specifications, outcomes: learning.Outcomes) -> ModuleDraft:
    """Map a course. Where it says no level, that of its specification counts."""
    above = specifications.get(item.reference("educationSpecification"), Specified())
    if item.has("educationSpecification") and item.reference("educationSpecification") not in specifications:
        item.remark("educationSpecification", "specification-unknown", "no such specification in this source",
                    item.reference("educationSpecification"))
    nlqf, eqf = learning.levels(item)
    if not nlqf:
        nlqf, eqf = above.nlqf, above.eqf
    ec, hours = learning.study_load(item)
    joint, foreign = consumers.partners(item)
    if joint or foreign:
        item.remark("consumers", "partners-not-kept", "a module has one provider here; its partners are left out")
    description = item.text("description")
    return ModuleDraft(
        external_id=external_id, code=item.code(), kind=module_kind(item.word("level") or above.level), title=item.title(),
        summary=summary_of(description), description=description, entry=learning.entry(item), website=learning.website(item),
        ec=ec, hours=hours, nlqf=nlqf, eqf=eqf, languages=learning.languages(item), modes=learning.modes(item),
        assessments=learning.assessments(item), certificate=above.certificate, topics=learning.topics(item),
        outcomes=learning.outcomes(item, outcomes), codes=consumers.register_codes(item),
    )
